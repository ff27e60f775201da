"""The decorators of the commands that only read: they open the ledger, parse --on, --known-at and --reading, and print
the answer for people, as JSON or as CSV, or write it to a workbook.
"""

from __future__ import annotations

from functools import wraps
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

import click

from cli import suggestions
from cli.new_files import refuse_taken, write_file
from cli.options import everywhere
from cli.printing import print_json, show, show_csv, write, write_csv
from cli.session import writing_answer
from ledger.errors import BadInput
from ledger.messages import msg, together
from presentation.parameters import known_at, question_day, readings
from presentation.render.csv import written
from presentation.render.json import json_pieces
from presentation.words import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import date

    from cli.options import Command
    from cli.session import Session
    from ledger.book import Ledger
    from ledger.timeline import Timeline
    from presentation.asking import Answer, Asking
    from presentation.blocks import Part

T = TypeVar("T")
Form = Literal["people", "json", "csv", "csv-excel", "xlsx"]


class Shape(NamedTuple):
    """The form of an answer, and the new file that it is written to, if it is a workbook."""

    form: Form
    file: Path | None = None


class Answering:
    """How answers from a ledger are printed, or kept, if the session keeps them. `assumed` maps each question of
    --reading to the assumed reading.

    A person is shown under the name of the day asked about.
    """

    before: Asking | None = None  # the first side of a comparison

    def __init__(self, asking: Asking, session: Session, *, shape: Shape) -> None:
        self.asking, self.session, self.form, self.file = asking, session, shape.form, shape.file
        self.timeline, self.on, self.assumed = asking.timeline, asking.on, asking.assumed

    def answer(self, answer: Answer) -> None:
        """Prints an answer in the form that was asked for."""
        if self.session.kept is not None:
            self.session.kept.answers.append((self.asking, answer))
            return
        if self.file is not None:
            self._write(answer, self.file)
            return
        if self.form == "json":
            for document in answer.documents(self.assumed):
                print_json(document)
            return
        if answer.rows and self.form != "people":
            write_csv(written(answer.as_rows(), excel=self.form == "csv-excel"))
            return
        with self.naming():
            parts = [*chain.from_iterable(answer.pieces(self.assumed, sheet=self.form != "people"))]
        self._print(parts)

    def _print(self, parts: Sequence[Part], *, continued: bool = False) -> None:
        if self.form == "people":
            show(*parts)
        else:
            show_csv(*parts, excel=self.form == "csv-excel", continued=continued)

    def _write(self, answer: Answer, file: Path) -> None:
        """Writes an answer to a new workbook, and says so."""
        from cli.asked import words_of
        from exchange.answers import as_workbook

        question = f"liggare {words_of(click.get_current_context())}"
        write_file(file, as_workbook(self.asking, answer, question, before=self.before))
        self.session.done = msg("{file} is written", file=str(file))
        with writing_answer():
            click.echo(visible(self.session.done))

    def naming(self) -> AbstractContextManager[None]:
        """Shows persons and parties within a `with` block by the names that they have on the day asked about."""
        from presentation.phrases import naming

        return naming(self.timeline, self.on, self.asking.names)


class Asked(Answering):
    """A question about one day, as known at one moment. `day_given` is false if the day is today by default."""

    def __init__(self, ledger: Ledger, asking: Asking, session: Session, *, shape: Shape, day_given: bool) -> None:
        super().__init__(asking, session, shape=shape)
        self.ledger, self.day_given = ledger, day_given

    def stream(self, answer: Answer) -> None:
        """Prints a streamed answer as `answer` does, but piece by piece, so that the whole answer is never held."""
        if self.session.kept is not None or self.file is not None:
            self.answer(answer)
            return
        if self.form == "json":
            for piece in self.while_written(chain.from_iterable(map(json_pieces, answer.documents(self.assumed)))):
                write(piece)
                self.session.answered = True  # an error from here on must not print a document after half of this one
            return
        with self.naming():
            pieces = answer.pieces(self.assumed, sheet=self.form != "people")
            for place, parts in enumerate(self.while_written(pieces)):
                self._print(parts, continued=place > 0)

    def while_written(self, pieces: Iterable[T]) -> Iterator[T]:
        """Yields the pieces of an answer up to the first that could not be written."""
        for piece in pieces:
            yield piece
            if self.session.unwritten:
                return


