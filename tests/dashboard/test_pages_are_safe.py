"""What no template and no script of the dashboard may have in it."""

import re
from pathlib import Path

import pytest

import reelmock.dashboard

ROOM = Path(reelmock.dashboard.__file__).parent
TEMPLATES = sorted((ROOM / "templates").rglob("*.html"))
SCRIPTS = sorted(
    file for file in (ROOM / "static").rglob("*.js") if ".min." not in file.name
)
BOUGHT = ("htmx.min.js", "idiomorph.min.js")

UNSAFE = {
    "a style in the markup": r"\sstyle\s*=|<style",
    "a script in the page": r"<script(?![^>]*\ssrc=)",
    "a handler in the markup": r"\son\w+\s*=|hx-on|javascript:",
    "something that is not escaped": r"\|\s*safe\b|Markup|autoescape",
    "an expression that htmx evaluates": r"hx-vals=['\"]js:|hx-vars|hx-headers=['\"]js:",
    "something from elsewhere": r"(src|href|action|hx-\w+)=['\"](https?:)?//",
    "an attribute without quotes": r"\s[\w-]+=\{\{",
}

UNSAFE_SCRIPT = {
    "a text that is run": r"\beval\(|new Function|setTimeout\(\s*['\"`]|document\.write",
    "something from elsewhere": r"https?://(?!www\.w3\.org)",
    "markup from what somebody wrote": r"outerHTML\s*=|insertAdjacentHTML",
}


@pytest.mark.parametrize("what", UNSAFE)
def test_no_template_has(what: str) -> None:
    found = re.compile(UNSAFE[what], re.IGNORECASE)

    assert [] == [f.name for f in TEMPLATES if found.search(f.read_text())]


@pytest.mark.parametrize("what", UNSAFE_SCRIPT)
def test_no_script_has(what: str) -> None:
    found = re.compile(UNSAFE_SCRIPT[what])

    assert [] == [f.name for f in SCRIPTS if found.search(f.read_text())]


def test_only_one_place_makes_markup_of_a_text() -> None:
    """What the server told is parsed there, from templates where all is escaped."""
    assert {"live.js": 1} == {
        file.name: count
        for file in SCRIPTS
        if (count := len(re.findall(r"innerHTML", file.read_text())))
    }


def test_nothing_is_too_long_to_be_read() -> None:
    ours = [*TEMPLATES, *SCRIPTS, *(ROOM / "static").rglob("*.css")]
    long = {f.name: n for f in ours if (n := len(f.read_text().splitlines())) > 400}

    assert {} == long


def test_every_file_that_a_template_names_is_there_and_every_file_is_named() -> None:
    text = "".join(file.read_text() for file in TEMPLATES)
    text += "".join(file.read_text() for file in (ROOM / "static").glob("*.css"))
    named = set(re.findall(r"static/([\w.-]+)", text))
    named |= set(re.findall(r"url\(\"?([\w.-]+\.\w+)", text))

    assert {file.name for file in (ROOM / "static").iterdir()} == named
    assert set(BOUGHT) <= named


def test_every_page_has_what_it_is_known_and_led_by() -> None:
    whole = [file for file in TEMPLATES if "<!doctype" in file.read_text()]

    assert whole
    for file in whole:
        text = file.read_text()
        assert '<html lang="en">' in text, file.name
        assert "<title>" in text, file.name
        assert 'id="content"' in text, file.name
        assert 'name="viewport"' in text, file.name
