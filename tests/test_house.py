"""What neither linter nor type checker can say of the house."""

import ast
import inspect
import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest

import reelmock
from reelmock import domain

PACKAGE = Path(reelmock.__file__).parent
ROOT = Path(__file__).parent.parent
FILES = sorted(PACKAGE.rglob("*.py"))
CALM = {
    "dataclasses", "datetime", "enum", "typing", "collections", "re", "math", "hashlib",
    "hmac", "base64", "binascii", "json", "itertools", "ipaddress", "functools", "fnmatch", "statistics", "urllib",
}  # fmt: skip
BANNED = re.compile(
    r"manager|helper|utils?$|common|misc|^(handle|process|do)_|^(data|info|backend)$"
)
KNOWING = ("api", "check", "control", "dashboard", "media", "scenarios")
"""Rooms that may name a status."""
needs_checkout = pytest.mark.skipif(
    not (ROOT / "server").is_dir(), reason="the wheel is tested, without its checkout"
)


def imports(file: Path) -> set[str]:
    """Every module a file imports, also inside its functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_the_domain_imports_itself_and_calm_modules_only() -> None:
    strangers = {
        (file.name, name)
        for file in (PACKAGE / "domain").glob("*.py")
        for name in imports(file)
        if not name.startswith("reelmock.domain") and name.split(".")[0] not in CALM
    }

    assert set() == strangers


def test_no_file_is_over_400_lines() -> None:
    long = {f.name: n for f in FILES if (n := len(f.read_text().splitlines())) > 400}

    assert {} == long


def test_every_module_says_why_one_would_open_it() -> None:
    silent = [f.name for f in FILES if not ast.get_docstring(ast.parse(f.read_text()))]

    assert [] == silent


def test_no_name_is_one_of_the_empty_words() -> None:
    named = [
        (file.name, node.name)
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and BANNED.search(node.name.lower())
    ]
    files = [file.name for file in FILES if BANNED.search(file.stem)]

    # The setting --data is a fixed name, and so is the property that shows it.
    assert [("emulator.py", "data")] == named
    assert [] == files


def test_only_the_faces_and_who_judges_others_know_statuses() -> None:
    statuses = {400, 401, 403, 404, 405, 409, 413, 416, 429, 500, 503}
    known = [
        (file.name, node.value)
        for file in FILES
        if file.parent.name not in KNOWING
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant) and node.value in statuses
    ]

    assert [] == known


@needs_checkout
def test_the_top_folders_are_no_packages() -> None:
    assert [] == [
        name
        for name in ("server", "docker", "fixtures")
        if (ROOT / name / "__init__.py").exists()
    ]


@needs_checkout
def test_the_glossary_has_every_public_name_of_the_domain() -> None:
    page = (ROOT / "server" / "README.md").read_text()
    glossary = {word.lower() for word in re.findall(r"\*\*(\w+)\*\*", page)}
    public = {
        name
        for module in pkgutil.iter_modules(domain.__path__)
        if module.name != "errors"
        for name, made in vars(import_module(f"reelmock.domain.{module.name}")).items()
        if inspect.isclass(made)
        and made.__module__ == f"reelmock.domain.{module.name}"
        and not name.startswith("_")
    }

    assert [] == sorted(name for name in public if name.lower() not in glossary)


@needs_checkout
def test_every_room_is_on_the_map() -> None:
    page = (ROOT / "server" / "README.md").read_text()
    rooms = {
        path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name[0] != "_"
    }

    assert [] == sorted(room for room in rooms if f"`{room}/`" not in page)
