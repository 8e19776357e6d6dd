"""An MP4's boxes, judged before any program reads them."""

import struct

import pytest

from reelmock.media import boxes


def box(name: bytes, *inside: bytes) -> bytes:
    content = b"".join(inside)
    return struct.pack(">I", 8 + len(content)) + name + content


START = box(b"ftyp", b"isom") + box(b"mdat", b"x")
TRACK = box(b"trak")
NAMED = box(b"\xa9nam", b"a name")


@pytest.mark.parametrize(
    "index",
    [
        (TRACK,),
        (TRACK, box(b"udta", NAMED)),
        (TRACK, box(b"udta", NAMED, bytes(4))),
        (TRACK, box(b"udta", box(b"meta", bytes(4), box(b"hdlr", b"x")))),
        (TRACK, box(b"udta", box(b"meta", box(b"hdlr", b"x")), bytes(4))),
        (TRACK, box(b"uuid", b"whatever is in here")),
    ],
    ids=["bare", "named", "padded", "mp4 meta", "quicktime meta", "unknown"],
)
def test_an_index_as_real_files_have_it_is_believed(index: tuple[bytes, ...]) -> None:
    boxes.check(START + box(b"moov", *index))


@pytest.mark.parametrize(
    "content",
    [
        START + TRACK + box(b"moov", TRACK),
        START + box(b"moov", TRACK) + box(b"moov", TRACK),
        START + box(b"moov", TRACK, box(b"cmov")),
        START + box(b"moov", TRACK, box(b"udta", TRACK)),
        START + box(b"moov", TRACK, box(b"udta", b"\0\0\1\0trak")),
        START + box(b"moov", TRACK, box(b"udta", b"\0\0\0\0trak")),
        START + box(b"moov", box(b"trak", box(b"stbl"))),
        START + box(b"moof", box(b"traf", box(b"stsz"))) + box(b"moov", TRACK),
        START + box(b"moov", box(b"mdia")),
    ],
    ids=[
        "a track outside", "two indexes", "a packed index", "a track in a name",
        "too long a track in a name", "an endless track in a name", "a table too high",
        "a table in a fragment", "no track",
    ],
)  # fmt: skip
def test_an_index_out_of_its_place_is_refused(content: bytes) -> None:
    with pytest.raises(boxes.Broken):
        boxes.check(content)


@pytest.mark.parametrize("inside", [1, 300])
def test_boxes_are_counted_over_the_whole_file(inside: int) -> None:
    free = box(b"free") * (boxes.MOST_BOXES // inside)
    tracks = [box(b"trak", box(b"mdia", free)) for _ in range(inside)]

    with pytest.raises(boxes.Broken, match="too many boxes"):
        boxes.check(START + box(b"moov", *tracks))
