"""Faults armed by call, and the scenarios of a project."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from reelmock.control.desk import Called, Caller, instant
from reelmock.domain.clock import shown
from reelmock.domain.errors.control import CallInvalid
from reelmock.domain.fault import said
from reelmock.domain.redaction import REDACTED
from reelmock.domain.scenario import Rule, Scenario
from reelmock.service import arming, scenarios

router = APIRouter()

MOST = 256 * 1024
"""Bytes of a body, at most."""


@router.get("/faults")
async def list_faults(call: Called) -> dict[str, Any]:
    """The armed faults, and how often each was served."""
    armed = await call.work(arming.armed, call.ports, call.project_id)
    return {"data": [_told(rule, served) for rule, served in armed]}


@router.post("/faults")
async def arm_fault(call: Called, request: Request) -> dict[str, Any]:
    """Arm a fault; what the list tells of one can be sent back."""
    fields = _object(await _body(request))
    return await call.work(_armed, call, fields)


@router.delete("/faults")
async def disarm_faults(call: Called) -> dict[str, Any]:
    """Disarm every fault."""
    gone = await call.work(arming.disarm_all, call.ports, call.project_id)
    return {"disarmed": gone}


@router.delete("/faults/{fault_id}")
async def disarm_fault(call: Called, fault_id: str) -> dict[str, Any]:
    """Disarm one fault."""
    call.ports.scripts.disarm(call.project_id, fault_id)
    return {"disarmed": 1}


@router.get("/scenarios")
async def list_scenarios(call: Called) -> dict[str, Any]:
    """The scenarios that hold, and how often each of their rules was applied."""
    found, is_own = await call.work(scenarios.held, call.ports, call.project_id)
    counts = call.ports.scripts.applied(call.project_id)
    listed = [_scenario(scenario, counts) for scenario in found]
    return {"data": listed, "from": "project" if is_own else "server"}


@router.put("/scenarios")
async def put_scenarios(call: Called, request: Request) -> dict[str, Any]:
    """Give the project a scenario of its own: the YAML (or JSON) of a scenario file, or
    with `?use=NAME` a ready-made one."""
    use = request.query_params.get("use")
    if use is not None:
        await call.work(_use, call, use)
    else:
        text = await _body(request)
        await call.work(scenarios.hold, call.ports, call.project_id, text)
    return await list_scenarios(call)


@router.delete("/scenarios")
async def delete_scenarios(call: Called) -> dict[str, Any]:
    """Give the project the server's scenarios back."""
    await call.work(scenarios.let_go, call.ports, call.project_id)
    return await list_scenarios(call)


@router.get("/scenarios/text")
async def get_scenario_text(call: Called) -> Response:
    """The text of the project's own scenario."""
    text = await call.work(scenarios.text_of, call.ports, call.one)
    return PlainTextResponse(text or "", media_type="application/yaml")


def _armed(call: Caller, fields: Mapping[str, Any]) -> dict[str, Any]:
    words, expires_at = _sent_back(fields)
    rule, expires_in = call.ports.grammar.fault(words)
    rule = replace(rule, expires_at=expires_at)
    return _told(arming.arm(call.ports, call.project_id, rule, expires_in), 0)


def _sent_back(fields: Mapping[str, Any]) -> tuple[dict[str, Any], datetime | None]:
    """The words that arm a fault, of those that tell of one, and until when it is armed;
    raises CallInvalid for a secret, which was never told."""
    words = {name: value for name, value in fields.items() if name != "served"}
    if "id" in words and "name" not in words:
        words["name"] = words.pop("id")
    header = words.get("header")
    told = [words.get("key"), *(header.values() if isinstance(header, dict) else ())]
    if any(isinstance(one, str) and REDACTED in one for one in told):
        raise CallInvalid(
            message=f"{REDACTED} stands for a secret that is not told.",
            hint="Write the key or the header again, or leave it out.",
        )
    return words, _instant(words.pop("expires_at", None))


def _instant(text: object) -> datetime | None:
    if text is None:
        return None
    try:
        return shown(datetime.fromisoformat(str(text)))
    except (ValueError, OverflowError):
        raise CallInvalid(
            message=f"expires_at: {str(text)[:64]!r} is no instant.",
            hint="Write one as 2026-03-12T12:00:00Z, or expires_in and project seconds.",
        ) from None


def _use(call: Caller, name: str) -> None:
    # Only names: a path would have any file read.
    if name not in [scenario.name for scenario in call.ports.grammar.ready()]:
        raise CallInvalid(
            message=f"{name[:64]!r} is no name of a ready-made scenario.",
            hint="reelmock scenario list shows them; send your own as the body.",
        )
    scenarios.hold_named(call.ports, call.project_id, name)


async def _body(request: Request) -> str:
    content = b""
    async for piece in request.stream():
        content += piece
        if len(content) > MOST:
            raise CallInvalid(
                message=f"The body is larger than {MOST} bytes.", hint="Send less."
            )
    return content.decode("utf-8", "replace")


def _object(text: str) -> Mapping[str, Any]:
    try:
        found = orjson.loads(text or "{}")
    except orjson.JSONDecodeError as wrong:
        raise CallInvalid(
            message=f"The body is no JSON: {wrong}.",
            hint='Send an object, as {"operation": "getVideo", "status": 503}.',
        ) from None
    if not isinstance(found, dict):
        raise CallInvalid(
            message="The body is no JSON object.",
            hint='Send one, as {"operation": "getVideo", "status": 503}.',
        )
    return found


def _told(rule: Rule, served: int) -> dict[str, Any]:
    return {
        "id": rule.name,
        **arming.asked(rule.match),
        **({} if rule.fault is None else said(rule.fault)),
        "times": rule.times,
        "served": served,
        "expires_at": instant(rule.expires_at) if rule.expires_at else None,
    }


def _scenario(scenario: Scenario, counts: Mapping[str, int]) -> dict[str, Any]:
    rules = [
        {"name": rule.name, "applied": counts.get(rule.name, 0)}
        for rule in scenario.rules
    ]
    return {"name": scenario.name, "about": scenario.about, "rules": rules}
