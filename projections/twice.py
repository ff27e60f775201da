"""Which acts of an import file are already in the ledger, and which differ from an entry that looks like
the same act.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from ledger.events.costs import CostBorne, PaymentMade
from ledger.events.seats import MemberAppointed, PersonRegistered
from ledger.messages import Phrase, marked, phrase
from ledger.rules.finding import cannot_tell
from ledger.rules.twice import ONCE
from ledger.values import Day
from projections.paid_twice import annulled_payments, paid_twice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.events import Event
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline

PROVISION = "duplicate"
# The acts that are matched with entries.
COMPARED: frozenset[type[Event]] = frozenset({PaymentMade, MemberAppointed, PersonRegistered, *ONCE})


class Twice(Struct, frozen=True, kw_only=True):
    """The acts of an import file, by their index in the file: `new` lists acts without a matching entry, `there` maps
    acts already recorded to positions, and `changed` maps acts that differ from a matching entry to that entry's
    position.

    `others` maps a changed act to the positions of all matching entries besides the entry that it would replace, and
    `annulled` a payment that matches no entry that stands, but an annulled one, to that entry's position.
    """

    new: tuple[int, ...]
    there: dict[int, int]
    changed: dict[int, int]
    others: dict[int, tuple[int, ...]]
    annulled: dict[int, int]


def likely_twice(timeline: Timeline, acts: Sequence[Event], names: Mapping[int, str]) -> Twice:
    """Returns which acts of a file the ledger already holds. `names` maps the position of a person's registration to
    the name.

    A payment is matched as `paid_twice` says; a cost by every field except its amount; a seat by person and day; a
    person by id and name; and an event of `ONCE` by every field. One act of the file matches one entry at most, so two
    identical acts remain two acts.
    """
    there, changed, others = _but_payments(timeline, acts, names)
    payments = [(place, act) for place, act in enumerate(acts) if isinstance(act, PaymentMade)]
    if payments and (recorded := timeline.of(PaymentMade)):
        paid = paid_twice(timeline, payments, recorded)
        there, changed, others = there | paid.there, changed | paid.changed, others | paid.others
    there, changed = dict(sorted(there.items())), dict(sorted(changed.items()))
    unmatched = [one for one in payments if one[0] not in there and one[0] not in changed]
    annulled = annulled_payments(timeline, unmatched)
    matched = {*there, *changed, *annulled}
    new = tuple(place for place in range(len(acts)) if place not in matched)
    return Twice(new=new, there=there, changed=changed, others=others, annulled=annulled)


def _but_payments(
    timeline: Timeline, acts: Sequence[Event], names: Mapping[int, str]
) -> tuple[dict[int, int], dict[int, int], dict[int, tuple[int, ...]]]:
    """Returns `there`, `changed` and `others` of all acts but payments."""
    entries = timeline.of_any(*(set(map(type, acts)) & COMPARED - {PaymentMade}))
    outlines = {_outline(entry.event) for entry in entries}
    keys = [own if outlines and (own := _outline(act)) in outlines else None for act in acts]
    wanted = set(keys) - {None}
    known: dict[Any, list[tuple[int, tuple[Any, ...]]]] = defaultdict(list)
    for entry in entries if wanted else ():
        if (own := _outline(entry.event)) in wanted:
            known[own].append((entry.position, _told(entry.event, names.get(entry.position))))
    there: dict[int, int] = {}
    for place, (act, key) in enumerate(zip(acts, keys, strict=True)):
        told = _told(act) if known.get(key) else None
        alike = next((one for one in known.get(key, ()) if one[1] == told), None)
        if alike is not None:
            known[key].remove(alike)
            there[place] = alike[0]
    changed: dict[int, int] = {}
    for place, (act, key) in enumerate(zip(acts, keys, strict=True)):
        if place not in there and known.get(key) and not isinstance(act, PersonRegistered):
            changed[place] = known[key].pop(0)[0]
    others = {place: tuple(entry for entry, _ in known[keys[place]]) for place in changed if known[keys[place]]}
    return there, changed, others


# (event, whether other entries match as well) → the message that sets an act beside the entry that it would replace
DIFFERS: dict[tuple[type[Event], bool], str] = {
    (PaymentMade, False): marked(
        "{party} paid {amount:kr} on {day}{own}, and entry {entry} says {before:kr}{theirs}; --replace puts this in "
        "its place, --again records it as another"
    ),
    (PaymentMade, True): marked(
        "{party} paid {amount:kr} on {day}{own}, and entry {entry} says {before:kr}{theirs}; {others} "
        "{count:?matches|match} the row as well; --replace puts this in place of entry {entry}, --again records it as "
        "another"
    ),
    (CostBorne, False): marked(
        "{party} bore {amount:kr} for {description} on {day}{own}, and entry {entry} says {before:kr}; --replace puts "
        "this in its place, --again records it as another"
    ),
    (CostBorne, True): marked(
        "{party} bore {amount:kr} for {description} on {day}{own}, and entry {entry} says {before:kr}; {others} "
        "{count:?matches|match} the row as well; --replace puts this in place of entry {entry}, --again records it as "
        "another"
    ),
    (MemberAppointed, False): marked(
        "{person:who} takes the seat {seat} on {day}{own}, and entry {entry} says {before}{theirs}; --replace puts "
        "this in its place, --again records it as another"
    ),
    (MemberAppointed, True): marked(
        "{person:who} takes the seat {seat} on {day}{own}, and entry {entry} says {before}{theirs}; {others} "
        "{count:?matches|match} the row as well; --replace puts this in place of entry {entry}, --again records it as "
        "another"
    ),
}


def differing(timeline: Timeline, act: Event, entry: int, others: tuple[int, ...] = ()) -> Finding:
    """Returns a `cannot-tell` finding that sets an act of a file beside the entry that the act would replace."""
    before: Any = timeline.at(entry).event
    values: dict[str, Any] = {}
    match act:
        case PaymentMade():
            subject, said = f"party:{act.party}", {"amount"}
            values = {"party": act.party, "amount": act.amount, "before": before.amount}
        case CostBorne():
            subject, said = f"party:{act.borne_by}", {"amount"}
            values = {"party": act.borne_by, "amount": act.amount, "before": before.amount,
                      "description": act.description}  # fmt: skip
        case _:
            assert isinstance(act, MemberAppointed), act
            subject, said = f"person:{act.person}", {"seat", "party"}
            values = {
                "person": act.person,
                "seat": phrase("{party}/{seat}", party=act.party, seat=act.seat),
                "before": phrase("{party}/{seat}", party=before.party, seat=before.seat),
            }
    if others:
        values["others"] = phrase("{entries:?entry|entries} {entries}", entries=others)
        values["count"] = len(others)
    own, theirs = _differing(act, before, {*said, "valid_on"}), _differing(before, act, said)
    found = cannot_tell(DIFFERS[type(act), bool(others)], entries=(entry,), entry=entry, day=act.valid_on.text,
                        own=own, theirs=theirs, **values)  # fmt: skip
    return structs.replace(found, provision=PROVISION, subject=subject, since=act.valid_on.last)


def _differing(act: Event, other: Event, said: set[str]) -> Phrase | str:
    """Returns the fields in which two acts differ, in brackets, leaving out the fields in `said`, which the message
    names.
    """
    own, beside = structs.asdict(act), structs.asdict(other)
    names = [name for name in own if name not in {*said, "source", "to"} and own[name] != beside[name]]
    told = tuple(_field(name, own[name]) for name in names)
    return Phrase(" ({fields})", (("fields", told),)) if told else ""


FIELDS = {  # a field in which acts can differ → (the phrase for a value, the phrase for no value)
    "party": (marked("party {value}"), marked("no party")),
    "valid_on": (marked("day {value}"), marked("no day")),
    "reference": (marked("reference {value}"), marked("no reference")),
    "bank_reference": (marked("the bank's reference {value}"), marked("no reference of the bank")),
    "year": (marked("year {value}"), marked("no year")),
    "instalment": (marked("instalment {value}"), marked("no instalment")),
    "purpose": (marked("purpose {value}"), marked("no purpose")),
    "political_party": (marked("political party {value}"), marked("no political party")),
    "bloc": (marked("bloc {value}"), marked("no bloc")),
    "until": (marked("until {value}"), marked("no until")),
    "otherwise_decided": (marked("otherwise decided"), marked("no otherwise decided")),
}


def _field(name: str, value: object) -> Phrase:
    if isinstance(value, Day):
        return phrase("on {value}", value=value.text)
    if value is False:
        return phrase("not otherwise decided")
    some, none = FIELDS[name]
    said = value.text if isinstance(value, Day) else value
    return Phrase(none if said is None else some, (("value", said),))


def _outline(act: Event) -> tuple[Any, ...]:
    """Returns the values by which an act is matched with entries; of acts that are never compared, only the class."""
    match act:
        case CostBorne():
            return type(act), act.valid_on.text, act.kind, act.borne_by, act.for_party, act.description
        case MemberAppointed():
            return type(act), act.person, act.valid_on.text
        case PersonRegistered():
            return type(act), act.person
        case _:
            return (type(act), repr(act)) if isinstance(act, ONCE) else (type(act),)


def _told(act: Event, name: str | None = None) -> tuple[Any, ...]:
    """Returns everything that an act states, except its source and the day of a registration."""
    said = {key: value for key, value in structs.asdict(act).items() if key != "source"}
    if isinstance(act, PersonRegistered):
        said["name"] = name or act.name.text
        said["valid_on"] = None
    return tuple(said.values())
