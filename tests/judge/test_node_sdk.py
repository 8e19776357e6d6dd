"""The official Node client drives every operation of a real server."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

pytestmark = [pytest.mark.judge, pytest.mark.sdk, pytest.mark.node]

PROGRAM = Path(__file__).parents[1] / "sdk" / "node"
LIMIT = 240
"""Seconds that the program, or its installation, may take."""

METHODS = ("get", "post", "delete")
"""What the client sends; HEAD is not among them."""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A copy of the program with the client it pins, so that the original stays bare."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    copied = tmp_path / "node"
    shutil.copytree(PROGRAM, copied, ignore=shutil.ignore_patterns("node_modules"))
    clean = ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    run([npm, *clean], copied, {"npm_config_cache": str(tmp_path / "cache")})
    return copied


def run(command: list[str], folder: Path, told: dict[str, str]) -> str:
    """Run a command in a folder until it ends well; what it printed."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("OPENAI_")}
    ended = subprocess.run(
        command,
        cwd=folder,
        env=kept | told,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    assert 0 == ended.returncode, (ended.stdout + ended.stderr)[-6000:]
    return ended.stdout


def written() -> int:
    """How many steps stand in the program's source."""
    return sum(file.read_text().count("\n  async '") for file in PROGRAM.glob("*.mjs"))


def undriven(described: dict[str, Any], asked: list[str]) -> list[str]:
    """The operations of a description that none of these requests was for."""
    operations = {
        f"{method.upper()} {path}": re.sub(r"\{[^}]+\}", "[^/]+", path)
        for path, methods in described["paths"].items()
        for method in methods.keys() & METHODS
    }
    return [
        name
        for name, pattern in operations.items()
        if not any(
            re.fullmatch(f"{name.split()[0]} {pattern}", request) for request in asked
        )
    ]


def test_the_node_client_drives_every_operation(
    program: Path, serve: Callable[..., Any]
) -> None:
    server = serve("--pace", "instant", data=False)
    told = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "sk-node"}
    printed = run(["node", "drive.mjs"], program, told)

    *steps, last = [json.loads(line) for line in printed.splitlines()]
    described = httpx.get(f"{server.address}/openapi.json", timeout=30).json()
    assert 30 < written()
    assert written() == len({(one["room"], one["step"]) for one in steps})
    assert [] == undriven(described, last["asked"])
    assert [] == server.complaints()
