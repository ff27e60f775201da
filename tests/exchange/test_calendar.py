"""The calendar of meetings and deadlines: what other programs read in it, and that it changes with the ledger alone."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import icalendar
import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as some
from msgspec import structs

from exchange.calendar import as_icalendar
from ledger.book import Ledger
from ledger.events.meetings import AgendaItem
from ledger.store import open_store
from presentation.language import speaking
from projections.calendar import calendar
from projections.deadlines import deadlines
from tests.acts import (
    annulled,
    called,
    full_body,
    held,
    in_force,
    proposed,
    regionals,
    vacated,
    withdrew,
)
from tests.desk import at_a_desk
from tests.given import given, recorded
from tests.given_working import cancelled, moved
from tests.web.conftest import NOON
from tests.web.reader import Reader
from web.app import application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.timeline import Timeline
    from tests.desk import Desk

GOLDEN = Path(__file__).parent / "golden" / "calendar.ics"
LEDGER = "0123456789abcdef0123456789abcdef"
TODAY = date(2026, 1, 15)
LONGEST = 10_000


@pytest.fixture(scope="module")
def kept(demo: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with at_a_desk(tmp_path_factory.mktemp("calendar")) as desk:
        yield desk.goes_on(demo).began("2026-04-14")


def written(timeline: Timeline, on: date = TODAY, year: int | None = None) -> bytes:
    with speaking("en"):
        return as_icalendar(calendar(timeline, on, date(2026, 12, 31), year), timeline, LEDGER)


def of(data: bytes) -> list[Any]:
    return icalendar.Calendar.from_ical(data).walk("VEVENT")


def meetings(timeline: Timeline, on: date = TODAY, year: int | None = None) -> list[Any]:
    """Returns the events that are meetings, as another program reads them."""
    return [one for one in of(written(timeline, on, year)) if "meeting" in str(one["summary"]).lower()]


def alone(timeline: Timeline, on: date = TODAY) -> Any:
    (found,) = meetings(timeline, on)
    return found


def number(found: Any) -> int:
    return int(found["sequence"])


@pytest.mark.parametrize(
    ("day", "clock", "instant"),
    [
        ("2025-03-29", "09:00", "2025-03-29T08:00"),
        ("2025-03-30", "01:59", "2025-03-30T00:59"),
        ("2025-03-30", "03:00", "2025-03-30T01:00"),
        ("2025-03-30", "09:00", "2025-03-30T07:00"),
        ("2025-10-25", "09:00", "2025-10-25T07:00"),
        ("2025-10-26", "02:30", "2025-10-26T00:30"),  # the first of two
        ("2025-10-26", "09:00", "2025-10-26T08:00"),
    ],
)
def test_a_meeting_is_at_its_instant_over_both_changes_of_summer_time(day: str, clock: str, instant: str) -> None:
    found = alone(recorded(called("m1", "2025-01-02", day, starts_at=clock)))

    assert found["dtstart"].dt == datetime.fromisoformat(f"{instant}+00:00")
    assert "dtend" not in found  # nothing says when it ends
    assert "not recorded" not in str(found["description"])


def test_a_meeting_without_a_time_is_a_whole_day_and_says_so() -> None:
    found = alone(recorded(called("m1", "2025-01-02", "2025-02-14")))

    assert (found["dtstart"].dt, found["dtend"].dt) == (date(2025, 2, 14), date(2025, 2, 15))
    assert "The time of day is not recorded." in str(found["description"])
    assert "1. Läget" in str(found["description"])
    assert str(found["location"]) == "Sal 1"


def test_a_meeting_that_was_held_is_at_the_times_of_its_minutes() -> None:
    call = called("m1", "2025-01-02", "2025-02-14", starts_at="09:00")

    found = alone(recorded(call, held("m1", "2025-02-14", opened_at="09:05", closed_at="11:30")))
    assert (found["dtstart"].dt, found["dtend"].dt) == (
        datetime(2025, 2, 14, 8, 5, tzinfo=UTC), datetime(2025, 2, 14, 10, 30, tzinfo=UTC),
    )  # fmt: skip
    assert alone(recorded(call, held("m1", "2025-02-14")))["dtstart"].dt == datetime(2025, 2, 14, 8, tzinfo=UTC)
    assert alone(recorded(call, held("m1", "2025-02-15")))["dtstart"].dt == date(2025, 2, 15)


def test_a_meeting_on_a_loose_day_is_a_whole_day_and_says_between_which() -> None:
    found = alone(recorded(held("m1", "2025-02", opened_at="09:00")))

    assert found["dtstart"].dt == date(2025, 2, 28)
    assert "The day is not known exactly: from 2025-02-01 to 2025-02-28." in str(found["description"])


def test_a_moved_meeting_keeps_its_uid_and_raises_its_sequence() -> None:
    call = called("m1", "2025-01-02", "2025-03-28", starts_at="09:00")
    before, after = alone(recorded(call)), alone(recorded(call, moved("m1", "2025-02-02", "2025-04-04")))

    assert before["uid"] == after["uid"]
    assert (number(before), number(after)) == (0, 1)
    assert before["dtstart"].dt == datetime(2025, 3, 28, 8, tzinfo=UTC)
    assert after["dtstart"].dt == datetime(2025, 4, 4, 7, tzinfo=UTC)
    assert after["dtstamp"].dt == after["last-modified"].dt >= after["created"].dt == before["dtstamp"].dt


def test_a_meeting_that_is_cancelled_or_annulled_is_cancelled_and_one_moved_after_that_is_not() -> None:
    call, off = called("m1", "2025-01-02", "2025-03-28"), cancelled("m1", "2025-02-02")
    histories = [[call], [call, off], [call, off, moved("m1", "2025-02-03", "2025-04-04")]]
    found = [alone(recorded(*history)) for history in histories]
    assert [str(one["status"]) for one in found] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert "Cancelled" in str(found[1]["summary"])

    never = alone(recorded(call, annulled(1)))
    assert (str(never["status"]), number(never)) == ("CANCELLED", 1)
    assert "annulled" in str(never["description"])
    assert {str(one["uid"]) for one in (*found, never)} == {str(never["uid"])}


def test_the_sequence_rises_with_each_entry_on_the_meeting_and_never_falls() -> None:
    history = [
        called("m1", "2025-01-02", "2025-03-28"),
        moved("m1", "2025-01-03", "2025-04-04"),
        annulled(2),
        cancelled("m1", "2025-01-04"),
        annulled(4),
        annulled(5),  # the cancellation stands again
        annulled(1),
        called("m1", "2025-01-05", "2025-05-02"),
    ]
    found = [alone(recorded(*history[:length])) for length in range(1, len(history) + 1)]

    assert [number(one) for one in found] == [*range(len(history))]
    stamps = [one["dtstamp"].dt for one in found]
    assert stamps == sorted(stamps)
    assert [str(one["status"]) for one in found][4:6] == ["CONFIRMED", "CANCELLED"]


def test_a_later_entry_does_not_count_before_its_day() -> None:
    timeline = recorded(called("m1", "2025-01-02", "2025-03-28"), cancelled("m1", "2025-02-02"))

    before, after = (alone(timeline, date.fromisoformat(day)) for day in ("2025-02-01", "2025-02-02"))
    assert [str(before["status"]), str(after["status"])] == ["CONFIRMED", "CANCELLED"]
    assert number(before) < number(after)


def test_a_year_has_what_was_moved_out_of_it_too() -> None:
    timeline = recorded(called("m1", "2025-11-02", "2025-12-12"), moved("m1", "2025-12-01", "2026-01-09"))

    assert [len(meetings(timeline, year=year)) for year in (2024, 2025, 2026)] == [0, 1, 1]


def test_a_meeting_that_was_annulled_is_where_it_stood_last() -> None:
    wrong, right = called("m1", "2025-01-02", "2025-03-28"), called("m1", "2025-01-03", "2025-04-04")
    later = moved("m1", "2025-01-04", "2025-05-02", starts_at="09:00", place="Sal 2")
    history = [wrong, annulled(1), right, later, annulled(3)]

    before, after = (alone(recorded(*history[:length])) for length in (4, 5))
    assert [str(one["status"]) for one in (before, after)] == ["CONFIRMED", "CANCELLED"]
    assert [one["dtstart"].dt for one in (before, after)] == [datetime(2025, 5, 2, 7, tzinfo=UTC)] * 2
    assert str(after["location"]) == "Sal 2"
    assert alone(recorded(*history, annulled(4)))["dtstart"].dt == datetime(2025, 5, 2, 7, tzinfo=UTC)


def test_entries_whose_day_is_inexact_are_told_where_they_could_change_the_calendar() -> None:
    call, off = called("m1", "2025-01-02", "2025-03-28"), cancelled("m1", "2025-02")
    sure, unsure = (
        icalendar.Calendar.from_ical(written(recorded(call, off), date.fromisoformat(day)))
        for day in ("2025-02-28", "2025-02-15")
    )

    assert "description" not in sure
    assert "the day in entry 2 is inexact" in str(unsure["description"])
    assert str(unsure["x-wr-caldesc"]) == str(unsure["description"])
    assert str(unsure.walk("VEVENT")[0]["status"]) == "CONFIRMED"


DUTIES: dict[str, tuple[list[Any], list[str]]] = {  # what is recorded → the acts, and the days asked about
    "nothing more": ([], ["2023-05-01", "2024-09-01", "2025-05-01", "2026-09-01"]),
    "two leave the Region's seats of one kind": (
        [vacated(f"region-{place}", "2024-06-01") for place in (2, 3, 4, 5)], ["2024-03-01"],
    ),
    "a meeting is called and one is held": (
        [called("m1", "2024-01-02", "2024-03-28"), called("m2", "2024-01-02", "2024-02-01"), held("m2", "2024-02-01")],
        ["2023-12-01", "2024-02-15", "2024-04-01"],
    ),
    "a party withdraws": ([withdrew("2024-06-01", "sala")], ["2024-07-01", "2025-12-01"]),
    "an amendment waits": ([proposed(2, "2024-12-01", on="2024-02-01")], ["2024-03-01"]),
}  # fmt: skip


@pytest.mark.parametrize("said", DUTIES)
def test_every_open_deadline_is_in_the_calendar_under_a_uid_of_its_own(said: str) -> None:
    acts, days = DUTIES[said]
    timeline = given(in_force("2023-01-01"), full_body("2023-01-01")[:20], regionals("2023-01-01", 5), *acts)
    for on in map(date.fromisoformat, days):
        until = on + timedelta(days=400)
        due = [one.due for one in deadlines(timeline, on, until).deadlines if one.due]
        with speaking("en"):
            found = of(as_icalendar(calendar(timeline, on, until), timeline, LEDGER))
        still_open = [one for one in found if str(one["summary"]).startswith("Last day: ")]
        assert due
        assert sorted(one["dtstart"].dt for one in still_open) == sorted(due)
        assert len({str(one["uid"]) for one in found}) == len(found)


def test_the_uids_of_deadlines_are_those_that_others_hold() -> None:
    timeline = given(in_force("2023-01-01"), full_body("2023-01-01")[:20], regionals("2023-01-01", 5))
    found = {one.duty: one.due for one in calendar(timeline, date(2025, 1, 1), date(2025, 12, 31)).deadlines}

    assert found["indexation year:2026 year=2026"] == date(2025, 8, 31)
    assert found["indexation year:2026 year=2026 reference=2025"] == date(2025, 3, 1)
    assert found["two-instalments year:2025 year=2025 instalment=1"] == date(2025, 2, 1)


def test_a_deadline_that_is_met_says_what_was_done(kept: Desk) -> None:
    kept.does("calendar", "--on", "2025-02-01", "--year", "2025", "--lang", "en", "-o", "done.ics")
    done = [str(one["summary"]) for one in of((kept.folder / "done.ics").read_bytes()) if "Done" in one["summary"]]

    assert "Done: norberg has paid instalment 1 of 2025, 145 777,22 kr, due on 2025-02-01" in [
        " ".join(one.split()) for one in done
    ]
    assert not any("receive 0" in one for one in done)


def test_a_deadline_is_a_whole_day_and_once_met_it_is_not_open(kept: Desk) -> None:
    def told(on: str) -> dict[str, str]:
        kept.does("calendar", "--on", on, "--lang", "en", "-o", f"met-{on}.ics")
        found = [one for one in of((kept.folder / f"met-{on}.ics").read_bytes()) if one.get("transp") == "TRANSPARENT"]
        assert len({str(one["uid"]) for one in found}) == len(found)
        assert all(type(one["dtstart"].dt) is date for one in found)
        return {str(one["uid"]): f"{one['status']} {one['summary']}" for one in found}

    before, after = told("2024-07-22"), told("2024-08-15")
    pairs = [(before[uid], after[uid]) for uid in before.keys() & after.keys()]
    met = [(open_, done) for open_, done in pairs if open_ != done]
    assert met
    for open_, done in met:
        assert open_.startswith("CONFIRMED Last day: ")
        assert done.startswith("CANCELLED Done: ")


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
def test_the_bytes_are_the_same_in_every_zone_and_at_every_clock(
    kept: Desk, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    args = ("calendar", "--on", "2025-03-01", "--known-at", "@246", "-o")
    kept.does(*args, f"here-{sha256(zone.encode()).hexdigest()}.ics")
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        kept.on(f"{kept.now.year + 1}-01-01").does(*args, "there.ics")
    finally:
        monkeypatch.undo()
        time.tzset()
    there = kept.folder / "there.ics"
    assert there.read_bytes() == (kept.folder / f"here-{sha256(zone.encode()).hexdigest()}.ics").read_bytes()
    there.unlink()


def test_the_demo_s_calendar_is_as_it_was_approved(kept: Desk, rewrite_golden: bool) -> None:
    kept.does("calendar", "--on", "2025-02-01", "--known-at", "@246", "--year", "2025", "-o", "demo.ics")
    lines = (kept.folder / "demo.ics").read_bytes().decode().split("\r\n")
    text = "\n".join("UID:…" if line.startswith("UID:") else line for line in lines)  # each ledger has its own

    if rewrite_golden:
        GOLDEN.write_text(text, "utf-8")
    assert text == GOLDEN.read_text("utf-8")


def test_a_file_is_never_overwritten_and_json_says_what_it_holds(kept: Desk) -> None:
    told = kept.does("calendar", "-o", "once.ics", "--json").json
    data = (kept.folder / "once.ics").read_bytes()

    assert told["sha256"] == sha256(data).hexdigest()
    assert told["meetings"] + told["deadlines"] == len(of(data))
    again = kept("calendar", "-o", "once.ics")
    assert (again.code, (kept.folder / "once.ics").read_bytes()) == (2, data)
    assert kept("calendar", "--on", "2025-03-01", "--until", "2025-01-01", "-o", "x.ics").code == 2
    assert not (kept.folder / "x.ics").exists()


TEXTS = some.text(some.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)


@settings(max_examples=40)
@for_any(TEXTS, TEXTS)
def test_whatever_a_title_is_the_calendar_has_one_event_and_its_lines_are_short(title: str, place: str) -> None:
    holds(title, place)


@pytest.mark.parametrize(
    "text",
    [
        "x\r\nATTENDEE:mailto:x@example.com\r\nEND:VEVENT\r\nBEGIN:VALARM", "a\nEND:VCALENDAR", "\r", "\x00\x1b[2J\x7f",
        "å" * LONGEST, "\U0001f600" * LONGEST, "\\n\\;,\\\\", "\u2028\u2029\x85", "\u202ekod", ";TZID=x:y", '"', " ",
    ],
)  # fmt: skip
def test_no_text_of_the_ledger_writes_a_line_of_its_own(text: str) -> None:
    holds(text, text)


def holding(title: str, place: str) -> bytes:
    """Returns a calendar of a meeting that has these texts, whatever the ledger would refuse."""
    found = calendar(recorded(called("m1", "2025-01-02", "2025-02-14")), TODAY, TODAY)
    item = AgendaItem(number=1, title=title, kind="information")
    meeting = structs.replace(found.meetings[0], place=place, agenda=(item,))
    with speaking("en"):
        return as_icalendar(structs.replace(found, meetings=(meeting,), deadlines=()), recorded(), LEDGER)


def holds(title: str, place: str) -> None:
    """Asserts that a calendar with these texts is one event with the properties of any other, in lines of the standard
    (RFC 5545 sections 3.1 and 3.3.11).
    """
    plain, hostile = (holding("x", "x"), holding(title, place))
    lines = hostile.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not any(sign < 32 or sign == 127 for line in lines for sign in line)
    assert hostile.decode()
    (expected,), (found,) = of(plain), of(hostile)
    assert [*found] == [*expected]
    unfolded = hostile.replace(b"\r\n ", b"").split(b"\r\n")
    assert [line.split(b":")[0] for line in unfolded] == [
        line.split(b":")[0] for line in plain.replace(b"\r\n ", b"").split(b"\r\n")
    ]


def test_each_meeting_has_the_address_of_its_page_where_the_pages_are_known(kept: Desk) -> None:
    kept.does("calendar", "--base-url", "https://exempel.se/liggare/", "-o", "linked.ics")
    links = [str(one["url"]) for one in of((kept.folder / "linked.ics").read_bytes()) if "url" in one]

    assert "https://exempel.se/liggare/meetings/srb-2025-1" in links
    for wrong in ("", "exempel.se", "javascript:x", "https://a b", "https://a\r\nX:y", "https://u:p@a", "https://a?b"):
        refused = kept("calendar", "--base-url", wrong, "-o", "wrong.ics")
        assert (refused.code, refused.err.count("\n"), (kept.folder / "wrong.ics").exists()) == (2, 1, False)


def test_persons_are_shown_by_their_ids_alone(kept: Desk) -> None:
    kept.does("calendar", "-o", "names.ics")
    text = (kept.folder / "names.ics").read_text("utf-8")
    with open_store(kept.ledger) as store:
        names = [*Ledger(store, lambda: kept.now).names().values()]

    assert names
    assert not any(name in text for name in names)


def test_the_pages_give_the_calendar_of_the_command_line_with_a_link_to_each_meeting(kept: Desk) -> None:
    asked = "/calendar.ics?on=2025-02-01&known_at=@246&lang=sv"
    kept.does("calendar", "--on", "2025-02-01", "--known-at", "@246", "-o", "same.ics")
    with open_store(kept.ledger) as store:
        own, public = (Reader(application(Ledger(store, lambda: NOON), public=one)) for one in (False, True))
        found = own.get(asked)
        assert (found.status, found.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
        assert own.get(asked, if_none_match=found.headers["etag"]).status == 304
        lines = found.body.replace(b"\r\n ", b"").split(b"\r\n")
        links = [line for line in lines if line.startswith(b"URL:")]
        assert links[0].startswith(b"URL:http://127.0.0.1:8700/meetings/srb-")
        same = (kept.folder / "same.ics").read_bytes().replace(b"\r\n ", b"").split(b"\r\n")
        assert [line for line in lines if line not in links] == same
        assert public.get(asked).body == found.body
        assert own.get(f"{asked}&by=x").status == 400
        for page, query in (
            ("/meetings", ""), ("/deadlines", ""), ("/meetings?year=2025", "?year=2025"),
            ("/deadlines?until=2026-12-31", "?until=2026-12-31"),
        ):  # fmt: skip
            assert f'href="/calendar.ics{query}"' in public.get(page).text
        assert b"evil" not in own.get(asked, host='evil"\\;x').body
