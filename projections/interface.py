"""The ledger for Python programs: a method for each question, and `record`. `ledger.open_ledger` opens a ledger."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from ledger.book import Ledger, Recorded
from ledger.encoding import plain
from ledger.events import Event
from ledger.events.parse import parse_event
from ledger.messages import msg
from ledger.readings import reading_problem
from ledger.rules.reference import party_kinds
from ledger.sweden import day_of, end_of
from ledger.values import EARLIEST, LATEST, Name, exact_date, first_entries, half_year, quoted
from projections import findings as found
from projections import history as told
from projections.account import Account, account
from projections.activities import Activities, activities
from projections.agreement import Agreement, agreement
from projections.attendance import Attendance, attendance
from projections.costs import Costs, costs
from projections.council import Council, council
from projections.deadlines import AHEAD, Deadlines, deadlines
from projections.diff import Diff, diff
from projections.explain import Explanation, explain, unknown
from projections.groups import Groups, collaboration_groups
from projections.meetings import Meetings, meetings
from projections.officials import Officials, officials
from projections.projects import Projects, collaboration_projects
from projections.registrars import Registrars, registrars
from projections.replay import Act, replay
from projections.reports import Reports, reports
from projections.settlement import Settlement, Supposed, settlement

if TYPE_CHECKING:
    from types import TracebackType

    from ledger.store import Store
    from ledger.timeline import Timeline

OnDay = date | str | None
Moment = int | str | date | datetime | None
Readings = Mapping[str, str]

AS_RECORDED: Mapping[str, str] = MappingProxyType({})


class OpenLedger:
    """An open ledger: a method for each question, and `record`. Close the ledger, or use it in a `with` block.

    Every question takes `on` and `known_at`, and every question but `history` takes `readings`. `on` is the day asked
    about, as a date or as text such as "2024-05-01"; by default, `on` is today in Sweden. `known_at` selects the
    entries to ask: the first N, as N or "@N", or the entries recorded by a moment or by the end of a day in Sweden; by
    default, all entries. `readings` maps ambiguous questions to the readings to assume; assumed readings are not
    recorded. Questions return frozen structs with amounts in öre. A struct holds what `liggare QUESTION --json` prints,
    but a sentence is a message with named values, which `presentation.words.filled` fills in.

    Questions raise ValueError for an argument that is malformed or unknown, BadInput for a `known_at` beyond the end of
    the record, Damaged if the ledger cannot be read, and LedgerClosed once it is closed. Several threads may ask one
    open ledger.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._ledger = Ledger(store, clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the ledger; no question can be asked afterwards."""
        self._store.close()

    @property
    def head(self) -> int:
        """The position of the last entry, or 0 for a ledger without entries."""
        return self._ledger.timeline().head

    def record(
        self, acts: Iterable[Event | Mapping[str, Any]], *, by: str = "", key: str | None = None, dry_run: bool = False
    ) -> Recorded:
        """Records all acts in one append, or none. Returns the entries, and the findings about these entries.

        An act is an event, or an event as plain data, as in a line of an import file. `by` is the id of the person who
        records, by default the id that recorded entry 1. A retry of the same acts with the same `key` records nothing.
        With `dry_run`, the acts are only judged. Raises BadInput for malformed acts, Refused with every reason if an
        act would have no effect, KeyTaken if other acts were recorded under the key, and OutcomeUnknown if it is
        unknown whether the acts were recorded.
        """
        events = [parse_event(_raw(one)) for one in acts]
        return self._ledger.record(events, by=by, key=key, dry_run=dry_run)

    def agreement(self, *, on: OnDay = None, known_at: Moment = None, readings: Readings = AS_RECORDED) -> Agreement:
        """Returns the version in force or proposed, the parties' decisions, pending versions, terms and readings."""
        return agreement(self._record(known_at, readings), self._day(on))

    def council(self, *, on: OnDay = None, known_at: Moment = None, readings: Readings = AS_RECORDED) -> Council:
        """Returns the members, posts, vacancies and experts of the body on a day."""
        return council(self._record(known_at, readings), self._day(on), self._ledger.names())

    def meetings(
        self, year: int | None = None, *, on: OnDay = None, known_at: Moment = None, readings: Readings = AS_RECORDED
    ) -> Meetings:
        """Returns the meetings of a year, by default the year of the day asked about."""
        day = self._day(on)
        return meetings(self._record(known_at, readings), day, day.year if year is None else _year(year))

    def groups(self, *, on: OnDay = None, known_at: Moment = None, readings: Readings = AS_RECORDED) -> Groups:
        """Returns the collaboration groups on a day, with their terms, members and officials."""
        return collaboration_groups(self._record(known_at, readings), self._day(on), self._ledger.names())

    def reports(
        self, half: str, *, on: OnDay = None, known_at: Moment = None, readings: Readings = AS_RECORDED
    ) -> Reports:
        """Returns the group reports of a half-year, such as "2025H1"."""
        timeline = self._record(known_at, readings)
        return reports(timeline, half_year(half), self._day(on), self._ledger.names())

    def officials(self, *, on: OnDay = None, known_at: Moment = None, readings: Readings = AS_RECORDED) -> Officials:
        """Returns the management group by office, its vacant offices, and the officials of each group."""
        return officials(self._record(known_at, readings), self._day(on), self._ledger.names())

    def registrars(self, *, on: OnDay = None, known_at: Moment = None, readings: Readings = AS_RECORDED) -> Registrars:
        """Returns who may record, for whom, with which key, and who introduced them."""
        return registrars(self._record(known_at, readings), self._day(on), self._ledger.names())

    def activities(self, *, on: OnDay = None, known_at: Moment = None, readings: Readings = AS_RECORDED) -> Activities:
        """Returns the consultations, theme days, conferences and seminars held on or before a day."""
        return activities(self._record(known_at, readings), self._day(on))

    def costs(self, year: int, *, on: OnDay = None, known_at: Moment = None, readings: Readings = AS_RECORDED) -> Costs:
        """Returns the level, shares, claims, payments and balances of a year."""
        return costs(self._record(known_at, readings), _year(year), self._day(on))

    def account(
        self,
        party: str,
        year: int | None = None,
        *,
        on: OnDay = None,
        known_at: Moment = None,
        readings: Readings = AS_RECORDED,
    ) -> Account:
        """Returns a party's account: the claims and payments of `year` or, by default, of all years."""
        timeline = self._record(known_at, readings)
        return account(timeline, _a_party(party, timeline), self._day(on), None if year is None else _year(year))

    def settlement(
        self,
        *,
        if_withdraws: str | None = None,
        ends_on: OnDay = None,
        on: OnDay = None,
        known_at: Moment = None,
        readings: Readings = AS_RECORDED,
    ) -> Settlement:
        """Returns the accrued and remaining costs at the end of the agreement, and who owes whom.

        With `if_withdraws`, the settlement is computed as if that party withdrew, and `ends_on` is the first day
        on which the agreement no longer applies.
        """
        timeline, day = self._record(known_at, readings), self._day(on)
        if if_withdraws is None:
            if ends_on is not None:
                raise ValueError(msg("ends_on requires if_withdraws, the party supposed to withdraw"))
            return settlement(timeline, day)
        end = None if ends_on is None else self._day(ends_on)
        return settlement(timeline, day, Supposed(_a_party(if_withdraws, timeline), end))

    def attendance(
        self, half: str, *, on: OnDay = None, known_at: Moment = None, readings: Readings = AS_RECORDED
    ) -> Attendance:
        """Returns who was present in a half-year, such as "2025H1", by party."""
        timeline = self._record(known_at, readings)
        return attendance(timeline, half_year(half), self._day(on), self._ledger.names())

    def projects(self, *, on: OnDay = None, known_at: Moment = None, readings: Readings = AS_RECORDED) -> Projects:
        """Returns the projects with their funding, and the costs that each party has borne."""
        return collaboration_projects(self._record(known_at, readings), self._day(on))

    def findings(
        self,
        *,
        all_verdicts: bool = False,
        provision: str | None = None,
        subject: str | None = None,
        since: OnDay = None,
        on: OnDay = None,
        known_at: Moment = None,
        readings: Readings = AS_RECORDED,
    ) -> found.Findings:
        """Returns every breach of the agreement or, with `all_verdicts`, every verdict.

        `provision`, `subject` and `since` (a day) narrow the answer.
        """
        timeline = self._record(known_at, readings)
        start = None if since is None else self._day(since)
        wanted = found.Wanted(all_verdicts=all_verdicts, provision=provision, subject=subject, since=start)
        _refuse(found.unknown(wanted, timeline))
        return found.findings(timeline, self._day(on), wanted, self._ledger.names())

    def explain(
        self,
        provision: str,
        *,
        subject: str | None = None,
        on: OnDay = None,
        known_at: Moment = None,
        readings: Readings = AS_RECORDED,
    ) -> Explanation:
        """Returns a provision with its verdicts, the entries behind them, and how its open passages are read."""
        _refuse(unknown(provision, subject))
        return explain(self._record(known_at, readings), self._day(on), self._ledger.names(), provision, subject)

    def deadlines(
        self,
        *,
        until: OnDay = None,
        on: OnDay = None,
        known_at: Moment = None,
        readings: Readings = AS_RECORDED,
    ) -> Deadlines:
        """Returns the deadlines that are overdue or open on the day `on`, and those due by `until`, by default a year
        after `on`.
        """
        day = self._day(on)
        last = day + AHEAD if until is None else self._day(until)
        if last < day:
            raise ValueError(msg("until: {last} comes before the day asked about, {day}", last=last, day=day))
        return deadlines(self._record(known_at, readings), day, last)

    def history(
        self,
        *,
        about: str | None = None,
        entry: int | None = None,
        event: str | None = None,
        by: str | None = None,
        on: OnDay = None,
        known_at: Moment = None,
    ) -> told.History:
        """Returns the entries in order of position, including annulled entries. With `on`, only entries that
        may have become true by that day are returned.
        """
        wanted = told.Wanted(about=about, entry=entry, event=event, by=by, on=None if on is None else self._day(on))
        _refuse(told.unknown(wanted))
        return told.history(self._record(known_at, AS_RECORDED), self._ledger.names(), wanted)

    def diff(
        self,
        *,
        on: OnDay | tuple[OnDay, OnDay] = None,
        known_at: Moment | tuple[Moment, Moment] = None,
        readings: Readings = AS_RECORDED,
    ) -> Diff:
        """Returns the differences between the answers for two days, or for two values of `known_at`.

        Exactly one of `on` and `known_at` must be a pair.
        """
        if isinstance(on, tuple) == isinstance(known_at, tuple):
            raise ValueError(msg("give a pair of days as on, or a pair of records as known_at"))
        first, last = on if isinstance(on, tuple) else (on, on)
        earlier, later = known_at if isinstance(known_at, tuple) else (known_at, known_at)
        before, after = self._record(earlier, readings), self._record(later, readings)
        if before.head > after.head:
            raise ValueError(msg("known_at: @{first} comes after @{last}", first=before.head, last=after.head))
        return diff(before, after, (self._day(first), self._day(last)), self._ledger.names())

    def replay(
        self,
        first: int = 0,
        *,
        on: OnDay = None,
        known_at: Moment = None,
        readings: Readings = AS_RECORDED,
    ) -> Iterator[Act]:
        """Yields the acts recorded after the first `first` entries, each with what the act changed in the state on a
        day.
        """
        timeline = self._record(known_at, readings)
        if not 0 <= first <= timeline.head:
            raise ValueError(msg("first: {first} is not between 0 and {head}", first=first, head=timeline.head))
        return replay(timeline, first, self._day(on), self._ledger.names())

    def _day(self, given: OnDay) -> date:
        if given is None:
            return day_of(self._ledger.clock())
        return exact_date(given) if isinstance(given, str) else _date(given)

    def _record(self, known_at: Moment, readings: Readings) -> Timeline:
        for question, reading in readings.items():
            _refuse(reading_problem(question, reading))
        today = day_of(self._ledger.clock())
        return self._ledger.timeline(_moment(known_at, today)).under(readings)


def _moment(given: Moment, today: date) -> int | datetime | None:
    """Returns `known_at` as a number of entries or as a moment, or None for the whole log.

    The day `today` has not ended, so it stands for the whole log. Raises ValueError for anything malformed, and for a
    moment without a time zone.
    """
    if given is None or (isinstance(given, int) and not isinstance(given, bool)):
        return given
    if isinstance(given, str):
        if (head := first_entries(given)) is not None:
            return head
        given = datetime.fromisoformat(given) if re.match(r".{10}[T ]", given) else exact_date(given)
    if isinstance(given, datetime):
        if given.tzinfo is None:
            raise ValueError(msg("known_at: {moment} has no time zone", moment=str(given)))
        _date(given.date())  # a moment of the first or the last year may have no equal in UTC
        return given
    return None if given == today else end_of(_date(given))


def _date(given: object) -> date:
    if isinstance(given, datetime) or not isinstance(given, date):
        raise ValueError(msg("{given} is not a day", given=repr(given)))  # noqa: TRY004 - a bad argument is ValueError
    return exact_date(given.isoformat())


def _year(given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not EARLIEST.year <= given <= LATEST.year:
        raise ValueError(
            msg(
                "{given} is not a year from {first} to {last}",
                given=repr(given), first=EARLIEST.year, last=LATEST.year,
            )
        )  # fmt: skip
    return given


def _raw(act: Event | Mapping[str, Any]) -> object:
    """Returns an act as plain data for `parse_event`, which refuses anything that is not an object."""
    if isinstance(act, Event):
        raw = {"event": act.event_name, **plain(act)}
        name: object = getattr(act, "name", None)
        if isinstance(name, Name) and name.text is not None:
            raw["name"] = name.text  # `plain` gives its digest alone
        return raw
    given: object = act
    return dict(act) if isinstance(given, Mapping) else given


def _a_party(party: str, timeline: Timeline) -> str:
    if party not in party_kinds(timeline):
        raise ValueError(msg("{party} is not a party to the agreement", party=quoted(party)))
    return party


def _refuse(problem: str | None) -> None:
    if problem is not None:
        raise ValueError(problem)
