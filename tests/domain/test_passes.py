"""Tests the findings with the verdict `pass`, and the subject of each entry."""

from __future__ import annotations

import pytest

from ledger.rules.beside import touched
from ledger.rules.judge import irregular, passes, subject_of
from tests.acts import act, in_force, seated
from tests.domain.examples import example
from tests.given import given, sentence

FIRST = in_force("2023-01-01")  # `FIRST` is recorded as entries 1 to 12
SEATED = seated("p1", "sala", "executive-chair", "2023-01-01")


def passed(*acts: object, position: int = 13) -> list[str]:
    timeline = given(FIRST, *acts)  # type: ignore[arg-type]
    entry = timeline.entries[position - 1]
    found = irregular(entry, timeline)
    return [one.provision for one in passes(entry, found, timeline)]


def test_a_pass_is_reported_for_each_provision_that_was_judged_and_found_nothing() -> None:
    assert passed(SEATED) == ["size", "two-per-municipality", "term", "in-force"]
    assert passed(seated("p1", "region", "board-chair", "2023-01-01")) == [
        "size", "region-seats", "term", "in-force", "vice-chairs",
    ]  # fmt: skip


def test_no_pass_is_reported_where_anything_was_found() -> None:
    twice = seated("p2", "sala", "executive-chair", "2022-01-01")

    assert passed(SEATED, twice, position=14) == ["size", "two-per-municipality", "term"], "in-force: silent"
    assert passed(SEATED, seated("p2", "sala", "executive-chair", "2024-01-01"), position=14) == [
        "size",
        "term",
        "in-force",
    ]


def test_a_pass_names_its_entry_section_and_subject() -> None:
    timeline = given(FIRST, SEATED)
    first, *_ = passes(timeline.entries[12], [], timeline)

    assert (first.verdict, first.provision, first.section, first.subject, first.entries) == (
        "pass", "size", "2.2", "seat:sala/executive-chair", (13,),
    )  # fmt: skip
    assert sentence(first) == "entry 13, member-appointed, is as the provision says"


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("agreement-proposed", "version:1"),
        ("agreement-adopted", "party:sala"),
        ("agreement-rejected", "party:sala"),
        ("withdrawal-decided", "party:sala"),
        ("person-registered", "person:p1"),
        ("member-appointed", "seat:region/board-presidium"),
        ("vice-chair-appointed", "post:region-vice-chair"),
        ("vice-chair-released", "post:region-vice-chair"),
        ("expert-coopted", "person:p1"),
        ("meeting-held", "meeting:m1"),
        ("recommendation-made", "recommendation:rek1"),
        ("board-composed", "event:board-composed"),
    ],
)
def test_an_entry_is_about_what_it_brings_or_changes(name: str, subject: str) -> None:
    assert subject_of(example(name)) == subject


def test_only_an_annulment_touches_other_entries() -> None:
    timeline = given(FIRST, SEATED, act("appeal-lodged", "2024-01-01", organ="court", entry=13, court="Domstol"))

    assert [touched(entry, timeline) for entry in timeline.entries] == [[]] * timeline.head
