"""Measures the pages: `python -m bench.pages MANY LARGE [SECONDS]`, with ledgers of 10,000 and 100,000 entries, prints,
as JSON, processor seconds and elapsed seconds by name, and megabytes.

One process is asked for one page after another, each time for another day and moment. A slider is moved in Chromium. At
last, 50 readers ask a server of its own for SECONDS (20) while two writers record, and each answer is checked.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
from math import ceil
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple

from bench import processes
from bench.stage import ACT
from bench.warm import DAYS, FIRST, resident
from ledger.book import Ledger
from ledger.store import open_store
from tests.browser.visiting import chromium, served
from tests.web.reader import Reader
from web.app import application

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NOW = datetime(2038, 5, 1, 12, tzinfo=UTC)
PAGES = (
    "today", "agreement", "council", "meetings", "groups", "reports/2037H2", "costs/2037", "costs/2037?party=sala",
    "officials", "activities", "attendance/2037H2", "projects", "settlement", "settlement?if_withdraws=sala",
    "deadlines", "person/p30", "party/sala", "entry/500", "history?about=person:p30", "search?q=sala",
)  # fmt: skip
READ = [one for one in PAGES if "?" not in one]  # by the crowd
LATE = ("findings", "beside/council", "beside/meetings")  # what comes after an answer
TIMES = 50  # askings of each page
SLIDES = 40
READERS, WRITERS, THINKS_S = 50, 2, 1.0
SLIDE = """async () => {
    const slider = document.querySelector('.slider[data-slides=on]'), main = document.querySelector('main')
    const begun = performance.now()
    slider.value = Number(slider.value) - 1
    slider.dispatchEvent(new Event('input'))
    while (document.contains(main)) await new Promise(requestAnimationFrame)
    return performance.now() - begun
}"""


def asked(path: str, pages: Iterable[str], times: int) -> list[tuple[str, float]]:
    """Asks for each page once, and then for all of them in any order, each for another day and moment. Returns what the
    later ones took, in processor seconds.
    """
    random, took = Random(17), []  # noqa: S311 - a fixed seed asks the same each time
    with open_store(path) as store:
        reader, head = Reader(application(Ledger(store, lambda: NOW))), store.head()
        every = [*pages] * times
        random.shuffle(every)
        for number, page in enumerate((*pages, *every)):
            on = FIRST + timedelta(random.randrange(60, DAYS))
            query = f"on={on}&known_at=@{random.randrange(head // 10, head)}&lang=sv"
            begun = time.process_time()
            answer = reader.get(f"/{page}{'&' if '?' in page else '?'}{query}")
            spent = time.process_time() - begun
            if answer.status not in {200, 404}:
                raise processes.Failed(f"/{page}: {answer.status}")
            if number >= len(every) // times:
                took.append((page, spent))
    return took


def at(part: float, found: Iterable[float]) -> float:
    """Returns a quantile of some seconds."""
    every = sorted(found)
    return every[ceil(part * len(every)) - 1]


def slides(path: str) -> dict[str, float]:
    """Moves the slider of the day in Chromium, and returns the seconds from each move to the new page."""
    place = shutil.which("chromium")
    if place is None:
        print("no Chromium: the slider is not measured", file=sys.stderr)
        return {}
    with (
        open_store(path) as store,
        served(application(Ledger(store, lambda: NOW))) as address,
        chromium(place) as browser,
    ):
        page = browser.new_page()
        page.goto(f"{address}/council?on=2037-06-01")
        took = [page.evaluate(SLIDE) / 1e3 for _ in range(SLIDES + 5)][5:]
    return {"slide p50": median(took), "slide p95": at(0.95, took)}


class Crowd(NamedTuple):
    """What the readers and the writers of a crowd did."""

    took: list[float]
    wrong: list[str]
    recorded: list[str]


@contextmanager
def serving(ledger: Path) -> Iterator[int]:
    """Serves a ledger to the public in a process of its own, and yields its port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    command = [*processes.PROGRAM, "serve", "--public", "--bind", f"127.0.0.1:{port}", "--ledger", str(ledger)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                asks(port, "/healthz")
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait()


def asks(port: int, address: str) -> bytes:
    """Returns the body of an address. Raises Failed for any status but 200."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", address)
        answer = connection.getresponse()
        body = answer.read()
    if answer.status != 200:
        raise processes.Failed(f"{address}: {answer.status}")
    return body


def reads(port: int, seed: int, until: float, crowd: Crowd) -> None:
    """Reads until the time is up. What fails is wrong."""
    try:
        _reads(port, seed, until, crowd)
    except (OSError, processes.Failed) as error:
        crowd.wrong.append(str(error))


def _reads(port: int, seed: int, until: float, crowd: Crowd) -> None:
    """Asks for pages that follow the log, which never goes back, and for a pinned answer, whose bytes never change."""
    random, known, pinned = Random(seed), 0, b""  # noqa: S311 - a fixed seed asks the same each time
    time.sleep(random.uniform(0, 2) * THINKS_S)
    while time.monotonic() < until:
        begun, on = time.monotonic(), date(2030, 1, 1) + timedelta(random.randrange(2_000))
        now = json.loads(asks(port, f"/council.json?on={on}"))["known_at"]
        crowd.took.append(time.monotonic() - begun)
        begun = time.monotonic()
        asks(port, f"/{random.choice(READ)}?on={on}")
        crowd.took.append(time.monotonic() - begun)
        same = asks(port, f"/groups.json?on=2035-06-01&known_at=@{1_000 + seed}")
        if pinned and same != pinned:
            crowd.wrong.append("a pinned answer changed")
        if int(now[1:]) < known:
            crowd.wrong.append("the log went back")
        known, pinned = int(now[1:]), same
        time.sleep(random.uniform(0.5, 1.5) * THINKS_S)


def writes(ledger: Path, until: float, crowd: Crowd) -> None:
    """Records until the time is up, each act by a command of its own. What fails is wrong."""
    try:
        while time.monotonic() < until:
            processes.program(*ACT, "--ledger", str(ledger))
            crowd.recorded.append(str(ledger))
    except processes.Failed as error:
        crowd.wrong.append(str(error))


def crowd_of(path: str, seconds: float) -> dict[str, float]:
    """Lets 50 readers and two writers work at once. Raises Failed for a wrong answer, or if an act is lost."""
    with TemporaryDirectory(prefix="liggare-crowd-") as folder:
        ledger, crowd = Path(folder) / "ledger.db", Crowd([], [], [])
        for kind in ("", ".key", ".key.signed"):
            shutil.copy(f"{path}{kind}", f"{ledger}{kind}")
        with serving(ledger) as port:
            before, until = int(asks(port, "/healthz")), time.monotonic() + seconds
            threads = [Thread(target=reads, args=(port, seed, until, crowd)) for seed in range(READERS)]
            threads += [Thread(target=writes, args=(ledger, until, crowd)) for _ in range(WRITERS)]
            for one in threads:
                one.start()
            for one in threads:
                one.join()
            after = int(asks(port, "/healthz"))
    if crowd.wrong or after != before + len(crowd.recorded):
        raise processes.Failed(f"{crowd.wrong[:3]}; {before} entries, {len(crowd.recorded)} recorded, {after} at last")
    return {
        "crowd p50": median(crowd.took), "crowd p95": at(0.95, crowd.took), "crowd max": max(crowd.took),
        "crowd answers": len(crowd.took), "crowd acts": len(crowd.recorded),
    }  # fmt: skip


def main(many: str, large: str, seconds: str = "20") -> None:
    """Measures, and prints the figures."""
    found: dict[str, float] = {}
    for name, path, pages, times in (
        ("pages", many, PAGES, TIMES), ("late", many, LATE, 10), ("large", large, PAGES, TIMES),
    ):  # fmt: skip
        took = asked(path, pages, times)
        found |= {f"{name} p50": median(one for _, one in took), f"{name} p95": at(0.95, (one for _, one in took))}
        if name != "late":
            of = {page: at(0.95, (one for what, one in took if what == page)) for page in pages}
            found |= {f"{name} {page} p95": of[page] for page in sorted(of, key=of.__getitem__, reverse=True)}
    found["pages memory"] = resident()
    print(json.dumps(found | slides(many) | crowd_of(many, float(seconds))))


if __name__ == "__main__":
    main(*sys.argv[1:])
