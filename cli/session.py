"""What a command works with: the ledger's place, the clock, who records, and how moments and days are given."""

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
from ledger.sweden import SWEDEN, day_of, end_of
from ledger.values import EARLIEST, LATEST, exact_date, half_year
from presentation.words import filled, marked, msg, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ledger.book import Ledger, Recorded

PATIENCE = 1.0  # seconds
A_DAY = timedelta(days=1)
A_LEAP = timedelta(days=366)  # from one entry to the next: hardly ever so long, where anything is recorded at all
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}\S*", re.ASCII)
_ACTOR = re.compile(r"[a-z0-9-]{1,64}")
_PLAIN_LETTERS = str.maketrans("åäöÅÄÖ", "aaoaao")
_KEY = re.compile(r"[!-~]{1,200}")
NO_SUCH_MOMENT = marked(
    "--known-at: {moment} does not exist in Sweden: summer time began; taken as {taken}, and not as {other}"
)
TWO_SUCH_MOMENTS = marked(
    "--known-at: {moment} comes twice in Sweden: summer time ended; taken as {taken}, and not as {other}"
)


class Session:
    """One run of the program."""

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        self._clock = clock or _now
        self.verbose = False
        self.asking = False  # a person is being asked: nothing else is told
        self.key: str | None = None  # what the act is recorded under, once that is known
        self.unwritten: OSError | None = None  # what came of writing an answer that could not be written
        self.answered = False  # what was done is told, and why the rest was not is an error that comes after it
        self.done = ""  # what stands from now on, whether the answer can be written or not; a sentence's beginning

    def clock(self) -> datetime:
        """The moment that it is; ClockAstray where the clock stands outside the years that the ledger knows."""
        now = self._clock()
        if not EARLIEST.year < now.year < LATEST.year:
            raise ClockAstray(now)
        return now

    def today(self) -> date:
        """Today in Sweden."""
        return day_of(self.clock())

    def day_of_act(self, given: str | None, ledger: Ledger, key: str | None) -> str:
        """The day of an act: as given; else, where its key is known, the day that it was recorded with, so that it may
        be given again on a later day; else today.
        """
        before = ledger.first_under(key) if given is None and key is not None else None
        return given or (before.valid_on.text if before else self.today().isoformat())

    def astray(self, recorded_at: str, now: datetime | None = None) -> list[str]:
        """That the clock stands more than a day before the last entry of a ledger, as a warning; else none."""
        ahead = datetime.fromisoformat(recorded_at) - (now or self.clock()) if recorded_at else timedelta()
        if ahead <= A_DAY:
            return []
        found = msg(
            "the last entry was recorded at {at}Z, {days:day|days} ahead of this computer's clock: that clock, or the"
            " one it was recorded by, is wrong",
            at=recorded_at[:19], days=ahead.days,
        )  # fmt: skip
        click.echo(f"liggare: {found}", err=True)
        return [found]

    def log(self, what: str) -> None:
        """Says on stderr what is done, if that was asked for."""
        if self.verbose:
            self._warn(what)

    def _warn(self, what: str) -> None:
        from cli.places import place

        click.echo(f"liggare: {visible(shortened(place(what)))}", err=True)

    def keyed(self, key: str | None) -> str:
        """The key that an act is recorded under, a random one if none is given. By it one may try again."""
        self.key = key or token_hex(16)
        return self.key

    def can_ask(self) -> bool:
        """Whether a person sits there who can be asked."""
        return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()

    def stands(self, recorded: Recorded | None) -> None:
        """Keeps in mind what is recorded, for when something fails afterwards, or the answer cannot be written."""
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
        """The ledger at a place, closed afterwards."""
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
        """Tells a person, once, that it takes more than a second."""

        def told() -> None:
            if not self.asking:
                click.echo(f"liggare: {msg('working, this takes a while …')}", err=True)

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
    """An answer that cannot be written is told at the end: the command goes on to its own exit code."""
    try:
        yield
    except OSError as error:
        if context := click.get_current_context(silent=True):
            context.ensure_object(Session).unwritten = error


