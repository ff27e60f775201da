"""The decorators of the commands that only read: they open the ledger, parse --on, --known-at and --reading, and print
the answer for people, as JSON or as CSV.
"""

from __future__ import annotations

from functools import wraps
from importlib import import_module
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from cli import suggestions
from cli.options import everywhere
from cli.printing import json_pieces, print_json, show, show_csv, write
from cli.session import known_at, question_day, readings
from ledger.errors import BadInput
from ledger.messages import msg, together
from presentation.json_documents import document
from presentation.words import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import date

    from cli.options import Command
    from cli.session import Session
    from ledger.book import Ledger
    from ledger.timeline import Timeline
    from presentation.blocks import Part

T = TypeVar("T")
Form = Literal["people", "json", "csv", "csv-excel"]


class Answering:
    """A ledger, and how to print answers from it. `assumed` maps each question of --reading to the assumed reading.

    A person is shown under the name that `timeline` gives for the day `on`.
    """

    def __init__(self, ledger: Ledger, timeline: Timeline, on: date, assumed: Mapping[str, str], *, form: Form) -> None:
        self.ledger, self.timeline, self.on = ledger, timeline, on
        self.assumed, self.form = assumed, form

    def names(self) -> Mapping[int, str]:
        return self.ledger.names()

    def answer(
        self,
        found: Any,
        table: str,
        as_document: Callable[[Any], dict[str, Any]] = document,
        *,
        sheet: str | None = None,
    ) -> None:
        """Prints an answer in the form that was asked for.

        `table` names the function in `presentation` that lays the answer out for people and CSV, as MODULE:FUNCTION,
        such as `seats:council`. `as_document` converts the answer to plain data for JSON. `sheet`, if given, names the
        function for CSV alone.
        """
        if self.form == "json":
            print_json(as_document(found) | self._assumptions())
            return
        from presentation.phrases import under

        with self.naming():
            parts = self._lay_out(table, sheet)(found)
        self._print([*parts, *(under(self.assumed) if self.assumed else [])])

    def _lay_out(self, table: str, sheet: str | None) -> Callable[[Any], Any]:
        """Returns the function in `presentation` that lays an answer out in the form that was asked for."""
        module, function = (table if self.form == "people" else sheet or table).split(":")
        found: Callable[[Any], Any] = getattr(import_module(f"presentation.{module}"), function)
        return found

    def _print(self, parts: Sequence[Part], *, continued: bool = False) -> None:
        if self.form == "people":
            show(*parts)
        else:
            show_csv(*parts, excel=self.form == "csv-excel", continued=continued)

    def _assumptions(self) -> dict[str, Any]:
        """Returns the last member of a JSON document, or nothing if no reading was assumed."""
        return {"assumed": self.assumed} if self.assumed else {}

    def naming(self) -> AbstractContextManager[None]:
        """Shows persons and parties within a `with` block by the names that they have on the day `on`."""
        from ledger.messages import showing
        from ledger.state.agreement import names_of_parties
        from presentation.phrases import parties, people

        named = parties(lambda: names_of_parties(self.timeline, self.on))
        return showing(people(self.timeline, self.on, self.names), named)


class Asked(Answering):
    """The input of a question: `timeline` under the assumed readings, and the day `on`.

    `recorded` is the same timeline under the recorded readings alone. `day_given` is false if `on` is today by default.
    """

    def __init__(
        self,
        ledger: Ledger,
        timeline: Timeline,
        on: date,
        assumed: Mapping[str, str],
        session: Session,
        *,
        form: Form,
        day_given: bool,
    ) -> None:
        super().__init__(ledger, timeline.under(assumed), on, assumed, form=form)
        self.session, self.recorded, self.day_given = session, timeline, day_given

    def stream(
        self, found: Any, table: str, as_document: Callable[[Any], dict[str, Any]], *, sheet: str | None = None
    ) -> None:
        """Prints an answer as `answer` does, but piece by piece, so that the whole answer is never held.

        The functions that `table` and `sheet` name yield the answer in pieces, and an iterator in the plain data of
        `as_document` is a list that is still to be read.
        """
        if self.form == "json":
            for piece in self.while_written(json_pieces(as_document(found) | self._assumptions())):
                write(piece)
                self.session.answered = True  # an error from here on must not print a document after half of this one
        else:
            self.print_pieces(self._lay_out(table, sheet)(found))

    def print_pieces(self, pieces: Iterable[list[Part]]) -> None:
        """Prints an answer for people or as CSV, each piece as soon as it is read, and under it the readings that were
        assumed.
        """
        from presentation.phrases import under

        below = [under(self.assumed)] if self.assumed else []
        with self.naming():
            for place, piece in enumerate(self.while_written(chain(pieces, below))):
                self._print(piece, continued=place > 0)

    def while_written(self, pieces: Iterable[T]) -> Iterator[T]:
        """Yields the pieces of an answer up to the first that could not be written."""
        for piece in pieces:
            yield piece
            if self.session.unwritten:
                return


def as_csv(command: Command) -> Command:
    """Adds the options --csv and --csv-excel, which print the whole answer as CSV."""
    for option in (
        click.option("--csv-excel", is_flag=True, help="As CSV for Excel: semicolons, decimal commas."),
        click.option("--csv", "csv", is_flag=True, help="As CSV, as text and tables stand; amounts in kronor."),
    ):
        command = option(command)
    return command


