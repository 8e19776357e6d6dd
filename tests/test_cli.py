"""The command line: its help, its refusals, its greeting, and the demo."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from openai import OpenAI

from reelmock import Emulator, cli
from reelmock.api.rules import RULES
from reelmock.settings import FLAGS, Settings, flag_of, variable_of

Run = Callable[..., subprocess.CompletedProcess[str]]

SECONDS = 30
"""What no command may take here."""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, and none of our variables."""
    for name in [*Settings.model_fields, "test_scale"]:
        monkeypatch.delenv(variable_of(name), raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run() -> Run:
    """Runs `reelmock` to its end, in a process of its own."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "reelmock", *arguments],
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )

    return run


@pytest.fixture
def tell(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """Runs `reelmock` in this process: for what ends before a server is begun."""
    # A flag that is taken after all starts one, which a signal ends.
    late = threading.Timer(SECONDS, os.kill, (os.getpid(), signal.SIGTERM))
    late.start()

    def tell(*arguments: str) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["reelmock", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        code, told = ended.value.code or 0, capsys.readouterr()
        return subprocess.CompletedProcess(arguments, code, told.out, told.err)

    yield tell
    late.cancel()


@pytest.fixture
def greeting() -> Iterator[Callable[..., list[str]]]:
    """Starts `reelmock serve` and returns the four lines it greets with."""
    started: list[subprocess.Popen[str]] = []

    def serve(*arguments: str) -> list[str]:
        command = [sys.executable, "-m", "reelmock", "serve", "--port", "0"]
        process = subprocess.Popen(
            [*command, *arguments], stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return [process.stdout.readline().rstrip("\n") for _ in range(4)]

    yield serve
    for process in started:
        process.send_signal(signal.SIGTERM)
    try:
        assert [0 for _ in started] == [process.wait(15) for process in started]
    finally:
        for process in started:
            process.kill()
            process.wait()
            process.stdout.close()


def is_refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """One clear line that holds these words, and exit code 2."""
    lines = done.stderr.splitlines()
    assert 2 == done.returncode, done.stderr
    assert 1 == len(lines), lines
    assert lines[0].startswith("reelmock: ")
    assert [] == [word for word in words if word not in lines[0]], lines
    assert "" == done.stdout


def test_every_setting_is_a_flag_in_the_help_with_its_variable(tell):
    told = " ".join(tell("serve", "--help").stdout.split())

    for name in FLAGS:
        described = Settings.model_fields[name]
        assert flag_of(name) in told
        assert f"[{variable_of(name)}]" in told
        assert described.description in told


def test_every_command_has_help_in_words(tell):
    told = tell("--help").stdout
    commands = [line.split() for line in told.partition("Commands:")[2].splitlines()]

    assert {"serve", "demo"} <= {words[0] for words in commands if words}
    for name, *summary in filter(None, commands):
        assert summary, name
        done = tell(name, "--help")
        assert 0 == done.returncode
        assert summary[0] in done.stdout


def test_completion_can_be_shown_and_installed(tell):
    told = tell("--help").stdout

    assert "--install-completion" in told
    assert "--show-completion" in told


def test_no_help_shows_a_python_type(tell):
    assert "list[str]" not in tell("serve", "--help").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--bogus"], ["--bogus"]),
        (["--prot", "1"], ["--prot", "--port"]),
        (["extra"], ["extra"]),
        (["--rate-limit", "--prot", "1"], ["--prot", "--port"]),
        (["--port", "many"], ["--port", "many"]),
        (["--port", "65536"], ["--port", "65535", "65536"]),
        (["--pace", "slow"], ["--pace", "slow", "realistic"]),
        (["--rate-limit", "often"], ["--rate-limit", "tier-1", "often"]),
        (["--enforce", "sunsett"], ["--enforce", "sunset", "reelmock rules"]),
    ],
    ids=lambda value: " ".join(value),
)
def test_a_bad_flag_is_refused_in_one_line(tell, arguments, words):
    is_refused(tell("serve", *arguments), *words)


@pytest.mark.judge
@pytest.mark.parametrize(
    "flags", [["--rate-limit"], ["--rate-limit", "catalog"], ["--rate-limit", "25"]]
)
def test_a_rate_limit_alone_is_the_catalogs(greeting, flags):
    address = greeting("--ephemeral", *flags)[0].split()[3].rstrip(",")
    told = httpx.get(f"{address}/v1/videos", headers={"Authorization": "Bearer k"})

    assert "25" == told.headers["x-ratelimit-limit-requests"]


@pytest.mark.judge
def test_a_host_that_is_nowhere_is_refused_in_one_line(run):
    is_refused(run("serve", "--host", "no.such.host.invalid"), "no.such.host.invalid")


def test_rules_prints_the_contract_whole_in_a_pipe(tell):
    told = tell("rules").stdout

    assert all(name in told for name in RULES)
    assert "Unknown parameter: '{param}'." in told
    assert json.loads(tell("rules", "--format", "json").stdout)[0]["rule"] in RULES


def test_an_unknown_command_is_refused_in_one_line(tell):
    is_refused(tell("server"), "server")


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("REELMOCK_PROT", "1", ["REELMOCK_PORT"]),
        ("REELMOCK_PORT", "many", ["many"]),
        ("REELMOCK_EPHEMERAL", "perhaps", ["perhaps"]),
    ],
)
def test_a_bad_variable_is_refused_in_one_line(
    tell, monkeypatch, variable, value, words
):
    monkeypatch.setenv(variable, value)

    is_refused(tell("serve"), variable, *words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("prot = 1", ["prot", "port"]),
        ("port = ", ["TOML"]),
    ],
)
def test_a_bad_file_is_refused_in_one_line(tell, elsewhere, text, words):
    (elsewhere / "reelmock.toml").write_text(text)

    is_refused(tell("serve", "--ephemeral"), "reelmock.toml", *words)


def test_a_data_directory_that_cannot_be_is_refused_in_one_line(run, elsewhere):
    (elsewhere / "file").write_text("no folder")

    is_refused(run("serve", "--port", "0", "--data", "file"), "file")


@pytest.mark.sdk
def test_the_greeting_says_what_an_sdk_needs(greeting, monkeypatch):
    first, *exports, last = greeting("--ephemeral", "--pace", "instant")
    for line in exports:
        name, _, value = line.removeprefix("  export ").partition("=")
        monkeypatch.setenv(name, value)

    with OpenAI() as client:
        assert [] == list(client.videos.list())
        assert first.startswith(f"Reelmock listens on {client.base_url.scheme}://")
        assert f":{client.base_url.port}," in first
    dashboard = last.removeprefix("The dashboard: ")
    assert (
        "text/html"
        in httpx.get(dashboard, follow_redirects=True).headers["content-type"]
    )


def test_the_greeting_says_where_the_state_is_and_shows_a_required_key_to_no_log(
    greeting, elsewhere
):
    folder = elsewhere / "state"
    (elsewhere / "reelmock.toml").write_text(f"data = '{folder}'\nephemeral = false")
    told = greeting("--require-key", "open-sesame")

    assert str(folder) in told[0]
    assert (folder / "reelmock.db").is_file()
    assert [] == [line for line in told if "sesame" in line]
    assert "export OPENAI_API_KEY='<a key you required>'" == told[2].strip()


def test_a_dashboard_that_is_closed_is_not_spoken_of():
    everywhere = {"host": "0.0.0.0"}
    with (
        Emulator(**everywhere) as shut,
        Emulator(**everywhere, admin_token="t") as ajar,
    ):
        assert None is shut.dashboard
        assert 403 == httpx.get(f"{shut.address}/_reelmock/ui/").status_code
        assert f"{ajar.address}/_reelmock/ui/" == ajar.dashboard


@pytest.mark.judge
@pytest.mark.sdk
def test_the_demo_makes_six_files(run, elsewhere):
    done = run("demo", "--folder", "made")
    files = sorted((elsewhere / "made").iterdir())

    assert 0 == done.returncode, done.stderr
    assert 2 * [".jpg", ".mp4", ".webp"] == [
        file.suffix for file in sorted(files, key=lambda f: (f.name[:30], f.suffix))
    ]
    assert all(file.stat().st_size > 1000 for file in files)
    assert all(file.name in done.stdout for file in files)
    assert "" == done.stderr


def test_the_demo_without_the_sdk_says_what_to_install(elsewhere, run, monkeypatch):
    (elsewhere / "sitecustomize.py").write_text(
        "import sys\nsys.modules['openai'] = None"
    )
    path = os.pathsep.join([str(elsewhere), *filter(None, [os.getenv("PYTHONPATH")])])  # noqa: TID251 - what there is stays
    monkeypatch.setenv("PYTHONPATH", path)
    done = run("demo")

    assert 1 == len(done.stderr.splitlines()), done.stderr
    assert "pip install 'reelmock[demo]'" in done.stderr
    assert done.returncode != 0
    assert not (elsewhere / "reelmock-demo").exists()
