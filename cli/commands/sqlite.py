"""`liggare sqlite FILE`: the ledger as an SQLite database with both times, with metadata.json for Datasette."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from cli.helping import METAVAR
from cli.new_files import refuse_taken, write_file
from cli.options import everywhere
from cli.printing import print_json
from cli.suggestions import files
from ledger.errors import BadInput
from ledger.messages import msg, term
from ledger.state.agreement import proposals
from presentation.program import program_version
from presentation.words import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cli.session import Session
    from exchange.sqlite import Source
    from ledger.book import Ledger

EVERY = 0.5  # seconds between two lines of progress
NO_NAMES: Mapping[int, str] = {}


@click.command()
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path), shell_complete=files)
@click.option("--metadata", "beside", type=click.Path(path_type=Path), metavar="FILE", shell_complete=files,
              help="Write what Datasette shows there.  [default: metadata.json beside FILE]")  # fmt: skip
@click.option("--public", is_flag=True, help="Leave out the names of persons.")
@everywhere
@click.pass_obj
def sqlite(
    session: Session, /, *, target: Path, beside: Path | None, public: bool, location: str, as_json: bool
) -> None:
    """Writes the ledger as an SQLite database to ask with SQL.

    A table for each kind of fact: on which days it is so (valid_from, valid_to), at which positions of the log the
    record says so (known_from, known_to), and the entry it rests on. Beside it, metadata.json describes the tables to
    Datasette, with queries that take a day (:on) and a moment (:known_at). No file is overwritten.

    A day that is known loosely is taken at its latest; valid_from_first and valid_to_first hold the earliest.

    \b
    Example:  liggare sqlite council.db
              liggare sqlite --public open/council.db
              datasette council.db --metadata metadata.json
    """
    from exchange.datasette import metadata
    from exchange.sqlite import write
    from ledger.store.files import appearing

    described = target.parent / "metadata.json" if beside is None else beside
    refuse_taken(term(METAVAR, "FILE"), target)
    refuse_taken("--metadata", described)
    if described.absolute() == target.absolute():
        raise BadInput([(None, msg("--metadata: {file} is the name of the database", file=str(described)))])
    with session.ledger(location) as ledger:
        source = _source(ledger, public=public)
        session.log(msg("writing {file}", file=str(target)))
        with (
            _gone_if_it_fails(described) as write_beside,
            appearing(target.absolute(), ledger.store.permissions, ledger.store.home) as building,
        ):
            counts = write(building, source, _progress(source.whole.head))
            known = proposals(source.whole)
            title = known[max(known)].event.title if known else None
            write_beside(metadata(target.stem, title, source.whole.head))
    session.done = msg("{place} is made", place=str(target))
    if as_json:
        print_json({"file": str(target), "metadata": str(described), "entries": source.whole.head, "tables": counts})
        return
    file, beside = visible(str(target)), Path(visible(str(described)))
    click.echo(msg("{file} holds the first {size:entry|entries}, in {rows:row|rows} of {tables:table|tables}",
                   file=file, size=source.whole.head, rows=sum(counts.values()), tables=len(counts)))  # fmt: skip
    click.echo(msg("ask it with: datasette {file} --metadata {metadata}", file=file, metadata=str(beside)))


@contextmanager
def _gone_if_it_fails(file: Path) -> Iterator[Callable[[bytes], None]]:
    """Yields a function that writes a new file, which is removed if the block fails after that."""
    written = False

    def write(data: bytes) -> None:
        nonlocal written
        write_file(file, data)
        written = True

    try:
        yield write
    except BaseException:
        if written:
            file.unlink(missing_ok=True)
        raise


def _source(ledger: Ledger, *, public: bool) -> Source:
    from exchange.sqlite import Source

    whole = ledger.timeline()
    about = {
        "ledger": ledger.store.ledger_id,
        "checkpoint": next(reversed(ledger.store.checkpoints()), None),
        "version": program_version(),
        "names": "left-out" if public else "kept",
    }
    names = NO_NAMES if public else ledger.names()
    return Source(whole, ledger.store.data(0, whole.head), names, about)


def _progress(head: int) -> Callable[[int], None]:
    """Returns a function that tells on a terminal, at intervals, how many entries have been looked at."""
    said = monotonic()

    def told(read: int) -> None:
        nonlocal said
        if monotonic() - said > EVERY and sys.stderr.isatty():
            said = monotonic()
            far = msg("read {read} of {head:entry|entries} …", read=read, head=head)
            click.echo(f"\rliggare: {far}", err=True, nl=False)

    return told
