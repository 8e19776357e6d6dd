"""The pytest plugin: a project of its own for every test that asks for one.

Nothing of Reelmock is imported before the first test asks: suites that do not use it pay
for this file alone.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from openai import AsyncOpenAI, OpenAI

    from reelmock.kit.marks import Marked
    from reelmock.kit.project import RemoteProject
    from reelmock.kit.session import Ledger, Opened, Server

MARK = "reelmock"

_opened = pytest.StashKey["Opened"]()
_doorman = pytest.StashKey[Any]()
_ledger = pytest.StashKey["Ledger"]()
_project = pytest.StashKey["RemoteProject"]()
_folders = pytest.StashKey[pytest.TempPathFactory]()
_has_failed = pytest.StashKey[bool]()

DOCTOR = ("report", "fail", "off")

OPTIONS = (
    ("url", "a server that runs already, instead of one for this run", None),
    ("admin_token", "the token that server was started with", None),
    ("doctor", "what the client doctor does at the end: report, fail or off", "report"),
)
"""Options that are ini keys too, without --."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options, and the keys of the ini file."""
    group = parser.getgroup("reelmock", "Reelmock, the emulator of the Videos API")
    for name, words, default in OPTIONS:
        flag = f"--reelmock-{name.replace('_', '-')}"
        choices = DOCTOR if name == "doctor" else None
        group.addoption(flag, default=None, choices=choices, help=words)
        parser.addini(f"reelmock_{name}", words, default=default)
    parser.addini("reelmock_args", "more flags for `reelmock serve`", "args")
    parser.addini("reelmock_doctor_ignore", "codes that the doctor leaves out", "args")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers",
        "reelmock(env, pace, scenario, frozen, contract, dialect, budget, doctor): how the "
        "test's project on Reelmock is; env=True sets OPENAI_BASE_URL and OPENAI_API_KEY",
    )
    _check(config)


def _check(config: pytest.Config) -> None:
    """Raises UsageError for words that nobody knows."""
    doctor = _option(config, "doctor")
    if doctor not in DOCTOR:
        words = f"reelmock_doctor is one of {', '.join(DOCTOR)}, not {doctor!r}"
        raise pytest.UsageError(words)
    ignored = config.getini("reelmock_doctor_ignore")
    if ignored:
        from reelmock.service.doctor import CodeUnknown, names_checked

        try:
            names_checked(ignored)
        except CodeUnknown as wrong:
            raise pytest.UsageError(f"reelmock_doctor_ignore: {wrong}") from None


def pytest_itemcollected(item: pytest.Item) -> None:
    """A marked test has the project, whether or not it names the fixture."""
    names = getattr(item, "fixturenames", None)
    if names is None or not item.get_closest_marker(MARK):
        return
    if MARK in names:
        names.remove(MARK)
    names.insert(_place(item, names), MARK)


def _place(item: Any, names: list[str]) -> int:
    """Behind wider scopes and what every test has, before the test's own fixtures: who
    builds a client there finds the variables set."""
    info = item._fixtureinfo
    for at, name in enumerate(names):
        found = info.name2fixturedefs.get(name)
        if name in info.argnames and (not found or found[-1].scope == "function"):
            return at
    return len(names)


def _option(config: pytest.Config, name: str) -> Any:
    given = config.getoption(f"reelmock_{name}")
    return config.getini(f"reelmock_{name}") if given is None else given


def _is_examined(config: pytest.Config) -> bool:
    return bool(_option(config, "doctor") != "off")


def _opened_by(config: pytest.Config) -> Opened:
    if _opened not in config.stash:
        from reelmock.kit.session import Opened

        door = getattr(config, "workerinput", {}).get("reelmock_door")
        flags = config.getini("reelmock_args")
        url = _option(config, "url")
        config.stash[_opened] = Opened(flags, config.rootpath, url=url, door=door)
    return config.stash[_opened]


def _ledger_of(config: pytest.Config) -> Ledger:
    if _ledger not in config.stash:
        from reelmock.kit.session import Ledger

        config.stash[_ledger] = Ledger()
    return config.stash[_ledger]


@pytest.fixture(scope="session")
def reelmock_server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """The server of this run, shared by all of its processes."""
    from reelmock.kit import child, doorman, session

    url = _option(request.config, "url")
    try:
        address = _opened_by(request.config)()
    except (child.NotStarted, doorman.NotAnswered) as wrong:
        raise pytest.fail.Exception(str(wrong), pytrace=False) from None
    salt = _salt(request.config) if url is None else session.salt()
    token = _option(request.config, "admin_token")
    with closing(session.Server(address, token, salt)) as server:
        yield server


def _salt(config: pytest.Config) -> str:
    """Nothing, so that a test has the same key in every run; where every worker runs
    every test, the worker."""
    told = getattr(config, "workerinput", {})
    return str(told["workerid"]) if told.get("reelmock_each") else ""


@pytest.fixture
def reelmock(
    request: pytest.FixtureRequest, reelmock_server: Server,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RemoteProject]:  # fmt: skip
    """A fresh project on it: url, api_key, clock, faults, journal, webhooks, spend, ..."""
    node, config = request.node, request.config
    project = reelmock_server.fresh(node.nodeid)
    with closing(project):
        marked = _prepare(request, project)
        node.stash[_project], node.stash[_folders] = project, tmp_path_factory
        node.stash[_has_failed] = False  # the same test may be run again
        yield project
        del node.stash[_project]
        is_left = node.stash[_has_failed] and _option(config, "url") is not None
        is_examined = marked.doctor and _is_examined(config)
        _remember(config, node.nodeid, project, is_examined=is_examined)
        if not is_left:
            project.reset()


