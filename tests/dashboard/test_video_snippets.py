"""A video's request as somebody would write it: whatever its prompt says."""

import ast
import json
import shlex
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import A_JOB
from reelmock.dashboard.snippets import curl, python
from reelmock.domain.job import Job, Kind

URL = "http://localhost:4010/v1"

REMIX = replace(A_JOB, kind=Kind.REMIX, source="video_0")
EDIT = replace(A_JOB, kind=Kind.EDIT, source="video_0")
EXTENSION = replace(A_JOB, kind=Kind.EXTEND, source="video_0", new_seconds=8)

PROMPTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def words(job: Job) -> list[str]:
    """What a shell makes of it."""
    said = shlex.split(curl(job, URL))
    return [word for word in said if word != "\n"]  # where a line goes on


def sent(job: Job) -> tuple[str, Any]:
    """Where curl posts, and the JSON that it sends."""
    said = words(job)
    return said[1].removeprefix(URL), json.loads(said[said.index("-d") + 1])


def called(job: Job) -> tuple[str, list[Any], dict[str, Any]]:
    """The method, and what it is called with; what is no literal is left as written."""
    tree = ast.parse(python(job, URL))
    assigned = next(
        one.value for one in tree.body
        if isinstance(one, ast.Assign) and one.targets[0].id == "video"  # type: ignore[attr-defined]
    )  # fmt: skip
    assert isinstance(assigned, ast.Call)
    named = {one.arg: _value(one.value) for one in assigned.keywords}
    return ast.unparse(assigned.func), [_value(one) for one in assigned.args], named  # type: ignore[return-value]


def _value(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return ast.unparse(node)


@given(PROMPTS)
def test_any_prompt_is_what_curl_sends(prompt: str) -> None:
    path, body = sent(replace(A_JOB, prompt=prompt))

    assert "/videos" == path
    assert {"prompt": prompt, "model": "sora-2", "size": "720x1280", "seconds": "4"} == body  # fmt: skip


@given(PROMPTS)
def test_any_prompt_is_what_the_sdk_sends(prompt: str) -> None:
    method, _, named = called(replace(A_JOB, prompt=prompt))

    assert "client.videos.create" == method
    assert {"prompt": prompt, "model": "sora-2", "size": "720x1280", "seconds": "4"} == named  # fmt: skip


@given(PROMPTS)
def test_with_a_picture_any_prompt_is_a_plain_field(prompt: str) -> None:
    said = words(replace(A_JOB, prompt=prompt, reference="kept"))

    assert f"prompt={prompt}" == said[said.index("--form-string") + 1]
    assert "input_reference=@picture.png" == said[-1]


def test_a_picture_of_the_caller_s_is_a_path_for_the_sdk() -> None:
    text = python(replace(A_JOB, reference="kept"), URL)

    assert 'input_reference=Path("picture.png")' in text
    assert "from pathlib import Path" in text


def test_no_key_is_in_it_but_the_variable_s_name() -> None:
    assert "Authorization: Bearer $OPENAI_API_KEY" in words(A_JOB)
    assert 'api_key=os.environ["OPENAI_API_KEY"]' in python(A_JOB, URL)


@pytest.mark.parametrize(
    ("job", "path", "body"),
    [
        (REMIX, "/videos/video_0/remix", {"prompt": "a kite"}),
        (EDIT, "/videos/edits", {"video": {"id": "video_0"}, "prompt": "a kite"}),
        (EXTENSION, "/videos/extensions",
         {"video": {"id": "video_0"}, "prompt": "a kite", "seconds": "8"}),
    ],
    ids=["remix", "edit", "extension"],
)  # fmt: skip
def test_one_made_from_another_names_it(job: Job, path: str, body: Any) -> None:
    method, told, named = called(job)
    is_remix = job.kind is Kind.REMIX

    assert (path, body) == sent(job)
    assert ("client.videos.remix" if is_remix else "client.post") == method
    assert (["video_0"] if is_remix else [path]) == told
    assert body == (named if is_remix else named["body"])


@pytest.mark.parametrize("kind", [Kind.EDIT, Kind.EXTEND])
def test_a_clip_of_the_caller_s_is_named_as_a_file(kind: Kind) -> None:
    job = replace(A_JOB, kind=kind, new_seconds=4)

    assert "video=@clip.mp4" == words(job)[-1]
    assert 'Path("clip.mp4")' == called(job)[2]["video"].replace("'", '"')
