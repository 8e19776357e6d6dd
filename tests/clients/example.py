"""The client whose report stands on the doctor's page."""

from contextlib import suppress

from openai import APIStatusError

from clients.stage import PROMPT, Stage


def takes_the_first_loop_that_comes_to_mind(stage: Stage) -> None:
    stage.fault("getVideoContent", status=503, retry_after=5, times=2)
    video = stage.sdk.videos.create(prompt=f"{PROMPT} [reelmock queue=0 render=600]")
    for _ in range(20):
        stage.sdk.videos.retrieve(video.id)
    stage.finish(video.id)
    for _ in range(3):
        with suppress(APIStatusError):
            stage.sdk.videos.download_content(video.id)
