"""How each question is asked, and how its answer becomes blocks for people and plain data for programs.

The command line and the pages ask through these functions, so that both give the same answers.
"""

from __future__ import annotations

from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import to_builtins

from ledger.errors import BadInput
from ledger.messages import msg
from ledger.values import first_entries, quoted
from presentation.json_documents import (
    deadlines_document,
    diff_document,
    document,
    explain_document,
    history_document,
    replay_document,
    subject_document,
    today_document,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from ledger.timeline import Timeline
    from presentation.blocks import Part
    from presentation.costs.year import YearOfCosts
    from projections.costs import Costs

    Names = Callable[[], Mapping[int, str]]


class NoSuch(BadInput):
    """The question is about something that the record does not have."""


class Asking(NamedTuple):
    """The input of a question: `timeline` under the assumed readings, and the day `on`.

    `recorded` is the same timeline under the recorded readings alone. `names` gives the names of persons by the
    position of their registration. `warn` is called with each sentence that must stand beside the answer.
    """

    timeline: Timeline
    recorded: Timeline
    on: date
    names: Names
    assumed: Mapping[str, str]
    warn: Callable[[str], None]


class Answer(NamedTuple):
    """An answer, and how it is shown.

    `layout` names the function in `presentation` that lays `found` out as blocks, as MODULE:FUNCTION, such as
    `seats:council`, and `sheet`, if given, the function for CSV alone. `as_document` converts `found` to plain data.
    `rows`, if given, names a function that returns the rows of all that CSV and a workbook hold, the headings first.
    `sentence`, if given, names a function that says the answer in one sentence.
    If `streamed`, the blocks come in pieces, and an iterator in the plain data is a list that is still to be read. If
    `lines`, the plain data is one document for each of `found.acts`.
    """

    found: Any
    layout: str
    sheet: str | None = None
    as_document: Callable[[Any], dict[str, Any]] = document
    streamed: bool = False
    rows: str | None = None
    lines: bool = False
    sentence: str | None = None

    def lay_out(self, *, sheet: bool = False) -> Any:
        """Returns the answer as blocks, or as pieces of blocks if it is streamed; with `sheet`, those for CSV."""
        return _function((sheet and self.sheet) or self.layout)(self.found)

    def say(self) -> str | None:
        """Returns the answer in one sentence, or None if it has none but its title."""
        if self.sentence is None:
            return None
        found: str = _function(self.sentence)(self.found)
        return found

    def pieces(self, assumed: Mapping[str, str], *, sheet: bool = False) -> Iterator[list[Part]]:
        """Yields the blocks of the answer, all at once unless it is streamed, and below them the assumed readings."""
        laid_out = self.lay_out(sheet=sheet)
        yield from laid_out if self.streamed else [laid_out]
        if assumed:
            from presentation.phrases import under

            yield under(assumed)

    def documents(self, assumed: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """Yields the answer as plain data, with the assumed readings last: one document, or with `lines` one an act."""
        beside = {"assumed": assumed} if assumed else {}
        for one in self.found.acts if self.lines else [self.found]:
            yield self.as_document(one) | beside

    def as_rows(self) -> list[tuple[object, ...]]:
        """Returns the rows of an answer that has `rows`."""
        assert self.rows is not None, "the answer has rows of its own"
        found: list[tuple[object, ...]] = _function(self.rows)(self.found)
        return found


def _function(name: str) -> Callable[..., Any]:
    """Returns the function in `presentation` that a text such as `seats:council` names."""
    module, function = name.split(":")
    found: Callable[..., Any] = getattr(import_module(f".{module}", __package__), function)
    return found


def agreement(asked: Asking) -> Answer:
    """Returns the version in force or proposed, and the parties' decisions."""
    from projections.agreement import agreement

    return Answer(
        found=agreement(asked.timeline, asked.on), layout="agreement:agreement", sentence="agreement:sentence"
    )


def today(asked: Asking) -> Answer:
    """Returns what is overdue or open on the day, what is due soon, and what was recorded last."""
    from projections.today import today

    return Answer(
        found=today(asked.timeline, asked.on, asked.names()), layout="today:today", as_document=today_document
    )


def council(asked: Asking) -> Answer:
    """Returns the members, posts, vacancies and experts of the body."""
    from projections.council import council

    return Answer(
        found=council(asked.timeline, asked.on, asked.names()), layout="seats:council", sentence="seats:sentence"
    )


def meetings(asked: Asking, year: int | None = None) -> Answer:
    """Returns the meetings of a year, by default the year of the day asked about."""
    from projections.meetings import meetings

    found = meetings(asked.timeline, asked.on, year or asked.on.year)
    return Answer(found=found, layout="meetings:meetings", sentence="meetings:sentence")


def meeting(asked: Asking, which: str) -> Answer:
    """Returns a meeting with its agenda, attendance and minutes. Raises NoSuch if no entry is about the meeting."""
    from projections.meeting import meeting

    found = meeting(asked.timeline, asked.on, asked.names(), which)
    if found is None:
        raise NoSuch([(None, msg("no entry is about a meeting {value}", value=quoted(which)))])
    return Answer(found=found, layout="meeting:meeting", as_document=subject_document)


def group(asked: Asking, which: str) -> Answer:
    """Returns a group with its people, meetings and reports. Raises NoSuch if no entry is about the group."""
    from projections.group import group

    found = group(asked.timeline, asked.on, asked.names(), which)
    if found is None:
        raise NoSuch([(None, msg("no entry is about a group {value}", value=quoted(which)))])
    return Answer(found=found, layout="group:group", as_document=subject_document)


def groups(asked: Asking) -> Answer:
    """Returns the collaboration groups with their terms, members and officials."""
    from projections.groups import collaboration_groups

    found = collaboration_groups(asked.timeline, asked.on, asked.names())
    return Answer(found=found, layout="groups:groups", sentence="groups:sentence")


def reports(asked: Asking, half: str) -> Answer:
    """Returns the group reports of a half-year, such as 2025H1."""
    from projections.reports import reports

    found = reports(asked.timeline, half, asked.on, asked.names())
    return Answer(found=found, layout="groups:reports", sentence="groups:sentence_of_reports")


def costs(asked: Asking, year: int, *, party: str | None = None, explained: bool = False) -> Answer:
    """Returns the level, shares, claims, payments and balances of a year; with `party`, also its account.

    Raises BadInput for a party that does not share the cost of the year.
    """
    from presentation.costs.year import YearOfCosts
    from projections.account import account
    from projections.costs import costs, difference

    found = costs(asked.timeline, year, asked.on)
    if party is not None and party not in found.balance:
        raise BadInput([(None, _no_sharer(party, found))])
    told = YearOfCosts(
        found,
        explained,
        account(asked.timeline, party, asked.on, year) if party else None,
        difference(found, costs(asked.recorded, year, asked.on)) if asked.assumed else None,
    )
    return Answer(found=told, layout="costs.year:costs", as_document=_costs_document, sentence="costs.year:sentence")


def _no_sharer(party: str, found: Costs) -> str:
    if not found.balance:
        return msg(
            "--party: {value} is not among those that share the cost: there are none in {year}",
            value=quoted(party), year=found.year,
        )  # fmt: skip
    return msg(
        "--party: {value} is not among those that share the cost: {parties}",
        value=quoted(party), parties=tuple(found.balance),
    )  # fmt: skip


def _costs_document(told: YearOfCosts) -> dict[str, Any]:
    beside = {"statement": told.account, "difference": told.difference}
    return document(told.costs) | {name: to_builtins(one) for name, one in beside.items() if one}


def settlement(asked: Asking, *, if_withdraws: str | None = None, ends_on: date | None = None) -> Answer:
    """Returns the accrued and remaining costs at the end, and who owes whom.

    Raises BadInput for a party that is none, and for an end without a party that withdraws.
    """
    from ledger.rules.reference import party_kinds
    from projections.settlement import Supposed, settlement

    if ends_on is not None and if_withdraws is None:
        raise BadInput([(None, msg("--ends-on requires --if-withdraws PARTY, the party supposed to withdraw"))])
    if if_withdraws is not None and if_withdraws not in party_kinds(asked.timeline):
        what = msg("--if-withdraws: {value} is not a party to the agreement", value=quoted(if_withdraws))
        raise BadInput([(None, what)])
    supposed = Supposed(if_withdraws, ends_on) if if_withdraws is not None else None
    found = settlement(asked.timeline, asked.on, supposed)
    if supposed and not found.supposed:
        asked.warn(
            msg(
                "--if-withdraws {party} changes nothing: the agreement ends on {end} without it",
                party=supposed.party, end=found.ended_on,
            )
        )  # fmt: skip
    return Answer(found=found, layout="settlement:settlement", sentence="settlement:sentence")


def officials(asked: Asking) -> Answer:
    """Returns the management group by office, and the officials of each group."""
    from projections.officials import officials

    found = officials(asked.timeline, asked.on, asked.names())
    return Answer(found=found, layout="officials:officials", sentence="officials:sentence")


def registrars(asked: Asking) -> Answer:
    """Returns who may record, for whom, with which key, and who introduced them."""
    from projections.registrars import registrars

    found = registrars(asked.timeline, asked.on, asked.names())
    return Answer(found=found, layout="registrars:registrars", sentence="registrars:sentence")


def activities(asked: Asking) -> Answer:
    """Returns the consultations, theme days, conferences and seminars held by the day."""
    from projections.activities import activities

    return Answer(found=activities(asked.timeline, asked.on), layout="officials:activities")


def attendance(asked: Asking, half: str) -> Answer:
    """Returns who was present in a half-year, such as 2025H1, by party."""
    from projections.attendance import attendance

    return Answer(
        found=attendance(asked.timeline, half, asked.on, asked.names()),
        layout="costs.attendance:attendance",
        rows="costs.payroll:attendance",
    )


def projects(asked: Asking) -> Answer:
    """Returns the projects with their funding, and the costs that each party has borne."""
    from projections.projects import collaboration_projects

    return Answer(found=collaboration_projects(asked.timeline, asked.on), layout="costs.projects:projects")


def findings(
    asked: Asking,
    *,
    all_verdicts: bool = False,
    provision: str | None = None,
    subject: str | None = None,
    since: date | None = None,
) -> Answer:
    """Returns every breach of the agreement or, with `all_verdicts`, every verdict.

    Raises BadInput for a provision or a subject that is unknown.
    """
    from projections.findings import Wanted, findings, unknown

    wanted = Wanted(all_verdicts=all_verdicts, provision=provision, subject=subject, since=since)
    _refuse(unknown(wanted, asked.timeline))
    found = findings(asked.timeline, asked.on, wanted, asked.names())
    _warn_of_nothing_about(asked, subject, found=bool(found.findings))
    return Answer(found=found, layout="findings:findings", sentence="findings:said")


def explain(asked: Asking, provision: str, *, subject: str | None = None) -> Answer:
    """Returns a provision with its verdicts, the entries behind them, and how its open passages are read.

    Raises BadInput for a provision or a subject that is unknown.
    """
    from projections.explain import explain, unknown

    _refuse(unknown(provision, subject))
    found = explain(asked.timeline, asked.on, asked.names(), provision, subject)
    _warn_of_nothing_about(asked, subject, found=bool(found.findings))
    return Answer(found=found, layout="explain:explain", as_document=explain_document)


def deadlines(asked: Asking, *, until: date | None = None) -> Answer:
    """Returns the deadlines that are overdue or open, and those due by `until`, by default a year ahead.

    Raises BadInput if `until` comes before the day asked about.
    """
    from projections.deadlines import AHEAD, deadlines

    last = asked.on + AHEAD if until is None else until
    if last < asked.on:
        what = msg("--until: {last} comes before the day asked about, {on}", last=last, on=asked.on)
        raise BadInput([(None, what)])
    return Answer(
        found=deadlines(asked.timeline, asked.on, last), layout="deadlines:deadlines", as_document=deadlines_document
    )


def person(asked: Asking, who: str) -> Answer:
    """Returns what the record says of a person. Raises NoSuch if no entry names the person."""
    from projections.person import person

    found = person(asked.timeline, asked.on, asked.names(), who)
    if found is None:
        raise NoSuch([(None, msg("no entry names a person {value}", value=quoted(who)))])
    return Answer(found=found, layout="subjects:person", as_document=subject_document)


def party(asked: Asking, which: str) -> Answer:
    """Returns a party with its members and officials. Raises NoSuch if no version has such a party."""
    from projections.party import party

    found = party(asked.timeline, asked.on, asked.names(), which)
    if found is None:
        raise NoSuch([(None, msg("no version of the agreement has a party {value}", value=quoted(which)))])
    return Answer(found=found, layout="subjects:party")


def search(asked: Asking, query: str) -> Answer:
    """Returns what a text may mean: an entry, a person, a party, a group, a meeting or a provision."""
    from ledger.rules.provisions import OURS, PROVISIONS
    from presentation.words import provision_line
    from projections.search import search

    provisions = {slug: provision_line(slug, None) for slug in (*PROVISIONS, *OURS)}
    found = search(asked.timeline, asked.on, asked.names(), query, provisions)
    return Answer(found=found, layout="search:search")


def history(asked: Asking, **narrowed: Any) -> Answer:
    """Returns the entries that `narrowed`, the fields of `projections.history.Wanted`, selects.

    Raises BadInput for an event or a tag that is unknown.
    """
    from projections.history import Wanted, streamed, unknown

    wanted = Wanted(**narrowed)
    _refuse(unknown(wanted))
    head = asked.timeline.head
    if wanted.entry is not None and not 1 <= wanted.entry <= head:
        asked.warn(msg("there is no entry {entry}; the entries are 1 to {head}", entry=wanted.entry, head=head))
    return Answer(
        found=streamed(asked.timeline, asked.names(), wanted),
        layout="record:history",
        sheet="record:sheet",
        as_document=history_document,
        streamed=True,
    )


def part_of_history(asked: Asking, after: int, most: int, **narrowed: Any) -> Answer:
    """Returns at most `most` of the entries of `history`, those after the position `after`."""
    from projections.history import Wanted, part, unknown

    wanted = Wanted(**narrowed)
    _refuse(unknown(wanted))
    found = part(asked.timeline, asked.names(), wanted, after, most)
    return Answer(found=found, layout="record:part", as_document=subject_document)


def diff(sides: tuple[Asking, Asking], *, every: bool = False) -> Answer:
    """Returns the differences between the answers for two days, or for two moments. With `every`, the blocks show long
    lists whole.

    Raises BadInput if the first day, or the first moment, comes after the second.
    """
    from projections.diff import diff

    before, after = sides
    if before.timeline.head > after.timeline.head:
        first, last = before.timeline.head, after.timeline.head
        raise BadInput([(None, msg("--known-at: @{first} comes after @{last}", first=first, last=last))])
    if before.on > after.on:
        raise BadInput([(None, msg("--on: {first} comes after {last}", first=before.on, last=after.on))])
    found = diff(before.timeline, after.timeline, (before.on, after.on), after.names())
    return Answer(found=found, layout="diff:whole" if every else "diff:diff", as_document=diff_document)


def replay(asked: Asking, start: str | None = None, end: str | None = None, *, every: bool = False) -> Answer:
    """Returns the acts recorded after `start`, given as @N, up to `end`, and what each changed on the day.

    Raises BadInput for a text that is not @N, and for an N beyond the end.
    """
    from presentation.replay import Replayed
    from projections.replay import replay

    first, last = _bounds(asked, start, end)
    acts = replay(asked.timeline.until(last), first, asked.on, asked.names())
    found = Replayed(acts, first, last, asked.on, every)
    return Answer(
        found=found, layout="replay:told", sheet="replay:table", as_document=replay_document, streamed=True, lines=True
    )


def part_of_replay(asked: Asking, start: str | None, end: str | None, most: int, *, every: bool = False) -> Answer:
    """Returns the first of the acts of `replay`, at most `most`, and the bounds of those before and after them.

    Raises BadInput as `replay` does.
    """
    from presentation.replay import PartOfReplay, Replayed
    from projections.replay import replay

    (first, last), head = _bounds(asked, start, end), asked.timeline.head
    acts = [*islice(replay(asked.timeline.until(last), first, asked.on, asked.names()), most)]
    shown = acts[-1].entries[-1] if acts else last
    later = (shown, last if end else None) if shown < last else (last, None) if last < head else None
    found = PartOfReplay(
        replayed=Replayed(iter(acts), first, shown, asked.on, every),
        earlier=(max(0, first - most), first) if first else None,
        later=later,
    )
    return Answer(found=found, layout="replay:part", as_document=replay_document, streamed=True)


def _bounds(asked: Asking, start: str | None, end: str | None) -> tuple[int, int]:
    first = 0 if start is None else _head(asked, "--from", start)
    last = asked.timeline.head if end is None else _head(asked, "--to", end)
    if first > last:
        raise BadInput([(None, msg("--from: @{first} comes after --to, @{last}", first=first, last=last))])
    return first, last


def _head(asked: Asking, option: str, text: str) -> int:
    """Returns the number N of `@N`.

    Raises BadInput for any other text, and if N exceeds the number of entries known at the moment asked about.
    """
    if (head := first_entries(text)) is None:
        what = msg("{option}: {value} is not @N, the first N entries, as @40", option=option, value=repr(text))
        raise BadInput([(None, what)])
    if head > asked.timeline.head:
        end = asked.timeline.head
        what = msg("{option}: @{entries} is beyond the end, @{end}", option=option, entries=head, end=end)
        raise BadInput([(None, what)])
    return head


def _warn_of_nothing_about(asked: Asking, subject: str | None, *, found: bool) -> None:
    """Warns that the record holds nothing about the subject that a question was narrowed to, unless something was
    `found`.
    """
    from projections.findings import is_known

    if subject is not None and not found and not is_known(asked.timeline, asked.on, subject):
        asked.warn(msg("nothing in the record on {on} is about {subject}", on=asked.on, subject=subject))


def _refuse(problem: str | None) -> None:
    """Raises BadInput with `problem`, which says what is wrong with what narrows a question, if there is a problem."""
    if problem is not None:
        raise BadInput([(None, problem)])
