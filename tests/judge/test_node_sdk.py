"""The official Node client drives every operation of a real server, and judges what it
posts."""

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

from receivers import Receiver
from reelmock import Emulator
from reelmock.domain.weather import Kind, Weather
from sendings import tell

pytestmark = [pytest.mark.judge, pytest.mark.sdk, pytest.mark.node]

PROGRAM = Path(__file__).parents[1] / "sdk" / "node"
LIMIT = 240
"""Seconds that the program, or its installation, may take."""

METHODS = ("get", "post", "delete")
"""What the client sends; HEAD is not among them."""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program with the client it pins, so that the original stays bare."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    folder = tmp_path_factory.mktemp("node")
    copied = folder / "node"
    shutil.copytree(PROGRAM, copied, ignore=shutil.ignore_patterns("node_modules"))
    clean = ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    run([npm, *clean], copied, {"npm_config_cache": str(folder / "cache")})
    return copied


def run(command: list[str], folder: Path, told: dict[str, str], asked: str = "") -> str:
    """Run a command in a folder until it ends well; what it printed."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("OPENAI_")}
    ended = subprocess.run(
        command,
        cwd=folder,
        env=kept | told,
        input=asked,
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


SECRET = "whsec_RdvaYFYUXuIFuEbvZHwMfYFhUf7aMYjYcmM24+Aj40c="
SUBJECTS = [
    "today",
    "in 2025",
    "after 72 h",
    "again",
    "forged",
    "stale",
    "signed, torn",
]


def told_of(running: Emulator, subject: str) -> None:
    """Post an event of a project of its own, and wait for it."""
    own = running.project(f"sk-{subject}")
    ports, project_id = own._ports(), own.id
    if subject == "in 2025":
        own.clock.freeze("2025-03-01T00:00:00Z")
    if subject == "after 72 h":
        own.clock.advance(72 * 3600)
    kinds = {"again": Kind.DUPLICATE, "forged": Kind.WRONG_SIGNATURE,
             "stale": Kind.STALE, "signed, torn": Kind.MALFORMED}  # fmt: skip
    if subject in kinds:
        met = Weather("w", kinds[subject], times=1, is_signed=True)
        ports.skies.add(project_id, met)
    made = tell(ports, 1, project_id, subject=subject)
    assert ports.deliver(project_id, *made)(20)


def test_the_node_client_takes_every_good_webhook_and_no_other(program: Path) -> None:
    with Receiver() as receiver:
        webhook = {"webhook": receiver.url, "webhook_secret": SECRET}
        with Emulator(pace="manual", **webhook) as running:
            for subject in SUBJECTS:
                told_of(running, subject)
        lines = [
            json.dumps({"headers": one.headers, "body": one.body.decode()})
            for one in receiver.received
        ]
        sent = [one.body for one in receiver.received]
    told = {"OPENAI_WEBHOOK_SECRET": SECRET}
    printed = run(["node", "verify.mjs"], program, told, "\n".join(lines))
    made = [json.loads(line) for line in printed.splitlines()]
    good = [json.loads(body) for body in sent[:5]]

    assert 5 + 3 == len(made)
    assert good == [one.get("event") for one in made[:5]]
    assert SUBJECTS[:4] == [*dict.fromkeys(one["data"]["id"] for one in good)]
    assert [
        "InvalidWebhookSignatureError",
        "InvalidWebhookSignatureError",
        "SyntaxError",
    ] == [one.get("error") for one in made[5:]]
    assert "too old" in made[6]["message"]
