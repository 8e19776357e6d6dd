"""The command line."""

import ctypes
import inspect
import logging
import os
import shlex
import signal
import sys
import threading
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, Literal, cast, get_args, get_origin

import typer

from reelmock.check_command import check
from reelmock.doctor_command import app as doctor
from reelmock.inspect_command import inspect as inspect_file
from reelmock.listen_command import listen
from reelmock.scenario_command import app as scenario
from reelmock.settings import FLAGS, BadSettings, Settings, flag_of, load, variable_of

app = typer.Typer(
    name="reelmock",
    help="A self-hosted emulator of the OpenAI Videos API: real jobs, real MP4s.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

_Misuse = cast("type[Exception]", typer.BadParameter.__bases__[0])
"""What Typer raises for every misuse of a command; it has no public name of its own."""

M_MMAP_THRESHOLD = -3
"""The name of the threshold in malloc.h."""

SWITCH = 0.001
"""Seconds for which a thread that draws may keep others waiting: a fifth of what Python
lets it, so that callers are answered between two strokes."""

LOOK_UP = 0.5
"""Seconds between two looks at whether a signal came."""


def main() -> None:
    """Run the command line; what it refuses is one line and exit code 2."""
    try:
        command = typer.main.get_command(app)
        code = command.main(_spelled_out(sys.argv[1:]), standalone_mode=False)
    except _Misuse as wrong:
        typer.echo(f"reelmock: {_told(wrong)}", err=True)
        code = 2
    except (typer.Abort, KeyboardInterrupt):
        code = 130
    sys.exit(code)


def _spelled_out(words: list[str]) -> list[str]:
    """`--rate-limit` alone means the catalogue's; Typer has no optional values."""
    full = list(words)
    for place, word in reversed(list(enumerate(words))):
        following = words[place + 1 : place + 2]
        if word == flag_of("rate_limit") and (
            not following or following[0].startswith("-")
        ):
            full.insert(place + 1, "catalog")
    return full


def _told(misuse: Exception) -> str:
    close = getattr(misuse, "possibilities", None)
    return f"{misuse} Did you mean {close[0]}?" if close else str(misuse)


@app.callback(invoke_without_command=True)
def _root(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(2)


def _fail(words: str, code: int = 2) -> typer.Exit:
    typer.echo(f"reelmock: {words}", err=True)
    return typer.Exit(code)


def _serve(*, isolated: bool = False, **flags: Any) -> None:
    """Start the server. Every flag is also a variable and a key of ./reelmock.toml:
    --max-upload is REELMOCK_MAX_UPLOAD and max-upload."""
    given = {name: value for name, value in flags.items() if value not in (None, [])}
    # Nothing is there to be left half done yet, and an import may swallow an exception.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        settings = load(given, is_isolated=isolated)
    except BadSettings as wrong:
        raise _fail(str(wrong)) from None
    _run(settings)


def _run(settings: Settings) -> None:
    # Imported only now: a bad flag is refused without the house being built.
    from reelmock.bootstrap import SaveFailed
    from reelmock.domain.errors.control import Misuse
    from reelmock.emulator import AddressTaken, AddressUnknown, Emulator
    from reelmock.store.database import DataUnusable, SchemaTooNew
    from reelmock.store.folder import FolderForeign, FolderTaken

    came = _expect_signal()
    if settings.until_eof:
        _expect_eof(came)
    _tune_process()
    try:
        with Emulator.of(settings) as emulator:
            _greet(emulator, settings)
            _wait(came)
            _tell_spend(emulator)
    except (AddressTaken, AddressUnknown) as wrong:
        raise _fail(str(wrong)) from None
    except (FolderTaken, FolderForeign, DataUnusable, Misuse, BadSettings) as wrong:
        raise _fail(str(wrong)) from None
    except SaveFailed as wrong:
        raise _fail(str(wrong), 1) from None
    except SchemaTooNew as wrong:
        raise _fail(
            f"the data was written by a newer Reelmock (schema {wrong}); upgrade, "
            "or give this one another --data DIR"
        ) from None
    except OSError as wrong:
        raise _fail(f"cannot use the data directory: {wrong}") from None


def _greet(emulator: Any, settings: Settings) -> None:
    key = _shown_key(settings)
    state = "in a temporary folder" if settings.ephemeral else f"in {emulator.data}"
    typer.echo(f"Reelmock listens on {emulator.address}, its state is {state}.")
    typer.echo(f"  export OPENAI_BASE_URL={emulator.url}")
    typer.echo(f"  export OPENAI_API_KEY={key}")
    if emulator.dashboard is not None:
        typer.echo(f"The dashboard: {emulator.dashboard}")
    if settings.webhook is not None:
        _greet_webhooks(emulator, settings, settings.webhook)
    sys.stdout.flush()


def _greet_webhooks(emulator: Any, settings: Settings, url: str) -> None:
    """A drawn secret is shown to who looks, and to no log; a given one to nobody."""
    from reelmock.domain.webhook import EVERYWHERE

    is_seen = sys.stdout.isatty()
    # What is asked for in a URL may be a token.
    shown = url if is_seen else url.partition("?")[0]
    typer.echo(f"Webhooks of every project are posted to {shown}")
    if settings.webhook_secret is not None:
        return
    every = emulator.webhooks.endpoints()
    secret = next(one.secret for one in every if one.id == EVERYWHERE)
    told = secret if is_seen else "<GET /_reelmock/webhooks/secret tells it>"
    typer.echo(f"  export OPENAI_WEBHOOK_SECRET={shlex.quote(told)}")


def _tell_spend(emulator: Any) -> None:
    spend = emulator.spend
    if spend.videos:
        made = f"{len(spend.videos)} video{'s' if len(spend.videos) > 1 else ''}"
        typer.echo(f"{made} would have cost ${spend.usd:,.2f}.")


def _shown_key(settings: Settings) -> str:
    """A required key is shown to who typed it, and to no log."""
    if not settings.require_key:
        return "any"
    is_seen = sys.stdout.isatty()
    return shlex.quote(settings.require_key[0] if is_seen else "<a key you required>")


def _tune_process() -> None:
    """What only the owner of a process may do: large blocks go back to the system as
    soon as a picture is freed, and a library that would write into our log is quiet."""
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
    sys.setswitchinterval(SWITCH)
    with suppress(AttributeError, OSError):  # other systems than glibc's
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, 256 * 1024)


def _expect_signal() -> threading.Event:
    """From now on a signal is remembered, also while the server still starts."""
    came = threading.Event()

    def stop(number: int, _frame: FrameType | None) -> None:
        # A second signal is not caught: it ends a stop that takes too long.
        signal.signal(number, signal.SIG_DFL)
        came.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    return came


def _expect_eof(came: threading.Event) -> None:
    def read() -> None:
        # Not sys.stdin: at exit Python would wait for whoever reads it.
        with suppress(OSError):
            while os.read(0, 4096):
                pass
        came.set()

    threading.Thread(target=read, name="until-eof", daemon=True).start()


def _wait(came: threading.Event) -> None:
    # A wait without an end may sleep through a signal that comes as it begins.
    while not came.wait(LOOK_UP):
        pass


def _signature() -> inspect.Signature:
    """The flags of `serve`: one for each setting, with its words."""
    return inspect.Signature(
        [
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=None,
                annotation=_annotation(name),
            )
            for name in FLAGS
        ]
        + [_ISOLATED]
    )


