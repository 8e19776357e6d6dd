from pathlib import Path

import pytest

from reelmock.domain.catalog import SIZES, Size
from reelmock.media import clip, encode, sheet, strip


@pytest.fixture
def arguments():
    return encode.clip_arguments(
        Size(720, 1280), 4, "video_1", Path("still.rgb"), Path("out.mp4")
    )


def after(arguments: list[str], flag: str) -> list[str]:
    return [arguments[at + 1] for at, word in enumerate(arguments) if word == flag]


def test_a_clip_reads_the_slate_strips_and_two_tones(arguments):
    assert [
        "still.rgb",
        "pipe:0",
        "sine=frequency=220:sample_rate=48000:duration=4",
        "sine=frequency=330:sample_rate=48000:duration=4",
    ] == after(arguments, "-i")
    assert ["720x1280", "720x80"] == after(arguments, "-video_size")


def test_a_clip_counts_its_frames(arguments):
    assert ["120"] == after(arguments, "-frames:v")


def test_a_clip_does_not_depend_on_the_machine(arguments):
    assert ["1"] == after(arguments, "-threads:v")
    assert ["+bitexact"] == after(arguments, "-flags:v")
    assert ["+bitexact"] == after(arguments, "-fflags")


def test_no_word_of_a_caller_gets_into_a_filter():
    name = "[x];movie=/etc/passwd"
    words = encode.clip_arguments(Size(64, 64), 1, name, Path("a"), Path("b"))
    (graph,) = after(words, "-filter_complex")

    assert "movie" not in graph
    assert f"title={name}" in words


def test_a_target_that_looks_like_a_protocol_is_a_file():
    words = encode.clip_arguments(Size(64, 64), 1, "", Path("a"), Path("http:x"))

    assert "file:http:x" == words[-1]


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


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_strip_begins_on_a_row_of_macroblocks(size):
    assert 0 == strip.top(size) % strip.BLOCK
    assert 80 <= size.height - strip.top(size) <= 136


@pytest.mark.parametrize(
    ("number", "code", "count"),
    [
        (0, "00:00:00:00", "0001 / 0120"),
        (102, "00:00:03:12", "0103 / 0120"),
        (119, "00:00:03:29", "0120 / 0120"),
    ],
)
def test_a_frame_is_named_twice(number, code, count):
    assert code == strip.timecode(number)
    assert count == strip.counter(number, 120)


def test_a_time_code_carries():
    assert "01:01:01:01" == strip.timecode(((61 * 60) + 1) * 30 + 1)


def test_strips_are_raw_frames_that_all_differ():
    frames = list(strip.frames(Size(320, 180), 1))

    assert 30 == len(set(frames))
    assert {320 * (180 - strip.top(Size(320, 180))) * 3 // 2} == set(map(len, frames))
