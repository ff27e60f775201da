"""Applies the rule tables to entries and to days. The same functions are called when an entry is recorded and when the
ledger is audited.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import structs

from ledger.events.record import EntryAnnulled
from ledger.events.shape import mentions
from ledger.messages import Phrase, marked
from ledger.rules.beside import touched
from ledger.rules.doubt import certain
from ledger.rules.finding import Finding, passed, silent
from ledger.rules.provisions import OURS
from ledger.rules.reference import DEFINES
from ledger.rules.silences import silences
from ledger.rules.tables import DERIVED, EACH, FLAGS, FORBIDS, LASTING, STANDING, SUBJECTS, applies
from ledger.state.agreement import life, terms_on, version_from, version_on
from ledger.state.record import appeals_on
from ledger.timeline import past, remembered
from ledger.timeline.entries import by_class
from ledger.timeline.inexact import is_loose

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import date

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.rules.row import ByEvent, Rule, StandingRule
    from ledger.timeline import Timeline


BATCH = 32  # at most so many entries of one class are judged together


def judge(entry: Entry[Event], timeline: Timeline, table: ByEvent) -> list[Finding]:
    """Returns the findings of a table's rules on an entry, judged on the whole timeline.

    A finding that depends on which day a loosely dated entry has is returned as cannot-tell. An annulled entry has no
    findings.
    """
    rules = table[type(entry.event)]
    if not rules or entry.position in timeline.annulled_by:
        return []
    return certain(timeline, lambda one: _verdicts(one.placed(entry), rules, one), entry)


def judge_each(entries: Sequence[Entry[Event]], timeline: Timeline, table: ByEvent) -> dict[int, list[Finding]]:
    """Maps the position of each entry to what `judge` returns for the entry, in the order given.

    Entries of a class are judged in batches, except for loose and annulled entries.
    """
    found: dict[int, list[Finding]] = {entry.position: [] for entry in entries}
    for event, of_class in by_class(entries).items():
        if table[event]:
            annulled = timeline.annulled_by
            apart = [one for one in of_class if is_loose(one) or one.position in annulled]
            alone = {one.position: judge(one, timeline, table) for one in apart}
            together = [one for one in of_class if one.position not in alone] if alone else of_class
            found |= alone
            for start in range(0, len(together), BATCH):
                found |= _judge_batch(together[start : start + BATCH], timeline, table)
    return found


def _judge_batch(batch: Sequence[Entry[Event]], timeline: Timeline, table: ByEvent) -> dict[int, list[Finding]]:
    """Maps the position of each entry of a class to the findings on it.

    If a loose day can change something in the batch, its entries are judged one by one, since the findings on each may
    depend on other days.
    """
    rules = table[type(batch[0].event)]
    found, weighty = timeline.weighed(lambda one: [_verdicts(one.placed(entry), rules, one) for entry in batch])
    if weighty:
        found = [judge(entry, timeline, table) for entry in batch]
    return {entry.position: of_entry for entry, of_entry in zip(batch, found, strict=True)}


def forbidden_each(entries: Sequence[Entry[Event]], timeline: Timeline) -> dict[int, list[Finding]]:
    """Maps the position of each entry to what `forbidden` returns for the entry, in the order given."""
    found = judge_each([one for one in entries if not isinstance(one.event, EntryAnnulled)], timeline, FORBIDS)
    return {one.position: found[one.position] if one.position in found else forbidden(one, timeline) for one in entries}


def forbidden(entry: Entry[Event], timeline: Timeline) -> list[Finding]:
    """Returns the findings of the forbidding rules on an entry, judged on the whole timeline.

    For the annulment of a recording error, the findings include the breaches that the annulment would cause in other
    entries.
    """
    return _forbidden(entry, timeline, {})


def _forbidden(entry: Entry[Event], timeline: Timeline, known: dict[int, list[Finding]]) -> list[Finding]:
    """Returns what `forbidden` returns, from `known` if the entry has been judged before.

    An annulment asks about the annulments that it touches, and each of these again, so that without `known` a chain of
    annulments would take twice as long for each that is added.
    """
    if entry.position in known:
        return known[entry.position]
    known[entry.position] = found = judge(entry, timeline, FORBIDS)
    event = entry.event
    if (
        isinstance(event, EntryAnnulled)
        and event.cause == "recording-error"
        and entry.position not in timeline.annulled_by
    ):
        told = {position for one in found for position in one.entries}
        found += _cannot_stand(entry, timeline, told, known)
    return found


def irregular(entry: Entry[Event], timeline: Timeline) -> list[Finding]:
    """Returns the findings of both the forbidding and the flagging rules on an entry, judged on the whole timeline."""
    return [*forbidden(entry, timeline), *judge(entry, timeline, FLAGS)]


def _cannot_stand(
    entry: Entry[Any], timeline: Timeline, told: Collection[int], known: dict[int, list[Finding]]
) -> Iterator[Finding]:
    """Yields the breaches of forbidding rules in earlier entries that only the annulment `entry` causes.

    The entries at the positions `told` are skipped, since another finding reports that they rest on the annulled entry.
    `known` holds the findings on the entries that have been judged.
    """
    wrong = {}
    for other in touched(entry, timeline):
        if other.position < entry.position and other.position not in told:
            wrong[other.position] = refusals(_forbidden(other, timeline, known))
    wrong = {position: found for position, found in wrong.items() if found}
    if not wrong:
        return
    rest = _rest_of_its_append(entry, timeline)
    then = timeline.until(entry.position + len(rest))
    without = timeline.until(entry.position - 1).extended(
        [structs.replace(one, position=one.position - 1) for one in rest]
    )
    before: dict[int, list[Finding]] = {}
    by_its_append: dict[int, list[Finding]] = {}
    for position, found in wrong.items():
        other = timeline.at(position)
        earlier = refusals(_forbidden(other, without, before))
        by_then = refusals(_forbidden(other, then, by_its_append))
        for one in found:
            if one in by_then and one not in earlier:
                yield structs.replace(
                    one,
                    message=marked(
                        "without entry {annulled}, entry {standing} ({standing_event}) would be refused: {reason}"
                    ),
                    said={**one.said, "reason": Phrase(one.message, (*one.values.items(), *one.said.items()))},
                    values={**one.values, "annulled": entry.event.entry, "standing": position,
                            "standing_event": other.event.event_name},
                    entries=tuple(dict.fromkeys((entry.position, *one.entries))),
                )  # fmt: skip


def _rest_of_its_append(entry: Entry[Event], timeline: Timeline) -> list[Entry[Event]]:
    """Returns the entries that follow an entry in the same append: those with the same idempotency key."""
    rest: list[Entry[Event]] = []
    while (following := timeline.recorded(entry.position + len(rest) + 1)) is not None and following.key == entry.key:
        rest.append(following)
    return rest


def refusals(found: Iterable[Finding]) -> list[Finding]:
    """Returns the breaches among the findings of forbidding rules: the reasons to refuse the event.

    An act with a breach has no effect, whichever of its possible days is right. A finding with another verdict is no
    reason to refuse the event.
    """
    return [one for one in found if one.verdict == "breach"]


def passed_provisions(
    entry: Entry[Event], found: list[Finding], timeline: Timeline
) -> Iterator[tuple[str, str | None]]:
    """Yields (provision, section) for each provision that was judged on an entry, if no finding is about the provision.

    The ledger's own provisions give no pass.
    """
    wrong = {one.provision for one in found}
    rules = (*FORBIDS[type(entry.event)], *FLAGS[type(entry.event)])
    terms = terms_on(timeline, entry.event.valid_on.last)
    for provision in dict.fromkeys(slug for slug, _ in rules if applies(slug, entry.event)):
        if provision not in wrong and provision not in OURS:
            yield provision, terms.section(provision) if terms else None


def passes(entry: Entry[Event], found: list[Finding], timeline: Timeline) -> Iterator[Finding]:
    """Yields a pass for each of the `passed_provisions` of an entry."""
    for provision, _ in passed_provisions(entry, found, timeline):
        yield pass_of(entry, provision, timeline)


def pass_of(entry: Entry[Event], provision: str, timeline: Timeline) -> Finding:
    """Returns the finding that an entry is as a provision says."""
    fine = passed("entry {entry}, {event}, is as the provision says", entry=entry.position,
                  event=entry.event.event_name)  # fmt: skip
    return _completed(fine, provision, entry, timeline)


def standing(timeline: Timeline, on: date, provision: str | None = None) -> list[Finding]:
    """Returns the findings of the standing and lasting rules on a day, of all provisions or of one.

    Returns no findings for a day before the first day in force. From the end of the agreement on, only the lasting
    rules are judged.
    """
    return _of_the_day(timeline, on, (*STANDING, *LASTING), provision)


def derived(timeline: Timeline, on: date, provision: str | None = None) -> list[Finding]:
    """Returns the findings of the derived rules on a day, of all provisions or of one, and all with the verdict
    `silent`.

    The findings with the verdict `silent` are about the agreement's gaps and about appeals. None of the returned
    findings is a breach.
    """
    return [*_of_the_day(timeline, on, DERIVED, provision), *silences(timeline, on), *_appealed(timeline, on)]


def _appealed(timeline: Timeline, on: date) -> Iterator[Finding]:
    """Yields a finding with the verdict `silent` for each appeal, because the agreement gives an appeal no effect.

    The finding on an appeal cites the provision of the appealed decision.
    """
    for lodged, dismissed in appeals_on(timeline, on):
        decision = timeline.at(lodged.event.entry)
        message = marked("{decision}, entry {entry}, is appealed to {court}, which by itself has no effect")
        values: dict[str, Any] = {
            "decision": decision.event.event_name, "entry": decision.position, "court": lodged.event.court,
        }  # fmt: skip
        if dismissed is not None:
            message = marked("{decision}, entry {entry}, was appealed to {court}; the appeal was dismissed on {day}")
            values["day"] = dismissed.event.valid_on.text
        found = silent(message, subject=subject_of(decision.event), since=lodged.event.valid_on.last,
                       entries=(lodged.position, *([dismissed.position] if dismissed else [])), **values)  # fmt: skip
        yield _completed(found, decision.event.provision or "reference", decision, timeline)


def _of_the_day(
    timeline: Timeline, on: date, rules: tuple[tuple[str, StandingRule], ...], only: str | None
) -> list[Finding]:
    found: list[Finding] = []
    for provision in dict.fromkeys(slug for slug, _ in rules if only in {None, slug}):
        if provision in EACH:
            found += _of_each(timeline, on, provision)
        else:
            found += certain(timeline, partial(_standing_now, on=on, provision=provision))
    return found


def _of_each(timeline: Timeline, on: date, provision: str) -> list[Finding]:
    """Returns the findings of the rule in EACH. Only loose entries are judged one by one, since the finding on an entry
    depends on no other entry's day.
    """
    found = certain(timeline, lambda one: [*_of_exact(past(one, on), provision, _section(one, on, provision))])
    for entry in filter(is_loose, timeline.of(EACH[provision][1])):
        found = [*found, *certain(timeline, partial(_of_loose, on=on, provision=provision, entry=entry), entry)]
    return found


@remembered
def _of_exact(then: Timeline, provision: str, section: str | None) -> tuple[Finding, ...]:
    """Returns what the rule in EACH yields on the entries of exact days, which no move of a loose entry changes."""
    rule, event = EACH[provision]
    entries, move = then.as_recorded(event), then.moved
    if move is not None:
        return _of_exact(move.before, provision, section)
    told = (found for entry in entries if not is_loose(entry) for found in rule(entry))
    return tuple([_filled_in(found, provision, section) for found in told])


def _of_loose(timeline: Timeline, on: date, provision: str, entry: Entry[Event]) -> list[Finding]:
    """Returns what the rule in EACH yields on a loose entry on a day."""
    placed, section = timeline.placed(entry), _section(timeline, on, provision)
    told = EACH[provision][0](placed) if placed.event.valid_on.last <= on else ()
    return [_filled_in(found, provision, section) for found in told]


def _standing_now(timeline: Timeline, on: date, provision: str) -> list[Finding]:
    return list(_standing(timeline, on, provision))


def _verdicts(entry: Entry[Event], rules: tuple[tuple[str, Rule], ...], timeline: Timeline) -> list[Finding]:
    """Returns the findings of the rules on an entry."""
    return [
        _completed(found, provision, entry, timeline) for provision, rule in rules for found in rule(entry, timeline)
    ]


def _completed(found: Finding, provision: str, entry: Entry[Event], timeline: Timeline) -> Finding:
    """Returns a finding on an entry with provision, section, subject, day and entries filled in."""
    since = found.since or entry.event.valid_on.last
    terms = terms_on(timeline, since)
    return structs.replace(
        found,
        provision=provision,
        section=terms.section(provision) if terms else None,
        subject=found.subject or subject_of(entry.event),
        since=since,
        entries=tuple(dict.fromkeys((entry.position, *found.entries))),
    )


class Last:
    """The last finding on each provision and subject, so that what is remembered for many days is kept once."""

    def __init__(self) -> None:
        self._of: dict[str, dict[str, Finding]] = {}

    def same(self, found: Finding) -> Finding:
        """Returns the last finding if it equals this one, and keeps this one otherwise."""
        of = self._of.setdefault(found.provision, {})
        last = of.get(found.subject)
        if last == found:
            return last
        of[found.subject] = found
        return found


@remembered
def _standing(timeline: Timeline, on: date, provision: str) -> tuple[Finding, ...]:
    """Returns the findings on a provision on a day, with provision, section, subject and day filled in."""
    begun = version_from(life(timeline).in_force, on) is not None
    rules = (*DERIVED, *(STANDING if version_on(timeline, on) else ()), *(LASTING if begun else ()))
    told = (found for slug, rule in rules if slug == provision for found in rule(timeline, on))
    last = timeline.shared(Last)
    return tuple([last.same(found) for found in _of_day(told, timeline, on, provision)])


def _of_day(told: Iterable[Finding], timeline: Timeline, on: date, provision: str) -> Iterator[Finding]:
    """Yields findings with provision, section, subject and day filled in."""
    section = _section(timeline, on, provision)
    for found in told:
        yield _filled_in(found, provision, section, on)


def _section(timeline: Timeline, on: date, provision: str) -> str | None:
    """Returns the section of a provision in the terms that apply on a day."""
    terms = terms_on(timeline, on)
    return terms.section(provision) if terms else None


def _filled_in(found: Finding, provision: str, section: str | None, on: date | None = None) -> Finding:
    return structs.replace(found, provision=provision, section=section, subject=found.subject or "body:body",
                           since=found.since or on)  # fmt: skip


def subject_of(event: Event) -> str:
    """Returns the subject of an event as kind:id, such as `seat:sala/opposition-leader`."""
    template = SUBJECTS.get(type(event))
    if template is not None:
        return template.format(event)
    own = DEFINES.get(type(event))
    first = next((one for one in mentions(event) if own in (None, one.field)), None)
    return f"{first.shape.tag}:{first.id}" if first else f"event:{event.event_name}"
