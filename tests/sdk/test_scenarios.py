"""Scenario files through a server, as the official client meets what they say."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from openai import APIStatusError, NotFoundError, OpenAI
from openai.types import Video

from reelmock import Emulator
from reelmock.domain.errors.control import ScenarioInvalid, ScenarioUnknown
from reelmock.handles import ProjectHandle

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
Wire = Callable[..., httpx.Client]
Refused = Callable[..., APIStatusError]

NOON = "2026-03-12T12:00:00Z"
BAD = "rules:\n  - name: stuck\n    plan:\n      stcuk: 99\n"
ERROR = "own.yaml:4:7: 'plan' knows no word 'stcuk'. Did you mean 'stuck'?"


@pytest.fixture
def project(waiting: Emulator, key: str) -> ProjectHandle:
    return waiting.project(key)


@pytest.fixture
def use(project: ProjectHandle) -> Callable[..., None]:
    """Have rules hold, each written in one line in the flow style of YAML."""
    return lambda *rules: project.scenarios.use(written(*rules))


Use = Callable[..., None]


def written(*rules: str) -> str:
    return "rules:\n" + "".join(f"- {{{rule}}}\n" for rule in rules)


def outcome(call: Callable[[], object]) -> object:
    """The status that a call was refused with, or "ok"."""
    try:
        call()
    except APIStatusError as error:
        return error.status_code
    return "ok"


def polls(client: OpenAI, video: str, times: int) -> list[object]:
    return [outcome(lambda: client.videos.retrieve(video)) for _ in range(times)]


def test_the_first_rule_that_matches_wins_and_the_journal_says_why(
    use: Use, project: ProjectHandle, patient: OpenAI
) -> None:
    use(
        "name: boats, when: {prompt: boat}, plan: {stuck: 1}",
        "name: kites, when: {prompt: KITE}, plan: {stuck: 2, queue: 0, render: 0}",
        "name: rest, plan: {stuck: 3, queue: 0, render: 0}",
    )
    project.clock.freeze(NOON)
    made = [patient.videos.create(prompt=one) for one in ("Two kites", "The sea")]

    assert [2, 3] == [patient.videos.retrieve(one.id).progress for one in made]
    first, second = project.journal.creates
    assert ("scenarios: kites", "scenarios: rest") == (first.rule, second.rule)
    passed = (("scenarios: boats", "prompt does not contain 'boat'"),)
    assert passed == first.passed
    assert {"scenarios: kites": 1, "scenarios: rest": 1} == project.scenarios.applied()


@pytest.mark.parametrize(
    ("rules", "seen"),
    [
        (["times: 2, when: {operation: getVideo}, fault: {status: 503}",
          "times: 1, when: {operation: GETVIDEO}, fault: {status: 502}"],
         [503, 503, 502, "ok", "ok", "ok"]),
        (["when: {operation: getVideo, nth: [2, 5]}, fault: {status: 503}"],
         ["ok", 503, "ok", "ok", 503, "ok"]),
        (["when: {operation: getVideo, every: 3}, fault: {status: 503}"],
         ["ok", "ok", 503, "ok", "ok", 503]),
        (["when: {operation: getVideo, every: 2}, times: 1, fault: {status: 503}",
          "when: {operation: getVideo, nth: 4}, fault: {status: 500}"],
         ["ok", 503, "ok", "ok", 500, "ok"]),
        (["when: {operation: getVideo, probability: 1}, fault: {status: 503}"], 6 * [503]),
        (["when: {operation: getVideo, probability: 0}, fault: {status: 503}"], 6 * ["ok"]),
    ],
)  # fmt: skip
def test_rules_apply_as_often_as_they_say(
    rules: list[str], seen: list[object], use: Use, patient: OpenAI
) -> None:
    use(*rules)
    video = patient.videos.create(prompt="A kite")

    assert seen == polls(patient, video.id, 6)


def test_what_is_counted_is_like_the_rest_of_the_rule(
    use: Use, patient: OpenAI
) -> None:
    use("when: {operation: getVideo, prompt: kite, nth: 2}, fault: {status: 503}")
    kite, sea = (patient.videos.create(prompt=one) for one in ("A kite", "The sea"))
    seen = [polls(patient, one.id, 1)[0] for one in (sea, kite, sea, sea, kite, kite)]

    assert ["ok", "ok", "ok", "ok", 503, "ok"] == seen


@pytest.mark.parametrize(
    ("when", "asked"),
    [
        ("model: sora-2-p*", {"model": "sora-2-pro"}),
        ("size: 1280x720", {"size": "1280x720"}),
        ("seconds: 8", {"seconds": "8"}),
        ("seconds: '8'", {"seconds": "8"}),
        ("header: {x-tenant: 'a*'}", {"extra_headers": {"X-Tenant": "acme"}}),
        ("prompt: '/^two (kites|boats)$/i'", {"prompt": "Two boats"}),
        ("key: 'sk-test-*'", {}),
        ("operation: [remixVideo, createVideo]", {}),
    ],
)  # fmt: skip
def test_a_create_is_matched_by_what_it_asks_for(
    when: str, asked: dict[str, object], use: Use, patient: OpenAI
) -> None:
    use(f"when: {{{when}}}, plan: {{queue: 7}}", "fault: {status: 418}")
    wanted = {"prompt": "A kite"} | asked

    assert "ok" == outcome(lambda: patient.videos.create(**wanted))  # type: ignore[arg-type]
    if asked:
        assert 418 == outcome(lambda: patient.videos.create(prompt="A kite"))


def test_keys_of_one_project_are_told_apart(
    serve: Callable[..., Emulator], caller: Caller
) -> None:
    running = serve(one_project=True)
    one, other = caller(running, "sk-one"), caller(running, "sk-other")
    running.project("any").scenarios.use(
        written("when: {operation: getVideo, key: 'sk-on*'}, fault: {status: 503}")
    )
    video = one.videos.create(prompt="A kite").id

    assert [503, "ok"] == [polls(client, video, 1)[0] for client in (one, other)]


def test_polls_and_downloads_are_matched_by_the_prompt_of_their_video(
    use: Use, patient: OpenAI
) -> None:
    use(
        r"when: {operation: [getVideo, getVideoContent], prompt: '/\bkite\b/'}, "
        "fault: {status: 418}",
        "when: {variant: thumbnail}, fault: {status: 417}",
    )
    kite, sea = (patient.videos.create(prompt=one) for one in ("A kite!", "Kites"))

    def asked(video: Video) -> list[object]:
        content = patient.videos.download_content
        return [
            *polls(patient, video.id, 1),
            outcome(lambda: content(video.id)),
            outcome(lambda: content(video.id, variant="thumbnail")),
        ]

    assert ([418] * 3, ["ok", 404, 417]) == (asked(kite), asked(sea))


def test_a_rule_about_one_video_is_about_no_other(use: Use, patient: OpenAI) -> None:
    mine, other = (patient.videos.create(prompt="x").id for _ in range(2))
    use(f"when: {{video: {mine}}}, fault: {{status: 503}}")

    assert [503, "ok"] == [polls(patient, one, 1)[0] for one in (mine, other)]
    assert 503 == outcome(lambda: patient.videos.delete(mine))


@pytest.fixture(scope="module")
def small(server: Emulator, caller: Caller, tiny: dict[str, object]) -> bytes:
    """A clip of another size and length than what it will be the video of."""
    videos = caller(server, "sk-test-of-a-small-clip").videos
    made = videos.create_and_poll(prompt="x", poll_interval_ms=10, **tiny)  # type: ignore[arg-type]
    return videos.download_content(made.id).content + b"\0\0\0\x0cfreeABCD"


@pytest.fixture
def own(small: bytes, tmp_path: Path) -> Path:
    """A clip of the user's in a folder."""
    file = tmp_path / "clips" / "own.mp4"
    file.parent.mkdir()
    file.write_bytes(small)
    return file


