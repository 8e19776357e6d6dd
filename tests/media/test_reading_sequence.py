"""Rows of frame numbers, and what is said of them."""

import json

import pytest

from reelmock.domain.catalog import Size
from reelmock.media import sequence
from reelmock.media.findings import Frame, Inspection
from reelmock.media.hearing import Sound, compared, seen
from reelmock.media.label import Label
from reelmock.media.sequence import Span
from stamped import SMALL, A, B

FITS = Sound("fits")


def shown(*runs: tuple[range, str | None, int, int], **facts) -> Inspection:
    """A clip of such frames: numbers, the video, the second its part begins at, and the
    whole's seconds."""
    numbered = [(number, run) for run in runs for number in run[0]]
    frames = tuple(
        Frame(place, number, video, begin, seconds)
        for place, (number, (_, video, begin, seconds)) in enumerate(numbered)
    )
    _, video, _, seconds = runs[-1]
    whole = {"video": video, "total": 30 * seconds, "sound": FITS}
    return Inspection("clip", SMALL, frames=frames, **{**whole, **facts})


@pytest.mark.parametrize(
    ("numbers", "missing", "doubled", "disordered"),
    [
        ([0, 1, 2, 3], [], [], []),
        ([], [(0, 3)], [], []),
        ([1, 2], [(0, 0), (3, 3)], [], []),
        ([0, 1, 1, 2, 3], [], [(1, 1)], []),
        ([2, 3, 0, 1], [], [], [(0, 1)]),
        ([0, 2, 1, 3], [], [], [(1, 1)]),
        ([0, 1, 2, 3, 0, 1, 2, 3], [], [(0, 3)], []),
        ([0, None, 2, 3], [], [], []),
        ([None, 1, None, 3], [], [], []),
        ([None, None, None, None], [], [], []),
        ([None, 3], [(0, 1)], [], []),
        ([0, None, 3], [(2, 2)], [], []),
    ],
)
def test_numbers_that_are_missing_doubled_or_out_of_order_are_told_apart(
    numbers, missing, doubled, disordered
):
    assert missing == list(sequence.missing(numbers, 4))
    assert doubled == list(sequence.doubled(numbers))
    assert disordered == list(sequence.disordered(numbers))


def test_a_span_says_its_ends():
    assert ["7", "30-44"] == [str(Span(7, 7)), str(Span(30, 44))]


def test_a_clip_with_every_frame_in_order_is_complete():
    found = shown((range(60), A, 0, 2))

    assert found.is_complete
    assert () == found.problems


def test_an_extension_is_complete_with_its_source_before_it():
    found = shown((range(60), A, 0, 2), (range(60, 120), B, 2, 4))

    assert found.is_complete
    assert (B, 120) == (found.video, found.total)
    assert [(A, (0, 59), 0, 59), (B, (60, 119), 60, 119)] == list(found.parts)


def test_frames_of_another_video_are_strange_where_the_whole_has_its_own():
    found = shown((range(30), B, 0, 2), (range(30, 60), A, 0, 2))

    assert ((0, 29),) == found.strange
    assert not found.is_complete
    assert ("not of this video at 0-29",) == found.problems


def test_a_source_ends_where_its_own_tag_says():
    found = shown((range(60), A, 0, 1), (range(60, 120), B, 2, 4))

    assert ((30, 59),) == found.strange


def test_a_frame_that_the_whole_does_not_have_is_beyond_the_end():
    found = shown((range(62), A, 0, 2))

    assert not found.is_complete
    assert ("beyond the end 60-61",) == found.problems


def test_a_label_of_another_video_is_a_problem():
    said = Label("1", B, "0" * 64, 2, SMALL)
    found = shown((range(60), A, 0, 2), label=said, video=B)

    assert (f"labelled {B}, and shows {A}",) == found.problems


@pytest.mark.parametrize(("size", "problems"), [(SMALL, 1), (Size(192, 192), 0)])
def test_a_video_that_only_the_label_names_is_not_proved(size, problems):
    """But for a clip that is too small to show it."""
    said = Label("1", A, "0" * 64, 2, size)
    found = shown((range(60), None, 0, 2), label=said, video=A)

    assert problems == len(found.problems)
    assert all(one.startswith("no tag is readable") for one in found.problems)


def test_a_clip_too_small_for_stamps_says_so():
    size = Size(64, 64)
    said = Label("1", A, "0" * 64, 1, size)
    blank = tuple(Frame(place) for place in range(30))
    found = Inspection("clip", size, A, 30, blank, 1.0, FITS, said)

    assert "a clip of 64x64 is too small for stamps" == found.problems[-1]
    assert not found.is_complete


def test_many_gaps_are_told_in_few_words_and_kept_in_full():
    found = shown((range(0, 60, 2), A, 0, 2))

    assert ("missing 1, 3, 5, 7, 9, 11 and 24 more",) == found.problems
    assert 30 == len(found.as_json()["missing"])


def test_what_is_found_is_plain_values():
    found = shown((range(0, 60, 2), A, 0, 2), label=Label("1", A, "0" * 64, 2, SMALL))
    told = json.loads(json.dumps(found.as_json(with_frames=True)))

    assert ["clip", "256x448", A, False, 30, 60] == [
        told[name]
        for name in ("kind", "size", "video", "complete", "frames", "expected")
    ]
    assert [1, 1] == told["missing"][0]
    assert {"place": 1, "frame": 2, "video": A} == told["shown"][1]
    assert "256x448" == told["label"]["size"]
    assert "shown" not in found.as_json()


@pytest.mark.parametrize(
    ("heard", "picture", "verdict", "shift"),
    [
        ([0, 1, 2, 3], [0, 1, 2, 3], "fits", None),
        ([2, 3], [2, 3], "fits", None),
        ([0, None, 2, 3], [0, 1, 2, 3], "fits", None),
        ([0, 1, 2, 3], [0, None, 2, 3], "fits", None),
        ([2, 3, 4], [0, 1, 2], "shifted", 2),
        ([None, 0, 1, 2], [0, 1, 2, 3], "shifted", -1),
        ([3, 2, 1, 0], [0, 1, 2, 3], "jumbled", None),
        ([None, None, None], [0, 1, 2], "foreign", None),
        ([0], [0, 1, 2, 3], "short", None),
        ([], [0, 1], "foreign", None),
    ],
)
def test_sound_is_held_against_the_picture(heard, picture, verdict, shift):
    found = compared(heard, picture)

    assert (verdict, shift) == (found.verdict, found.shift)
    assert (verdict == "fits") == found.fits


def test_a_shift_is_told_with_its_direction():
    words = [str(Sound("shifted", 2)), str(Sound("shifted", -1)), str(FITS)]

    assert ["shifted by 2 s, early", "shifted by 1 s, late", "fits"] == words


def test_the_picture_says_a_second_at_any_rate():
    assert [0, 1] == seen(range(60), 2)
    assert [0, 1] == seen([number // 2 for number in range(120)], 2)
    assert [1, 2] == seen(range(30, 90), 2)
    assert [0, 1] == seen([None] * 60, 2)
