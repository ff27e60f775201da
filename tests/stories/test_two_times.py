"""Asks about eight days, as known at seven moments. Every expected answer was worked out by hand from the story that
`tell` records.

The agreement's start is known only as "2023" until the exact day is recorded. p1 and p2 have seats for Sala, and p1 is
first vice chair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desk import at_a_desk, event

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.desk import Desk

OTHERS = ("arboga", "fagersta", "hallstahammar", "koping", "kungsor", "norberg", "skinnskatteberg", "surahammar",
          "vasteras", "region")  # fmt: skip

# DAYS holds the days before and on the last adoption, the first day in force, three later days in force, and the days
# before and on the agreement's end.
VACANT = "nobody is first-vice-chair; the municipalities appoint one among their majority members"
DAYS = ("2023-01-29", "2023-01-30", "2023-02-01", "2023-02-15", "2023-06-15", "2023-11-01", "2025-12-31", "2026-01-01")


def seated(person: str, seat: str, on: str) -> dict[str, object]:
    return event("member-appointed", on, person=person, party="sala", seat=seat, political_party="Alfa")


@pytest.fixture
def told(made: str, desk: Desk) -> Desk:
    """Returns a desk with a copy of the ledger that holds the whole story, some time after the last entry."""
    desk.does("copy", made, desk.ledger)
    return desk.began("2026-02-01")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, fresh: Callable[[], str | None]) -> str:
    with at_a_desk(tmp_path_factory.mktemp("made"), fresh()) as desk:
        tell(desk)
        return desk.ledger


def tell(desk: Desk) -> None:
    """Records the story in 24 entries. Each entry is recorded some time after the day on which its act was decided."""
    desk.began("2022-10-10").does("init", "--on", "2022-10-01", "--in-force-from", "2023")  # 1
    adopted = [event("agreement-adopted", "2022-12-05", version=1, assembly=party) for party in OTHERS]
    desk.on("2022-12-20").does("import", desk.writes("adoptions.jsonl", adopted))  # 2 to 11
    last = ("--version", 1, "--assembly", "sala", "--on", "2023-01-30", "--organ", "assembly")
    desk.on("2023-02-03").does("record", "agreement-adopted", *last)  # 12
    start = ("--version", 1, "--in-force-from", "2023-02-01", "--on", "2023-02-08", "--organ", "body")
    desk.on("2023-02-10").does("record", "entry-into-force-fixed", *start)  # 13
    persons = [event("person-registered", "2023", "secretariat", person=p, name=f"Testa {p}") for p in ("p1", "p2")]
    body = [
        *persons,  # 14, 15
        seated("p1", "executive-chair", "2023-02-01"),  # 16
        seated("p2", "opposition-leader", "2023-02-01"),  # 17
        event("vice-chair-appointed", "2023-02-01", person="p1", post="first-vice-chair"),  # 18
    ]
    desk.on("2023-02-20").does("import", desk.writes("body.jsonl", body))
    right = desk.writes("right.jsonl", [seated("p2", "opposition-leader", "2023-03-01")])
    wrong = ("--cause", "recording-error", "--reason", "p2 began in March", "--with", right)
    desk.on("2023-05-02").does("annul", 17, *wrong)  # 19, 20
    left = ("--person", "p2", "--on", "2023-10-01", "--organ", "assembly")
    desk.on("2024-01-15").does("record", "seat-vacated", *left)  # 21, back-dated
    quashed = ("--cause", "quashed", "--on", "2024-04-30", "--reason", "mål 123-24")
    desk.on("2024-05-06").does("annul", 16, *quashed)  # 22
    undone = ("--cause", "recording-error", "--reason", "the judgment was of another decision")
    desk.on("2024-09-02").does("annul", 22, *undone)  # 23
    withdrawn = ("--party", "sala", "--ends-on", "2026-01-01", "--on", "2025-05-26", "--organ", "assembly")
    desk.on("2025-06-02").does("record", "withdrawal-decided", *withdrawn)  # 24


P, F, E = "proposed", "in-force", "ended"
S, FEB = "2023", "2023-02-01"

# AGREEMENT maps each moment (known at) to (status, in_force_from, ends_on, number of adoptions, uncertain entries) on
# each day of DAYS.
AGREEMENT: dict[str, list[tuple[str, str, str | None, int, list[int]]]] = {
    # The start "2023" is taken as the last day of 2023. Whether the agreement is in force on an earlier day depends on
    # entry 1.
    "@12": [(P, S, None, 10, []), (P, S, None, 11, [1]), (P, S, None, 11, [1]), (P, S, None, 11, [1]),
            (P, S, None, 11, [1]), (P, S, None, 11, [1]), (F, S, None, 11, []), (F, S, None, 11, [])],
    # The start day was fixed on 8 February. On earlier days the agreement's start was still "2023".
    "@18": [(P, S, None, 10, []), (P, S, None, 11, []), *[(F, FEB, None, 11, [])] * 6],
    # The agreement's end was decided in May 2025, so answers about days before that decision do not show the end.
    "@24": [(P, S, None, 10, []), (P, S, None, 11, []), *[(F, FEB, None, 11, [])] * 4,
            (F, FEB, "2026-01-01", 11, []), (E, FEB, "2026-01-01", 11, [])],
}  # fmt: skip

NONE: dict[str, int] = {}
P1, P1_P2, P1_MARCH = {"p1": 16}, {"p1": 16, "p2": 17}, {"p1": 16, "p2": 20}

# SEATED maps each moment (known at) to the members, and the entries that seated them, on each day of DAYS.
SEATED = {
    "@12": [NONE] * 8,  # at @12 no member had been recorded yet
    "@18": [NONE, NONE, P1_P2, P1_P2, P1_P2, P1_P2, P1_P2, P1_P2],
    # Entries 19 and 20 corrected p2's appointment: p2 began in March.
    "@20": [NONE, NONE, P1, P1, P1_MARCH, P1_MARCH, P1_MARCH, P1_MARCH],
    "@21": [NONE, NONE, P1, P1, P1_MARCH, P1, P1, P1],  # p2 left in October, which was recorded only in January
    "@22": [NONE, NONE, NONE, NONE, {"p2": 20}, NONE, NONE, NONE],  # entry 22 quashed p1's appointment
    "@23": [NONE, NONE, P1, P1, P1_MARCH, P1, P1, P1],  # entry 23 annulled entry 22, which had quashed p1's appointment
    "@24": [NONE, NONE, P1, P1, P1_MARCH, P1, P1, P1],
}


def test_the_agreement_on_each_day_as_known_at_each_moment(told: Desk) -> None:
    for moment, expected in AGREEMENT.items():
        found = []
        for day in DAYS:
            answer = told.asks("agreement", "--on", day, "--known-at", moment)
            assert (answer["on"], answer["known_at"]) == (day, moment)
            found.append(
                (
                    answer["status"],
                    answer["in_force_from"],
                    answer["ends_on"],
                    len(answer["adopted"]),
                    answer["uncertain"],
                )
            )
        assert found == expected, moment


def test_between_those_moments_the_agreement_does_not_change(told: Desk) -> None:
    for moment in ("@20", "@21", "@22", "@23"):
        for day, expected in zip(DAYS, AGREEMENT["@18"], strict=True):
            answer = told.asks("agreement", "--on", day, "--known-at", moment)
            assert (answer["status"], answer["in_force_from"], answer["ends_on"]) == expected[:3]


def test_the_body_on_each_day_as_known_at_each_moment(told: Desk) -> None:
    for moment, expected in SEATED.items():
        found = []
        for day in DAYS:
            answer = told.asks("council", "--on", day, "--known-at", moment)
            members = {member["person"]: member["entry"] for member in answer["members"]}
            assert answer["presidium"]["first-vice-chair"] == ("p1" if "p1" in members else None), (moment, day)
            # As known at @12, it is open whether the agreement was in force on these days.
            loose = moment == "@12" and day in DAYS[1:6]
            assert answer["uncertain"] == ([1] if loose else []), (moment, day)
            found.append(members)
        assert found == expected, moment


def test_a_moment_may_be_given_as_a_day(told: Desk) -> None:
    """In the story, the back-dated vacancy (entry 21) was recorded on 15 January 2024."""
    for when, sits in (("2024-01-14", ["p1", "p2"]), ("2024-01-15", ["p1"])):
        answer = told.asks("council", "--on", "2023-11-01", "--known-at", when)
        assert [member["person"] for member in answer["members"]] == sits


def test_a_post_that_rests_on_a_quashed_appointment_is_found_while_it_is_quashed(told: Desk) -> None:
    def breaches(moment: str) -> list[tuple[str, list[int]]]:
        args = ("--on", "2023-06-15", "--subject", "post:first-vice-chair", "--known-at", moment)
        return [(found["text"], found["entries"]) for found in told.asks("findings", *args)["findings"]]

    assert breaches("@21") == []
    assert breaches("@22") == [(VACANT, []), ("p1 is not a member on 2023-02-01", [18])]
    assert breaches("@23") == []


def test_the_flag_of_the_quashing_was_reported_when_it_was_recorded(told: Desk) -> None:
    annulled = {
        moment: [
            (one["position"], one["annulled_by"])
            for one in told.asks("history", "--known-at", moment)["entries"]
            if one["annulled_by"]
        ]
        for moment in ("@18", "@20", "@22", "@23", "@24")
    }

    assert annulled == {
        "@18": [],
        "@20": [(17, 19)],
        "@22": [(16, 22), (17, 19)],
        "@23": [(17, 19), (22, 23)],
        "@24": [(17, 19), (22, 23)],
    }


def test_the_last_adoption_was_flagged_only_while_the_start_was_loose(told: Desk) -> None:
    def found(moment: str) -> list[tuple[str, list[int]]]:
        args = ("--on", "2023-02-15", "--subject", "party:sala", "--provision", "adopted-by-every-assembly", "--all")
        answer = told.asks("findings", *args, "--known-at", moment)
        return [(one["verdict"], one["uncertain"]) for one in answer["findings"]]

    assert found("@12") == [("cannot-tell", [1])]
    assert found("@13") == [("pass", [])]


def test_every_pinned_answer_is_the_same_bytes_later(told: Desk) -> None:
    """An answer as known at a position does not change when later entries are recorded, even if these are
    back-dated.
    """
    questions = [
        (question, "--on", day, "--known-at", moment, *form)
        for question in ("agreement", "council", "findings", "history")
        for day in ("2023-02-15", "2023-11-01")
        for moment in ("@18", "@24")
        for form in ((), ("--json",))
    ]
    then = [told(*question).out for question in questions]

    told.does(
        "record", "member-changed", "--person", "p1", "--bloc", "opposition", "--on", "2023-02-10", "--organ", "body"
    )
    told.does("annul", 13, "--cause", "recording-error", "--reason", "fel dag")
    told.does("record", "withdrawal-revoked", "--party", "sala", "--on", "2025-06-30", "--organ", "assembly")

    assert [told(*question).out for question in questions] == then
    assert told.asks("council", "--on", "2023-11-01")["members"][0]["bloc"] == "opposition"