@pytest.mark.parametrize("way", ["beside the file", "in --media", "of a project"])
def test_a_file_of_the_users_is_what_content_returns(
    way: str, own: Path, serve: Callable[..., Emulator], caller: Caller, tmp_path: Path
) -> None:
    beside = "clips/" if way == "beside the file" else ""
    text = written(
        f"when: {{prompt: mine}}, media: {beside}own.mp4, plan: {{expires: 9}}"
    )
    file = tmp_path / "own.yaml"
    file.write_text(text)
    given = {} if way == "of a project" else {"scenario": [str(file)]}
    media = own.parent if way != "beside the file" else None
    running = serve(pace="instant", media=media, **given)
    if way == "of a project":
        running.project("sk-a").scenarios.use(text)
    client, content = caller(running, "sk-a"), own.read_bytes()
    video = client.videos.create_and_poll(prompt="mine", poll_interval_ms=10)
    own.unlink()

    def download(variant: str = "video") -> bytes:
        return client.videos.download_content(video.id, variant=variant).content

    assert (content, 9) == (download(), video.expires_at - video.completed_at)  # type: ignore[operator]
    assert b"RIFF" == download("thumbnail")[:4]
    assert b"\xff\xd8" == download("spritesheet")[:2]
    assert content == download()


def test_a_file_of_the_users_need_not_even_be_a_whole_clip(
    serve: Callable[..., Emulator], caller: Caller, tmp_path: Path
) -> None:
    (tmp_path / "fake.mp4").write_bytes(b"\0\0\0\x14ftypisom\0\0\0\0isom")
    running = serve(pace="instant", media=tmp_path)
    running.project("sk-a").scenarios.use(written("media: fake.mp4"))
    videos = caller(running, "sk-a").videos
    video = videos.create_and_poll(prompt="A kite", poll_interval_ms=10)
    sent = {
        one: videos.download_content(video.id, variant=one).content[:4]
        for one in ("video", "thumbnail", "spritesheet")
    }

    assert {"video": b"\0\0\0\x14", "thumbnail": b"RIFF",
            "spritesheet": b"\xff\xd8\xff\xe0"} == sent  # fmt: skip


