"""Gives the program and the independent model the same acts one by one. The program and the model must refuse the same
acts, and return the same body on some days.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from ledger.rules.judge import forbidden, refusals
from projections.council import council
from tests.acts import act, in_force, proposed, registered
from tests.given import entries, recorded
from tests.models.seats import Act, Body, Record, Version

if TYPE_CHECKING:
    from ledger.events import Event
    from ledger.timeline import Timeline

HISTORIES, PARTS = 20_000 if os.environ.get("LIGGARE_SOAK") else 1_000, 4
FIRST, LAST = date(2022, 10, 1), date(2028, 3, 1)
PERSONS = [f"p{number}" for number in range(8)]
KINDS = {"arboga": "municipality", "koping": "municipality", "sala": "municipality", "region": "region"}
SEATS = ("executive-chair", "opposition-leader", "board-chair", "board-presidium", "board-party")
POSTS = ("region-vice-chair", "first-vice-chair", "municipal-vice-chair")
BLOCS = ("majority", "opposition", "none")


@pytest.mark.parametrize("part", range(PARTS))
def test_the_program_and_the_model_of_the_text_agree_on_seats(part: int) -> None:
    for seed in range(part, HISTORIES, PARTS):
        random = Random(seed)  # noqa: S311 - the same ones each time
        timeline, record = begun(random)
        before = timeline.head
        for _ in range(random.randint(6, 14)):
            said = some_act(random, record)
            event = as_event(said, before)
            whole = timeline.extended(entries(event, first=timeline.head + 1))
            refused = bool(refusals(forbidden(whole.at(whole.head), whole)))
            assert refused == record.refuses(said), (seed, record.acts, said)
            if not refused:
                timeline = whole
                record.add(said)
        for on in [day(random, record) for _ in range(3)]:
            assert of_the_program(timeline, on) == record.body(on), (seed, on, record.acts)


def day(random: Random, record: Record) -> date:
    """Returns a random day, which often is a day on which a seat, a post or a version begins or ends."""
    if record.acts and random.random() < 0.4:
        one = random.choice(record.acts)
        return date.fromisoformat(one.says["until"]) if "until" in one.says and random.random() < 0.6 else one.on
    if random.random() < 0.3:
        return random.choice((date(2023, 1, 1), date(2024, 7, 1), date(2026, 12, 31), date(2027, 1, 1)))
    return FIRST + timedelta(days=random.randint(0, (LAST - FIRST).days))


def begun(random: Random) -> tuple[Timeline, Record]:
    """Returns a small body under one version, or under two. A second version may leave a municipality out."""
    least, most = random.choice(((1, 2), (3, 4), (4, 6)))
    numbers: dict[str, Any] = {
        "members_min": 2, "members_max": random.choice((4, 6, 9)), "region_seats_min": least, "region_seats_max": most,
    }  # fmt: skip
    acts: list[Event] = [*in_force("2023-01-01", parties=set(KINDS), **numbers)]
    versions = [Version(date(2023, 1, 1), KINDS, {"first_term": "2019-01-01", "term_years": 4, **numbers})]
    if random.random() < 0.5:
        left = {party: kind for party, kind in KINDS.items() if party != "koping" or random.random() < 0.3}
        later = {**versions[0].numbers, "members_max": random.choice((5, 9))}
        said = {name: number for name, number in later.items() if name in numbers}
        acts.append(proposed(2, "2024-07-01", on="2023-06-01", parties=set(left), **said))
        acts += [act("agreement-adopted", "2023-09-01", organ="assembly", version=2, assembly=party) for party in KINDS]
        versions.append(Version(date(2024, 7, 1), left, later))
    return recorded(acts, [registered(person) for person in PERSONS]), Record(versions)


def some_act(random: Random, record: Record) -> Act:
    """Returns a random act, valid or invalid, on a random day."""
    person, on = random.choice(PERSONS), day(random, record)
    kind = random.choice(("appoint",) * 8 + ("vacate", "change", "change", "post", "post", "release", "coopt", "annul"))
    if kind == "appoint":
        return appointment(random, person, on)
    gone = {one.says["person"] for one in record.acts if one.event == "seat-vacated"}
    if kind == "vacate" and person not in gone:
        return Act("seat-vacated", on, {"person": person})
    if kind == "change":
        said = {"political_party": random.choice(("Alfa", "Beta")), "bloc": random.choice((None, *BLOCS))}
        return Act("member-changed", on, {"person": person, **{name: one for name, one in said.items() if one}})
    if kind == "post":
        return Act("vice-chair-appointed", on, {"person": person, "post": random.choice(POSTS)})
    if kind == "release":
        return Act("vice-chair-released", on, {"person": person, "post": random.choice(POSTS)})
    if kind == "annul" and (there := [place for place, one in enumerate(record.acts) if may_be_annulled(one)]):
        return Act("entry-annulled", LAST, {"entry": random.choice(there)})
    if random.random() < 0.5:
        return Act("expert-released", on, {"person": person})
    until = {"until": str(on + timedelta(days=random.randint(1, 900)))} if random.random() < 0.5 else {}
    return Act("expert-coopted", on, {"person": person, **until})


def appointment(random: Random, person: str, on: date) -> Act:
    party = random.choice([*KINDS, "region"])
    own = SEATS[2:] if party == "region" else SEATS[:2]
    seat = random.choice(own if random.random() < 0.9 else SEATS)
    said: dict[str, Any] = {"person": person, "party": party, "seat": seat, "political_party": "Alfa"}
    if seat in SEATS[2:] or random.random() < 0.3:
        said["bloc"] = random.choice(BLOCS)
    if random.random() < 0.4:
        said["until"] = str(on + timedelta(days=random.randint(1, 2500)))
        said |= {"otherwise_decided": True} if random.random() < 0.4 else {}
    return Act("member-appointed", on, said)


def may_be_annulled(one: Act) -> bool:
    """Returns whether the test may annul an act. Appointments are not annulled, because the text does not say what
    becomes of a later resignation from the seat.
    """
    return one.event not in {"member-appointed", "entry-annulled"}


def as_event(said: Act, before: int) -> Event:
    if said.event == "entry-annulled":
        fields = {"entry": before + 1 + said.says["entry"], "cause": "quashed", "reason": "prov"}
        return act("entry-annulled", str(said.on), organ="court", **fields)
    organ = "body" if said.event.startswith("expert") else "assembly"
    more = {"field": "statistik"} if said.event == "expert-coopted" else {}
    return act(said.event, str(said.on), organ=organ, **said.says, **more)


def of_the_program(timeline: Timeline, on: date) -> Body:
    found = council(timeline, on, {})
    return Body(
        [(one.person, one.party, one.seat, one.political_party, one.bloc, one.since, one.until)
         for one in found.members],
        found.presidium,
        [(one.party, one.seat) for one in found.vacancies],
        sorted(((one.person, one.since, one.until) for one in found.experts), key=str),
    )  # fmt: skip
