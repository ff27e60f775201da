"""What went wrong, in lines for people and documents for programs, and its exit code: the one place for both."""

from __future__ import annotations

import shlex
import traceback
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

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
    Unusable,
    grouped,
    shortened,
)
from presentation.json_documents import finding_document
from presentation.phrases import called
from presentation.words import msg, refusal, showing, visible

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
OUR_FAULT = 70  # sysexits.h: EX_SOFTWARE
LONGEST_VALUE, LONGEST_PATH = 80, 400  # signs of a given value that an error quotes
MANY_ALIKE, FIRST_ALIKE = 10, 5  # of more refusals of one kind than these, so many are told
LONGEST_LINE = 1_000  # signs of an error, which may quote many values, or a part of one


def report(error: Exception, args: Sequence[str], session: Session) -> int:
    """Tells of an error, a line a reason on stderr, and returns the exit code."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return 2
    if isinstance(error, click.UsageError):
        error = BadInput([(None, _usage(error, args))])
    if isinstance(error, OSError):  # of a file; that of the answer is told where it is written
        error = Unusable(msg("{file} cannot be used: {error}", file=str(error.filename), error=str(error.strerror)))
    if isinstance(error, LedgerError):
        code = next(code for kind, code in EXIT_CODES if isinstance(error, kind))
        lines, document = _told(error, args, session)
        if session.done:  # and what came after it failed
            failed = lines[0].replace("; nothing was recorded", "")
            lines[0] = msg("{done}, but {failed}", done=session.done, failed=failed)
            document = _errors(lines)
    else:
        code, lines = OUR_FAULT, _ours(error, verbose=session.verbose)
        document = _errors(lines)
    if "--json" in args and not session.answered:
        with suppress(OSError):  # told when the rest of the answer is written
            print_json(document)
    for line in lines:
        click.echo(f"liggare: {visible(line)}", err=True)
    return code


def _cut(text: str, args: Sequence[str]) -> str:
    """Text in which no line goes on for long, and no value that was given: a path as far as it may help, any other 80
    signs.
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
        with showing(called(error.people)):
            lines = [*_refusals(placed)]
        more = len(lines) - MOST_TOLD
        lines[MOST_TOLD:] = [msg("and {more} more", more=grouped(more))] if more > 0 else []
        return [*lines, *error.said.splitlines()], {"refused": refused, **error.more}
    if isinstance(error, BadInput):
        errors = [{"line": line, "what": _cut(place(what, args), args)} for line, what in error.errors]
        return _cut(place(str(error), args), args).splitlines(), {"errors": errors}
    lines = _cut(place(str(error), args), args).splitlines()
    if isinstance(error, OutcomeUnknown) and session.key:
        keyed = [*args] if any(arg.partition("=")[0] == "--key" for arg in args) else [*args, "--key", session.key]
        again = shlex.join(command(keyed))
        lines.append(msg("the same again, recorded once: liggare {command}", command=again))
    return lines, _errors(lines)


def _refusals(placed: Sequence[tuple[Finding, int | None]]) -> Iterator[str]:
    """A line a reason; of many reasons of one kind, as those that rest on what is annulled, the first and how many."""
    kinds = Counter((found.provision, found.message) for found, line in placed if line is None)
    told: Counter[tuple[str, str]] = Counter()
    for found, line in placed:
        kind = found.provision, found.message
        told[kind] += line is None
        if line is not None or kinds[kind] <= MANY_ALIKE or told[kind] <= FIRST_ALIKE:
            yield refusal(found, line)
        if line is None and kinds[kind] > MANY_ALIKE and told[kind] == FIRST_ALIKE:
            yield msg(
                "{provision}: and {more} more like these; --json has all",
                provision=found.provision, more=grouped(kinds[kind] - FIRST_ALIKE),
            )  # fmt: skip


def _errors(lines: list[str]) -> object:
    return {"errors": [{"line": None, "what": line} for line in lines]}


def _usage(error: click.UsageError, args: Sequence[str]) -> str:
    what = _cut(" ".join(_cut(place(error.format_message(), args), args).split()), args)
    path = error.ctx.command_path if error.ctx else "liggare"
    return msg("{what} See `{command} --help`.", what=what, command=path)


def _ours(error: Exception, *, verbose: bool) -> list[str]:
    """No text of the error itself: it may hold a name."""
    frames = traceback.extract_tb(error.__traceback__)
    last = f"{type(error).__name__} in {Path(frames[-1].filename).name}, line {frames[-1].lineno}"
    told = f"a fault of this program ({last}); --verbose shows how it came there. Please report it"
    return [told, *(f"{one.filename}, line {one.lineno}: {one.line}" for one in frames)] if verbose else [told]
