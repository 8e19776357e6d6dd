"""Who judges one request: what a level makes of a broken rule, and the checks that all
operations share."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reelmock.api.fields import Field, kind_of
from reelmock.api.rules import RULES, Rule
from reelmock.domain.catalog import Catalog
from reelmock.domain.terms import Level


@dataclass(slots=True)
class Judge:
    """Judges one request at one level; `warnings` are what it let pass. Rules named in
    `enforced` let nothing pass at any level."""

    level: Level
    catalog: Catalog
    enforced: frozenset[str] = frozenset()
    warnings: list[tuple[str, str]] = field(default_factory=list)

    def object(self, rule: str, param: str | None, **facts: object) -> None:
        """Raise the rule's refusal, or note it where the level lets it pass."""
        broken = RULES[rule]
        if broken.is_knob and rule not in self.enforced:
            return
        refusal = broken.error(param, **facts)
        if rule in self.enforced or not self._lets_pass(broken):
            raise refusal
        self.warnings.append((rule, refusal.message))

    def _lets_pass(self, broken: Rule) -> bool:
        return broken.passes is not None and self.level.reaches(broken.passes)

    def unknown(
        self, fields: Mapping[str, Field], known: tuple[str, ...], under: str = ""
    ) -> None:
        """Object to every field that is not known; `under` is the path to them."""
        for name in fields:
            if name not in known:
                self.object("unknown-parameter", under + name)

    def required(self, fields: Mapping[str, Field], name: str, path: str = "") -> Field:
        """The field, which must be there; `path` is what a refusal calls it."""
        if name not in fields:
            self.object("required", path or name)
        return fields[name]

    def text(self, param: str, value: Field, expected: str = "a string") -> str:
        """The value, which must be a string."""
        if not isinstance(value, str):
            given = kind_of(value)
            self.object("text-type", param, expected=expected, given=given)
        return str(value)

    def filled_text(self, param: str, value: Field, most: int) -> str:
        """The value, which must be a string of 1 to `most` characters that a database
        keeps."""
        text = self.text(param, value)
        if not text:
            self.object("text-empty", param)
        self.most(param, text, most)
        if "\0" in text:
            self.object("text-nul", param)
        return text

    def most(self, param: str, text: str, most: int) -> None:
        """Object to more than `most` characters."""
        if len(text) > most:
            self.object("text-length", param, most=most, length=len(text))
