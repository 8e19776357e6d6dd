import struct
import subprocess
from fractions import Fraction

import pytest

from reelmock.domain.catalog import Size
from reelmock.domain.errors import ClipUnreadable, MediaTypeUnsupported
from reelmock.domain.footage import Footage
from reelmock.media import boxes, probe
from reelmock.media import clip as reader
from reelmock.media.clip import Packet, Packets
from reelmock.media.ffmpeg import Programs, program

FTYP = b"\0\0\0\x10ftypisom\0\0\0\0"

CODECS = {
    "h264 with frames out of order": ("-c:v", "libx264", "-pix_fmt", "yuv420p"),
    "h264 in fragments": ("-c:v", "libx264", "-movflags", "frag_keyframe+empty_moov"),
    "mpeg4": ("-c:v", "mpeg4"),
    "vp9": ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"),
}

pytestmark = pytest.mark.judge


def box(name: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I4s", len(content) + 8, name) + content


def changed(content: bytes, name: bytes, at: int, piece: bytes) -> bytes:
    """The clip with a piece of its first box of this name overwritten."""
    place = content.index(name) + 4 + at
    return content[:place] + piece + content[place + len(piece) :]


@pytest.fixture
def refused(renderer):
    def refuse(content: bytes) -> str:
        with pytest.raises(ClipUnreadable) as refused:
            renderer.measure(content, "video/mp4")
        return refused.value.message

    return refuse


def test_our_own_clip_is_measured(clip, renderer):
    told = renderer.measure(clip.read_bytes(), "video/mp4")

    assert Footage(Size(720, 1280), 3.0) == told


@pytest.mark.parametrize("words", CODECS.values(), ids=CODECS)
@pytest.mark.parametrize("rate", [24, 25, 60])
def test_a_strangers_clip_is_measured(words, rate, coded, renderer):
    source = coded(*words, rate=rate, seconds=2, size="128x64")
    told = renderer.measure(source.read_bytes(), "video/mp4")

    assert Size(128, 64) == told.size
    assert 2 == pytest.approx(told.seconds, abs=1 / rate)


def test_a_clip_cut_without_coding_is_as_long_as_players_show_it(
    coded, renderer, tmp_path, ffmpeg
):
    source, part = coded(seconds=4), tmp_path / "part.mp4"
    ffmpeg("-v", "error", "-ss", "1.5", "-t", "2", "-i", source, "-c", "copy", part)
    told = renderer.measure(part.read_bytes(), "video/mp4")

    assert 2 == pytest.approx(told.seconds, abs=0.2)


@pytest.mark.parametrize("given", ["image/png", "video/webm", "", "VIDEO/MP4"])
def test_another_type_is_refused(given, clip, renderer):
    with pytest.raises(MediaTypeUnsupported) as refused:
        renderer.measure(clip.read_bytes(), given)

    assert "video" == refused.value.param
    assert refused.value.message.endswith("Supported file formats are 'video/mp4'.")


@pytest.mark.parametrize("share", [0.001, 0.01, 0.03, 0.2, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("flags", ["+faststart", "0"])
def test_a_clip_cut_anywhere_is_refused(share, flags, clip, tmp_path, refused):
    source = tmp_path / "whole.mp4"
    words = [program(), "-v", "error", "-i", clip, "-c", "copy", "-movflags", flags]
    subprocess.run([*words, source], check=True)
    content = source.read_bytes()

    assert "file 'video'" in refused(content[: int(len(content) * share)])
    assert "file 'video'" in refused(content[:-1])


def test_a_clip_cut_between_its_boxes_is_refused(clip, refused):
    content = clip.read_bytes()
    for name in (b"moov", b"mdat"):
        assert refused(content[: content.index(name) - 4])


def test_fragments_cut_behind_an_index_are_refused(coded, refused):
    words = ("-g", 10, "-movflags", "frag_keyframe+empty_moov")
    content = coded("-c:v", "libx264", *words).read_bytes()
    last = content.rindex(b"moof") - 4
    (length,) = struct.unpack(">I", content[last : last + 4])

    assert refused(content[: last + length])


NO_CLIPS = {
    "nothing": b"",
    "text": b"Example data",
    "zeros": bytes(1_000_000),
    "a playlist": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
    "a playlist behind a brand": FTYP + b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
    "a list of files": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "noise behind a brand": FTYP + bytes(range(256)) * 4000,
    "zeros behind a brand": FTYP + bytes(1_000_000),
    "empty boxes": FTYP + box(b"moov") + box(b"mdat"),
    "a great many boxes": FTYP + box(b"free") * 30_000 + box(b"mdat"),
    "a box without an end": FTYP + struct.pack(">I4sQ", 1, b"mdat", 2**63),
    "many tracks": FTYP + box(b"moov", box(b"trak") * 20) + box(b"mdat"),
    "an empty track": FTYP + box(b"moov", box(b"trak")) + box(b"mdat"),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
}


@pytest.mark.parametrize("content", NO_CLIPS.values(), ids=NO_CLIPS)
def test_what_is_no_clip_is_refused(content, refused):
    assert refused(content)


@pytest.mark.parametrize("kind", [b"url ", b"alis", b"urn "])
def test_a_clip_that_refers_to_another_file_is_refused(kind, clip, refused):
    content = clip.read_bytes()

    assert refused(changed(content, b"dref", 12, kind + bytes(4)))


def test_the_reader_by_itself_opens_no_other_file(clip, tmp_path):
    source = tmp_path / "x.mp4"
    source.write_bytes(changed(clip.read_bytes(), b"dref", 12, b"alis" + bytes(4)))
    words = reader.packet_arguments(source)

    assert 1 == words.count("-i")
    assert "0" == words[words.index("-enable_drefs") + 1]
    assert "file,pipe" == words[words.index("-protocol_whitelist") + 1]


CLAIMS = {
    "a billion samples without a size": (b"stsz", 4, b"\0\0\0\0\xff\xff\xff\xff"),
    "a billion samples of a byte": (b"stsz", 4, b"\0\0\0\1\xff\xff\xff\xff"),
    "a million samples of a kilobyte": (b"stsz", 4, b"\0\0\4\0\0\x0f\xff\xff"),
    "chunks behind its end": (b"stco", 8, b"\x7f\xff\xff\xff"),
    "an hour for each picture": (b"stts", 12, struct.pack(">I", 15360 * 3600)),
    "no samples": (b"stsz", 8, bytes(4)),
}


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_a_clip_that_claims_more_than_it_has_is_refused(claim, clip, refused):
    assert refused(changed(clip.read_bytes(), *claim))


def test_fragments_that_claim_a_billion_samples_are_refused(coded, refused):
    words = ("-c:v", "libx264", "-movflags", "frag_keyframe+empty_moov")
    content = coded(*words).read_bytes()

    assert refused(changed(content, b"trun", 4, b"\x7f\xff\xff\xff"))


def test_a_picture_larger_than_any_video_is_refused(coded, refused):
    content = coded("-c:v", "mpeg4", size="8000x4000", rate=1).read_bytes()

    assert refused(content)


def test_a_header_that_claims_another_size_is_not_believed(clip, renderer):
    large = changed(clip.read_bytes(), b"avc1", 24, b"\xff\xfe\xff\xfe")

    assert Size(720, 1280) == renderer.measure(large, "video/mp4").size


def test_a_clip_without_a_picture_is_refused(tmp_path, ffmpeg, refused):
    target = tmp_path / "sound.mp4"
    ffmpeg("-v", "error", "-f", "lavfi", "-i", "sine=duration=1", target)

    assert refused(target.read_bytes())


def test_a_codec_that_we_do_not_read_is_refused(coded, refused):
    content = coded("-c:v", "mjpeg", "-pix_fmt", "yuvj420p").read_bytes()

    assert refused(content)


def test_a_first_picture_that_cannot_be_decoded_is_refused(clip, refused):
    content = bytearray(clip.read_bytes())
    begin = content.index(b"mdat") + 4
    content[begin : begin + 40_000] = b"\xa5" * 40_000

    assert refused(bytes(content))


def test_nothing_stays_of_a_check(clip, tmp_path):
    programs = Programs(tmp_path)
    probe.measure(programs, clip.read_bytes(), "video/mp4")
    with pytest.raises(ClipUnreadable):
        probe.measure(programs, clip.read_bytes()[:-1], "video/mp4")

    assert [] == list(tmp_path.iterdir())


def test_the_boxes_of_our_clip_are_whole(clip):
    assert boxes.check(clip.read_bytes()) is None


@pytest.mark.parametrize(
    ("places", "is_steady"),
    [
        ([(0, 0), (1, 0), (2, 0)], True),
        ([(0, 0), (2, 0), (1, 0)], False),
        ([(1, 0), (2, 0), (3, 0)], False),
        ([(0, 0), (1, 0)], False),
        ([(0, 4), (0, 0), (1, 0), (2, 0)], False),
    ],
)
def test_only_pictures_one_by_one_from_the_first_are_steady(places, is_steady):
    told = [Packet(at * 512, 512, flags) for at, flags in places]
    packets = Packets(Size(64, 64), Fraction(1, 15360), told)

    assert is_steady == packets.is_steady(3, 30)
