"""Absolute addresses, as the caller itself reached us."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from reelmock.api.options import Options

_HOST = re.compile(r"[A-Za-z0-9._~\[\]:-]{1,255}")
_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]{1,64}){1,8}/?")


def content_url(
    sent: Mapping[bytes, bytes],
    scope: Mapping[str, Any],
    options: Options,
    video_id: str,
    token: str,
) -> str:
    """Where a video's content is: under `--public-url`, or the host that was asked."""
    base = options.public_url or _origin(sent, scope)
    # Ids of ours are plain; in conformance mode a caller may make one up.
    return f"{base}/v1/videos/{quote(video_id, safe='')}/content?token={token}"


def _origin(sent: Mapping[bytes, bytes], scope: Mapping[str, Any]) -> str:
    forwarded = _first(sent, b"x-forwarded-proto").lower()
    scheme = forwarded if forwarded in ("http", "https") else scope["scheme"]
    prefix = _first(sent, b"x-forwarded-prefix")
    ending = prefix.rstrip("/") if _PREFIX.fullmatch(prefix) else ""
    for name in (b"x-forwarded-host", b"host"):
        host = _first(sent, name)
        if _HOST.fullmatch(host):
            return f"{scheme}://{host}{ending}"
    return f"{scheme}://{_own_name(scope)}"


def _first(sent: Mapping[bytes, bytes], name: bytes) -> str:
    return sent.get(name, b"").decode("latin-1").partition(",")[0].strip()


def _own_name(scope: Mapping[str, Any]) -> str:
    host, port = scope.get("server") or ("localhost", None)
    return f"{host}:{port}" if port else str(host)
