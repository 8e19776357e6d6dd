"""Where settings come from: flags before the environment before `reelmock.toml`. The
only reader of the environment."""

import os
import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from reelmock.settings.fields import FLAGS, Settings
from reelmock.settings.tables import ModelTable

FILE = "reelmock.toml"
PREFIX = "REELMOCK_"


class BadSettings(Exception):
    """One line: what is wrong, where, and what to write instead."""


def load(flags: Mapping[str, Any], *, is_isolated: bool = False) -> Settings:
    """Flags before the environment before `reelmock.toml`, or, isolated, flags alone;
    raises BadSettings."""
    merged: dict[str, tuple[str, Any]] = {}
    if not is_isolated:
        merged = {**_file(Path(FILE)), **_environment(os.environ)}
    origins = {name: where for name, (where, _) in merged.items()}
    values = {name: value for name, (_, value) in merged.items()} | dict(flags)
    origins |= {name: flag_of(name) for name in flags}
    return build(values, origins)


def build(
    values: Mapping[str, Any], origins: Mapping[str, str] | None = None
) -> Settings:
    """Settings of these values; raises BadSettings naming where the bad one is."""
    try:
        return Settings(**values)
    except ValidationError as wrong:
        error = wrong.errors()[0]
        name = str(error["loc"][0])
        where = ".".join([(origins or {}).get(name, name), *map(str, error["loc"][1:])])
        if error["type"] == "extra_forbidden":
            table = Settings if len(error["loc"]) == 1 else ModelTable
            known = list(table.model_fields)
            raise BadSettings(_unknown(where, str(error["loc"][-1]), known)) from None
        words = error["msg"].removeprefix("Value error, ")
        got = error["input"]
        is_secret = not getattr(Settings.model_fields.get(name), "repr", True)
        told = "" if isinstance(got, Mapping) or is_secret else f" (got {got!r})"
        raise BadSettings(f"{where}: {words}{told}") from None


def flag_of(name: str) -> str:
    """`--max-upload` of `max_upload`."""
    return "--" + name.replace("_", "-")


def variable_of(name: str) -> str:
    """`REELMOCK_MAX_UPLOAD` of `max_upload`."""
    return PREFIX + name.upper()


def _unknown(where: str, name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1)
    hint = f"; did you mean {close[0]}?" if close else f"; known: {', '.join(known)}"
    return f"{where}: there is no such setting{hint}"


_SERVICE_LINK = re.compile(r"REELMOCK_(SERVICE|PORT)_.*")
"""What Kubernetes sets in every pod beside a service named reelmock: not ours."""


def _environment(variables: Mapping[str, str]) -> dict[str, tuple[str, Any]]:
    known = {variable_of(name): name for name in FLAGS}
    found: dict[str, tuple[str, Any]] = {}
    for variable, value in variables.items():
        if not variable.startswith(PREFIX) or _SERVICE_LINK.fullmatch(variable):
            continue
        if variable == variable_of("port") and value.startswith("tcp://"):
            continue
        if not value and variable != variable_of("require_key"):
            continue  # what a compose file passes on of a variable nobody has set
        if variable not in known:
            raise BadSettings(_unknown(variable, variable, list(known)))
        found[known[variable]] = (variable, value)
    return found


def _file(path: Path) -> dict[str, tuple[str, Any]]:
    if not path.is_file():
        return {}
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise BadSettings(f"{path}: not valid TOML: {broken}") from None
    found: dict[str, tuple[str, Any]] = {}
    for key, value in table.items():
        name = key.replace("-", "_")
        if name not in Settings.model_fields:
            known = list(Settings.model_fields)
            raise BadSettings(_unknown(f"{path}: {key}", name, known))
        found[name] = (f"{path}: {key}", value)
    return found
