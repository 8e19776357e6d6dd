"""The plugin in suites as users write them, each run by pytest in a process of its own."""

import re
from xml.etree import ElementTree as Xml

import pytest
from PIL import Image

from suites import Suite

GOOD = """
import asyncio, os, sys, unittest
from datetime import datetime, timezone
from pathlib import Path

import pytest
from openai import OpenAI

SCENARIO = "rules:\\n- name: kites fail\\n  when: {prompt: kite}\\n  plan: {fail: moderation_blocked}\\n"
(Path(__file__).parent / "kites.yaml").write_text(SCENARIO)
os.environ["OPENAI_PROJECT_ID"] = os.environ["OPENAI_ORG_ID"] = "of the user"
TINY = {"prompt": "A kite", "size": "16x16", "seconds": "1"}
seen = {}

@pytest.fixture(autouse=True)
def the_variables_are_as_before():
    before = dict(os.environ)
    yield
    before["PYTEST_CURRENT_TEST"] = os.environ["PYTEST_CURRENT_TEST"]
    assert before == dict(os.environ)

@pytest.mark.parametrize("word", ["one", "other"])
def test_every_test_has_a_project_of_its_own(reelmock, reelmock_openai, word):
    seen[word] = reelmock.api_key
    reelmock_openai.videos.create(prompt=word)
    reelmock.assert_called("createVideo", times=1)
    assert 1 == len(reelmock.spend.videos)
    assert reelmock.url.endswith("/v1")

def test_so_its_key_is_its_own(reelmock, reelmock_server):
    assert reelmock.api_key not in seen.values() and 2 == len(set(seen.values()))
    assert [] == reelmock_server.project(seen["one"]).videos(), "it was put away"
    assert reelmock_server.url == reelmock.url

@pytest.mark.reelmock(env=True)
def test_the_variables_are_set(reelmock):
    assert "OPENAI_PROJECT_ID" not in os.environ and "OPENAI_ORG_ID" not in os.environ
    with OpenAI() as client:
        client.videos.create(prompt="A boat")
    reelmock.assert_called("createVideo", prompt="A boat")

@pytest.mark.reelmock(env=True)
def test_who_is_marked_has_it_without_naming_it(request):
    assert "OPENAI_BASE_URL" in os.environ
    assert request.getfixturevalue("reelmock").url == os.environ["OPENAI_BASE_URL"]

def test_others_are_left_alone():
    assert "OPENAI_BASE_URL" not in os.environ

@pytest.mark.reelmock(pace="instant", contract="loose", dialect="documented", budget=0.15)
def test_terms_and_a_budget(reelmock, reelmock_openai):
    video = reelmock_openai.videos.create(**TINY)
    reelmock.clock.advance(1)
    assert "completed" == reelmock_openai.videos.retrieve(video.id).status
    assert video.model_extra and 0.15 == reelmock.spend.budget

def test_by_default_it_is_strict_and_exact(reelmock_openai):
    with pytest.raises(Exception, match="Invalid value: '1'"):
        reelmock_openai.videos.create(**TINY)
    video = reelmock_openai.videos.create(prompt="A boat")
    assert "queued" == video.status and not video.model_extra

@pytest.mark.reelmock(scenario="moderation-at-submit")
def test_a_scenario_by_name(reelmock):
    assert reelmock.scenarios.applied()

@pytest.mark.reelmock(scenario="kites.yaml", frozen="2026-03-12T12:00:00Z")
def test_a_scenario_of_a_file_beside_it(reelmock, reelmock_openai):
    video = reelmock_openai.videos.create(prompt="A kite")
    assert datetime(2026, 3, 12, 12, tzinfo=timezone.utc) == reelmock.clock.now
    reelmock.clock.advance(60)
    assert "moderation_blocked" == reelmock_openai.videos.retrieve(video.id).error.code

@pytest.mark.reelmock(frozen=True)
def test_a_clock_that_stands(reelmock):
    assert reelmock.clock.is_frozen and reelmock.clock.now == reelmock.clock.now
    assert reelmock.api_key not in seen.values(), "also when it is run again"
    seen[len(seen)] = reelmock.api_key

@pytest.mark.reelmock(frozen=datetime(2026, 3, 12, tzinfo=timezone.utc))
def test_an_instant(reelmock):
    assert 2026 == reelmock.clock.now.year and reelmock.clock.is_frozen

@pytest.mark.reelmock(pace="manual", frozen=True, contract="loose")
class TestMarksOfAClass:
    def test_they_hold(self, reelmock, reelmock_openai):
        reelmock_openai.videos.create(**TINY)
        assert reelmock.clock.is_frozen

    @pytest.mark.reelmock(frozen=False, pace="instant")
    def test_the_nearest_wins_and_the_others_stay(self, reelmock, reelmock_openai):
        assert not reelmock.clock.is_frozen
        video = reelmock_openai.videos.create(**TINY)
        reelmock.clock.advance(1)
        assert "completed" == reelmock_openai.videos.retrieve(video.id).status

@pytest.mark.reelmock(env=True)
class TestOfUnittest(unittest.TestCase):
    def test_it_has_the_variables(self):
        with OpenAI() as client:
            self.assertEqual("queued", client.videos.create(prompt="A boat").status)

    @pytest.fixture(autouse=True)
    def hold(self, reelmock):
        self.reelmock = reelmock

    def test_and_the_project_by_a_fixture(self):
        self.reelmock.assert_not_called("createVideo")

@pytest.mark.reelmock(pace="instant", contract="loose")
def test_an_async_client_leaves_nothing_open(reelmock_async_openai):
    async def use():
        video = await reelmock_async_openai.videos.create_and_poll(**TINY)
        content = await reelmock_async_openai.videos.download_content(video.id)
        await reelmock_async_openai.videos.delete(video.id)
        return content.content
    assert b"ftyp" == asyncio.run(use())[4:8]
    assert b"ftyp" == asyncio.run(use())[4:8], "in another loop"

@pytest.mark.anyio
async def test_also_in_a_loop_of_anyio(reelmock_async_openai, reelmock):
    await reelmock_async_openai.videos.create(prompt="A boat")
    reelmock.assert_called("createVideo")

@pytest.fixture
def anyio_backend():
    return "asyncio"

def test_without_the_sdk_only_its_fixtures_fail(reelmock, request, monkeypatch):
    monkeypatch.setitem(sys.modules, "openai", None)
    for name in ("reelmock_openai", "reelmock_async_openai"):
        with pytest.raises(pytest.fail.Exception, match="pip install openai"):
            request.getfixturevalue(name)
"""

