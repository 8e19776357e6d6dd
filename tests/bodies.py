"""Generated bodies: valid ones, near misses, and nonsense, as JSON and as forms.

`@video`, `@file`, `@character`, `@clip`, `@still` and `@coded` stand for what only a
server can give; whoever sends a body puts the real ones in (see senders.py).
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st

BOUNDARY = "b0undary"
JSON = "application/json"
FORM = f"multipart/form-data; boundary={BOUNDARY}"

PATHS = {
    "/videos": ("prompt", "model", "seconds", "size", "input_reference", "characters"),
    "/videos/@video/remix": ("prompt",),
    "/videos/edits": ("video", "prompt"),
    "/videos/extensions": ("video", "prompt", "seconds"),
    "/videos/characters": ("name",),
    "/files": ("purpose", "expires_after"),
}
"""Every operation that reads a body, and its fields that are no files."""

DERIVING = list(PATHS)[:4]
"""Those that read JSON as well as a form."""

STILL = "data:image/png;base64,@coded"


class Part(NamedTuple):
    """One part of a form; with a file name it is a file."""

    name: str
    content: bytes
    filename: str | None = None
    media_type: str | None = None


class Body(NamedTuple):
    """What is sent, and where."""

    path: str
    media_type: str
    content: bytes
    level: str = "strict"


LONG = {
    b"@most": b"x" * 32_000,
    b"@over": b"x" * 32_001,
    b"@digits": b"9" * 5_000,
    b"@deep": b"[" * 5_000,
}
"""What else stands for something, which is too long to be shown when a test fails."""


class Raw(str):
    """JSON that no encoder would write."""


GOOD: dict[str, list[Any]] = {
    "prompt": ["x", "1+2AA-", "凧 🪁 é"],
    "model": ["sora-2", "sora-2-pro", "sora-2-2025-10-06"],
    "seconds": ["4", "8", "12", "16", "20"],
    "size": ["720x1280", "1280x720", "16x16"],
    "input_reference": [{"image_url": STILL}, {"file_id": "@file"}],
    "characters": [[{"id": "@character"}], [{"id": "@character"}] * 2],
    "video": [{"id": "@video"}],
    "name": ["Mira", "ミラ"],
    "purpose": ["vision", "user_data", "assistants", "batch", "fine-tune", "evals"],
    "expires_after": [{"anchor": "created_at", "seconds": "3600"}],
}

NEAR: dict[str, list[Any]] = {
    "prompt": ["", "\0", "+2AA-", "@most", "@over", "x\\dy", "x\r\ny", "\ud800", None, ["x"]],
    "model": ["", "+2AA-", "sora-1", "video-gen-1", "SORA-2", "m" * 200, "m" * 201, "a\nb", 2],
    "seconds": ["0", "5", "21", "120", "121", "04", "4.0", "٤", "-4", " 4", 4, 4.0, 9**99],
    "size": ["+2AA-", "1080x1080", "1920x1080", "17x16", "0x0", "720X1280", "99999x1", "²x²", ""],
    "input_reference": [
        "x", "", [], {}, {"image_url": "http://127.0.0.1/x.png"}, {"image_url": "data:,"},
        {"image_url": STILL, "file_id": "@file"}, {"file_id": "file-none"}, {"file_id": ""},
        {"image_url": "data:image/png;base64,%%"}, {"image_url": STILL, "x": "y"},
        {"image_url": "data:image/gif;base64,R0lGOD"}, {"file_id": "a\0b"},
    ],
    "characters": [[], [{}], [{"id": "char_none"}], {"id": "@character"}, "x", [""],
                   [{"id": "@character"}] * 3, [{"id": "@character", "x": "y"}]],
    "video": ["@video", {"id": "+2AA-"}, {"id": ""}, {"id": "video_none"}, {"id": "@video", "x": "y"}, {},
              [{"id": "@video"}], {"id": {"id": "@video"}}, {"id": "a\0b"}, {"id": "é"}],
    "name": ["", "n" * 80, "n" * 81, "\0", {"x": "y"}],
    "purpose": ["", "Vision", "output", ["vision"]],
    "expires_after": [
        "3600", {}, {"anchor": "created_at"}, {"anchor": "now", "seconds": "3600"},
        {"anchor": "created_at", "seconds": "3599"}, {"anchor": "created_at", "seconds": "@digits"},
        {"anchor": "created_at", "seconds": "2592001"}, {"anchor": "created_at", "seconds": "1e4"},
    ],
}  # fmt: skip

ODD_NAMES = [
    "", "+2AA-", "width", "user", "prompt ", "Prompt", "é", "\0", "a\tb", "ключ", "n" * 300, "%5B",
    "[", "]", "[]", "[id]", "a[", "a]", "a[b", "a[]]", "a[[]]", "video[id]", "video[]",
    "video[id][id]", "input_reference[image_url]", "input_reference[]", "characters[][id]",
    "characters[0][id]", "characters[9][id]", "characters[id]", "characters[][][id]",
    "a[b][c][d][e]", "a[b][c][d][e][f]", "a" + "[b]" * 300, "a" + "[]" * 4, "prompt[x]",
    "a[\0]", "a[ ]", "a[²]", "a[-1]", "expires_after[seconds]", "__proto__[x]",
]  # fmt: skip

STRANGE_JSON = [
    Raw(text) for text in (
        "1e400", "-0", "@digits", "01", ".5", "NaN", "-Infinity", "tru", "'x'",
        r'"\ud800"', r'"\udc00\ud800"', r'"\x"', '"\t"', "[" * 60 + "]" * 60,
        '{"a":' * 60 + "1" + "}" * 60, "@deep", "9" * 400, "[,]", "",
    )
]  # fmt: skip

TEXTS = st.text(st.characters(), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
    ),
    max_leaves=4,
)
LEVELS = st.sampled_from(["strict", "standard", "loose"])

Pairs = list[tuple[str, Any]]
Files = Sequence[tuple[int, Part]]
Some = st.SearchStrategy[Any]

JSON_TYPES = [
    "application/json; charset=utf-8", "application/json;charset=latin-1", "", "text/json",
    "APPLICATION/JSON ;x", "application/json, text/plain", "application/x-ndjson", "\xff",
    "application/x-www-form-urlencoded", "text/plain", FORM, "multipart/form-data",
]  # fmt: skip

FORM_TYPES = [
    f'multipart/form-data; boundary="{BOUNDARY}"', FORM.upper(), "multipart/form-data", "",
    *(f"{FORM}; charset={name}" for name in (
        "utf-8", "latin-1", "utf-7", "utf-7", "utf-16", "utf-32", "hex", "idna", "punycode", "rot13",
        "undefined", "zlib", "unicode_escape", "\0", "\xff", "é/../x", "c" * 300, '"', "cp037",
    )),
    "multipart/form-data; boundary=", "multipart/form-data; boundary=other", f"{FORM}-",
    f"multipart/mixed; boundary={BOUNDARY}", "multipart/form-data; boundary*=" + BOUNDARY,
    "multipart/form-data; boundary=" + "b" * 300, f"{FORM}, {JSON}", JSON, "text/plain",
    f"multipart/form-data;;; ;BOUNDARY={BOUNDARY};", "multipart/form-data; boundary=\xff",
]  # fmt: skip

CONTENTS = [
    b"", b"Example data", b"@still", b"@still"[:3], b"\x89PNG\r\n\x1a\n" + bytes(40),
    b"\xff\xd8\xff\xe0" + b"\xff" * 60, b"RIFF\0\0\0\0WEBPVP8X" + bytes(30), b"#EXTM3U\n",
    b"\0\0\0\x18ftypisom" + bytes(12), b"\0\0\0\x18ftypisom" + bytes(12) + b"\xff\xff\xff\xffmoov",
    b"\r\n", b"--", b"\r\n--", f"\r\n--{BOUNDARY[:-1]}".encode(), bytes(range(256)),
]  # fmt: skip

FILE_NAMES = [
    "a.png", "a.mp4", "upload", "", "anonymous_file", "README.md", "é.png", "../../etc/passwd",
    "C:\\a\\b.mp4", 'a"b.png', "a\0b", "n" * 300 + ".mp4", "a;b.png", "凧.jpg", "a\\", ".",
]  # fmt: skip

FILE_TYPES = [
    "image/png", "image/png", "video/mp4", "video/mp4", "application/octet-stream", None, "",
    "image/jpg", "image/webp", "image/svg+xml", "VIDEO/MP4; codecs=x", "text/plain", "\xff",
    "application/json", ";;;", "multipart/mixed; boundary=x", "t" * 300,
]  # fmt: skip


def mostly(usual: Some, odd: Some, times: int) -> Some:
    """The usual, so many times as often as the odd."""
    return st.sampled_from([usual] * times + [odd]).flatmap(lambda chosen: chosen)


def pairs(path: str, odd: Some) -> Some:
    """A faultless request, or one with a few things wrong; a name may come twice."""
    known = {name: st.sampled_from(GOOD[name]) for name in PATHS[path]}
    faultless = st.fixed_dictionaries(known)
    wrong = mostly(st.lists(_wrong(path, odd), min_size=1, max_size=2), st.just([]), 2)
    return st.builds(_spoiled, faultless, wrong)


def _wrong(path: str, odd: Some) -> Some:
    """A place, and what is to be there."""
    near = [(name, value) for name in PATHS[path] for value in NEAR[name]]
    names = st.sampled_from([*PATHS[path] * 5, *ODD_NAMES]) | TEXTS
    wrong = mostly(st.sampled_from(near), st.tuples(names, odd), 2)
    return st.tuples(st.integers(0, 13), wrong)


def _spoiled(faultless: dict[str, Any], wrong: list[Any]) -> Pairs:
    """Odd places lose what was there, even ones keep it."""
    spoiled = list(faultless.items())
    for place, pair in wrong:
        spoiled[place // 2 : place // 2 + place % 2] = [pair]
    return spoiled


def _mangled(whole: Some) -> Some:
    """The bytes as they are; sometimes cut, torn, or with bytes put into them."""
    ways = st.sampled_from(["cut", "torn", "put", "swapped", "twice"])
    places = st.tuples(st.integers(0, 999), st.integers(0, 999), st.binary(max_size=8))
    return mostly(whole, st.builds(_torn, whole, ways, places), 5)


def _torn(whole: bytes, way: str, places: tuple[int, int, bytes]) -> bytes:
    here, there = sorted(len(whole) * place // 1000 for place in places[:2])
    before, between, after = whole[:here], whole[here:there], whole[there:]
    return {
        "cut": before,
        "torn": before + after,
        "put": before + places[2] + between + after,
        "swapped": before + between.replace(b"\r\n", b"\n") + after,
        "twice": whole + whole,
    }[way]


def _json_body(path: str) -> Some:
    odd = VALUES | st.sampled_from(STRANGE_JSON)
    content = _mangled(pairs(path, odd).map(written).map(str.encode))
    media_type = mostly(st.just(JSON), st.sampled_from(JSON_TYPES), 9)
    return st.builds(Body, st.just(path), media_type, content, LEVELS)


def _form(path: str) -> Some:
    file = st.tuples(st.integers(0, 6), _file(path))
    usual = st.tuples(file) if path in NEEDING else st.just(())
    files = mostly(usual, st.lists(file, max_size=2), 2)
    ends = mostly(st.just(b"\r\n"), st.sampled_from([b"", b"\n", b"x"]), 9)
    content = st.builds(_form_of, pairs(path, TEXTS), files, ends)
    media_type = mostly(st.just(FORM), st.sampled_from(FORM_TYPES), 6)
    return st.builds(Body, st.just(path), media_type, _mangled(content), LEVELS)


NEEDING = {"/files": "file", "/videos/characters": "video"}
"""The file that one cannot do without."""


def _file(path: str) -> Some:
    fitting = "input_reference" if path == "/videos" else NEEDING.get(path, "video")
    odd = st.builds(
        Part,
        mostly(st.just(fitting), st.sampled_from(["prompt", *ODD_NAMES]), 9),
        st.sampled_from(CONTENTS) | st.binary(max_size=40),
        st.sampled_from(FILE_NAMES),
        st.sampled_from(FILE_TYPES),
    )
    still = Part(fitting, b"@still", "a.png", "image/png")
    clip = Part(fitting, b"@clip", "a.mp4", "video/mp4")
    fits = clip if path == "/videos/characters" else still
    return mostly(odd, st.sampled_from([fits, fits, still, clip]), 2)


def _form_of(fields: Pairs, files: Files, end: bytes) -> bytes:
    parts = [part for pair in fields for part in parts_of(*pair)]
    for place, file in files:
        parts.insert(place, file)
    return encoded(parts, end)


def written(pairs: Pairs) -> str:
    """The pairs as a JSON object, which may have a name twice."""
    inside = (f"{json.dumps(name)}: {_json(value)}" for name, value in pairs)
    return "{" + ", ".join(inside) + "}"


def _json(value: Any) -> str:
    return str(value) if isinstance(value, Raw) else json.dumps(value)


def parts_of(name: str, value: Any) -> Iterator[Part]:
    """A field as the SDKs' encoders write it: brackets for what is in it."""
    if isinstance(value, dict):
        for inner, one in value.items():
            yield from parts_of(f"{name}[{inner}]", one)
    elif isinstance(value, list):
        for one in value:
            yield from parts_of(f"{name}[]", one)
    else:
        yield Part(name, str(value).encode("utf-8", "surrogatepass"))


def encoded(parts: list[Part], end: bytes = b"\r\n") -> bytes:
    """The parts as a whole form."""
    pieces = [b"--%s\r\n%s\r\n" % (BOUNDARY.encode(), _part(part)) for part in parts]
    return b"".join(pieces) + b"--%s--" % BOUNDARY.encode() + end


def _part(part: Part) -> bytes:
    head = f'Content-Disposition: form-data; name="{part.name}"'
    if part.filename is not None:
        head += f'; filename="{part.filename}"'
    if part.media_type is not None:
        head += f"\r\nContent-Type: {part.media_type}"
    return head.encode("utf-8", "surrogatepass") + b"\r\n\r\n" + part.content


JSON_BODIES = mostly(
    st.one_of([_json_body(path) for path in DERIVING]),
    st.one_of([_json_body(path) for path in NEEDING]),
    9,
)
FORMS = st.one_of([_form(path) for path in PATHS])
