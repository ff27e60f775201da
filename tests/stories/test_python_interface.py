"""`open_ledger` gives Python programs the answers that the command line prints, and bad arguments are refused."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, get_type_hints

import msgspec
import pytest

from ledger import open_ledger
from ledger.errors import BadInput, LedgerClosed, LedgerMissing, Refused
from ledger.events.seats import PersonRegistered
from ledger.sweden import day_of
from ledger.values import Name, Source, day
from presentation.schemas import QUESTIONS
from projections.interface import OpenLedger
from tests.desk import Desk, at_a_desk, event

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
DAY = "2025-06-01"
ARGUMENTS: dict[str, tuple[object, ...]] = {
    "meetings": (2025,), "reports": ("2025H1",), "attendance": ("2025H1",), "costs": (2025,), "explain": ("notice",),
}  # fmt: skip


@pytest.fixture(scope="module")
def played(demo: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with at_a_desk(tmp_path_factory.mktemp("played")) as desk:
        yield desk.goes_on(demo).began("2030-01-01")


@pytest.fixture
def tour(played: Desk) -> Iterator[OpenLedger]:
    with open_ledger(str(played.folder / "liggare.db"), clock=lambda: NOON) as ledger:
        yield ledger


@pytest.mark.parametrize(
    "question", [one for one, (_, replaced) in QUESTIONS.items() if not replaced and one != "replay"]
)
def test_an_answer_is_what_the_command_line_prints(played: Desk, tour: OpenLedger, question: str) -> None:
    args = ARGUMENTS.get(question, ())
    answer = getattr(tour, question)(*args, on=DAY, known_at="@240")

    assert json.loads(msgspec.json.encode(answer)) == played.asks(question, *args, "--on", DAY, "--known-at", "@240")


def test_findings_explain_deadlines_diff_and_replay_are_those_of_the_command_line(
    played: Desk, tour: OpenLedger
) -> None:
    def entries(document: Any) -> list[Any]:
        return [one["entries"] for one in document]

    printed = played.asks("findings", "--on", DAY)["findings"]
    assert [list(one.entries) for one in tour.findings(on=DAY).findings] == entries(printed)
    printed = played.asks("explain", "notice", "--on", DAY)
    explained = tour.explain("notice", on=DAY)
    assert [list(one.entries) for one in explained.findings] == entries(printed["findings"])
    assert [one.position for one in explained.entries] == [one["position"] for one in printed["entries"]]
    printed = played.asks("deadlines", "--on", DAY, "--until", "2025-12-31")["deadlines"]
    assert [list(one.entries) for one in tour.deadlines(on=DAY, until="2025-12-31").deadlines] == entries(printed)
    printed = played.asks("diff", "--known-at", "@90..@110", "--on", DAY)["sections"]
    told = tour.diff(known_at=(90, 110), on=DAY).sections
    assert [len(one.changes) for one in told] == [len(one["changes"]) for one in printed]
    lines = played.does("replay", "--from", "@90", "--json", "--on", DAY).out.splitlines()
    assert [len(one.changes) for one in tour.replay(90, on=DAY)] == [line.count('"before"') for line in lines]


def test_the_default_day_is_today_in_sweden(played: Desk) -> None:
    late = datetime(2025, 6, 30, 22, 30, tzinfo=UTC)  # at this moment it is already 1 July in Sweden
    with open_ledger(str(played.folder / "liggare.db"), clock=lambda: late) as ledger:
        assert ledger.council(known_at=100).on == date(2025, 7, 1)


def test_without_a_clock_today_is_read_from_the_computers(played: Desk) -> None:
    before = day_of(datetime.now(UTC))
    with open_ledger(played.folder / "liggare.db") as ledger:
        asked = ledger.council(known_at=100).on

    assert before <= asked <= day_of(datetime.now(UTC))


@pytest.mark.parametrize(
    ("known_at", "head"),
    [
        (None, "@246"),
        (40, "@40"),
        ("@40", "@40"),
        ("2023-03-09", "@99"),
        (date(2023, 3, 9), "@99"),
        (datetime(2023, 3, 9, 9, 18, tzinfo=UTC), "@97"),
        (0, "@0"),
        ("2023-03-09T09:18:00Z", "@97"),
        (NOON.date(), "@246"),
    ],
)
def test_a_record_is_named_in_each_of_these_ways(tour: OpenLedger, known_at: Any, head: str) -> None:
    assert tour.agreement(known_at=known_at).known_at == head


def test_a_reading_is_assumed_and_not_recorded(tour: OpenLedger) -> None:
    assumed = tour.costs(2026, on=DAY, readings={"population-day": "1-nov"})

    assert assumed.readings["population-day"].assumed
    assert not tour.costs(2026, on=DAY).readings["population-day"].assumed
    assert tour.head == 246


@pytest.mark.parametrize(
    ("question", "args", "given", "told"),
    [
        ("council", (), {"on": "2025-02-30"}, "does not exist"),
        ("council", (), {"on": NOON}, "is not a day"),
        ("council", (), {"on": 5}, "5 is not a day"),
        ("council", (), {"on": date(9999, 12, 31)}, "is not between"),
        ("council", (), {"on": date(1, 1, 1)}, "is not between"),
        ("council", (), {"known_at": True}, "True is not a day"),
        ("council", (), {"known_at": 3.5}, "3.5 is not a day"),
        ("council", (), {"known_at": "@\u0663"}, "is not a date"),
        ("council", (), {"known_at": "2025-01-01T12:00"}, "has no time zone"),
        ("costs", (10_000,), {}, "10000 is not a year from 1900 to 2199"),
        ("costs", ("2025",), {}, "is not a year"),
        ("meetings", (0,), {}, "0 is not a year"),
        ("account", ("sala", "2025"), {}, "is not a year"),
        ("council", (), {"known_at": "@x"}, "is not a date"),
        ("council", (), {"known_at": datetime(2025, 1, 1)}, "has no time zone"),  # noqa: DTZ001
        ("council", (), {"known_at": datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))}, "is not between 1900"),
        ("council", (), {"known_at": 247}, "@247 is beyond the end, @246"),
        ("council", (), {"known_at": -1}, "@-1 is beyond the end, @246"),
        ("council", (), {"known_at": NOON + timedelta(days=1)}, "has not come yet"),
        ("council", (), {"readings": {"third-of": "chairs"}}, "third-of"),
        ("reports", ("2025H3",), {}, "is not a half-year"),
        ("attendance", ("H1",), {}, "is not a half-year"),
        ("account", ("uppsala",), {}, "is not a party to the agreement"),
        ("settlement", (), {"if_withdraws": "uppsala"}, "is not a party to the agreement"),
        ("settlement", (), {"ends_on": "2026-01-01"}, "requires if_withdraws"),
        ("findings", (), {"provision": "notices"}, "notices"),
        ("findings", (), {"subject": "meeting"}, "meeting"),
        ("findings", (), {"since": "2025-02-30"}, "does not exist"),
        ("explain", ("notices",), {}, "notices"),
        ("deadlines", (), {"on": "2025-01-01", "until": "2024-12-31"}, "comes before the day asked about"),
        ("history", (), {"event": "member-seated"}, "member-seated"),
        ("diff", (), {}, "a pair"),
        ("diff", (), {"on": ("2025-01-01", None), "known_at": (1, 2)}, "a pair"),
        ("diff", (), {"known_at": (2, 1)}, "@2 comes after @1"),
        ("replay", (247,), {}, "247 is not between 0 and 246"),
    ],
)
def test_a_bad_argument_is_a_value_error(
    tour: OpenLedger, question: str, args: tuple[object, ...], given: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        getattr(tour, question)(*args, **given)


def test_acts_are_recorded_from_data_and_from_events(desk: Desk) -> None:
    desk.does("init")
    with open_ledger(desk.ledger, clock=lambda: desk.now) as ledger:
        registered = PersonRegistered(valid_on=day("2023-03-01"), source=Source(organ="secretariat"), person="p1",
                                      name=Name("Testa"))  # fmt: skip
        seat = event("member-appointed", "2023-03-01", person="p1", party="sala", seat="executive-chair",
                     political_party="A")  # fmt: skip
        judged = ledger.record([registered, seat], dry_run=True)
        done = ledger.record([registered, seat], by="anna")

        assert ([one.position for one in judged.entries], ledger.head) == ([2, 3], 3)
        assert [(one.recorded_by, one.event.event_name) for one in done.entries] == [
            ("anna", "person-registered"), ("anna", "member-appointed"),
        ]  # fmt: skip
        assert [(one.person, one.name) for one in ledger.council(on="2024-01-01").members] == [("p1", "Testa")]


def test_a_closed_ledger_answers_nothing(desk: Desk) -> None:
    desk.does("init")
    with open_ledger(desk.ledger, clock=lambda: desk.now) as ledger:
        ledger.council()

    for question in (ledger.council, ledger.history, lambda: ledger.head):
        with pytest.raises(LedgerClosed, match="is closed"):
            question()


@pytest.mark.parametrize("method", [name for name in vars(OpenLedger) if not name.startswith("_") and name != "head"])
def test_the_types_of_a_method_can_be_looked_up(method: str) -> None:
    assert "return" in get_type_hints(getattr(OpenLedger, method))


def test_what_is_refused_or_malformed_records_nothing(desk: Desk) -> None:
    desk.does("init")
    with open_ledger(desk.ledger, clock=lambda: desk.now) as ledger:
        with pytest.raises(Refused):
            ledger.record([event("seat-vacated", "2023-03-01", person="p1")])
        with pytest.raises(BadInput, match="there is nothing to record"):
            ledger.record([])
        with pytest.raises(BadInput, match="persn"):
            ledger.record([event("seat-vacated", "2023-03-01", persn="p1")])
        with pytest.raises(BadInput, match="an event is an object"):
            ledger.record(["SeatVacated"])  # type: ignore[list-item]
        assert ledger.head == 1


@pytest.mark.parametrize(
    "wrong", [{"by": 5}, {"by": "Anna B"}, {"by": "\ud800"}, {"by": "a" * 65}, {"key": 5}, {"key": "x y"}]
)
def test_a_malformed_recorder_or_key_records_nothing(desk: Desk, wrong: dict[str, Any]) -> None:
    desk.does("init")
    registered = event("person-registered", "2023-03-01", "secretariat", person="p1", name="Testa")
    with open_ledger(desk.ledger, clock=lambda: desk.now) as ledger:
        for dry_run in (True, False):
            with pytest.raises(BadInput, match="is not"):
                ledger.record([registered], dry_run=dry_run, **wrong)
        assert ledger.head == 1
    assert desk.does("verify")


def test_a_place_may_be_a_path(played: Desk) -> None:
    with open_ledger(played.folder / "liggare.db", clock=lambda: NOON) as ledger:
        assert ledger.head == 246


def test_opening_never_creates(tmp_path: Path) -> None:
    with pytest.raises(LedgerMissing):
        open_ledger(str(tmp_path / "none.db"))
    assert list(tmp_path.iterdir()) == []
