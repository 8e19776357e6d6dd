"""The unmodified SDK, waiting as it does by itself, is never accused by the doctor."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from openai import OpenAI

from reelmock import Emulator
from reelmock.service.doctor import examine, findings, told

pytestmark = pytest.mark.judge


@pytest.fixture(params=["openai", "openai-exact"])
def running(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    with Emulator(pace="fast", dialect=request.param) as emulator:
        yield emulator


def live(emulator: Emulator, key: str) -> None:
    with OpenAI(base_url=emulator.url, api_key=key) as client:
        video = client.videos.create_and_poll(prompt="A kite over the sea")
        client.videos.download_content(video.id).read()
        client.videos.delete(video.id)


def test_eight_clients_with_faults_on_their_way_are_good(running: Emulator) -> None:
    for operation in ("createVideo", "getVideo", "getVideoContent", "deleteVideo"):
        running.faults.add(operation=operation, status=503, retry_after=1, times=2)
    keys = [f"sk-judge-{number % 3}" for number in range(8)]

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda key: live(running, key), keys))

    found = findings(
        examine(key, running.project(key).journal.entries())
        for key in sorted(set(keys))
    )
    assert [] == found, told(found)
