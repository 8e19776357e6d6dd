"""The reference: bare httpx, eight requests at a time to one address, each on a connection
of its own. It is told how many on standard input, and says how long they took."""

import asyncio
import sys
import time

import httpx
import uvloop

WIDTH = 8
BODY = b'{"id":"evt_68d7512d07848190b3e45da0ecbebcde","object":"event","data":{}}'
HEADERS = {"content-type": "application/json", "connection": "close"}


async def post(url: str, number: int) -> float:
    """The real seconds that so many posts take."""
    left = iter(range(number))
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    async with httpx.AsyncClient(trust_env=False, limits=limits) as client:

        async def some() -> None:
            for _ in left:
                answer = await client.post(url, content=BODY, headers=HEADERS)
                answer.raise_for_status()

        began = time.perf_counter()
        await asyncio.gather(*(some() for _ in range(WIDTH)))
        return time.perf_counter() - began


def main() -> None:
    """Post as often as a line says, until there is none."""
    print("ready", flush=True)
    for line in sys.stdin:
        took = uvloop.run(post(sys.argv[1], int(line)))
        print(f"took {took:.6f}", flush=True)


if __name__ == "__main__":
    main()
