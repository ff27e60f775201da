"""A file that is imported, whatever its format: what it holds, as events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exchange.formats import is_from_bank
from exchange.incoming import Arrival, Incoming
from exchange.naming import Naming
from ledger.errors import BadInput
from ledger.messages import msg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exchange.tables import Tables
    from ledger.book import Ledger
    from ledger.timeline import Timeline


def arrived(
    data: bytes, name: str, kind: str, event: str | None, ledger: Ledger, *, accounts: Sequence[str] = ()
) -> Arrival:
    """Returns what a file holds that is a table, or from a bank. `kind` is "" where nobody said it, and `event` the
    event of `--csv`; `accounts` are the Region's accounts. Raises BadInput with every fault.
    """
    if kind == "camt" or (not kind and event is None and is_from_bank(data)):
        from exchange.camt import parse_camt

        return Arrival("camt", lambda timeline: parse_camt(data, timeline, accounts), ledger.timeline())
    if accounts:
        raise BadInput([(None, msg("--account is for a file of a bank, and {file} is none", file=name))])
    from exchange.formats import read_tables
    from exchange.lists import Reading, choose
    from exchange.members import Members

    if event is not None and (read := _under_fields(data, event)) is not None:
        return Arrival(event, lambda _: read, ledger.timeline())
    tables = read_tables(data)
    chosen = choose(tables, event or kind or _told_by_headings(tables, name))
    rows = Members if chosen.kind == "members" else Reading

    def read_for(timeline: Timeline) -> Incoming:
        return rows(chosen, Naming(timeline, ledger.names())).incoming()

    return Arrival(chosen.kind, read_for, ledger.timeline())


def csv_missing(name: str) -> str:
    """Returns the sentence about CSV of which nobody says what its rows are."""
    return msg("--csv is missing: {file} is a table; give the event of its rows: --csv payment-made", file=name)


def _told_by_headings(tables: Tables, name: str) -> str:
    """Returns the one list whose headings a file has. Raises BadInput if it may be another table, and for CSV under
    the names of fields, whose amounts may be in öre: its event is to be said.
    """
    from exchange.headings import EVENT_OF
    from exchange.lists import choose, kinds_of
    from exchange.tables import is_blank
    from recording.cells import is_field

    if all(is_blank(row) for sheet in tables.sheets for row in sheet.first):
        raise BadInput([(None, msg("there is nothing to record: no line holds an event"))])
    found = kinds_of(tables)
    if len(found) == 1:
        columns = choose(tables, found[0]).found.columns
        if tables.typed or not all(is_field(one.heading, EVENT_OF[found[0]]) for one in columns):
            return found[0]
    if tables.typed:
        what = msg(
            "{file} is a table: say what its rows are, by --kind payments, --kind members or --csv EVENT", file=name
        )
    else:
        what = csv_missing(name)
    raise BadInput([(None, what)])


def _under_fields(data: bytes, event: str) -> Incoming | None:
    """Returns what CSV holds whose headings are the names of fields, or None if it is another table.

    CSV with no heading that is known is read so, too, for the sake of what is told of it.
    """
    from exchange.columns import columns_of, described, headed
    from exchange.formats import is_text
    from exchange.separated import encoding_of, how_read, read_separated, separator_of
    from recording.cells import is_field, parse_rows

    if not is_text(data):
        return None
    encoding = encoding_of(data)
    if (separator := separator_of(data, encoding)) == "\t":
        return None
    try:
        sheet = read_separated(data).sheets[0]
    except BadInput:  # told by what reads it below
        found = None
    else:
        found = headed(sheet, columns_of(event), typed=False)
    if found and not all(is_field(one.heading, event) for one in found.columns):
        return None
    lines = parse_rows(data if encoding.startswith("utf-8") else data.decode(encoding).encode(), event)
    summary = msg("{rows:row|rows} under the names of fields", rows=len(lines))
    told = described(found, event) if found else ()
    return Incoming(lines, (summary, *how_read(encoding, separator), *told), plain=True)
