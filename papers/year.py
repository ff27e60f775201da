"""The report of a year to the assemblies (årsredogörelse till fullmäktige): what each of them should be told."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from msgspec import structs

from ledger.errors import BadInput
from ledger.messages import kronor, msg, term
from ledger.state.groups import groups
from ledger.values import EARLIEST, LATEST, quoted
from papers.paper import Paper, flowing
from papers.readings import read_as
from papers.sentences import told as told_finding
from papers.sentences import without_hints
from presentation import asking
from presentation.agreement import decisions_of, pending
from presentation.agreement import sentence as sentence_of_agreement
from presentation.blocks import columns, entries, in_role, number, open_, text, title, whole
from presentation.costs.year import body as laid_out_costs
from presentation.costs.year import sentence as sentence_of_costs
from presentation.findings import finding_row
from presentation.groups import ROLES
from presentation.phrases import doubt, named
from presentation.words import party_text, provision_line
from projections.agreement import Reading
from projections.readings import readings_of_day
from projections.year_in_force import year_in_force

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.rules.finding import Finding
    from papers.paper import Ordered, Piece
    from presentation.asking import Asking
    from presentation.blocks import Words
    from presentation.costs.year import YearOfCosts
    from projections.agreement import Agreement, Board
    from projections.attendance import Attendance, Attendant
    from projections.findings import Findings
    from projections.meetings import MeetingOfYear, Meetings, Recommended
    from projections.reports import Report, Reports
    from projections.year_in_force import YearInForce

Row = tuple["str | Words", ...]


def year(ordered: Ordered) -> Paper:
    """Returns the report of a year. Raises BadInput for an id that is no year, and for a year that has not begun."""
    asked, which = ordered.asked, _year(ordered)
    last = min(asked.on, date(which, 12, 31))
    agreement = asking.agreement(asked._replace(on=last)).found
    meetings = asking.meetings(asked, which).found
    halves = tuple(f"{which}{half}" for half in ("H1", "H2"))
    attendance = tuple(asking.attendance(asked, half).found for half in halves)
    reports = tuple(asking.reports(asked, half).found for half in halves)
    costs = asking.costs(asked, which).found
    force = year_in_force(asked.timeline, which, asked.on)
    answers = (agreement, meetings, force, *attendance, *reports)
    uncertain = tuple(sorted({entry for one in answers for entry in one.uncertain}))
    return Paper(
        kind="year",
        title=msg("Report to the assemblies on {year}", year=which),
        facts=(
            (msg("Period"), msg("{first:long} – {last:long}", first=date(which, 1, 1), last=last)),
            (msg("Day"), msg("{day:long}", day=asked.on)),
            (msg("Meetings held"), _held(meetings, force)),
            (msg("Level"), _level(costs)),
        ),
        body=(
            *_agreement(agreement),
            *_meetings(meetings, force),
            *_attendance(attendance),
            *_recommendations(meetings),
            *_reports(reports),
            *_costs(costs),
            *_findings(asked, which),
            *doubt(uncertain),
        ),
    )


def _year(ordered: Ordered) -> int:
    which, on = ordered.which, ordered.asked.on
    if not re.fullmatch(r"\d{4}", which, re.ASCII) or not EARLIEST.year <= int(which) <= LATEST.year:
        raise BadInput([(None, msg("{value} is not a year such as 2025", value=quoted(which)))])
    if int(which) > on.year:
        raise BadInput([(None, msg("{year} begins after the day asked about, {on}", year=which, on=on))])
    return int(which)


def _held(found: Meetings, force: YearInForce) -> str:
    held = str(found.held)
    if found.required is not None and force.extent == "whole":
        held = msg("{held} of {required}", held=found.held, required=found.required)
    extra = len(_uncounted(found))
    return msg("{held}, and {extra} extra", held=held, extra=extra) if extra else held


def _uncounted(found: Meetings) -> tuple[str, ...]:
    """Returns the extra meetings that were held, if they are not counted among those of the year."""
    held = [one for one in found.meetings if one.status == "held"]
    return tuple(one.meeting for one in held if one.extra) if len(held) > found.held else ()


def _level(told: YearOfCosts) -> str | Words:
    level = told.costs.level
    return open_(msg("unknown")) if level is None else kronor(level)


def _agreement(found: Agreement) -> Iterator[Piece]:
    yield title(msg("The agreement"))
    yield sentence_of_agreement(found)
    if found.version is not None:
        yield _decisions(found)
    for board in found.pending:
        yield title(pending(board, found.names))
        yield _decisions(board)


def _decisions(board: Agreement | Board) -> Piece:
    rows = [(party_text(party), decided, on, entry) for party, decided, on, entry in decisions_of(board)]
    return columns(
        whole("Party", keep=True), text("Assembly", keep=True), whole("On", keep=True), entries("Entry"), rows=rows
    )


def _meetings(found: Meetings, force: YearInForce) -> Iterator[Piece]:
    yield title(msg("The meetings"))
    yield from _counted(found, force)
    if not found.meetings:
        yield ""
        yield open_(msg("No meeting of the year is recorded."))
        return
    heads = (whole("Day", keep=True), text("Meeting", keep=True), whole("Status", keep=True), number("Present"),
             whole("Signed"), whole("Adjusted"))  # fmt: skip
    yield columns(*heads, rows=[_meeting(one, found.unsaid) for one in found.meetings])


def _counted(found: Meetings, force: YearInForce) -> Iterator[Piece]:
    """Yields how many meetings were held and are called, which are not counted, and of which nothing is recorded."""
    if found.required is not None and force.extent == "whole":
        yield msg(
            "By {on:long} the body had held {held} of the {required:meeting|meetings} required in {year}.",
            on=found.on, held=found.held, required=found.required, year=found.year,
        )  # fmt: skip
    else:
        yield msg(
            "By {on:long} the body had held {held:meeting|meetings|no meeting} in {year}.",
            on=found.on, held=found.held, year=found.year,
        )  # fmt: skip
        yield ""
        if force.extent == "none":
            yield msg("No agreement was in force in {year}, so that none was required.", year=found.year)
        else:
            yield msg("The agreement asks for a number of meetings only in a year in which it is in force throughout.")
    if found.called:
        yield ""
        yield msg("{called:more meeting is called|more meetings are called}.", called=found.called)
    if extra := _uncounted(found):
        yield ""
        yield msg(
            "Not counted {extra:?is|are} {extra}, held only because {extra:?it was|they were} requested.", extra=extra
        )
    if found.unsaid:
        yield ""
        yield open_(msg("The day of {meetings} has passed, and nothing is recorded of it: neither that the meeting was"
                        " held, nor that it was moved or cancelled.", meetings=found.unsaid))  # fmt: skip


def _meeting(one: MeetingOfYear, unsaid: tuple[str, ...]) -> Row:
    place = ", ".join(part for part in (one.meeting, one.place, msg("extra") if one.extra else "") if part)
    passed = one.meeting in unsaid
    status = open_(msg("called, day passed")) if passed else term("meeting-status", one.status)
    first: Row = (str(one.meets_on or ""), place, status)
    if one.status != "held":
        return (*first, "", "", "")
    signed = str(one.minutes.signed) if one.minutes.signed else open_(msg("not on record"))
    adjusted = str(one.minutes.adjusted) if one.minutes.adjusted else open_(msg("not on record"))
    return (*first, str(len(one.present)), signed, adjusted)


def _attendance(halves: tuple[Attendance, ...]) -> Iterator[Piece]:
    """Yields how often each person was present in the year, under the name of the party."""
    yield title(msg("Who was present"))
    present: dict[str | None, dict[str, list[Attendant]]] = {}
    names: dict[str | None, str | None] = {}
    for half in halves:
        for party in half.parties:
            names[party.party] = party.name
            for one in party.persons:
                present.setdefault(party.party, {}).setdefault(one.person, []).append(one)
    rows: list[Row] = []
    for of in (party for party in names if party in present):
        head = names[of] or of or msg("No member that day: the agreement names nobody who pays")
        rows += [(head, "", "", ""), *(_attendant(both) for _, both in sorted(present[of].items()))]
    heads = (text("Name", keep=True), number("Meetings of the body", keep=True), number("of them remotely"),
             number("Meetings of groups"))  # fmt: skip
    yield columns(*heads, rows=rows) if rows else open_(msg("Nobody is recorded as present."))
    absent = tuple(of for of in names if of is not None and of not in present)
    if rows and absent:
        yield msg("Nobody was present for {parties:party}.", parties=absent)


def _attendant(halves: list[Attendant]) -> Row:
    counts = (
        sum(one.body for one in halves), sum(one.remote for one in halves), sum(one.groups for one in halves)
    )  # fmt: skip
    return (named(halves[-1].person, halves[-1].name), *map(str, counts))


def _recommendations(found: Meetings) -> Iterator[Piece]:
    yield title(msg("Recommendations and answers"))
    rows = [row for one in found.meetings for made in one.recommendations for row in _recommended(one, made)]
    if rows:
        yield columns(whole("Answer", keep=True), text("Parties", keep=True), rows=rows)
    else:
        yield msg("The body made no recommendation in the year.")


def _recommended(meeting: MeetingOfYear, made: Recommended) -> Iterator[Row]:
    """Yields a recommendation as the heading of its rows, which say who gave each answer, and who none."""
    consensus = msg("by consensus") if made.consensus else msg("without consensus")
    yield (
        msg(
            "{recommendation}, {meeting}, {consensus}: {text}",
            recommendation=made.recommendation, meeting=meeting.meeting, consensus=consensus, text=flowing(made.text),
        ), "",
    )  # fmt: skip
    by: dict[str | None, list[str]] = {}
    for party, answer in made.answers.items():
        by.setdefault(answer, []).append(party)
    for answer in sorted(by, key=lambda one: (one is None, one or "")):
        word = term("answer", answer) if answer else open_(msg("no answer yet"))
        yield word, msg("{parties:party}", parties=tuple(by[answer]))


def _reports(halves: tuple[Reports, ...]) -> Iterator[Piece]:
    yield title(msg("Reports of the groups"))
    of: dict[str, list[Report | None]] = {}
    for at, half in enumerate(halves):
        for one in half.reports:
            of.setdefault(one.group, [None, None])[at] = one
    if not of:
        yield msg("No group existed in the year.")
        return
    rows = [(_named(both), *(_reported(one) for one in both)) for _, both in sorted(of.items())]
    yield columns(text("Group", keep=True), text("First half", keep=True), text("Second half", keep=True), rows=rows)


def _named(halves: list[Report | None]) -> str:
    last = next(one for one in reversed(halves) if one)
    return last.name or last.group


def _reported(one: Report | None) -> str | Words:
    if one is None:
        return ""
    status = term("report-status", one.status)
    told = msg("{status}, {day}", status=status, day=one.received_on) if one.received_on else status
    return in_role(told, ROLES[one.status])


def _costs(told: YearOfCosts) -> Iterator[Piece]:
    yield title(msg("Costs"))
    yield sentence_of_costs(told)
    yield ""
    plain = structs.replace(told.costs, cannot_tell=without_hints(told.costs.cannot_tell))
    yield from laid_out_costs(told._replace(costs=plain))
    yield from doubt(plain.uncertain)


def _findings(asked: Asking, which: int) -> Iterator[Piece]:
    """Yields the breaches of the year, also those that began only when the year had ended."""
    found: Findings = asking.findings(asked, since=date(which, 1, 1)).found
    own = [one for one in found.findings if _is_of(one, which)]
    yield title(msg("Departures from the agreement"))
    yield msg(
        "Departures that stand on {on:long}: those of what the agreement asks for {year} and its half-years, and others"
        " that began in {year}.",
        on=asked.on, year=which,
    )  # fmt: skip
    if found.version is None:
        yield ""
        yield open_(msg("No version of the agreement is in force on this day, so only acts are judged."))
    if not own:
        yield in_role(msg("Nothing to report."), "done")
        return
    yield columns(whole("From", keep=True), whole("Verdict"), text("What was found", keep=True),
                  rows=_found(own, _names_of_groups(asked)))  # fmt: skip
    yield from read_as(_readings(asked, own, min(asked.on, date(which, 12, 31))))


def _is_of(one: Finding, year: int) -> bool:
    """Returns whether a finding is of a year: the one that its subject names, as `year:2025` and `group:kultur/2025H2`
    do, or else the one in which it began.
    """
    named = re.search(r"(?:^year:|/)(\d{4})(?:H[12])?$", one.subject, re.ASCII)
    return int(named[1]) == year if named else one.since is None or one.since.year == year


def _names_of_groups(asked: Asking) -> dict[str, str]:
    """Maps the id of each group to its name on the day asked about."""
    known = groups(asked.timeline.seen_on(asked.on))
    return {group: one.terms_on(asked.on)["name"] or group for group, one in known.items()}


def _readings(asked: Asking, findings: list[Finding], day: date) -> Iterator[tuple[str, Reading]]:
    """Yields the readings behind findings, each once, with its entry if it is still the reading on the day."""
    for question, reading in dict.fromkeys(pair for one in findings for pair in one.readings):
        now = readings_of_day(asked.timeline.seen_on(asked.on), day, question)[question]
        yield question, now if now.reading == reading else Reading(reading, None)


def _found(findings: list[Finding], names: dict[str, str]) -> list[Row]:
    """Returns the findings under their provisions."""
    rows: list[Row] = []
    for provision in dict.fromkeys(one.provision for one in findings):
        own = [one for one in findings if one.provision == provision]
        rows.append((provision_line(provision, own[0].section), "", ""))
        for one in own:
            verdict, _, _ = finding_row(one)
            rows.append((str(one.since or ""), verdict, told_finding(one, names)))
    return rows
