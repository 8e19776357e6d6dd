"""Chance as a digest: the same seed and the same words always give the same draw."""

import hashlib


def digest(*words: object) -> str:
    """64 hex characters drawn from the words; the words' order and borders count."""
    joined = "\x1f".join(str(word) for word in words)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()


def fraction(*words: object) -> float:
    """A number in [0, 1) drawn from the words."""
    return int(digest(*words)[:13], 16) / 16**13
