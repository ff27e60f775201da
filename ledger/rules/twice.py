"""Rules for likely duplicates: acts recorded twice, and political parties spelt in two ways."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar, cast
from unicodedata import normalize

from ledger.events.costs import CostBorne, ProjectFunded
from ledger.events.groups import GroupMemberAppointed, GroupMet, GroupOfficerAssigned
from ledger.events.officials import ActivityHeld, OfficeTaken
from ledger.events.posts import ExpertCoopted
from ledger.events.seats import BoardComposed, MemberAppointed, MemberChanged
from ledger.events.shape import tags_of, values_of
from ledger.rules.finding import cannot_tell
from ledger.rules.row import Rules
from ledger.timeline import remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline

E = TypeVar("E", bound="Event")

# The events of which no other rule refuses or flags a second entry.
ONCE: tuple[type[Event], ...] = (
    CostBorne,
    ProjectFunded,
    ActivityHeld,
    GroupMet,
    GroupMemberAppointed,
    GroupOfficerAssigned,
    ExpertCoopted,
    OfficeTaken,
)


def as_recorded(entry: Entry[E], timeline: Timeline) -> E:
    """Returns the event as recorded, even if the timeline has replaced its loose day by the earliest possible date."""
    if timeline.moved is None:
        return entry.event
    return cast("E", (timeline.recorded(entry.position) or entry).event)


def recorded_once(entry: Entry[Any], timeline: Timeline) -> Iterator[Finding]:
    """duplicate: an act with the same fields as an entry recorded earlier, except `source`, may be the same act."""
    first = repeated(timeline, type(entry.event), next(iter(tags_of(entry.event)), "")).get(entry.position)
    if first is not None:
        yield cannot_tell("{event} on {day} is recorded already, by entry {entry}", event=entry.event.event_name,
                          day=as_recorded(entry, timeline).valid_on.text, entry=first, entries=(first,))  # fmt: skip


@remembered
def repeated(timeline: Timeline, kind: type[Event], tag: str) -> dict[int, int]:
    """Maps each act of a kind with a tag whose content an earlier entry has, to the first position of that content.

    Acts with the same content have the same tags, so it is enough to compare those that share one.
    """
    return firsts((entry.position, _said(entry, timeline)) for entry in timeline.as_recorded(kind, tag))


def firsts(said: Iterable[tuple[int, tuple[Any, ...]]]) -> dict[int, int]:
    """Maps each position whose content stands at an earlier position, too, to the first position of that content."""
    first: dict[tuple[Any, ...], int] = {}
    found: dict[int, int] = {}
    for position, content in sorted(said, key=itemgetter(0)):
        if (one := first.setdefault(content, position)) != position:
            found[position] = one
    return found


def party_named_alike(
    entry: Entry[MemberAppointed | MemberChanged | BoardComposed], timeline: Timeline
) -> Iterator[Finding]:
    """duplicate: political parties whose names differ only in case, blanks or Unicode form may be the same.

    Yields the finding for the entry that first uses the later spelling.
    """
    of_names = names_of_political_parties(timeline)
    for name in sorted(_political_parties(entry.event)):
        (first, written), *others = of_names[_folded(name)]
        if name != written and (entry.position, name) in others:
            yield cannot_tell(
                "political party {name} is probably {other}, as spelt in entry {entry}; if so, annul this entry, and "
                "record it with that spelling",
                name=name, other=written, entry=first, entries=(first,),
            )  # fmt: skip


@remembered
def names_of_political_parties(timeline: Timeline) -> dict[str, list[tuple[int, str]]]:
    """Maps each folded name of a political party to (position of the first entry, spelling) of each of its spellings.

    The spellings are ordered by position.
    """
    first: dict[str, int] = {}
    for entry in timeline.of_any(MemberAppointed, MemberChanged, BoardComposed):
        for name in _political_parties(entry.event):
            first[name] = min(entry.position, first.get(name, entry.position))
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for position, name in sorted((position, name) for name, position in first.items()):
        found[_folded(name)].append((position, name))
    return dict(found)


def _political_parties(event: MemberAppointed | MemberChanged | BoardComposed) -> set[str]:
    if isinstance(event, BoardComposed):
        return {*event.seats}
    return {event.political_party} if event.political_party is not None else set()


def _folded(name: str) -> str:
    return "".join(normalize("NFKC", normalize("NFKC", name).casefold()).split())


def _said(entry: Entry[Any], timeline: Timeline) -> tuple[Any, ...]:
    """Returns the values of all fields of an event except `source`."""
    event: Event = as_recorded(entry, timeline)
    return _but_source(type(event))(event)


@cache
def _but_source(event: type[Event]) -> Callable[[Event], tuple[Any, ...]]:
    return values_of(*(name for name in event.__struct_fields__ if name != "source"))


RULES = Rules(
    flags=(
        ("duplicate", recorded_once, ONCE),
        ("duplicate", party_named_alike, (MemberAppointed, MemberChanged, BoardComposed)),
    ),
)
