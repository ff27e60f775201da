"""Tests findings that follow from the record on a day, and silences of the agreement's text. Neither kind of finding is
ever a breach.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger.rules.judge import derived
from ledger.rules.silences import SILENCES
from tests.acts import (
    ALL,
    TERMS,
    act,
    adopted,
    fixed,
    full_body,
    in_force,
    proposed,
    reading,
    rejected,
    revoked,
    seated,
    vacated,
    withdrew,
)
from tests.given import after, given, sentence
from tests.given_officials import activity
from tests.given_working import advised, answered, created, meeting, recommended, sitting

if TYPE_CHECKING:
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline

FIRST = in_force("2023-01-01")


def told(timeline: Timeline, on: str, provision: str) -> list[Finding]:
    return [one for one in derived(timeline, date.fromisoformat(on)) if one.provision == provision]


def said(timeline: Timeline, on: str, provision: str) -> list[tuple[str, str]]:
    return [(one.verdict, sentence(one)) for one in told(timeline, on, provision)]


def test_the_first_version_waits_for_the_last_assembly_and_for_its_day() -> None:
    waiting = given(proposed(start="2023-03-01"), adopted("2022-12-01", by=ALL - {"sala", "koping"}))
    slug = "adopted-by-every-assembly"

    assert said(waiting, "2023-05-01", slug) == [
        ("pass", "9 of 11 assemblies have adopted version 1; it awaits koping, sala")
    ]
    both = after(waiting, adopted("2023-02-01", by={"sala", "koping"}))
    assert said(both, "2023-02-28", slug) == [
        ("pass", "all 11 assemblies have adopted version 1; its first day has not come")
    ]
    assert said(both, "2023-03-01", slug) == [
        ("pass", "all 11 assemblies adopted version 1, which took effect on 2023-03-01")
    ]
    assert said(both, "2022-09-30", slug) == []
    [found] = told(both, "2023-03-01", slug)
    assert (len(found.entries), str(found.since), found.readings) == (11, "2023-03-01", ())


def test_a_start_that_rests_on_a_late_adoption_names_its_reading() -> None:
    late = given(proposed(start="2023-03-01"), adopted("2023-04-01"))

    for read, since in (("last-adoption", "2023-04-01"), ("start-day", "2023-03-01")):
        [found] = told(late.under({"late-adoption": read}), "2023-05-01", "adopted-by-every-assembly")
        assert (str(found.since), found.readings) == (since, (("late-adoption", read),))


def test_an_amendment_awaits_is_stopped_or_took_effect() -> None:
    second = given(
        FIRST, proposed(2, "2024-07-01", on="2024-01-15"), adopted("2024-03-01", version=2, by=ALL - {"sala"})
    )
    slug = "amended-by-unanimity"

    assert said(given(FIRST), "2024-01-01", slug) == [("pass", "no amendment has been put forward")]
    assert said(second, "2024-08-01", slug) == [("pass", "10 of 11 assemblies have adopted version 2; it awaits sala")]
    stopped = after(second, rejected("2024-04-01", version=2, by={"sala"}))
    assert said(stopped, "2024-08-01", slug) == [
        ("pass", "version 2 is stopped: sala rejected it; 10 of 11 have adopted it")
    ]
    took_effect = after(second, adopted("2024-04-01", version=2, by={"sala"}))
    assert said(took_effect, "2024-07-01", slug) == [
        ("pass", "all 11 assemblies adopted version 2, which took effect on 2024-07-01")
    ]
    assert said(took_effect, "2024-07-01", "adopted-by-every-assembly")[0][1].startswith(
        "all 11 assemblies adopted version 1"
    )


def test_the_end_is_reported_from_the_decision_with_who_withdrew() -> None:
    ending = given(FIRST, withdrew("2024-03-15", "sala", ends_on="2025-01-01"))
    slug = "ends-when-one-withdraws"

    assert said(ending, "2024-03-14", slug) == [("pass", "no withdrawal is in effect, so nothing ends the agreement")]
    assert said(ending, "2024-12-31", slug) == [
        ("pass", "sala withdraws, so the agreement ends for all; the first day without it is 2025-01-01")
    ]
    assert said(ending, "2025-01-01", slug) == [
        ("pass", "sala withdrew, so the agreement has ended for all, from 2025-01-01")
    ]
    assert said(after(ending, revoked("2024-06-01", "sala")), "2025-01-01", slug)[0][1].startswith("no withdrawal")
    [found] = told(given(FIRST, withdrew("2024-03-15", "sala")), "2024-03-16", slug)
    assert found.readings == (("withdrawal-day", "decision-day"),)


def test_the_chair_is_whoever_chairs_the_regional_board() -> None:
    timeline = given(FIRST, full_body("2023-01-01"), vacated("region-1", "2024-05-01"))

    assert said(timeline, "2024-04-30", "chair") == [
        ("pass", "region-1 chairs the body, as chair of the regional executive board")
    ]
    assert [verdict for verdict, _ in said(timeline, "2024-05-01", "chair")] == ["silent"]
    assert said(timeline, "2022-12-31", "chair") == []


def test_who_chairs_on_a_day_that_is_known_loosely_is_not_reported_as_certain() -> None:
    timeline = given(FIRST, full_body("2023-01-01"), vacated("region-1", "2024-05"))
    successor = after(timeline, seated("p1", "region", "board-chair", "2024-05"))

    [found] = told(timeline, "2024-05-15", "chair")
    assert (found.verdict, [day for _, day in found.loose]) == ("cannot-tell", ["2024-05"])
    [found] = told(successor, "2024-05-15", "chair")
    assert found.loose
    assert [one.loose for one in told(successor, "2024-06-01", "chair")] == [()]


def test_the_body_is_attached_to_the_regional_board() -> None:
    assert said(given(FIRST), "2023-01-01", "attached-to-board") == [
        ("pass", "the body is attached to Regionstyrelsen i Region Västmanland")
    ]
    assert said(given(FIRST, withdrew("2023-06-01", "sala")), "2023-06-01", "attached-to-board") == []


MADE = [*sitting(), meeting("m1", "2024-05-02"), recommended("r1", "m1", "2024-05-02", to=["sala", "region"])]


def test_each_addressees_answer_is_reported_or_that_there_is_none_yet() -> None:
    timeline = given(MADE, answered("r1", "2024-06-01", "sala"), answered("r1", "2024-07-01", "region", "declined"))

    assert said(timeline, "2024-05-01", "recommendations") == []
    assert said(timeline, "2024-05-02", "recommendations") == [("pass", "r1: no answer yet from sala, region")]
    assert said(timeline, "2024-06-01", "recommendations") == [("pass", "r1: sala accepted; no answer yet from region")]
    assert said(timeline, "2024-07-01", "recommendations") == [("pass", "r1: sala accepted, region declined")]
    [found] = told(timeline, "2024-07-01", "recommendations")
    assert len(found.entries) == 3


def test_consensus_is_never_a_breach_and_shows_who_dissented() -> None:
    split = given(*MADE[:-1], recommended("r1", "m1", "2024-05-02", consensus=False, dissent=["sala-1"]))
    unknown = given(*MADE[:-1], recommended("r1", "m1", "2024-05-02", consensus=False))

    assert said(given(MADE), "2024-05-02", "consensus") == [("pass", "r1 was made by consensus")]
    assert said(split, "2024-05-02", "consensus") == [("pass", "r1 was made without consensus: sala-1 dissented")]
    assert said(unknown, "2024-05-02", "consensus") == [
        ("pass", "r1 was made without consensus; who dissented is not recorded")
    ]


def test_what_a_group_recommended_and_what_was_held_beside_is_reported_from_its_day() -> None:
    timeline = given(FIRST, created("g", "2024-01-01"), advised("g", "2024-05-02", "r1", to=["body", "sala"]),
                     activity("2024-05-02"))  # fmt: skip

    for slug, sentences in (
        ("group-recommendations", ["g left r1 to body, sala on 2024-05-02"]),
        ("other-forms", ["theme-day held by region, sala on 2024-05-02, in Sala: Nära vård"]),
    ):
        assert said(timeline, "2024-05-01", slug) == []
        assert said(timeline, "2024-05-02", slug) == [("pass", one) for one in sentences]


def test_what_was_held_on_a_loose_day_is_not_certain_until_the_last_of_its_days() -> None:
    timeline = given(FIRST, activity("2024-05"))

    assert [bool(one.loose) for one in told(timeline, "2024-05-15", "other-forms")] == [True]
    assert [bool(one.loose) for one in told(timeline, "2024-05-31", "other-forms")] == [False]


@pytest.mark.parametrize("gap", SILENCES)
def test_each_gap_is_shown_as_silent_with_the_section_where_one_would_look(gap: str) -> None:
    [found] = told(given(FIRST), "2024-01-01", gap)

    assert (found.verdict, found.section, found.entries) == ("silent", TERMS.sections[SILENCES[gap][1]], (1,))
    assert sentence(found).startswith("the agreement does not say ")
    assert gap not in TERMS.sections


def test_no_gap_is_shown_before_there_is_a_text() -> None:
    assert derived(given(proposed(on="2022-10-01")), date(2022, 9, 30)) == []


def test_what_is_derived_is_never_a_breach() -> None:
    timeline = given(MADE, withdrew("2024-09-01", "sala"), activity("2024-05"), reading("2024", "third-of", "seats"),
                     fixed("2022-12-01", "2023-01-01"), act("appeal-lodged", "2024-01-01", organ="court", entry=1,
                                                            court="Domstol"))  # fmt: skip

    for on in ("2022-12-31", "2024-05-10", "2024-09-01", "2030-01-01"):
        assert {one.verdict for one in derived(timeline, date.fromisoformat(on))} <= {"pass", "silent", "cannot-tell"}