def as_csv(command: Command) -> Command:
    """Adds the options --csv and --csv-excel, which print the whole answer as CSV, and --xlsx, which writes it."""
    for option in (
        click.option(
            "--xlsx",
            type=click.Path(path_type=Path),
            metavar="FILE",
            shell_complete=suggestions.files,
            help="Write the answer to a new Excel workbook, sums as formulas.",
        ),
        click.option("--csv-excel", is_flag=True, help="As CSV for Excel: semicolons, decimal commas."),
        click.option("--csv", "csv", is_flag=True, help="As CSV, as text and tables stand; amounts in kronor."),
    ):
        command = option(command)
    return command


def _shape(rest: dict[str, Any]) -> Shape:
    """Returns the form of the answer, and removes the options for the form from `rest`.

    Raises BadInput if the options ask for more than one form of the answer, such as JSON and CSV, and for a file that
    is no new one.
    """
    file: Path | None = rest.pop("xlsx")
    asked: dict[Form, bool] = {
        "json": rest.pop("as_json"), "csv": rest.pop("csv"), "csv-excel": rest.pop("csv_excel"),
        "xlsx": file is not None,
    }  # fmt: skip
    forms = [form for form, given in asked.items() if given]
    if len(forms) > 1:
        raise BadInput([(None, msg("give one of {options}", options=together(f"--{form}" for form in forms)))])
    if file is not None:
        if file.suffix.lower() != ".xlsx":
            raise BadInput([(None, msg("--xlsx: the name of a workbook ends in .xlsx"))])
        refuse_taken("--xlsx", file)
    return Shape(forms[0] if forms else "people", file)


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
        shape = _shape(rest)
        when = known_at(rest.pop("known_at"), session.today(), _warning(session))
        day = question_day(on, session.today())
        with session.ledger(location) as ledger:
            timeline = ledger.timeline(when)
            session.log(msg("read {entries:entry|entries} of {ledger}", entries=timeline.head, ledger=location))
            asking = asking_of(ledger, timeline, day, rest.pop("assumed"), _warning(session))
            command(Asked(ledger, asking, session, shape=shape, day_given=on is not None), **rest)

    return asked


def _warning(session: Session) -> Callable[[str], None]:
    """Returns the function that is called with each sentence that must stand beside the answer."""
    return warn if session.kept is None else session.kept.warnings.append


def asking_of(
    ledger: Ledger, timeline: Timeline, on: date, assumed: Mapping[str, str], warn: Callable[[str], None]
) -> Asking:
    """Returns the input of a question to a timeline of a ledger, on a day and under assumed readings."""
    from presentation.asking import Asking

    return Asking(
        timeline=timeline.under(assumed), recorded=timeline, on=on, names=ledger.names, assumed=assumed, warn=warn
    )


class Two(Answering):
    """A comparison of two sides: one timeline on two days, or two timelines on one day."""

    def __init__(self, sides: tuple[Asking, Asking], session: Session, *, shape: Shape) -> None:
        super().__init__(sides[1], session, shape=shape)
        self.sides, self.before = sides, sides[0]


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
        shape = _shape(rest)
        days, moments = (on or "").split(".."), (rest.pop("known_at") or "").split("..")
        if {len(days), len(moments)} != {1, 2}:
            raise BadInput([(None, msg("give either --on A..B or --known-at A..B: two days, or two moments"))])
        with session.ledger(location) as ledger:
            assumed = rest.pop("assumed")
            first, last = (
                asking_of(
                    ledger,
                    ledger.timeline(known_at(_or_now(moment), session.today(), _warning(session))),
                    question_day(_or_now(day), session.today()),
                    assumed,
                    _warning(session),
                )
                for day, moment in ((days[0], moments[0]), (days[-1], moments[-1]))
            )
            session.log(msg("read {entries:entry|entries} of {ledger}", entries=last.timeline.head, ledger=location))
            command(Two((first, last), session, shape=shape), **rest)

    return compared


def _or_now(text: str) -> str | None:
    """Returns one side of a pair A..B, or None if the side is empty or `now`."""
    return None if text in {"", "now"} else text


def warn_of_inexact(entries: Sequence[int]) -> None:
    """Warns of the entries whose inexact days could change what stands in a file that was written, if there are any."""
    if entries:
        warn(msg("the days of {entries:?entry|entries} {entries} are not known exactly, and could change what stands in"
                 " the file", entries=tuple(entries)))  # fmt: skip


def warn(what: str) -> None:
    """Prints a warning about a question on stderr; the answer follows as usual."""
    click.echo(f"liggare: {visible(what)}", err=True)
