"""The agreement comes into force when every assembly has adopted the same version and the start day of that version has
come (head).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from ledger.rules.judge import derived
from ledger.state.agreement import deciding, life, start_day, terms_on, version_on
from projections.agreement import agreement
from tests.acts import ALL, act, adopted, annulled, events, fixed, in_force, proposed, reading, rejected
from tests.given import after, found, given, reasons, recorded, refused, sentence, verdicts

if TYPE_CHECKING:
    from ledger.events import Event
    from ledger.timeline import Timeline
    from tests.acts import Acts

BUT_KOPING = ALL - {"koping"}


def versions(timeline: Timeline) -> list[tuple[str, int]]:
    return [(str(one.since), one.version) for one in life(timeline).in_force]


def test_the_agreement_is_in_force_from_its_start_day_when_all_have_adopted_by_then() -> None:
    timeline = given(proposed(start="2023-03-01"), adopted("2023-02-27"))

    assert version_on(timeline, date(2023, 2, 28)) is None
    assert version_on(timeline, date(2023, 3, 1)) == 1
    assert version_on(timeline, date(2100, 1, 1)) == 1


def test_adopting_on_the_start_day_itself_is_in_time() -> None:
    timeline = given(
        proposed(start="2023-03-01"), adopted("2023-02-27", by=BUT_KOPING), adopted("2023-03-01", by={"koping"})
    )

    assert versions(timeline) == [("2023-03-01", 1)]
    assert verdicts(timeline, 12) == []


def test_ten_of_eleven_are_not_enough() -> None:
    timeline = given(proposed(start="2023-03-01"), adopted("2023-02-27", by=BUT_KOPING))

    assert versions(timeline) == []


def test_the_agreement_waits_for_the_last_party_and_its_late_decision_is_flagged() -> None:
    timeline = given(
        proposed(start="2023-03-01"), adopted("2023-02-27", by=BUT_KOPING), adopted("2023-03-02", by={"koping"})
    )

    assert versions(timeline) == [("2023-03-02", 1)]
    [late] = found(timeline, 12)
    assert (late.verdict, late.provision, late.section, late.subject) == (
        "breach",
        "adopted-by-every-assembly",
        "head",
        "party:koping",
    )
    assert sentence(late) == (
        "koping adopted on 2023-03-02, after the day from which version 1 says that it applies, 2023-03-01"
    )
    assert late.entries == (12, 1)


def test_a_late_decision_rests_on_what_fixed_the_start_day() -> None:
    timeline = given(proposed(start="2023"), fixed("2022-11-01", "2023-03-01"), adopted("2023-03-02", by={"koping"}))

    [late] = found(timeline, 3)
    assert late.entries == (3, 2)


def test_read_as_start_day_a_late_last_adoption_reaches_back() -> None:
    late = events(
        proposed(start="2023-03-01"), adopted("2023-02-27", by=BUT_KOPING), adopted("2023-05-02", by={"koping"})
    )

    assert versions(given(late, reading("2023-01-01", "late-adoption", "start-day"))) == [("2023-03-01", 1)]
    assert versions(given(late, reading("2023-05-02", "late-adoption", "start-day"))) == [("2023-03-01", 1)]
    assert versions(given(late, reading("2023-05-03", "late-adoption", "start-day"))) == [("2023-05-02", 1)]
    assert versions(given(late)) == [("2023-05-02", 1)]


def test_the_terms_themselves_may_start_from_the_other_reading() -> None:
    late = events(
        proposed(start="2023-03-01", readings={"late-adoption": "start-day"}),
        adopted("2023-02-27", by=BUT_KOPING),
        adopted("2023-05-02", by={"koping"}),
    )

    assert versions(given(late)) == [("2023-03-01", 1)]
    assert versions(given(late, reading("2023-04-01", "late-adoption", "last-adoption"))) == [("2023-05-02", 1)]


def test_read_as_start_day_a_rejection_before_the_last_adoption_is_still_a_change_of_mind() -> None:
    timeline = given(
        proposed(start="2023-03-01", readings={"late-adoption": "start-day"}),
        adopted("2023-02-27", by=BUT_KOPING),
        rejected("2023-04-01", by={"koping"}),
        adopted("2023-05-02", by={"koping"}),
    )

    assert versions(timeline) == [("2023-03-01", 1)]
    assert verdicts(timeline, 12) == []


@pytest.mark.parametrize("start", ["2023", "2023-01-01/2023-12-01", "2023-11-15/2023-12-01"])
def test_a_start_known_only_loosely_counts_as_its_latest_day(start: str) -> None:
    timeline = given(proposed(start=start), adopted("2022-11-27"))

    assert versions(timeline) == [("2023-12-31" if start == "2023" else "2023-12-01", 1)]


def test_a_loose_start_that_is_fixed_is_the_day_it_was_fixed_to() -> None:
    timeline = given(proposed(start="2023"), adopted("2022-11-27"), fixed("2022-12-01", "2023-03-01"))

    assert (versions(timeline), start_day(timeline, 1)) == ([("2023-03-01", 1)], date(2023, 3, 1))


def test_a_loose_start_may_be_fixed_afterwards_to_a_day_that_has_been() -> None:
    timeline = given(proposed(start="2023"), adopted("2022-11-27"), fixed("2023-05-01", "2023-04-01"))

    assert versions(timeline) == [("2023-04-01", 1)]
    assert verdicts(timeline, 13) == []


def test_of_several_fixings_before_it_is_in_force_the_last_counts() -> None:
    timeline = given(
        proposed(start="2023"), fixed("2023-02-01", "2023-03-01"), adopted("2022-11-27"),
        fixed("2023-01-01", "2023-04-01"),
    )  # fmt: skip

    assert versions(timeline) == [("2023-03-01", 1)]


@pytest.mark.parametrize(
    ("on", "start"), [("2023-03-01", "2023-06-01"), ("2023-04-15", "2023-06-01"), ("2024-04-15", "2023-02-01")]
)
def test_a_start_fixed_once_in_force_changes_nothing_and_is_flagged(on: str, start: str) -> None:
    before: list[Acts] = [proposed(start="2023"), adopted("2022-11-27"), fixed("2023-01-15", "2023-03-01")]
    timeline = given(before, fixed(on, start))

    assert versions(timeline) == [("2023-03-01", 1)]
    for day in ("2023-02-10", "2023-03-01", "2023-04-01", "2023-06-01", "2024-05-10"):
        asked = date.fromisoformat(day)
        assert structs.replace(agreement(timeline, asked), known_at="") == structs.replace(
            agreement(given(before), asked), known_at=""
        )
    [late] = found(timeline, 14)
    assert (late.verdict, late.provision) == ("breach", "amended-by-unanimity")
    assert sentence(late) == (
        f"the start of version 1 is fixed on {on}, to {start}; it has been in force since 2023-03-01, so that changes "
        "nothing"
    )


@pytest.mark.parametrize(
    "early",
    [adopted("2022-09-01", by={"sala"}), rejected("2022-08-15", by={"sala"}), fixed("2022-09-15", "2023-03-01")],
    ids=lambda acts: events(acts)[0].event_name,
)
def test_what_is_decided_before_the_wording_was_put_forward_is_flagged(early: Acts) -> None:
    timeline = given(proposed(start="2023", on="2022-10-01"), early)

    [one] = found(timeline, 2)
    assert (one.verdict, one.provision, one.entries) == ("cannot-tell", "plausible", (2, 1))
    assert "before version 1 was put forward, on 2022-10-01" in sentence(one)


def test_on_the_day_that_it_was_put_forward_a_version_may_be_decided_on() -> None:
    assert verdicts(given(proposed(on="2022-10-01"), adopted("2022-10-01", by={"sala"})), 2) == []
    assert verdicts(given(proposed(on="2022-10"), adopted("2022-10-31", by={"sala"})), 2) == []


def test_on_a_day_on_which_it_may_not_have_been_put_forward_yet_nobody_can_tell() -> None:
    [one] = found(given(proposed(on="2022-10"), adopted("2022-10-01", by={"sala"})), 2)

    assert (one.verdict, one.provision) == ("cannot-tell", "plausible")


def test_a_version_put_forward_anew_is_in_force_no_earlier_than_that() -> None:
    timeline = given(proposed(start="2023-03-01"), adopted("2023-01-10"), annulled(1, cause="quashed"),
                     proposed(start="2023-03-01", on="2024-06-02"))  # fmt: skip

    assert versions(timeline) == [("2024-06-02", 1)]
    assert [one.provision for one in found(timeline, 2)] == ["plausible"]


def test_an_adoption_with_a_reservation_does_not_count_until_it_is_made_without() -> None:
    but = events(proposed(start="2023-03-01"), adopted("2023-02-01", by=BUT_KOPING))
    with_reservation = adopted("2023-02-02", by={"koping"}, reservation="om staten betalar")

    assert versions(given(but, with_reservation)) == []
    board = agreement(given(but, with_reservation), date(2023, 3, 1))
    assert board.awaiting == ("koping",)
    assert [(one.party, one.on, one.entry, one.reservation) for one in board.reserved] == [
        ("koping", "2023-02-02", 12, "om staten betalar")
    ]
    timeline = given(but, with_reservation, adopted("2023-02-20", by={"koping"}))
    assert versions(timeline) == [("2023-03-01", 1)]
    assert verdicts(timeline, 12) == verdicts(timeline, 13) == []


def test_a_partys_last_decision_before_entry_into_force_counts() -> None:
    changed_its_mind = given(proposed(start="2023-03-01"), adopted("2023-02-01"), rejected("2023-02-27", by={"sala"}))
    twice = given(
        proposed(start="2023-03-01"),
        adopted("2023-02-01"),
        rejected("2023-02-10", by={"sala"}),
        adopted("2023-02-27", by={"sala"}),
    )
    with_reservation = given(
        proposed(start="2023-03-01"), adopted("2023-02-01"), adopted("2023-02-27", by={"sala"}, reservation="nej")
    )

    assert versions(changed_its_mind) == versions(with_reservation) == []
    assert verdicts(changed_its_mind, 13) == verdicts(twice, 13) == verdicts(twice, 14) == []
    assert versions(twice) == [("2023-03-01", 1)]


def test_of_two_decisions_on_one_day_the_one_recorded_later_counts() -> None:
    start = events(proposed(start="2023-03-01"), adopted("2023-02-01", by=BUT_KOPING))
    yes, no = adopted("2023-02-02", by={"koping"}), rejected("2023-02-02", by={"koping"})

    assert versions(given(start, yes, no)) == []
    assert versions(given(start, no, yes)) == [("2023-03-01", 1)]


@pytest.mark.parametrize(
    "late",
    [
        rejected("2023-03-01", by={"sala"}),
        adopted("2023-03-01", by={"sala"}, reservation="nej"),
        adopted("2023-03-01", by={"sala"}),
        [*rejected("2023-06-01", by={"sala"}), *adopted("2023-06-02", by={"sala"})],
    ],
    ids=["rejected", "with a reservation", "adopted again", "rejected and adopted"],
)
def test_a_decision_on_a_version_in_force_changes_nothing_and_is_flagged(late: list[Event]) -> None:
    timeline = given(in_force("2023-03-01"))
    whole = after(timeline, late)

    assert refused(timeline, late) == []
    for position in range(timeline.head + 1, whole.head + 1):
        assert verdicts(whole, position) == [("breach", "amended-by-unanimity")]
    assert versions(whole) == [("2023-03-01", 1)]
    then, now = agreement(timeline, date(2024, 1, 1)), agreement(whole, date(2024, 1, 1))
    assert (now.adopted, now.rejected, now.awaiting) == (then.adopted, (), ())
    assert [str(one.on) for one in now.adopted] == ["2023-02-28"] * 11
    told = [sentence(one) for one in derived(whole, date(2024, 1, 1)) if one.provision == "adopted-by-every-assembly"]
    assert told == ["all 11 assemblies adopted version 1, which took effect on 2023-03-01"]


def test_it_is_said_which_decision_came_too_late() -> None:
    timeline = given(in_force("2023-03-01"))
    no, yes = rejected("2023-03-01", by={"sala"}), adopted("2023-04-01", by={"koping"})
    whole = after(timeline, no, yes)

    assert [sentence(one) for position in (13, 14) for one in found(whole, timeline.head - 12 + position)] == [
        (
            "sala rejects version 1 on 2023-03-01, which has been in force since 2023-03-01, so it changes nothing; "
            "a party that wants to leave withdraws"
        ),
        "koping adopts version 1 on 2023-04-01, which has been in force since 2023-03-01, so it changes nothing",
    ]
    assert refused(timeline, rejected("2023-02-28", by={"sala"})) == []


def test_decisions_on_an_amendment_in_force_are_those_of_its_entry_into_force() -> None:
    timeline = given(
        in_force("2023-01-01"), proposed(2, "2024-07-01", on="2024-01-15"), adopted("2024-03-01", version=2),
        rejected("2024-08-01", version=2, by={"koping"}), proposed(3, "2025-07-01", on="2025-01-15"),
        adopted("2025-03-01", version=3), adopted("2025-08-01", version=2, by={"sala"}),
    )  # fmt: skip

    board = agreement(timeline, date(2025, 1, 1))
    assert ([one.on for one in board.adopted], board.rejected) == (["2024-03-01"] * 11, ())
    assert [one.version for one in agreement(timeline, date(2025, 9, 1)).pending] == []
    assert [verdicts(timeline, position) for position in (25, 38)] == [[("breach", "amended-by-unanimity")]] * 2


@pytest.mark.parametrize(
    ("wording", "start", "flagged"),
    [
        ("2023-01-01/2023-12-01", "2022-12-31", True),
        ("2023-01-01/2023-12-01", "2023-01-01", False),
        ("2023-01-01/2023-12-01", "2023-12-01", False),
        ("2023-01-01/2023-12-01", "2023-12-02", True),
        ("2023-01-01/2023-12-01", "2024-05-02", True),
        ("2023", "2023-12-31", False),
        ("2023-02", "2023-03-01", True),
        ("2023-03-01", "2023-03-01", False),
        ("2023-03-01", "2023-03-02", True),
    ],
)
def test_a_start_day_is_fixed_within_what_the_wording_leaves_open(wording: str, start: str, flagged: bool) -> None:
    timeline = given(proposed(start=wording), fixed("2022-12-01", start))

    assert verdicts(timeline, 2) == ([("breach", "amended-by-unanimity")] if flagged else [])
    assert refused(given(proposed(start=wording)), fixed("2022-12-01", start)) == []
    if start == "2024-05-02":
        assert [(sentence(one), one.entries) for one in found(timeline, 2)] == [
            (
                "version 1 was adopted to apply from some day of 2023-01-01/2023-12-01, and is fixed to 2024-05-02",
                (2, 1),
            )
        ]  # fmt: skip


def test_a_version_passed_by_a_later_one_is_overtaken_and_may_still_take_effect() -> None:
    timeline = given(
        in_force("2023-01-01"), proposed(2, "2024-07-01", on="2024-01-15"),
        adopted("2024-03-01", version=2, by=BUT_KOPING), proposed(3, "2025-01-01", on="2024-08-01"),
        adopted("2024-09-01", version=3),
    )  # fmt: skip

    def pending(on: str) -> list[tuple[int, bool]]:
        return [(one.version, one.overtaken) for one in agreement(timeline, date.fromisoformat(on)).pending]

    assert pending("2024-12-31") == [(2, False), (3, False)]
    assert pending("2025-01-01") == [(2, True)]
    last = adopted("2025-03-01", version=2, by={"koping"})
    assert refused(timeline, last) == []
    whole = after(timeline, last)
    assert versions(whole)[-1] == ("2025-03-01", 2)
    assert ("cannot-tell", "plausible") in verdicts(whole, whole.head)
    assert [sentence(one) for one in found(whole, whole.head) if one.provision == "plausible"] == [
        "version 2 takes effect on 2025-03-01, after version 3, which was put forward later"
    ]
    assert agreement(whole, date(2025, 4, 1)).pending == ()
    others = [verdicts(whole, position) for position in range(1, whole.head)]
    assert not any("plausible" in {slug for _, slug in of} for of in others)


def test_a_version_before_the_first_is_overtaken_too() -> None:
    timeline = given(proposed(1, "2023-01-01"), proposed(2, "2023-06-01", on="2022-11-01"),
                     adopted("2023-05-01", version=2))  # fmt: skip

    (first,) = agreement(timeline, date(2023, 6, 1)).pending
    assert (first.version, first.overtaken) == (1, True)
    (second,) = agreement(given(in_force("2023-01-01"), proposed(2, "2024-01-01", on="2023-06-01")),
                          date(2023, 7, 1)).pending  # fmt: skip
    assert second.overtaken is False


def test_a_version_is_adopted_once_by_each_party_in_whichever_order_that_is_recorded() -> None:
    once = given(proposed(start="2023-03-01"), adopted("2023-02-01", by={"sala"}))

    assert reasons(once, adopted("2023-02-20", by={"sala"})) == [
        "amended-by-unanimity: sala adopted version 1 already, on 2023-02-01"
    ]
    assert refused(once, adopted("2023-01-20", by={"sala"})) == ["amended-by-unanimity"]
    assert refused(once, adopted("2023-02-01", by={"sala"})) == ["amended-by-unanimity"]
    assert refused(once, adopted("2023-02-20", by={"koping"})) == []
    assert refused(once, rejected("2023-02-10", by={"sala"})) == []
    assert refused(once, rejected("2023-02-10", by={"sala"}), adopted("2023-02-20", by={"sala"})) == []
    assert refused(given(in_force("2023-03-01")), adopted("2023-04-01", by={"sala"})) == []


@pytest.mark.parametrize("organ", ["executive-board", "body", "official", "chair"])
@pytest.mark.parametrize("event", ["agreement-adopted", "agreement-rejected"])
def test_only_an_assembly_decides_on_the_agreement(event: str, organ: str) -> None:
    decided = act(event, "2023-02-01", organ=organ, version=1, assembly="sala")

    assert reasons(given(proposed(start="2023-03-01")), decided) == [
        f"adopted-by-an-assembly: decided by {organ}; only the assembly can decide it"
    ]


def test_only_parties_decide() -> None:
    timeline = given(proposed(start="2023-03-01", parties=ALL - {"sala"}), proposed(2, "2024-01-01", on="2023-01-01"))

    assert reasons(timeline, adopted("2023-02-01", by={"sala"})) == [
        "amended-by-unanimity: sala is not a party to version 1"
    ]
    assert refused(timeline, rejected("2023-02-01", by={"sala"})) == ["amended-by-unanimity"]
    assert refused(timeline, adopted("2023-02-01", version=2, by={"sala"})) == []


def test_a_day_without_a_version_in_force_is_judged_by_the_lowest_versions_terms() -> None:
    timeline = given(
        proposed(2, start="2024-01-01", members_max=28, on="2022-01-01"),
        proposed(1, start="2023-03-01"),
        adopted("2023-02-27"),
    )

    for on, most in (("1999-01-01", 30), ("2023-02-28", 30), ("2023-03-01", 30)):
        terms = terms_on(timeline, date.fromisoformat(on))
        assert terms is not None
        assert terms.numbers.members_max == most


def test_without_a_proposal_there_are_no_terms() -> None:
    empty = recorded()

    assert (life(empty).in_force, life(empty).end, terms_on(empty, date(2023, 1, 1))) == ((), None, None)
    assert version_on(empty, date(2023, 1, 1)) is None


def test_a_version_is_decided_on_by_its_own_parties() -> None:
    assert deciding(given(proposed()), 1, None) == ALL