def _now() -> datetime:
    return datetime.now(UTC)


def known_at(text: str | None, today: date) -> int | datetime | None:
    """`@N`, a moment, or a day (its end in Sweden); BadInput otherwise. None, all that is known, also for today: a day
    that has begun has no end yet. An hour that the clock skips or repeats is told, with the moment taken.
    """
    if text in {None, today.isoformat()}:
        return None
    assert text is not None, "None is all that is known"
    if _DAY.fullmatch(text[:10]):
        question_day(text[:10], today, "--known-at")
    if re.fullmatch(r"@\d{1,15}", text, re.ASCII):
        return int(text[1:])
    try:
        if _DAY.fullmatch(text):
            return end_of(exact_date(text))
        found = datetime.fromisoformat(text if _MOMENT.fullmatch(text) else "")
    except ValueError:
        forms = "@12, a day such as 2023-02-27, or a moment such as 2023-02-27T12:00 or 2023-02-27T11:00Z"
        raise BadInput([(None, f"--known-at: {text!r} is not {forms}")]) from None
    return found if found.tzinfo else _in_sweden(found, text)


def _in_sweden(naive: datetime, text: str) -> datetime:
    """A moment by the clocks of Sweden; what is no single moment there is told, with the one taken."""
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
    """The day a question is asked about; BadInput unless it is exact."""
    try:
        return today if text is None else exact_date(text)
    except ValueError as error:
        raise BadInput([(None, f"{option}: {error}")]) from None


def days_given(text: str | None, today: date, option: str) -> tuple[date | None, date | None]:
    """From which day to which, of A..B, or one day alone; None where A or B is left out. BadInput otherwise."""
    if text is None:
        return None, None
    first, dots, last = text.partition("..")
    days = [question_day(one, today, option) if one else None for one in (first, last if dots else first)]
    if not any(days):
        raise BadInput([(None, f"{option}: {text!r} is not A..B, as 2025-01-01..2025-01-31, A.. or ..B")])
    if days[0] and days[1] and days[0] > days[1]:
        raise BadInput([(None, f"{option}: {first} comes after {last}")])
    return days[0], days[1]


def readings(given: Sequence[str]) -> dict[str, str]:
    """The readings that a question is asked under, each written question=reading; BadInput with all that do not fit."""
    from ledger.readings import reading_problem

    found: dict[str, str] = {}
    wrong = []
    for text in given:
        question, equals, reading = text.partition("=")
        problem = reading_problem(question, reading) if equals else f"{text!r} is not written question=reading"
        if found.setdefault(question, reading) != reading:
            problem = f"{question} is read in one way at a time, not as {found[question]} and {reading}"
        wrong += [(None, f"--reading: {problem}")] if problem else []
    if wrong:
        raise BadInput(wrong)
    return found


def half_year_given(text: str) -> str:
    """Returns a half-year as given; raises BadInput unless it is one, such as 2025H1."""
    try:
        return half_year(text)
    except ValueError as error:
        raise BadInput([(None, str(error))]) from None


def actor(given: str | None) -> str:
    """Who records, as given: å, ä and ö as a, a and o. Empty when nothing is: then whoever recorded entry 1. BadInput
    when it is no short id.
    """
    plain = (given or "").translate(_PLAIN_LETTERS)
    if given is not None and not _ACTOR.fullmatch(plain):
        raise BadInput([(None, f"--as: {given!r} is not a short id of small letters (a to z), digits and hyphens")])
    return plain


def key_text(given: str | None) -> str | None:
    """An idempotency key as given; BadInput unless it is one word."""
    if given is not None and not _KEY.fullmatch(given):
        raise BadInput([(None, f"--key: {given!r} is not 1 to 200 letters (a to z), digits and signs, without spaces")])
    return given
