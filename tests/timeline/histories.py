"""Generates random histories of every chapter: valid and invalid acts with exact and loose days, annulled, restored and
quashed, in random order. Nothing judges them, because folding never refuses.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import structs

import ledger.readings
from ledger.values import day
from tests.acts import act, adopted, fixed, proposed, seated
from tests.models import money_histories

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from ledger.events import Event

    Fields = Callable[[Random, date], dict[str, Any]]

FIRST, LAST = date(2022, 12, 1), date(2026, 6, 30)
PARTIES = ("sala", "koping", "arboga", "region")
TOWNS = PARTIES[:3]
PERSONS = ("p1", "p2", "p3", "p4", "p5")
HOLDING = (("sala", "executive-chair"), ("sala", "opposition-leader"), ("koping", "executive-chair"),
           ("region", "board-chair"), ("region", "board-party"))  # fmt: skip
SEATS = ("executive-chair", "opposition-leader", "board-chair", "board-presidium", "board-party")
POSTS = ("region-vice-chair", "first-vice-chair", "municipal-vice-chair")
READINGS = {question: chosen or ("1", "1/2", "0.37") for question, chosen in ledger.readings.READINGS.items()}
ITEM = {"number": 1, "title": "Läget", "kind": "recommendation", "topic": "culture-plan", "concerns": ["Teatern"]}


def _meeting(random: Random) -> str:
    return random.choice(("m1", "m2", "m3"))


def _later(random: Random, on: date, most: int = 400) -> str:
    return str(on + timedelta(days=random.randint(1, most)))


def _shares(random: Random) -> dict[str, int]:
    return {party: random.randint(0, 400_000) for party in TOWNS}


def _seat(random: Random, on: date) -> dict[str, Any]:
    party, seat = random.choice(PARTIES), random.choice(SEATS)
    said = {"person": random.choice(PERSONS), "party": party, "seat": seat, "political_party": "Alfa"}
    if seat.startswith("board"):
        said["bloc"] = random.choice(("majority", "opposition"))
    if random.random() < 0.3:
        said["until"] = _later(random, on, 900)
    return said


def _reading(random: Random, _: date) -> dict[str, Any]:
    question = random.choice(list(READINGS))
    return {"question": question, "reading": random.choice(READINGS[question])}


def _held(random: Random, _: date) -> dict[str, Any]:
    present = random.sample(PERSONS, 3)
    return {"meeting": _meeting(random), "chaired_by": random.choice(PERSONS), "adjuster": random.choice(PERSONS),
            "present": present, "remote": present[:1], "experts": random.sample(PERSONS, 1)}  # fmt: skip


def _office(random: Random, _: date) -> dict[str, Any]:
    office = random.choice(("municipal-director", "regional-director"))
    party = {"party": random.choice(TOWNS)} if office == "municipal-director" else {}
    return {"person": random.choice(PERSONS), "office": office, **party}


# Event → the fields of a random act on a day. Ids come from small pools, so that acts concern the same things.
ACTS: dict[str, Fields] = {
    "agreement-adopted": lambda r, _: {"version": r.choice((1, 2)), "assembly": r.choice(PARTIES)},
    "agreement-rejected": lambda r, _: {"version": r.choice((1, 2, 2, 2)), "assembly": r.choice(PARTIES)},
    "entry-into-force-fixed": lambda r, on: {"version": r.choice((1, 2)), "in_force_from": _later(r, on)},
    "withdrawal-decided": lambda r, on: {"party": r.choice(PARTIES), "ends_on": r.choice((None, _later(r, on)))},
    "withdrawal-revoked": lambda r, _: {"party": r.choice(PARTIES)},
    "reading-adopted": _reading,
    "appeal-lodged": lambda r, _: {"entry": r.randint(1, 9), "court": "Förvaltningsrätten"},
    "appeal-dismissed": lambda r, _: {"entry": r.randint(1, 9)},
    "party-renamed": lambda r, _: {"party": r.choice(PARTIES), "name": r.choice(("Staden", "Byn"))},
    "person-registered": lambda r, _: {"person": r.choice(PERSONS), "name": r.choice(("Påhittad", "Uppdiktad"))},
    "board-composed": lambda r, _: {"seats": {"Alfa": r.randint(1, 9), "Beta": 5}, "majority": ["Alfa"]},
    "member-appointed": _seat,
    "member-changed": lambda r, _: {"person": r.choice(PERSONS), "bloc": r.choice(("majority", "opposition"))},
    "seat-vacated": lambda r, _: {"person": r.choice(PERSONS)},
    "vice-chair-appointed": lambda r, _: {"person": r.choice(PERSONS), "post": r.choice(POSTS)},
    "vice-chair-released": lambda r, _: {"person": r.choice(PERSONS), "post": r.choice(POSTS)},
    "expert-coopted": lambda r, on: {"person": r.choice(PERSONS), "field": "statistik",
                                     "until": r.choice((None, _later(r, on)))},
    "expert-released": lambda r, _: {"person": r.choice(PERSONS)},
    "meeting-requested": lambda r, _: {"request": "r1", "by": r.sample(PERSONS, 2), "matter": "läget"},
    "meeting-called": lambda r, on: {
        "meeting": _meeting(r), "meets_on": _later(r, on, 40), "place": "Sal 1", "called_by": r.choice(PERSONS),
        "agenda": [ITEM], "requests": r.choice((None, ["r1"]))},
    "meeting-moved": lambda r, on: {"meeting": _meeting(r), "meets_on": _later(r, on, 40)},
    "meeting-cancelled": lambda r, _: {"meeting": _meeting(r)},
    "meeting-held": _held,
    "item-handled": lambda r, _: {"meeting": _meeting(r), "item": 1, "outcome": r.choice(("noted", "adjourned"))},
    "reservation-entered": lambda r, _: {"meeting": _meeting(r), "item": 1, "person": r.choice(PERSONS)},
    "recommendation-made": lambda r, _: {
        "recommendation": r.choice(("a", "b")), "meeting": _meeting(r), "item": 1, "text": "Gör så",
        "addressees": r.sample(PARTIES, 2), "consensus": True},
    "recommendation-answered": lambda r, _: {
        "recommendation": r.choice(("a", "b")), "party": r.choice(PARTIES), "answer": "accepted"},
    "minutes-duty-moved": lambda r, _: {
        "meeting": _meeting(r), "duty": r.choice(("signing", "adjustment")), "to": r.choice(PERSONS), "reason": "sjuk"},
    "minutes-signed": lambda r, _: {"meeting": _meeting(r), "by": r.choice(PERSONS)},
    "minutes-adjusted": lambda r, _: {"meeting": _meeting(r), "by": r.choice(PERSONS)},
    "minutes-dispatched": lambda r, _: {"meeting": _meeting(r), "to": r.sample(PARTIES, 2)},
    "group-created": lambda r, _: {"group": r.choice(("g1", "g2")), "name": "Kultur", "kind": "standing",
                                   "meeting": r.choice((None, "m1"))},
    "group-changed": lambda r, _: {"group": r.choice(("g1", "g2")), "assignment": r.choice(("a", "b"))},
    "group-member-appointed": lambda r, _: {"group": "g1", "person": r.choice(PERSONS), "party": r.choice(PARTIES)},
    "group-member-released": lambda r, _: {"group": "g1", "person": r.choice(PERSONS)},
    "group-officer-assigned": lambda r, _: {"group": "g1", "person": r.choice(PERSONS), "employer": "region"},
    "group-officer-released": lambda r, _: {"group": "g1", "person": r.choice(PERSONS)},
    "group-met": lambda r, _: {"group": r.choice(("g1", "g2")), "present": r.sample(PERSONS, 2)},
    "group-reported": lambda r, on: {"group": "g1", "half_year": f"{on.year}H{r.choice((1, 2))}", "summary": "Bra"},
    "group-recommended": lambda r, _: {"group": "g1", "recommendation": r.choice(("a", "c")), "text": "Gör så",
                                       "addressees": ["body", r.choice(PARTIES)]},
    "group-closed": lambda r, _: {"group": r.choice(("g1", "g2"))},
    "office-taken": _office,
    "office-left": _office,
    "proposal-prepared": lambda r, _: {"meeting": _meeting(r), "item": 1},
    "activity-held": lambda r, _: {"kind": "seminar", "title": "EU", "place": "Sala",
                                   "organisers": r.sample(PARTIES, 2)},
    "cost-borne": lambda r, _: {"kind": r.choice(("fees", "other")), "borne_by": r.choice(PARTIES),
                                "amount": r.randint(1, 9_000), "for_party": r.choice(TOWNS), "description": "arvode"},
    "project-started": lambda r, _: {"project": r.choice(("x", "y")), "title": "Tåg"},
    "project-ended": lambda r, _: {"project": r.choice(("x", "y"))},
    "project-funded": lambda r, _: {"project": r.choice(("x", "y")), "kind": "extra-financing",
                                    "funder": r.choice(PARTIES), "amount": r.randint(1, 9_000)},
    "payment-made": lambda r, on: {"party": r.choice(TOWNS), "purpose": "instalment", "year": on.year,
                                   "instalment": r.choice((1, 2)), "amount": r.randint(1, 400_000)},
    "instalment-claimed": lambda r, on: {
        "year": on.year, "instalment": r.choice((1, 2)), "level": 1_484_000_000, "counted_on": f"{on.year - 1}-12-31",
        "amounts": _shares(r)},
    "settlement-agreed": lambda r, _: {"shares": _shares(r)},
    "registrar-authorised": lambda r, _: {"registrar": r.choice(("tester", "sala-reg")), "roles": ["secretariat"]},
    "registrar-released": lambda r, _: {"registrar": r.choice(("tester", "sala-reg"))},
    "personal-data-disposed": lambda r, _: {"person": r.choice(PERSONS), "decision": "Gallring"},
    "paper-issued": lambda r, _: {"kind": "notice", "subject": f"m{r.randint(1, 3)}", "size": r.randint(1, 20)},
}  # fmt: skip
OFTEN = [
    *ACTS, *("seat-vacated", "member-changed", "member-appointed", "person-registered", "vice-chair-appointed") * 2,
    "payment-made", "instalment-claimed", "reading-adopted", "meeting-called", "meeting-held", "meeting-moved",
    "group-created",
]  # fmt: skip


def history(random: Random) -> list[Event]:
    """Returns the acts of a random history in the order recorded, for the positions from 1 on."""
    acts = _of_money(random) if random.random() < 0.4 else _of_the_body(random)
    acts += [_some(random) for _ in range(random.randint(10, 45))]
    random.shuffle(acts)
    loose, annulled = random.choice((0.1, 0.2, 0.4)), random.choice((0, 0.03, 0.03, 0.12))
    acts = [_loosened(one, random) if random.random() < loose else one for one in acts]
    return _annulled(acts, random, annulled)


def _some(random: Random) -> Event:
    name, on = random.choice(OFTEN), _day(random)
    return act(name, str(on), organ="assembly", **ACTS[name](random, on))


def _day(random: Random) -> date:
    return FIRST + timedelta(days=random.randint(0, (LAST - FIRST).days))


def _of_money(random: Random) -> list[Event]:
    return [act(one.event, str(one.on), organ="body", **one.says) for one in money_histories.history(random)]


def _of_the_body(random: Random) -> list[Event]:
    """Returns one version or two, adopted by some of their parties or by all of them, and some of the seats."""
    acts: list[Event] = []
    for version, start in ((1, "2023-01-01"), (2, "2024-07-01"))[: random.choice((1, 2))]:
        numbers: dict[str, Any] = {"members_min": 2, "notice_days": random.choice((7, 14, 21)), "region_seats_min": 2}
        acts.append(proposed(version, start, on="2022-10-01", parties=PARTIES, **numbers))
        for party in PARTIES:
            if random.random() < 0.98:
                acts += adopted(f"{int(start[:4]) - 1}-12-{random.randint(1, 28):02}", version=version, by=[party])
        acts += [fixed("2022-12-30", start, version=version)] if random.random() < 0.3 else []
    for person, (party, seat) in zip(PERSONS, HOLDING, strict=True):
        if random.random() < 0.7:
            acts.append(seated(person, party, seat, f"2023-{random.randint(1, 12):02}-01"))
    return acts


def _loosened(event: Event, random: Random) -> Event:
    """Returns the event on a month, a year or a span that includes its day."""
    on = event.valid_on.last
    text = random.choice((f"{on:%Y-%m}", f"{on:%Y-%m}", f"{on:%Y}", f"{on}/{_later(random, on)}"))
    return structs.replace(event, valid_on=day(text))


def _annulled(acts: list[Event], random: Random, share: float) -> list[Event]:
    """Returns the acts with annulments among them: of acts, of annulments and of what is annulled already."""
    told: list[Event] = []
    for one in acts:
        told.append(one)
        while random.random() < share:
            annulments = [place for place, each in enumerate(told, 1) if each.event_name == "entry-annulled"]
            again = annulments and random.random() < 0.4
            entry = random.choice(annulments) if again else random.randint(1, len(told))
            cause = random.choice(("recording-error", "recording-error", "quashed"))
            told.append(
                act("entry-annulled", str(_day(random)), organ="court", entry=entry, cause=cause, reason="prov")
            )
    return told