def _prepare(request: pytest.FixtureRequest, project: RemoteProject) -> Marked:
    """Have it be as the markers say."""
    from reelmock.kit.marks import MarkInvalid
    from reelmock.outbound.listener import Unheard

    try:
        marked = _marked(request)
        folders = [request.path.parent, request.config.rootpath]
        marked.apply(project, folders)
    except (MarkInvalid, Unheard, OSError) as wrong:
        raise pytest.fail.Exception(str(wrong), pytrace=False) from None
    if marked.env:
        patch = request.getfixturevalue("monkeypatch")
        for name, value in project.env.items():
            patch.setenv(name, value)
        # They would make another project of the same key.
        for name in ("OPENAI_PROJECT_ID", "OPENAI_ORG_ID"):
            patch.delenv(name, raising=False)
    return marked


def _remember(
    config: pytest.Config, name: str, project: RemoteProject, *, is_examined: bool
) -> None:
    """Keep what was done in the project, for the end of the run."""
    from reelmock.outbound.listener import Unheard

    ledger = _ledger_of(config)
    try:
        ledger.note(name, project, is_examined=is_examined)
    except Unheard as wrong:
        raise pytest.fail.Exception(str(wrong), pytrace=False) from None


def _marked(request: pytest.FixtureRequest) -> Marked:
    from reelmock.kit.marks import marked

    return marked((one.args, one.kwargs) for one in request.node.iter_markers(MARK))


@pytest.fixture
def reelmock_openai(reelmock: RemoteProject) -> Iterator[OpenAI]:
    """The official SDK's client of the project."""
    sdk = _sdk()
    http = sdk.DefaultHttpxClient(**_direct(reelmock.url))
    with sdk.OpenAI(
        base_url=reelmock.url, api_key=reelmock.api_key, http_client=http
    ) as client:
        client.organization = client.project = None
        yield client


@pytest.fixture
def reelmock_async_openai(reelmock: RemoteProject) -> AsyncOpenAI:
    """The official SDK's async client of the project, for any event loop."""
    sdk = _sdk()
    client: AsyncOpenAI = sdk.AsyncOpenAI(
        base_url=reelmock.url,
        api_key=reelmock.api_key,
        http_client=sdk.DefaultAsyncHttpxClient(**_direct(reelmock.url)),
        # No connection outlives the loop it was made in, whoever closes that.
        default_headers={"Connection": "close"},
    )
    client.organization = client.project = None
    return client


def _direct(url: str) -> dict[str, bool]:
    """By no proxy; and to read the system's certificates takes longer than a test."""
    return {"trust_env": False, "verify": url.startswith("https:")}


def _sdk() -> Any:
    try:
        import openai
    except ImportError:
        words = "this fixture needs the official SDK: pip install openai"
        raise pytest.fail.Exception(words, pytrace=False) from None
    return openai


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test shows what its project has seen."""
    report = yield
    if report.failed and _project in item.stash:
        item.stash[_has_failed] = True
        for name, text in _sections(item):
            _show(report, name, text)
    return report


def _show(report: pytest.TestReport, name: str, text: str) -> None:
    """Below its traceback, where a JUnit XML has it too."""
    add = getattr(report.longrepr, "addsection", None)
    if add is None:
        report.sections.append((name, text))
    else:
        add(name, text)


def _sections(item: pytest.Item) -> Iterator[tuple[str, str]]:
    from reelmock.kit import report

    project = item.stash[_project]
    try:
        seen = report.journal(project.journal.entries())
        yield "reelmock journal", seen or "nothing was asked for"
        made = report.videos(project, lambda: item.stash[_folders].mktemp("reelmock"))
        if made:
            yield "reelmock videos", made
    except Exception as wrong:
        yield "reelmock", f"nothing can be told of the project: {wrong}"


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker where the run's one server is to be had."""
    config = node.config
    node.workerinput["reelmock_each"] = config.getoption("dist") == "each"
    if _option(config, "url") is not None:
        return
    if _doorman not in config.stash:
        from reelmock.kit.doorman import Doorman

        config.stash[_doorman] = Doorman(lambda: _opened_by(config)())
    node.workerinput["reelmock_door"] = config.stash[_doorman].door


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Hear what a worker remembered."""
    told = getattr(node, "workeroutput", {}).get("reelmock")
    if told is not None:
        _ledger_of(node.config).add(told)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker tells what it remembers; the others judge it."""
    config = session.config
    if _ledger not in config.stash:
        return
    if hasattr(config, "workeroutput"):
        config.workeroutput["reelmock"] = config.stash[_ledger].as_dict()
    elif session.exitstatus == pytest.ExitCode.OK and _is_accused(config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _is_accused(config: pytest.Config) -> bool:
    return _option(config, "doctor") == "fail" and bool(_findings(config))


def _findings(config: pytest.Config) -> list[Any]:
    from reelmock.service.doctor import findings

    ignored = config.getini("reelmock_doctor_ignore")
    return findings(config.stash[_ledger].seen, ignore=ignored)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """What the run would have cost, and what the doctor found."""
    if _ledger not in config.stash:
        return
    found = _findings(config) if _is_examined(config) else []
    if found or config.get_verbosity() >= 0:
        terminalreporter.section("reelmock")
        terminalreporter.line(config.stash[_ledger].cost)
    if found:
        from reelmock.service.doctor import told

        terminalreporter.line(told(found))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server, if there is one."""
    if _doorman in config.stash:
        config.stash[_doorman].close()
    if _opened in config.stash:
        config.stash[_opened].close()
