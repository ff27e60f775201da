"""Tests the answers about officials: the management group's offices, the proposals that it prepared, and the officials
who support each group (section 6).
"""

from __future__ import annotations

from datetime import date

from ledger.rules.officials import vacant_offices
from ledger.state.officials import held_on
from projections.officials import officials
from tests.acts import in_force
from tests.given import breaches, given, reasons, refused, told
from tests.given_officials import left_office, management_group, proposal, took
from tests.given_working import assigned, closed, created, meeting, recommended, relieved, sitting

FIRST = in_force("2023-01-01")
LACKS = "the management group lacks"
GROUP = created("g", "2024-01-01")


def test_every_office_is_one_that_somebody_holds() -> None:
    timeline = given(FIRST, management_group("2023-01-01"))

    assert [one.verdict for one in told(timeline, "2023-01-01", "management-group")] == ["pass"] * 13
    assert vacant_offices(timeline, date(2023, 1, 1)) == []
    assert len(vacant_offices(timeline, date(2022, 12, 31))) == 13


def test_an_office_is_vacant_from_the_first_day_without_its_holder() -> None:
    left = given(
        FIRST, management_group("2023-01-01"), left_office("d-sala", "municipal-director", "2024-05-01", "sala")
    )

    assert breaches(left, "2024-04-30", "management-group") == []
    assert breaches(left, "2024-06-01", "management-group") == [
        ("2024-05-01", "the management group lacks the municipal-director of sala; office-taken records who is")
    ]


def test_an_office_that_is_left_and_taken_on_one_day_is_never_vacant() -> None:
    timeline = given(
        FIRST, management_group("2023-01-01"), took("p1", "county-director", "2024-05-01"),
        left_office("d-county-director", "county-director", "2024-05-01"),
    )  # fmt: skip

    for on in ("2024-04-30", "2024-05-01", "2024-05-02"):
        assert breaches(timeline, on, "management-group") == []
    assert [one.person for one in held_on(timeline, date(2024, 5, 1)) if one.office == "county-director"] == ["p1"]


def test_an_office_never_taken_is_vacant_from_the_first_day_in_force() -> None:
    first, *_ = breaches(given(FIRST), "2024-05-01", "management-group")

    assert first == (
        "2023-01-01", "the management group lacks its regional-director; office-taken records who is",
    )  # fmt: skip


def test_only_who_holds_an_office_can_leave_it() -> None:
    timeline = given(FIRST, took("p1", "municipal-director", "2023-01-01", "sala"))

    assert refused(timeline, left_office("p1", "municipal-director", "2024-01-01", "sala")) == []
    assert reasons(timeline, left_office("p1", "municipal-director", "2024-01-01", "koping")) == [
        "reference: p1 is not municipal-director the day before 2024-01-01"
    ]
    assert refused(timeline, left_office("p1", "municipal-director", "2023-01-01", "sala")) == ["reference"]


def test_an_office_left_on_a_loose_day_cannot_be_told_in_between() -> None:
    timeline = given(
        FIRST, management_group("2023-01-01"), left_office("d-sala", "municipal-director", "2024-05", "sala")
    )

    def verdict(on: str) -> list[str]:
        own = "office:municipal-director/sala"
        return [one.verdict for one in told(timeline, on, "management-group") if one.subject == own]

    assert [verdict(on) for on in ("2024-04-30", "2024-05-15", "2024-05-31")] == [["pass"], ["cannot-tell"], ["breach"]]


def test_a_new_partys_office_is_vacant_from_the_day_it_is_a_party() -> None:
    begun = [in_force("2023-01-01", parties=("sala", "region")), in_force("2024-07-01", version=2)]

    found = breaches(given(begun), "2024-08-01", "management-group")
    assert ("2024-07-01", f"{LACKS} the municipal-director of arboga; office-taken records who is") in found
    assert [since for since, _ in found].count("2023-01-01") == 4


