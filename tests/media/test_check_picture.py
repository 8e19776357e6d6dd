import struct
import subprocess
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from reelmock.domain.catalog import Size
from reelmock.domain.errors import (
    MediaTypeUnsupported,
    PictureSizeMismatch,
    PictureUnreadable,
)
from reelmock.media.ffmpeg import program

SIZE = Size(720, 1280)

SMALL = Size(144, 256)

FIXTURES = Path(__file__).parents[2] / "fixtures" / "media"

TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


def png(width: int, height: int, rows: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        total = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", total)

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("form", TYPES)
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_whole_picture_of_the_size_is_taken(form, mode, renderer, painted):
    content = painted(form, SMALL, mode)

    assert renderer.check_picture(content, TYPES[form], SMALL) is None


@pytest.mark.parametrize("mode", ["P", "RGBA", "1", "LA", "I;16"])
def test_every_kind_of_png_is_taken(mode, renderer, painted):
    content = painted("PNG", SMALL, mode)

    assert renderer.check_picture(content, "image/png", SMALL) is None


def test_a_clip_of_the_size_is_taken(clip, renderer):
    assert renderer.check_picture(clip.read_bytes(), "video/mp4", SIZE) is None


@pytest.mark.parametrize("given", ["image/gif", "", "text/plain", "IMAGE/PNG"])
def test_another_type_is_refused(given, renderer, painted):
    with pytest.raises(MediaTypeUnsupported) as refused:
        renderer.check_picture(painted("PNG", SMALL), given, SMALL)

    assert "input_reference" == refused.value.param
    assert (
        f"Invalid file 'input_reference': unsupported mimetype ('{given}'). Supported "
        "file formats are 'image/jpeg', 'image/png', 'image/webp', and 'video/mp4'."
    ) == refused.value.message


@pytest.mark.parametrize("form", TYPES)
def test_another_size_is_refused(form, renderer, painted):
    content = painted(form, Size(64, 32))
    with pytest.raises(PictureSizeMismatch) as refused:
        renderer.check_picture(content, TYPES[form], SIZE)

    assert refused.value.param is None


def test_a_clip_of_another_size_is_refused(clip, renderer):
    with pytest.raises(PictureSizeMismatch):
        renderer.check_picture(clip.read_bytes(), "video/mp4", Size(1280, 720))


@pytest.mark.parametrize("form", TYPES)
@pytest.mark.parametrize("share", [0.01, 0.5, 0.98])
def test_a_truncated_picture_is_refused(form, share, renderer, painted):
    content = painted(form, SMALL)
    cut = content[: int(len(content) * share)]
    with pytest.raises(PictureUnreadable) as refused:
        renderer.check_picture(cut, TYPES[form], SMALL)

    assert "input_reference" == refused.value.param
    assert refused.value.message.endswith(f"as {TYPES[form]}.")


@pytest.mark.parametrize("said", [*TYPES.values(), "video/mp4"])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Example data",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"\0\0\0\x20ftypisom" + b"\0" * 40,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe-3.0",
    ],
)
def test_what_is_no_picture_is_refused(said, content, renderer):
    with pytest.raises(PictureUnreadable):
        renderer.check_picture(content, said, SIZE)


def test_a_png_that_says_it_is_a_jpeg_is_refused(renderer, painted):
    with pytest.raises(PictureUnreadable):
        renderer.check_picture(painted("PNG", SMALL), "image/jpeg", SMALL)


def test_a_corrupt_png_is_refused(renderer, painted):
    content = bytearray(painted("PNG", SMALL))
    content[len(content) // 2] ^= 0xFF
    with pytest.raises(PictureUnreadable):
        renderer.check_picture(bytes(content), "image/png", SMALL)


def test_a_billion_pixels_are_refused_undecoded(renderer):
    content = png(32768, 32768, zlib.compress(b"\0" * 10_000_000))
    with pytest.raises(PictureSizeMismatch):
        renderer.check_picture(content, "image/png", SIZE)

    assert len(content) < 11_000


def test_a_png_with_less_than_it_says_is_refused(renderer):
    content = png(720, 1280, zlib.compress(b"\0" * 100))
    with pytest.raises(PictureUnreadable):
        renderer.check_picture(content, "image/png", SIZE)


def test_a_clip_cut_short_is_refused(clip, renderer):
    content = clip.read_bytes()
    with pytest.raises(PictureUnreadable):
        renderer.check_picture(content[:2000], "video/mp4", SIZE)


def test_a_playlist_in_the_guise_of_a_clip_is_refused(renderer, tmp_path):
    secret = tmp_path / "secret.mp4"
    content = b"\0\0\0\x10ftypisom\0\0\0\0#EXTM3U\nfile:" + bytes(secret)
    with pytest.raises(PictureUnreadable):
        renderer.check_picture(content, "video/mp4", SIZE)


def test_a_clip_with_its_index_at_the_end_is_taken(clip, renderer, tmp_path, boxes):
    late = tmp_path / "late.mp4"
    words = [program(), "-v", "error", "-i", clip, "-c", "copy", late]
    subprocess.run(words, check=True)

    assert ["ftyp", "free", "mdat", "moov"] == boxes(late)
    assert renderer.check_picture(late.read_bytes(), "video/mp4", SIZE) is None


def test_the_largest_picture_asked_for_is_taken(renderer):
    content, large = BytesIO(), Size(4096, 2160)
    Image.new("L", large).save(content, "PNG")

    assert renderer.check_picture(content.getvalue(), "image/png", large) is None


@pytest.mark.parametrize(
    ("suffix", "given"), [(f".{form.lower()}", TYPES[form]) for form in TYPES]
)
def test_the_pictures_of_fixtures_are_taken(suffix, given, renderer):
    source = FIXTURES / f"reference-720x1280{suffix}"

    assert renderer.check_picture(source.read_bytes(), given, SIZE) is None
