"""The row types of the rule tables: which rule of which provision judges which events or days.

The rows themselves are in the chapters, one `RULES` each.
"""

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
OfEvents = tuple[tuple[str, Rule, tuple[type[Event], ...]], ...]  # (provision, rule, the events that the rule judges)
Owing = Callable[["Timeline", "date", "date"], "Iterator[Obligation]"]  # obligations seen on a day, due by another
ByEvent = Mapping[type[Event], tuple[tuple[str, Rule], ...]]  # event → its (provision, rule) pairs, in order
OfDays = tuple[tuple[str, StandingRule], ...]  # (provision, rule)


class Rules(Struct, frozen=True, kw_only=True):
    """The tables of a chapter's rules.

    forbids: rules whose breach leaves an act without effect, so the act is refused.
    flags: rules on acts that happened although irregular, so the act is recorded and the finding is shown for ever.
    standing: rules about a day, judged only on days when the agreement is in force.
    lasting: rules about a day that are judged from the first day in force and also after the end of the agreement.
    derived: rules that report on any day what follows from the record. A derived rule never yields a breach, and its
    findings are shown only when all findings are asked for.
    open: provision → the task shown for as long as a standing or lasting rule finds a breach; None where the finding's
    own message states the task.
    owed: functions that yield the obligations seen on a day and due by a later day. Each obligation is also judged,
    like a lasting rule.
    obligations: functions like those in `owed`, but whose obligations yield no finding.
    subjects: event → the template, over the event's own fields, of the subject (kind:id) that its findings are about.
    applies: provision → the test of whether the provision applies to an event, where it applies to only some.
    """

    forbids: OfEvents = ()
    flags: OfEvents = ()
    standing: OfDays = ()
    lasting: OfDays = ()
    derived: OfDays = ()
    open: dict[str, str | None] = {}
    owed: tuple[tuple[str, Owing], ...] = ()  # (provision, the function that yields the obligations)
    obligations: tuple[Owing, ...] = ()
    subjects: dict[type[Event], str] = {}
    applies: dict[str, Callable[[Any], bool]] = {}
