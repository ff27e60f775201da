"""The events of a file that is imported, sorted into new acts, acts recorded already and acts that differ from one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.errors import BadInput, Refused
from ledger.events.parse import parse_event
from ledger.messages import msg
from projections.twice import differing, likely_twice
from recording.line_faults import Faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.book import Ledger
    from ledger.events import Event
    from ledger.timeline import Timeline
    from projections.twice import Twice
    from recording.line_faults import Lines


MOST_TOLD = 20  # rows of one kind that are told one by one


class NothingNew(Exception):
    """Every event of the file is in the ledger already, or was there and is annulled."""


class Sorting:
    """The events of a file, sorted into new events, events already recorded, and events that differ from an entry.

    `events` are the events to record, and `skipped` the events already recorded. `replaced` lists the entries replaced
    by rows, with the other entries that each row also matches, and `annulled` the rows that are not recorded because
    the entry of the same payment is annulled. `places` maps the position of each entry to its
    line in the file.
    """

    def __init__(
        self, ledger: Ledger, lines: Lines | Callable[[Timeline], Lines], *, replaced_on: str | None, again: bool,
        restores: bool = False,
    ) -> None:  # fmt: skip
        """Takes the events of a file, or a function that gives them for the entries before them. `again` records rows
        that differ as other acts, and it or `restores` records payments whose entry is annulled.
        """
        self.ledger, self.replaced_on, self.again, self.restores = ledger, replaced_on, again, restores or again
        self.read = lines if callable(lines) else lambda _: lines
        self.lines: Lines = []
        self.events: list[Event] = []
        self.skipped: list[dict[str, int]] = []
        self.replaced: list[dict[str, Any]] = []
        self.annulled: list[dict[str, int]] = []
        self.places: dict[int, int] = {}

    def acts(self, timeline: Timeline) -> list[Event]:
        """Returns the events to record after the entries of `timeline`.

        Raises Refused when a row differs from an entry and is neither to replace the entry nor to be another act, and
        NothingNew when there is nothing to record.
        """
        self.lines = self.read(timeline)
        found = likely_twice(timeline, [event for _, event in self.lines], self.ledger.names())
        self.skipped = [{"line": self.lines[place][0], "entry": entry} for place, entry in found.there.items()]
        if found.changed and self.replaced_on is None and not self.again:
            self.places = {entry: self.lines[place][0] for place, entry in found.changed.items()}
            beside = [
                (self.lines[place][1], entry, found.others.get(place, ())) for place, entry in found.changed.items()
            ]
            told = [differing(timeline, act, entry, others) for act, entry, others in beside]
            raise Refused(told)
        if self.replaced_on:
            self._refuse_several(found)
        self.replaced = [
            {"line": self.lines[place][0], "entry": entry, "others": found.others.get(place, ())}
            for place, entry in found.changed.items()
            if self.replaced_on
        ]
        left = {} if self.restores else found.annulled
        self.annulled = [{"line": self.lines[place][0], "entry": entry} for place, entry in left.items()]
        first = [_replaced(entry, self.replaced_on) for entry in found.changed.values() if self.replaced_on]
        kept = [line for place, line in enumerate(self.lines) if place not in found.there and place not in left]
        start = timeline.head + len(first) + 1
        self.places = {start + place: line for place, (line, _) in enumerate(kept)}
        self.events = [*first, *(event for _, event in kept)]
        if not self.events:
            raise NothingNew
        return self.events

    def _refuse_several(self, found: Twice) -> None:
        """Raises BadInput where a row replaces an entry that another row is matched with."""
        first: dict[int, int] = {}
        faults = Faults()
        for place, entry in sorted((found.there | found.changed).items()):
            line, before = self.lines[place][0], first.setdefault(entry, place)
            if before != place and (place in found.changed or before in found.changed):
                what = msg("it is the payment of entry {entry}, and so is line {line}, which says otherwise: keep one",
                           entry=entry, line=self.lines[before][0])  # fmt: skip
                faults.add(line, what)
        if faults.told:
            raise BadInput(faults.told, faults.unsaid)

    def said(self) -> str:
        """Returns lines for people: how many rows were skipped, and which other entries a replacing row matches."""
        skipped = msg("{rows:row|rows} skipped: in the ledger already", rows=len(self.skipped))
        lines = [
            msg(
                "entry {entry} is replaced, and {others:?entry|entries} {others} {others:?matches|match} the row as"
                " well [line {line}]",
                entry=one["entry"], others=tuple(one["others"]), line=one["line"],
            )
            for one in self.replaced
            if one["others"]
        ]  # fmt: skip
        back = [
            msg(
                "entry {entry}, of the same payment, is annulled, so it is not recorded again; --again records it "
                "[line {line}]",
                entry=one["entry"],
                line=one["line"],
            )
            for one in self.annulled[:MOST_TOLD]
        ]
        if (more := len(self.annulled) - MOST_TOLD) > 0:
            back.append(msg("and {more:grouped} more", more=more))
        return "\n".join([*([skipped] if self.skipped else []), *lines, *back])

    def more(self) -> dict[str, Any]:
        """Returns the rows skipped, the entries replaced and any rows whose entry is annulled, as data for programs."""
        found: dict[str, Any] = {"skipped": self.skipped, "replaced": self.replaced}
        return found | {"annulled": self.annulled} if self.annulled else found


def _replaced(entry: int, on: str) -> Event:
    reason = "replaced by the row of an import that says otherwise"  # recorded: the same in every language
    said = {"entry": entry, "cause": "recording-error", "reason": reason}
    return parse_event({"event": "entry-annulled", "valid_on": on, "source": {"organ": "secretariat"}, **said})
