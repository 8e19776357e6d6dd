"""A video's request as somebody would write it: for a shell, and with the SDK. What a
prompt says stays a text in both."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from reelmock.domain.job import Job, Kind

KEY = "OPENAI_API_KEY"
"""The variable that a key is read from: none is ever kept, so none can be shown."""

PICTURE, CLIP = "picture.png", "clip.mp4"
"""Files of the caller's own, whose bytes nobody has kept as they were sent."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: `path` is under the base URL, `call` of the SDK's videos; where
    it is empty, the SDK's method takes no id, and the body is posted as it is.

    `named` is what the method takes besides `fields`, those of the body; `file` is one of
    them that is a file, with its name.
    """

    path: str
    call: str
    fields: Mapping[str, object]
    named: str | None = None
    file: tuple[str, str] | None = None


def asked_for(job: Job) -> Asked:
    """The request that makes such a video once more."""
    if job.kind is Kind.REMIX:
        path = f"/videos/{job.source}/remix"
        return Asked(path, "remix", {"prompt": job.prompt}, named=job.source)
    if job.kind.is_of_footage:
        return _of_footage(job)
    fields = {"prompt": job.prompt, "model": job.model, "size": str(job.size),
              "seconds": str(job.seconds)}  # fmt: skip
    file = ("input_reference", PICTURE) if job.reference else None
    return Asked("/videos", "create", fields, file=file)


def _of_footage(job: Job) -> Asked:
    is_edit = job.kind is Kind.EDIT
    fields: dict[str, object] = {"prompt": job.prompt}
    if not is_edit:
        fields["seconds"] = str(job.new_seconds)
    path, call = ("/videos/edits", "edit") if is_edit else (
        "/videos/extensions", "extend")  # fmt: skip
    if job.source is None:
        return Asked(path, call, fields, file=("video", CLIP))
    return Asked(path, "", {"video": {"id": job.source}, **fields})


def curl(job: Job, base_url: str) -> str:
    """The request for a shell."""
    asked = asked_for(job)
    lines = [
        f"curl {shlex.quote(base_url + asked.path)}",
        f'-H "Authorization: Bearer ${KEY}"',
    ]
    if asked.file is None:
        lines.append("-H 'Content-Type: application/json'")
        lines.append(f"-d {shlex.quote(body_of(asked.fields))}")
        return _joined(lines)
    # Said as a string: the value of a plain form field may not begin with @ or <.
    lines += [f"--form-string {shlex.quote(f'{name}={value}')}"
              for name, value in asked.fields.items()]  # fmt: skip
    name, file = asked.file
    return _joined([*lines, f"-F {name}=@{file}"])


def _joined(lines: list[str]) -> str:
    return " \\\n  ".join(lines)


def body_of(value: object) -> str:
    """It as JSON: letters as they are, where all of them can be seen."""
    plain = json.dumps(value, ensure_ascii=False)
    return plain if plain.isprintable() else json.dumps(value)


def python(job: Job, base_url: str) -> str:
    """The request with the SDK, and a download of what comes of it."""
    asked = asked_for(job)
    return "\n".join([
        "import os",
        *(["from pathlib import Path"] if asked.file else []),
        "",
        "from openai import OpenAI",
        *([] if asked.call else ["from openai.types import Video"]),
        "",
        f'client = OpenAI(base_url={base_url!r}, api_key=os.environ["{KEY}"])',
        f"video = client.{f'videos.{asked.call}' if asked.call else 'post'}(",
        *(f"    {one}," for one in _arguments(asked)),
        ")",
        "video = client.videos.poll(video.id)",
        'client.videos.download_content(video.id).write_to_file("video.mp4")',
    ])  # fmt: skip


def _arguments(asked: Asked) -> list[str]:
    if not asked.call:
        return [repr(asked.path), "cast_to=Video", f"body={asked.fields!r}"]
    told = [repr(asked.named)] if asked.named else []
    told += [f"{name}={value!r}" for name, value in asked.fields.items()]
    if asked.file is not None:
        told.append(f'{asked.file[0]}=Path("{asked.file[1]}")')
    return told
