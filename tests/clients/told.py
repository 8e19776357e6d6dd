"""The doctor's page as the code has it: sections, and reports that differ in numbers."""

import re

from reelmock.service.doctor import Code


def section(code: Code, evidence: str) -> str:
    """What the page says of one code."""
    return (
        f"### `{code.name}`\n\n**{code.title}** {code.seen}\n\n"
        f"```text\n{evidence}\n```\n\n"
        f"Why: {code.why}\n\nDo: {code.advice}\n\n"
        f"```python\n{code.example}\n```\n"
    )


def blurred(text: str) -> str:
    """A text without what differs from run to run."""
    named = re.sub(r"\b(video|proj)_[0-9a-f]+", r"\1_#", text)
    return re.sub(r"\d+(\.\d+)?", "#", named)
