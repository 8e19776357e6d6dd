"""Which addresses a webhook may be sent to: a server that strangers can reach must not
post into its own network for them."""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

LONGEST = 2048
"""Characters of a target's URL."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAME = re.compile(r"[a-z0-9._-]+")

_METADATA = frozenset(
    map(
        ipaddress.ip_address,
        (
            "fd00:ec2::254",
            "fd20:ce::254",
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.192",
        ),
    )
)
"""Where clouds tell a machine its secrets, besides the link-local 169.254.169.254."""

_WRAPPING = tuple(
    map(ipaddress.IPv6Network, ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96"))
)
"""Addresses that end in an IPv4 one: compatible, translated, NAT64."""

_GLOBAL = ipaddress.IPv6Network("2000::/3")
_OF_PROTOCOLS = ipaddress.IPv4Network("192.0.0.0/24")


@dataclass(frozen=True, slots=True)
class Targets:
    """What a server posts to. One that only this machine can reach is `is_free`: it may
    post anywhere but to link-local addresses and those where clouds keep secrets.
    `allowed` are names admitted besides, `own` is a URL that is: its host's other ports
    and paths are none that strangers may have posted to."""

    is_free: bool
    allowed: frozenset[str] = frozenset()
    own: str | None = None

    def objection(
        self, name: str, addresses: Iterable[str], url: str | None = None
    ) -> str | None:
        """Why none of a name's addresses may be posted to, as a sentence; None if all
        may. One bad address is enough: who resolves a name chooses among them."""
        is_own = url is not None and url == self.own
        is_allowed = _same(name) in map(_same, self.allowed)
        is_admitted = self.is_free or is_own or is_allowed
        for text in addresses:
            address = ipaddress.ip_address(text.partition("%")[0])
            if _is_never(address) or _is_never(plain(address)):
                return f"{address} is no address that webhooks are ever sent to"
            if not is_admitted and not _is_public(plain(address)):
                return (
                    f"{address} is a private address; start the server with "
                    f"--allow-webhook-host {_shown(name)} to admit it"
                )
        return None


def _shown(name: str) -> str:
    return f"[{name}]" if ":" in name else name


def _same(name: str) -> str:
    """A name as it is compared: `Hooks.Example.` is `hooks.example`."""
    return name.lower().strip("[]").rstrip(".")


def plain(address: Address) -> Address:
    """The IPv4 address that an IPv6 one may wrap."""
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour
        wrapped = wrapped or (address.teredo[1] if address.teredo else None)
        return wrapped or _last(address) or address
    return address


def _last(address: ipaddress.IPv6Address) -> Address | None:
    is_own = address.is_loopback or address.is_unspecified
    if is_own or not any(address in network for network in _WRAPPING):
        return None
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


def _is_never(address: Address) -> bool:
    is_odd = address.is_link_local or address.is_multicast or address.is_unspecified
    return is_odd or address in _METADATA


def _is_public(address: Address) -> bool:
    """Whether anybody on the Internet can reach it: the standard library takes whatever
    IPv6 address nobody has a name for to be so."""
    if isinstance(address, ipaddress.IPv6Address):
        return address.is_global and address in _GLOBAL
    return address.is_global and address not in _OF_PROTOCOLS


def literal(name: str) -> str | None:
    """The address that a name already is; None for one that has to be resolved, as
    127.1 and 0x7f000001 have to be."""
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
    if "@" in parts.netloc or parts.fragment:
        return "has a user name, a password or a fragment, which are never sent"
    if not _is_host(parts.hostname or "", is_bracketed="[" in parts.netloc):
        return (
            "names no host: a name of letters, digits, dots and hyphens, or an address"
        )
    return None


def _is_host(name: str, *, is_bracketed: bool) -> bool:
    """A zone is none: only link-local addresses have one."""
    if is_bracketed:
        return literal(name) is not None and "%" not in name
    return _NAME.fullmatch(name) is not None
