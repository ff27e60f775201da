"""One run of a command: its clock, its ledger, and what an error must say if the answer cannot be printed. Also parses
the moments, days, readings, ids and keys that options give.
"""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from secrets import token_hex
from threading import Timer
from typing import TYPE_CHECKING

import click

from ledger.errors import BadInput, ClockAstray, shortened
from ledger.messages import filled, marked, msg, phrase
from ledger.sweden import SWEDEN, day_of, end_of
from ledger.values import (
    EARLIEST,
    LATEST,
    PLAIN_LETTERS,
    exact_date,
    first_entries,
    half_year,
    key_problem,
    recorder_problem,
)
from presentation.words import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ledger.book import Ledger, Recorded
    from ledger.messages import Phrase

PATIENCE = 1.0  # seconds
A_DAY = timedelta(days=1)
A_LEAP = timedelta(days=366)  # a longer time between two entries suggests that a clock is wrong
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}\S*", re.ASCII)
NO_SUCH_MOMENT = marked(
    "--known-at: {moment} does not exist in Sweden: summer time began; taken as {taken}, and not as {other}"
)
TWO_SUCH_MOMENTS = marked(
    "--known-at: {moment} comes twice in Sweden: summer time ended; taken as {taken}, and not as {other}"
)


class Session:
    """One run of the program: the clock, the open ledger, and what the run has done so far."""

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        self._clock = clock or _now
        self.verbose = False
        self.asking = False  # whether a person is being asked: `patience` then prints nothing
        self.key: str | None = None  # the idempotency key of the act, once `keyed` has chosen the key
        self.unwritten: OSError | None = None  # the error from writing the answer, if writing failed
        self.answered = False  # whether an answer was printed, so that a later error prints no JSON document
        self.done = ""  # what this run has done for good, as the beginning of an error message

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


def known_at(text: str | None, today: date) -> int | datetime | None:
    """Returns what --known-at selects: a number of entries for `@N`, a moment, or the end in Sweden of a day.

    Returns None, which stands for the whole log, for None and for today, because today has not ended. Raises BadInput
    for any other text. Prints a warning for a time that the clocks of Sweden skip or repeat.
    """
    if text in {None, today.isoformat()}:
        return None
    assert text is not None, "None is all that is known"
    if _DAY.fullmatch(text[:10]):
        question_day(text[:10], today, "--known-at")
    if (head := first_entries(text)) is not None:
        return head
    try:
        if _DAY.fullmatch(text):
            return end_of(exact_date(text))
        found = datetime.fromisoformat(text if _MOMENT.fullmatch(text) else "")
    except ValueError:
        what = msg(
            "--known-at: {value} is not @12, a day such as 2023-02-27, or a moment such as 2023-02-27T12:00 or"
            " 2023-02-27T11:00Z",
            value=repr(text),
        )
        raise BadInput([(None, what)]) from None
    return found if found.tzinfo else _in_sweden(found, text)


def _in_sweden(naive: datetime, text: str) -> datetime:
    """Returns the moment at which the clocks of Sweden show a time.

    If the clocks skip or repeat the time, prints a warning that names the moment returned and the other candidate.
    """
    taken = naive.replace(tzinfo=SWEDEN)
    other = taken.replace(fold=1)
    if taken.utcoffset() != other.utcoffset():
        skipped = taken.astimezone(UTC).astimezone(SWEDEN).replace(tzinfo=None) != naive
        moments = [one.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z" for one in (taken, other)]
        message = NO_SUCH_MOMENT if skipped else TWO_SUCH_MOMENTS
        told = filled(message, {"moment": text, "taken": moments[0], "other": moments[1]})
        click.echo(f"liggare: {told}", err=True)
    return taken


def question_day(text: str | None, today: date, option: str = "--on") -> date:
    """Returns the day that an option gives, or `today` if `text` is None.

    Raises BadInput unless the day is an exact date.
    """
    try:
        return today if text is None else exact_date(text)
    except ValueError as error:
        raise BadInput([(None, f"{option}: {error}")]) from None


def days_given(text: str | None, today: date, option: str) -> tuple[date | None, date | None]:
    """Returns the first and the last day of `A..B`, of `A..`, of `..B` or of a single day.

    A day that is left out is None. Raises BadInput for any other text, and if A comes after B.
    """
    if text is None:
        return None, None
    first, dots, last = text.partition("..")
    days = [question_day(one, today, option) if one else None for one in (first, last if dots else first)]
    if not any(days):
        what = msg(
            "{option}: {value} is not A..B, as 2025-01-01..2025-01-31, A.. or ..B", option=option, value=repr(text)
        )
        raise BadInput([(None, what)])
    if days[0] and days[1] and days[0] > days[1]:
        what = msg("{option}: {first} comes after {last}", option=option, first=days[0], last=days[1])
        raise BadInput([(None, what)])
    return days[0], days[1]


def readings(given: Sequence[str]) -> dict[str, str]:
    """Returns the readings to assume, by question, from texts of the form question=reading.

    Raises BadInput, with every fault, if a text is malformed or unknown, or if a question has two readings.
    """
    from ledger.readings import reading_problem

    found: dict[str, str] = {}
    wrong = []
    for text in given:
        question, equals, reading = text.partition("=")
        if equals:
            problem = reading_problem(question, reading)
        else:
            problem = msg("{value} is not written question=reading", value=repr(text))
        if found.setdefault(question, reading) != reading:
            problem = msg(
                "{question} is read in one way at a time, not as {first} and {second}",
                question=question, first=found[question], second=reading,
            )  # fmt: skip
        wrong += [(None, f"--reading: {problem}")] if problem else []
    if wrong:
        raise BadInput(wrong)
    return found


def half_year_given(text: str) -> str:
    """Returns a half-year such as 2025H1 as it was given; raises BadInput for any other text."""
    try:
        return half_year(text)
    except ValueError as error:
        raise BadInput([(None, str(error))]) from None


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
