"""Regular expressions of users: what they match, and that none of them takes long."""

import pytest

from reelmock.scenarios.expressions import Regex, compiled


def regex(text: str) -> Regex:
    made = compiled(text)
    assert isinstance(made, Regex)
    return made


@pytest.mark.parametrize(
    ("written", "fitting", "other"),
    [
        ("/kite/", "a kite", "a Kite"),
        ("/kite/i", "a KITE", "a boat"),
        ("/^sea$/m", "a\nsea\nb", "seas"),
        ("/^a.b$/s", "a\nb", "a\nb\n"),
        ("/^É.b$/ims", "x\né\nb", "eb"),
        ("/a|b/ii", "B", "c"),
        ("/(?i:k)ite/", "Kite", "KITE"),
        (r"/^\pL+$/", "воздушный", "5"),
        ("/^(?P<what>kite)s?$/", "kites", "kitess"),
    ],
)
def test_an_expression_is_met_or_not(written: str, fitting: str, other: str) -> None:
    assert [True, False] == [regex(written).search(one) for one in (fitting, other)]


def test_an_expression_is_what_was_written() -> None:
    assert "/Kite/ims" == regex("/Kite/ims").written
    assert regex("/a/") == regex("/a/") != regex("/a/i")


@pytest.mark.parametrize("text", ["\ud800 kite", "\0 kite", "kite" * 8000])
def test_any_text_can_be_searched(text: str) -> None:
    assert regex("/kite/").search(text)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("/(a+)+$/", "a" * 60 + "b"),
        ("/^(a|a)*$/", "a" * 32_000 + "b"),
        ("/(.*)*x(.*)*y/s", "x" * 32_000),
        ("/(.?){500}y/i", "xЯ" * 16_000),
    ],
)
def test_no_expression_takes_long(written: str, text: str) -> None:
    assert not regex(written).search(text)
