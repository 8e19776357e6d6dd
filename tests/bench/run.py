"""`make bench`: how fast we are, beside references measured in the same run.

Prints a table and writes bench.json. A bar that is missed is told, not punished; the
exit code is 1 when something could not be measured, and 2 when wrk is missing.
"""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import SubprocessError
from typing import Any

import delivering
import rendering
import starting
import throughput
from figures import Figure, NotMeasured, table, write
from throughput import Effort

TARGET = Path("bench.json")
NO_WRK = "bench: wrk is missing; install it (Debian: apt install wrk, macOS: brew install wrk)."

Part = Callable[[], Iterator[Figure]]


def parts(*, quick: bool) -> dict[str, Part]:
    """What is measured, in this order."""
    effort = Effort(rounds=1, seconds=1) if quick else Effort()
    return {
        "polls": lambda: throughput.polls(effort),
        "watched": lambda: throughput.watched(effort),
        "creates": lambda: throughput.creates(effort),
        "deliveries": lambda: delivering.deliveries(
            *((1, 200) if quick else (3, 1000))
        ),
        "ready": lambda: starting.ready(3 if quick else 7),
        "memory": lambda: starting.memory(1 if quick else 3),
        "render": lambda: rendering.renders(1 if quick else 3),
        "made": lambda: rendering.made(*((1, 40) if quick else (3, 120))),
    }


def main() -> int:
    """Measure everything, or what was asked for."""
    asked = _asked()
    if not throughput.wrk_is_there() and {"polls", "watched", "creates"} & set(
        asked.only
    ):
        print(NO_WRK, file=sys.stderr)
        return 2
    figures: list[Figure] = []
    failed = 0
    for name, part in parts(quick=asked.quick).items():
        if name in asked.only:
            print(f"measuring {name} ...", file=sys.stderr, flush=True)
            failed += _measure(name, part, figures)
    print(table(figures))
    write(TARGET, _machine(asked.quick), figures)
    return 1 if failed else 0


def _measure(name: str, part: Part, figures: list[Figure]) -> int:
    try:
        figures.extend(part())
    except (NotMeasured, OSError, SubprocessError, ValueError) as wrong:
        print(f"bench: {name} could not be measured: {wrong}", file=sys.stderr)
        return 1
    return 0


def _asked() -> argparse.Namespace:
    names = list(parts(quick=True))
    parser = argparse.ArgumentParser(description="Speed beside references.")
    parser.add_argument("--quick", action="store_true", help="short and noisy")
    parser.add_argument(
        "--only", nargs="+", choices=names, default=names, help="these parts alone"
    )
    return parser.parse_args()


def _machine(quick: bool) -> dict[str, Any]:
    return {
        "quick": quick,
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


if __name__ == "__main__":
    sys.exit(main())
