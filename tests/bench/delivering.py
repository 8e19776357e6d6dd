"""Webhooks beside bare httpx: how many videos a second can end and be told of, and what one
costs the server in CPU. All of them end in one instant of a frozen clock, by plan, so that
nothing is rendered."""

import time
from collections.abc import Iterator

import httpx
from figures import Figure, NotMeasured
from processes import ADDRESS, HERE, Program, call, reelmock, starlette
from throughput import COST, Driven, cpu

BARE = "bare httpx"
PLANNED = {"prompt": "[reelmock queue=0 render=10 fail=moderation_blocked]"}


def deliveries(rounds: int, number: int) -> Iterator[Figure]:
    """So many videos end, each with a webhook to one endpoint that takes it at once."""
    rates = Figure("videos ended and told of", "/s", BARE)
    costs = Figure("videos ended and told of", COST, BARE)
    with starlette() as receiver:
        url = receiver.line(ADDRESS) + "/"
        with (
            reelmock("--pace", "realistic", "--webhook", url) as server,
            Program(str(HERE / "posting_bare.py"), url) as bare,
            call(server.line(ADDRESS)) as http,
        ):
            bare.line("ready")
            for done in range(rounds):
                ours = _told(http, server, number)
                reference = _posted(bare, done + 1, number)
                rates.add(ours.rate, reference.rate)
                costs.add(ours.cost, reference.cost)
    yield from (rates, costs)


def _told(http: httpx.Client, server: Program, number: int) -> Driven:
    http.post("/_reelmock/clock/freeze", json={}).raise_for_status()
    for _ in range(number):
        http.post("/v1/videos", json=PLANNED).raise_for_status()
    spent, began = cpu(server), time.perf_counter()
    passed = http.post("/_reelmock/clock/advance", json={"seconds": 10}).json()
    took, spent = time.perf_counter() - began, cpu(server) - spent
    told = sum(one["what"] == "webhook.delivered" for one in passed["happened"])
    if told != number:
        raise NotMeasured(f"{told} of {number} webhooks were delivered")
    return Driven(number / took, 1e6 * spent / number)


def _posted(bare: Program, times: int, number: int) -> Driven:
    spent = cpu(bare)
    if bare.process.stdin is None:
        raise NotMeasured("the reference cannot be told anything")
    bare.process.stdin.write(f"{number}\n")
    bare.process.stdin.flush()
    took = float(bare.line(r"took ([\d.]+)", times))
    return Driven(number / took, 1e6 * (cpu(bare) - spent) / number)
