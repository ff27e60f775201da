"""Records made to hurt: each is a body at work and `n` acts of a kind that once cost more, the more there were."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from tests.acts import (
    TERMS,
    act,
    adopted,
    annulled,
    board,
    called,
    changed,
    events,
    expert,
    fixed,
    full_body,
    held,
    in_force,
    presidium,
    proposed,
    reading,
    registered,
    rejected,
    released,
    revoked,
    seated,
    vacated,
    vice_chair,
    withdrew,
)  # fmt: skip
from tests.given_money import (
    TEN,
    borne,
    claimed,
    commitment,
    financed,
    index,
    level_set,
    paid,
    population,
    project,
    raise_agreed,
)  # fmt: skip
from tests.given_money import released as commitment_released
from tests.given_officials import activity, left_office, management_group, proposal, took
from tests.given_working import (
    adjusted,
    advised,
    answered,
    assigned,
    cancelled,
    closed,
    created,
    dispatched,
    duty_moved,
    handled,
    joined,
    left,
    members,
    moved,
    recommended,
    relieved,
    reported,
    requested,
    reserved,
    reshaped,
    signed,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ledger.events import Event
    from tests.acts import Acts

FIRST = "2023-01-01"
BODY: list[Acts] = [in_force(FIRST), full_body(FIRST), presidium(FIRST), board(FIRST), management_group(FIRST)]


def day(place: int, *, since: str = "2023-02-01", each: int = 1) -> str:
    """Returns the day `place` times `each` days after `since`."""
    return str(date.fromisoformat(since) + timedelta(days=place * each))


def month(place: int) -> str:
    """Returns the month `place` months after January 2023."""
    return f"{2023 + place // 12}-{place % 12 + 1:02}"


def payments(n: int, days: Callable[[int], str]) -> Iterator[Event]:
    for place in range(n):
        yield paid(days(place), TEN[place % len(TEN)], 100 + place, 2023, 1)


def of_one_party(n: int) -> Iterator[Event]:
    yield claimed("2023-01-10", 2023, 1, dict.fromkeys(TEN, 1_000_000))
    for place in range(n):
        yield paid(day(place % 700), "sala", 100 + place, 2023, 1)


def refunds(n: int) -> Iterator[Event]:
    for place in range(n):
        yield paid(day(place % 700), "sala", 100 + place, 2023, 1)
        yield paid(day(place % 700), "region", 50 + place, to="sala", purpose="refund")


def costs_borne(n: int) -> Iterator[Event]:
    for place in range(n):
        yield borne(day(place % 700), "archive", "region", 100 + place)


def activities(n: int, days: Callable[[int], str]) -> Iterator[Event]:
    for place in range(n):
        yield activity(days(place), title=f"Dag {place}")


def proposals(n: int, on: Callable[[int], str]) -> Iterator[Event]:
    for place in range(n):
        yield proposed(place + 2, day(place, since="2024-01-01"), on=on(place))


def adoptions(n: int) -> Iterator[Event]:
    for place in range(n):
        yield from in_force(day(place, since="2024-01-01", each=2), version=place + 2)


def half_adopted(n: int) -> Iterator[Event]:
    for place in range(n):
        yield proposed(place + 2, day(place, since="2024-01-01"), on="2023-06-01")
        yield from adopted(day(place, since="2023-07-01"), version=place + 2, by=("sala", "koping"))
        yield from rejected(day(place, since="2023-08-01"), version=place + 2, by=("arboga",))
        yield fixed(day(place, since="2023-09-01"), day(place, since="2025-01-01"), version=place + 2)


def one_version_decided(n: int) -> Iterator[Event]:
    yield proposed(2, "2030-01-01", on="2023-06-01")
    for place in range(n):
        yield from rejected(day(place, since="2023-07-01"), version=2, by=("sala",))
        yield fixed(day(place, since="2023-09-01"), day(place, since="2030-01-01"), version=2)


def annulments(n: int, first: int) -> Iterator[Event]:
    for place in range(n):
        yield paid(day(place % 700), TEN[place % len(TEN)], 100 + place, 2023, 1)
    for place in range(n):
        yield annulled(first + place, on=day(place % 700))


def annulments_of_annulments(n: int, first: int) -> Iterator[Event]:
    """Payments, each annulled, brought back and annulled again."""
    yield from annulments(n, first)
    for again in (1, 2):
        for place in range(n):
            yield annulled(first + again * n + place, on=day(place % 700))


def a_chain_of_annulments(n: int, first: int) -> Iterator[Event]:
    """One payment, annulled by an entry that the next entry annuls, and so on."""
    yield paid("2023-02-01", "sala", 100, 2023, 1)
    for place in range(n):
        yield annulled(first + place, on=day(place % 700))


def annulled_seats(n: int, first: int) -> Iterator[Event]:
    for place in range(n):
        yield seated(f"x{place}", "region", "board-party", day(place, each=20), until=day(place + 1, each=20))
    for place in range(n):
        yield annulled(first + place, on=day(place % 700))


def annulled_meetings(n: int, first: int) -> Iterator[Event]:
    for place in range(n):
        yield called(f"m{place}", day(place), day(place + 14))
    for place in range(n):
        yield annulled(first + place, on=day(place % 700))


AGENDA = [{"number": number, "title": "Läget", "kind": "information", "topic": TERMS.topics[number % 5]}
          for number in range(1, 31)]  # fmt: skip
PRESENT = ["region-1", *members(20)]


def of_meetings(n: int, days: Callable[[int], str], items: int = 3) -> Iterator[Event]:
    for place in range(n):
        name, on = f"m{place}", days(place)
        yield called(name, day(place), str(date.fromisoformat(day(place)) + timedelta(days=14)), agenda=AGENDA)
        yield held(name, on, present=PRESENT)
        for item in range(1, items):
            yield handled(name, on, item, "adjourned" if item == 1 else "noted")
        yield reserved(name, on, "sala-1")
        yield recommended(f"r{place}", name, on, to=TEN)
        yield answered(f"r{place}", on, "sala")
        yield signed(name, on)
        yield adjusted(name, on)
        yield dispatched(name, on)
        yield proposal(name, day(place))


def one_meeting(n: int) -> Iterator[Event]:
    """One meeting, moved, its duties passed on, its items handled and reserved against again and again."""
    yield called("m", "2023-02-01", "2023-02-20", agenda=AGENDA)
    for place in range(n):
        yield moved("m", day(place % 14, since="2023-02-02"), f"2023-03-{place % 28 + 1:02}")
    yield held("m", "2023-03-28", present=PRESENT)
    for place in range(n):
        yield handled("m", "2023-03-28", place % 30 + 1, "noted")
        yield reserved("m", "2023-03-28", PRESENT[place % 20], item=place % 30 + 1)
        yield recommended(f"r{place}", "m", "2023-03-28", item=place % 30 + 1)
        yield duty_moved("m", day(place, since="2023-04-01"), "signing", PRESENT[place % 20])
        yield dispatched("m", day(place, since="2023-04-01"), to=("sala",))


def a_cancelled_meeting(n: int) -> Iterator[Event]:
    for place in range(n):
        yield called(f"m{place}", day(place), day(place + 20))
        yield cancelled(f"m{place}", day(place + 2))


def requests(n: int) -> Iterator[Event]:
    for place in range(n):
        yield requested(f"b{place}", day(place), members(10))
        yield called(f"m{place}", day(place + 1), day(place + 20), requests=[f"b{place}"])


def seats(n: int) -> Iterator[Event]:
    """One person's seats, one after the other, each vacated but the last."""
    for place in range(n):
        yield seated("x", "region", "board-party", day(place, each=20), until=day(place + 1, each=20))


