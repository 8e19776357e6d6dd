"""Clips cut from reels: looked through once, and coded plainly where anything is wrong."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import pairwise
from pathlib import Path
from threading import Barrier

import psutil
import pytest
from PIL import Image, ImageChops, ImageStat

from looked import Look, look
from reelmock.domain.catalog import Size
from reelmock.domain.job import Kind
from reelmock.media import parse, part, reels, strip
from reelmock.media.ffmpeg import Programs
from reelmock.media.h264 import Sets
from reelmock.media.part import Part
from reelmock.media.reels import Reel
from reelmock.media.renderer import FfmpegRenderer
from reelmock.media.shelf import Shelf
from reelmock.media.splice import Splicer
from reelmock.media.vault import Vault
from reelmock.service.ports import RenderStopped

SMALL = Size(160, 160)

LOOK = "framemd5"
"""What only a look through a clip asks for."""


class Counted(Programs):
    """Counts what is looked through."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0

    def run(
        self, arguments: Sequence[str], feed: Iterable[bytes] = (), **more: object
    ) -> bytes:
        self.looks += LOOK in arguments
        return super().run(arguments, feed, **more)


@pytest.fixture
def programs():
    made = Counted()
    yield made
    made.close()


@pytest.fixture
def notes():
    return []


@pytest.fixture
def note(notes):
    return lambda level, action, **facts: notes.append((level, action, facts))


@pytest.fixture
def vault(programs, tmp_path, note):
    return Vault(programs, tmp_path / "cache", sizes=[SMALL], note=note)


@pytest.fixture
def splicer(programs, vault, note):
    return Splicer(programs, vault, note)


@pytest.fixture
def seen(tmp_path):
    def seen(made: Part, size: Size = SMALL) -> Look:
        source = tmp_path / "seen.h264"
        source.write_bytes(b"".join(part.stream_of(made)))
        return look(source, size, tmp_path)

    return seen


@pytest.fixture(scope="module")
def first_reel(finished, tmp_path_factory):
    """The name of the first reel's file, and that reel."""
    folder, programs = tmp_path_factory.mktemp("reels"), Programs()
    vault = Vault(programs, folder, sizes=[SMALL])
    vault.reels(SMALL, 0, 1)
    finished(vault.make_wanted)
    (path,) = folder.glob("*.reel")
    return path.name, *vault.reels(SMALL, 0, 1)


def drawn(size: Size = SMALL) -> Image.Image:
    return Image.linear_gradient("L").resize(size).convert("RGB")


def bare(made: Part) -> list[bytes]:
    return [b"".join(group.pieces) for group in made.groups]


def numbers(begin: int, end: int) -> list[int]:
    return [*range(begin * strip.RATE, end * strip.RATE)]


def test_a_part_is_looked_through_once(splicer, programs, tmp_path, seen, notes):
    made = [splicer.part(drawn(), 0, 2, tmp_path) for _ in range(3)]

    assert 1 == programs.looks
    assert ("", numbers(0, 2), []) == (seen(made[0]).said, *_told(seen(made[0])))
    assert bare(made[0]) == bare(made[1]) == bare(made[2])
    assert [] == notes


def test_a_part_over_two_reels_is_right(
    splicer, programs, vault, finished, tmp_path, seen
):
    before = splicer.part(drawn(), 19, 23, tmp_path)
    finished(vault.make_wanted)
    programs.looks = 0
    made = splicer.part(drawn(), 19, 23, tmp_path)

    assert (numbers(19, 23), []) == _told(seen(made))
    assert bare(before) == bare(made)
    assert 0 == programs.looks  # both were proved when they were made


@pytest.mark.parametrize("size", [Size(16, 16), Size(18, 34), Size(4096, 16)], ids=str)
def test_a_size_without_cells_is_coded_plainly(
    size, splicer, programs, tmp_path, notes
):
    made = splicer.part(drawn(size), 1, 2, tmp_path)

    assert 30 == made.frames
    assert bare(splicer.plain(drawn(size), 1, 2, tmp_path)) == bare(made)
    assert 0 == programs.looks
    assert [] == notes


