"""Open this to see what a clip says of itself in its metadata: words that any program
shows, and that can be read back."""

import re
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from typing import NamedTuple
from urllib.parse import quote, unquote

from reelmock.domain.catalog import Size
from reelmock.domain.job import Job

_COMMENT = re.compile(
    r"Placeholder clip by Reelmock ([^; ]+); video=([^; ]*); prompt=sha256:([0-9a-f]{64})"
    r"; seconds=([0-9]{1,4}); size=([0-9]{1,4})x([0-9]{1,4})"
)


LONGEST = 200
"""Characters of an id in a title."""


class Label(NamedTuple):
    """A clip's comment: who made it, the video's id, the SHA-256 of the prompt in UTF-8,
    and what it should be: seconds, and a size in pixels."""

    version: str
    video: str
    prompt: str
    seconds: int
    size: Size


def of(job: Job) -> Label:
    """What the clip of a job says."""
    prompt = job.prompt.encode("utf-8", "surrogatepass")
    digest = sha256(prompt).hexdigest()
    return Label(_ours(), job.id, digest, job.seconds, job.size)


def comment(label: Label) -> str:
    """The comment's text, in plain ASCII."""
    return (
        f"Placeholder clip by Reelmock {label.version}; "
        f"video={quote(label.video, safe='', errors='replace')}; prompt=sha256:{label.prompt}; "
        f"seconds={label.seconds}; size={label.size}"
    )


def title(video: str) -> str:
    """An id as a title: what is printable of one that a caller made up."""
    return "".join(letter for letter in video if " " <= letter <= "~")[:LONGEST]


def read(comment: str) -> Label | None:
    """The label of a comment; None for one that is not ours."""
    if (found := _COMMENT.search(comment)) is None:
        return None
    made_by, video, prompt, seconds, width, height = found.groups()
    size = Size(int(width), int(height))
    return Label(made_by, unquote(video), prompt, int(seconds), size)


@cache
def _ours() -> str:
    return version("reelmock")
