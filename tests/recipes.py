"""The page of the test kit, and the files that it shows."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
WORKFLOW = ".github/workflows/test.yml"
COMPOSITION = "compose.test.yaml"


def page() -> str:
    return (ROOT / "server" / "TESTING.md").read_text()


def files() -> dict[str, str]:
    """The blocks of the page that say which file they are."""
    blocks = re.findall(r"```\w+\n# (\S+)\n(.*?)```", page(), re.DOTALL)
    assert len(blocks) == len(dict(blocks))
    return {name: f"# {name}\n{text}" for name, text in blocks}


def write(folder: Path, *names: str) -> None:
    """These files of the page into a folder."""
    shown = files()
    for name in names:
        (folder / name).write_text(shown[name])
