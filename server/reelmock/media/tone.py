"""Open this to see how a clip sounds, and how a machine reads its seconds back.

Each second is a note of two voices that say its number: a low one, of twelve, for the
place in the dozen, and a high and softer one, of ten, for the dozen. All are of one
pentatonic scale, so that any two sound well together (chosen).
"""

import struct
import sys
from array import array
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from itertools import chain
from math import cos, exp, pi, sin
from operator import add, mul
from pathlib import Path
from typing import NamedTuple

from reelmock.media import clip, encode
from reelmock.media.ffmpeg import Programs

LONGEST = 120
"""Seconds of a track; so many numbers can be said."""

LOW = (196, 262, 330, 440, 587, 784, 880, 659, 523, 392, 294, 220)
HIGH = (1047, 1175, 1319, 1568, 1760, 2093, 2349, 2637, 3136, 3520)
"""Hz of each note, in whole numbers, so that every second begins and ends at rest. The
low voice goes up and comes down again: it never leaps, also from one dozen to the next.
"""

LOUD, SOFT = 1640, 620
"""Of 32767: the voices' peaks, 26 and 34 dB below full scale."""

ATTACK, RELEASE, DECAY = 0.025, 0.12, 1.1
"""Seconds in which a note comes and goes, and in which it would fall to 1/e between."""

CHANNELS = 2
"""Both the same; players and programs expect two, for the hosted service's clips have
them, and the second costs almost nothing."""

SAMPLES_OF_A_FRAME = 1024
"""Of AAC-LC."""

PRIMING = 1024
"""Samples that ffmpeg's encoder puts before the first (seen)."""

RATE = 8000
"""Hz to which sound is decoded to be read."""

WINDOW = 2400
"""Samples in the middle of each second that are looked at."""

FAINTEST = 16
"""Of 32767: the least peak of a low voice that is heard."""

CLEAR, APART = 0.8, 4.0
"""A second says its number where its two voices have this share of the power, and each
is so many times as strong as any other of its kind."""

BALANCE = (0.15, 1.0)
"""How strong the high voice is beside the low one, at least and at most."""

MAGIC = b"RMTRACK1"

_HEAD = struct.Struct(">8s32sHIHII")
"""Magic, SHA-256 of what follows it, length of the config, rate, channels, priming,
frames."""


class TrackInvalid(ValueError):
    """Bytes that are no track, or not a whole one."""


