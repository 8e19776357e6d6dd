"""A few hundred generated bodies; the judge sends ten thousand (tests/judge)."""

from collections.abc import Iterator

import pytest
from hypothesis import example, given

from bodies import FORM, FORMS, JSON_BODIES, Body, Part, encoded
from creates import CREATES, Create, disagreement
from senders import Send, complaint, indoors
from twins import TWINS, Twins, decision

WARNING = Part("prompt", rb"\d")
"""Python warns of it as it decodes, and warnings are errors in many a test."""


@pytest.fixture(scope="module")
def send(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Send]:
    with indoors(tmp_path_factory.mktemp("indoors") / "house") as send:
        yield send


@given(JSON_BODIES)
def test_a_json_body_is_accepted_or_refused_whole(send: Send, body: Body) -> None:
    assert "" == complaint(body, send(body))


@given(FORMS)
@example(Body("/videos", f"{FORM}; charset=unicode_escape", encoded([WARNING])))
def test_a_form_is_accepted_or_refused_whole(send: Send, body: Body) -> None:
    assert "" == complaint(body, send(body))


@given(TWINS)
def test_a_request_is_decided_alike_as_json_and_as_a_form(
    send: Send, twins: Twins
) -> None:
    assert decision(send(twins.as_json)) == decision(send(twins.as_form))


@given(CREATES)
def test_a_create_is_accepted_where_the_reference_says_so(
    send: Send, create: Create
) -> None:
    assert "" == disagreement(send, create)
