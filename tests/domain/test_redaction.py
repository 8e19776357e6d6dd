import json

import pytest

from reelmock.domain.excerpt import MOST_BODY, excerpt, shortened
from reelmock.domain.redaction import Redaction

KEY = "sk-test-0123456789"
OURS = Redaction.of([(b"authorization", f"Bearer {KEY}".encode())])


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Authorization", f"Bearer {KEY}", "Bearer [redacted]"),
        ("Proxy-Authorization", "Basic dXNlcjpwYXNz", "Basic [redacted]"),
        ("Authorization", KEY, "[redacted]"),
        ("api-key", "0123", "[redacted]"),
        ("x-goog-api-key", "0123", "[redacted]"),
        ("Cookie", "a=b", "[redacted]"),
        ("X-Reelmock-Admin-Token", "open sesame", "[redacted]"),
        ("X-Session-Id", "0123", "[redacted]"),
        ("Referer", "http://a.example/?token=0123&b=c", "http://a.example/?token=[redacted]&b=c"),
        ("X-Note", "use sk-proj-abcdefgh", "use [redacted]"),
        ("X-Note", "eyJhbGciOiJI.eyJzdWIiOiIx.c2ln", "[redacted]"),
        ("X-Note", "whsec_+a/9+Zz/0123456789AbCd=", "[redacted]"),
        ("Referer", "http://a.example/?s=whsec_a%2Bb%2F0123456%3D&b=c", "http://a.example/?s=[redacted]&b=c"),
        ("Referer", "http://a.example/?key=0123&b=c", "http://a.example/?key=[redacted]&b=c"),
        ("Referer", "http://a.example/?b=c&sig=0123", "http://a.example/?b=c&sig=[redacted]"),
        ("Referer", "https://me:pass@a.example/b?c=@", "https://[redacted]@a.example/b?c=@"),
        ("X-AccessKeyId", "0123", "[redacted]"),
        ("apiKey", "0123", "[redacted]"),
        ("X-Monkey", "0123", "0123"),
        ("Idempotency-Key", "one", "one"),
        ("OpenAI-Project", "proj", "proj"),
        ("Content-Type", "application/json; charset=utf-8", "application/json; charset=utf-8"),
        ("Content-Type", "multipart/form-data; boundary=0123", "multipart/form-data"),
        ("X-Stainless-Retry-Count", "0", "0"),
    ],
)  # fmt: skip
def test_headers_are_kept_without_their_secrets(
    name: str, value: str, expected: str
) -> None:
    cleaned = Redaction().headers([(name.encode(), value.encode())])

    assert {name.lower(): expected} == cleaned


def test_headers_that_come_twice_are_one() -> None:
    assert {"a": "1, 2"} == Redaction().headers([(b"a", b"1"), (b"A", b"2")])


def test_a_long_header_is_cut() -> None:
    [value] = Redaction().headers([(b"x-note", b"n" * 60_000)]).values()

    assert 259 == len(value)


@pytest.mark.parametrize("secret", [KEY, "sk-another-0123456789", "token=0123456789"])
def test_a_secret_at_the_edge_of_a_header_is_not_left_in_half(secret: str) -> None:
    for length in range(230, 260):
        sent = f"{'x' * length} {secret} {'y' * 60_000}"
        [value] = OURS.headers([(b"x-note", sent.encode())]).values()

        assert 259 == len(value)
        assert not {"sk-t", "sk-a", "0123"} & {value[at : at + 4] for at in range(259)}


def test_an_own_key_of_any_length_is_not_left_in_half() -> None:
    key = "eyJ0" + "k" * 4000
    caller = Redaction.of([(b"authorization", f"Bearer {key}".encode())])

    assert "kkk" not in str(caller.headers([(b"x-note", f"is {key}".encode())]))
    assert "kkk" not in str(excerpt(f"is {key}", caller).value)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ""),
        ("variant=thumbnail&after=video_1", "variant=thumbnail&after=video_1"),
        ("key=0123&limit=2", "key=[redacted]&limit=2"),
        ("limit=2&sig=0123", "limit=2&sig=[redacted]"),
        ("X-Amz-Signature=0123", "X-Amz-Signature=[redacted]"),
        ("pwd=0123", "pwd=[redacted]"),
        ("api%5Fkey=0123", "api%5Fkey=[redacted]"),
        (f"after={KEY}", "after=[redacted]"),
        ("after=sk%2Dtest%2d0123456789", "after=[redacted]"),
        ("after=sk%2Dother%2d0123456789", "after=[redacted]"),
        ("sk%2Dtest%2d0123456789", "[redacted]"),
        ("after=a%20b", "after=a%20b"),
        ("a=1" + "&b=2" * 100, "a=1" + "&b=2" * 63 + "&…"),
    ],
)  # fmt: skip
def test_a_query_is_kept_without_its_secrets(query: str, expected: str) -> None:
    assert expected == OURS.query(query)


