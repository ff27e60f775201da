"""Tables of what happened and stays so: a row for each event, or for each member of one of its lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from exchange.bitemporal.facts import PARTY, Column, Fact, Row
from ledger.encoding import own_fields
from ledger.events import EVENTS
from ledger.events.shape import fields_of
from ledger.messages import marked
from ledger.state.record import KEPT_OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exchange.bitemporal.facts import Standing, Value
    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.events.shape import Field
    from ledger.timeline import Timeline

TYPES = {"integer": "INTEGER", "boolean": "INTEGER"}
RENAMED = {"entry": "of_entry", "group": "group_id", "to": "to_party"}  # fields whose names SQL or our columns have
REFERENCES = ("person", "party", "meeting", "group", "recommendation", "project")


class Happened(NamedTuple):
    """A table of an event. With `each`, a row is a member of that field, a map, whose columns are (`key`, `value`)."""

    name: str
    event: str
    about: str
    each: str = ""
    key: Column = Column("")
    value: Column = Column("")


TABLES = (
    Happened("payments", "payment-made", marked("Payments, from the day the money reached the payee. "
             "`to_party` NULL: to the Region. Amounts are in öre.")),
    Happened("costs_borne", "cost-borne", marked("Costs that a party bore outside the level, in öre.")),
    Happened("project_funding", "project-funded", marked("Grants and decisions on extra financing, in öre.")),
    Happened("cost_level_decisions", "cost-level-set", marked("Decisions on the level of a year, in öre.")),
    Happened("index_figures", "index-published", marked("Index figures, as they were published.")),
    Happened("indexations", "indexation-agreed", marked("Raises of the level that were agreed on.")),
    Happened("population", "population-published", marked("Population figures, as they were published."), "figures",
             PARTY, Column("inhabitants", "INTEGER")),
    Happened("settlement_shares", "settlement-agreed", marked("What each party finally bears, as agreed, in öre."),
             "shares", PARTY, Column("amount", "INTEGER")),
    Happened("board_compositions", "board-composed", marked("The seats of the regional executive board."), "seats",
             Column("political_party"), Column("seats", "INTEGER")),
    Happened("recommendations", "recommendation-made", marked("Recommendations of the body.")),
    Happened("group_reports", "group-reported", marked("Reports of the groups, as they were received.")),
    Happened("group_recommendations", "group-recommended", marked("Recommendations of the groups.")),
    Happened("group_meetings", "group-met", marked("Meetings of the groups.")),
    Happened("meeting_requests", "meeting-requested", marked("Requests for a meeting.")),
    Happened("reservations", "reservation-entered", marked("Reservations against what a meeting decided.")),
    Happened("activities", "activity-held", marked("Activities that were held.")),
    Happened("proposals_prepared", "proposal-prepared", marked("Proposals that the management group prepared.")),
    Happened("appeals", "appeal-lodged", marked("Appeals against decisions.")),
    Happened("appeals_dismissed", "appeal-dismissed",
             marked("Appeals that a court dismissed, so that the decision stands.")),
    Happened("annulments", "entry-annulled", marked("Annulments. What is annulled was never so.")),
    Happened("registrars", "registrar-authorised", marked("Authorisations to record.")),
    Happened("registrars_released", "registrar-released", marked("Registrars who no longer record.")),
    Happened("papers", "paper-issued", marked("Papers that were issued.")),
    Happened("disposals", "personal-data-disposed", marked("Disposals of names.")),
)  # fmt: skip


def columns(table: Happened) -> tuple[Column, ...]:
    """Returns the columns of a table: the fields of its event but what is kept outside the log, a list as JSON."""
    found = []
    for field in _kept(table):
        if field.name == table.each:
            found += [table.key, table.value]
        else:
            of = field.shape.tag if field.shape.tag in REFERENCES and not field.shape.weak else ""
            found.append(Column(RENAMED.get(field.name, field.name), _type(field), field.shape.meaning, of))
    return tuple(found)


def _type(field: Field) -> str:
    numbers = bool(field.shape.choices) and all(isinstance(one, int) for one in field.shape.choices)
    return "INTEGER" if numbers else TYPES.get(field.shape.kind, "TEXT")


def _kept(table: Happened) -> tuple[Field, ...]:
    event = EVENTS[table.event]
    return tuple(one for one in fields_of(event) if one.name != KEPT_OUTSIDE.get(event))


def rows(whole: Timeline, table: Happened, stands: Standing) -> Iterator[Row]:
    """Yields the rows of a table. `stands` is what `facts.standing` returns.

    Entries are streamed, so that a table of any length needs little memory.
    """
    fields = _kept(table)
    for entry in whole.passing(EVENTS[table.event]):
        on = entry.event.valid_on
        for known_from, known_to in stands.get(entry.position, ((entry.position, None),)):
            for values in _values(table, fields, entry):
                yield Row(Fact(values, on.last, None, entry.position), on.first, None, known_from, known_to)


def _values(table: Happened, fields: tuple[Field, ...], entry: Entry[Event]) -> Iterator[tuple[Value, ...]]:
    said = own_fields(entry.event)
    if not table.each:
        yield tuple(_plain(said.get(one.name)) for one in fields)
        return
    for key, value in said[table.each].items():
        found: list[Value] = []
        for one in fields:
            found += [key, value] if one.name == table.each else [_plain(said.get(one.name))]
        yield tuple(found)


def _plain(value: Any) -> Value:
    if isinstance(value, bool):
        return int(value)
    if value is None or isinstance(value, str | int):
        return value
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
