"""What programs are told, and what the strips are that they are given."""

from pathlib import Path

import pytest
from PIL import Image

from reelmock.domain.catalog import SIZES, Size
from reelmock.media import clip, encode, reels, sheet, stamp, strip
from reelmock.media.ffmpeg import Programs

SIZE = Size(720, 1280)

CODED = {
    "part": encode.part_arguments(SIZE, 4, Path("still.rgb"), Path("out.h264")),
    "still": encode.still_arguments(SIZE),
    "plain": encode.plain_arguments(SIZE, 3375),
    "strip": encode.strip_arguments(SIZE),
}

NARROW = [Size(16, 16), Size(100, 568), Size(160, 160), Size(176, 320), Size(4096, 16)]


def after(arguments: list[str], flag: str) -> list[str]:
    return [arguments[at + 1] for at, word in enumerate(arguments) if word == flag]


def test_a_part_reads_the_still_and_the_strips():
    assert ["file:still.rgb", "pipe:0"] == after(CODED["part"], "-i")
    assert ["720x1280", "720x80"] == after(CODED["part"], "-video_size")


def test_a_part_counts_its_frames():
    assert ["120"] == after(CODED["part"], "-frames:v")


@pytest.mark.parametrize("words", CODED.values(), ids=CODED)
def test_pictures_do_not_depend_on_the_machine(words):
    assert ["1"] == after(words, "-threads:v")
    assert ["+bitexact"] == after(words, "-flags:v")


@pytest.mark.parametrize("words", CODED.values(), ids=CODED)
def test_all_pictures_are_coded_in_the_same_way(words):
    assert all(said.startswith(encode.X264) for said in after(words, "-x264-params"))
    assert [*encode.VIDEO] == words[
        words.index("-c:v") : words.index("-c:v") + len(encode.VIDEO)
    ]


def test_files_that_look_like_a_protocol_are_files():
    words = encode.part_arguments(Size(64, 64), 1, Path("http:x"), Path("tcp:y"))

    assert "file:http:x" in after(words, "-i")
    assert "file:tcp:y" == words[-1]


def test_a_strangers_file_is_read_with_everything_pinned():
    words = clip.opened(Path("x.mp4"))

    assert ["file,pipe"] == after(words, "-protocol_whitelist")
    assert ["mov"] == after(words, "-f")
    assert ["0"] == after(words, "-enable_drefs")
    assert ["file:x.mp4"] == after(words, "-i")


def test_a_sheet_decodes_one_frame_a_second():
    words = sheet.tile_arguments(Path("x.mp4"), 4, Size(320, 568))

    assert ["4"] == after(words, "-frames:v")
    assert after(words, "-vf")[0].startswith("select=not(mod(n\\,30)),scale=320:568")


def test_a_folder_that_looks_like_a_protocol_is_one(tmp_path, monkeypatch):
    folder = Path("http:")
    monkeypatch.chdir(tmp_path)
    folder.mkdir()
    still, size = Image.new("RGB", (64, 64)), Size(64, 64)
    encode.encode(
        Programs(), still, strip.frames(size, 0, 1), seconds=1, target=folder / "x"
    )

    assert ["x"] == [path.name for path in folder.iterdir()]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_strip_begins_on_a_row_of_macroblocks(size):
    assert 0 == strip.top(size) % strip.BLOCK
    assert 80 <= size.height - strip.top(size) <= 136
    assert reels.can_take(size)


@pytest.mark.parametrize(
    ("number", "code", "count"),
    [
        (0, "00:00:00:00", "FRAME 0000"),
        (102, "00:00:03:12", "FRAME 0102"),
        (119, "00:00:03:29", "FRAME 0119"),
        (3599, "00:01:59:29", "FRAME 3599"),
    ],
)
def test_a_frame_is_named_twice(number, code, count):
    assert code == strip.timecode(number)
    assert count == strip.counter(number)


def test_a_time_code_carries():
    assert "01:01:01:01" == strip.timecode(((61 * 60) + 1) * 30 + 1)


def test_strips_are_raw_frames_that_all_differ():
    frames = list(strip.frames(Size(320, 180), 0, 1))

    assert 30 == len(set(frames))
    assert {320 * (180 - strip.top(Size(320, 180))) * 3 // 2} == set(map(len, frames))


@pytest.mark.parametrize("size", [*NARROW, Size(320, 180), SIZES[0]], ids=str)
def test_a_strip_shows_nothing_of_those_before_it(size):
    whole = list(strip.frames(size, 8, 11))

    assert whole[60:] == list(strip.frames(size, 10, 11))


@pytest.mark.parametrize("size", [Size(160, 160), Size(320, 180), *SIZES], ids=str)
def test_the_cells_of_a_strip_say_its_number(size):
    cells, top = stamp.cells(size, strip.top(size)), strip.top(size)
    for number, frame in enumerate(strip.frames(size, 119, 120), 119 * strip.RATE):
        middles = [
            ((upper + foot) // 2 - top) * size.width + (left + right) // 2
            for left, upper, right, foot in cells
        ]
        assert number == stamp.seen([frame[at] for at in middles])
