"""Bodies for the journal: kept as they came, and read as if they had been looked at."""

from hypothesis import given, settings
from hypothesis import strategies as st

from reelmock.api.described import described
from reelmock.api.fields import Field, Upload
from reelmock.domain.excerpt import MOST_BODY, excerpt
from reelmock.domain.redaction import Redaction

KEY = "sk-test-0123456789"
SENT = {
    b"host": b"127.0.0.1:4010",
    b"authorization": f"Bearer {KEY}".encode(),
    b"content-length": b"100",
}
OURS = Redaction.of(SENT.items())

TEXTS = st.text() | st.sampled_from([KEY, "api_key", "?token=0", "x" * 3000])
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(-1e300, 1e300) | TEXTS
FIELDS = st.dictionaries(
    TEXTS,
    st.recursive(
        PLAIN,
        lambda inner: (
            st.lists(inner, max_size=20) | st.dictionaries(TEXTS, inner, max_size=20)
        ),
    ),
    max_size=5,
)


@settings(max_examples=settings().max_examples // 2)
@given(FIELDS)
def test_a_body_reads_later_as_it_would_have_at_once(fields: dict[str, Field]) -> None:
    assert excerpt(fields, OURS).value == described(fields, SENT).value


def test_what_changes_after_it_was_kept_is_kept_as_it_was() -> None:
    fields: dict[str, Field] = {"characters": [{"id": "char_1"}]}
    kept = described(fields, SENT)
    fields["characters"] = "others"

    assert {"characters": [{"id": "char_1"}]} == kept.value


def test_who_changes_what_was_read_changes_nothing_else() -> None:
    kept = described({"prompt": "a kite"}, SENT)
    read = kept.value
    assert isinstance(read, dict)
    read.clear()

    assert {"prompt": "a kite"} == kept.value


def test_what_is_kept_is_not_seen_with_its_secrets() -> None:
    kept = described({"prompt": KEY, "api_key": "0123"}, SENT)

    assert "{'prompt': '[redacted]', 'api_key': '[redacted]'}" == repr(kept)


def test_a_file_in_a_small_body_is_only_described() -> None:
    kept = described({"input_reference": Upload(b"PNG", "a.png", "image/png")}, SENT)

    assert "'file': 'a.png'" in str(kept.value)
    assert "PNG'" not in str(kept.value)


def test_a_key_that_is_too_long_is_not_kept_with_a_body() -> None:
    key = "eyJ0" + "k" * 4000
    sent = SENT | {b"authorization": f"Bearer {key}".encode()}
    kept = described({"prompt": f"my key is {key}"}, sent)

    assert {"prompt": "my key is [redacted]"} == kept.value
    assert key not in str(kept.read)


def test_a_body_counts_for_no_more_than_is_kept() -> None:
    small, large = {"prompt": "x"}, {"prompt": "x" * 4 * MOST_BODY}

    assert len(b'{"prompt":"x"}') == described(small, SENT).bytes
    for length in (b"100", b"40000", b""):
        kept = described(large, SENT | {b"content-length": length})
        assert MOST_BODY > kept.bytes
        assert MOST_BODY > len(str(kept.value))