class Track(NamedTuple):
    """Coded sound: an AudioSpecificConfig, Hz, channels, the samples that stand before
    the first and are to be cut off, and AAC-LC access units of 1024 samples."""

    config: bytes
    rate: int
    channels: int
    priming: int
    frames: list[bytes]

    def count(self, seconds: int) -> int:
        """Access units that so many seconds need."""
        return -(-(seconds * self.rate + self.priming) // SAMPLES_OF_A_FRAME)

    def prefix(self, seconds: int) -> "Track":
        """The track's first seconds; raises ValueError for more than it has."""
        if not 0 <= seconds or self.count(seconds) > len(self.frames):
            raise ValueError(f"no {seconds} s in {len(self.frames)} access units")
        return self._replace(frames=self.frames[: self.count(seconds)])

    def to_bytes(self) -> bytes:
        """The track in a format of our own, for a disk."""
        lengths = array("I", map(len, self.frames))
        numbers = struct.pack(f">{len(lengths)}I", *lengths)
        whole = b"".join((numbers, self.config, *self.frames))
        facts = (self.rate, self.channels, self.priming, len(self.frames))
        head = _HEAD.pack(MAGIC, bytes(32), len(self.config), *facts)
        return _HEAD.pack(MAGIC, _digest(head, whole), len(self.config), *facts) + whole

    @classmethod
    def from_bytes(cls, written: bytes) -> "Track":
        """Raises TrackInvalid for anything but what `to_bytes` wrote."""
        if len(written) < _HEAD.size:
            raise TrackInvalid("no head")
        magic, told, config, rate, channels, priming, count = _HEAD.unpack_from(written)
        head = _HEAD.pack(magic, bytes(32), config, rate, channels, priming, count)
        if magic != MAGIC or told != _digest(head, written[_HEAD.size :]):
            raise TrackInvalid("another format, or not whole")
        at = _HEAD.size + 4 * count
        lengths = struct.unpack_from(f">{count}I", written, _HEAD.size)
        frames = list(_cut(written, at + config, lengths))
        return cls(written[at : at + config], rate, channels, priming, frames)


def _digest(*pieces: bytes) -> bytes:
    return sha256(b"".join(pieces)).digest()


def _cut(written: bytes, at: int, lengths: Sequence[int]) -> Iterator[bytes]:
    for length in lengths:
        yield written[at : at + length]
        at += length


def track(programs: Programs, seconds: int = LONGEST) -> Track:
    """Our sound; the prefixes of two minutes are the sound of every shorter clip.

    One second more is encoded: frames depend on what follows, and how a clip came to be
    must not be heard. Raises RenderFailed or RenderStopped.
    """
    return _encoded(programs, pcm(0, min(seconds + 1, LONGEST))).prefix(seconds)


def hush(programs: Programs, seconds: int = LONGEST) -> Track:
    """As `track`, and nothing is to be heard."""
    samples = min(seconds + 1, LONGEST) * encode.SAMPLES
    return _encoded(programs, bytes(2 * samples)).prefix(seconds)


def pcm(begin: int, seconds: int) -> bytes:
    """Some seconds of our sound: s16le, mono, 48 kHz. Those from 120 on begin anew."""
    voices = _Voices()
    return b"".join(
        voices.note(second % LONGEST) for second in range(begin, begin + seconds)
    )


def track_arguments() -> list[str]:
    """To encode mono samples, which come on stdin, as AAC with ADTS headers."""
    return [
        *encode.QUIET,
        "-f", "s16le", "-ar", str(encode.SAMPLES), "-ac", "1", "-i", "pipe:0",
        "-af", "pan=stereo|c0=c0|c1=c0", *AAC, "-f", "adts", "pipe:1",
    ]  # fmt: skip


AAC = (*encode.AAC, "-aac_ms", "1", "-b:a", "64k", "-cutoff", "4000")
"""Of two sides that are the same the second costs almost nothing, told as such."""


def listen_arguments(source: Path) -> list[str]:
    """To print the sound of an MP4, anybody's, as `heard` reads it."""
    return [
        *clip.opened(source, decoders=clip.SOUND_DECODERS), "-map", "0:a:0",
        "-t", str(LONGEST), "-ac", "1", "-ar", str(RATE), "-f", "s16le", "pipe:1",
    ]  # fmt: skip


def heard(
    samples: "Sequence[int] | array[int] | memoryview[int]", rate: int = RATE
) -> list[int | None]:
    """The number that each second of s16 mono sound says; None where none is said.

    A last second counts from nine tenths on. Raises ValueError for a rate under 8000.
    """
    if rate < RATE:
        raise ValueError(f"{rate} Hz are too few")
    seconds = (len(samples) + rate // 10) // rate
    length = rate * WINDOW // RATE
    begins = [second * rate + (rate - length) // 2 for second in range(seconds)]
    return [_number(samples[begin : begin + length], rate) for begin in begins]


def _number(window: Sequence[int], rate: int) -> int | None:
    """The second's number, from its middle."""
    shape, *voices = _waves(rate)
    power = 2 * sum(map(mul, map(mul, window, window), shape)) / sum(shape)
    if power < FAINTEST**2:
        return None
    strengths = [_strength(window, voice) for voice in voices]
    low, high = _strongest(strengths[: len(LOW)]), _strongest(strengths[len(LOW) :])
    if low is None or high is None:
        return None
    one, two = strengths[low], strengths[len(LOW) + high]
    least, most = BALANCE
    if one**2 + two**2 < CLEAR * power or not least <= two / one <= most:
        return None
    return high * len(LOW) + low


def _strongest(strengths: Sequence[float]) -> int | None:
    """The one that stands out among them."""
    best, next_best = sorted(strengths, reverse=True)[:2]
    return strengths.index(best) if best > APART * next_best else None


def _strength(window: Sequence[int], voice: Sequence[float]) -> float:
    """The peak of one frequency in the window."""
    length = len(window)
    along = sum(map(mul, window, voice[:length]))
    across = sum(map(mul, window, voice[length:]))
    return float((along**2 + across**2) ** 0.5)


@cache
def _waves(rate: int) -> list["array[float]"]:
    """A Hann window, and behind it each voice's cosine and sine in that window, so that
    their products with a tone give its peak."""
    length = rate * WINDOW // RATE
    shape = array("d", (0.5 - 0.5 * cos(2 * pi * n / length) for n in range(length)))
    scale = 2 / sum(shape)
    waves = [shape]
    for voice in (*LOW, *HIGH):
        turn = 2 * pi * voice / rate
        along = (scale * wide * cos(turn * n) for n, wide in enumerate(shape))
        across = (scale * wide * sin(turn * n) for n, wide in enumerate(shape))
        waves.append(array("d", chain(along, across)))
    return waves


class _Voices:
    """Notes of one second, each made when it is first sung; forgotten with the singer,
    for a whole track needs them but once."""

    def __init__(self) -> None:
        count = range(encode.SAMPLES)
        self._wave = [sin(2 * pi * n / encode.SAMPLES) for n in count]
        self._bell = [_strong(n / encode.SAMPLES) for n in count]
        self._made: dict[int, array[int]] = {}

    def note(self, second: int) -> bytes:
        """The second's two voices together: s16le."""
        dozen, place = divmod(second, len(LOW))
        both = map(add, self._voice(LOW[place], LOUD), self._voice(HIGH[dozen], SOFT))
        samples = array("h", both)
        if sys.byteorder == "big":
            samples.byteswap()
        return samples.tobytes()

    def _voice(self, pitch: int, peak: int) -> "array[int]":
        if pitch not in self._made:
            length = len(self._wave)
            turned = (self._wave[n * pitch % length] for n in range(length))
            shaped = map(mul, turned, self._bell)
            self._made[pitch] = array("h", (round(peak * x) for x in shaped))
        return self._made[pitch]


def _strong(at: float) -> float:
    comes, goes = min(1, at / ATTACK), min(1, (1 - at) / RELEASE)
    eased = (0.5 - 0.5 * cos(pi * comes)) * (0.5 - 0.5 * cos(pi * goes))
    return eased * exp(-max(0, at - ATTACK) / DECAY)


def _encoded(programs: Programs, samples: bytes) -> Track:
    stream = programs.run(track_arguments(), [samples])
    return of_stream(stream, len(samples) // 2 // encode.SAMPLES)


def of_stream(stream: bytes, seconds: int) -> Track:
    """The track of so many seconds that ffmpeg coded with ADTS headers, in stereo."""
    config = (2 << 11 | _RATES.index(encode.SAMPLES) << 7 | CHANNELS << 3).to_bytes(2)
    frames = list(_unwrapped(stream))
    return Track(config, encode.SAMPLES, CHANNELS, PRIMING, frames).prefix(seconds)


_RATES = (96_000, 88_200, 64_000, 48_000)
"""MPEG-4's numbers of the sampling rates begin so."""

_ADTS = 7
"""Bytes of a header without a checksum, which is what ffmpeg writes."""


def _unwrapped(units: bytes) -> Iterator[bytes]:
    """The access units of an ADTS stream."""
    at = 0
    while at < len(units):
        length = int.from_bytes(units[at + 3 : at + 6]) >> 5 & 0x1FFF
        yield units[at + _ADTS : at + length]
        at += max(length, _ADTS)
