"""The terms of projects: in memory, so that a restart forgets them."""

from collections.abc import Collection, Mapping
from threading import Lock

from reelmock.domain.errors.control import CallInvalid, TermsExhausted
from reelmock.domain.plan import Pace
from reelmock.domain.terms import DIALECTS, Level, Terms
from reelmock.service.changes import EVERY, Change, Changes, Topic
from reelmock.service.feed import Feed

MOST = 10_000
"""Projects with terms of their own."""

WORDS: Mapping[str, Collection[str]] = {
    "pace": tuple(Pace),
    "contract": tuple(Level),
    "dialect": DIALECTS,
}
"""What each of the terms may be."""

USUAL = Terms()


class TermsBook:
    """Whose requests are treated by which terms; read on the event loop, written from
    other threads."""

    def __init__(self, changes: Changes | None = None) -> None:
        self._changes: Changes = Feed() if changes is None else changes
        self._own: dict[str | None, Terms] = {}
        self._lock = Lock()

    def of(self, project_id: str | None) -> Terms:
        """Those of a project, with those of all projects behind them."""
        if not self._own:
            return USUAL
        own = self._own.get(project_id, USUAL)
        return own.over(self._own.get(None, USUAL))

    def own(self, project_id: str | None) -> Terms:
        """Those of a project alone."""
        return self._own.get(project_id, USUAL)

    def agree(self, project_id: str | None, terms: Terms) -> Terms:
        """Have these hold, and of the others what they leave out; raises
        TermsExhausted."""
        with self._lock:
            self._keep(project_id, terms.over(self.own(project_id)))
        self._tell(project_id)
        return self.of(project_id)

    def put(self, project_id: str | None, terms: Terms) -> Terms:
        """Have just these hold, and for what they leave out the server's; raises
        TermsExhausted."""
        with self._lock:
            self._keep(project_id, terms)
        self._tell(project_id)
        return self.of(project_id)

    def forget(self, project_id: str | None) -> None:
        """Give back the server's."""
        with self._lock:
            self._own.pop(project_id, None)
        self._tell(project_id)

    def projects(self) -> set[str]:
        """Those that have terms of their own."""
        with self._lock:
            return {one for one in self._own if one is not None}

    def _keep(self, project_id: str | None, terms: Terms) -> None:
        if terms == USUAL:
            self._own.pop(project_id, None)
        elif project_id not in self._own and len(self._own) >= MOST:
            raise TermsExhausted(most=MOST)
        else:
            self._own[project_id] = terms

    def _tell(self, project_id: str | None) -> None:
        self._changes.publish(Change(project_id or EVERY, Topic.PROJECT))


def terms_of(words: Mapping[str, str | None]) -> Terms:
    """The terms that these words say; raises CallInvalid, which says what they may be."""
    said = {name: word for name, word in words.items() if word is not None}
    for name, word in said.items():
        if name not in WORDS or word not in WORDS[name]:
            known = WORDS.get(name, WORDS)
            raise CallInvalid(
                message=f"{name}: there is no {str(word)[:64]!r}.",
                hint=f"It is one of: {', '.join(known)}.",
            )
    pace, contract = said.get("pace"), said.get("contract")
    return Terms(
        None if pace is None else Pace(pace),
        None if contract is None else Level(contract),
        said.get("dialect"),
    )
