"""Open this to see how coded pictures are taken apart and put together: as much of
H.264's syntax (ITU-T H.264, 7.3) as a slice takes to stand elsewhere in a picture.

Only what our own encoder writes is understood: frames, one reference, CABAC, pictures
in the order in which they are shown. Anything else is Foreign, and nobody guesses.
"""

import re
from typing import NamedTuple

PARAMETERS, PICTURE, IDR = 7, 8, 5
"""Types of units: the sequence's parameters, the picture's, a slice of an IDR picture."""

SLICES = (1, IDR)

_START = re.compile(b"\0\0\0?\1")

_ESCAPED = re.compile(b"\0\0\3")

_NEEDS_ESCAPE = re.compile(b"\0\0(?=[\0-\3])")

_HEAD = 64
"""Bytes in which any header of ours ends."""

P, I = 0, 2  # noqa: E741 - the standard's own names
"""Types of slices; five more says that all of the picture's are of it."""


class Foreign(ValueError):
    """A stream that was not coded as ours are; says in what."""


class Sets(NamedTuple):
    """A stream's parameter sets, as they are."""

    sequence: bytes
    picture: bytes


class Header(NamedTuple):
    """What stands before a slice's pictures; `first` is its first macroblock, the other
    fields are the standard's."""

    first: int
    type: int
    frame: int
    idr: int
    override: int | None
    init: int
    quantizer: int
    deblocking: tuple[int, ...]


def units(stream: bytes) -> list[bytes]:
    """The units of a stream, without what stands between them."""
    return [unit.rstrip(b"\0") for unit in _START.split(stream) if unit.rstrip(b"\0")]


def kind(unit: bytes) -> int:
    """The type of a unit."""
    return unit[0] & 31


def is_first(unit: bytes) -> bool:
    """Whether a slice begins at the first macroblock: no others of its picture do."""
    return unit[1:2] >= b"\x80"


def sets_of(units: list[bytes]) -> Sets:
    """The parameter sets of a stream, which must have one of each kind."""
    found = {kind(unit): unit for unit in units if kind(unit) in (PARAMETERS, PICTURE)}
    if len(found) < 2:
        raise Foreign("no parameter sets")
    return Sets(found[PARAMETERS], found[PICTURE])


class Syntax:
    """How slices are written under two parameter sets.

    Raises Foreign for sets that no encoder of ours writes.
    """

    def __init__(self, sets: Sets) -> None:
        self.sets = sets
        self.frame_bits = _frame_bits(_Bits(_plain(sets.sequence)))
        self._has_deblocking = _has_deblocking(_Bits(_plain(sets.picture)))

    def parted(self, unit: bytes) -> tuple[Header, bytes]:
        """A slice's header, and its coded pictures, which begin with a whole byte."""
        bits = _Bits(_plain(unit[:_HEAD]))
        header = self._header(bits, is_idr=kind(unit) == IDR)
        written = self._written(header, unit[0])
        if unit[: len(written)] != written:
            raise Foreign("a slice that cannot be written again")
        return header, unit[len(written) :]

    def joined(self, header: Header, coded: bytes, *, like: int) -> bytes:
        """The unit of a slice; `like` is its first byte, its type and importance."""
        return self._written(header, like) + coded

    def numbered(self, header: Header, at: int) -> Header:
        """The header of the picture at this place behind a key picture."""
        return header._replace(frame=at % (1 << self.frame_bits))

    def is_like(self, other: "Syntax") -> bool:
        """Whether slices of the one can stand under the sets of the other."""
        return (self.frame_bits, self.sets.picture) == (
            other.frame_bits, other.sets.picture,
        )  # fmt: skip

    def _header(self, bits: "_Bits", *, is_idr: bool) -> Header:
        bits.skip(8)
        first, kind = bits.natural(), bits.natural() % 5
        _expect(bits.natural(), 0, "sets of pictures")
        frame = bits.number(self.frame_bits)
        if kind not in (P, I):
            raise Foreign(f"slices of type {kind}")
        idr = bits.natural() if is_idr else 0
        override = None
        if kind == P:
            override = bits.natural() if bits.number(1) else None
            _expect(bits.number(1), 0, "references in another order")
        _expect(bits.number(2 if is_idr else 1), 0, "references kept")
        init = bits.natural() if kind == P else 0
        return Header(
            first, kind, frame, idr, override, init, bits.whole(),
            self._deblocking(bits),
        )  # fmt: skip

    def _deblocking(self, bits: "_Bits") -> tuple[int, ...]:
        if not self._has_deblocking:
            return ()
        idc = bits.natural()
        return (idc,) if idc == 1 else (idc, bits.whole(), bits.whole())

    def _written(self, header: Header, like: int) -> bytes:
        pen = _Pen()
        is_idr = like & 31 == IDR
        pen.naturals(header.first, header.type + 5, 0)
        pen.number(header.frame, self.frame_bits)
        if is_idr:
            pen.naturals(header.idr)
        if header.type == P:
            pen.number(header.override is not None, 1)
            pen.naturals(*([] if header.override is None else [header.override]))
            pen.number(0, 1)
        pen.number(0, 2 if is_idr else 1)
        if header.type == P:
            pen.naturals(header.init)
        pen.whole(header.quantizer)
        for place, value in enumerate(header.deblocking):
            pen.whole(value) if place else pen.naturals(value)
        return bytes([like]) + _escaped(pen.bytes())