def vacated_seats(n: int) -> Iterator[Event]:
    for place in range(n):
        yield seated("x", "region", "board-party", day(place, each=20))
        yield vacated("x", day(place, since="2023-02-10", each=20))


def one_place(n: int) -> Iterator[Event]:
    """One seat, held by one person after another."""
    yield vacated("sala-2", "2023-01-20")
    for place in range(n):
        yield seated(f"x{place}", "sala", "opposition-leader", day(place, each=10), until=day(place + 1, each=10))


def member_changes(n: int) -> Iterator[Event]:
    for place in range(n):
        yield changed("sala-1", day(place), political_party=f"Parti {place}")
        yield act("board-composed", day(place), seats={"Alfa": 8, f"Parti {place}": 3}, majority=["Alfa"])


def posts(n: int) -> Iterator[Event]:
    yield released("arboga-1", "first-vice-chair", "2023-01-20")
    for place in range(n):
        yield vice_chair("arboga-1", "first-vice-chair", day(place, each=2))
        yield released("arboga-1", "first-vice-chair", day(place, since="2023-02-02", each=2))


def experts(n: int) -> Iterator[Event]:
    for place in range(n):
        yield expert(f"e{place}", day(place))


def one_expert(n: int) -> Iterator[Event]:
    for place in range(n):
        yield expert("e", day(place, each=10), until=day(place + 1, each=10))


