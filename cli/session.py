"""One run of a command: its clock, its ledger, and what an error must say if the answer cannot be printed. Also parses
the moments, days, readings, ids and keys that options give.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from secrets import token_hex
from threading import Timer
from typing import TYPE_CHECKING, NamedTuple

import click

from ledger.errors import BadInput, ClockAstray, shortened
from ledger.messages import msg, phrase
from ledger.sweden import day_of
from ledger.values import (
    EARLIEST,
    LATEST,
    PLAIN_LETTERS,
    key_problem,
    recorder_problem,
)
from presentation.words import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ledger.book import Ledger, Recorded, Signing
    from ledger.messages import Phrase
    from presentation.asking import Answer, Asking

PATIENCE = 1.0  # seconds
A_DAY = timedelta(days=1)
A_LEAP = timedelta(days=366)  # a longer time between two entries suggests that a clock is wrong


class Kept(NamedTuple):
    """The answers of a question that are not printed, each with its input, and the sentences that stand beside them."""

    answers: list[tuple[Asking, Answer]]
    warnings: list[str]


class Session:
    """One run of the program: the clock, the open ledger, and what the run has done so far."""

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        self._clock = clock or _now
        self.verbose = False
        self.asking = False  # whether a person is being asked: `patience` then prints nothing
        self.key: str | None = None  # the idempotency key of the act, once `keyed` has chosen the key
        self.sign_with: Path | None = None  # the OpenSSH key with which the acts are signed
        self.unwritten: OSError | None = None  # the error from writing the answer, if writing failed
        self.answered = False  # whether an answer was printed, so that a later error prints no JSON document
        self.done = ""  # what this run has done for good, as the beginning of an error message
        self.kept: Kept | None = None  # where answers are kept, if they are not to be printed

    def clock(self) -> datetime:
        """Returns the current moment.

        Raises ClockAstray unless the year lies strictly between those of EARLIEST and LATEST (1900 and 2199).
        """
        now = self._clock()
        if not EARLIEST.year < now.year < LATEST.year:
            raise ClockAstray(now)
        return now

    def today(self) -> date:
        """Returns the current day in Sweden."""
        return day_of(self.clock())

    def day_of_act(self, given: str | None, ledger: Ledger, key: str | None) -> str:
        """Returns the valid day of an act as text: the day given, or else today in Sweden.

        If no day is given and `key` has recorded an act, returns the day of that act, so that a retry on a later day is
        the same act.
        """
        if given is not None:
            return given
        before = ledger.first_under(key) if key is not None else None
        return before.valid_on.text if before else self.today().isoformat()

    def astray(self, recorded_at: str, now: datetime | None = None) -> list[Phrase]:
        """Prints a warning on stderr if the time of a ledger's last entry is more than a day ahead of the clock.

        Returns the warning in a list, or an empty list. `recorded_at` is the last entry's time, or "" if the ledger has
        no entries; `now` replaces the clock.
        """
        ahead = datetime.fromisoformat(recorded_at) - (now or self.clock()) if recorded_at else timedelta()
        if ahead <= A_DAY:
            return []
        found = phrase(
            "the last entry was recorded at {at:second}Z, {days:day|days} ahead of this computer's clock: that clock,"
            " or the one it was recorded by, is wrong",
            at=recorded_at, days=ahead.days,
        )  # fmt: skip
        click.echo(f"liggare: {found.shown()}", err=True)
        return [found]

    def log(self, what: str) -> None:
        """Prints a log line on stderr if --verbose was given."""
        if self.verbose:
            self._warn(what)

    def _warn(self, what: str) -> None:
        from cli.places import place

        click.echo(f"liggare: {visible(shortened(place(what)))}", err=True)

    def keyed(self, key: str | None) -> str:
        """Returns the idempotency key of an act, random if no key is given, and keeps the key for messages.

        A retry with the same key records the act only once.
        """
        self.key = key or token_hex(16)
        return self.key

    def signing(self, by: str) -> Signing | None:
        """Returns the signing of acts by the registrar `by`, or None if no key was given to sign with.

        Raises BadInput if a key was given and no registrar.
        """
        if self.sign_with is None:
            return None
        if not by:
            raise BadInput([(None, msg("--sign-with: say who signs, with --as REGISTRAR"))])
        from cli.signing import signing_with

        return signing_with(self.sign_with, by)

    def can_ask(self) -> bool:
        """Returns whether a person can be asked: stdin and stderr are both terminals."""
        return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()

    def stands(self, recorded: Recorded | None) -> None:
        """Keeps a sentence about the recorded entries in `done`, for the error message if a later step fails."""
        if recorded:
            first, last = recorded.entries[0].position, recorded.entries[-1].position
            if first == last:
                self.done = msg("recorded as entry {entry} under key {key}", entry=first, key=str(self.key))
            else:
                self.done = msg(
                    "recorded as entries {first} to {last} under key {key}", first=first, last=last, key=str(self.key)
                )

    @contextmanager
    def ledger(self, location: str) -> Iterator[Ledger]:
        """Yields the ledger at a place, and closes the ledger's store afterwards."""
        from ledger.book import Ledger
        from ledger.store import open_store

        with self.patience():
            store = open_store(location)
            ledger = Ledger(store, self.clock)
            try:
                if store.follows:
                    self._warn(
                        msg(
                            "{ledger} is a standby: it answers from what it holds, and may lack the latest",
                            ledger=location,
                        )
                    )
                yield ledger
            finally:
                self.stands(ledger.recorded)
                store.close()

    @contextmanager
    def patience(self) -> Iterator[None]:
        """Prints a notice on stderr, once, if the body of the `with` block takes more than PATIENCE seconds.

        Prints nothing if stderr is not a terminal, or while a person is being asked.
        """
        notice = f"liggare: {msg('working, this takes a while …')}"  # the timer's thread has no language

        def told() -> None:
            if not self.asking:
                click.echo(notice, err=True)

        timer = Timer(PATIENCE, told)
        timer.daemon = True
        if sys.stderr.isatty():
            timer.start()
        try:
            yield
        finally:
            timer.cancel()


@contextmanager
def writing_answer() -> Iterator[None]:
    """Catches an OSError from printing the answer, and keeps the error in the session's `unwritten`.

    The command runs on to its own exit code; `program.run` reports the error at the end.
    """
    try:
        yield
    except OSError as error:
        if context := click.get_current_context(silent=True):
            context.ensure_object(Session).unwritten = error


def _now() -> datetime:
    return datetime.now(UTC)


def actor(given: str | None, before: str = "--as: ") -> str:
    """Returns the id of whoever records, with å, ä and ö written as a, a and o.

    Returns "", which stands for the id that recorded entry 1, if no id is given. Raises BadInput, in which `before`
    says what gave the id, for a malformed id.
    """
    plain = (given or "").translate(PLAIN_LETTERS)
    if given is not None and recorder_problem(plain):
        raise BadInput([(None, f"{before}{recorder_problem(given)}")])
    return plain


def key_text(given: str | None) -> str | None:
    """Returns an idempotency key as it was given.

    Raises BadInput unless the key is 1 to 200 printable ASCII characters without spaces.
    """
    if given is not None and (problem := key_problem(given)):
        raise BadInput([(None, f"--key: {problem}")])
    return given
