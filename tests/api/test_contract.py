from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelmock.api import contract
from reelmock.api.contract import Reference
from reelmock.api.fields import Upload
from reelmock.api.judge import Judge
from reelmock.api.rules import RULES
from reelmock.domain.catalog import Catalog
from reelmock.domain.errors import Refusal
from reelmock.domain.terms import Level

UPLOAD = Upload(b"", "a.png", "image/png")


def judged(level: Level, **fields: Any) -> tuple[Any, list[str]]:
    judge = Judge(level, Catalog())
    draft = contract.create(judge, {"prompt": "a kite", **fields})
    return draft, [name for name, _ in judge.warnings]


def refused(level: Level, **fields: Any) -> tuple[str | None, str | None]:
    with pytest.raises(Refusal) as caught:
        contract.create(Judge(level, Catalog()), {"prompt": "a kite", **fields})
    return caught.value.param, caught.value.code


def test_defaults_are_the_descriptions() -> None:
    draft, warnings = judged(Level.STRICT)

    assert ("sora-2", 4, (720, 1280)) == (draft.model, draft.seconds, draft.size)
    assert (None, []) == (draft.reference, warnings)


@pytest.mark.parametrize(
    ("fields", "passes", "warnings"),
    [
        ({"seconds": 5}, Level.STANDARD, ["seconds-integer", "seconds-whole"]),
        ({"seconds": 4}, Level.STANDARD, ["seconds-integer"]),
        ({"seconds": "5"}, Level.STANDARD, ["seconds-whole"]),
        ({"seconds": "20"}, Level.STRICT, []),
        ({"seconds": "21"}, Level.LOOSE, ["seconds-long"]),
        ({"seconds": "120"}, Level.LOOSE, ["seconds-long"]),
        ({"seconds": "121"}, None, []),
        ({"seconds": "0"}, None, []),
        ({"seconds": "-4"}, None, []),
        ({"seconds": "4.0"}, None, []),
        ({"seconds": 4.0}, None, []),
        ({"seconds": True}, None, []),
        ({"seconds": "1２"}, None, []),
        ({"size": "0720x01280"}, None, []),
        ({"seconds": None}, None, []),
        ({"model": "video-gen-1"}, Level.STANDARD, ["documented-model"]),
        ({"model": "my-model"}, Level.LOOSE, ["model"]),
        ({"model": ""}, None, []),
        ({"model": 3}, None, []),
        ({"size": "1920x1080"}, Level.LOOSE, ["size-of-model"]),
        ({"size": "1920x1080", "model": "sora-2-pro"}, Level.STRICT, []),
        ({"size": "16x16"}, Level.LOOSE, ["size-free"]),
        ({"size": "4096x2148"}, Level.LOOSE, ["size-free"]),
        ({"size": "4096x2150"}, None, []),
        ({"size": "17x16"}, None, []),
        ({"size": "4098x16"}, None, []),
        ({"size": "0x0"}, None, []),
        ({"size": "١٦x١٦"}, None, []),
        ({"width": 3}, Level.LOOSE, ["unknown-parameter"]),
        ({"input_reference": UPLOAD}, Level.STRICT, []),
        ({"input_reference": "x"}, None, []),
        ({"input_reference": {}}, None, []),
        ({"input_reference": {"file_id": "a", "image_url": "b"}}, None, []),
        ({"input_reference": {"file_id": "a", "x": 1}}, Level.LOOSE, ["unknown-parameter"]),
    ],
)  # fmt: skip
def test_each_level_lets_pass_what_its_rules_say(
    fields: dict[str, Any], passes: Level | None, warnings: list[str]
) -> None:
    for level in Level:
        if passes is not None and level.reaches(passes):
            assert warnings == judged(level, **fields)[1]
        else:
            refused(level, **fields)


def test_the_first_thing_wrong_in_the_references_order_is_the_one_refused() -> None:
    wrong: dict[str, Any] = {
        "width": 1, "prompt": "", "model": "x", "seconds": "15", "size": "1x1",
    }  # fmt: skip
    order = []
    while wrong:
        param, _ = refused(Level.STRICT, **wrong)
        order.append(param)
        del wrong[str(param)]

    assert ["width", "prompt", "model", "seconds", "size"] == order


def test_a_model_of_its_own_echoes_its_name_and_behaves_as_the_default() -> None:
    draft, _ = judged(Level.LOOSE, model="my-model", size="1280x720")

    assert "my-model" == draft.model
    assert "sora-2" == Catalog().behaviour(draft.model).name


def test_a_reference_is_one_of_three() -> None:
    image = {"image_url": "data:,"}

    assert (
        Reference(upload=UPLOAD)
        == judged(Level.STRICT, input_reference=UPLOAD)[0].reference
    )
    assert (
        Reference(image_url="data:,")
        == judged(Level.STRICT, input_reference=image)[0].reference
    )


@given(st.sampled_from(Level), st.sampled_from(Level))
def test_what_a_level_lets_pass_the_looser_ones_do(one: Level, other: Level) -> None:
    order = list(Level)

    assert (order.index(one) >= order.index(other)) == one.reaches(other)


def test_every_rule_says_where_it_is_from() -> None:
    assert [] == [rule.name for rule in RULES.values() if not rule.source]


def test_a_remix_takes_a_prompt_and_nothing_else() -> None:
    judge = Judge(Level.STRICT, Catalog())

    assert "in blue" == contract.remix(judge, {"prompt": "in blue"})
    with pytest.raises(Refusal, match=r"Unknown parameter: 'seconds'\."):
        contract.remix(judge, {"prompt": "in blue", "seconds": "4"})
