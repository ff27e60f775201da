"""The rows of the tables: which rule, of which provision, judges which events or days. Each chapter has its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ledger.events import Event

if TYPE_CHECKING:
    from datetime import date

    from ledger.encoding import Entry
    from ledger.rules.finding import Finding
    from ledger.rules.obligation import Obligation
    from ledger.timeline import Timeline

Rule = Callable[["Entry[Any]", "Timeline"], "Iterator[Finding]"]
StandingRule = Callable[["Timeline", "date"], "Iterator[Finding]"]
OfEvents = tuple[tuple[str, Rule, tuple[type[Event], ...]], ...]  # (provision, rule, the events that it judges)
Owing = Callable[["Timeline", "date", "date"], "Iterator[Obligation]"]  # on a day, of those due by another
ByEvent = Mapping[type[Event], tuple[tuple[str, Rule], ...]]  # what judges an event, of which provision, in order
OfDays = tuple[tuple[str, StandingRule], ...]  # (provision, rule)


class Rules(Struct, frozen=True, kw_only=True):
    """The rows of a chapter.

    forbids: an act that breaks one has no effect, so it is refused.
    flags: an irregular act did happen, so it is recorded, and shown for ever.
    standing: what should be true on a day in force.
    lasting: what was owed before the end goes on after it, judged from the first day in force on.
    derived: what follows from the record on any day, told when everything is asked for, never a breach.
    open: by provision, what is to be done for as long as a standing or lasting rule finds something wrong; None where
    the rule's own sentence says it.
    owed: what somebody has to do, as a day knows it, until another; what became of it is judged as what is lasting.
    obligations: the same, where no finding comes of it.
    subjects: what is judged, kind:id, by the event's own fields.
    applies: of which of an event's kind a provision speaks, where it is not of all.
    """

    forbids: OfEvents = ()
    flags: OfEvents = ()
    standing: OfDays = ()
    lasting: OfDays = ()
    derived: OfDays = ()
    open: dict[str, str | None] = {}
    owed: tuple[tuple[str, Owing], ...] = ()  # (provision, what tells the obligations)
    obligations: tuple[Owing, ...] = ()
    subjects: dict[type[Event], str] = {}
    applies: dict[str, Callable[[Any], bool]] = {}
