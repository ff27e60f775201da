"""The row types of the rule tables: which rule of which provision judges which events or days.

The module for each chapter of the agreement has its own rows, in its `RULES`.
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
RuleOfEntry = Callable[["Entry[Any]"], "Iterator[Finding]"]
StandingRule = Callable[["Timeline", "date"], "Iterator[Finding]"]
OfEvents = tuple[tuple[str, Rule, tuple[type[Event], ...]], ...]  # (provision, rule, the events that the rule judges)
Owing = Callable[["Timeline", "date", "date"], "Iterator[Obligation]"]  # obligations seen on a day, due by a later day
ByEvent = Mapping[type[Event], tuple[tuple[str, Rule], ...]]  # event → its (provision, rule) pairs, in order
OfDays = tuple[tuple[str, StandingRule], ...]  # (provision, rule)
OfEntries = tuple[tuple[str, RuleOfEntry, type[Event]], ...]  # (provision, rule, the event that the rule reports on)
Applying = dict[str, dict[type[Event], Callable[[Any], bool]]]  # provision → event → the test of whether it applies


class Rules(Struct, frozen=True, kw_only=True):
    """The tables of the rules of one chapter of the agreement.

    `forbids` holds rules whose breach leaves an act without effect, so the act is refused. `flags` holds rules on acts
    that happened although irregular, so the act is recorded and the finding shown for ever. `standing` holds rules
    about a day that are judged only on days when the agreement is in force. `lasting` holds rules about a day that are
    judged from the first day in force on, also after the end of the agreement. `derived` holds rules that report on any
    day what follows from the record. A derived rule never yields a breach, and its findings are shown only when all
    findings are asked for. `derived_of` holds derived rules that report on each entry of an event from its day on;
    no other rule may report on their provisions. `open` maps a provision to the task that is shown for as long as a
    standing or lasting rule of the provision yields a breach. A task in `open` is None if the message of the finding
    already states the task. `owed` holds functions that yield the obligations seen on a day and due by a later day.
    Each obligation from `owed` is also judged, as by a lasting rule. `obligations` holds functions that yield
    obligations on which there are no findings. `subjects` maps an event to the template, over the event's own fields,
    of the subject (kind:id) of its findings. `applies` maps a provision that does not apply to every event of a class
    to that class and the test of whether the provision applies to an event of the class. To events of other classes the
    provision applies.
    """

    forbids: OfEvents = ()
    flags: OfEvents = ()
    standing: OfDays = ()
    lasting: OfDays = ()
    derived: OfDays = ()
    derived_of: OfEntries = ()
    open: dict[str, str | None] = {}
    owed: tuple[tuple[str, Owing], ...] = ()  # (provision, the function that yields the obligations)
    obligations: tuple[Owing, ...] = ()
    subjects: dict[type[Event], str] = {}
    applies: Applying = {}
