import os
import select
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import repeat
from pathlib import Path

import pytest

from reelmock.domain.catalog import Size
from reelmock.media.ffmpeg import NICENESS, Programs
from reelmock.media.renderer import FfmpegRenderer
from reelmock.service.ports import RenderFailed, RenderStopped

SINK = ("-f", "u8", "-ar", "8000", "-i", "pipe:0", "-f", "null", "-")


def test_a_program_that_fails_says_why():
    with pytest.raises(RenderFailed, match=r"(?s)status \d+: .*No such file"):
        Programs().run(["-v", "error", "-i", "file:nowhere", "-f", "null", "-"])


def test_a_program_that_stops_reading_breaks_no_pipe():
    words = ["-v", "error", *SINK[:6], "-t", "0.1", *SINK[6:]]

    assert b"" == Programs().run(words, repeat(bytes(65536)), limit=20)


def test_a_program_that_fails_while_it_is_fed_says_why():
    words = ["-v", "error", *SINK[:6], "-c:a", "nonsense", *SINK[6:]]
    with pytest.raises(RenderFailed, match="nonsense"):
        Programs().run(words, repeat(bytes(65536)), limit=20)


def test_what_it_prints_is_returned():
    tone = ["-f", "lavfi", "-i", "sine=duration=1:sample_rate=8000"]

    assert 16000 == len(Programs().run([*tone, "-f", "s16le", "pipe:1"]))


def test_too_much_of_it_is_a_failure():
    endless = ["-f", "lavfi", "-i", "color=size=4096x2160", "-f", "rawvideo"]
    with pytest.raises(RenderFailed):
        Programs().run([*endless, "pipe:1"])


def test_a_program_that_takes_too_long_is_killed():
    with pytest.raises(RenderFailed, match=r"killed after 0\.2 s"):
        Programs().run(["-v", "quiet", *SINK], repeat(b"\0"), limit=0.2)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has batches")
def test_a_program_gives_way_to_the_server_beside_it():
    programs, seen = Programs(), []

    def feed():
        [process] = programs._running
        seen.append(os.getpriority(os.PRIO_PROCESS, process.pid))
        seen.append(os.sched_getscheduler(process.pid))
        yield b"\0"

    programs.run(["-v", "quiet", *SINK], feed())

    assert [NICENESS, os.SCHED_BATCH] == seen


def test_closing_stops_a_run_and_every_later_one():
    programs, pouring = Programs(), threading.Event()

    def feed():
        for piece in repeat(bytes(4096)):
            pouring.set()
            yield piece

    with ThreadPoolExecutor() as pool:
        run = pool.submit(programs.run, ["-v", "quiet", *SINK], feed())
        pouring.wait(10)
        programs.close()
        assert isinstance(run.exception(10), RenderStopped)
    with pytest.raises(RenderStopped):
        programs.run(["-version"])
    programs.close()


def test_closing_stops_a_render(make_job, tmp_path):
    renderer = FfmpegRenderer()
    target, job = tmp_path / "clip.mp4", make_job(seconds=120, size=Size(1920, 1080))
    with ThreadPoolExecutor() as pool:
        run = pool.submit(renderer.video, job, None, target)
        while not any(tmp_path.iterdir()) and not run.done():
            wait([run], timeout=0.02)
        renderer.close()
        assert isinstance(run.exception(10), RenderStopped)
    with pytest.raises(RenderStopped):
        renderer.video(job, None, target)


def test_renders_in_several_threads_give_the_same_bytes(renderer, make_job, tmp_path):
    job, targets = make_job(size=Size(320, 180)), [tmp_path / str(n) for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda target: renderer.video(job, None, target), targets))

    assert 1 == len({target.read_bytes() for target in targets})


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux shows it")
def test_nothing_outlives_a_process_that_is_killed(tmp_path):
    script = (
        "from itertools import repeat\n"
        "from reelmock.media.ffmpeg import Programs\n"
        "def feed():\n"
        "    for place, piece in enumerate(repeat(bytes(4096))):\n"
        "        if place == 100: print('pouring', flush=True)\n"
        "        yield piece\n"
        f"Programs().run(['-v', 'quiet', '-y', *{SINK[:6]!r}, '-f', 'wav',"
        f" {str(tmp_path / 'x.wav')!r}], feed())\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=-1) as process:
        assert b"pouring\n" == process.stdout.readline()
        (child,) = _children(process.pid)
        process.send_signal(signal.SIGKILL)
    ended = os.pidfd_open(child) if _is_alive(child) else None

    if ended is not None:
        assert select.select([ended], [], [], 10)[0]
        os.close(ended)


def test_importing_the_renderer_is_cheap():
    script = (
        "import sys, reelmock.media.renderer\n"
        "assert not {'PIL', 'imageio_ffmpeg'} & {*sys.modules}\n"
    )

    assert 0 == subprocess.run([sys.executable, "-c", script]).returncode


def _children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in path.read_text().split()]


def _is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()
