"""Which of the user's own files is a video."""

import re
from pathlib import Path

import pytest

from reelmock.media import fitting, own
from reelmock.media.own import Own, OwnMediaInvalid

BEGINNINGS = {
    ".mp4": b"\0\0\0\x18ftypisom",
    ".mov": b"\0\0\0\x14ftypqt  ",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".webp": b"RIFF....WEBP",
}
PAGE = Path(__file__).parents[2] / "server" / "MEDIA.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty one."""
    made = tmp_path / "media"
    made.mkdir()
    return made


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(BEGINNINGS.get(path.suffix.lower(), b"words"))


def found(folder: Path, prompt: str, model: str = "sora-2") -> str | None:
    file = Own(folder).find(prompt, model)
    return None if file is None else str(file.relative_to(folder.resolve()))


@pytest.mark.parametrize(
    ("prompt", "model", "name"),
    [
        ("A red kite over the sea", "sora-2", "prompts/red-kite.mp4"),
        ("Kite! RED.", "sora-2-pro", "prompts/red-kite.mp4"),
        ("A kite", "sora-2", "prompts/kite.png"),
        ("A red kite at night", "sora-2", "prompts/night_kite-red.webp"),
        ("Kites, reddish", "sora-2", "models/sora-2.mp4"),
        ("A boat", "sora-2", "models/sora-2.mp4"),
        ("A boat", "acme/clips:1", "models/acme%2Fclips%3A1.mp4"),
        ("A boat", "sora-2-pro", None),
        ("", "SORA-2", None),
        ("Die STRASSE im Regen", "sora-2", "prompts/straße.mp4"),
        ("Ein Cafe\u0301", "sora-2", "prompts/caf\u00e9.mp4"),
        ("一只红风筝在海上", "sora-2", "prompts/红风筝.mp4"),
        ("\ud800 kite", "sora-2", "prompts/kite.png"),
    ],
)
def test_the_most_words_win_then_the_model(
    folder: Path, prompt: str, model: str, name: str | None
) -> None:
    put(folder, "prompts/red-kite.mp4", "prompts/kite.png", "models/sora-2.mp4")
    put(folder, "prompts/night_kite-red.webp", "models/acme%2Fclips%3A1.mp4")
    put(folder, "prompts/straße.mp4", "prompts/café.mp4", "prompts/红风筝.mp4")

    assert name == found(folder, prompt, model)


def test_of_equals_the_longer_words_win_and_then_the_alphabet(folder: Path) -> None:
    put(folder, "prompts/boat.mp4", "prompts/kite.mp4", "prompts/harbour.jpg")

    assert "prompts/harbour.jpg" == found(folder, "kite, boat and harbour")
    assert "prompts/boat.mp4" == found(folder, "kite and boat")


def test_files_may_come_and_go(folder: Path) -> None:
    made = Own(folder)

    assert None is made.find("A kite", "sora-2")
    put(folder, "prompts/kite.mp4", "prompts/notes.txt", "prompts/.kite.mp4")
    assert folder.resolve() / "prompts/kite.mp4" == made.find("A kite", "sora-2")
    assert None is made.find("notes", "sora-2")
    (folder / "prompts/kite.mp4").unlink()
    assert None is made.find("A kite", "sora-2")


def test_links_are_followed_inside_the_folder_alone(folder: Path) -> None:
    put(folder, "models/sora-2.mp4")
    (folder / "models/sora-2-pro.mp4").symlink_to("sora-2.mp4")
    made = Own(folder)
    put(folder.parent, "outside.mp4")
    (folder / "prompts").mkdir()
    (folder / "prompts/kite.mp4").symlink_to(folder.parent / "outside.mp4")

    assert "models/sora-2.mp4" == found_by(made, "A boat", "sora-2-pro")
    assert "models/sora-2.mp4" == found_by(made, "A kite", "sora-2")
    assert None is made.find("A kite", "../../outside")


def found_by(made: Own, prompt: str, model: str) -> str:
    file = made.find(prompt, model)
    assert file is not None
    return str(file.relative_to(made.folder.resolve()))


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["prompts/kite.avi"], "prompts/kite.avi: it is no video or picture by its name. "
         "Let it end with .mp4, .m4v, .mov, .png, .jpg, .jpeg, .webp."),
        (["prompts/---.mp4"], "there is no word in its name. Name it after words of"),
        (["prompts/red-kite.mp4", "prompts/Kite_Red.png"], "prompts/red-kite.mp4: it is "
         "for the same as Kite_Red.png. Keep one of them."),
        (["models/sora-2.mp4", "models/sora-2.png"], "for the same as sora-2.mp4"),
        (["prompts"], "prompts: it is a file. Make it a folder of videos."),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_what_to_do(
    folder: Path, names: list[str], said: str
) -> None:
    put(folder, *names)

    with pytest.raises(OwnMediaInvalid, match=re.escape(said)):
        Own(folder)


def test_content_that_is_not_what_its_name_says_is_refused(folder: Path) -> None:
    put(folder, "models/sora-2.png")
    (folder / "models/sora-2.png").write_bytes(BEGINNINGS[".mp4"])

    with pytest.raises(OwnMediaInvalid, match="it is video/mp4, not image/png"):
        Own(folder)


def test_what_is_no_file_inside_the_folder_is_refused(folder: Path) -> None:
    with pytest.raises(OwnMediaInvalid, match="there is no such folder"):
        Own(folder / "elsewhere")
    (folder / "models/kite.mp4").mkdir(parents=True)
    with pytest.raises(OwnMediaInvalid, match="it is no file inside the folder"):
        Own(folder)
    (folder / "models/kite.mp4").rmdir()
    (folder / "models/kite.mp4").symlink_to(__file__)
    with pytest.raises(OwnMediaInvalid, match="Put the file itself here"):
        Own(folder)


@pytest.mark.skipif(not PAGE.exists(), reason="the wheel is tested, without its pages")
def test_the_page_says_what_is_so(folder: Path) -> None:
    told = PAGE.read_text()
    tree = re.findall(r"^(?:my-media/)?((?:models|prompts)/\S+)", told, re.MULTILINE)
    put(folder, *tree)
    rows = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \| (.+?) \|$", told, re.MULTILINE)

    assert 5 <= len(rows)
    for prompt, model, file in rows:
        name = found(folder, prompt, model)
        assert file.strip("`") == (name or "the placeholder")
    assert [] == [ending for ending in own.TYPES if f"`{ending}`" not in told]
    assert f"{fitting.MOST_OF_A_PICTURE // 1_000_000} million" in told
