from collections.abc import Iterable
from hashlib import sha256
from io import BytesIO
from itertools import groupby

import pytest
import zxingcpp
from PIL import Image, ImageChops

from reelmock.domain.catalog import SIZES, Size
from reelmock.domain.job import Kind
from reelmock.domain.look import look_of
from reelmock.media import clapper, facts, palette, prose, slate, strip, tag, typeface

PROMPTS = {
    "empty": "",
    "blank": " \n\t ",
    "NUL": "a\0b",
    "controls": "".join(map(chr, range(32))) + "\x7f\x9f",
    "surrogate": "half \ud800 a pair",
    "huge": "A sweeping shot over the bay. " * 1100,
    "one long word": "w" * 32_000,
    "newlines": "\n" * 500 + "x" + "\r\n" * 500,
    "Greek": "Ένα ήσυχο λιμάνι την αυγή",
    "Cyrillic": "Тихая гавань на рассвете",
    "Hebrew": "נמל שקט עם שחר (4K)",
    "Arabic": "مرفأ هادئ عند الفجر Sora 2",
    "Hindi": "सुबह का शांत बंदरगाह",
    "Thai": "ท่าเรือเงียบสงบยามรุ่งสาง",
    "Japanese": "渋谷の雨の夜、ネオンが映る。",
    "Korean": "새벽의 고요한 항구",
    "emoji": "🐈‍⬛ 👩🏽‍🚀 🇯🇵 ❤️ 1️⃣",
    "uncovered": "𓀀 ꙮ \ue000 \U0010ffff \ufffe",
    "combining": "e" + "\u0301" * 400,
    "bidi controls": "\u202eabc\u2066def\u200f",
}


@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS)
def test_any_text_makes_a_picture(prompt, make_job):
    size = Size(360, 640)

    assert size == slate.draw(make_job(prompt, size), None).size


@pytest.mark.parametrize("size", [*SIZES, Size(16, 16), Size(64, 48)], ids=str)
def test_a_slate_has_the_size_asked_for(size, make_job):
    assert size == slate.draw(make_job(size=size), None).size


def test_the_same_job_is_the_same_picture(make_job):
    one, other = (slate.draw(make_job(), None) for _ in range(2))

    assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize(
    "change",
    [
        {"prompt": "A paper plane"},
        {"id": "video_1"},
        {"model": "sora-2-pro"},
        {"seconds": 8},
        {"characters": ("Mochi",)},
        {"look": look_of("A paper plane")},
        {"source": "video_0", "kind": Kind.REMIX},
    ],
    ids=str,
)
def test_everything_asked_for_shows(change, make_job):
    pair = slate.draw(make_job(), None), slate.draw(make_job(**change), None)

    assert ImageChops.difference(*pair).getbbox() is not None


def test_the_facts_are_those_of_the_request(make_job):
    made_of = {"kind": Kind.REMIX, "source": "video_0"}
    told = facts.facts(make_job(id="video_1", seconds=12, **made_of))

    assert [
        ("MODEL", "sora-2"),
        ("LENGTH", "12 s, 360 frames"),
        ("SIZE", "720 \u00d7 1280"),
        ("PROMPT SHA-256", sha256(b"A paper boat").hexdigest()[:16]),
        ("VIDEO", "video_1"),
        ("REMIXED FROM", "video_0"),
    ] == told


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        (Kind.REMIX, "REMIXED FROM"),
        (Kind.EDIT, "EDITED FROM"),
        (Kind.EXTEND, "EXTENDED FROM"),
    ],
)
def test_a_slate_names_its_source_when_it_was_one_of_ours(kind, label, make_job):
    ours, uploaded = (make_job(kind=kind, source=name) for name in ("video_0", None))

    assert (label, "video_0") == facts.facts(ours)[-1]
    assert "VIDEO" == facts.facts(uploaded)[-1].label


LOOKS = {
    "poster": look_of("A lighthouse in the fog, its beam sweeping over black water"),
    "clapper": look_of("A paper boat on a calm lake"),
}