def _frame_bits(bits: "_Bits") -> int:
    """How many bits the number of a frame has; the rest of a sequence's parameters is
    looked at as far as it says how slices are written."""
    bits.skip(8)
    profile = bits.number(8)
    bits.skip(16)
    bits.natural()
    if profile != 100:
        raise Foreign(f"profile {profile}")
    _expect(bits.natural(), 1, "colours sampled otherwise")
    bits.natural(), bits.natural()
    _expect(bits.number(2), 0, "scaling")
    width = bits.natural() + 4
    _expect(bits.natural(), 2, "pictures in another order")
    _expect(bits.natural(), 1, "more than one reference")
    bits.skip(1)
    bits.natural(), bits.natural()
    _expect(bits.number(1), 1, "fields")
    return width


def _has_deblocking(bits: "_Bits") -> bool:
    """Whether slices say how they are deblocked."""
    bits.skip(8)
    bits.natural(), bits.natural()
    _expect(bits.number(2), 0b10, "no CABAC")
    _expect(bits.natural(), 0, "groups of slices")
    bits.natural(), bits.natural()
    _expect(bits.number(3), 0, "weighted prediction")
    bits.whole(), bits.whole(), bits.whole()
    has_deblocking = bool(bits.number(1))
    _expect(bits.number(2), 0, "redundant pictures")
    return has_deblocking


def _expect(seen: int, expected: int, otherwise: str) -> None:
    if seen != expected:
        raise Foreign(otherwise)


def _plain(unit: bytes) -> bytes:
    return _ESCAPED.sub(b"\0\0", unit)


def _escaped(unit: bytes) -> bytes:
    return _NEEDS_ESCAPE.sub(b"\0\0\3", unit)


class _Bits:
    """Reads bits from the front of some bytes."""

    def __init__(self, content: bytes) -> None:
        self._bits = f"{int.from_bytes(content):0{8 * len(content)}b}"
        self._at = 0

    def skip(self, count: int) -> None:
        self._at += count

    def number(self, count: int) -> int:
        """A number of so many bits."""
        taken = self._bits[self._at : self._at + count]
        if len(taken) < count:
            raise Foreign("a header that does not end")
        self._at += count
        return int(taken, 2)

    def natural(self) -> int:
        """A number in Exp-Golomb code, `ue(v)`."""
        one = self._bits.find("1", self._at)
        if one < 0:
            raise Foreign("a header that does not end")
        zeros = one - self._at
        self._at = one
        return self.number(zeros + 1) - 1

    def whole(self) -> int:
        """A number in Exp-Golomb code that may be negative, `se(v)`."""
        coded = self.natural()
        return (coded + 1) // 2 if coded % 2 else -coded // 2


class _Pen:
    """Writes bits one behind the other."""

    def __init__(self) -> None:
        self._bits: list[str] = []

    def number(self, value: int, count: int) -> None:
        self._bits.append(f"{value:0{count}b}")

    def naturals(self, *values: int) -> None:
        for value in values:
            digits = f"{value + 1:b}"
            self._bits.append("0" * (len(digits) - 1) + digits)

    def whole(self, value: int) -> None:
        self.naturals(2 * value - 1 if value > 0 else -2 * value)

    def bytes(self) -> bytes:
        """What was written, filled up with ones as CABAC wants it."""
        bits = "".join(self._bits)
        bits += "1" * (-len(bits) % 8)
        return int(bits, 2).to_bytes(len(bits) // 8)
