"""The videos of a project, looked at from beside."""

from typing import Any

from starlette.testclient import TestClient

from desks import OURS, Refused
from reelmock.domain.plan import Pace
from steps import made

PATH = "/_reelmock/videos"


def test_the_newest_videos_are_listed_with_what_they_are(
    world: Any, control: TestClient
) -> None:
    first, second = (
        made(world, pace=Pace.MANUAL, project_id=OURS),
        made(world, pace=Pace.MANUAL, project_id=OURS),
    )
    made(world, pace=Pace.MANUAL, project_id="proj_other")

    told = control.get(PATH).json()["data"]
    assert [second.id, first.id] == [one["id"] for one in told]
    assert ("queued", "sora-2", "720x1280", 4, "create", first.prompt) == tuple(
        told[1][name]
        for name in ("status", "model", "size", "seconds", "kind", "prompt")
    )
    assert [second.id] == [
        one["id"] for one in control.get(f"{PATH}?limit=1").json()["data"]
    ]
    assert 400 == control.get(f"{PATH}?limit=0").status_code


def test_a_thumbnail_is_had_of_a_completed_video_alone(
    world: Any, control: TestClient, refused: Refused
) -> None:
    job = made(world, pace=Pace.MANUAL, project_id=OURS)
    path = f"{PATH}/{job.id}/thumbnail"

    assert 409 == control.get(path).status_code
    refused(control.get(path))
    control.post(f"{PATH}/{job.id}/complete")
    found = control.get(path)
    assert (200, "image/webp") == (found.status_code, found.headers["content-type"])
    assert 404 == control.get(f"{PATH}/video_unknown/thumbnail").status_code