def test_a_file_that_is_gone_before_its_render_fails_the_video(
    own: Path, serve: Callable[..., Emulator], caller: Caller
) -> None:
    running = serve(pace="instant", media=own.parent)
    running.project("sk-a").scenarios.use(written("media: own.mp4"))
    own.unlink()
    video = caller(running, "sk-a").videos.create_and_poll(prompt="mine")

    assert ("failed", "video_generation_failed") == (video.status, video.error.code)  # type: ignore[union-attr]


def test_a_scenario_of_a_project_outlives_a_restart_and_keeps_its_names(
    serve: Callable[..., Emulator], caller: Caller, tmp_path: Path
) -> None:
    data, file = tmp_path / "data", tmp_path / "mine.yaml"
    file.write_text(
        written("name: tea, when: {operation: getVideo}, fault: {status: 418}")
    )
    seen = []
    for number in range(2):
        with Emulator(data=data, pace="realistic") as running:
            client, project = caller(running, "sk-a"), running.project("sk-a")
            if number == 0:
                project.scenarios.use(file)
                video = client.videos.create(prompt="A kite [reelmock stuck=5]").id
                file.unlink()
            seen += polls(client, video, 1)
            assert {"mine: tea": 1} == project.scenarios.applied()

    assert [418, 418] == seen


def test_files_of_the_server_are_asked_in_order_and_a_projects_own_instead(
    serve: Callable[..., Emulator], caller: Caller, tmp_path: Path
) -> None:
    rule = "when: {operation: getVideo}, times: 1, fault: {status: %s}"
    for name, status in (("a", 501), ("b", 502), ("c", 503)):
        (tmp_path / f"{name}.yaml").write_text(written(rule % status))
    running = serve(scenario=[str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml")])
    client, project = caller(running, "sk-a"), running.project("sk-a")
    video = client.videos.create(prompt="A kite").id
    other = caller(running, "sk-b")

    assert [501, 502, "ok"] == polls(client, video, 3)
    project.scenarios.use(tmp_path / "c.yaml")
    assert [503, "ok"] == polls(client, video, 2)
    assert 501 == outcome(lambda: other.videos.retrieve("video_1"))
    project.scenarios.clear()
    assert [501, 502, "ok"] == polls(client, video, 3)


def test_another_scenario_for_everybody_is_counted_from_the_beginning(
    serve: Callable[..., Emulator], caller: Caller
) -> None:
    running = serve()
    client = caller(running)
    video = client.videos.create(prompt="A kite").id
    text = written("when: {operation: getVideo}, times: 1, fault: {status: 503}")
    seen = []
    for _ in range(2):
        running.scenarios.use(text)
        seen += polls(client, video, 2)
    running.scenarios.clear()

    assert [503, "ok", 503, "ok", "ok"] == [*seen, *polls(client, video, 1)]


def test_a_scenario_that_is_none_is_refused_and_the_old_one_stays(
    use: Use, project: ProjectHandle, patient: OpenAI
) -> None:
    use("when: {operation: getVideo}, fault: {status: 418}")
    video = patient.videos.create(prompt="A kite").id
    for wrong, kind in ((BAD, ScenarioInvalid), ("sutck", ScenarioUnknown)):
        with pytest.raises(kind):
            project.scenarios.use(wrong)

    assert [418] == polls(patient, video, 1)


def test_a_mistake_in_a_file_stops_the_start_with_its_line_and_column(
    tmp_path: Path,
) -> None:
    (tmp_path / "own.yaml").write_text(BAD)
    done = subprocess.run(
        [sys.executable, "-m", "reelmock", "serve", "--scenario", "own.yaml",
         "--ephemeral", "--port", "0"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert (2, "") == (done.returncode, done.stdout)
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"reelmock: {ERROR}")


def test_two_files_of_one_name_stop_the_start(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "own.yaml").write_text("rules: []\n")
    files = [str(tmp_path / folder / "own.yaml") for folder in ("a", "b")]

    with pytest.raises(ScenarioInvalid, match="two scenarios named 'own'"):
        Emulator(scenario=files).start()


def test_a_rule_for_lost_videos_is_met_by_whoever_asks(
    use: Use, patient: OpenAI, refused: Refused
) -> None:
    use("when: {operation: getVideo, nth: 1}, fault: {lost: true}")
    video = patient.videos.create(prompt="A kite").id

    refused(NotFoundError, lambda: patient.videos.retrieve(video))
    assert ["ok"] == polls(patient, video, 1)
