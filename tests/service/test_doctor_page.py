"""The doctor's page is what the doctor says: its codes, its reports, its examples."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from clients.example import takes_the_first_loop_that_comes_to_mind
from clients.stage import Stage, staged
from clients.told import blurred
from receivers import Receiver
from reelmock import Emulator
from reelmock.doctor_command import app
from reelmock.service.doctor import CODES, Code, Finding, examine, explain, findings

PAGE = Path(__file__).parents[2] / "server" / "DOCTOR.md"

needs_checkout = pytest.mark.skipif(
    not PAGE.exists(), reason="the wheel is tested, without its checkout"
)


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver() as listening:
        yield listening


@pytest.fixture
def stage(emulator: Emulator, receiver: Receiver) -> Iterator[Stage]:
    with staged(emulator, receiver) as made:
        yield made


def found(stage: Stage) -> list[Finding]:
    return findings([examine("a client", stage.project.journal.entries())])


@needs_checkout
def test_the_page_has_every_code_and_no_other() -> None:
    assert list(CODES) == re.findall(r"^### `(.*)`$", PAGE.read_text(), re.MULTILINE)


@needs_checkout
def test_the_report_on_the_page_is_what_the_command_prints(
    stage: Stage, emulator: Emulator, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    takes_the_first_loop_that_comes_to_mind(stage)

    where = ["--url", emulator.address, "--key", stage.sdk.api_key]
    typer.main.get_command(app).main(where, "doctor", standalone_mode=False)
    assert blurred(capsys.readouterr().out) in blurred(PAGE.read_text())


@needs_checkout
def test_the_program_on_the_page_runs() -> None:
    program, *_ = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)

    exec(compile(program, "DOCTOR.md", "exec"), {"__name__": "__main__"})  # noqa: S102


@pytest.mark.parametrize("code", CODES.values(), ids=list(CODES))
def test_nothing_is_found_in_the_example_of_a_code(
    stage: Stage, code: Code, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    exec(compile(code.example, code.name, "exec"), {"client": stage.sdk})  # noqa: S102

    assert [] == found(stage)


def test_an_explanation_has_all_that_is_known_of_a_code() -> None:
    told = explain(" Never-Deletes ")

    code = CODES["never-deletes"]
    assert told.startswith(f"never-deletes: {code.title}\n\nWhat is seen. ")
    assert all(words in told for words in (code.seen, code.why, code.advice))
    assert "\n    video = client.videos.create_and_poll(" in told
