"""Programs that use a ledger at the same time as a test. The arguments of `main` are the name of a program, the
ledger's place, and that program's other arguments.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent
from eventsourcing.persistence import IntegrityError

from ledger.errors import Contended, LedgerError
from ledger.store import creating, open_store

if TYPE_CHECKING:
    from collections.abc import Callable


def write(place: str, writer: str, count: str) -> None:
    """Waits for a line of input, then appends `count` entries. Each append has the condition that no entry follows the
    head that this writer last read. Prints the number of conflicts.
    """
    conflicts = 0
    with open_store(place) as store:
        say("ready")
        sys.stdin.readline()
        for number in range(int(count)):
            while True:
                known = store.head()
                time.sleep(0.001)
                try:
                    store.append([DCBEvent("written", f"{writer} {number}".encode())], DCBAppendCondition(after=known))
                except IntegrityError:
                    conflicts += 1
                else:
                    break
    say(conflicts)


def record(place: str, writer: str, count: str, how: str) -> None:
    """Waits for a line of input, then records `count` acts without a pause. Prints the number of acts that were refused
    because the log kept growing, and the longest time in seconds that an act took. Unless `how` is `turns`, a writer
    that another overtakes retries at once, without waiting for a turn.
    """
    from ledger.book import Ledger
    from tests.acts import registered

    refused, longest = 0, 0.0
    with open_store(place) as store:
        if how != "turns":
            store.turn = nullcontext  # type: ignore[method-assign, assignment]
        book = Ledger(store, lambda: datetime.now(UTC))
        book.record([registered("dry")], by=writer, dry_run=True)
        say("ready")
        sys.stdin.readline()
        for number in range(int(count)):
            began = time.monotonic()
            try:
                book.record([registered(f"{writer}-{number}")], by=writer)
            except Contended:
                refused += 1
            longest = max(longest, time.monotonic() - began)
    say(refused, longest)


def pour(place: str) -> None:
    """Appends entries for ever, and prints a line after the first entry."""
    with open_store(place) as store:
        store.append([DCBEvent("poured", bytes(300), ["tag:a"])])
        say("begun")
        while True:
            store.append([DCBEvent("poured", bytes(300), ["tag:a"])])
            time.sleep(0.001)


def crash(place: str, cycles: str, order: str) -> None:
    """Kills a writer again and again. Prints the number of entries that were acknowledged, of acknowledged entries that
    were lost, and of entries that are in the log without acknowledgement.
    """
    acknowledged, lost, unacknowledged = 0, 0, 0
    for cycle in range(int(cycles)):
        positions = killed_writer(place, 0.08 * (cycle * 0.618 % 1), early=order == "early")
        with open_store(place) as store:
            events = list(store.read())
        for position, each in enumerate(events, 1):
            assert (each.position, each.event.data) == (position, b"entry %d" % position)
        acknowledged += len(positions)
        lost += sum(position > len(events) for position in positions)
        unacknowledged += sum(each.position > max(positions, default=0) for each in events)
        if lost:
            break
    say(acknowledged, lost, unacknowledged)


def killed_writer(place: str, seconds: float, *, early: bool) -> list[int]:
    """Starts a writer, kills it `seconds` after its first acknowledgement, and returns the positions that it
    acknowledged.
    """
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        with open_store(place) as store:
            position = store.head()
            while True:
                position += 1
                if early:
                    os.write(into, b"%d\n" % position)
                store.append([DCBEvent("killed", b"entry %d" % position, ["tag:a"])])
                if not early:
                    os.write(into, b"%d\n" % position)
    os.close(into)
    first = os.read(out, 4096)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(out, "rb") as rest:
        return [int(line) for line in (first + rest.read()).splitlines()]


def use(place: str) -> None:
    """Opens the ledger, reads its entries and appends an entry. Prints the result of each step."""
    try:
        with open_store(place) as store:
            say("read", len(list(store.read())))
            say("appended", store.append([DCBEvent("used", b"x")]))
    except LedgerError as error:
        say(type(error).__name__, error)
    except KeyboardInterrupt:
        say("interrupted")


def make(place: str) -> None:
    try:
        with creating(place):
            pass
    except LedgerError as error:
        say(type(error).__name__, error)
    else:
        say("made")


def fail_to_write(place: str) -> None:
    """Appends while the ledger's file cannot grow, which SQLite reports as an I/O error at COMMIT. Then appends again
    when the file can grow.
    """
    with open_store(place) as store:
        size = Path(place).stat().st_size
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            store.append([DCBEvent("failed", bytes(size // 2))])
        except LedgerError as error:
            say(type(error).__name__, error)
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        say("head", store.head())
        say("appended", store.append([DCBEvent("used", b"x")]))


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


PROGRAMS: dict[str, Callable[..., None]] = {
    "write": write,
    "record": record,
    "pour": pour,
    "crash": crash,
    "use": use,
    "make": make,
    "fail-to-write": fail_to_write,
}


def main() -> None:
    PROGRAMS[sys.argv[1]](*sys.argv[2:])
