"""A list of members: each row is a person and, if it tells one, the seat that the person takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exchange import cells
from exchange.headings import VACANT
from exchange.lists import MOST_TOLD, SEAT, Reading, day_after
from ledger.messages import msg
from ledger.values import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exchange.columns import Read
    from exchange.lists import Chosen, Texts
    from exchange.naming import Naming
    from exchange.tables import Row
    from ledger.events import Event

OF_A_PERSON = ("name", "first_name", "last_name")


class Members(Reading):
    """Reads the rows of a list of members.

    Who is registered already is not registered again. A new person without an id gets the next free number, which
    carries no name: an id stays in the log for ever, and a name may have to be erased.
    """

    def __init__(self, chosen: Chosen, naming: Naming) -> None:
        super().__init__(chosen, naming)
        at = next((one.at for one in self.found.columns if one.field == "person"), None)
        given = (
            {cells.text_of(row.cells[at]) for row in chosen.sheet.rows() if at < len(row.cells)}
            if at is not None
            else set()
        )
        self.ids = naming.free_ids(given)
        self.before = {*naming.names_of}
        self.new: list[tuple[str, str]] = []
        self.rows_of: dict[str, int] = {}  # person without an id → the row

    def _lacking(self) -> Iterator[str]:
        yield from super()._lacking()
        if not any(map(self.found.has, ("name", "last_name", "person"))):
            yield msg("a column is missing: {heading}", heading=quoted("Namn"))

    def said(self, column: Read, cell: Any, row: Row) -> list[str]:
        """Returns what a cell says, as texts of the option of its column."""
        if column.field == "person":
            return [cells.text_of(cell)]
        if column.field in OF_A_PERSON:
            return [_in_order(cells.tidied(cells.text_of(cell)))]
        if column.field == "deputy_for":
            raise ValueError(msg("the body has no deputies: leave the row out"))
        return super().said(column, cell, row)

    def events(self, row: Row, texts: Texts) -> list[Event]:
        """Returns the registration of a person who is not registered, and the appointment to the seat, if any."""
        common: Texts = {one: texts[one] for one in ("on", "organ", "decided_on", "paragraph", "dnr") if one in texts}
        person, name = self._who(row, texts)
        seat = {field: texts[field] for field in SEAT if field in texts}
        if "last_day" in seat:
            if "until" in seat:
                raise ValueError(msg("the row gives both the last day and the first day without: give one of them"))
            seat["until"] = [day_after(seat.pop("last_day")[0])]
        found = []
        if person not in self.naming.names_of or (not seat and person in self.before):
            registered = {"organ": ["secretariat"], "person": [person], "name": [name]}
            found.append(
                self.parsed("person-registered", registered | {one: texts[one] for one in ("on",) if one in texts})
            )
            self.naming.register(person, name)
        if seat:
            found.append(self.parsed("member-appointed", {**common, **seat, "person": [person]}))
        return found

    def _who(self, row: Row, texts: Texts) -> tuple[str, str]:
        """Returns the id and the name of the person of a row. Raises ValueError where they do not fit the ledger."""
        name = texts.get("name", [""])[0] or " ".join(texts[one][0] for one in OF_A_PERSON[1:] if one in texts)
        if name.casefold() in VACANT:
            raise ValueError(msg("{name} is nobody's name: leave the row out", name=quoted(name)))
        person = texts.get("person", [""])[0]
        if person:
            kept = self.naming.names_of.get(person)
            if not name and kept is None:
                raise ValueError(msg("the row gives no name"))
            if name and kept and person not in self.naming.named(name):
                what = msg("{person} is {kept} in the ledger, not {name}: record a change of name by itself",
                           person=person, kept=quoted(kept), name=quoted(name))  # fmt: skip
                raise ValueError(what)
            return person, kept or name
        if not name:
            raise ValueError(msg("the row gives no name"))
        return self._by_name(row, name), name

    def _by_name(self, row: Row, name: str) -> str:
        """Returns the id of the person of a name, or a new one."""
        found = self.naming.named(name)
        if found:
            person = self.naming.person(name)
            other = self.rows_of.setdefault(person, row.number)
            if other != row.number:
                what = msg("row {row} has {name}, too: give the ids, so that it is told whether they are the same",
                           row=other, name=quoted(name))  # fmt: skip
                raise ValueError(what)
            return person
        person = next(self.ids)
        self.rows_of[person] = row.number
        self.new.append((person, name))
        return person

    def read(self) -> Iterator[str]:
        """Yields how the list was read, and the ids of new persons."""
        yield from super().read()
        for person, name in self.new[:MOST_TOLD]:
            yield msg("{name} is new, and gets the id {person}", name=name, person=person)
        if len(self.new) > MOST_TOLD:
            yield msg("and {persons:more person|more persons} who are new", persons=len(self.new) - MOST_TOLD)


def _in_order(name: str) -> str:
    """Returns a name with the given name first: `Exempel, Anna` is Anna Exempel."""
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma and "," not in first else name
