"""`reelmock check`: what it says before, what it finds, what it leaves, and its exit codes."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
import typer
from typer.testing import CliRunner, Result

from checked import asked, checked, fresh_key, state_of, unlike
from reelmock import Emulator
from reelmock.check_command import Dialect, Form, Group, check, judge_of
from reelmock.media.ffmpeg import Programs
from reelmock.outbound.check.checklist import CHECKS, GROUPS
from reelmock.outbound.check.facts import DIALECTS
from reelmock.outbound.check.findings import State
from strangers import KEY, Gateway, serving, told

app = typer.Typer()
app.command()(check)
NOWHERE = "http://127.0.0.1:9/v1"


def ran(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def test_reelmock_is_clean_in_the_official_dialect(emulator: Emulator) -> None:
    key = fresh_key(emulator, dialect="openai-exact")

    outcome, report, beside = checked(asked(emulator.url, key, dialect="openai-exact"))

    assert set() == unlike(outcome), report
    assert 0 == outcome.exit_code
    assert (
        "will create 5 videos of 4 s by sora-2 at 720x1280 (about $2.00 at the published "
        "prices), and up to 7 more if what should be refused is taken (then about $4.80) "
        f"at {emulator.url}, and delete them afterwards." in beside
    )
    assert "openai-exact: clean; openai: clean; documented: clean" in report
    assert "5 videos made, 5 deleted" in report


@pytest.mark.parametrize("dialect", ["openai", "documented"])
def test_reelmock_is_clean_in_its_other_dialects_and_they_are_told_apart(
    emulator: Emulator, dialect: str
) -> None:
    key = fresh_key(emulator, dialect=dialect)

    outcome, report, _ = checked(
        asked(emulator.url, key, ["shape", "lifecycle"], dialect=dialect)
    )

    assert set() == unlike(outcome), report
    assert f"{dialect}: clean" in report
    assert "openai-exact: clean" not in report


def test_the_price_is_what_reelmock_counts(emulator: Emulator) -> None:
    key = fresh_key(emulator)

    checked(asked(emulator.url, key, ["paging"]))

    assert 0.8 == pytest.approx(emulator.project(key).spend.usd)


def test_a_gateway_with_its_own_ideas_reads_what_to_mend() -> None:
    gateway = Gateway()
    with serving(gateway) as url:
        outcome, report, _ = checked(asked(url, KEY))

    assert {
        "shape.create.form", "shape.create.status", "shape.create.defaults",
        "shape.create.echo", "shape.video.fields", "shape.video.types",
        "shape.video.extra", "shape.video.status",
        "lifecycle.begins", "lifecycle.completed", "lifecycle.delete.answer",
        "errors.unready.status", "errors.missing-prompt.status",
        "errors.bad-model.status", "errors.bad-size.status",
        "errors.bad-seconds.status", "errors.integer-seconds.status",
        "errors.unknown-parameter.status", "errors.malformed-json.status",
        "errors.bad-variant.status", "errors.envelope",
        "paging.list",
        "content.video.media-type", "content.video.bytes",
        "content.thumbnail.media-type", "content.thumbnail.bytes",
        "content.spritesheet.media-type", "content.spritesheet.bytes",
        "variants.remix.status", "variants.edit.status", "variants.extension.status",
    } == unlike(outcome)  # fmt: skip
    assert State.MISSING is state_of(outcome, "variants.remix.status")
    assert 1 == outcome.exit_code
    assert {} == gateway.tasks
    # Each line says what was asked and what came; the key is in none of them.
    assert '"error": {"message", "type", "param", "code"}' in report
    assert "request:  GET /videos/task-2/content?variant=poster" in report
    assert "answer:   200 text/html <h1>Log in</h1>" in report
    assert "seen:     without completed_at, error, expires_at" in report
    assert KEY not in report


def test_processing_is_no_difference_from_the_documented_dialect() -> None:
    with serving(Gateway()) as url:
        outcome, _, _ = checked(asked(url, KEY, ["shape"]))

    words = next(one for one in outcome.results if one.check.id == "shape.video.status")
    dialects = {one.seen.partition(" (")[0]: one.dialects for one in words.differences}
    assert {
        '"processing"': {"openai-exact", "openai"},
        '"pending", "succeeded"': set(DIALECTS),
    } == dialects


def test_junit_has_a_case_for_every_check(tmp_path: Path) -> None:
    file = tmp_path / "junit.xml"
    with serving(Gateway()) as url:
        done = ran(
            "--target", url, "--api-key", KEY, "--only", "errors", "--only", "variants",
            "--format", "junit", "--output", str(file),
        )  # fmt: skip

    assert 1 == done.exit_code, done.output
    assert "" == done.stdout
    assert "differences" in done.stderr
    suites = ElementTree.parse(file).getroot()  # noqa: S314 - we wrote it
    cases = {case.get("name"): case for case in suites.iter("testcase")}
    wanted = {one.id for one in CHECKS if one.group in ("errors", "variants")}
    assert wanted == set(cases)
    failure = cases["errors.bad-size.status"].find("failure")
    assert failure is not None
    assert "400 answers an unknown size: expected 400, saw 201" == failure.get(
        "message"
    )
    assert 'answer:   201 application/json {"id": "task-' in str(failure.text)
    assert "reelmock.check.errors" == cases["errors.bad-size.status"].get("classname")
    assert cases["errors.bad-size.error"].find("skipped") is not None
    for suite in suites:
        counted = [len(list(suite.iter(word))) for word in ("testcase", "failure")]
        assert [suite.get("tests"), suite.get("failures")] == list(map(str, counted))


def test_json_is_one_document_on_standard_output() -> None:
    with serving(Gateway()) as url:
        done = ran(
            "--target", url, "--api-key", KEY, "--only", "variants", "--format", "json"
        )

    document = json.loads(done.stdout)
    assert (1, 1) == (document["schema"], done.exit_code)
    assert {name: {"clean": False, "differences": 3} for name in DIALECTS} == (
        document["dialects"]
    )
    remix = document["checks"][0]
    assert ("variants.remix.status", "missing") == (remix["id"], remix["state"])
    [difference] = remix["differences"]
    assert ("missing", "404") == (difference["kind"], difference["seen"])
    assert difference["request"].startswith("POST /videos/task-1/remix")
    assert (["task-1"], []) == (document["made"], document["left"])


def test_elsewhere_nothing_is_created_without_a_yes() -> None:
    gateway = Gateway()
    with serving(gateway) as url:
        elsewhere = url.replace("127.0.0.1", "0.0.0.0")
        words = ("--target", elsewhere, "--api-key", KEY, "--only", "variants")
        refused, allowed = ran(*words), ran(*words, "--yes")

    assert 2 == refused.exit_code
    assert f"reelmock: {elsewhere} is not on this machine; say --yes" in refused.stderr
    assert 1 == allowed.exit_code
    # The form that it does not take, and then the one that it takes.
    assert 2 == next(gateway.created)


def test_what_is_to_be_kept_is_kept() -> None:
    gateway = Gateway()
    with serving(gateway) as url:
        outcome, report, beside = checked(asked(url, KEY, ["shape"], is_kept=True))

    assert ["task-1", "task-2"] == [made.id for made in outcome.left]
    assert ["task-1", "task-2"] == list(gateway.tasks)
    assert "left: task-1 (--keep)" in report
    assert "and leave them there." in beside


def test_what_cannot_be_deleted_is_told(emulator: Emulator) -> None:
    key = fresh_key(emulator)
    emulator.project(key).faults.add(operation="deleteVideo", status=500)

    outcome, report, _ = checked(asked(emulator.url, key, ["shape"]))

    assert 2 == len(outcome.left)
    assert f"left: {outcome.left[0].id} (DELETE answered 500)" in report


def test_a_create_whose_answer_is_lost_is_cleaned_up_too(emulator: Emulator) -> None:
    key = fresh_key(emulator)
    emulator.project(key).faults.add(
        operation="createVideo", status=500, after=True, times=1
    )

    outcome, _, _ = checked(asked(emulator.url, key, ["shape"]))

    assert {"shape.create.form"} == unlike(outcome)
    assert 3 == len(outcome.made)
    assert [] == outcome.left


@pytest.mark.judge
def test_what_takes_everything_makes_more_and_loses_it_again(
    emulator: Emulator,
) -> None:
    key = fresh_key(emulator, contract="loose")

    outcome, _, _ = checked(asked(emulator.url, key, ["errors"]))

    names = (
        "bad-model", "bad-size", "bad-seconds", "integer-seconds", "unknown-parameter",
    )  # fmt: skip
    assert {f"errors.{name}.status" for name in names} == unlike(outcome)
    assert (7, 0) == (len(outcome.made), len(outcome.left))


def test_without_a_server_or_with_a_wrong_key_nothing_can_be_run() -> None:
    nobody = ran("--target", NOWHERE, "--api-key", "k")
    with serving(Gateway()) as url:
        stranger = ran("--target", url, "--api-key", "sk-wrong-1234567")

    assert (2, 2) == (nobody.exit_code, stranger.exit_code)
    assert (
        f"reelmock: no server answers at {NOWHERE} (connection refused)\n"
        == nobody.stderr
    )
    assert f"reelmock: {url} refuses the key (401" in stranger.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["--target", "gateway:port/v1", "--api-key", "k"],
        ["--target", "http://gateway/v1?x=1", "--api-key", "k"],
        ["--target", NOWHERE, "--api-key", " "],
        ["--target", NOWHERE, "--api-key", "k", "--only", "everything"],
        ["--target", NOWHERE, "--api-key", "k", "--dialect", "klingon"],
        ["--target", NOWHERE, "--api-key", "k", "--timeout", "0"],
        ["--target", NOWHERE],
    ],
)
def test_bad_flags_are_refused(words: list[str]) -> None:
    assert 2 == ran(*words).exit_code


def test_a_report_that_cannot_be_written_is_refused_first(tmp_path: Path) -> None:
    done = ran(
        "--target", NOWHERE, "--api-key", "k", "--output", str(tmp_path / "no" / "file")
    )

    assert (2, 1) == (done.exit_code, done.stderr.count("\n"))
    assert "No such file or directory" in done.stderr


@pytest.mark.parametrize(
    ("status", "kind"), [(200, "text/html"), (302, "text/html"), (503, "text/plain")]
)
def test_a_server_of_something_else_is_different_and_breaks_nothing(
    status: int, kind: str
) -> None:
    def answer(request: object, path: str, body: bytes) -> None:
        told(request, status, b"<h1>Welcome</h1>", kind, location="/v1/videos")

    with serving(answer) as url:
        outcome, report, _ = checked(asked(url, KEY, timeout=2.0))

    assert 1 == outcome.exit_code
    assert 0 == outcome.count(State.BROKEN, "openai"), report
    assert {"shape.create.form", "shape.create.json"} <= unlike(outcome)


def test_the_flags_know_what_the_checks_know() -> None:
    assert GROUPS == tuple(Group)
    assert DIALECTS == tuple(Dialect)
    assert set(GROUPS) == {one.group for one in CHECKS}
    assert ["text", "json", "junit"] == list(Form)


def test_the_judge_knows_pictures_clips_and_neither() -> None:
    judge = judge_of(Programs())

    assert None is judge(b"<html>").media_type
    assert judge(b"\xff\xd8\xff and no more").problem is not None
    assert judge(b"\0\0\0\x18ftypisom and no more").problem is not None
