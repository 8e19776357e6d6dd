"""All checks, in the order in which a run conducts them."""

from collections.abc import Collection

from reelmock.outbound.check import (
    content,
    creation,
    deletion,
    lifecycle,
    paging,
    refusals,
    shape,
    variants,
)
from reelmock.outbound.check.findings import Check

GROUPS = ("shape", "lifecycle", "errors", "paging", "content", "variants")
"""In the order in which a report tells of them."""

CHECKS: tuple[Check, ...] = (
    *creation.CHECKS,
    *refusals.EARLY,
    *lifecycle.CHECKS,
    *refusals.CHECKS,
    *paging.CHECKS,
    *content.CHECKS,
    *variants.CHECKS,
    *shape.CHECKS,
    *deletion.CHECKS,
)
"""What asks for something unfinished is early, what looks at all Videos is late, and what
deletes is last."""


def chosen(groups: Collection[str]) -> list[Check]:
    """The checks of these groups; of all, if none is named."""
    return [check for check in CHECKS if not groups or check.group in groups]
