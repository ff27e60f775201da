"""Which acts of a file say what the ledger says already, and which say otherwise of what looks like the same."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from ledger.events.body import MemberAppointed, PersonRegistered
from ledger.events.economy import PaymentMade
from ledger.rules.finding import cannot_tell
from ledger.state.payments import payee

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.events import Event
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline

PROVISION = "duplicate"


class Twice(Struct, frozen=True, kw_only=True):
    """What becomes of the acts, each by its place: `new`, or there already, or changed since, by which entry."""

    new: tuple[int, ...]
    there: dict[int, int]
    changed: dict[int, int]


def likely_twice(timeline: Timeline, acts: Sequence[Event], names: Mapping[int, str]) -> Twice:
    """The acts held against the ledger: a payment by party, payee, day and reference, a seat by person and day, a
    person by id and name. One act of the file stands for one entry, so that two alike are both kept.
    """
    keys = [_key(timeline, act) for act in acts]
    wanted = {key for key in keys if key is not None}
    known: dict[Any, list[tuple[int, tuple[Any, ...]]]] = defaultdict(list)
    for kind in {type(act) for act, key in zip(acts, keys, strict=True) if key is not None}:
        for entry in timeline.of(kind):
            if (key := _key(timeline, entry.event)) in wanted:
                known[key].append((entry.position, _told(timeline, entry.event, names.get(entry.position))))
    there: dict[int, int] = {}
    for place, (act, key) in enumerate(zip(acts, keys, strict=True)):
        alike = next((one for one in known[key] if one[1] == _told(timeline, act)), None) if key else None
        if alike is not None:
            known[key].remove(alike)
            there[place] = alike[0]
    changed: dict[int, int] = {}
    for place, (act, key) in enumerate(zip(acts, keys, strict=True)):
        if place not in there and known[key] and not isinstance(act, PersonRegistered):
            changed[place] = known[key].pop(0)[0]
    new = tuple(place for place in range(len(acts)) if place not in there and place not in changed)
    return Twice(new=new, there=there, changed=changed)


def differing(timeline: Timeline, act: Event, entry: int) -> Finding:
    """An act of a file beside the entry that it would replace."""
    before: Any = timeline.at(entry).event
    rest = "; --replace puts this in its place, --again records it as another"
    if isinstance(act, PaymentMade):
        message = "{party} paid {amount:kr} on {day}, and entry {entry} says {before:kr}{more}" + rest
        more = _differing(act, before, {"amount"})
        values: dict[str, Any] = {"party": act.party, "amount": act.amount, "before": before.amount}
    else:
        assert isinstance(act, MemberAppointed), act
        message = "{person} takes the seat {seat} on {day}, and entry {entry} says {before}{more}" + rest
        more = _differing(act, before, {"seat", "party"})
        values = {"person": act.person, "seat": f"{act.party}/{act.seat}", "before": f"{before.party}/{before.seat}"}
    found = cannot_tell(message, entries=(entry,), entry=entry, day=act.valid_on.text, more=more, **values)
    subject = f"party:{act.party}" if isinstance(act, PaymentMade) else f"person:{act.person}"
    return structs.replace(found, provision=PROVISION, subject=subject, since=act.valid_on.last)


def _differing(act: Event, before: Event, said: set[str]) -> str:
    """The other fields that differ, with what the entry says."""
    own, other = structs.asdict(act), structs.asdict(before)
    return "".join(
        f", {name} {own[name]} ({other[name]})"
        for name in own
        if name not in {*said, "source", "to"} and own[name] != other[name]
    )


def _key(timeline: Timeline, act: Event) -> tuple[Any, ...] | None:
    """What makes two acts likely the same; None for those that are never compared."""
    match act:
        case PaymentMade():
            return type(act), act.party, payee(timeline, act), act.valid_on.text, act.reference
        case MemberAppointed():
            return type(act), act.person, act.valid_on.text
        case PersonRegistered():
            return type(act), act.person
        case _:
            return None


def _told(timeline: Timeline, act: Event, name: str | None = None) -> tuple[Any, ...]:
    """What an act says, wherever that is documented."""
    said = {key: value for key, value in structs.asdict(act).items() if key != "source"}
    if isinstance(act, PaymentMade):
        said["to"] = payee(timeline, act)
    if isinstance(act, PersonRegistered):
        said["name"] = name or act.name.text
        said["valid_on"] = None
    return tuple(said.values())
