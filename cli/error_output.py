"""Errors as lines for people and as documents for programs, and the exit code of each. Only this module maps errors to
exit codes.
"""

from __future__ import annotations

import shlex
import traceback
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.helping import METAVAR
from cli.places import command, place, places_in, written
from cli.printing import print_json
from ledger.errors import (
    MOST_TOLD,
    BadInput,
    Contended,
    Damaged,
    LedgerError,
    OutcomeUnknown,
    Refused,
    Tampered,
    Unusable,
    shortened,
)
from ledger.messages import cause, grouped, msg, showing, term
from presentation.json_documents import finding_document
from presentation.phrases import called, parties
from presentation.words import refusal, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cli.session import Session
    from ledger.rules.finding import Finding

EXIT_CODES: tuple[tuple[type[LedgerError], int], ...] = (
    (Refused, 1),
    (BadInput, 2),
    (Contended, 3),
    (Damaged, 4),
    (OutcomeUnknown, 5),
    (Unusable, 6),
)
OUR_FAULT = 70  # EX_SOFTWARE in sysexits.h
LONGEST_VALUE, LONGEST_PATH = 80, 400  # the greatest length, in characters, of a value and of a path in an error
MANY_ALIKE, FIRST_ALIKE = 10, 5  # of more than 10 refusals of one kind, only the first 5 are printed
LONGEST_LINE = 1_000  # the greatest length, in characters, of a line of an error


def report(error: Exception, args: Sequence[str], session: Session) -> int:
    """Prints an error, one line for each reason on stderr, and returns the exit code.

    With --json, also prints a document on stdout unless an answer has been printed already.
    """
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return 2
    if isinstance(error, click.UsageError):
        error = BadInput([(None, _usage(error, args))])
    if isinstance(error, OSError):  # an error of a file; an error of stdout is handled where answers are written
        error = Unusable(msg("{file} cannot be used: {error}", file=str(error.filename), error=cause(error)))
    if isinstance(error, LedgerError):
        code = next(code for kind, code in EXIT_CODES if isinstance(error, kind))
        lines, document = _told(error, args, session)
        if session.done:  # the act itself succeeded, and a later step failed
            lines[0] = msg("{done}, but {failed}", done=session.done, failed=lines[0])
            document = _errors(lines)
    else:
        code, lines = OUR_FAULT, _ours(error, verbose=session.verbose)
        document = _errors(lines)
    if "--json" in args and not session.answered:
        with suppress(OSError):  # an unwritable stdout is reported when the program ends
            print_json(document)
    for line in lines:
        shown = visible(line)
        if len(line) <= LONGEST_LINE:  # only a command to try again is longer, which is told whole
            shown = shortened(shown, LONGEST_LINE)
        click.echo(f"liggare: {shown}", err=True)
    return code


def _cut(text: str, args: Sequence[str]) -> str:
    """Returns a text with every line cut to `LONGEST_LINE`, and with long values from the command line cut short.

    A path is cut only above `LONGEST_PATH` characters, because a longer part of a path helps to recognise the file. A
    value or path that is too long is cut to `LONGEST_VALUE` characters.
    """
    for value in dict.fromkeys(places_in(args)):
        if len(value) > (LONGEST_PATH if "/" in value else LONGEST_VALUE):
            for form in written(value):
                text = text.replace(form, f"{form[:LONGEST_VALUE]}…")
    return "\n".join(shortened(line, LONGEST_LINE) for line in text.split("\n"))


def _told(error: LedgerError, args: Sequence[str], session: Session) -> tuple[list[str], object]:
    if isinstance(error, Refused):
        placed = [(found, error.places.get(found.entries[0]) if found.entries else None) for found in error.findings]
        refused = [{**finding_document(found), "line": line} for found, line in placed]
        with showing(called(error.people), parties(lambda: error.parties)):
            lines = [*_refusals(placed)]
        more = len(lines) - MOST_TOLD
        lines[MOST_TOLD:] = [msg("and {more:grouped} more", more=more)] if more > 0 else []
        return [*lines, *error.said.splitlines()], {"refused": refused, **error.more}
    if isinstance(error, BadInput):
        told = [(line, _cut(place(what, args), args)) for line, what in error.errors]
        lines = [what if line is None else msg("line {line}: {what}", line=line, what=what) for line, what in told]
        return lines, {"errors": [{"line": line, "what": what} for line, what in told]}
    said = error.afterwards if session.done else str(error)
    several = error.whats if isinstance(error, Tampered) and said == str(error) else (said,)
    lines = [_cut(place(one, args), args) for one in several]
    if isinstance(error, OutcomeUnknown) and session.key:
        keyed = [*args] if any(arg.partition("=")[0] == "--key" for arg in args) else [*args, "--key", session.key]
        again = shlex.join(command(keyed))
        lines.append(msg("to try again and record it once: liggare {command}", command=again))
    return lines, _errors(lines)


def _refusals(placed: Sequence[tuple[Finding, int | None]]) -> Iterator[str]:
    """Yields a line for each reason of a refusal. Of many reasons of one kind, yields the first few and then the number
    of the others.
    """
    kinds = Counter((found.provision, found.message) for found, line in placed if line is None)
    told: Counter[tuple[str, str]] = Counter()
    for found, line in placed:
        kind = found.provision, found.message
        told[kind] += line is None
        if line is not None or kinds[kind] <= MANY_ALIKE or told[kind] <= FIRST_ALIKE:
            yield refusal(found, line)
        if line is None and kinds[kind] > MANY_ALIKE and told[kind] == FIRST_ALIKE:
            yield msg(
                "{provision}: and {more} more like these; --json lists all",
                provision=found.provision, more=grouped(kinds[kind] - FIRST_ALIKE),
            )  # fmt: skip


def _errors(lines: list[str]) -> object:
    return {"errors": [{"line": None, "what": line} for line in lines]}


def _usage(error: click.UsageError, args: Sequence[str]) -> str:
    if isinstance(error, click.BadParameter) and error.param and error.param_hint is None:
        argument = error.param.param_type_name == "argument"
        if argument and isinstance(error.param.type, click.Choice):  # click would show the choices twice
            error.param_hint = f"'{term(METAVAR, str(error.param.name).upper())}'"
    what = _cut(" ".join(_cut(place(error.format_message(), args), args).split()), args)
    path = error.ctx.command_path if error.ctx else "liggare"
    return msg("{what} See `{command} --help`.", what=what, command=path)


def _ours(error: Exception, *, verbose: bool) -> list[str]:
    """Returns the lines for a fault of this program, without the text of the exception, which may hold a
    person's name.
    """
    frames = traceback.extract_tb(error.__traceback__)
    told = msg(
        "a fault of this program ({error} in {file}, line {line}); --verbose shows where it happened. Please report it",
        error=type(error).__name__, file=Path(frames[-1].filename).name, line=frames[-1].lineno,
    )  # fmt: skip
    calls = [msg("{file}, line {line}: {code}", file=one.filename, line=one.lineno, code=one.line) for one in frames]
    return [told, *calls] if verbose else [told]