def _form(rest: dict[str, Any]) -> Form:
    """Returns the form of the answer, and removes the options for the form from `rest`.

    Raises BadInput if the options ask for more than one form of the answer, such as JSON and CSV.
    """
    asked: dict[Form, bool] = {
        "json": rest.pop("as_json"), "csv": rest.pop("csv"), "csv-excel": rest.pop("csv_excel"),
    }  # fmt: skip
    forms = [form for form, given in asked.items() if given]
    if len(forms) > 1:
        raise BadInput([(None, msg("give one of {options}", options=together(f"--{form}" for form in forms)))])
    return forms[0] if forms else "people"


under_readings = click.option(
    "--reading",
    "assumed",
    multiple=True,
    metavar="QUESTION=READING",
    shell_complete=suggestions.readings,
    callback=lambda _ctx, _param, given: readings(given),
    help="As if this were how the text is read; nothing is recorded.",
)


def _of_a_record(*, on: tuple[str, str], known_at: tuple[str, str]) -> Callable[[Command], Command]:
    """Returns a decorator that adds the options of every question.

    `on` and `known_at` are pairs (metavar, help text) for the options --on and --known-at.
    """

    def with_options(asked: Command) -> Command:
        asked = everywhere(click.pass_obj(asked))
        for name, (metavar, told) in (("--on", on), ("--known-at", known_at)):
            asked = click.option(name, metavar=metavar, help=told)(asked)
        return under_readings(as_csv(asked))

    return with_options


def question(command: Command) -> Command:
    """Makes a command a question about one day, as known at one moment. The command is called with an Asked and its own
    options.
    """

    @_of_a_record(
        on=("DAY", "The day asked about.  [default: today]"),
        known_at=("WHEN", "As known at @N, a moment, or the end of a day.  [default: now]"),
    )
    @wraps(command)
    def asked(session: Session, /, *, location: str, on: str | None, **rest: Any) -> None:
        form = _form(rest)
        when, day = known_at(rest.pop("known_at"), session.today()), question_day(on, session.today())
        with session.ledger(location) as ledger:
            assumed = rest.pop("assumed")
            timeline = ledger.timeline(when)
            session.log(msg("read {entries:entry|entries} of {ledger}", entries=timeline.head, ledger=location))
            command(Asked(ledger, timeline, day, assumed, session, form=form, day_given=on is not None), **rest)

    return asked


class Two(Answering):
    """The two timelines and two days to compare: one timeline on two days, or two timelines on one day."""

    def __init__(
        self, ledger: Ledger, sides: list[Timeline], days: list[date], assumed: Mapping[str, str], *, form: Form
    ) -> None:
        super().__init__(ledger, sides[1], days[1], assumed, form=form)
        (self.earlier, self.later), (self.first, self.last) = sides, days


def two(command: Command) -> Command:
    """Makes a command a comparison, in which either --on or --known-at is a pair A..B. The command is called with a Two
    and its own options.

    In a pair, an empty side and `now` mean today for --on, and the whole log for --known-at.
    """

    @_of_a_record(
        on=("A..B|DAY", "On day A and on day B, as 2024-01-01..now.  [default: today]"),
        known_at=("A..B|WHEN", "As known at A and at B, as @40..now.  [default: now]"),
    )
    @wraps(command)
    def compared(session: Session, /, *, location: str, on: str | None, **rest: Any) -> None:
        form = _form(rest)
        days, moments = (on or "").split(".."), (rest.pop("known_at") or "").split("..")
        if {len(days), len(moments)} != {1, 2}:
            raise BadInput([(None, msg("give either --on A..B or --known-at A..B: two days, or two moments"))])
        with session.ledger(location) as ledger:
            assumed = rest.pop("assumed")
            sides = [
                ledger.timeline(known_at(_or_now(one), session.today())).under(assumed)
                for one in (moments[0], moments[-1])
            ]
            if sides[0].head > sides[1].head:
                raise BadInput([(None, msg("--known-at: @{first} comes after @{last}", first=sides[0].head,
                                           last=sides[1].head))])  # fmt: skip
            session.log(msg("read {entries:entry|entries} of {ledger}", entries=sides[1].head, ledger=location))
            pair = [question_day(_or_now(one), session.today()) for one in (days[0], days[-1])]
            if pair[0] > pair[1]:
                raise BadInput([(None, msg("--on: {first} comes after {last}", first=pair[0], last=pair[1]))])
            command(Two(ledger, sides, pair, assumed, form=form), **rest)

    return compared


def _or_now(text: str) -> str | None:
    """Returns one side of a pair A..B, or None if the side is empty or `now`."""
    return None if text in {"", "now"} else text


def warn(what: str) -> None:
    """Prints a warning about a question on stderr; the answer follows as usual."""
    click.echo(f"liggare: {visible(what)}", err=True)


def warn_of_nothing_about(asked: Asked, subject: str | None, *, found: bool) -> None:
    """Warns that the record holds nothing about the subject that a question was narrowed to, unless something was
    `found`.
    """
    from projections.findings import is_known

    if subject is not None and not found and not is_known(asked.timeline, asked.on, subject):
        warn(msg("nothing in the record on {on} is about {subject}", on=asked.on, subject=subject))


def refuse_unknown(problem: str | None) -> None:
    """Raises BadInput with `problem`, which says what is wrong with the options that narrow a question, if there is a
    problem.
    """
    if problem is not None:
        raise BadInput([(None, problem)])
