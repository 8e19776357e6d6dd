"""What a measurement comes to: ours, its reference of the same run, and the bar."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any


class NotMeasured(Exception):
    """One line: what could not be measured, and why."""


@dataclass(frozen=True)
class Bar:
    """What a figure is held against: of the ratio, or of the difference."""

    limit: float
    is_least: bool = True
    of_difference: bool = False

    def holds(self, value: float) -> bool:
        """Whether the value is on the right side."""
        return value >= self.limit if self.is_least else value <= self.limit

    def __str__(self) -> str:
        sign = ">=" if self.is_least else "<="
        return (
            f"{sign} {self.limit:+g}"
            if self.of_difference
            else f"{sign} {self.limit:g}"
        )


@dataclass
class Figure:
    """One measurement and its reference, a pair a round, taken one after the other."""

    name: str
    unit: str
    reference_name: str
    bar: Bar | None = None
    ours: list[float] = field(default_factory=list)
    reference: list[float] = field(default_factory=list)

    def add(self, ours: float, reference: float) -> None:
        """One round."""
        self.ours.append(ours)
        self.reference.append(reference)

    @property
    def value(self) -> float:
        """The median of the rounds' ratios: a machine that slows down moves both."""
        pairs = zip(self.ours, self.reference, strict=True)
        if self.bar is not None and self.bar.of_difference:
            return median(ours - reference for ours, reference in pairs)
        return median(ours / reference for ours, reference in pairs)

    @property
    def verdict(self) -> str:
        """`holds`, `MISSED`, or nothing where there is no bar."""
        if self.bar is None:
            return ""
        return "holds" if self.bar.holds(self.value) else "MISSED"

    def row(self) -> tuple[str, ...]:
        """The figure as a line of the table."""
        shown = f"{self.value:+.1f}" if self._is_difference else f"{self.value:.3f}"
        return (
            self.name,
            _number(median(self.ours)),
            self.unit,
            _number(median(self.reference)),
            self.reference_name,
            shown,
            str(self.bar or ""),
            self.verdict,
        )

    @property
    def _is_difference(self) -> bool:
        return self.bar is not None and self.bar.of_difference

    def as_json(self) -> dict[str, Any]:
        """Every round, and what they come to."""
        return asdict(self) | {"value": self.value, "verdict": self.verdict}


HEAD = ("what", "ours", "", "reference", "of", "ratio", "bar", "")
RIGHT = {1, 3, 5}


def table(figures: Sequence[Figure]) -> str:
    """All figures, a line each, in columns."""
    rows = [HEAD, *(figure.row() for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    cells = [
        cell.rjust(width) if at in RIGHT else cell.ljust(width)
        for at, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def write(path: Path, machine: dict[str, Any], figures: Sequence[Figure]) -> None:
    """Everything that was measured, for a program to read."""
    told = {"machine": machine, "figures": [figure.as_json() for figure in figures]}
    path.write_text(json.dumps(told, indent=2) + "\n")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
