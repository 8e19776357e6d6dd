"""Which words make no sense beside each other, without each other, or on an operation."""

from collections.abc import Iterable, Set

from reelmock.domain.scenario import MAKING, OPERATIONS
from reelmock.scenarios.kinds import said

_ERROR = ("status", "error", "lost")

_APART = (
    (
        "reset",
        ("status", "error", "lost", "truncate", "drip", "content_type", "corrupt",
         "status_word", "redirect"),
        "A connection that is reset carries no answer.",
    ),
    (
        "lost",
        ("status", "error"),
        "'lost' is an error of its own, the 404 of a wrong replica.",
    ),
    (
        "redirect",
        ("status", "error", "lost", "truncate", "drip", "content_type", "corrupt",
         "status_word"),
        "A redirect is the whole answer.",
    ),
    ("corrupt", ("status", "error", "lost"), "An error has no video to damage."),
    ("status_word", ("status", "error", "lost"), "An error has no Video in it."),
    ("corrupt", ("status_word",), "One damages a download, the other a Video's JSON."),
)  # fmt: skip
"""A word, others that cannot stand beside it, and why."""

_BESIDE = (
    ("length", ("truncate",), "It says how a truncated body announces its length."),
    ("after", (*_ERROR, "reset"), "It loses the answer of work that was done."),
    ("message", _ERROR, "It replaces the message of an error."),
    ("code", _ERROR, "It replaces the code of an error."),
    ("type", _ERROR, "It replaces the type of an error."),
    ("retry_after", _ERROR, "It is a header of an error."),
)
"""A word that needs one of some others beside it, and why."""

_PLAN_APART = (
    ("stuck", ("fail",), "A job that is stuck never ends."),
    ("stuck", ("expires",), "A job that is stuck is never completed."),
    ("fail", ("expires",), "A job that fails is never completed."),
    ("polls", ("queue", "render", "curve"), "With polls no time moves the job."),
)

_PLAN_BESIDE = (("at", ("fail",), "It says at which progress the job fails."),)

CONTENT = ("getVideoContent", "headVideoContent")

FITS: dict[str, tuple[tuple[str, ...], str]] = {
    "plan": (MAKING, "makes no video"),
    "media": (MAKING, "makes no video"),
    "variant": (CONTENT, "downloads no variant"),
    "corrupt": (CONTENT[:1], "downloads no video"),
    "redirect": (CONTENT, "downloads no video"),
    "status_word": ((*MAKING, "getVideo", "listVideos"), "answers no Video"),
    "lost": (
        tuple(
            name
            for name in OPERATIONS
            if name not in ("createVideo", "createCharacter", "createFile")
            and not name.startswith("list")
        ),
        "asks for nothing that could be lost",
    ),
}
"""Words that make sense only on some operations, and what the others lack."""


def spelled(name: str) -> str:
    """A word as people write it."""
    return name.replace("_", "-")


def check_fault(words: Set[str]) -> None:
    """Refuse parts of a fault that cannot be served together."""
    _check_apart(words, _APART)
    _check_beside(words, _BESIDE)


def check_plan(words: Set[str]) -> None:
    """Refuse parts of a plan that cannot come true together."""
    _check_apart(words, _PLAN_APART)
    _check_beside(words, _PLAN_BESIDE)


def check_operations(words: Set[str], named: Iterable[str], *at: str) -> None:
    """Refuse an operation on which a word makes no sense; `at` leads to it."""
    for word in (word for word in FITS if word in words):
        fitting, lack = FITS[word]
        for name in named:
            if name not in fitting:
                raise said(
                    f"{spelled(word)!r} is not for {name}, which {lack}",
                    f"It is for {', '.join(fitting)}.",
                    *at,
                )


def narrowed(words: Set[str], named: Iterable[str]) -> frozenset[str]:
    """The operations that a rule is about: those named, or else those that all of its
    words make sense on; none where that is every one."""
    chosen = set(named)
    if not chosen:
        fitting = [set(FITS[word][0]) for word in FITS if word in words]
        chosen = set.intersection(*fitting) if fitting else set()
    return frozenset(name.lower() for name in chosen)


def _check_apart(
    words: Set[str], table: Iterable[tuple[str, tuple[str, ...], str]]
) -> None:
    for word, others, reason in table:
        beside = [other for other in others if word in words and other in words]
        if beside:
            raise said(
                f"{spelled(word)!r} cannot stand beside {spelled(beside[0])!r}",
                f"{reason} Leave one of them out.",
                spelled(beside[0]),
                is_key=True,
            )


def _check_beside(
    words: Set[str], table: Iterable[tuple[str, tuple[str, ...], str]]
) -> None:
    for word, others, reason in table:
        if word in words and not words & set(others):
            wanted = " or ".join(spelled(other) for other in others)
            raise said(
                f"{spelled(word)!r} means nothing without {wanted}",
                reason,
                spelled(word),
                is_key=True,
            )