def test_a_recommendation_rests_on_a_proposal_prepared_by_its_day() -> None:
    made = [*sitting(), meeting("m1", "2024-05-02"), recommended("r1", "m1", "2024-05-02")]

    def verdict(*days: str) -> list[tuple[str, bool]]:
        found = told(given(made, [proposal("m1", on) for on in days]), "2024-06-01", "well-prepared")
        return [(one.verdict, one.advisory) for one in found]

    assert verdict("2024-04-01") == verdict("2024-05-02") == verdict("2024-05-20", "2024-05-01") == [("pass", False)]
    assert verdict() == verdict("2024-05-03") == [("breach", True)]


def test_what_was_prepared_too_late_is_reported_with_its_day() -> None:
    made = [*sitting(), meeting("m1", "2024-05-02"), recommended("r1", "m1", "2024-05-02")]

    assert breaches(given(made, proposal("m1", "2024-05-03")), "2024-06-01", "well-prepared") == [(
        "2024-05-02", "r1 was made on 2024-05-02, before the management group prepared item 1 of m1, 2024-05-03"
    )]  # fmt: skip
    assert breaches(given(made, proposal("m1", "2024-05-01", item=2)), "2024-05-02", "well-prepared") == [
        ("2024-05-02", "r1 was made on item 1 of m1, which the management group had not prepared")
    ]
    assert told(given(made), "2024-05-01", "well-prepared") == []


def test_a_group_needs_an_official_of_the_region_and_a_municipal_one() -> None:
    def missing(*acts: object, on: str = "2024-01-01") -> list[str]:
        timeline = given(FIRST, GROUP, *acts)  # type: ignore[arg-type]
        return [said.split(" supports")[0] for _, said in breaches(timeline, on, "group-officers")]

    region, sala = assigned("g", "2024-01-01", "p1"), assigned("g", "2024-01-01", "p2", "sala")
    assert missing() == ["no official of the Region", "no official of a municipality"]
    assert missing(region) == ["no official of a municipality"]
    assert missing(sala, assigned("g", "2024-01-01", "p3", "koping")) == ["no official of the Region"]
    assert missing(region, sala) == []
    assert missing(on="2023-12-31") == []
    assert missing(closed("g", "2024-06-01"), on="2024-06-01") == []
    assert missing(region, sala, relieved("g", "2024-06-01", "p2"), on="2024-05-31") == []


def test_a_group_lacks_its_official_from_the_day_that_the_last_was_relieved() -> None:
    timeline = given(FIRST, GROUP, assigned("g", "2024-01-01", "p1"), assigned("g", "2024-01-01", "p2", "sala"),
                     relieved("g", "2024-06-01", "p2"))  # fmt: skip

    assert breaches(timeline, "2024-07-01", "group-officers") == [
        ("2024-06-01", "no official of a municipality supports g; group-officer-assigned records who does")
    ]


def test_the_officials_of_a_day_by_office_and_group() -> None:
    timeline = given(FIRST, management_group("2023-01-01"), GROUP, assigned("g", "2024-01-01", "p1"),
                     left_office("d-norberg", "municipal-director", "2024-05", "norberg"))  # fmt: skip

    answer = officials(timeline, date(2024, 5, 15), {})
    assert [one.office for one in answer.management_group][::12] == ["regional-director", "county-director"]
    assert [one.party for one in answer.management_group][2:4] == ["arboga", "fagersta"]
    assert answer.vacancies == ()
    assert [(one.group, [each.person for each in one.officers], one.missing) for one in answer.groups] == [
        ("g", ["p1"], ("municipality",))
    ]
    assert [timeline.entries[one - 1].event.event_name for one in answer.uncertain] == ["office-left"]
    later = officials(timeline, date(2024, 6, 1), {})
    assert [(one.office, one.party) for one in later.vacancies or ()] == [("municipal-director", "norberg")]
