"""What is said of a fault, wherever it is told."""

from dataclasses import fields, replace

from reelmock.domain.fault import Fault, said
from reelmock.scenarios.mistakes import words_of
from reelmock.scenarios.words import FaultWords


def test_what_is_as_always_is_left_out() -> None:
    assert {} == said(Fault())
    assert {"status": 503, "retry_after": 0.0} == said(
        Fault(status=503, retry_after=0.0)
    )


def test_a_fault_is_said_in_the_words_that_arm_one() -> None:
    other = Fault(**{part.name: "x" for part in fields(Fault)})  # type: ignore[arg-type]
    told = said(replace(other, is_announced_whole=False))

    assert {word.replace("-", "_") for word in words_of(FaultWords)} == set(told)
    assert "short" == told["length"]