@pytest.mark.parametrize("size", [Size(322, 182), Size(250, 444)], ids=str)
def test_an_odd_size_is_spliced_and_looked_through(
    size, splicer, programs, tmp_path, seen, notes
):
    made = splicer.part(drawn(size), 5, 8, tmp_path)

    assert (numbers(5, 8), []) == _told(seen(made, size))
    assert 1 == programs.looks
    assert [] == notes


def test_a_spliced_part_shows_what_a_plain_one_does(splicer, tmp_path, frame):
    sources = tmp_path / "spliced.h264", tmp_path / "plain.h264"
    for source, make in zip(sources, (splicer.part, splicer.plain), strict=True):
        made = make(drawn(), 0, 1, tmp_path)
        source.write_bytes(b"".join(part.stream_of(made)))
    pair = [frame(source, 29, SMALL) for source in sources]

    assert max(ImageStat.Stat(ImageChops.difference(*pair)).mean) < 1


def of_other_seconds(reel: Reel, _: Programs) -> Reel:
    at = sum(reel.lengths[:60])
    lengths = [*reel.lengths[60:], *reel.lengths[:60]]
    return reel._replace(lengths=lengths, content=reel.content[at:] + reel.content[:at])


def of_another_size(reel: Reel, programs: Programs) -> Reel:
    other = reels.coded(programs, Size(192, 160), 0, 1)
    return reel._replace(
        sets=other.sets, lengths=[*other.lengths] * 20, content=other.content * 20
    )


def of_another_sequence(reel: Reel, programs: Programs) -> Reel:
    other = reels.coded(programs, Size(320, 180), 0, 1)
    return reel._replace(sets=Sets(other.sets.sequence, reel.sets.picture))


def of_another_picture(reel: Reel, _: Programs) -> Reel:
    sequence, picture = reel.sets
    return reel._replace(sets=Sets(sequence, picture[:-1] + b"\x81"))


def without_sets(reel: Reel, _: Programs) -> Reel:
    return reel._replace(sets=Sets(b"", b""))


def of_noise(reel: Reel, _: Programs) -> Reel:
    return reel._replace(content=b"\xa5" * len(reel.content))


def of_zeros(reel: Reel, _: Programs) -> Reel:
    return reel._replace(content=bytes(len(reel.content)))


def with_a_byte_wrong(reel: Reel, _: Programs) -> Reel:
    content = bytearray(reel.content)
    content[sum(reel.lengths[:7]) - 40] ^= 0xFF
    return reel._replace(content=bytes(content))


def of_empty_pictures(reel: Reel, _: Programs) -> Reel:
    return reel._replace(lengths=[0] * len(reel.lengths), content=b"")


def with_two_pictures_changed(reel: Reel, _: Programs) -> Reel:
    begins = [sum(reel.lengths[:at]) for at in (20, 21, 22)]
    one, two = (reel.content[a:b] for a, b in pairwise(begins))
    content = reel.content[: begins[0]] + two + one + reel.content[begins[2] :]
    lengths = [*reel.lengths]
    lengths[20:22] = lengths[21], lengths[20]
    return reel._replace(content=content, lengths=lengths)


WRONG = [of_other_seconds, of_another_size, of_another_picture, with_a_byte_wrong]

MORE = [
    of_another_sequence, without_sets, of_noise, of_zeros, of_empty_pictures,
    with_two_pictures_changed,
]  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [*WRONG, *[pytest.param(more, marks=pytest.mark.judge) for more in MORE]],
    ids=lambda wrong: wrong.__name__,
)
def test_a_reel_that_is_wrong_is_told_once_and_never_shown(
    wrong: Callable, splicer, programs, first_reel, tmp_path, seen, notes, note
):
    name, reel = first_reel
    Shelf(Reel, tmp_path / "cache", 1, note).put(name, wrong(reel, programs))
    made = [splicer.part(drawn(), 0, 1, tmp_path) for _ in range(2)]

    assert [("warning", "splice_refused")] == [said[:2] for said in notes]
    assert str(SMALL) == notes[0][2]["size"]
    assert (numbers(0, 1), "") == (seen(made[0]).numbers, seen(made[0]).said)
    assert bare(splicer.plain(drawn(), 0, 1, tmp_path)) == bare(made[0])
    assert bare(made[0]) == bare(made[1])
    assert [] == list((tmp_path / "cache").glob("*.proved"))


