"""Generates years under the agreement, each with some 280 acts of the kinds and in the proportions of a real year."""

from __future__ import annotations

from itertools import chain, count, islice
from typing import TYPE_CHECKING

from tests.acts import TERMS, act, board, called, held, in_force, registered, seated, vacated, vice_chair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.events import Event

PARTIES = [*TERMS.municipalities(), "region"]
MEETINGS = ("02-10", "04-10", "06-10", "08-20", "10-10", "12-01")


def acts(number: int, *, loose_each: int = 0) -> list[Event]:
    """Returns the first `number` acts of these years, which begin with 2023. Every `loose_each`th act that vacates a
    seat has a loose day.
    """
    return list(islice(chain(in_force("2023-01-01"), _years(loose_each)), number))


def _years(loose_each: int) -> Iterator[Event]:
    leavings = count(1)
    for year in count(2023):
        if (year - 2023) % 4 == 0:
            yield from _term(year)
        else:
            for party in ("sala", "koping"):
                place = next(leavings)
                loose = loose_each and place % loose_each == 0
                yield vacated(_person(year - 1, party, 2), f"{year}-01" if loose else f"{year}-01-15")
                yield registered(_person(year, party, 2))
                until = f"{(year - 2023) // 4 * 4 + 2027}-01-01"
                yield seated(_person(year, party, 2), party, "opposition-leader", f"{year}-02-01", until=until)
        for number, day in enumerate(MEETINGS, 1):
            yield from _meeting(year, f"m{year}-{number}", day)
        yield from _groups(year)
        yield from _money(year)


def _person(year: int, party: str, place: int) -> str:
    """Returns the id of the person who holds a seat in a year. The opposition leaders of two municipalities change
    every year; all other members change with the term.
    """
    since = year if party in {"sala", "koping"} and place == 2 else (year - 2023) // 4 * 4 + 2023
    return f"{party}-{place}-{since}"


def _term(year: int) -> Iterator[Event]:
    yield board(f"{year}-01-01")
    for party in TERMS.municipalities():
        for place, seat in enumerate(("executive-chair", "opposition-leader"), 1):
            yield registered(_person(year, party, place))
            yield seated(_person(year, party, place), party, seat, f"{year}-01-01")
    for place, seat in enumerate(
        ("board-chair", "board-presidium", "board-presidium", "board-party", "board-party"), 1
    ):
        yield registered(_person(year, "region", place))
        bloc = "opposition" if place == 3 else "majority"
        yield seated(_person(year, "region", place), "region", seat, f"{year}-01-01", bloc=bloc)
    yield vice_chair(_person(year, "region", 3), "region-vice-chair", f"{year}-01-01")
    yield vice_chair(_person(year, "arboga", 1), "first-vice-chair", f"{year}-01-01")
    yield vice_chair(_person(year, "arboga", 2), "municipal-vice-chair", f"{year}-01-01")


def _meeting(year: int, meeting: str, day: str) -> Iterator[Event]:
    chair, adjuster = _person(year, "region", 1), _person(year, "sala", 1)
    on = f"{year}-{day}"
    present = [_person(year, party, place) for party in TERMS.municipalities() for place in (1, 2)]
    yield called(meeting, f"{year}-01-02", on, by=chair)
    yield held(meeting, on, chaired_by=chair, adjuster=adjuster, present=[chair, *present])
    for item in range(1, 6):
        yield act("item-handled", on, meeting=meeting, item=item, outcome="noted")
    for number in (1, 2):
        made = f"{meeting}-r{number}"
        yield act("recommendation-made", on, recommendation=made, meeting=meeting, item=number, text="Gör så",
                  addressees=PARTIES, consensus=True)  # fmt: skip
        for party in PARTIES:
            yield act("recommendation-answered", f"{year}-12-20", organ="executive-board", recommendation=made,
                      party=party, answer="accepted")  # fmt: skip
    yield act("minutes-signed", on, meeting=meeting, by=chair)
    yield act("minutes-adjusted", on, meeting=meeting, by=adjuster)
    yield act("minutes-dispatched", on, meeting=meeting, to=PARTIES)


def _groups(year: int) -> Iterator[Event]:
    group = f"g{year}"
    yield act("group-created", f"{year}-03-01", group=group, name="Grupp", kind="temporary", meeting=f"m{year}-1")
    for party in PARTIES:
        yield act("group-member-appointed", f"{year}-03-01", group=group, person=_person(year, party, 1), party=party)
    for half in ("H1", "H2"):
        yield act("group-met", f"{year}-05-01", group=group, present=[_person(year, "sala", 1)])
        yield act("group-reported", f"{year}-06-15", group=group, half_year=f"{year}{half}", summary="Bra")
    yield act("group-closed", f"{year}-12-31", group=group, meeting=f"m{year}-6")


def _money(year: int) -> Iterator[Event]:
    towns = TERMS.municipalities()
    yield act("population-published", f"{year}-02-21", counted_on=f"{year - 1}-12-31", figures=dict.fromkeys(towns, 9))
    yield act("index-published", f"{year}-02-15", series="LPIK", reference_year=year, percent="2.9", kind="forecast")
    for number in (1, 2):
        yield act("instalment-claimed", f"{year}-01-10", organ="official", year=year, instalment=number,
                  amounts=dict.fromkeys(towns, 1), level=10, counted_on=f"{year - 1}-12-31")  # fmt: skip
        for party in towns:
            yield act(
                "payment-made", f"{year}-02-01", organ="official", party=party, year=year, instalment=number, amount=1
            )
