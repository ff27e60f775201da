"""No question and no rule costs more than twice as much for twice as many entries, on records made to hurt.

Work is counted in lines run, so that the tests say the same on every machine. Compared is what the acts from n to 2n
add to the work with what those from n/2 to n add: twice as much if the cost is linear, four times as much if square.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache, partial
from typing import TYPE_CHECKING, TypeVar

import pytest
from eventsourcing.dcb.api import DCBEvent
from msgspec import structs

from ledger.book import Ledger
from ledger.encoding import encode
from ledger.events.seats import PersonRegistered
from ledger.events.shape import mentions, tags_of
from ledger.names import digest, disclose
from ledger.store import MemoryStore
from ledger.values import Name
from projections.interface import OpenLedger
from tests.acts import registered
from tests.counting import lines
from tests.given import entries
from tests.growth.mixes import MIXES, acts

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.encoding import Entry
    from ledger.events import Event

Given = TypeVar("Given")

NOW, ON = datetime(2060, 1, 1, tzinfo=UTC), date(2027, 12, 31)
NAMED = Name(None, digest(disclose("Påhittad")))
LINEAR = 2.25  # twice, and a little for sorting
# Each question → how a test asks it.
QUESTIONS: dict[str, Callable[[OpenLedger], object]] = {
    "agreement": lambda book: book.agreement(on=ON),
    "council": lambda book: book.council(on=ON),
    "meetings": lambda book: book.meetings(2023, on=ON),
    "groups": lambda book: book.groups(on=ON),
    "reports": lambda book: book.reports("2024H1", on=ON),
    "officials": lambda book: book.officials(on=ON),
    "registrars": lambda book: book.registrars(on=ON),
    "activities": lambda book: book.activities(on=ON),
    "costs": lambda book: book.costs(2023, on=ON),
    "account": lambda book: book.account("sala", on=ON),
    "settlement": lambda book: book.settlement(on=ON, if_withdraws="koping"),
    "attendance": lambda book: book.attendance("2023H1", on=ON),
    "projects": lambda book: book.projects(on=ON),
    "findings": lambda book: book.findings(all_verdicts=True, on=ON),
    "explain": lambda book: book.explain("reference", on=ON),
    "deadlines": lambda book: book.deadlines(on=ON),
    "history": lambda book: book.history(),
    "diff": lambda book: book.diff(on=(date(2023, 1, 15), ON)),
    "replay": lambda book: sum(1 for _ in book.replay(on=ON)),
}
# What is not linear yet: (mix, question). A loosely known day makes a question be asked once more, on the whole record.
SQUARE = {
    *((mix, asked) for mix in MIXES if "loose" in mix for asked in (*MIXES[mix].asked, "findings", "record")),
    ("a chain of annulments", "findings"),
    ("a chain of annulments", "record"),
} - {("loose activities", "findings"), ("versions loosely proposed", "record"), ("meetings on loose days", "record")}
ASKED = [
    (mix, question) for mix in MIXES for question in ("findings", *MIXES[mix].asked) if (mix, question) not in SQUARE
]


def said(mix: str, n: int) -> list[Event]:
    """Returns the acts of a mix, and the registrations that they lack."""
    found = acts(mix, n)
    known = {event.person for event in found if isinstance(event, PersonRegistered)}
    named = {str(one.id) for event in found for one in mentions(event) if one.shape.tag == "person"}
    return [*found, *(registered(person) for person in sorted(named - known))]


@cache
def store_of(mix: str, n: int) -> MemoryStore:
    """Returns a ledger of a mix, put there as it is."""
    store = MemoryStore()
    sealed = map(_sealed, entries(said(mix, n)))
    store.append([DCBEvent(type=one.event.event_name, data=encode(one), tags=tags_of(one.event)) for one in sealed])
    return store


def _sealed(entry: Entry[Event]) -> Entry[Event]:
    if not isinstance(entry.event, PersonRegistered):
        return entry
    return structs.replace(entry, event=structs.replace(entry.event, name=NAMED))


def growth(work: Callable[[Given], object], given: Callable[[int], Given], n: int) -> float:
    """Returns by how much more the last n of 2n acts cost than the last half of n acts."""
    records = [given(number) for number in (n // 2, n, 2 * n)]
    work(records[-1])  # fills the caches of the process
    half, once, twice = (lines(partial(work, record)) for record in records)
    assert once > half, "the acts are looked at"
    return (twice - once) / (once - half)


def test_every_question_is_asked() -> None:
    methods = {name for name, of in vars(OpenLedger).items() if callable(of) and not name.startswith("_")}

    assert QUESTIONS.keys() == methods - {"close", "record"}


def asked(question: str, store: MemoryStore) -> object:
    return QUESTIONS[question](OpenLedger(store, lambda: NOW))


def recorded(acts: list[Event]) -> object:
    return Ledger(MemoryStore(), lambda: NOW).record(acts, by="tester")


@pytest.mark.parametrize(("mix", "question"), ASKED)
def test_a_question_costs_twice_for_twice_as_many(mix: str, question: str) -> None:
    assert growth(partial(asked, question), partial(store_of, mix), MIXES[mix].n) < LINEAR


@pytest.mark.parametrize("mix", [mix for mix in MIXES if (mix, "record") not in SQUARE])
def test_acts_are_judged_in_time_that_grows_with_their_number(mix: str) -> None:
    assert growth(recorded, partial(said, mix), MIXES[mix].n) < LINEAR
