"""The report of a half-year (halvårsrapport): what each group was to do, did, recommended and reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import BadInput
from ledger.messages import msg, term
from ledger.state.groups import half_year_span
from papers.notice import not_recorded
from papers.paper import Bar, Chart, Paper, Preformatted, flowing, newest_checkpoint
from presentation.asking import reports as question
from presentation.blocks import columns, entries, in_role, number, open_, text, title, whole
from presentation.groups import ROLES, sentence_of_reports
from presentation.parameters import half_year_given
from presentation.phrases import doubt, last_day, named
from presentation.words import party_text
from projections.half_year import half_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.paper import Ordered, Piece
    from presentation.blocks import Words
    from projections.half_year import GroupOfHalfYear, HalfYearOfGroups

MOST = 25  # bars of a chart, which stands on one page


def report(ordered: Ordered) -> Paper:
    """Returns the report of a half-year. Raises BadInput for an id that is none, and for one that has not begun."""
    asked = ordered.asked
    half = half_year_given(ordered.which)
    first, last = half_year_span(half)
    if first > asked.on:
        raise BadInput([(None, msg("{half} begins after the day asked about, {on}", half=half, on=asked.on))])
    found = half_year(asked.timeline, half, asked.on, asked.names())
    meaning, note = newest_checkpoint(ordered)
    return Paper(
        kind="report",
        title=msg("Report on {half:halfyear}", half=half),
        facts=(
            (msg("Period"), msg("{first:long} – {last:long}", first=first, last=last)),
            (msg("Day"), msg("{day:long}", day=asked.on)),
            (msg("Groups"), str(len(found.groups))),
        ),
        body=(
            sentence_of_reports(question(asked, half).found),
            *_overview(found),
            *_charts(found),
            *(piece for one in found.groups for piece in _group(one)),
            *doubt(found.uncertain),
            title(msg("Checkpoint")),
            Preformatted(str(meaning), note) if note else meaning,
        ),
    )


def _overview(found: HalfYearOfGroups) -> Iterator[Piece]:
    if not found.groups:
        yield open_(msg("No group is recorded for this half-year."))
        return
    rows = [
        (_name(one), _status(one), str(len(one.report.members)), str(len(one.meetings)), str(len(one.recommendations)))
        for one in found.groups
    ]
    heads = (text("Group", keep=True), text("Report", keep=True), number("Members"), number("Meetings"),
             number("Recommended"))  # fmt: skip
    yield title(msg("The groups"))
    yield columns(*heads, rows=rows)


def _name(one: GroupOfHalfYear) -> str:
    return one.report.name or one.report.group


def _status(one: GroupOfHalfYear) -> Words:
    word, day = term("report-status", one.report.status), one.report.received_on
    return in_role(msg("{status}, {day}", status=word, day=day) if day else word, ROLES[one.report.status])


def _charts(found: HalfYearOfGroups) -> Iterator[Piece]:
    met = [Bar(_name(one), len(one.meetings), str(len(one.meetings))) for one in found.groups]
    if any(one.value for one in met):
        yield _chart(msg("Meetings of the groups"), met)
    late = [_late(one) for one in found.groups if one.days]
    if late:
        yield _chart(msg("Days after the last day to report"), late)


def _late(one: GroupOfHalfYear) -> Bar:
    missing = one.missing_since is not None
    days = msg("{days:day|days}", days=one.days)
    return Bar(_name(one), one.days, msg("{days}, still missing", days=days) if missing else days, wrong=missing)


def _chart(caption: str, bars: list[Bar]) -> Chart:
    """Returns a chart of the longest bars, at most MOST, whose alternative text says the value of each."""
    shown = sorted(bars, key=lambda bar: -bar.value)[:MOST]
    if len(bars) > MOST:
        caption = msg("{caption}: the {shown} longest of {all}", caption=caption, shown=MOST, all=len(bars))
    figures = "; ".join(msg("{group}: {value}", group=bar.label, value=bar.text) for bar in shown)
    return Chart(caption, msg("{caption}. {figures}.", caption=caption, figures=figures), tuple(shown))


def _group(one: GroupOfHalfYear) -> Iterator[Piece]:
    told = one.report
    yield title(msg("{name} ({kind:kind})", name=_name(one), kind=one.kind))
    yield (
        msg("Set up on {since:long}; its last day was {last:long}.", since=one.since, last=last_day(one.until))
        if (one.until)
        else msg("Set up on {since:long}.", since=one.since)
    )
    yield (
        msg("Assignment: {text}", text=flowing(one.assignment))
        if one.assignment
        else open_(msg("Assignment: not decided"))
    )
    yield from _report(one)
    if told.members:
        rows = [(named(member.person, member.name), party_text(member.party)) for member in told.members]
        yield columns(text("Member", keep=True), text("Party", keep=True), rows=rows)
    else:
        yield open_(msg("No members."))
    yield from _meetings(one)
    yield from _recommendations(one)


def _report(one: GroupOfHalfYear) -> Iterator[Piece]:
    """Yields what the group reported, or since when the report is missing."""
    told = one.report
    if one.missing_since:
        missing = msg(
            "The report is missing since {since:long}; its last day was {due:long}.",
            since=one.missing_since, due=told.due,
        )  # fmt: skip
        yield in_role(missing, "wrong")
    elif told.received_on is None:
        yield (
            msg("No report is received; its last day is {due:long}.", due=told.due)
            if told.owed
            else msg("The group owes no report for this half-year.")
        )
    else:
        yield _received(one)
    for later in told.later_versions:
        yield msg(
            "A later version, received on {day:long}: {summary}", day=later.received_on, summary=flowing(later.summary)
        )


def _received(one: GroupOfHalfYear) -> str | Words:
    told = one.report
    if told.days_late:
        late = msg(
            "Report received on {day:long}, {days:day|days} late: {summary}",
            day=told.received_on, days=told.days_late, summary=flowing(told.summary or ""),
        )  # fmt: skip
        return open_(late)
    return msg("Report received on {day:long}: {summary}", day=told.received_on, summary=flowing(told.summary or ""))


def _meetings(one: GroupOfHalfYear) -> Iterator[Piece]:
    if not one.meetings:
        yield msg("No meeting of the group is recorded in the half-year.")
        return
    rows = [
        (msg("{day:when}", day=met.on), str(len(met.present)),
         ", ".join(named(person, name) for person, name in met.present.items()), str(met.entry))
        for met in one.meetings
    ]  # fmt: skip
    heads = (whole("Met on", keep=True), number("How many", keep=True), text("Who was present"), entries("Entry"))
    yield columns(*heads, rows=rows)


def _recommendations(one: GroupOfHalfYear) -> Iterator[Piece]:
    if not one.recommendations:
        yield msg("The group left no recommendation in the half-year.")
        return
    rows = [
        (flowing(made.made.text) if at == 0 else "", _addressee(to), _answer(to, answer))
        for made in one.recommendations
        for at, (to, answer) in enumerate(made.answers.items())
    ]
    yield columns(text("Recommendation", keep=True), whole("To"), whole("Answer", keep=True), rows=rows)


def _addressee(to: str) -> str:
    return term("organ", "body") if to == "body" else party_text(to)


def _answer(to: str, answer: str | None) -> str | Words:
    if answer:
        return term("answer", answer)
    return not_recorded() if to == "body" else open_(msg("no answer yet"))