def groups(n: int) -> Iterator[Event]:
    for place in range(n):
        name = f"g{place}"
        yield created(name, "2024-01-01")
        yield joined(name, "2024-01-02", "sala-1")
        yield joined(name, "2024-01-03", "arboga-1", "arboga")
        yield left(name, "2024-02-01", "sala-1")
        yield assigned(name, "2024-01-02", "o1")
        yield assigned(name, "2024-01-02", "o2", "sala")
        yield reported(name, "2024H1", "2024-06-01")
        yield advised(name, "2024-06-01", f"r{place}")
        if place % 2:
            yield closed(name, "2024-12-31")


def one_group(n: int) -> Iterator[Event]:
    yield created("g", "2023-02-01")
    for place in range(n):
        yield joined("g", day(place, each=4), "sala-1")
        yield left("g", day(place, since="2023-02-03", each=4), "sala-1")
        yield assigned("g", day(place, each=4), "o1")
        yield relieved("g", day(place, since="2023-02-03", each=4), "o1")
        yield reshaped("g", day(place), name=f"Grupp {place}")
        yield reported("g", "2024H1", day(place, since="2024-01-01"))


def offices(n: int) -> Iterator[Event]:
    """One office, taken and left again and again by one person, and another by one after the other."""
    for place in range(n):
        yield took("o", "municipal-director", day(place, each=2), "sala")
        yield left_office("o", "municipal-director", day(place, since="2023-02-02", each=2), "sala")
        yield took(f"o{place}", "municipal-director", day(place), "koping")
        yield left_office(f"o{place}", "municipal-director", day(place + 1), "koping")


def registrations(n: int) -> Iterator[Event]:
    for place in range(n):
        yield registered("x", on=day(place), name=f"Namn {place}")


def withdrawals(n: int) -> Iterator[Event]:
    for place in range(n):
        yield withdrew(day(place, each=2), "sala", ends_on="2060-01-01")
        yield revoked(day(place, since="2023-02-02", each=2), "sala")


def standing_withdrawals(n: int) -> Iterator[Event]:
    for place in range(n):
        yield withdrew(day(place), TEN[place % 10], ends_on=day(place, since="2060-01-01"))


def renames(n: int) -> Iterator[Event]:
    for place in range(n):
        yield act("party-renamed", day(place), party="sala", name=f"Sala {place}")


def readings(n: int) -> Iterator[Event]:
    for place in range(n):
        yield reading(day(place), "late-adoption", "start-day" if place % 2 else "last-adoption")


def appeals(n: int) -> Iterator[Event]:
    for place in range(n):
        yield act("appeal-lodged", day(place), organ="court", entry=13, court="Förvaltningsrätten")
        yield act("appeal-dismissed", day(place), organ="court", entry=13)


def projects(n: int) -> Iterator[Event]:
    for place in range(n):
        yield project(f"j{place}", day(place))
        yield financed(day(place), f"j{place}", "sala", amount=100 + place)


def commitments(n: int) -> Iterator[Event]:
    for place in range(n):
        yield commitment(day(place), f"c{place}", 10_000, day(place), day(place, since="2040-01-01"))
        yield commitment_released(day(place + 5), f"c{place}")


def levels(n: int) -> Iterator[Event]:
    """Levels, raises and figures of one year, published again and again."""
    for place in range(n):
        yield level_set(day(place), 2025, 1_000_000_000 + place)
        yield raise_agreed(day(place), 2026, f"{place % 20}.5")
        yield index(day(place), 2026, f"{place % 20}.5")
        yield population(day(place), "2023-12-31")


class Mix(NamedTuple):
    """Acts that hurt, as a function of their number and the position of the first, and the number that a test tries.

    `asked` names the questions that read the acts, beside `findings`, which every mix is asked.
    """

    acts: Callable[[int, int], Iterable[Acts]]
    n: int
    asked: tuple[str, ...] = ()


