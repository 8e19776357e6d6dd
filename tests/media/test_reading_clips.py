"""Clips read back: whole, cut, doubled, out of order, scaled, damaged."""

from itertools import chain

import pytest

from reelmock import CannotInspect, inspect
from reelmock.domain.catalog import Size
from reelmock.media import tone
from stamped import SMALL, A, B, encoded, frame, run, still

KEPT = ("-c", "copy")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("clips")


@pytest.fixture(scope="module")
def whole(folder):
    """Two seconds with their sound."""
    target, sound = folder / "whole.mp4", folder / "sound.pcm"
    on = still(seconds=2)
    silent = encoded(folder / "picture.mp4", [frame(at, on) for at in range(60)])
    sound.write_bytes(tone.pcm(0, 2))
    heard = ("-f", "s16le", "-ar", 48_000, "-ac", 1, "-i", sound)
    run("-i", silent, *heard, "-c:v", "copy", target)
    return target


@pytest.fixture(scope="module")
def made(whole, folder):
    """The clip, changed in the way that ffmpeg is told."""

    def change(*words, before=(), name="changed.mp4"):
        run(*before, "-i", whole, *words, folder / name)
        return folder / name

    return change


def test_a_whole_clip_is_complete(whole):
    found = inspect(whole)

    assert ("clip", SMALL, A, 60) == (found.kind, found.size, found.video, found.total)
    assert tuple(range(60)) == found.numbers
    assert found.is_complete
    assert ("fits", 2.0) == (found.sound.verdict, found.seconds)
    assert () == found.problems


def test_poor_quality_changes_nothing(made):
    found = inspect(made("-crf", 35, "-preset", "ultrafast"))

    assert (True, ()) == (found.is_complete, found.problems)


@pytest.mark.parametrize("size", [Size(640, 360), Size(360, 640)], ids=str)
def test_half_a_clip_on_a_canvas_of_another_shape_is_found(folder, size):
    on = still(seconds=1, size=Size(size.width * 2, size.height * 2))
    half = (f"scale={size},pad={size.width + 160}:{size.height + 90}:66:50",)
    target = folder / "half.mp4"
    encoded(target, [frame(at, on) for at in range(30)], "-vf", *half, "-crf", "35")

    assert inspect(target).is_complete


@pytest.mark.parametrize(
    ("filters", "missing", "doubled", "disordered"),
    [
        ("select='not(between(n,30,44))'", ((30, 44),), (), ()),
        ("trim=start_frame=10:end_frame=50", ((0, 9), (50, 59)), (), ()),
        ("fps=60", (), ((0, 59),), ()),
        ("reverse", (), (), ((0, 58),)),
        ("shuffleframes=0 2 1", (), (), tuple((at, at) for at in range(1, 59, 3))),
    ],
)
def test_frames_that_went_wrong_are_told(made, filters, missing, doubled, disordered):
    quick = ("-fps_mode", "passthrough", "-preset", "ultrafast", "-an")
    found = inspect(made("-vf", filters, *quick))

    assert missing == found.missing
    assert doubled == found.doubled
    assert disordered == found.disordered
    assert not found.is_complete


def test_frames_that_are_not_readable_are_told_by_their_place(made):
    cover = "drawbox=0:ih-60:iw:60:gray:fill:enable='between(n,20,24)'"
    found = inspect(made("-vf", cover, "-preset", "ultrafast"))

    assert ((20, 24),) == found.unread
    assert () == found.missing
    assert ("not readable at 20-24",) == found.problems


def test_the_parts_of_an_extension_are_told(folder):
    before, behind = still(A, seconds=1), still(B, seconds=2, begin=1)
    frames = chain(
        (frame(at, before) for at in range(30)),
        (frame(at, behind) for at in range(30, 60)),
    )
    found = inspect(encoded(folder / "extension.mp4", frames))

    assert found.is_complete
    assert (B, 60) == (found.video, found.total)
    assert [(A, (0, 29), 0, 29), (B, (30, 59), 30, 59)] == list(found.parts)


def test_two_clips_in_a_row_are_not_one(folder):
    one, two = still(A, seconds=1), still(B, seconds=1)
    frames = (frame(at, on) for on in (one, two) for at in range(30))
    found = inspect(encoded(folder / "row.mp4", frames))

    assert [A, B] == [part.video for part in found.parts]
    assert ((0, 29),) == found.doubled
    assert ((0, 29),) == found.strange


def test_a_tag_is_found_in_a_clip_that_begins_with_something_else(folder):
    on = still(seconds=1)
    black = on.point(lambda _: 0)
    frames = [*[black] * 12, *(frame(at, on) for at in range(30))]
    found = inspect(encoded(folder / "later.mp4", frames, "-g", "12"))

    assert (A, ((0, 11),)) == (found.video, found.unread)
    assert tuple(range(30)) == found.numbers[12:]


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        (("-an",), "missing"),
        (("-af", "volume=0"), "silent"),
        (("-af", "adelay=1000:all=1"), "shifted"),
        (("-af", "asetrate=44100"), "foreign"),
    ],
)
def test_sound_that_went_wrong_is_told(made, words, verdict):
    found = inspect(made(*words, "-c:v", "copy"))

    assert verdict == found.sound.verdict
    assert found.is_complete
    assert [] == [told for told in found.problems if not told.startswith("sound: ")]
    assert (verdict == "silent") == (found.problems == ())


def test_a_clip_that_breaks_off_is_read_as_far_as_it_goes(made, folder):
    fast = made(*KEPT, "-movflags", "faststart", name="fast.mp4")
    broken = folder / "broken.mp4"
    content = fast.read_bytes()
    broken.write_bytes(content[: len(content) * 2 // 3])
    found = inspect(broken)

    assert found.numbers[:10] == tuple(range(10))
    assert 59 == found.missing[-1].last


def test_a_strangers_clip_is_refused(coded):
    with pytest.raises(CannotInspect, match="shows no clip of Reelmock's"):
        inspect(coded())


def test_a_clip_without_a_picture_is_refused(whole, made):
    with pytest.raises(CannotInspect, match=r"^has no picture|^cannot be"):
        inspect(made("-vn", "-c:a", "copy"))


def test_a_rendered_clip_is_complete_and_says_its_label(clip):
    found = inspect(clip)

    assert found.is_complete
    assert "fits" == found.sound.verdict
    assert (found.video, 3) == (found.label.video, found.label.seconds)
