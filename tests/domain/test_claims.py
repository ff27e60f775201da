"""Tests the amount that an instalment claims from each municipality. Each instalment is claimed once (5:
two-instalments).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from ledger.book import _flagged
from ledger.state.costs.claims import claim, claims, first_half, instalments
from ledger.state.costs.shares import shares
from presentation.costs.year import YearOfCosts
from presentation.costs.year import costs as table
from presentation.render.plain import lines_of
from projections.claim import claim_basis, unclaimable
from projections.costs import costs
from tests.acts import ALL, adopted, annulled, events, in_force, reading
from tests.given import after, given, reasons, refused, sentence
from tests.given_money import ALIKE, LEVEL, PEOPLE, TEN, claimed, index, level_set, population, raise_agreed

if TYPE_CHECKING:
    from ledger.events import Event
    from ledger.state.costs.claims import Claim
    from ledger.timeline import Timeline
    from tests.acts import Acts

FIRST = in_force("2023-01-01")  # `FIRST` is recorded as entries 1 to 12
OF_2022, OF_2023 = population("2023-02-21", "2022-12-31", ALIKE), population("2024-02-22", "2023-12-31")
# EACH is one instalment for one municipality: half of its share when all ten municipalities have equal shares.
EACH = LEVEL // 20


def would_claim(timeline: Timeline, year: int, instalment: int, on: str) -> Claim:
    return claim(timeline, year, instalment, date.fromisoformat(on))


def test_the_first_instalment_is_half_of_each_share_rounded_down() -> None:
    found = would_claim(given(FIRST, OF_2022, OF_2023), 2024, 1, "2024-02-22")

    assert (found.level, found.due, found.awaits) == (LEVEL, date(2024, 2, 1), None)
    assert found.amounts is not None
    assert found.amounts["sala"] == 60_744_967, "half of 121 489 935"
    assert found.amounts["arboga"] == 37_225_159


def test_before_the_key_is_published_it_rests_on_the_latest_year_and_says_so() -> None:
    timeline = given(
        FIRST, population("2022-02-22", "2021-12-31"), OF_2022, population("2023-12-01", "2023-11-01"), OF_2023
    )
    found = would_claim(timeline, 2024, 1, "2024-01-08")

    assert found.amounts == dict.fromkeys(TEN, EACH)
    assert found.key is not None
    assert (str(found.key.event.counted_on), str(found.awaits)) == ("2022-12-31", "2023-12-31")


@pytest.mark.parametrize(("on", "counted_on"), [("2024-02-21", "2022-12-31"), ("2024-02-22", "2023-12-31")])
def test_what_is_published_on_the_day_of_the_claim_counts(on: str, counted_on: str) -> None:
    found = would_claim(given(FIRST, OF_2022, OF_2023), 2024, 1, on)

    assert found.key is not None
    assert str(found.key.event.counted_on) == counted_on


def test_the_second_trues_up_what_was_published_between_them() -> None:
    timeline = given(FIRST, OF_2022, claimed("2024-01-08", 2024, 1, dict.fromkeys(TEN, EACH)), OF_2023)
    found = would_claim(timeline, 2024, 2, "2024-07-01")

    assert found.amounts is not None
    assert found.amounts["vasteras"] == 838_725_146 - EACH
    assert found.amounts["sala"] == 121_489_935 - EACH
    assert found.due == date(2024, 8, 1)
    assert would_claim(timeline, 2024, 2, "2024-02-21").amounts is None, "the share is not known yet"


def test_what_the_first_claimed_too_much_is_a_credit_in_the_second() -> None:
    timeline = given(FIRST, OF_2022, claimed("2024-01-08", 2024, 1, dict.fromkeys(TEN, EACH)), OF_2023)
    found = would_claim(timeline, 2024, 2, "2024-07-01")

    assert found.amounts is not None
    assert found.amounts["norberg"] == 29_747_350 - EACH < 0
    assert sum(found.amounts.values()) == LEVEL // 2
    shared = shares(timeline, 2024).shares
    assert shared is not None
    assert instalments(timeline, 2024, shared)[1]["norberg"] == 29_747_350 - EACH


def test_who_has_no_share_gets_back_what_the_first_claimed_and_is_not_named_if_that_was_nothing() -> None:
    timeline = given(FIRST, OF_2022, claimed("2024-01-08", 2024, 1, {"norberg": 7, "sala": 0, "koping": 5}))

    assert instalments(timeline, 2024, {"koping": 8})[1] == {"koping": 3, "norberg": -7}


def test_the_second_alone_claims_all_since_the_first_claimed_nothing() -> None:
    found = would_claim(given(FIRST, OF_2022), 2023, 2, "2023-07-01")

    assert found.amounts == dict.fromkeys(TEN, LEVEL // 10)


def test_a_level_that_falls_between_the_claims_gives_credits() -> None:
    acts = events(FIRST, OF_2022, claimed("2023-03-01", 2023, 1, dict.fromkeys(TEN, EACH)))
    timeline = given(acts, level_set("2023-05-01", 2023, LEVEL // 4))

    assert would_claim(timeline, 2023, 2, "2023-07-01").amounts == dict.fromkeys(TEN, -EACH // 2)


def test_where_the_index_is_read_in_the_year_itself_the_first_rests_on_the_level_of_the_year_before() -> None:
    same_year = in_force("2023-01-01", readings={"index-year": "same-year"})
    timeline = given(same_year, index("2026-02-20", 2026, "10"), population("2026-02-19", "2025-12-31", ALIKE))
    first, late = would_claim(timeline, 2026, 1, "2026-02-28"), would_claim(timeline, 2026, 1, "2026-03-01")

    assert (first.level, first.level_of, first.amounts) == (LEVEL, 2025, dict.fromkeys(TEN, EACH))
    assert (late.level, late.level_of) == (LEVEL * 11 // 10, 2026), "1 March has told"
    then = after(timeline, claimed("2026-02-28", 2026, 1, dict.fromkeys(TEN, EACH)))
    assert would_claim(then, 2026, 2, "2026-07-01").amounts == dict.fromkeys(TEN, EACH * 12 // 10), "trued up"
    assert would_claim(timeline, 2026, 2, "2026-02-20").level_of == 2026, "the second never rests on another year's"


@pytest.mark.parametrize("acts", [level_set("2025-12-01", 2026, LEVEL * 2), raise_agreed("2025-12-01", 2026, "100")])
def test_a_level_that_needs_no_index_is_what_the_first_rests_on(acts: Event) -> None:
    same_year = in_force("2023-01-01", readings={"index-year": "same-year"})
    found = would_claim(given(same_year, acts, population("2026-01-01", "2025-12-31", ALIKE)), 2026, 1, "2026-01-08")

    assert (found.level, found.level_of) == (LEVEL * 2, 2026)


def test_a_level_that_no_year_tells_is_missing_of_the_year_itself() -> None:
    same_year = in_force("2023-01-01", readings={"index-year": "same-year"})
    found = would_claim(given(same_year, population("2027-01-01", "2026-12-31", ALIKE)), 2027, 1, "2027-01-08")

    assert (found.amounts, found.level_of) == (None, 2027)


def test_a_later_correction_lands_in_the_second_and_never_in_a_claim_made() -> None:
    acts = events(FIRST, OF_2022, claimed("2023-03-01", 2023, 1, dict.fromkeys(TEN, EACH)))
    timeline = given(acts, level_set("2023-05-01", 2023, 2 * LEVEL))

    assert would_claim(timeline, 2023, 2, "2023-07-01").amounts == dict.fromkeys(TEN, 3 * EACH)
    assert would_claim(timeline, 2023, 2, "2023-04-30").amounts == dict.fromkeys(TEN, EACH)


def test_without_a_level_or_a_population_nothing_can_be_claimed() -> None:
    found = would_claim(given(FIRST), 2026, 1, "2026-01-08")

    assert found.amounts is None
    assert [one.what.english() for one in found.missing] == [
        "LPIK for 2025, published by 2025-03-01, which raises the level of 2026",
        "population of 2025-12-31, which shares the level of 2026",
    ]


def test_a_claim_that_lacks_a_figure_says_which_to_record() -> None:
    timeline = given(FIRST, population("2024-02-22", "2023-12-31", dict.fromkeys(TEN[1:], 5)))

    def told(year: int, instalment: int) -> list[str]:
        on = date(2024, 7, 1)
        return [sentence(one) for one in unclaimable(claim_basis(timeline, year, instalment, on), timeline, on)]

    figures = (
        "no population of arboga on 2023-12-31; record the figures of 2023-12-31 again, those of arboga among them"
    )
    assert told(2024, 2) == [
        f"instalment 2 of 2024 cannot be computed on 2024-07-01: there is {figures} (population-published)"
    ]
    index_, people = told(2026, 2)
    assert index_.endswith("2026; record it (index-published), or the raise agreed instead (indexation-agreed)")
    assert people.endswith("the level of 2026; record the figures of 2025-12-31 (population-published)")


def test_in_whole_kronor_the_first_is_too() -> None:
    timeline = given(
        in_force("2023-01-01", readings={"rounding": "krona"}), OF_2023, reading("2024-01-02", "rounding", "ore")
    )
    found = would_claim(timeline, 2024, 1, "2024-02-22")

    assert found.amounts is not None
    assert found.amounts["sala"] == 60_744_900, "half of 1 214 899 kr, the reading of 1 January"
    assert all(amount % 100 == 0 for amount in found.amounts.values())


def test_an_instalment_is_claimed_once_wherever_the_second_comes_from() -> None:
    timeline = given(FIRST, claimed("2024-01-08", 2024, 1, {"sala": 5}))

    assert reasons(timeline, claimed("2024-01-09", 2024, 1, {"koping": 7})) == [
        "two-instalments: instalment 1 of 2024 was claimed already, on 2024-01-08"
    ]
    assert refused(timeline, claimed("2023-12-01", 2024, 1, {"sala": 5})) == ["two-instalments"], "back-dated"
    assert refused(given(FIRST), claimed("2024-01-08", 2024, 1, {}), claimed("2024-01-08", 2024, 1, {})) == [
        "two-instalments"
    ]
    assert refused(timeline, claimed("2024-07-01", 2024, 2, {"sala": 5}), claimed("2024-07-01", 2025, 1, {})) == []
    assert refused(after(timeline, annulled(13)), claimed("2024-01-09", 2024, 1, {"sala": 6})) == []


def test_of_two_claims_that_stand_there_all_the_same_the_first_recorded_counts() -> None:
    first, second = claimed("2024-01-08", 2024, 1, {"sala": 5}), claimed("2024-01-02", 2024, 1, {"sala": 7})

    def standing(*acts: Event) -> int:
        return claims(given(FIRST, acts))[2024, 1].event.amounts["sala"]

    assert (standing(first, second), standing(second, first)) == (5, 7)


def test_whoever_the_first_did_not_claim_of_owes_its_whole_share_in_the_second() -> None:
    timeline = given(FIRST, OF_2022, claimed("2023-03-01", 2023, 1, dict.fromkeys(TEN[1:], EACH)))
    whole = shares(timeline, 2023).shares
    assert whole is not None

    second = {**dict.fromkeys(TEN, EACH), TEN[0]: LEVEL // 10}
    assert instalments(timeline, 2023, whole)[1] == would_claim(timeline, 2023, 2, "2023-07-01").amounts == second


def test_the_second_gives_all_back_to_whoever_the_terms_of_the_year_now_leave_out() -> None:
    left = in_force("2024-12-01", version=2, parties=ALL - {"sala"}), adopted("2024-11-20", version=2, by={"sala"})
    timeline = given(FIRST, population("2025-01-10", "2024-12-31", ALIKE),
                     claimed("2025-01-12", 2025, 1, {"sala": 500, "koping": 700, "arboga": 0}), left)  # fmt: skip
    whole = shares(timeline, 2025).shares
    assert whole is not None
    assert "sala" not in whole
    found = would_claim(timeline, 2025, 2, "2025-07-01").amounts

    assert found is not None
    assert (found["sala"], found["koping"]) == (-500, whole["koping"] - 700)
    assert sum(found.values()) + 1200 == LEVEL
    assert instalments(timeline, 2025, whole)[1] == found


def beside(*acts: Acts) -> list[str]:
    """Returns the sentences of the findings on two-instalments that are flagged when the last act is recorded, whether
    they are about that act or about older entries.
    """
    said = events(FIRST, OF_2022, acts)
    whole, head = given(said), len(said)
    found = _flagged([whole.at(head)], whole.until(head - 1), whole.until(head))
    told = [one for one in found if one.provision == "two-instalments"]
    return [sentence(one) for one in told]


HALF, WHOLE = dict.fromkeys(TEN, EACH), dict.fromkeys(TEN, 2 * EACH)
TOO_MUCH = "the instalments of 2023 claim 22 260 000,00 kr together, and the municipalities carry 14 840 000,00 kr"


def test_two_claims_of_more_than_the_level_are_asked_about_whichever_comes_last() -> None:
    first, second = claimed("2023-03-06", 2023, 1, HALF), claimed("2023-03-05", 2023, 2, WHOLE)

    assert beside(second, first) == beside(first, second) == [TOO_MUCH]
    assert beside(first, claimed("2023-07-01", 2023, 2, HALF)) == beside(first) == beside(second) == []
    one_ore_more = claimed("2023-07-01", 2023, 2, {**HALF, "sala": EACH + 1})
    assert len(beside(first, one_ore_more)) == 1
    falls = level_set("2023-08-01", 2023, 1)
    assert beside(first, claimed("2023-07-01", 2023, 2, HALF), falls) == [], "it was right when it was claimed"


def test_a_first_claim_that_comes_back_beside_a_second_of_all_is_reported_at_once() -> None:
    first, gone = claimed("2023-03-05", 2023, 1, HALF), annulled(14, cause="quashed")

    assert beside(first, gone, claimed("2023-07-10", 2023, 2, WHOLE), annulled(15)) == [TOO_MUCH]


def test_a_second_claim_that_a_quashing_brings_back_is_shown_beside_the_one_that_counts() -> None:
    first, gone = claimed("2023-03-05", 2023, 1, HALF), annulled(14, cause="quashed")
    anew = claimed("2023-03-20", 2023, 1, WHOLE)
    timeline = given(FIRST, OF_2022, first, gone, anew, annulled(15, cause="quashed"))

    [one, _] = costs(timeline, 2023, date(2024, 1, 1)).instalments
    [other] = one.claimed_again
    assert (one.entries, one.claimed, other.entry, other.claimed_on) == ((14,), HALF, 16, "2023-03-20")
    assert other.claimed == WHOLE
    for explained in (False, True):
        shown = lines_of(table(YearOfCosts(costs(timeline, 2023, date(2024, 1, 1)), explained, None, None)))
        assert "is claimed again on 2023-03-20, 14 840 000,00 kr together" in "\n".join(shown)
    [alone, _] = costs(given(FIRST, OF_2022, first, gone, anew), 2023, date(2024, 1, 1)).instalments
    assert (alone.entries, alone.claimed_again) == ((16,), ())


@pytest.mark.parametrize("cause", ["quashed", "recording-error"])
def test_a_second_claim_that_rests_on_an_annulled_first_is_reported_at_once(cause: str) -> None:
    first, second = claimed("2023-03-05", 2023, 1, HALF), claimed("2023-07-01", 2023, 2, HALF)

    assert beside(first, second, annulled(14, cause=cause)) == [
        "instalment 2 of 2023 claims what instalment 1, entry 14, left of each share, and that is annulled, by entry 16"
    ]
    assert beside(first, annulled(14, cause=cause), claimed("2023-07-10", 2023, 2, WHOLE)) == []
    same = [first, second, annulled(14, cause=cause), first]
    assert beside(*same) == [], "claimed again as it was"


@drawn(
    st.fixed_dictionaries(dict.fromkeys(TEN, st.integers(0, 200_000))).filter(lambda drawn: any(drawn.values())),
    st.sampled_from(["ore", "krona"]),
    st.integers(0, 10**9),
)
def test_the_instalments_sum_to_the_share(figures: dict[str, int], rounding: str, level: int) -> None:
    timeline = given(in_force("2023-01-01", base_level=level, readings={"rounding": rounding}),
                     population("2023-02-21", "2022-12-31", figures))  # fmt: skip
    whole = shares(timeline, 2023).shares
    assert whole is not None
    half = first_half(timeline, 2023, whole)
    then = after(timeline, claimed("2023-03-01", 2023, 1, half))
    second = would_claim(then, 2023, 2, "2023-07-01")

    assert second.amounts is not None
    assert {one: half[one] + second.amounts[one] for one in TEN} == whole
    assert all(0 <= second.amounts[one] - half[one] <= (1 if rounding == "ore" else 299) for one in TEN)


def test_a_raise_published_late_is_no_part_of_a_claim() -> None:
    timeline = given(FIRST, index("2025-03-02", 2025, "2.5"), population("2026-02-20", "2025-12-31", PEOPLE))

    assert would_claim(timeline, 2026, 2, "2026-07-01").amounts is None
