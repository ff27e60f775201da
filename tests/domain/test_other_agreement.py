"""Mälarbyn, an agreement with other parties, numbers, sections and readings, needs no other code."""

from __future__ import annotations

from datetime import date

from ledger.rules.judge import standing
from ledger.state.agreement import life, reading_on, version_on
from ledger.state.seats import seats
from tests.acts import MALARBYN, adopted, full_body, in_force, proposed, rejected, seated, withdrew
from tests.given import after, breaches, found, given, reasons, refused, sentence, told, verdicts

FOUR = MALARBYN.party_ids()
FIRST = in_force("2024-01-01", terms=MALARBYN)  # `FIRST` is recorded as entries 1 to 5
FULL = [*FIRST, *full_body("2024-01-01", terms=MALARBYN)]  # `FULL` is recorded as entries 1 to 14


def test_it_is_in_force_when_its_four_parties_have_adopted_it() -> None:
    assert version_on(given(FIRST), date(2024, 1, 1)) == 1
    assert version_on(given(FIRST[:-1]), date(2024, 1, 1)) is None
    assert refused(given(FIRST), adopted("2023-12-01", by={"sala"})) == ["reference", "amended-by-unanimity"]


def test_a_late_adoption_reaches_back_to_its_start_day() -> None:
    timeline = given(
        proposed(start="2024-01-01", terms=MALARBYN), adopted("2023-12-01", by=FOUR - {"pahittsta"}),
        rejected("2024-01-15", by={"pahittsta"}), adopted("2024-02-01", by={"pahittsta"}),
    )  # fmt: skip

    assert [(str(one.since), one.version) for one in life(timeline).in_force] == [("2024-01-01", 1)]
    [late] = found(timeline, 6)
    assert (late.provision, late.section) == ("adopted-by-every-assembly", "inledning")
    assert verdicts(timeline, 5) == []


def test_it_ends_the_day_after_a_withdrawal() -> None:
    timeline = given(FIRST, withdrew("2024-05-31", "ingenstans"))

    assert (version_on(timeline, date(2024, 5, 31)), version_on(timeline, date(2024, 6, 1))) == (1, None)


def test_its_body_has_seven_to_nine_members() -> None:
    assert breaches(given(FIRST, full_body("2024-01-01", terms=MALARBYN)[:6]), "2024-01-01", "size") == [
        ("2024-01-01", "the body has 6 members, not at least 7")
    ]
    assert breaches(given(FIRST, full_body("2024-01-01", terms=MALARBYN)[:7]), "2024-01-01", "size") == []
    tenth = seated("p1", "byaregionen", "board-party", "2024-06-01")
    assert reasons(given(FULL), tenth) == ["size: the body has 10 members on 2024-06-01, and at most 9 are allowed"]
    assert found(after(given(FULL), tenth), 15 + 9)[0].section == "2"


def test_its_region_has_three_or_four_members() -> None:
    some = [one for one in FULL[5:] if getattr(one, "party", None) != "pahittsta"]
    fifth = seated("p2", "byaregionen", "board-party", "2024-06-01")
    timeline = given(FIRST, some, seated("p1", "byaregionen", "board-party", "2024-01-01"))

    assert reasons(timeline, fifth) == [
        "region-seats: the Region has 5 members on 2024-06-01, and at most 4 are allowed"
    ]
    assert told(timeline, "2024-01-01", "region-seats")[0].verdict == "pass"


def test_its_terms_are_three_years() -> None:
    assert {str(seat.until) for seat in seats(given(FULL))} == {"2025-01-01"}
    assert {
        str(seat.until) for seat in seats(given(FIRST, seated("p1", "pahittsta", "executive-chair", "2025-01-01")))
    } == {"2028-01-01"}
    longer = seated("p1", "pahittsta", "executive-chair", "2025-01-01", until="2028-01-02")
    assert reasons(given(FIRST), longer) == [
        (
            "term: until 2028-01-02, beyond the term of 3 years that began 2025-01-01 and ends 2028-01-01; "
            "add otherwise_decided if that was decided when appointing"
        )
    ]


def test_its_readings_are_its_own() -> None:
    assert reading_on(given(FIRST), "third-of", date(2024, 1, 1)) == ("seats", None)


def test_its_findings_name_its_own_sections() -> None:
    found_then = standing(given(FIRST), date(2024, 1, 1))

    assert {(one.provision, one.section) for one in found_then} == {
        ("until-further-notice", "9"), ("size", "2"), ("two-per-municipality", "2"), ("region-seats", "2"),
        ("every-board-party", "2"), ("mirrors-majority", "2"), ("vice-chairs", "3"),
        ("six-meetings", "5.1"), ("mandatory-topics", "1"), ("management-group", "8"),
        ("by-population", "7.2"), ("indexation", "7.4"), ("reassessment", "7.4"),
        ("projects", "7.5"), ("settlement-agreement", "10"),
    }  # fmt: skip
    assert sentence(found_then[1]) == "the body has 0 members, not at least 7"
