"""What is expected of a field besides being equal."""

from typing import Any

import pytest

from reelmock.domain.errors.control import CallInvalid
from reelmock.domain.excerpt import shortened
from reelmock.service.lookups import KINDS, Lookup, looked_up

HOLD = [
    ("contains", "a red kite", "red"),
    ("contains", {"a": "b"}, "'a'"),
    ("startswith", "a red kite", "a "),
    ("endswith", "a red kite", "kite"),
    ("matches", "a red kite", r"r.d\b"),
    ("in", "4", [4, "8"]),
    ("in", "red", ("red", "blue")),
    ("not", "a red kite", "a kite"),
    ("not", 4, 8),
    ("gt", "8", 4),
    ("gte", 4, 4),
    ("lt", "4.5", 5),
    ("lte", "-1", 0),
]
FAIL = [
    ("contains", "a red kite", "Red"),
    ("startswith", "a red kite", "red"),
    ("endswith", "a red kite", "a"),
    ("matches", "a red kite", "^red"),
    ("in", "12", [4, 8]),
    ("not", "4", 4),
    ("gt", "4", 4),
    ("gte", "3.9", 4),
    ("lt", 4, 4),
    ("lte", "5", 4),
]


@pytest.mark.parametrize(("kind", "actual", "operand"), HOLD)
def test_a_lookup_holds(kind: str, actual: object, operand: object) -> None:
    assert Lookup(kind, operand).holds(actual)


@pytest.mark.parametrize(("kind", "actual", "operand"), FAIL)
def test_a_lookup_fails(kind: str, actual: object, operand: object) -> None:
    assert not Lookup(kind, operand).holds(actual)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_there_or_no_number_is_never_as_expected(kind: str) -> None:
    assert not Lookup(kind, 4).holds(None)
    assert not Lookup(kind, 4).holds(str)
    if kind in ("gt", "gte", "lt", "lte"):
        assert not Lookup(kind, 4).holds("many")


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_told_in_words(kind: str) -> None:
    assert repr(Lookup(kind, "a kite")).startswith("one ")
    assert "'a kite'" in repr(Lookup(kind, "a kite"))


def test_each_is_tried_above() -> None:
    for cases in (HOLD, FAIL):
        assert set(KINDS) == {kind for kind, _, _ in cases}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"prompt": "a kite"}, {"prompt": "a kite"}),
        ({"prompt__contains": "a"}, {"prompt": Lookup("contains", "a")}),
        ({"video__id": "video_1"}, {"video": {"id": "video_1"}}),
        ({"video__id__not": "x"}, {"video": {"id": Lookup("not", "x")}}),
        ({"a__b": 1, "a__c__in": [2]}, {"a": {"b": 1, "c": Lookup("in", [2])}}),
        ({"contains": "x"}, {"contains": "x"}),
        ({"in": "x"}, {"in": "x"}),
    ],
)
def test_names_lead_into_the_body(said: dict[str, Any], expected: object) -> None:
    assert expected == looked_up(said)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("prompt__contain", "contains"),
        ("prompt__startwith", "startswith"),
        ("prompt__match", "matches"),
        ("seconds__gtee", "gte"),
    ],
)
def test_what_is_nearly_a_lookup_is_asked_about(name: str, meant: str) -> None:
    with pytest.raises(CallInvalid) as refused:
        looked_up({name: "x"})

    assert f"Did you mean {meant}?" in str(refused.value)


def test_several_lookups_of_one_field_all_count() -> None:
    [between] = looked_up({"seconds__gt": 4, "seconds__lte": 12}).values()

    assert isinstance(between, Lookup)
    assert [False, True, True, False] == [between.holds(n) for n in (4, 5, "12", 13)]
    assert "one above 4 and one of at most 12" == repr(between)


@pytest.mark.parametrize(
    "said",
    [
        {"a": "x", "a__contains": "x"},
        {"a__contains": "x", "a": "x"},
        {"a": "x", "a__b": 1},
        {"a__contains": "x", "a__b": 1},
        {"a__b": 1, "a": {"c": 2}},
    ],
)
def test_a_field_that_is_said_twice_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(CallInvalid, match="is expected to be two things"):
        looked_up(said)


def test_what_a_caller_gave_is_left_as_it_was() -> None:
    given = {"b": 1}

    assert {"a": {"b": 1, "c": 2}} == looked_up({"a": given, "a__c": 2})
    assert {"b": 1} == given


LONG = shortened("a kite " + "a" * 3000 + " sunset")
"""As the journal keeps it: without its end."""


@pytest.mark.parametrize(
    ("kind", "operand"),
    [("contains", "sunset"), ("endswith", "sunset"), ("matches", "sun.*")],
)
def test_what_may_stand_in_the_rest_of_a_text_is_neither_there_nor_missing(
    kind: str, operand: str
) -> None:
    with pytest.raises(AssertionError, match="keeps the first 2,048 bytes"):
        Lookup(kind, operand).holds(LONG)


def test_what_the_beginning_of_a_text_decides_is_decided() -> None:
    assert Lookup("contains", "kite").holds(LONG)
    assert Lookup("startswith", "a kite").holds(LONG)
    assert not Lookup("startswith", "a boat").holds(LONG)
    assert Lookup("not", "a boat").holds(LONG)


def test_what_is_no_regular_expression_is_refused_in_a_sentence() -> None:
    with pytest.raises(CallInvalid, match=r"'\(' is no regular expression"):
        looked_up({"prompt__matches": "("})
