"""The entries of the record, as blocks: two lines for each entry, or a row for each entry."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from ledger.messages import msg, term
from presentation.blocks import columns, entries, grid, in_role, open_, text, title, whole
from presentation.phrases import foot
from presentation.words import entry_line, fields_text, of_entries, party_text, source_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from presentation.blocks import Part, Role, Words
    from projections.history import PartOfHistory, Streamed, ToldEntry


PAGE = 500  # the number of entries that are laid out at a time


def history(answer: Streamed) -> Iterator[list[Part]]:
    """Yields the entries page by page, with annulled entries struck out, and then the last lines."""
    if not answer.last:
        yield [msg("No entries.")]
    for page in _pages(answer.entries):
        yield [entry_lines(page, len(str(answer.last)))]
    yield foot(answer.known_at, ())


def part(answer: PartOfHistory) -> list[Part]:
    """Returns some of the entries, under a title that says which of how many they are."""
    told = answer.entries
    if not told:
        return [title(_none_here(answer)), "", *foot(answer.known_at, ())]
    said = msg(
        "{count:entry|entries} in all; here are {shown}, from entry {first} to entry {last}",
        count=answer.count, shown=len(told), first=told[0].position, last=told[-1].position,
    )  # fmt: skip
    if len(told) == answer.count:
        said = msg("{count:entry|entries}", count=answer.count)
    return [title(said), entry_lines(told), *foot(answer.known_at, ())]


def _none_here(answer: PartOfHistory) -> str:
    return msg("No entries so late.") if answer.count else msg("No entries.")


def sheet(answer: Streamed) -> Iterator[list[Part]]:
    """Yields a table with a row for each entry, in which every value is whole, for a spreadsheet: first the headings,
    and then the rows page by page.
    """
    heads = (
        entries("Entry"), whole("Event"), whole("Day"), text("Fields"), whole("Organ"), whole("Decided on"),
        text("Paragraph"), text("Registration number"), whole("Document"), whole("Recorded at"), whole("By"),
        whole("Key"), entries("Annulled by"), entries("Appealed by"), whole("Signed by"), whole("Signed for"),
        whole("Binds"), whole("Known at"),
    )  # fmt: skip
    yield [columns(*heads, rows=[])]
    for page in _pages(answer.entries):
        yield [grid(_row(one, answer.known_at) for one in page)]


def _pages(entries: Iterable[ToldEntry]) -> Iterator[list[ToldEntry]]:
    """Yields entries in lists of at most `PAGE`, each read only when it is asked for."""
    rest = iter(entries)
    while page := list(islice(rest, PAGE)):
        yield page


def _row(one: ToldEntry, known_at: str) -> list[str]:
    organ = one.source["organ"]
    source = ("decided_on", "paragraph", "registration_number", "document")
    annulled_by = str(one.annulled_by or "")
    return [
        str(one.position), term("event", one.event), one.valid_on, fields_text(one),
        term("organ", organ) if organ else "", *(one.source[name] or "" for name in source),
        one.recorded_at, one.recorded_by, one.key, annulled_by, ", ".join(map(str, one.appealed_by)),
        one.signed_by or "", *(party_text(party) if party else "" for party in (one.signed_for, one.binds)), known_at,
    ]  # fmt: skip


def entry_lines(entries: Iterable[ToldEntry], width: int = 0) -> Part:
    """Returns two lines for each entry: the event with its fields, and then its source and when and by whom it was
    recorded. `width` is the least width of the positions in characters.
    """
    return grid([row for one in entries for row in entry_rows(one)], width)


def entry_rows(one: ToldEntry) -> list[tuple[str | Words, ...]]:
    """Returns the two rows of an entry: its event, struck out if annulled, and then its source."""
    role: Role = "struck" if one.annulled_by else ""
    mark = in_role("", "")
    if one.annulled_by:
        mark += in_role(msg("annulled by entry {entry}", entry=one.annulled_by) + "; ", "wrong")
    if one.appealed_by:
        mark += open_(msg("appealed, {entries}", entries=of_entries(one.appealed_by)) + "; ")
    return [
        (in_role(str(one.position), role), in_role(entry_line(one), role)),
        ("", mark + in_role(source_line(one), "quiet")),
    ]
