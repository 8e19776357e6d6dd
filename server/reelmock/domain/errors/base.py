"""What every refusal is: words to fill in, a type, a code, and no status number."""

from typing import ClassVar

ECHO = 200
"""How many characters of a caller's own text a refusal repeats."""

LISTED = 1000
"""How many it has of what is supported, which is ours."""


class Refusal(Exception):
    """A request that is not honoured.

    `words` is the message's template; `facts` fill it. `param` and `code` go out null
    when they are None.
    """

    words: ClassVar[str] = ""
    code: str | None = None
    type: str = "invalid_request_error"

    def __init__(self, param: str | None = None, **facts: object) -> None:
        self.param = None if param is None else _clip(param)
        clipped = {
            name: _clip(fact, _MOST.get(name, ECHO)) for name, fact in facts.items()
        }
        self.message = self.words.format(param=self.param, **clipped)
        super().__init__(self.message)


_MOST = {"supported": LISTED, "expected": LISTED}


def _clip(fact: object, most: int = ECHO) -> str:
    # Half a surrogate cannot be sent: it is spelled out.
    text = str(fact)[: most + 1].encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= most else text[:most] + "…"


def listed(values: tuple[object, ...], last: str = "and") -> str:
    """`'4', '8', and '12'`: how the hosted service lists what it supports."""
    quoted = [f"'{value}'" for value in values]
    if len(quoted) < 3:
        return f" {last} ".join(quoted)
    return ", ".join(quoted[:-1]) + f", {last} {quoted[-1]}"