@pytest.mark.parametrize(
    "name",
    ["apiKey", "apikey", "api-key", "accessKeyId", "access_key", "passwd", "pwd",
     "private_key_id", "privateKey", "encryptionKey", "sig"],
)  # fmt: skip
def test_a_secret_has_many_names(name: str) -> None:
    assert {name: "[redacted]"} == excerpt({name: "0123"}, OURS).value


@pytest.mark.parametrize(
    "name", ["monkey", "turkey", "keyboard", "design", "idempotencyKey", "prompt"]
)
def test_a_name_that_is_like_that_of_a_secret_is_none(name: str) -> None:
    assert {name: "0123"} == excerpt({name: "0123"}, OURS).value


@pytest.mark.parametrize(
    "text",
    [
        f"my key is {KEY}",
        f"/v1/videos/{KEY}",
        f"api_key={KEY}",
        f"Bearer {KEY}",
        f"x{KEY}x",
    ],
)
def test_the_callers_own_key_stands_nowhere(text: str) -> None:
    assert KEY not in OURS.clean(text)


def test_a_key_that_is_a_word_is_left_in_texts() -> None:
    caller = Redaction.of([(b"authorization", b"Bearer reelmock")])

    assert "[reelmock stuck=9]" == caller.clean("[reelmock stuck=9]")


def test_a_content_token_is_redacted_however_it_is_written() -> None:
    said = "?token=proj_a.0f0f&x=1 %2Fcontent%3Ftoken%3Dproj_a.0f0f"

    assert "?token=[redacted]&x=1 %2Fcontent%3Ftoken%3D[redacted]" == OURS.clean(said)


def test_the_address_that_was_asked_is_the_same_in_every_run() -> None:
    asked = Redaction.of([(b"host", b"127.0.0.1:4711")])

    assert "http://[host]/v1" == asked.clean("http://127.0.0.1:4711/v1")


def test_a_field_that_is_called_a_secret_is_one() -> None:
    kept = excerpt({"api_key": "0123", "password": {"a": 1}, "seconds": "4"}, OURS)

    assert {
        "api_key": "[redacted]", "password": "[redacted]", "seconds": "4",
    } == kept.value  # fmt: skip


def test_a_key_at_the_place_of_the_cut_is_not_left_in_half() -> None:
    for length in range(2030, 2060):
        kept = excerpt("x" * length + KEY + "y" * 3000, OURS)

        assert KEY[:4] not in str(kept.value), length


@pytest.mark.parametrize("letter", ["x", "é", "漢", "🪁"])
def test_a_long_text_is_cut_and_says_how_long_it_was(letter: str) -> None:
    kept = excerpt({"prompt": letter * 30_000}, OURS)

    assert str(kept.value).endswith("… (30,000 characters)'}")
    assert 2048 + 64 > len(json.dumps(kept.value, ensure_ascii=False).encode())
    assert {"prompt": shortened(letter * 30_000)} == kept.value


@pytest.mark.parametrize(
    "body",
    [
        {str(n): "x" * 1000 for n in range(1000)},
        [1] * 100_000,
        ["🪁" * 1000] * 100,
        {"x" * 100_000: {"y" * 100_000: "z" * 100_000}},
    ],
    ids=["fields", "numbers", "texts", "names"],
)
def test_of_a_large_body_a_part_is_kept(body: object) -> None:
    kept = excerpt(body, OURS)

    assert MOST_BODY + 200 >= kept.bytes
    assert 2 * MOST_BODY >= len(json.dumps(kept.value, ensure_ascii=False).encode())


def test_what_is_nested_without_end_is_kept_to_a_depth() -> None:
    nested: object = "end"
    for _ in range(10_000):
        nested = [nested]

    assert "[" * 16 + "'…'" + "]" * 16 == str(excerpt(nested, OURS).value)
