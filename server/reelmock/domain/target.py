"""Which addresses a webhook may be sent to: a server that strangers can reach must not
post into its own network for them."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

LONGEST = 2048
"""Characters of a target's URL."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Targets:
    """What a server posts to. One that only this machine can reach is `is_free`: it may
    post anywhere but to link-local addresses. `allowed` are names admitted besides."""

    is_free: bool
    allowed: frozenset[str] = frozenset()

    def objection(self, name: str, addresses: Iterable[str]) -> str | None:
        """Why none of a name's addresses may be posted to, as a sentence; None if all
        may. One bad address is enough: who resolves a name chooses among them."""
        for text in addresses:
            address = plain(ipaddress.ip_address(text.partition("%")[0]))
            if _is_never(address):
                return f"{address} is no address that webhooks are ever sent to"
            if not (self.is_free or name in self.allowed or address.is_global):
                return (
                    f"{address} is a private address; start the server with "
                    f"--allow-webhook-host {name} to admit it"
                )
        return None


def plain(address: Address) -> Address:
    """The IPv4 address that an IPv6 one may wrap."""
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour
        wrapped = wrapped or (address.teredo[1] if address.teredo else None)
        return wrapped or _translated(address) or address
    return address


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def _translated(address: ipaddress.IPv6Address) -> Address | None:
    if address not in _NAT64:
        return None
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


def _is_never(address: Address) -> bool:
    return address.is_link_local or address.is_multicast or address.is_unspecified


def literal(name: str) -> str | None:
    """The address that a name already is; None for one that has to be resolved."""
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        return None


def wrong_target(url: str) -> str | None:
    """Why this is no URL that a webhook can be posted to, as words; None if it is one."""
    if len(url) > LONGEST or not url.isascii() or not url.isprintable() or " " in url:
        return f"is no URL of at most {LONGEST} printable ASCII characters"
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return "is no URL"
    if parts.scheme not in ("http", "https") or not named:
        return "is no http(s) URL"
    if parts.username is not None or parts.fragment:
        return "has a user name, a password or a fragment, which are never sent"
    return None
