"""One project of a server in another process, as a test holds it."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from reelmock.handles import SpendHandle
from reelmock.handles_assertions import Assertions
from reelmock.handles_journal import JournalHandle
from reelmock.kit.clock import RemoteClock
from reelmock.kit.records import Records
from reelmock.kit.rules import RemoteFaults, RemoteScenarios
from reelmock.kit.webhooks import RemoteWebhooks
from reelmock.outbound.control import Control

__tracebackhide__ = True
"""A refusal shows the line of the test, not ours."""


class RemoteProject(Assertions):
    """The project of an API key. What can be done with it is what `ProjectHandle` has,
    over the control plane: what the server refuses is a `reelmock.Refused`.

    `url` is the base URL for an SDK and ends in `/v1`; `api_key` is the project's.
    """

    def __init__(
        self, address: str, api_key: str, admin_token: str | None = None
    ) -> None:
        self.url = f"{address}/v1"
        self.api_key = api_key
        self._control = Control(address, key=api_key, admin_token=admin_token)
        self.clock = RemoteClock(self._control)
        self.faults = RemoteFaults(self._control)
        self.scenarios = RemoteScenarios(self._control)
        records = Records(self._control)
        self.journal = JournalHandle(lambda: records, None)
        self.webhooks = RemoteWebhooks(self._control)

    @property
    def env(self) -> dict[str, str]:
        """The variables that the official SDKs read."""
        return {"OPENAI_BASE_URL": self.url, "OPENAI_API_KEY": self.api_key}

    @property
    def spend(self) -> SpendHandle:
        """What the videos would have cost."""
        told = self._control.call("GET", "spend")
        models = {name: one["usd"] for name, one in told["models"].items()}
        return SpendHandle(told["usd"], models, told["videos"], told["budget"])

    def scenario(self, scenario: str | Path) -> None:
        """Have this scenario hold; the same as `scenarios.use`."""
        self.scenarios.use(scenario)

    def set_budget(self, usd: float | None) -> None:
        """Say what may be spent; None is the server's own word."""
        self._control.call("PUT", "spend/budget", {"budget": usd})

    def set_terms(
        self, pace: str | None = None, contract: str | None = None,
        dialect: str | None = None,
    ) -> None:  # fmt: skip
        """Treat its requests otherwise than the server does; what is left out stays."""
        body = {"pace": pace, "contract": contract, "dialect": dialect}
        self._control.call("PUT", "terms", body)

    def reset(self, keep: Collection[str] = ()) -> dict[str, Any]:
        """Back to the first moment, but for the parts to keep; how much went."""
        kept = [keep] if isinstance(keep, str) else list(keep)
        return self._control.call("POST", "reset", {"keep": kept})

    def snapshot(self, target: str | Path) -> Path:
        """Write videos, bytes, clock and scenarios into one file."""
        path = Path(target)
        path.write_bytes(self._control.send("GET", "snapshot").content)
        return path

    def restore(self, source: str | Path) -> list[dict[str, Any]]:
        """Make it what a snapshot says; what it has then."""
        answer = self._control.send("PUT", "snapshot", Path(source).read_bytes())
        return list(answer.json()["data"])

    def preload(self, videos: Sequence[Mapping[str, Any]]) -> list[str]:
        """Have videos exist as if they had been made, as `[{"prompt": "a kite", "status":
        "completed"}]`; their ids."""
        body = {"videos": [dict(one) for one in videos]}
        made = self._control.call("POST", "videos", body)
        return [one["id"] for one in made["data"]]

    def complete(self, video_id: str) -> None:
        """Complete a video now."""
        self._control.call("POST", f"videos/{video_id}/complete")

    def fail(
        self, video_id: str, code: str | None = None, message: str | None = None
    ) -> None:
        """Fail a video now, with a known code or one of your own."""
        said = {"code": code, "message": message}
        body = {name: one for name, one in said.items() if one is not None}
        self._control.call("POST", f"videos/{video_id}/fail", body)

    def progress(self, video_id: str, percent: int) -> None:
        """Have a video in progress."""
        body = {"progress": percent}
        self._control.call("POST", f"videos/{video_id}/progress", body)

    def expire(self, video_id: str) -> None:
        """Have a completed video's bytes go now, as at their expiry."""
        self._control.call("POST", f"videos/{video_id}/expire")

    def videos(self, limit: int = 20) -> list[dict[str, Any]]:
        """The newest videos, the newest first; nothing of it is journaled."""
        asked = {"limit": str(limit)}
        return list(self._control.call("GET", "videos", params=asked)["data"])

    def thumbnail(self, video_id: str) -> bytes:
        """A completed video's slate as WebP, whatever faults are armed."""
        return self._control.send("GET", f"videos/{video_id}/thumbnail").content

    def close(self) -> None:
        """Let the connections go; the project stays."""
        self._control.close()

    def __repr__(self) -> str:
        return f"<project of {self.api_key} at {self.url}>"
