"""Reruns under load, printed and not asserted: ``python -m tests.load.rerun HOME [--page NAME QUERY]...``

Twenty users think two seconds (spread) between reruns of a page; medians and 95th percentiles are over
all reruns after each user's first. Starts a server of its own on a free port.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import tempfile
from pathlib import Path

from tests.functional.conftest import running
from tests.load.client import Session

BOARD = ("", "")


async def use(host: str, page: str, query: str, reruns: int, think: float) -> list[float]:
    """One user: a first visit, then reruns with pauses."""
    await asyncio.sleep(random.uniform(0, think))
    async with Session(host) as session:
        await session.rerun(page, query)
        found = []
        for _ in range(reruns):
            await asyncio.sleep(random.uniform(0.5 * think, 1.5 * think))
            found.append(await session.rerun(page, query))
        return found


async def measure(host: str, page: str, query: str, options: argparse.Namespace) -> str:
    """All users at once on one page, as one line of figures."""
    users = [use(host, page, query, options.reruns, options.think) for _ in range(options.users)]
    times = sorted(1000 * t for found in await asyncio.gather(*users) for t in found)
    late = times[int(0.95 * (len(times) - 1))]
    return (
        f"{page or 'overview'}: {options.users} users, think {options.think:g} s, {len(times)} reruns: "
        f"median {statistics.median(times):.0f} ms, p95 {late:.0f} ms, most {times[-1]:.0f} ms"
    )


def main() -> None:
    """Measure the board and every page that was named."""
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("--page", nargs=2, action="append", default=[], metavar=("NAME", "QUERY"))
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--think", type=float, default=2.0)
    parser.add_argument("--reruns", type=int, default=6)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        running(options.home, Path(folder) / "log") as found,
    ):
        host = found.removeprefix("http://")
        for page, query in [BOARD, *options.page]:
            print(asyncio.run(measure(host, page, query, options)))


if __name__ == "__main__":
    main()