AGAIN = """
def pytest_collection_modifyitems(items):
    items += [one for one in items if "clock_that_stands" in one.name]
"""


@pytest.mark.judge
def test_a_suite_has_all_that_it_asks_for(suite: Suite) -> None:
    """With every warning an error: nothing is left open."""
    ran = suite(test_good=GOOD, conftest=AGAIN)("-W", "error", "-q")

    assert "20 passed" == ran.last, ran.out
    assert 0 == ran.code
    assert re.search(r"\d+ videos in 19 tests would have cost \$\d", ran.out), ran.out


UNHAPPY = """
import os, signal
import psutil, pytest

pytestmark = pytest.mark.reelmock(contract="loose")
TINY = {"prompt": "A kite", "size": "32x16", "seconds": "1"}

@pytest.fixture
def made(reelmock, reelmock_openai):
    return reelmock_openai.videos.create(**TINY)

@pytest.fixture
def broken(reelmock, made):
    reelmock.fail(made.id, "mine")
    raise RuntimeError("in the setup")

def test_fails(reelmock, made, reelmock_openai):
    reelmock.complete(made.id)
    for _ in range(3):
        reelmock_openai.videos.retrieve(made.id)
    reelmock.faults.add(operation="deleteVideo", status=503)
    reelmock_openai.with_options(max_retries=0).videos.delete(made.id)

def test_setup(broken): pass
@pytest.mark.reelmock(pase="fast")
def test_unknown(): pass
@pytest.mark.reelmock("fast")
def test_positional(): pass
@pytest.mark.reelmock(pace="swift")
def test_pace(): pass
@pytest.mark.reelmock(scenario="nope.yaml")
def test_file(): pass
@pytest.mark.reelmock(frozen="noon")
def test_noon(): pass

def test_server_is_gone(reelmock):
    for one in psutil.Process().children():
        one.kill()
        one.wait()
    assert False, "as it must"
"""

SENTENCES = (
    "@pytest.mark.reelmock: there is no 'pase'; did you mean pace?",
    "@pytest.mark.reelmock('fast'): name what it is, as "
    "@pytest.mark.reelmock(pace='instant')",
    "pace: there is no 'swift'. It is one of: instant, fast, realistic, manual.",
    "@pytest.mark.reelmock(scenario='nope.yaml'): there is no such file in ",
    "at: Input should be a valid datetime",
)


