"""Any file of the user's is made to fit exactly, or refused by its name."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from reelmock.domain.catalog import SIZES, Size
from reelmock.media import fitting, label, stitch
from reelmock.media.ffmpeg import Programs
from reelmock.media.fitting import Piece
from reelmock.service.ports import RenderFailed

SMALL = Size(72, 128)
TOLD = label.Label("1.2.3", "video_ab", "0" * 64, 4, SMALL)


@pytest.fixture(scope="module")
def programs() -> Iterator[Programs]:
    made = Programs()
    yield made
    made.close()


@pytest.fixture
def fitted(
    programs: Programs, ffmpeg: Callable[..., tuple[bytes, str]], tmp_path: Path
) -> Callable[[Path, Piece], Path]:
    """Fits a file, and looks whether it came out exactly and decodes without a word."""

    def fit(source: Path, piece: Piece) -> Path:
        target = tmp_path / "fitted.mp4"
        fitting.fit(programs, source, target, piece, TOLD)
        shown, said = ffmpeg("-v", "error", "-i", target, "-map", "0:v", *FRAMES)
        sound, also_said = ffmpeg("-v", "error", "-i", target, "-map", "0:a", *SAMPLES)
        assert ("", "") == (said, also_said)
        assert f"#dimensions 0: {piece.size}" in shown.decode()
        assert "#tb 0: 1/15360" in shown.decode()
        steps = re.findall(r"^0, +\d+, +(\d+), +512,", shown.decode(), re.MULTILINE)
        assert [512 * number for number in range(30 * piece.seconds)] == [
            *map(int, steps)
        ]
        assert 4 * 48_000 * piece.seconds == len(sound)
        return target

    return fit


FRAMES = ("-enc_time_base", "demux", "-fps_mode", "passthrough", "-f", "framecrc", "-")
SAMPLES = ("-f", "s16le", "-")
SINE = ("-f", "lavfi", "-i", "sine=frequency=440")
HALVES = (
    "drawbox=w=iw/2:color=red:t=fill,drawbox=x=iw/2:w=iw/2:color=blue:t=fill,"
    "format=yuv420p"
)


def colour(picture: Image.Image, x: int, y: int) -> str:
    red, green, blue = picture.getpixel((x, y))
    return {(True, False, False): "red", (False, False, True): "blue"}.get(
        (red > 150, green > 90, blue > 150), f"{red} {green} {blue}"
    )


def test_a_clip_is_fitted_looped_and_labelled(coded, fitted, told, frame) -> None:
    source = coded(
        *SINE, "-vf", "fade=out:0:25", "-af", "aformat=channel_layouts=5.1", "-t", 1,
        "-metadata", "comment=mine", rate="30000/1001", size="320x180",
    )  # fmt: skip
    target = fitted(source, Piece(SMALL, 3))
    means = [sum(frame(target, n, SMALL).resize((1, 1)).getpixel((0, 0)))
             for n in (0, 26, 31, 57, 62, 86)]  # fmt: skip

    assert [True, False] * 3 == [mean > 150 for mean in means]
    facts = told(target)
    assert label.comment(TOLD) == facts["comment"]
    assert "video_ab" == facts["title"]
    assert "48000 Hz, stereo" in facts["audio"]


def test_a_part_goes_on_where_the_one_before_ended(coded, fitted, frame) -> None:
    source = coded("-vf", "fade=out:0:60", seconds=2)
    target = fitted(source, Piece(SMALL, 2, 1))
    light = [sum(frame(target, n, SMALL).resize((1, 1)).getpixel((0, 0)))
             for n in (0, 25, 33)]  # fmt: skip

    assert light[2] > light[0] > light[1]


def test_a_clip_is_cropped_to_its_middle_and_never_stretched(
    coded, fitted, frame
) -> None:
    wide = coded("-vf", HALVES, size="320x90")
    narrow = coded("-vf", f"{HALVES},scale=32:64,setsar=20", size="64x64")

    for source in (wide, narrow):
        shown = frame(fitted(source, Piece(Size(64, 64), 1)), 5, Size(64, 64))
        assert "red" == colour(shown, 4, 32) == colour(shown, 28, 32)
        assert "blue" == colour(shown, 36, 32) == colour(shown, 60, 32)


def test_a_rotated_clip_stands_as_players_show_it(
    coded, fitted, frame, ffmpeg, tmp_path
) -> None:
    turned = tmp_path / "turned.mp4"
    lying = coded("-vf", HALVES, size="128x72")
    ffmpeg("-display_rotation", 90, "-i", lying, "-c", "copy", turned)
    shown = frame(fitted(turned, Piece(SMALL, 1)), 5, SMALL)

    assert ("blue", "red") == (colour(shown, 36, 20), colour(shown, 36, 108))


def test_a_clip_without_sound_is_silent_and_one_with_too_little_is_filled(
    coded, fitted, ffmpeg
) -> None:
    mute, short = coded(), coded(*SINE, "-t", 2, "-af", "atrim=end=0.5", seconds=2)

    assert {0} == set(sounds(ffmpeg, fitted(mute, Piece(SMALL, 1))))
    heard = sounds(ffmpeg, fitted(short, Piece(SMALL, 3)))
    seconds = [heard[at * 4 * 4800 :][: 4 * 2400] for at in (1, 10, 21, 28)]
    assert [True, False, True, False] == [any(second) for second in seconds]


def sounds(ffmpeg, source: Path) -> bytes:
    return ffmpeg("-v", "error", "-i", source, "-map", "0:a", *SAMPLES)[0]


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_a_still_of_that_length(
    fitted, frame, told, tmp_path, form: str
) -> None:
    source = tmp_path / f"picture.{form.lower()}"
    picture = Image.new("RGB", (300, 100), "red")
    picture.paste("blue", (150, 0, 300, 100))
    exif = Image.Exif()
    exif[0x0112] = 6
    picture.save(source, form, exif=exif)
    target = fitted(source, Piece(SMALL, 2))

    assert "video_ab" == told(target)["title"]
    for number in (0, 59):
        shown = frame(target, number, SMALL)
        assert ("red", "blue") == (colour(shown, 36, 40), colour(shown, 36, 90))


def test_a_picture_with_a_broken_exif_is_refused_by_name(programs, tmp_path) -> None:
    source = tmp_path / "picture.jpg"
    broken = b"Exif\0\0" + b"X" * 40
    Image.new("RGB", (300, 100), "red").save(source, "JPEG", exif=broken)

    with pytest.raises(RenderFailed, match=re.escape(f"cannot use {source}: ")):
        fitting.fit(programs, source, tmp_path / "out.mp4", Piece(SMALL, 1), TOLD)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_clip_is_refused_by_name(
    programs, coded, ffmpeg, tmp_path, share: float
) -> None:
    whole, cut = tmp_path / "whole.mp4", tmp_path / "cut.mp4"
    ffmpeg("-i", coded(), "-c", "copy", "-movflags", "+faststart", whole)
    content = whole.read_bytes()
    cut.write_bytes(content[: int(len(content) * share)])

    with pytest.raises(RenderFailed, match=re.escape(f"cannot use {cut}: ")):
        fitting.fit(programs, cut, tmp_path / "out.mp4", Piece(SMALL, 1), TOLD)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\0\0\0\x18ftypisom" + bytes(900), "ffmpeg ended"),
        (b"", "ffmpeg ended"),
        (b"\x89PNG\r\n\x1a\n" + bytes(30), "it is no PNG, JPEG or WebP"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff\x08\2\0\0\0",
         "65535x65535 is too large for a picture"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\2\0\0\0",
         "the picture is not whole"),
        (b"\xff\xd8\xff" + bytes(fitting.MOST_OF_A_PICTURE), "the file is too large"),
    ],
)  # fmt: skip
def test_what_does_not_decode_is_refused_by_name(
    programs, tmp_path, content: bytes, said: str
) -> None:
    source = tmp_path / "source"
    source.write_bytes(content)

    with pytest.raises(RenderFailed, match=re.escape(f"cannot use {source}: ") + said):
        fitting.fit(programs, source, tmp_path / "out.mp4", Piece(SMALL, 1), TOLD)
    source.unlink()
    with pytest.raises(RenderFailed, match="No such file"):
        fitting.fit(programs, source, tmp_path / "out.mp4", Piece(SMALL, 1), TOLD)


@pytest.mark.parametrize("kind", ["video", "picture"])
def test_a_part_can_stand_behind_another_one(
    programs, coded, tmp_path, kind: str
) -> None:
    source = coded(*SINE, "-t", 1, size="160x90")
    if kind == "picture":
        source = tmp_path / "picture.png"
        Image.new("RGB", (30, 30), "red").save(source)
    behind = fitting.pictures(programs, source, Piece(SMALL, 2, 4), tmp_path)
    before = stitch.transcoded(programs, coded(size=SMALL), SMALL, 1, tmp_path)
    whole = stitch.joined(before, behind)

    assert whole is not None
    assert 90 == whole.frames
    heard = fitting.sound(programs, source, Piece(SMALL, 2, 4))
    assert 2 * 2 * 48_000 == len(heard)
    assert (kind == "video") == any(heard[-48_000:])


@pytest.fixture(scope="module")
def wide(coded) -> Path:
    return coded(rate="60", size="1280x720")


@pytest.fixture(scope="module")
def narrow(coded) -> Path:
    return coded(size="16x512")


@pytest.mark.judge
@pytest.mark.parametrize("size", [*SIZES, Size(16, 16), Size(4096, 16)], ids=str)
def test_a_file_fits_every_size(wide, narrow, fitted, size: Size) -> None:
    fitted(wide, Piece(size, 1))
    fitted(narrow, Piece(size, 1))


@pytest.mark.judge
@pytest.mark.parametrize(
    "words",
    [
        {"rate": "5", "seconds": 2.2},
        {"rate": "24000/1001", "seconds": 1.3, "size": "130x50"},
        {"rate": "1000", "seconds": 0.001},
        {"rate": "60"},
    ],
    ids=str,
)
def test_every_rate_fits(coded, fitted, words) -> None:
    fitted(coded(**words), Piece(SMALL, 4))


@pytest.mark.judge
@pytest.mark.parametrize(
    "words",
    [
        ("-vf", "select='not(mod(n,7))+lt(n,5)'", "-fps_mode", "vfr"),
        ("-c:v", "mpeg4"),
        ("-c:v", "libvpx-vp9", "-pix_fmt", "yuva420p"),
        ("-pix_fmt", "yuv420p10le"),
        ("-pix_fmt", "yuv444p"),
        (*SINE, "-t", 3),
        (*SINE, "-t", 1, "-c:a", "flac", "-ar", 96_000),
        (*SINE, "-t", 1, "-c:a", "libmp3lame", "-ar", 22_050, "-ac", 1),
        (*SINE, "-t", 1, "-c:a", "libopus"),
        ("-movflags", "+frag_keyframe+empty_moov"),
        ("-output_ts_offset", 5),
        ("-bf", 3, "-g", 250),
        ("-frames:v", 1),
    ],
    ids=str,
)
def test_every_way_of_coding_fits(coded, fitted, words) -> None:
    source = coded(*words, size="160x120")

    fitted(source, Piece(SMALL, 4))
    fitted(source, Piece(SMALL, 2, 3))


@pytest.mark.judge
def test_two_minutes_come_out_exactly(coded, fitted) -> None:
    source = coded(*SINE, "-t", 7.3, rate="30000/1001", seconds=7)

    fitted(source, Piece(SMALL, 120))
