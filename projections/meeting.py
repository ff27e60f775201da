"""One meeting as of a day: what the answer about its year says of it, who its persons are, and its entries."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from ledger.state.meetings import meeting_on
from projections.council import name_on
from projections.history import ToldEntry, Wanted, appeals_by_entry, history, tell
from projections.issued import Issued, issued
from projections.meetings import MeetingOfYear, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.timeline import Timeline


class OneMeeting(Struct, frozen=True, kw_only=True):
    """A meeting as of the day `on`. `standing` is None while no entry on the meeting is dated so early.

    `names` maps each person in `standing` to the name of that day, or to None once the name is disposed of. `entries`
    are the entries about the meeting and the answers to its recommendations, in order of position, later days included,
    and `papers` the papers about it that were issued.
    """

    on: date
    known_at: str
    meeting: str
    standing: MeetingOfYear | None
    names: dict[str, str | None]
    entries: tuple[ToldEntry, ...]
    papers: tuple[Issued, ...] = ()
    uncertain: tuple[int, ...] = ()


def meeting(timeline: Timeline, on: date, names: Mapping[int, str], which: str) -> OneMeeting | None:
    """Returns a meeting as of a day, or None if no entry is about such a meeting.

    `names` maps the position of a person's registration to the name, and `uncertain` holds the positions of the entries
    whose inexact day could change how the meeting stands.
    """
    own = history(timeline, names, Wanted(about=f"meeting:{which}")).entries
    if not own:
        return None
    answer, uncertain = timeline.seen_on(on).ask(lambda one: _meeting(one, on, names, which))
    places = {one.position for one in own} | {*(answer.standing.entries if answer.standing else ())}
    entries = tell(map(timeline.at, sorted(places)), timeline, names, appeals_by_entry(timeline))
    return structs.replace(answer, entries=entries, uncertain=uncertain)


def _meeting(timeline: Timeline, on: date, names: Mapping[int, str], which: str) -> OneMeeting:
    found = meeting_on(timeline, which, on)
    standing = told(timeline, found, on) if found else None
    return OneMeeting(
        on=on,
        known_at=f"@{timeline.head}",
        meeting=which,
        standing=standing,
        names={one: name_on(timeline, one, on, names) for one in sorted({*_persons(standing)})} if standing else {},
        entries=(),
        papers=issued(timeline, on, which),
    )


def _persons(one: MeetingOfYear) -> Iterator[str]:
    """Yields the id of each person that a meeting names, some more than once."""
    duties = (one.secretary, one.called_by, one.chaired_by, one.adjuster, one.signing, one.adjustment)
    yield from (person for person in duties if person)
    yield from (*one.present, *one.remote, *one.experts)
    for item in one.agenda:
        yield from (*item.recused, *item.reservations)
    for made in one.recommendations:
        yield from made.dissent
