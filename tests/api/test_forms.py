import asyncio
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from reelmock.api.fields import Upload
from reelmock.api.forms import read_fields
from reelmock.domain.errors import (
    BodyTooLarge,
    BodyUnreadable,
    ContentTypeUnsupported,
    FormUnreadable,
    Refusal,
    TypeInvalid,
)

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=40)
NAMES = st.sampled_from(["prompt", "model", "seconds", "size", "width"])


def read(body: bytes, content_type: str, most: int = 2**20, step: int = 7) -> Any:
    """What a body becomes that arrives in small pieces."""
    pieces = [body[at : at + step] for at in range(0, len(body), step)] or [b""]
    messages = [
        {"type": "http.request", "body": piece, "more_body": place < len(pieces) - 1}
        for place, piece in enumerate(pieces)
    ]

    async def receive() -> Any:
        return messages.pop(0)

    headers = [(b"content-type", content_type.encode())] if content_type else []
    scope = {"type": "http", "method": "POST", "headers": headers}
    return asyncio.run(read_fields(Request(scope, receive), most))


def form(fields: dict[str, str]) -> tuple[bytes, str]:
    """The fields as multipart, encoded by a client that is not ours."""
    parts = {name: (None, value) for name, value in fields.items()}
    request = httpx.Request("POST", "http://test", files=parts)
    return request.read(), request.headers["content-type"]


@given(st.dictionaries(NAMES, TEXT, min_size=1))
def test_json_and_multipart_of_the_same_fields_are_the_same(
    fields: dict[str, str],
) -> None:
    as_json = read(orjson.dumps(fields), "application/json; charset=utf-8")
    body, content_type = form(fields)

    assert fields == as_json
    assert fields == read(body, content_type)


@given(st.binary(max_size=300), st.sampled_from(["application/json", "multipart/form-data; boundary=x", "text/plain", ""]))  # fmt: skip
def test_any_bytes_are_fields_or_a_refusal(body: bytes, content_type: str) -> None:
    try:
        fields = read(body, content_type)
    except Refusal:
        return

    assert isinstance(fields, dict)


@given(st.binary(max_size=60), st.integers(0, 200))
def test_a_form_cut_short_is_never_read_as_a_whole(content: bytes, cut: int) -> None:
    request = httpx.Request("POST", "http://test", files={"input_reference": content})
    whole = request.read().rstrip(b"\r\n")
    short = whole[: -min(cut + 3, len(whole))]

    with pytest.raises(FormUnreadable):
        read(short, request.headers["content-type"])


def test_brackets_become_the_object_that_json_would_have_sent() -> None:
    body, content_type = form({"input_reference[image_url]": "data:,", "prompt": "x"})
    fields = read(body, content_type)

    assert {"input_reference": {"image_url": "data:,"}, "prompt": "x"} == fields


@pytest.mark.parametrize(
    "name", ["a[", "a]", "[b]", "a[b]c[d]", "a[b][c][d][e][f]", "a" + "[" * 900, ""]
)
def test_odd_names_are_names(name: str) -> None:
    body = f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\nv\r\n--x--'

    assert {name: "v"} == read(body.encode(), "multipart/form-data; boundary=x")


@pytest.mark.parametrize("names", [("prompt", "prompt[model]"), ("prompt[model]", "prompt")])  # fmt: skip
def test_a_field_named_in_two_ways_is_no_field_of_another_name(
    names: tuple[str, str],
) -> None:
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\nv\r\n'
        for name in names
    ]
    fields = read(
        ("".join(parts) + "--x--").encode(), "multipart/form-data; boundary=x"
    )

    assert ["prompt"] == list(fields)
    assert isinstance(fields["prompt"], list)


def test_a_repeated_field_is_a_list() -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nv\r\n'
    fields = read(part * 2 + b"--x--", "multipart/form-data; boundary=x")

    assert {"prompt": ["v", "v"]} == fields


def test_parts_that_sdks_write_differently_are_read_alike() -> None:
    part = b"--x\r\nContent-Disposition: form-data; name=prompt\r\nContent-Type: text/plain\r\n\r\nv\r\n--x--\r\n"

    assert {"prompt": "v"} == read(part, 'multipart/form-data; boundary="x"')


def test_a_file_part_keeps_its_name_and_type() -> None:
    request = httpx.Request(
        "POST",
        "http://test",
        files={"input_reference": ("a.png", b"\x89PNG", "image/png")},
    )
    fields = read(request.read(), request.headers["content-type"])

    assert {"input_reference": Upload(b"\x89PNG", "a.png", "image/png")} == fields


def test_no_body_and_no_type_is_no_fields() -> None:
    assert {} == read(b"", "")


@pytest.mark.parametrize(
    ("body", "content_type", "refusal"),
    [
        (b"{", "application/json", BodyUnreadable),
        (b"", "application/json", BodyUnreadable),
        (b'"\\ud800"', "application/json", BodyUnreadable),
        (b"[" * 100_000, "application/json", BodyUnreadable),
        (b"[1]", "application/json", TypeInvalid),
        (b"prompt=x", "application/x-www-form-urlencoded", ContentTypeUnsupported),
        (b"x", "", ContentTypeUnsupported),
        (b"--x--", "multipart/form-data", FormUnreadable),
        (b"nonsense", "multipart/form-data; boundary=x", FormUnreadable),
        (b" " * (2**20 + 1), "application/json", BodyTooLarge),
    ],
)
def test_what_cannot_be_read_is_refused(
    body: bytes, content_type: str, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        read(body, content_type, step=4096)