def test_threads_at_first_use_look_once(splicer, programs, tmp_path, seen, notes):
    begun = Barrier(4)

    def make(place: int) -> Part:
        folder = tmp_path / str(place)
        folder.mkdir()
        begun.wait()
        still = Image.new("RGB", SMALL, (50 * place, 99, 9))
        return splicer.part(still, 0, 1, folder)

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(make, range(4)))

    assert 1 == programs.looks
    assert [] == notes
    assert 4 == len({tuple(bare(one)) for one in made})
    assert {(*numbers(0, 1),)} == {(*seen(one).numbers,) for one in made}


def test_threads_that_meet_a_wrong_reel_tell_it_once(
    splicer, programs, first_reel, tmp_path, seen, notes, note
):
    name, reel = first_reel
    cache = Shelf(Reel, tmp_path / "cache", 1, note)
    cache.put(name, of_other_seconds(reel, programs))
    begun = Barrier(4)

    def make(place: int) -> Part:
        folder = tmp_path / str(place)
        folder.mkdir()
        begun.wait()
        return splicer.part(drawn(), 0, 1, folder)

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(make, range(4)))

    assert 1 == len(notes)
    assert {(*numbers(0, 1),)} == {(*seen(one).numbers,) for one in made}


@pytest.mark.judge
def test_a_house_full_of_threads_makes_right_clips(
    make_job, tmp_path, finished, note, notes
):
    own = tmp_path / "own"
    renderer = FfmpegRenderer(cache=lambda: own, sizes=[SMALL], note=note)

    def make(place: int) -> Path:
        folder = tmp_path / str(place)
        folder.mkdir(exist_ok=True)
        job = make_job(f"Kite {place}", SMALL, id=f"video_{place}")
        renderer.video(job, None, folder / "clip.mp4")
        return folder / "clip.mp4"

    def all_made() -> list[Path]:
        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(make, range(8)))

    clips = finished(all_made)
    before = clips[0].read_bytes()
    again = make(0)
    renderer.close()

    assert [] == notes
    assert [f"video_{at}" for at in range(8)] == [parse.movie(x).title for x in clips]
    assert [(numbers(0, 1), [])] * 8 == [_told(look(x, SMALL, tmp_path)) for x in clips]
    assert before == again.read_bytes()
    kinds = {path.suffix for path in own.iterdir()}
    assert {".reel", ".track", ".proved"} == kinds


def test_closing_while_it_renders_leaves_nothing(
    make_job, tmp_path, open_renderer, clip
):
    renderer, before = open_renderer(), {*psutil.Process().children()}
    size, targets = Size(720, 1280), [tmp_path / str(at) for at in range(3)]
    facts = {"kind": Kind.EXTEND, "seconds": 120, "new_seconds": 117}
    jobs = [make_job(size=size, seconds=120), make_job(size=size, **facts)]
    jobs.append(make_job(size=Size(64, 64), seconds=120))
    with ThreadPoolExecutor(3) as pool:
        runs = [
            pool.submit(renderer.video, job, clip, folder / "clip.mp4")
            for job, folder in zip(jobs, targets, strict=True)
            if not folder.mkdir()
        ]
        # Each has a folder of its own as soon as it has something to run.
        while not all(any(folder.iterdir()) for folder in targets):
            assert not wait(runs, timeout=0.02).done
        renderer.close()
        stopped = [type(run.exception(20)) for run in runs]

    assert [RenderStopped] * 3 == stopped
    assert [[], [], []] == [[*folder.iterdir()] for folder in targets]
    assert {*psutil.Process().children()} <= before


def _told(shown: Look) -> tuple[list[int | None], list[int]]:
    return shown.numbers, shown.parts
