"""Removes bytes that nothing refers to: what a kill left between a put and its commit."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from reelmock.domain.asset import Variant, asset_key
from reelmock.service.ports import Ports


def sweep(
    ports: Ports, started: datetime, is_over: Callable[[], bool] = lambda: False
) -> int:
    """Remove every orphan older than the server's start; how many there were.

    Only older ones: bytes of a commit under way are younger than the first request. The
    key of a job still to be rendered is left alone, its render replaces what is there.
    """
    ports.blobs.tidy(started)

    @lru_cache(maxsize=8)
    def known(project_id: str) -> set[str]:
        return _known(ports, project_id)

    removed = 0
    for key in ports.blobs.written_before(started):
        if is_over():
            break
        if key not in known(key.partition("/")[0]):
            removed += _remove_orphan(ports, key)
    if removed:
        ports.note("info", "swept", orphans=removed)
    return removed


def _remove_orphan(ports: Ports, key: str) -> bool:
    with ports.once(key):
        if key in _known(ports, key.partition("/")[0]):
            return False
        ports.blobs.remove([key])
        return True


def _known(ports: Ports, project_id: str) -> set[str]:
    with ports.unit() as unit:
        coming = unit.jobs.unrendered(project_id)
        stored = unit.assets.keys(project_id) | unit.files.keys(project_id)
    return stored | {asset_key(job, Variant.VIDEO) for job in coming}
