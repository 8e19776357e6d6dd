"""Every setting once: a flag of `serve`, a `REELMOCK_...` variable and a key of
`reelmock.toml` by the same name."""

import re
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from reelmock.api.rules import RULES
from reelmock.domain.catalog import MODEL_MOST
from reelmock.domain.clock import FASTEST, SLOWEST
from reelmock.domain.hosts import host_name
from reelmock.domain.signature import is_signing_secret
from reelmock.domain.target import wrong_target
from reelmock.settings.tables import ModelTable
from reelmock.settings.words import Bytes, BytesOrOff, Names

TABLES = ("models",)
"""Settings that are tables: the file has them, flags and variables do not."""


class Settings(BaseModel):
    """How one server behaves. Built directly it reads nothing but its arguments."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(4010, ge=0, le=65535, description="Port; 0 picks a free one.")
    data: Path | None = Field(
        None, description="Folder for the state (default: ./.reelmock)."
    )
    ephemeral: bool = Field(
        False,
        description="Keep the state in a temporary folder, removed at exit; "
        "--data is not used then.",
    )
    pace: Literal["instant", "fast", "realistic", "manual"] = Field(
        "fast",
        description="How long jobs take: at once, about 2 s, 68-116 s, or until a call "
        "ends them.",
    )
    speed: float = Field(
        1.0,
        ge=SLOWEST,
        le=FASTEST,
        description="Project seconds that pass in a real one.",
    )
    contract: Literal["strict", "standard", "loose"] = Field(
        "standard", description="What happens to requests the service would refuse."
    )
    enforce: Names = Field(
        (),
        description="Refuse what breaks this rule at every level (reelmock rules "
        "lists them); may be given several times.",
    )
    dialect: Literal["openai", "openai-exact", "documented"] | None = Field(
        None,
        description="How a Video is written (default: openai, with --conformance "
        "openai-exact).",
    )
    conformance: bool = Field(
        False,
        description="For the official SDKs' own suites: ids that were never given "
        "name things all the same.",
    )
    rate_limit: str = Field(
        "off",
        description="Requests a minute for each model: off, catalog (the flag alone), "
        "tier-1 to tier-5, or a number.",
    )
    journal: bool = Field(
        True, description="Remember exchanges, for tests that ask what happened."
    )
    budget: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)] | None = Field(
        None,
        description="Dollars that each project may spend at the published prices; then "
        "its quota is exhausted.",
    )
    scenario: Names = Field(
        (),
        description="Rules for all projects: a ready-made scenario's name or a YAML "
        "file; may be given several times.",
    )
    magic: bool = Field(True, description="Heed [reelmock key=value ...] in prompts.")
    media: Path | None = Field(
        None,
        description="Folder of your own videos: named by scenarios, or by model or "
        "prompt.",
    )
    silent: bool = Field(False, description="Make clips without a tone.")
    cache: Path | None = Field(
        None,
        description="Folder of coded strips that all servers of this user share; none: "
        "the user's cache folder.",
    )
    load: Path | None = Field(
        None, description="Begin with the projects of this snapshot or fixture."
    )
    save_on_exit: Path | None = Field(
        None, description="Write a snapshot of all projects here when the server stops."
    )
    models: dict[str, ModelTable] = Field(
        {}, description="Models of your own, each a table of reelmock.toml."
    )
    require_key: Names = Field(
        (), description="Admit only this key; may be given several times."
    )
    one_project: bool = Field(False, description="Put all keys in one project.")
    admin_token: str | None = Field(
        None,
        min_length=1,
        description="Token that calls of the control plane must bring, and the dashboard asks for.",
    )
    allow_host: Names = Field(
        (), description="Answer to this Host name too; may be given several times."
    )
    public_url: str | None = Field(
        None, description="Address that a video's url begins with."
    )
    webhook: str | None = Field(
        None, repr=False, description="Post the events of every project to this URL."
    )
    webhook_secret: str | None = Field(
        None,
        repr=False,
        description="Secret of --webhook, whsec_ and base64 (default: drawn and shown).",
    )
    allow_webhook_host: Names = Field(
        (),
        description="Post webhooks to this name also where it has a private address; may "
        "be given several times.",
    )
    render_workers: int = Field(2, ge=1, le=64, description="Renders at a time.")
    max_upload: Bytes = Field(
        100 * 2**20,
        ge=2**10,
        description="Largest request body, in bytes or as 500MB or 2GiB.",
    )
    max_data: BytesOrOff = Field(
        10 * 2**30,
        description="Most bytes that videos and files may take, or off; beyond it the "
        "expired go first, then the oldest videos.",
    )
    seed: str | None = Field(
        None, description="Makes ids and plans repeatable (default: drawn)."
    )
    until_eof: bool = Field(
        False,
        description="Stop when standard input ends, as it does when the program that "
        "started the server is gone.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least level that is logged."
    )
    log_format: Literal["auto", "pretty", "json"] = Field(
        "auto", description="auto: pretty on a terminal, JSON elsewhere."
    )

    @property
    def spoken(self) -> str:
        """The dialect, chosen or implied."""
        return self.dialect or ("openai-exact" if self.conformance else "openai")

    @property
    def cache_folder(self) -> Path | None:
        """The folder of coded strips; it may not be there yet, or not be writable. None
        for a user who has no home: then they stay in memory."""
        # Imported only now: most commands never ask.
        from platformdirs import user_cache_path

        try:
            return self.cache or user_cache_path("reelmock", appauthor=False)
        except RuntimeError:
            return None

    @field_validator("rate_limit", mode="before")
    @classmethod
    def _is_limit(cls, value: object) -> str:
        told = {"true": "catalog", "on": "catalog", "false": "off"}
        text = str(value).strip().lower()
        text = told.get(text, text)
        if not re.fullmatch(r"off|catalog|tier-[1-5]|[1-9]\d{0,8}", text, re.ASCII):
            raise ValueError(
                "must be off, catalog, tier-1 to tier-5, or a number of requests a "
                "minute"
            )
        return text

    @field_validator("media")
    @classmethod
    def _is_folder(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_dir():
            raise ValueError("must be a folder that is there")
        return value

    @field_validator("enforce")
    @classmethod
    def _are_rules(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if name not in RULES:
                close = get_close_matches(name, list(RULES), n=1)
                hint = f"did you mean {close[0]}? " if close else ""
                raise ValueError(f"no rule {name!r}; {hint}reelmock rules lists them")
        return value

    @field_validator("models")
    @classmethod
    def _are_named(cls, value: dict[str, ModelTable]) -> dict[str, ModelTable]:
        for name in value:
            if not 0 < len(name) <= MODEL_MOST or not name.isprintable():
                raise ValueError(
                    f"{name!r} is no name of a model; write 1 to "
                    f"{MODEL_MOST} printable characters"
                )
        return value

    @field_validator("public_url")
    @classmethod
    def _is_url(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(
            r"https?://[^\s/]+(/[^\s?#]*)?", value
        ):
            raise ValueError("must be an http(s) address, as http://host:4010")
        return value.rstrip("/").removesuffix("/v1") if value else None

    @field_validator("webhook")
    @classmethod
    def _is_target(cls, value: str | None) -> str | None:
        if value is not None and (wrong := wrong_target(value)) is not None:
            raise ValueError(f"{wrong}; write one as http://localhost:8000/webhook")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _is_secret(cls, value: str | None) -> str | None:
        if value is not None and not is_signing_secret(value):
            raise ValueError(
                "must be whsec_ and 24 bytes or more in base64; leave it out, and one is "
                "drawn"
            )
        return value

    @field_validator("allow_host", "allow_webhook_host")
    @classmethod
    def _names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any("/" in name for name in value):
            raise ValueError("must be a name alone, as app or mock.example")
        return tuple(host_name(name) for name in value if name)

    @field_validator("require_key")
    @classmethod
    def _no_blank(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(value):
            raise ValueError("a required key must not be empty")
        return value


FLAGS = tuple(name for name in Settings.model_fields if name not in TABLES)
"""Settings that are flags and variables too."""
