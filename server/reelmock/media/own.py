"""Open this to see which of the user's own files is a video.

Files are chosen by their names alone: `models/NAME.mp4` is the video of a model, and
`prompts/WORDS.mp4` that of prompts with these words. See server/MEDIA.md.
"""

import re
from functools import lru_cache
from pathlib import Path
from unicodedata import normalize
from urllib.parse import unquote

from reelmock.media import fitting, probe

MODELS, PROMPTS = "models", "prompts"

TYPES = {
    ".mp4": probe.VIDEO, ".m4v": probe.VIDEO, ".mov": probe.VIDEO,
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}  # fmt: skip
"""What files may end with, and what they have to be."""

_WORD = re.compile(r"[^\W_]+")

_UNSPACED = "\u0e00"
"""Scripts that are written without spaces between the words stand from here on."""


class OwnMediaInvalid(ValueError):
    """A folder or a file in it that cannot be used: where, what is wrong, and what to
    do about it."""

    def __init__(self, where: Path, problem: str, hint: str) -> None:
        super().__init__(f"{where}: {problem}. {hint}")


class Own:
    """The user's folder; it is read at each call, so that files may come and go. May be
    called from several threads."""

    def __init__(self, folder: Path) -> None:
        """Raises OwnMediaInvalid for the first file that nothing could ever be."""
        self.folder = folder
        if not folder.is_dir():
            raise OwnMediaInvalid(folder, "there is no such folder", "Make it first.")
        for kind in (MODELS, PROMPTS):
            _check_folder(folder, kind)

    def find(self, prompt: str, model: str) -> Path | None:
        """The file for a video: of those whose words are all in the prompt, the one that
        has the most; else the model's; None if there is neither."""
        said = _Said(prompt)
        by_prompt = [name for name in self._names(PROMPTS) if said.has(_words(name))]
        wanted = normalize("NFC", model)
        by_model = [name for name in self._names(MODELS) if _model(name) == wanted]
        places = [
            *(Path(PROMPTS, name) for name in sorted(by_prompt, key=_weight)),
            *(Path(MODELS, name) for name in by_model),
        ]
        files = (_resolved(self.folder, self.folder / place) for place in places)
        return next((file for file in files if file is not None), None)

    def _names(self, kind: str) -> list[str]:
        """In the order of the alphabet, so that the first of equals is the same one
        everywhere."""
        try:
            names = [path.name for path in (self.folder / kind).iterdir()]
        except OSError:
            return []
        return sorted(name for name in names if _type(name))


class _Said:
    """A prompt's words, and the whole of it."""

    def __init__(self, prompt: str) -> None:
        self._text = _plain(prompt)
        self._words = frozenset(_WORD.findall(self._text))

    def has(self, words: frozenset[str]) -> bool:
        """Whether all of them are in it, in any order."""
        return bool(words) and all(
            word in self._words or (word[0] >= _UNSPACED and word in self._text)
            for word in words
        )


def _plain(text: str) -> str:
    return normalize("NFC", text).casefold()


@lru_cache(4096)
def _words(name: str) -> frozenset[str]:
    """The words of a file's name."""
    return frozenset(_WORD.findall(_plain(Path(name).stem)))


def _weight(name: str) -> tuple[int, int]:
    """More words come first, then longer ones: scripts without spaces have one long
    word."""
    words = _words(name)
    return -len(words), -sum(map(len, words))


def _model(name: str) -> str:
    """The model of a file's name; what no file can be called is written as in URLs."""
    return normalize("NFC", unquote(Path(name).stem))


def _type(name: str) -> str | None:
    """What the file is by its name; nothing for what is hidden."""
    return None if name.startswith(".") else TYPES.get(Path(name).suffix.lower())


def _resolved(folder: Path, path: Path) -> Path | None:
    """The file itself, if it is one and is inside the folder, past all links."""
    try:
        real = path.resolve(strict=True)
        is_inside = real.is_relative_to(folder.resolve()) and real.is_file()
    except OSError:
        return None
    return real if is_inside else None


def _check_folder(folder: Path, kind: str) -> None:
    """Refuse what is neither hidden nor a file that could be a video."""
    place = folder / kind
    if not place.exists():
        return
    if not place.is_dir():
        raise OwnMediaInvalid(place, "it is a file", "Make it a folder of videos.")
    before: dict[object, Path] = {}
    for path in sorted(place.iterdir()):
        if not path.name.startswith("."):
            _check_file(folder, path)
            _check_alone(path, kind, before)


def _check_file(folder: Path, path: Path) -> None:
    expected = _type(path.name)
    if expected is None:
        endings = ", ".join(TYPES)
        raise OwnMediaInvalid(
            path, "it is no video or picture by its name", f"Let it end with {endings}."
        )
    if _resolved(folder, path) is None:
        hint = "Put the file itself here."
        raise OwnMediaInvalid(path, "it is no file inside the folder", hint)
    if (problem := _mistyped(path, expected)) is not None:
        raise OwnMediaInvalid(path, problem, "Convert it, or take it away.")


def _mistyped(path: Path, expected: str) -> str | None:
    """What is wrong with a file's first bytes."""
    try:
        found = fitting.sniffed(path)
    except OSError as wrong:
        return f"it cannot be read ({wrong.strerror})"
    if found == expected:
        return None
    return f"it is {found or 'something else'}, not {expected}"


def _check_alone(path: Path, kind: str, before: dict[object, Path]) -> None:
    """Refuse a name that means the same as another one."""
    means: object = _model(path.name) if kind == MODELS else _words(path.name)
    if not means:
        hint = "Name it after words of prompts, as red-kite.mp4."
        raise OwnMediaInvalid(path, "there is no word in its name", hint)
    if (other := before.setdefault(means, path)) is not path:
        hint = "Keep one of them."
        raise OwnMediaInvalid(path, f"it is for the same as {other.name}", hint)