MIXES: dict[str, Mix] = {
    "payments": Mix(lambda n, _: payments(n, lambda place: day(place % 700)), 20, ("costs", "account")),
    "payments of one party": Mix(lambda n, _: of_one_party(n), 20, ("costs", "account", "deadlines")),
    "refunds": Mix(lambda n, _: refunds(n), 20, ("account",)),
    "costs borne": Mix(lambda n, _: costs_borne(n), 20, ("projects",)),
    "activities": Mix(lambda n, _: activities(n, day), 20, ("activities",)),
    "versions proposed": Mix(lambda n, _: proposals(n, lambda _: "2023-06-01"), 12, ("agreement", "deadlines")),
    "versions adopted": Mix(lambda n, _: adoptions(n), 8, ("agreement", "council", "deadlines")),
    "versions adopted by some": Mix(lambda n, _: half_adopted(n), 12, ("agreement", "deadlines")),
    "decisions on one version": Mix(lambda n, _: one_version_decided(n), 20, ("agreement",)),
    "withdrawals taken back": Mix(lambda n, _: withdrawals(n), 20, ("agreement", "settlement")),
    "withdrawals": Mix(lambda n, _: standing_withdrawals(n), 20, ("agreement", "settlement")),
    "renames of one party": Mix(lambda n, _: renames(n), 20, ("agreement",)),
    "readings of one passage": Mix(lambda n, _: readings(n), 20, ("agreement",)),
    "appeals of one entry": Mix(lambda n, _: appeals(n), 20, ("agreement",)),
    "registrations of one person": Mix(lambda n, _: registrations(n), 20, ("council",)),
    "annulments": Mix(annulments, 20, ("history", "account")),
    "annulments of annulments": Mix(annulments_of_annulments, 12, ("history",)),
    "a chain of annulments": Mix(a_chain_of_annulments, 20, ("history",)),
    "annulments of seats": Mix(annulled_seats, 10, ("council",)),
    "annulments of calls": Mix(annulled_meetings, 10, ("meetings",)),
    "meetings": Mix(lambda n, _: of_meetings(n, lambda place: day(place + 14)), 10, ("meetings", "deadlines")),
    "meetings with all their items": Mix(lambda n, _: of_meetings(n, lambda place: day(place + 14), 30), 6),
    "one meeting": Mix(lambda n, _: one_meeting(n), 12, ("meetings",)),
    "meetings cancelled": Mix(lambda n, _: a_cancelled_meeting(n), 12, ("meetings",)),
    "requests": Mix(lambda n, _: requests(n), 12, ("deadlines",)),
    "seats of one person": Mix(lambda n, _: seats(n), 20, ("council", "attendance")),
    "vacated seats of one person": Mix(lambda n, _: vacated_seats(n), 20, ("council",)),
    "holders of one seat": Mix(lambda n, _: one_place(n), 20, ("council",)),
    "changes of members and the board": Mix(lambda n, _: member_changes(n), 16, ("council",)),
    "holdings of one post": Mix(lambda n, _: posts(n), 20, ("council",)),
    "experts": Mix(lambda n, _: experts(n), 20, ("council",)),
    "co-options of one expert": Mix(lambda n, _: one_expert(n), 20, ("council",)),
    "groups": Mix(lambda n, _: groups(n), 12, ("groups", "reports", "deadlines", "officials")),
    "one group": Mix(lambda n, _: one_group(n), 20, ("groups", "reports")),
    "holders of one office": Mix(lambda n, _: offices(n), 20, ("officials",)),
    "projects": Mix(lambda n, _: projects(n), 20, ("projects",)),
    "commitments": Mix(lambda n, _: commitments(n), 20, ("settlement",)),
    "figures of one year": Mix(lambda n, _: levels(n), 20, ("costs",)),
    "loose payments of many months": Mix(lambda n, _: payments(n, lambda place: month(place % 48)), 8, ("account",)),
    "loose payments of one month": Mix(lambda n, _: payments(n, lambda _: "2023-05"), 8, ("account",)),
    "loose payments of one year": Mix(lambda n, _: payments(n, lambda _: "2024"), 8, ("account",)),
    "loose activities": Mix(lambda n, _: activities(n, lambda place: month(place % 48)), 16, ("activities",)),
    "versions loosely proposed": Mix(lambda n, _: proposals(n, lambda _: "2023-06"), 8, ("agreement",)),
    "meetings on loose days": Mix(lambda n, _: of_meetings(n, lambda place: day(place + 14)[:7]), 6, ("meetings",)),
}


def acts(mix: str, n: int) -> list[Event]:
    """Returns the acts of the body, and then `n` acts of a mix, or `n` times its few acts."""
    return events(BODY, MIXES[mix].acts(n, len(events(BODY)) + 1))
