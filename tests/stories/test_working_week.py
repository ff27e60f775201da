"""Tests the questions that a secretariat asks each week, about the demo's two years: meetings, groups, reports, and
facts that were recorded late.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.desk import Desk, at_a_desk, event

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTIES = ["arboga", "fagersta", "hallstahammar", "koping", "kungsor", "norberg", "sala", "skinnskatteberg",
           "surahammar", "vasteras", "region"]  # fmt: skip
KNOWN = ("--known-at", "@173", "--on", "2025-04-07")  # KNOWN gives a moment and a day before the withdrawal


@pytest.fixture(scope="module")
def played(demo: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with at_a_desk(tmp_path_factory.mktemp("played")) as desk:
        yield desk.goes_on(demo).began("2030-01-01")


def _meeting(played: Desk, meeting: str, *args: str) -> Any:
    (year,) = {meeting.split("-")[1]}
    answer = played.asks("meetings", "--year", year, *(args or KNOWN))
    return next(one for one in answer["meetings"] if one["meeting"] == meeting)


def test_a_year_of_meetings_is_reported_with_its_count(played: Desk) -> None:
    answer = played.asks("meetings", "--year", "2024", *KNOWN)

    assert answer.keys() >= {"on", "known_at", "year", "held", "called", "required", "meetings", "requests"}
    assert (answer["on"], answer["known_at"], answer["year"]) == ("2025-04-07", "@173", 2024)
    # A sixth meeting was held, but is not counted because it was held on request.
    assert (answer["held"], answer["called"], answer["required"]) == (5, 0, 6)
    assert [one["meeting"] for one in answer["meetings"]] == [f"srb-2024-{number}" for number in range(1, 7)]


def test_a_meeting_is_reported_by_the_contract(played: Desk) -> None:
    one = _meeting(played, "srb-2024-4")

    assert one.keys() >= {
        "meeting", "meets_on", "status", "notice_sent", "notice_days", "called_by", "chaired_by", "present",
        "adjuster", "minutes", "recommendations", "entries",
    }  # fmt: skip
    assert (one["status"], one["meets_on"], one["notice_sent"]) == ("held", "2024-09-06", "2024-08-12")
    assert (one["notice_days"], one["called_by"], one["chaired_by"], one["adjuster"]) == (25, "p21", "p21", "p13")
    assert len(one["present"]) == 21
    assert one["minutes"] == {
        "signed": "2024-09-10",
        "adjusted": "2024-09-16",
        "dispatched": dict.fromkeys(PARTIES, "2024-09-18"),
    }
    assert one["recommendations"] == [
        {
            "recommendation": "r2",
            "text": "Kulturplanen antas",
            "consensus": False,
            "dissent": ["p04"],
            "answers": {"region": None, "sala": None, "vasteras": None},
        }
    ]


def test_each_addressee_has_answered_or_not(played: Desk) -> None:
    (made,) = _meeting(played, "srb-2024-1")["recommendations"]

    given = {party for party, answer in made["answers"].items() if answer == "accepted"}
    assert given == {"sala", "vasteras", "region"}
    assert len(made["answers"]) == 11


def test_a_meeting_called_ten_days_before_is_flagged_ever_after(played: Desk) -> None:
    assert _meeting(played, "srb-2024-3")["notice_days"] == 10
    (found,) = played.asks("findings", "--provision", "notice", "--on", "2029-12-31")["findings"]
    assert (found["verdict"], found["subject"], found["since"]) == ("breach", "meeting:srb-2024-3", "2024-05-26")
    assert found["text"].startswith("10 days before the meeting, not 14")
    assert found["section"] == "2.3"


def test_a_moved_meeting_counts_from_its_latest_notice_and_a_cancelled_one_is_not_held(played: Desk) -> None:
    moved, cancelled = _meeting(played, "srb-2025-1"), _meeting(played, "srb-2025-2")

    assert (moved["notice_sent"], moved["notice_days"], moved["meets_on"]) == ("2025-01-24", 21, "2025-02-14")
    assert (moved["chaired_by"], moved["adjuster"], moved["adjustment"]) == ("p19", "p13", "p01")
    assert moved["remote"] == ["p02"]
    assert (cancelled["status"], cancelled["present"]) == ("cancelled", [])


def test_on_an_earlier_day_the_later_is_not_there_yet(played: Desk) -> None:
    one = _meeting(played, "srb-2024-4", "--on", "2024-09-11")

    assert one["minutes"]["signed"] == "2024-09-10"
    assert one["minutes"]["adjusted"] is None
    assert set(one["minutes"]["dispatched"].values()) == {None}
    assert _meeting(played, "srb-2024-6", "--on", "2024-11-30")["status"] == "called"


def test_a_request_by_a_third_binds_and_is_answered(played: Desk) -> None:
    (request,) = played.asks("meetings", "--year", "2024", *KNOWN)["requests"]

    assert (request["request"], request["count"], request["of"], request["binding"]) == ("b1", 9, 27, True)
    assert request["meeting"] == "srb-2024-4"


def test_what_is_open_is_seen_at_a_glance(played: Desk) -> None:
    out = played.does("meetings", "--year", "2024", *KNOWN).out

    (row,) = [line for line in out.splitlines() if line.startswith("srb-2024-3 ")]
    assert row.split("  ")[-1].strip() == "anyone"
    assert "not by Ulrik Påhitt (p21)" in row
    assert "not by Majken Exempelström (p13)" in row
    assert "no answer yet: region, sala, vasteras" in out


def test_the_groups_of_a_day(played: Desk) -> None:
    answer = played.asks("groups", *KNOWN)

    assert [one["group"] for one in answer["groups"]] == ["kultur", "trafik", "vard"]
    one = answer["groups"][0]
    assert one.keys() >= {"group", "name", "kind", "since", "until", "assignment", "composition", "working_forms",
                          "members", "officers", "entries"}  # fmt: skip
    assert [member["person"] for member in one["members"]] == ["p01", "p13"]
    assert one["members"][0]["name"] == "Alva Påhitt"
    assert played.asks("groups", "--on", "2024-02-01")["groups"] == []


def test_the_reports_of_a_half_year(played: Desk) -> None:
    answer = played.asks("reports", "2024H2", *KNOWN)

    told = {
        one["group"]: (one["owed"], one["status"], one["received_on"], one["days_late"]) for one in answer["reports"]
    }
    assert told["kultur"][:3] == (True, "received", "2024-12-12")
    assert told["trafik"] == (True, "late", "2025-01-20", 20)
    assert told["vard"][:3] == (True, "missing", None)
    before = {one["group"]: one["status"] for one in played.asks("reports", "2024H2", "--on", "2024-12-11")["reports"]}
    assert before == {"kultur": "not-due", "trafik": "not-due", "vard": "not-due"}


def test_what_was_learnt_between_two_moments_is_said_in_words(played: Desk) -> None:
    out = played.does("diff", "--known-at", "@163..@173", "--on", "2025-04-07").out

    assert "- the minutes of srb-2025-1 were signed on 2025-02-19  [entry 168]\n" in out
    assert "- srb-2025-2 is cancelled, 2025-04-04  [entries 171, 172]\n" in out
    assert "Agreement\nno difference\n" in out
    answer = played.asks("diff", "--known-at", "@163..@173", "--on", "2025-04-07")
    assert answer["known_at"] == ["@163", "@173"]
    assert [one["section"] for one in answer["sections"]][:4] == ["agreement", "council", "meetings", "groups"]


def test_what_differs_between_two_days(played: Desk) -> None:
    answer = played.asks("diff", "--on", "2023-09-17..2023-09-18")

    (council,) = [one["changes"] for one in answer["sections"] if one["section"] == "council"]
    assert {
        (change["what"], (change["after"] or change["before"])["text"].split(" sits")[0]) for change in council
    } == {
        ("removed", "Greta Sagolund (p07)"),
        ("added", "Åke Nysaga (p28)"),
    }


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (("reports", "2024"), "'2024' is not a half-year such as 2025H1"),
        (("reports", "2024H3"), "'2024H3' is not a half-year such as 2025H1"),
        (("diff",), "give either --on A..B or --known-at A..B: two days, or two moments"),
        (("diff", "--on", "2024-01-01"), "give either --on A..B or --known-at A..B: two days, or two moments"),
        (
            ("diff", "--on", "2024-01-01..2024-02-01", "--known-at", "@1..@2"),
            "give either --on A..B or --known-at A..B: two days, or two moments",
        ),
        (("diff", "--on", "2024-02-01..2024-01-31"), "--on: 2024-02-01 comes after 2024-01-31"),
        (("diff", "--known-at", "@5..@2"), "--known-at: @5 comes after @2"),
        (("diff", "--known-at", "@1..@999"), "@999 is beyond the end, @246"),
    ],
)
def test_a_question_that_cannot_be_asked_is_reported(played: Desk, args: tuple[str, ...], line: str) -> None:
    done = played(*args)

    assert (done.code, done.out, done.errors) == (2, "", [line])


def test_minutes_without_the_duty_or_the_meeting_are_refused_each_reason_in_a_line(played: Desk) -> None:
    lines = [
        event("minutes-signed", "2025-04-03", "chair", meeting="srb-2024-3", by="p19"),
        event("recommendation-made", "2025-04-03", "body", recommendation="r9", meeting="nowhere", item=1, text="x",
              addressees=["sala"], consensus=True),
    ]  # fmt: skip
    done = played("import", played.writes("wrong.jsonl", lines))

    assert done.code == 1
    assert done.errors == [
        (
            "minutes-signed (2.3): Sixten Låtsasberg (p19) does not have the duty; Ulrik Påhitt (p21) has it, and"
            " minutes-duty-moved passes it on [line 1]"
        ),
        "reference: meeting nowhere is not in the ledger [line 2]",
    ]
    assert played.asks("history")["known_at"] == "@246"
