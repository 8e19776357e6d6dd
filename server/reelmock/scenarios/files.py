"""Scenario files: the ready-made ones, those of users, and what is wrong with them."""

from pathlib import Path, PurePath

from reelmock.domain.errors.control import ScenarioInvalid, ScenarioUnknown
from reelmock.domain.scenario import Scenario
from reelmock.scenarios.clips import Clips
from reelmock.scenarios.mistakes import Mistake, Mistaken, understood
from reelmock.scenarios.places import LARGEST, Unreadable, composed, place_of, plain
from reelmock.scenarios.shapes import ScenarioWords
from reelmock.scenarios.values import scenario_of

READY = Path(__file__).parent / "ready"
"""The folder of the ready-made ones."""

_ENDINGS = (".yaml", ".yml", ".json")


def ready_names() -> list[str]:
    """The names of the ready-made scenarios."""
    return sorted(file.stem for file in READY.glob("*.yaml"))


def read(text: str, name: str, clips: Clips) -> Scenario | list[ScenarioInvalid]:
    """The scenario of a text, or everything that is wrong with it, from top to bottom."""
    try:
        root = composed(text)
    except Unreadable as wrong:
        return [_invalid(name, wrong.place, wrong.problem, wrong.hint)]
    values, mistakes = plain(root)
    try:
        words = understood(ScenarioWords, values, clips=clips)
    except Mistaken as wrong_words:
        mistakes += [one for one in wrong_words.mistakes if not _follows(one, mistakes)]
    else:
        if not mistakes:
            return scenario_of(words, _stem(name))
    placed = sorted(
        ((place_of(root, one.at, is_key=one.is_key), one) for one in mistakes),
        key=lambda pair: pair[0],
    )
    return [_invalid(name, place, one.problem, one.hint) for place, one in placed]


def found(name: str) -> tuple[str, Path | None]:
    """The text of a ready-made scenario or of a file, and the folder that its media are
    in; raises ScenarioUnknown or ScenarioInvalid."""
    if name in ready_names():
        return (READY / f"{name}.yaml").read_text("utf-8"), None
    path = Path(name)
    try:
        if not path.is_file():
            raise ScenarioUnknown(name=name, known=", ".join(ready_names()))
        return _text(path), path.absolute().parent
    except (OSError, ValueError) as wrong:
        raise ScenarioInvalid(
            where=name, problem=f"cannot be read: {_reason(wrong)}", hint=""
        ) from None


def _text(path: Path) -> str:
    # Text of no more characters than that cannot have more bytes.
    if path.stat().st_size > 4 * LARGEST:
        raise ValueError(f"it is larger than {LARGEST} characters")
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("it is no UTF-8 text") from None


def _reason(wrong: Exception) -> str:
    return str(getattr(wrong, "strerror", None) or wrong)


def _follows(mistake: Mistake, earlier: list[Mistake]) -> bool:
    """Whether a mistake of the whole only says again what is wrong with a part."""
    depth = len(mistake.at)
    return any(mistake.at == one.at[:depth] for one in earlier)


def _stem(name: str) -> str:
    path = PurePath(name)
    return path.stem if path.suffix in _ENDINGS else name


def _invalid(
    name: str, place: tuple[int, int], problem: str, hint: str
) -> ScenarioInvalid:
    line, column = place
    return ScenarioInvalid(where=f"{name}:{line}:{column}", problem=problem, hint=hint)
