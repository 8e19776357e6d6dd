"""Journals examined one by one, judged together, and told."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reelmock.domain.entry import Entry
from reelmock.service.doctor import signs_content as content
from reelmock.service.doctor import signs_downloads as downloads
from reelmock.service.doctor import signs_fields as fields
from reelmock.service.doctor import signs_polls as polls
from reelmock.service.doctor import signs_retries as retries
from reelmock.service.doctor.codes import CODES
from reelmock.service.doctor.records import Sign, forgotten

LOOKS = (
    polls.polls_too_often, downloads.created_again, retries.ignores_retry_after,
    polls.polls_failed_job, content.downloads_too_late, fields.json_for_file,
    polls.unknown_status_as_done, fields.deprecated_parameters,
)  # fmt: skip
"""Whatever one journal alone can show."""

MOST_LINES = 5
"""Lines of evidence that one finding has."""


Place = tuple[str, Sign]
"""A sign, with the label of the journal that it is in."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What one project's journal shows. `label` says whose it is; `kept` are the videos
    made and completed, `deletes` how often one was deleted, and `forgotten` how many
    entries the journal had lost before it was looked at."""

    label: str
    signs: tuple[Sign, ...]
    kept: tuple[str, ...]
    deletes: int
    forgotten: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as JSON has them."""
        return {
            "label": self.label,
            "signs": [sign._asdict() for sign in self.signs],
            "kept": list(self.kept),
            "deletes": self.deletes,
            "forgotten": self.forgotten,
        }

    @classmethod
    def of_dict(cls, told: Mapping[str, Any]) -> "Examination":
        """What `as_dict` told; raises LookupError or TypeError for anything else."""
        return cls(
            told["label"],
            tuple(Sign(**sign) for sign in told["signs"]),
            tuple(told["kept"]),
            told["deletes"],
            told["forgotten"],
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of the client: how many times it was seen, in which journals (`labels`),
    and a few of the places."""

    code: str
    times: int
    labels: tuple[str, ...]
    evidence: tuple[str, ...]
    advice: str

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as JSON has them."""
        return {
            "code": self.code,
            "title": CODES[self.code].title,
            "times": self.times,
            "labels": list(self.labels),
            "evidence": list(self.evidence),
            "advice": self.advice,
        }


def examine(label: str, entries: Sequence[Entry]) -> Examination:
    """What the journal of one project shows."""
    told = sorted(entries, key=lambda entry: entry.number)
    signs = tuple(sign for look in LOOKS for sign in look(told))
    deletes = content.deletes(told)
    return Examination(label, signs, content.kept(told), deletes, forgotten(told))


def findings(
    examinations: Iterable[Examination], ignore: Collection[str] = ()
) -> list[Finding]:
    """Every fault, judged over all journals together: who deletes in one of them is
    nobody that never deletes."""
    seen = list(examinations)
    ignored = {name.strip().lower() for name in ignore}
    places: dict[str, list[Place]] = {}
    for one in seen:
        for sign in one.signs:
            places.setdefault(sign.code, []).append((one.label, sign))
    places["never-deletes"] = _kept(seen)
    return [
        _finding(code, places[code])
        for code in CODES
        if places.get(code) and code not in ignored
    ]


def _kept(seen: Sequence[Examination]) -> list[Place]:
    if any(one.deletes for one in seen):
        return []
    return [(one.label, _never(one, video)) for one in seen for video in one.kept]


def _never(one: Examination, video: str) -> Sign:
    words = f"{video}: made and completed, and nobody deleted anything"
    if one.forgotten:
        words += (
            f" as far as is known (the journal was full: {one.forgotten} of its entries "
            "are forgotten)"
        )
    return Sign("never-deletes", words)


def _finding(code: str, places: Sequence[Place]) -> Finding:
    labels = tuple(dict.fromkeys(label for label, _ in places))
    lines = [
        sign.words if len(labels) == 1 else f"{label}: {sign.words}"
        for label, sign in _spread(places)[:MOST_LINES]
    ]
    if len(places) > MOST_LINES:
        lines.append(f"and {len(places) - MOST_LINES} more")
    return Finding(code, len(places), labels, tuple(lines), CODES[code].advice)


def _spread(places: Sequence[Place]) -> list[Place]:
    """The first of every journal before the second of any."""
    turns: dict[str, int] = {}
    ranked = []
    for label, sign in places:
        turns[label] = turns.get(label, 0) + 1
        ranked.append((turns[label], (label, sign)))
    return [one for _, one in sorted(ranked, key=lambda one: one[0])]


def told(findings: Sequence[Finding]) -> str:
    """The report as a text, a line for each piece of evidence; it moves no terminal."""
    if not findings:
        return "The doctor found nothing."
    number = len(findings)
    head = f"The doctor found {number} {'thing' if number == 1 else 'things'}."
    return "\n\n".join([head, *map(_paragraph, findings)])


def _paragraph(finding: Finding) -> str:
    times = "once" if finding.times == 1 else f"{finding.times} times"
    lines = [f"{finding.code} ({times}): {CODES[finding.code].title}"]
    if len(finding.labels) == 1:
        lines.append(f"  where: {finding.labels[0]}")
    lines += [f"  seen: {words}" for words in finding.evidence]
    lines += [
        f"  do: {finding.advice}",
        f"  more: reelmock doctor explain {finding.code}",
    ]
    return "\n".join(map(shown, lines))


def shown(text: str) -> str:
    """A text that moves no terminal: ids, paths and fields may say anything."""
    return text if text.isprintable() else ascii(text)[1:-1]