@pytest.mark.judge
def test_what_fails_shows_its_journal_and_the_slates(suite: Suite) -> None:
    """In the terminal and in a JUnit XML, also when the setup failed, and when no server
    is there any more."""
    ran = suite(test_unhappy=UNHAPPY)("--junitxml=out.xml")
    cases = {
        one.get("name"): "".join(one.itertext())
        for one in Xml.parse("out.xml").iter("testcase")  # noqa: S314 - ours
    }

    assert (1, "2 failed, 7 errors") == (ran.code, ran.last), ran.out
    assert "INTERNALERROR" not in ran.out
    assert "_project]" not in ran.out, "no line of the plugin's own is shown"
    for told in (ran.out, cases["test_fails"]):
        assert re.search(r"\d\d:\d\d:\d\d #1 createVideo POST /v1/videos -> 200", told)
        assert re.search(r"#2 getVideo .* -> 200 x3 \[completed\]", told)
        assert 'body: {"prompt": "A kite", "seconds": "1", "size": "32x16"}' in told
        assert "warning: size-free: Invalid value: '32x16'." in told
        assert re.search(r"#3 deleteVideo DELETE .* -> 503\n +answer: ", told)
        assert "fault of fault_" in told
    [slate] = re.findall(r"slate: (\S+\.webp)", cases["test_fails"])
    with Image.open(slate) as picture:
        assert ("WEBP", (32, 16)) == (picture.format, picture.size)
    assert ' failed (mine), sora-2 32x16 1 s: "A kite"' in cases["test_setup"]
    assert "#1 createVideo" in cases["test_setup"]
    for sentence in SENTENCES:
        assert f"\n{sentence}" in ran.out
    assert "nothing can be told of the project: no Reelmock answers" in ran.out
    assert "1 video in 2 tests would have cost $0.10." in ran.out


SPREAD = """
import pytest

@pytest.mark.parametrize("number", range(6))
@pytest.mark.reelmock(pace="instant", contract="loose")
def test_spread(reelmock, reelmock_openai, reelmock_server, worker_id, number):
    tiny = {"prompt": f"Kite {number}", "size": "16x16", "seconds": "1"}
    video = reelmock_openai.videos.create(**tiny)
    reelmock.clock.advance(1)
    reelmock_openai.videos.retrieve(video.id)
    assert [video.id] == [one["id"] for one in reelmock.videos()]
    print(f"at {reelmock_server.address} of {worker_id}")
"""


@pytest.mark.judge
def test_all_workers_share_one_server_and_are_told_of_as_one_run(
    suite: Suite,
) -> None:
    ran = suite(test_spread=SPREAD)("-n", "2", "--dist", "load", "-rP")
    told = re.findall(r"^at (http://\S+) of (gw\d)$", ran.out, re.MULTILINE)

    assert (0, 6) == (ran.code, len(told)), ran.out
    assert (1, 2) == tuple(len(set(found)) for found in zip(*told, strict=True))
    assert "6 videos in 6 tests would have cost $0.60." in ran.out
    assert 1 == ran.out.count("The doctor found")
    assert "never-deletes" in ran.out


UNUSED = """
import sys, psutil

def test_nothing_is_paid_for():
    ours = {name for name in sys.modules if name.partition(".")[0] == "reelmock"}
    assert {"reelmock", "reelmock.pytest_plugin"} >= ours
    assert not {"httpx", "fastapi", "openai", "PIL", "pydantic"} & set(sys.modules)
    assert [] == psutil.Process().children()
"""


def test_who_does_not_use_it_pays_for_one_module(suite: Suite) -> None:
    ran = suite(test_unused=UNUSED)("-p", "no:anyio")

    assert (0, "1 passed") == (ran.code, ran.last), ran.out
    assert "would have cost" not in ran.out


def test_who_does_not_want_it_has_none_of_it(suite: Suite) -> None:
    words = "import sys\ndef test_none(pytestconfig):\n"
    words += (
        "    assert not {'reelmock', 'reelmock.pytest_plugin'} & set(sys.modules)\n"
    )
    words += "def test_fixture(reelmock): pass\n"
    ran = suite(test_out=words)("-p", "no:reelmock")

    assert (1, "1 passed, 1 error") == (ran.code, ran.last), ran.out
    assert "fixture 'reelmock' not found" in ran.out
