"""Signs in what a client sends: texts where files were meant, and parameters of earlier
contracts."""

from collections.abc import Iterator, Sequence

from reelmock.domain.entry import Entry
from reelmock.domain.scenario import MAKING
from reelmock.service.doctor.outdated import PATHS, outdated
from reelmock.service.doctor.records import Sign, is_refusal, place, quoted

FILES = {
    "createVideo": "input_reference",
    "editVideo": "video",
    "extendVideo": "video",
    "createCharacter": "video",
    "createFile": "file",
}
"""The field of each operation that is a file, or names one."""

FORMS = ("createCharacter", "createFile")
"""Operations that take no JSON at all."""

NAMES = {"input_reference": ("image_url", "file_id"), "video": ("id",)}
"""The keys of an object that stands in the place of a file."""


def json_for_file(entries: Sequence[Entry]) -> Iterator[Sign]:
    """Requests with a text, or JSON, where a file was meant."""
    for entry in entries:
        field = FILES.get(entry.operation)
        if field is None:
            continue
        sent = entry.headers.get("content-type", "").partition(";")[0].strip().lower()
        what = _instead_of_file(field, entry.body)
        if entry.operation in FORMS and sent == "application/json":
            what = f"came as {sent}, and {field} can only be sent in a form"
        if what is not None:
            yield Sign("json-for-file", f"{entry.operation} {what} ({place(entry)})")


def _instead_of_file(field: str, body: object) -> str | None:
    value = body.get(field) if isinstance(body, dict) else None
    if isinstance(value, str):
        return f"sent a text as {field}: {quoted(value)}"
    if not isinstance(value, dict):
        return None
    if "sha256" in value:
        kind = str(value.get("type", "")).partition(";")[0]
        is_text = field != "file" and kind in ("application/json", "text/plain")
        return f"sent a part of {kind} as {field}" if is_text else None
    if not any(name in value for name in NAMES.get(field, ())):
        return f"sent JSON as {field}: {quoted(value)}"
    return None


def deprecated_parameters(entries: Sequence[Entry]) -> Iterator[Sign]:
    """Requests in the words of another contract, refused or let pass with a warning."""
    for entry in entries:
        if not entry.operation and entry.is_write and _is_older(entry.path):
            told = f"{entry.method} {entry.path}; instead: POST /v1/videos"
            yield Sign("deprecated-parameters", f"{told} ({place(entry)})")
        elif entry.operation in MAKING and (is_refusal(entry) or entry.warnings):
            yield from _words(entry)


def _is_older(path: str) -> bool:
    return PATHS.fullmatch(path.removeprefix("/openai").removeprefix("/v1")) is not None


def _words(entry: Entry) -> Iterator[Sign]:
    fields = entry.body if isinstance(entry.body, dict) else {}
    became = "refused" if is_refusal(entry) else "let pass with a warning"
    for name, instead in outdated(fields):
        yield Sign(
            "deprecated-parameters",
            f"{entry.operation} sent {name}={quoted(fields[name])}, {became} "
            f"({place(entry)}); instead: {instead}",
        )
