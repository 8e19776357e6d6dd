import pytest

from reelmock.api.fields import Nest, is_shallow
from reelmock.api.repeats import repeat_of
from reelmock.domain.errors import BodyUnreadable


def nested(*names: str) -> object:
    nest = Nest()
    for place, name in enumerate(names):
        nest.put(name, str(place))
    return nest.fields()


def test_numbered_entries_stand_in_the_order_of_their_numbers() -> None:
    fields = nested("a[10][id]", "a[2][id]", "a[2][x][y]")

    assert {"a": [{"id": "1", "x": {"y": "2"}}, {"id": "0"}]} == fields


@pytest.mark.parametrize("name", ["9" * 5000, "\u0663", "1x", "-1"])
def test_what_is_no_small_number_is_a_name(name: str) -> None:
    assert {"a": {"0": "0", name: "1"}} == nested("a[0]", f"a[{name}]")


def test_an_entry_goes_on_until_it_would_say_something_twice() -> None:
    fields = nested("a[][id]", "a[][x][y]", "a[][x][z]", "a[][id]", "a[][x][y]")

    first = {"id": "0", "x": {"y": "1", "z": "2"}}
    assert {"a": [first, {"id": "3", "x": {"y": "4"}}]} == fields


@pytest.mark.parametrize(("depth", "is_one"), [(1, True), (16, True), (17, False)])
def test_what_is_nested_deeper_is_not_shallow(depth: int, is_one: bool) -> None:
    value: object = "x"
    for _ in range(depth):
        value = [value]

    assert is_one == is_shallow(value)


def test_a_repeat_of_something_endless_is_refused() -> None:
    deep: list[object] = []
    for _ in range(900):
        deep = [deep]

    with pytest.raises(BodyUnreadable):
        repeat_of("key", "/videos", {"prompt": "x", "more": deep})
