"""A list says the same in every format, and imported in one format after another, nothing of it counts twice."""

from __future__ import annotations

import json
from datetime import date
from functools import cache, partial
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.arriving import arrived
from ledger.errors import Refused
from recording.event_lines import parse_lines
from recording.sorting import NothingNew, Sorting
from tests.domain.books import ledger
from tests.exchange.sheets import csv, ods, xlsx

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.book import Ledger
    from ledger.events import Event
    from ledger.timeline import Timeline
    from recording.line_faults import Lines

    Row = tuple[Any, ...]

PARTIES = {"sala": "Sala kommun", "koping": "Köping", "vasteras": "västerås stad", "norberg": "1962"}
SEATS = {"executive-chair": "Kommunstyrelsens ordförande", "opposition-leader": "oppositionsledare"}
PAYMENTS = ("Datum", "Kommun", "Belopp", "År", "Inbetalning", "Referens")
MEMBERS = ("Id", "Namn", "Kommun", "Plats", "Parti", "Fr.o.m.")
SAVED: dict[str, Callable[[list[Row]], bytes]] = {
    "cp1252.csv": lambda rows: csv(rows, "cp1252"),
    "utf8.csv": csv,
    "unicode.csv": lambda rows: csv(rows, "utf-16", "\t"),
    "a.xlsx": xlsx,
    "from_1904.xlsx": lambda rows: xlsx([("Lista",), (), *rows], date_1904=True),
    "a.ods": ods,
}
DAYS = st.dates(date(2023, 1, 1), date(2026, 12, 31))
REFERENCES = st.text("ÅÄÖåäö 0123456789-/;,\"'=+@", max_size=12).map(lambda text: " ".join(text.split()))
PAID = st.lists(
    st.tuples(DAYS, st.sampled_from(sorted(PARTIES)), st.integers(1, 10**12), st.integers(2023, 2026),
              st.sampled_from([1, 2]), REFERENCES),
    min_size=1, max_size=6,
)  # fmt: skip
NAMES = st.text("abcåäöéÅÄÖ -", min_size=3, max_size=20).map(lambda text: " ".join(["P", *text.split()]))
SEATED = st.lists(
    st.tuples(NAMES, st.sampled_from(sorted(PARTIES)), st.sampled_from(sorted(SEATS)), DAYS),
    min_size=1, max_size=6, unique_by=(lambda one: one[0].casefold(), lambda one: one[1:3]),
)  # fmt: skip


@cache
def book() -> Ledger:
    """Returns a ledger that is only read."""
    return ledger()


def read(name: str, data: bytes, kind: str, event: str | None = None) -> list[Event]:
    return [one for _, one in arrived(data, name, kind, event, book()).incoming.lines]


def payments(paid: list[Row]) -> list[Row]:
    return [PAYMENTS, *((on, PARTIES[party], ore / 100, *rest) for on, party, ore, *rest in paid)]


def members(seated: list[Row]) -> list[Row]:
    rows = enumerate(seated)
    return [
        MEMBERS,
        *((f"q{n}", name, PARTIES[party], SEATS[seat], "Ekpartiet", on) for n, (name, party, seat, on) in rows),
    ]


def line(event: str, on: date, organ: str, **fields: Any) -> str:
    return json.dumps({"event": event, "valid_on": on.isoformat(), "source": {"organ": organ}, **fields})


def paid_lines(paid: list[Row]) -> bytes:
    return "\n".join(
        line("payment-made", on, "official", party=party, amount=ore, year=year, instalment=half,
             **({"reference": text} if text else {}))
        for on, party, ore, year, half, text in paid
    ).encode()  # fmt: skip


def seated_lines(seated: list[Row]) -> bytes:
    return "\n".join(
        text
        for n, (name, party, seat, on) in enumerate(seated)
        for text in (
            line("person-registered", on, "secretariat", person=f"q{n}", name=name),
            line("member-appointed", on, "assembly", person=f"q{n}", party=party, seat=seat,
                 political_party="Ekpartiet"),
        )
    ).encode()  # fmt: skip


def under_fields(paid: list[Row]) -> bytes:
    heading = ("on", "organ", "party", "amount", "year", "instalment", "reference")
    return csv([heading, *((on, "official", *rest) for on, *rest in paid)], "utf-8")


@given(PAID)
@settings(max_examples=25)
def test_payments_are_the_same_events_in_every_format(paid: list[Row]) -> None:
    said = [one for _, one in parse_lines(paid_lines(paid))]

    assert read("own.csv", under_fields(paid), "", "payment-made") == said
    for name, save in SAVED.items():
        assert read(name, save(payments(paid)), "payments") == said, name


@given(SEATED)
@settings(max_examples=25)
def test_members_are_the_same_events_in_every_format(seated: list[Row]) -> None:
    said = [one for _, one in parse_lines(seated_lines(seated))]

    for name, save in SAVED.items():
        assert read(name, save(members(seated)), "members") == said, name


FEW_PAID = [
    (date(2023, 1, 30), "sala", 123456, 2023, 1, "OCR 1"),
    (date(2023, 1, 30), "sala", 123456, 2023, 1, "OCR 1"),
    (date(2023, 2, 1), "koping", 500000, 2023, 1, ""),
]
FEW_SEATED = [("Prov Åsnes", "sala", "executive-chair", date(2023, 1, 1)),
              ("Testa Öhman", "koping", "opposition-leader", date(2023, 1, 1))]  # fmt: skip


def table(data: bytes, kind: str, event: str | None, to: Ledger) -> Callable[[Timeline], Lines]:
    return arrived(data, "a", kind, event, to).lines


def reads(kind: str) -> dict[str, Callable[[Ledger], Lines | Callable[[Timeline], Lines]]]:
    """Returns what reads the one list of payments, or of members, in each format."""
    if kind == "payments":
        rows, lines = payments(FEW_PAID), paid_lines(FEW_PAID)
        also = partial(table, under_fields(FEW_PAID), "", "payment-made")
    else:  # without ids: who they are is told by their names
        rows, lines = members(FEW_SEATED), seated_lines(FEW_SEATED)
        also = partial(table, xlsx([row[1:] for row in rows]), kind, None)
    saved = {name: partial(table, save(rows), kind, None) for name, save in SAVED.items()}
    return {"a.jsonl": lambda _: parse_lines(lines), "also": also, **saved}


@pytest.mark.parametrize("kind", ["payments", "members"])
def test_in_one_format_after_another_nothing_counts_twice(kind: str) -> None:
    every = reads(kind)
    for first, second in permutations(every, 2):
        at = ledger()
        at.record(Sorting(at, every[first](at), replaced_on=None, again=False).acts, by="t", key="first")
        before = at.store.head()
        # Who was told by name, and got an id, cannot have the same seat under the other id that a file has.
        with pytest.raises(Refused if (kind, first) == ("members", "also") else NothingNew):
            at.record(Sorting(at, every[second](at), replaced_on=None, again=False).acts, by="t", key="second")
        assert at.store.head() == before, (first, second)