def test_the_look_chooses_the_design(make_job):
    shown = {
        name: slate.draw(make_job(look=look), None) for name, look in LOOKS.items()
    }

    assert sum(shown["clapper"].getpixel((20, 700))) > 600
    assert sum(shown["poster"].getpixel((20, 700))) < 400


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_tag_is_read_from_every_slate(size, look, make_job):
    job = make_job("A long way. " * 500, size, look=look, seconds=12, new_seconds=4)
    half = slate.draw(job, None).resize((size.width // 2, size.height // 2))
    written = BytesIO()
    half.save(written, "JPEG", quality=40)
    (found,) = zxingcpp.read_barcodes(Image.open(written))

    assert tag.Tag(job.id, 8, 12, size) == tag.read(found.text)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_reference_is_seen_however_long_the_prompt_on_a_clapper(size, make_job):
    job = make_job("A long way. " * 500, size, look=LOOKS["clapper"])
    red, green = (
        slate.draw(job, Image.new("RGB", size, colour)) for colour in ("red", "lime")
    )
    apart = ImageChops.difference(red, green).convert("L").reduce(8).tobytes()

    assert sum(value > 32 for value in apart) / len(apart) > 0.2


def test_the_tag_of_an_edits_source_is_not_shown(make_job):
    source = slate.draw(make_job(id="video_aa"), None)
    top = strip.top(Size(720, 1280))
    (code,) = zxingcpp.read_barcodes(source)

    assert "video_aa" == tag.read(code.text).video
    assert [] == zxingcpp.read_barcodes(tag.hidden(source, top))


def test_an_extension_says_how_much_of_it_is_new(make_job):
    told = facts.facts(make_job(kind=Kind.EXTEND, seconds=12, new_seconds=4))

    assert ("LENGTH", "8 s + 4 s, 360 frames") in told


def test_characters_are_named(make_job):
    told = facts.facts(make_job(characters=("Mochi", "Captain\nAda\0")))

    assert ("WITH", "Mochi, Captain Ada") == told[-1]


def test_any_number_of_characters_fits(make_job):
    told = make_job(characters=("Bartholomew the Longwinded",) * 50)

    assert (720, 1280) == slate.draw(told, None).size


@pytest.mark.parametrize("number", range(40))
def test_white_is_read_on_every_colour_behind_it(number):
    colours = palette.of(look_of(f"prompt {number}"))
    behind = (colours.deep, colours.ground, *colours.shapes)

    assert min(_contrast(palette.PAPER, colour) for colour in behind) > 4.5


def test_text_is_cleaned_of_what_cannot_be_drawn():
    assert "a b\nJP \ufffd" == prose.clean(" a\tb\0\r\n\u202e🇯🇵 \ud800\n")


def test_a_long_text_ends_in_an_ellipsis():
    room = prose.Room(600, 300, largest=80, least=20)
    block = prose.fit("word " * 6000, typeface.DISPLAY, room)

    assert 20 == block.size
    assert block.height <= 300
    assert block.lines[-1].text.endswith("…")


def test_a_short_text_is_as_large_as_it_can_be():
    room = prose.Room(600, 300, largest=80, least=20)
    block = prose.fit("A boat\nand a plane", typeface.DISPLAY, room)

    assert 80 == block.size
    assert ["A boat", "and a plane"] == [line.text for line in block.lines]


def test_the_last_line_of_a_title_is_no_lone_word():
    room = prose.Room(900, 200, largest=80, least=20)
    block = prose.fit("A paper boat on a calm, calm lake", typeface.DISPLAY, room)

    assert ["A paper boat on a", "calm, calm lake"] == [
        line.text for line in block.lines
    ]


def test_a_clapper_sets_in_its_own_face_what_that_has_and_can_show_large(make_job):
    told = ("A boat", "Тихая гавань", "渋谷の雨", "A boat ⛵", "A long way. " * 500)
    look = LOOKS["clapper"]
    faces = [clapper.Board(make_job(text, look=look)).setting.face for text in told]

    assert [typeface.CONDENSED] * 2 + [typeface.DISPLAY] * 3 == faces


def test_no_line_is_wider_than_its_room():
    room = prose.Room(600, 900, largest=80, least=20)
    for text in (*PROMPTS.values(), "w" * 90):
        block = prose.fit(text, typeface.DISPLAY, room)
        widths = [
            prose.width(line.text, typeface.DISPLAY, block.size) for line in block.lines
        ]
        assert max(widths) <= 600


def test_every_character_gets_a_font_that_has_it():
    text = "aЖΩあ가אمहไა❤→🐈"
    fonts = [typeface.runs(letter, typeface.DISPLAY, rtl=False) for letter in text]

    assert list(text) == [run.text for (run,) in fonts]
    assert all(typeface.has(run.font, run.text) for (run,) in fonts)


def test_a_character_that_no_font_has_is_a_box():
    assert [typeface.BOX] == [
        run.text for run in typeface.runs("\U00013000", typeface.DISPLAY, rtl=False)
    ]


def test_a_line_of_two_directions_is_cut_where_it_turns():
    cut = typeface.runs("אב Sora 2 גד", typeface.DISPLAY, rtl=True)

    told = [(rtl, _text(runs)) for rtl, runs in groupby(cut, key=lambda run: run.rtl)]

    assert [(True, "אב "), (False, "Sora 2"), (True, " גד")] == told


def _text(runs: Iterable[typeface.Run]) -> str:
    return "".join(run.text for run in runs)


def _contrast(one: palette.Colour, other: palette.Colour) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: palette.Colour) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
