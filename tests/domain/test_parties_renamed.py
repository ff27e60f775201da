"""Tests a party that gets another name on a day. An answer shows the party's name on the day asked about, and the terms
keep their wording.
"""

from __future__ import annotations

from datetime import date

from projections.agreement import agreement
from projections.council import council
from tests.acts import ALL, act, adopted, annulled, in_force, proposed
from tests.given import after, found, given, refused, sentence

FIRST = in_force("2023-01-01")  # `FIRST` is recorded as entries 1 to 12
RENAMED = act("party-renamed", "2024-07-01", organ="assembly", party="sala", name="Sala stad")
DAYS = (date(2024, 6, 30), date(2024, 7, 1))


def test_answers_show_the_name_of_the_day() -> None:
    timeline = given(FIRST, RENAMED)

    assert [council(timeline, on, {}).parties["sala"] for on in DAYS] == ["Sala kommun", "Sala stad"]
    assert [agreement(timeline, on).names["sala"] for on in DAYS] == ["Sala kommun", "Sala stad"]
    assert {len(agreement(timeline, on).names) for on in DAYS} == {len(ALL)}
    terms = agreement(timeline, DAYS[1]).terms
    assert terms is not None
    assert (party := terms.party("sala")) is not None
    assert party.name == "Sala kommun"


def test_the_last_name_counts_and_an_annulled_one_does_not() -> None:
    again = act("party-renamed", "2025-01-01", organ="assembly", party="sala", name="Sala")
    timeline = given(FIRST, again, RENAMED)

    assert council(timeline, date(2025, 1, 1), {}).parties["sala"] == "Sala"
    assert council(after(timeline, annulled(13)), date(2025, 1, 1), {}).parties["sala"] == "Sala stad"


def test_a_later_wording_says_its_own_names() -> None:
    timeline = given(FIRST, RENAMED, proposed(2, "2026-01-01", on="2025-06-01"), adopted("2025-09-01", version=2))

    assert council(timeline, date(2025, 12, 31), {}).parties["sala"] == "Sala stad"
    assert council(timeline, date(2026, 1, 1), {}).parties["sala"] == "Sala kommun"


def test_only_a_party_is_renamed() -> None:
    assert refused(given(FIRST), act("party-renamed", "2024-07-01", party="heby", name="Heby")) == ["reference"]


def test_a_party_that_takes_anothers_name_is_flagged() -> None:
    renamed = act("party-renamed", "2024-07-01", organ="assembly", party="sala", name="Köpings Kommun")

    [one] = found(given(FIRST, renamed), 13)
    assert (one.verdict, one.provision, sentence(one)) == (
        "cannot-tell", "plausible", "renames sala to Köpings kommun, as koping is called",
    )  # fmt: skip
    assert found(given(FIRST, RENAMED), 13) == []
