"""`reelmock demo`: the whole of the API once, through the official SDK."""

from pathlib import Path

from openai import OpenAI
from openai.types import Video
from rich.console import Console
from rich.progress import Progress

from reelmock.clock.system import SystemClock
from reelmock.emulator import Emulator

PROMPT = "A paper boat sails down a rain-washed street at dusk, neon in the puddles"
REMIX = "The same street at dawn, and the boat is made of gold leaf"
VARIANTS = {"video": "mp4", "thumbnail": "webp", "spritesheet": "jpg"}


def run(folder: Path) -> None:
    """Make two videos on a private server, and download all variants of each."""
    console = Console()
    folder.mkdir(parents=True, exist_ok=True)
    with Emulator() as emulator:
        console.print(f"A private Reelmock listens on {emulator.address}.")
        client = OpenAI(base_url=emulator.url, api_key="demo")
        video = client.videos.create(prompt=PROMPT, model="sora-2")
        files = _finish(client, video, folder, console)
        remix = client.videos.remix(video.id, prompt=REMIX)
        files += _finish(client, remix, folder, console)
    console.print("Here is what was made:")
    for file in files:
        console.print(f"  {file} ({file.stat().st_size:,} bytes)", soft_wrap=True)


def _finish(client: OpenAI, video: Video, folder: Path, console: Console) -> list[Path]:
    kind = (
        f"Remix of {video.remixed_from_video_id}"
        if video.remixed_from_video_id
        else "Video"
    )
    console.print(f"{kind}: {video.id}", soft_wrap=True)
    with Progress(console=console) as bar:
        shown = bar.add_task(video.status, total=100)
        while video.status in ("queued", "in_progress"):
            video = _next(client, video)
            bar.update(shown, completed=video.progress, description=video.status)
    return [_download(client, video, folder, variant) for variant in VARIANTS]


def _next(client: OpenAI, video: Video) -> Video:
    SystemClock().pause(0.1)
    return client.videos.retrieve(video.id)


def _download(client: OpenAI, video: Video, folder: Path, variant: str) -> Path:
    file = folder / f"{video.id}-{variant}.{VARIANTS[variant]}"
    content = client.videos.download_content(video.id, variant=variant)  # type: ignore[arg-type]
    content.write_to_file(file)
    return file
