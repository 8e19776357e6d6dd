"""Every operation against the project's own description, by Schemathesis: all phases, all
checks. What the wire means otherwise is in schema_hooks.py, case by case."""

import json
import os
import subprocess
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

pytestmark = [pytest.mark.judge, pytest.mark.schema]

KEY = "sk-schema-0123456789"
SCALE = int(os.environ.get("TEST_SCALE", "1"))
EXAMPLES = 12 * SCALE
"""Generated requests an operation and phase, at most."""

LIMIT = 300 * SCALE
"""Seconds until a run counts as stuck; one takes about thirty."""

HOOKS = Path(__file__).with_name("schema_hooks.py")
ST = Path(sysconfig.get_path("scripts")) / "st"

OPTIONS = [
    *("--checks", "all"),
    *("--max-examples", str(EXAMPLES)),
    *("--header", f"Authorization: Bearer {KEY}"),
    *("--request-timeout", "60"),
    *("--generation-database", "none"),
    *("--report", "json", "--report-json-path", "report.json"),
    "--continue-on-failure",
    "--no-color",
]

Judge = Callable[[str], tuple[dict[str, Any], str]]


@pytest.fixture
def judged(tmp_path: Path) -> Judge:
    """Runs Schemathesis on a server's description: its report, and what it said."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SCHEMATHESIS_")}

    def run(address: str) -> tuple[dict[str, Any], str]:
        ended = subprocess.run(
            [ST, "run", f"{address}/openapi.json", *OPTIONS],
            cwd=tmp_path,
            env=kept | {"SCHEMATHESIS_HOOKS": str(HOOKS)},
            capture_output=True,
            text=True,
            timeout=LIMIT,
        )
        lines = (ended.stdout + ended.stderr).splitlines()
        said = "\n".join(line[:600] for line in lines)[-30_000:]
        assert ended.returncode in (0, 1), said
        return json.loads((tmp_path / "report.json").read_text()), said

    return run


@pytest.mark.parametrize(
    "flags", [(), ("--conformance",)], ids=["default", "conforming"]
)
def test_every_operation_keeps_to_the_description(
    flags: tuple[str, ...], serve: Callable[..., Any], judged: Judge
) -> None:
    exact = ("--pace", "instant", "--contract", "strict", "--require-key", KEY)
    server = serve(*exact, *flags, data=False)
    described = httpx.get(f"{server.address}/openapi.json", timeout=30).json()
    operations = sum(map(len, described["paths"].values()))
    report, said = judged(server.address)

    assert [] == report["failures"], said
    assert [] == report["errors"], said
    assert report["complete"]
    assert (operations, operations, 0) == (
        report["operations"]["total"],
        report["operations"]["tested"],
        report["operations"]["skipped"],
    )
    assert 20 * operations < report["test_cases"]["generated"]
    assert [] == server.complaints()
