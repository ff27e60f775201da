"""Every entry's findings, each kept until something that it was read from changes. No days' own findings here."""

from __future__ import annotations

from datetime import date
from inspect import unwrap
from threading import Lock
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ledger.rules.costs.payments import first_alike, first_of_bank
from ledger.rules.finding import Finding
from ledger.rules.judge import irregular, passed_provisions
from ledger.rules.twice import repeated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.timeline import Timeline
    from ledger.timeline.memo import Span

    Region = tuple[int, tuple[date, date], tuple[date, date]]  # the first head, and the days, of a span
    Verdicts = tuple[tuple[str, str | None, str], ...]  # (provision, section, verdict) of each

FEW = 2_000  # up to this many entries are fetched one by one

# An entry takes from these only which earlier entry has its content, or its day and its reference of the bank. The two
# are seen on the same days.
LASTING = frozenset(unwrap(one) for one in (repeated, first_alike, first_of_bank))


class Source:
    """What some entries' findings were read from, and the timelines in which all of these findings hold."""

    __slots__ = ("reads", "region", "span")

    def __init__(self, reads: frozenset[Any]) -> None:
        self.reads = reads
        self.span: Span | None = None
        self.region: Region | None = None  # what tells the span from others; the same object while nothing read moves

    def move_to(self, timeline: Timeline) -> None:
        """Computes the span anew if it does not hold in the timeline."""
        if self.span is None or not timeline.holds(self.span):
            self.span = timeline.span_around(self.reads)
            region = self.span.heads[0], self.span.days, self.span.ons
            if region != self.region:
                self.region = region


class Counted(Struct, frozen=True, eq=False, gc=False):
    """What many entries have alike: their verdicts as (provision, section, verdict) and, last, their `passes`.

    `verdicts` leaves out breaches. Of what is alike there is one object, found by its identity.
    """

    verdicts: Verdicts
    passes: Verdicts


ELSEWHERE = 0, (date.max, date.min), (date.max, date.min)  # the region of no source
UNSEEN = Source(frozenset())  # that of entries which no timeline has shown yet
NOTHING = Counted((), ())


class Judged(Struct, frozen=True, gc=False):
    """The findings on an entry, without the passes, and what there is to count.

    The findings hold while `region` is that of `source`. From the day `settled` on, all of them stand, the entry has
    no breach, and `counted` holds every verdict on it; if `settled` is None, there is no such day. Entries that no
    timeline has shown yet share one with their first possible day, at no position.
    """

    position: int
    first: date
    last: date
    found: tuple[Finding, ...] = ()
    counted: Counted = NOTHING
    settled: date | None = None
    source: Source = UNSEEN
    region: Region | None = ELSEWHERE


class Audit:
    """The findings on each entry of a log. Several threads may use it, and one at a time judges what is lacking."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._judged: list[Judged | None] = []
        self._sources: dict[frozenset[Any], Source] = {}
        self._reads: dict[Any, Any] = {}  # each thing read, to itself, so that sources share it
        self._counted: dict[tuple[Verdicts, Verdicts], Counted] = {}
        self._unseen: dict[date, Judged] = {}
        self._is_asked = False

    def is_asked_again(self) -> bool:
        """Whether this has been called before."""
        again, self._is_asked = self._is_asked, True
        return again

    def of(self, timeline: Timeline) -> list[Judged]:
        """Returns the findings on each entry that counts in the timeline, in order of position."""
        with self._lock:
            return self._of(timeline)

    def _of(self, timeline: Timeline) -> list[Judged]:
        judged = self._judged
        judged += [None] * (timeline.head - len(judged))
        for source in list(self._sources.values()):
            source.move_to(timeline)
        day, annulled, known = timeline.day, timeline.annulled_by, len(self._sources)
        lacking = [
            place
            for place, one in enumerate(judged[: timeline.head], 1)
            if one is None or (one.region is not one.source.region and (day is None or one.first <= day))
        ]
        for entry in _entries(timeline, lacking):
            on = entry.event.valid_on
            if entry.position not in annulled and (day is None or on.first <= day):
                judged[entry.position - 1] = self._judge(entry, timeline)
            elif judged[entry.position - 1] is None:
                judged[entry.position - 1] = self._unseen.setdefault(on.first, Judged(0, on.first, on.last))
        if len(self._sources) > known:  # what nothing rests on any more is dropped
            kept = (one.source for one in judged if one is not None and one.source is not UNSEEN)
            self._sources = {source.reads: source for source in kept}
        return [
            one
            for place, one in enumerate(judged[: timeline.head], 1)
            if one is not None and (day is None or one.first <= day) and place not in annulled
        ]

    def _judge(self, entry: Entry[Event], timeline: Timeline) -> Judged:
        def verdicts(one: Timeline) -> tuple[list[Finding], Verdicts]:
            found = irregular(entry, one)
            passed = passed_provisions(entry, found, one)
            return found, tuple((provision, section, "pass") for provision, section in passed)

        (found, passes), reads = timeline.traced(verdicts, LASTING)
        source = self._sources.get(reads)
        if source is None:
            source = Source(frozenset([self._reads.setdefault(one, one) for one in reads]))
            self._sources[source.reads] = source
        source.move_to(timeline)
        told = tuple((one.provision, one.section, one.verdict) for one in found if one.verdict != "breach")
        on = entry.event.valid_on
        return Judged(
            position=entry.position,
            first=on.first,
            last=on.last,
            found=tuple(found),
            counted=self._counted.setdefault((told, passes), Counted(told, passes)),
            settled=_settled(on.last, found),
            source=source,
            region=source.region,
        )


def _settled(last: date, found: list[Finding]) -> date | None:
    """Returns the day from which on findings stand for good, if none of them is a breach, and an entry passes."""
    if any(one.verdict == "breach" or one.until is not None for one in found):
        return None
    return max([last, *(begun for one in found if (begun := one.learnt or one.since))])


def _entries(timeline: Timeline, positions: list[int]) -> Iterator[Entry[Event]]:
    """Yields the entries at some positions, in order of position."""
    if len(positions) <= FEW:
        yield from map(timeline.at, positions)
        return
    wanted = set(positions)
    yield from (entry for entry in timeline.passing() if entry.position in wanted)
