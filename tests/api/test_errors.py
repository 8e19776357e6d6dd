import orjson
import pytest

from reelmock.api.errors import STATUS, envelope
from reelmock.domain import errors
from reelmock.domain.errors import Refusal

FACTS = dict.fromkeys(
    ["masked", "host", "method", "path", "limit", "reason", "given", "expected", "value",
     "supported", "most", "length", "least", "id", "header", "request_id", "size",
     "accepted", "verb", "seconds", "total", "count", "name", "model", "organization",
     "used", "wait", "key", "url", "problem", "hint", "plan", "fault"], "1",
)  # fmt: skip
REFUSALS = [
    made
    for made in vars(errors).values()
    if isinstance(made, type) and issubclass(made, Refusal) and made is not Refusal
]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_every_refusal_has_a_status_and_the_envelope(refusal: type[Refusal]) -> None:
    answer = envelope(refusal("prompt", **FACTS))
    error = orjson.loads(answer.body)["error"]

    assert ["message", "type", "param", "code"] == list(error)
    assert STATUS[refusal] == answer.status_code
    assert error["message"]
    assert "prompt" == error["param"]


def test_only_what_money_or_time_ends_has_a_status_that_sdks_retry() -> None:
    retried = [
        refusal for refusal, status in STATUS.items() if status in (408, 409, 429)
    ]

    assert [errors.RateLimited, errors.QuotaExhausted] == retried


def test_errors_are_pretty_printed_and_a_401_names_its_realm() -> None:
    answer = envelope(errors.KeyMissing())

    assert answer.body.startswith(b'{\n  "error": {\n    "message"')
    assert 'Bearer realm="OpenAI API"' == answer.headers["www-authenticate"]
