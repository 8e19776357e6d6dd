"""Creates, and whether the reference (sections 1.1, 2.1, 4.1 and 12) has them accepted:
told from its words alone, without the product's contract."""

import re
from typing import Any

from hypothesis import strategies as st

from bodies import GOOD, NEAR, PATHS, STILL, Some, mostly
from senders import Send
from twins import Twins

MODELS = {
    "sora-2", "sora-2-pro", "sora-2-2025-10-06", "sora-2-pro-2025-10-06",
    "sora-2-2025-12-08",
}  # fmt: skip
SIZES = {"720x1280", "1280x720"}
SECONDS = {"4", "8", "12", "16", "20"}
PRO_SIZES = SIZES | {"1024x1792", "1792x1024", "1080x1920", "1920x1080"}

Create = dict[str, Any]


def _field(name: str) -> Some:
    return mostly(st.sampled_from(GOOD[name]), st.sampled_from(NEAR[name]), 5)


_MORE = {
    "model": st.sampled_from(sorted(MODELS)),
    "size": st.sampled_from(sorted(PRO_SIZES)),
    "seconds": st.sampled_from(["1", "4", "8", "12", "16", "20", "24", "١٢"]),
    "width": st.just("720"),
}
CREATES = st.fixed_dictionaries(
    {"prompt": _field("prompt")},
    optional={name: _field(name) for name in PATHS["/videos"][1:]},
) | st.fixed_dictionaries({"prompt": st.just("x")}, optional=_MORE)


def wrong_in(create: Create) -> set[str]:
    """The fields for which a create must be refused at level strict."""
    missing = {"prompt"} - create.keys()
    return missing | {name for name in create if not _is_right(name, create)}


def _is_right(name: str, create: Create) -> bool:
    value = create[name]
    if name == "characters":
        one = {"id": "@character"}
        return isinstance(value, list) and value in ([], [one], [one, one])
    if name == "input_reference":
        fits = create.get("size", "720x1280") == "720x1280"
        return fits and value in ({"image_url": STILL}, {"file_id": "@file"})
    if name == "prompt":
        whole = isinstance(value, str) and value not in ("", "@over")
        return whole and not {"\0", "\ud800"} & set(value)
    return isinstance(value, str) and value in _allowed(name, create)


def _allowed(name: str, create: Create) -> set[str]:
    is_pro = str(create.get("model")).startswith("sora-2-pro")
    sizes = PRO_SIZES if is_pro else SIZES
    by_name = {"model": MODELS, "seconds": SECONDS, "size": sizes}
    return by_name.get(name, set())


def disagreement(send: Send, create: Create) -> str:
    """Where an answer is not what the reference says; nowhere."""
    answer = send(Twins("/videos", "strict", create).as_json)
    wrong, told = wrong_in(create), answer.json()
    if not wrong:
        return "" if answer.status_code == 200 else f"refused: {told}"
    if answer.status_code == 200:
        return f"accepted, though {sorted(wrong)} are wrong"
    param = told["error"]["param"]
    named = param is None or re.split(r"[.\[]", param)[0] in wrong
    return "" if named else f"refused for {param}, not for one of {sorted(wrong)}"
