"""A party that an amendment leaves out loses its seats, posts and places in groups on the amendment's first day (7)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger.rules.judge import derived
from ledger.state.agreement import life, names_of_parties, party_names_on, terms_on
from ledger.state.groups import people_of
from ledger.state.posts import posts_on
from ledger.state.seats import members_on, seats
from projections.agreement import agreement
from projections.council import council
from projections.deadlines import deadlines
from projections.officials import officials
from tests.acts import (
    ALL,
    act,
    adopted,
    events,
    full_body,
    in_force,
    presidium,
    proposed,
    seated,
    vacated,
    vice_chair,
    withdrew,
)
from tests.given import after, breaches, found, given, reasons, refused, sentence, told
from tests.given_due import told as deadlines_told

if TYPE_CHECKING:
    from ledger.timeline import Timeline

OTHERS = ALL - {"sala"}
LAST, FIRST = date(2024, 6, 30), date(2024, 7, 1)
SECOND = [proposed(2, "2024-07-01", on="2024-01-15", parties=OTHERS), *adopted("2024-05-20", version=2)]
POSTS = [vice_chair("sala-1", "first-vice-chair", "2023-01-01"), *presidium("2023-01-01")[::2]]
GROUP = [
    act("group-created", "2023-02-01", group="g1", name="G", kind="standing"),
    act("group-member-appointed", "2023-02-01", group="g1", person="x", party="sala"),
    act("group-member-appointed", "2023-02-01", group="g1", person="y", party="koping"),
]
BODY = events(in_force("2023-01-01"), full_body("2023-01-01"), POSTS, GROUP)
WITHOUT = given(BODY, SECOND)


def of_sala(timeline: Timeline, on: date) -> list[str]:
    return [one.person for one in members_on(timeline, on) if one.party == "sala"]


def test_their_seats_end_with_the_party() -> None:
    assert of_sala(WITHOUT, LAST) == ["sala-1", "sala-2"]
    assert of_sala(WITHOUT, FIRST) == []
    assert {str(one.until) for one in seats(WITHOUT) if one.party == "sala"} == {"2024-07-01"}
    assert {str(one.until) for one in seats(WITHOUT) if one.party != "sala"} == {"2027-01-01"}
    answer = council(WITHOUT, FIRST, {})
    assert (answer.size, answer.vacancies) == (23, ())
    assert "sala" not in answer.parties


def test_their_posts_and_places_in_groups_end_with_them() -> None:
    assert posts_on(WITHOUT, LAST)["first-vice-chair"].person == "sala-1"
    assert "first-vice-chair" not in posts_on(WITHOUT, FIRST)
    assert [(one.person, str(one.until)) for one in people_of(WITHOUT, "g1").members] == [
        ("x", "2024-07-01"), ("y", "None"),
    ]  # fmt: skip


def test_who_has_left_with_the_party_takes_another_partys_seat() -> None:
    assert refused(WITHOUT, vacated("koping-1", "2024-07-01"),
                   seated("sala-1", "koping", "executive-chair", "2024-07-01")) == []  # fmt: skip
    assert refused(WITHOUT, seated("z", "sala", "executive-chair", "2024-07-01")) == ["two-per-municipality"]
    assert reasons(WITHOUT, vacated("sala-1", "2024-08-01")) == [
        "reference: sala-1 holds no seat to leave on or after 2024-08-01"
    ]
    assert refused(WITHOUT, vacated("sala-1", "2024-06-30")) == []


def test_what_was_recorded_before_the_amendment_does_not_sit_after_it() -> None:
    early = given(BODY, seated("z", "vasteras", "executive-chair", "2027-01-01"),
                  seated("w", "sala", "executive-chair", "2027-01-01"))  # fmt: skip
    assert of_sala(early, date(2027, 1, 1)) == ["w"]

    amended = after(early, SECOND)
    assert of_sala(amended, date(2027, 1, 1)) == []
    elsewhere = seated("w", "koping", "executive-chair", "2026-06-01", until="2027-06-01", otherwise_decided=True)
    assert refused(amended, vacated("koping-1", "2026-06-01"), elsewhere) == [], "a seat of no day stands in no way"
    assert refused(early, vacated("koping-1", "2026-06-01"), elsewhere) == ["two-per-municipality"]


def test_a_seat_does_not_come_back_with_the_party() -> None:
    back = after(WITHOUT, proposed(3, "2025-01-01", on="2024-08-01"), adopted("2024-09-01", version=3))

    assert (terms := terms_on(back, date(2025, 1, 1))) is not None
    assert "sala" in terms.party_ids()
    assert of_sala(back, date(2025, 1, 1)) == []
    assert refused(back, seated("sala-1", "sala", "executive-chair", "2025-01-01")) == []


def test_a_version_that_was_not_adopted_ends_no_seat() -> None:
    for by in (OTHERS, frozenset[str]()):
        assert of_sala(given(BODY, SECOND[0], adopted("2024-05-20", version=2, by=by)), FIRST) == ["sala-1", "sala-2"]


def test_deadlines_and_findings_say_so_before() -> None:
    def due(on: str) -> list[tuple[str, str, str]]:
        answer = deadlines(WITHOUT, date.fromisoformat(on), date(2024, 12, 31)).deadlines
        return [(str(one.due), one.provision, one.subject) for one in answer if one.subject == "party:sala"]

    def says(on: str) -> list[str]:
        return [sentence(one) for one in derived(WITHOUT, date.fromisoformat(on)) if one.subject == "party:sala"]

    assert (due("2024-05-19"), says("2024-05-19")) == (
        [("2024-07-01", "adopted-by-every-assembly", "party:sala")], [],
    )  # fmt: skip
    assert due("2024-05-20") == due("2024-06-30") == [("2024-06-30", "amended-by-unanimity", "party:sala")]
    assert (
        says("2024-05-20")
        == says("2024-06-30")
        == ["version 2 leaves sala out from 2024-07-01: its seats, posts and places in groups end then"]
    )
    assert (due("2024-07-01"), says("2024-07-01")) == ([], [])
    assert [one.verdict for one in told(WITHOUT, "2024-07-01", "two-per-municipality")] == ["pass"]


def test_their_officials_leave_the_management_group_and_the_groups() -> None:
    supports = [
        act("group-officer-assigned", "2023-02-01", group="g1", person="o1", employer="sala"),
        act("group-officer-assigned", "2023-02-01", group="g1", person="o2", employer="region"),
    ]
    timeline = given(BODY, supports, act("office-taken", "2023-02-01", person="d-sala", office="municipal-director",
                                         party="sala"), SECOND)  # fmt: skip

    def of(on: date) -> tuple[list[str], list[tuple[list[str], tuple[str, ...]]]]:
        answer = officials(timeline, on, {})
        officers = [([one.person for one in group.officers], group.missing) for group in answer.groups]
        return [one.person for one in answer.management_group], officers

    assert of(LAST) == (["d-sala"], [(["o1", "o2"], ())])
    assert of(FIRST) == ([], [(["o2"], ("municipality",))])
    assert breaches(timeline, "2024-08-01", "group-officers") == [
        ("2024-07-01", "no official of a municipality supports g1; group-officer-assigned records who does")
    ]


def test_a_withdrawal_for_a_day_on_which_the_party_has_been_left_out_ends_nothing() -> None:
    withdrawn = withdrew("2024-06-15", "sala", ends_on="2024-09-01")
    timeline = given(BODY, SECOND, withdrawn)

    assert life(timeline).end is None
    before, since = agreement(timeline, LAST), agreement(timeline, FIRST)
    assert (str(before.ends_on), before.withdrawals[0].counts, before.withdrawals[0].lapsed_on) == (
        "2024-09-01", True, None,
    )  # fmt: skip
    assert (since.ends_on, since.withdrawals[0].counts, since.withdrawals[0].lapsed_on) == (None, False, FIRST)
    entry = next(one for one in timeline.entries if one.event == withdrawn)
    [one] = found(timeline, entry.position)
    assert (one.verdict, one.provision) == ("cannot-tell", "ends-when-one-withdraws")
    assert sentence(one) == (
        "sala withdraws for 2024-09-01, but is no longer a party from 2024-07-01, when "
        "version 2 leaves it out: the withdrawal ends nothing"
    )


def test_a_withdrawal_for_the_last_day_as_a_party_ends_the_agreement() -> None:
    timeline = given(BODY, SECOND, withdrew("2024-06-15", "sala", ends_on="2024-07-01"))

    assert (end := life(timeline).end) is not None
    assert end.on == FIRST


@pytest.mark.parametrize(("ends", "due"), [("2024-07-01", []), ("2024-07-02", ["2024-06-30"])])
def test_an_end_that_comes_first_leaves_no_last_day_of_the_partys_own(ends: str, due: list[str]) -> None:
    timeline = given(BODY, SECOND, withdrew("2024-05-15", "koping", ends_on=ends))

    found = deadlines_told(timeline, "2024-06-20", "amended-by-unanimity")
    assert [line.partition(":")[0] for line in found if "the last day of sala's seats" in line] == due


def test_until_a_withdrawal_has_lapsed_nobody_is_told_of_a_last_day_after_its_end() -> None:
    """Sala withdraws for 1 September, and the second version leaves sala out before that, on 1 July."""
    third = proposed(3, "2024-10-01", on="2024-01-20", parties=OTHERS - {"koping"})
    timeline = given(BODY, SECOND, third, adopted("2024-05-25", version=3),
                     withdrew("2024-06-15", "sala", ends_on="2024-09-01"))  # fmt: skip

    def last_days(on: date) -> list[str]:
        found = deadlines_told(timeline, str(on), "amended-by-unanimity")
        return [line.partition(",")[0] for line in found if "the last day of" in line]

    assert last_days(LAST) == ["2024-06-30: the last day of sala's seats"]
    assert last_days(FIRST) == ["2024-09-30: the last day of koping's seats"]


@pytest.mark.parametrize(("day", "until"), [("2024-06-30", ["2024-07-01"]), ("2024-07-01", [])])
def test_whoever_a_left_out_party_appoints_to_a_group_has_no_place_in_it(day: str, until: list[str]) -> None:
    appointed = act("group-member-appointed", day, group="g1", person="p1", party="sala")
    members = people_of(given(BODY, SECOND, appointed), "g1").members

    assert [str(one.until) for one in members if one.person == "p1"] == until


def test_a_party_is_named_also_on_the_days_whose_terms_leave_it_out() -> None:
    assert "sala" not in party_names_on(WITHOUT, FIRST)
    assert names_of_parties(WITHOUT, FIRST)["sala"] == names_of_parties(WITHOUT, LAST)["sala"] == "Sala kommun"
