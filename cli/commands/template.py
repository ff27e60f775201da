"""`liggare template EVENT|members|payments -o FILE.xlsx`: an empty workbook to fill in and import."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from cli.addressed import in_its_language
from cli.new_files import refuse_taken, write_file
from cli.options import everywhere
from cli.printing import print_json
from cli.suggestions import files, of_a_template
from exchange.headings import LISTS
from ledger.errors import BadInput, LedgerMissing
from ledger.events import EVENTS
from ledger.messages import msg
from presentation.words import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.session import Session
    from ledger.book import Ledger


@click.command()
@click.argument("of", metavar="EVENT|LIST", shell_complete=of_a_template)
@click.option("--out", "-o", type=click.Path(path_type=Path), required=True, metavar="FILE", shell_complete=files,
              help="Write the workbook to a new file, whose name ends in .xlsx.")  # fmt: skip
@everywhere
@click.pass_obj
def template(session: Session, /, *, of: str, out: Path, location: str, as_json: bool) -> None:
    """Writes an empty workbook to fill in and import.

    It has a heading for each field, with a note that says what it means, and choices from the ledger: parties, persons
    by name, political parties, seats, organs. `members` is a list of persons with their seats, `payments` one of
    payments. It is in Swedish unless --lang says otherwise.

    \b
    Example:  liggare template payments -o betalningar.xlsx
              liggare template meeting-held -o sammanträden.xlsx
              liggare import betalningar.xlsx --kind payments --dry-run
    """
    from exchange.template import is_of_a_table
    from exchange.template import template as made
    from recording.choices import Known

    if of not in LISTS and of not in EVENTS:
        raise BadInput([(None, msg("there is no event {event}; `liggare events` lists them", event=repr(of)))])
    if of in EVENTS and not is_of_a_table(of):
        raise BadInput([(None, msg("{event} is not read from a table: a command of its own records it", event=of))])
    if out.suffix.lower() != ".xlsx":
        raise BadInput([(None, msg("--out: the name of a workbook ends in .xlsx"))])
    refuse_taken("--out", out)
    with _ledger(session, location) as ledger:
        known = Known(ledger.timeline(), ledger.names()) if ledger else None
        data = in_its_language(lambda: made(of, known, session.today()))
    write_file(out, data)
    session.done = msg("{file} is written", file=str(out))
    if as_json:
        print_json({"of": of, "file": str(out), "size": len(data)})
    else:
        click.echo(visible(session.done))


@contextmanager
def _ledger(session: Session, location: str) -> Iterator[Ledger | None]:
    """Yields the ledger, or None where there is none and nobody named one."""
    with ExitStack() as stack:
        ledger: Ledger | None = None
        try:
            ledger = stack.enter_context(session.ledger(location))
        except LedgerMissing:
            if click.get_current_context().get_parameter_source("location") is not ParameterSource.DEFAULT:
                raise
        yield ledger
