"""What a clip says of itself in words, read back."""

import re
from hashlib import sha256

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reelmock.domain.catalog import Size
from reelmock.media import label
from reelmock.media.label import Label

names = st.text(st.characters(exclude_categories=["Cs"]))
sides = st.integers(1, 9999)
digests = st.from_regex(r"\A[0-9a-f]{64}\Z")
labels = st.builds(
    Label, st.just("1.2.3rc1"), names, digests, sides, st.builds(Size, sides, sides)
)


@given(labels)
@example(Label("0.1", "x; video=y; size=1x1", "a" * 64, 4, Size(720, 1280)))
@example(Label("0.1", "", "a" * 64, 4, Size(720, 1280)))
@example(Label("0.1", "\0\n%;=é\u202e", "a" * 64, 4, Size(720, 1280)))
def test_what_a_comment_says_is_read_back(made):
    written = label.comment(made)

    assert made == label.read(written)
    assert re.fullmatch(r"[ -~]+", written)


@given(labels, names, names)
def test_words_around_a_comment_do_no_harm(made, before, behind):
    said = label.read(before + label.comment(made) + " " + behind)

    assert made == said or "Placeholder" in before


def test_a_job_is_labelled_with_what_it_should_be(make_job):
    said = label.of(make_job("A kite \U0001f600", Size(64, 48), seconds=7))

    assert sha256("A kite \U0001f600".encode()).hexdigest() == said.prompt
    assert (7, Size(64, 48)) == (said.seconds, said.size)
    assert said == label.read(label.comment(said))


def test_a_prompt_of_half_a_letter_has_a_digest(make_job):
    assert re.fullmatch("[0-9a-f]{64}", label.of(make_job("\ud800")).prompt)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Placeholder clip by Reelmock",
        "Placeholder clip by Reelmock 1; video=x; prompt=sha256:ab; seconds=4; size=1x1",
        f"Placeholder clip by Reelmock 1; video=x; prompt=sha256:{'a' * 64}; seconds=4",
        f"Placeholder clip by Reelmock 1 2; video=x; prompt=sha256:{'a' * 64}; "
        "seconds=4; size=1x1",
    ],
)
def test_any_other_comment_is_not_ours(said):
    assert None is label.read(said)


@given(st.text())
def test_no_comment_is_too_odd_to_be_looked_at(said):
    assert None is label.read(said)


@given(st.text())
@example("x\0\n'[0:v];%d é" + "y" * 300)
def test_a_title_is_plain(name):
    assert re.fullmatch(f"[ -~]{{0,{label.LONGEST}}}", label.title(name))
