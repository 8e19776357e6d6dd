"""The contract of an upload to the Files API: fields in, a command out."""

from collections.abc import Mapping

from reelmock.api import queries
from reelmock.api.fields import Field, Upload, kind_of
from reelmock.api.judge import Judge
from reelmock.domain.errors import listed
from reelmock.domain.file import LEAST_SECONDS, MOST_SECONDS, PURPOSES
from reelmock.service.files import CreateFile

ANCHOR = "created_at"
"""The one instant that an expiry is counted from (the SDKs' types)."""

NAME_MOST = 255
"""Characters of a file's name that are kept (chosen)."""


def create(judge: Judge, fields: Mapping[str, Field]) -> CreateFile:
    """An upload's fields."""
    judge.unknown(fields, ("file", "purpose", "expires_after"))
    file = _file(judge, fields)
    purpose = _purpose(judge, fields)
    seconds = _seconds(judge, fields.get("expires_after"))
    name = file.name.replace("\0", "")[:NAME_MOST]
    return CreateFile(file.content, name, file.media_type, purpose, seconds)


def _file(judge: Judge, fields: Mapping[str, Field]) -> Upload:
    file = judge.required(fields, "file")
    if isinstance(file, Upload):
        return file
    judge.object("file-type", "file", expected="a file", given=kind_of(file))
    raise AssertionError("nothing lets that pass")


def _purpose(judge: Judge, fields: Mapping[str, Field]) -> str:
    value = judge.required(fields, "purpose")
    one_of = f"one of {listed(PURPOSES, 'or')}"
    purpose = judge.text("purpose", value, one_of)
    if purpose not in PURPOSES:
        supported = listed(PURPOSES)
        judge.object("file-purpose", "purpose", value=purpose, supported=supported)
    return purpose


def _seconds(judge: Judge, policy: Field) -> int | None:
    """How long the file is to stay; None when nothing is said."""
    if policy is None:
        return None
    if not isinstance(policy, dict):
        param, given = "expires_after", kind_of(policy)
        judge.object("file-type", param, expected="an object", given=given)
        return None
    judge.unknown(policy, ("anchor", "seconds"), under="expires_after.")
    _check_anchor(judge, policy)
    param = "expires_after.seconds"
    value = judge.required(policy, "seconds", param)
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    seconds = str(value) if is_whole else judge.text(param, value, "an integer")
    return queries.whole(param, seconds, least=LEAST_SECONDS, most=MOST_SECONDS)


def _check_anchor(judge: Judge, policy: Mapping[str, Field]) -> None:
    param = "expires_after.anchor"
    anchor = judge.text(param, judge.required(policy, "anchor", param))
    if anchor != ANCHOR:
        supported = listed((ANCHOR,))
        judge.object("file-anchor", param, value=anchor, supported=supported)