_ISOLATED = inspect.Parameter(
    "isolated",
    inspect.Parameter.KEYWORD_ONLY,
    default=False,
    annotation=Annotated[
        bool,
        typer.Option("--isolated", help="Heed neither REELMOCK_* nor reelmock.toml."),
    ],
)
"""No setting: it says where settings come from."""


def _annotation(name: str) -> Any:
    described = Settings.model_fields[name]
    words = f"{described.description} [{variable_of(name)}]"
    default = described.default
    if default not in (None, False, ()):
        words += f" [default: {default}]"
    kind, flag = _kind(described.annotation), flag_of(name)
    if kind is bool:
        flag += f"/--no-{flag[2:]}"
    option = typer.Option(
        flag, help=words, metavar=_metavar(described.annotation), show_default=False
    )
    return Annotated[kind | None, option]


def _kind(annotation: Any) -> Any:
    # Other values stay text: the settings say what is wrong with them, and where.
    if annotation is bool:
        return bool
    return list[str] if get_origin(annotation) is tuple else str


def _metavar(annotation: Any) -> str | None:
    annotation = next(
        (one for one in get_args(annotation) if get_origin(one) is Literal), annotation
    )
    if annotation is bool:
        return None
    if get_origin(annotation) is Literal:
        return "|".join(get_args(annotation))
    if Path in get_args(annotation):
        return "DIR"
    return {int: "N", float: "X"}.get(annotation, "TEXT")


_serve.__signature__ = _signature()  # type: ignore[attr-defined]
_serve.__annotations__ = {
    name: parameter.annotation
    for name, parameter in inspect.signature(_serve).parameters.items()
} | {"return": None}
app.command("serve")(_serve)
app.add_typer(scenario)
app.add_typer(doctor)
app.command()(check)
app.command()(listen)
app.command("inspect")(inspect_file)


@app.command()
def demo(
    folder: Annotated[
        Path, typer.Option("--folder", help="Where the downloaded files go.")
    ] = Path("reelmock-demo"),
) -> None:
    """Create, watch, download and remix a video through the official SDK."""
    try:
        from reelmock.demo import run
    except ImportError:
        raise _fail(
            "the demo needs the official SDK: pip install 'reelmock[demo]'", 1
        ) from None
    run(folder)


class Form(StrEnum):
    """How a table is printed."""

    TABLE = "table"
    MARKDOWN = "markdown"
    JSON = "json"


@app.command()
def rules(
    form: Annotated[
        Form, typer.Option("--format", help="How it is printed.")
    ] = Form.TABLE,
) -> None:
    """Print the contract: what is refused, at which level, in which words."""
    from reelmock.api import rulebook

    if form is Form.TABLE:
        rulebook.show()
    else:
        write = rulebook.markdown if form is Form.MARKDOWN else rulebook.as_json
        typer.echo(write(), nl=False)
