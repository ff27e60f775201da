"""Builds events for tests in few words. Every person and political party is made up. Elected persons belong to the
political party Alfa by default.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import structs

from ledger.encoding import plain
from ledger.events import Event
from ledger.events.agreement import AgreementProposed
from ledger.events.parse import parse_event
from ledger.events.seats import PersonRegistered
from ledger.events.shape import mentions
from ledger.profile import load_profile, read_profile

if TYPE_CHECKING:
    from ledger.terms import Terms

Acts: TypeAlias = Event | Iterable["Acts"]

ROOT = Path(__file__).parents[1]
TERMS = load_profile("vastmanland").terms
MALARBYN = read_profile(ROOT / "tests/profiles/malarbyn.toml").terms
ALL = TERMS.party_ids()


def events(*acts: Acts) -> list[Event]:
    found: list[Event] = []
    for act in acts:
        found += [act] if isinstance(act, Event) else events(*act)
    return found


def act(event: str, on: str, *, organ: str = "body", **fields: Any) -> Event:
    """Returns an event of any name, parsed as the program parses input. A field whose value is None is left out."""
    said = {name: value for name, value in fields.items() if value is not None}
    return parse_event({"event": event, "valid_on": on, "source": {"organ": organ}, **said})


def proposed(
    version: int = 1, start: str = "2023-01-01", *, terms: Terms = TERMS, on: str = "2022-10-01", **changed: Any
) -> Event:
    """Returns the proposal of a version of the agreement. `changed` replaces numbers of `terms`; only the parties named
    in `parties` stay in the terms.
    """
    said = plain(terms)
    if parties := changed.pop("parties", None):
        said["parties"] = [party for party in said["parties"] if party["id"] in parties]
    said["readings"] |= changed.pop("readings", {})
    said["numbers"] |= changed
    return act("agreement-proposed", on, version=version, title="Prov", in_force_from=start, terms=said)


def adopted(on: str, *, version: int = 1, by: Iterable[str] = ALL, **fields: Any) -> list[Event]:
    return [
        act("agreement-adopted", on, organ="assembly", version=version, assembly=party, **fields)
        for party in sorted(by)
    ]


def rejected(on: str, *, version: int = 1, by: Iterable[str]) -> list[Event]:
    return [act("agreement-rejected", on, organ="assembly", version=version, assembly=party) for party in sorted(by)]


def fixed(on: str, start: str, *, version: int = 1) -> Event:
    return act("entry-into-force-fixed", on, version=version, in_force_from=start)


def in_force(since: str, *, version: int = 1, terms: Terms = TERMS, **changed: Any) -> list[Event]:
    """Returns the acts that bring a version into force on `since`: its proposal a month earlier, and its adoption by
    every party on the day before.
    """
    start = date.fromisoformat(since)
    said = proposed(version, since, terms=terms, on=str(start - timedelta(days=31)), **changed)
    assert isinstance(said, AgreementProposed)
    return [said, *adopted(str(start - timedelta(days=1)), version=version, by=said.terms.party_ids())]


def without_a_region(since: str = "2023-01-01") -> list[Event]:
    """Returns the acts that bring an agreement of Sala and Köping alone into force. Input never has such terms; a log
    that another program wrote might.
    """
    said, *rest = in_force(since, parties=("sala", "koping", "region"))
    assert isinstance(said, AgreementProposed)
    terms = structs.replace(said.terms, parties=tuple(one for one in said.terms.parties if one.id != "region"))
    return [structs.replace(said, terms=terms), *(one for one in rest if getattr(one, "assembly", "") != "region")]


def withdrew(on: str, party: str, *, ends_on: str | None = None) -> Event:
    return act("withdrawal-decided", on, organ="assembly", party=party, ends_on=ends_on)


def revoked(on: str, party: str) -> Event:
    return act("withdrawal-revoked", on, organ="assembly", party=party)


def reading(on: str, question: str, chosen: str) -> Event:
    return act("reading-adopted", on, question=question, reading=chosen)


def registered(person: str, *, on: str = "2019-01-01", name: str | None = None) -> Event:
    return act("person-registered", on, organ="secretariat", person=person, name=name or f"Påhittad {person}")


def seated(person: str, party: str, seat: str, on: str, **fields: Any) -> Event:
    """Returns a member's appointment to a seat. By default the political party is Alfa, and a regional board seat
    belongs to the majority.
    """
    fields.setdefault("political_party", "Alfa")
    if seat.startswith("board-"):
        fields.setdefault("bloc", "majority")
    return act("member-appointed", on, organ="assembly", person=person, party=party, seat=seat, **fields)


def vacated(person: str, on: str) -> Event:
    return act("seat-vacated", on, person=person)


def changed(person: str, on: str, **fields: Any) -> Event:
    return act("member-changed", on, person=person, **fields)


def vice_chair(person: str, post: str, on: str) -> Event:
    return act("vice-chair-appointed", on, organ="assembly", person=person, post=post)


def released(person: str, post: str, on: str) -> Event:
    return act("vice-chair-released", on, person=person, post=post)


def expert(person: str, on: str, *, until: str | None = None) -> Event:
    return act("expert-coopted", on, person=person, field="statistik", until=until)


def board(on: str, majority: str = "Alfa", **seats: int) -> Event:
    """Returns the composition of the regional executive board: by default Alfa 8, Beta 5 and Gamma 2, with Alfa in the
    majority.
    """
    return act("board-composed", on, seats=seats or {"Alfa": 8, "Beta": 5, "Gamma": 2}, majority=[majority])


def full_body(on: str, *, terms: Terms = TERMS, **fields: Any) -> list[Event]:
    """Returns the appointments to the smallest full body that the terms allow: two members for each municipality, such
    as `sala-1` and `sala-2`, and the Region's members `region-1`, `region-2` and so on.

    The municipal chairs belong to Alfa, the opposition leaders to Beta. The Region's third member belongs to Beta, and
    its fifth member to Gamma.
    """
    said = []
    for party in terms.municipalities():
        said.append(seated(f"{party}-1", party, "executive-chair", on, **fields))
        said.append(seated(f"{party}-2", party, "opposition-leader", on, political_party="Beta", **fields))
    return said + regionals(on, terms.numbers.region_seats_min, terms=terms, **fields)


def regionals(on: str, number: int, *, terms: Terms = TERMS, **fields: Any) -> list[Event]:
    """Returns the appointments of the Region's first `number` members: the chair, two more members of the presidium,
    then board members.
    """
    region = terms.region()
    assert region
    sides = {3: ("Beta", "opposition"), 5: ("Gamma", "opposition")}
    said = []
    for place in range(1, number + 1):
        seat = "board-chair" if place == 1 else "board-presidium" if place <= 3 else "board-party"
        party, bloc = sides.get(place, ("Alfa", "majority"))
        said.append(seated(f"region-{place}", region, seat, on, political_party=party, bloc=bloc, **fields))
    return said


def presidium(on: str) -> list[Event]:
    """Returns the appointments of three members of `full_body` as vice chairs."""
    return [
        vice_chair("region-3", "region-vice-chair", on),
        vice_chair("arboga-1", "first-vice-chair", on),
        vice_chair("arboga-2", "municipal-vice-chair", on),
    ]


def called(meeting: str, on: str, meets_on: str, *, by: str = "region-1", **fields: Any) -> Event:
    fields.setdefault("agenda", [{"number": 1, "title": "Läget", "kind": "information"}])
    return act("meeting-called", on, organ="chair", meeting=meeting, meets_on=meets_on, place="Sal 1", called_by=by,
               **fields)  # fmt: skip


def held(meeting: str, on: str, **fields: Any) -> Event:
    fields = {"chaired_by": "region-1", "adjuster": "sala-1", "present": ["region-1", "sala-1"]} | fields
    return act("meeting-held", on, meeting=meeting, **fields)


def annulled(entry: int, *, cause: str = "recording-error", on: str = "2026-01-01") -> Event:
    return act("entry-annulled", on, organ="court" if cause == "quashed" else "secretariat", entry=entry, cause=cause,
               reason="prov")  # fmt: skip


def disposed(person: str, *, on: str = "2026-01-01") -> Event:
    return act("personal-data-disposed", on, organ="official", person=person, decision="Gallringsbeslut")


def lines(*acts: Acts) -> list[dict[str, Any]]:
    """Returns the acts as lines of an import file, followed by a registration of each person they name."""
    said = events(*acts)
    persons = {str(one.id) for event in said for one in mentions(event) if one.shape.tag == "person"}
    return [_line(event) for event in (*said, *(registered(person) for person in sorted(persons)))]


def _line(event: Event) -> dict[str, Any]:
    name = {"name": event.name.text} if isinstance(event, PersonRegistered) else {}
    return {"event": event.event_name, **plain(event), **name}
