"""Which `Host` names a server answers to: a foreign page must not reach loopback."""

import ipaddress
from functools import lru_cache


def host_name(header: str) -> str:
    """The name in a Host header, in lower case, without port and brackets."""
    text = header.strip().lower()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0].rstrip(".")


@lru_cache(maxsize=256)
def is_loopback(name: str) -> bool:
    """Whether a name can only mean this machine."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = _address(name)
    return address is not None and address.is_loopback


def is_admitted(name: str, allowed: frozenset[str], *, is_loopback_only: bool) -> bool:
    """Whether a server that is (or is not) bound to loopback alone answers as `name`."""
    known = is_loopback(name) if is_loopback_only else is_local(name)
    return known or name in allowed


def is_local(name: str) -> bool:
    """An IP literal or a single label: no name that a foreign page could point here."""
    return _address(name) is not None or (bool(name) and "." not in name)


def is_of_foreign_page(origin: str | None, host: str | None, site: str | None) -> bool:
    """Whether the headers Origin, Host and Sec-Fetch-Site are those of another page's
    request. Not every browser says how a page stands to us, but every one says whose it
    is; one of ours has our own host in its address."""
    if origin is None or site == "same-origin":
        return False
    return origin.partition("://")[2] != host


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None
