"""Tests the differences between two answers, in words. Long lists are shortened, but a difference is never left out."""

from __future__ import annotations

from datetime import date

from presentation.diff import changed, diff, whole
from presentation.render.plain import lines_of
from projections.diff import Change, Diff, Section
from projections.facts.compared import Said

MANY = tuple(f"p{number}" for number in range(9))


def told(before: tuple[str, ...] | None, after: tuple[str, ...], *, every: bool = False) -> str:
    old, new = (Said("present: {present:who}", {"present": one}) if one else None for one in (before, after))
    change = Change(what="changed", before=old, after=new, entries=(7,))
    answer = Diff(on=(date(2025, 1, 1),) * 2, known_at=("@1", "@2"), sections=(Section("meetings", (change,)),),
                  uncertain=())  # fmt: skip
    return lines_of((whole if every else diff)(answer))[-1]


def test_of_a_long_list_the_first_are_named_and_how_many_more() -> None:
    assert told(None, MANY) == "- present: p0, p1, p2, and 6 more (--all)  [entry 7]"
    assert told(None, MANY[:6]) == "- present: p0, p1, p2, p3, p4, p5  [entry 7]"
    assert told(None, MANY, every=True) == f"- present: {', '.join(MANY)}  [entry 7]"


def test_lists_that_differ_where_they_are_cut_off_are_reported_whole() -> None:
    others = (*MANY[:8], "p9")
    assert told(MANY, others) == f"- present: {', '.join(others)} (before: present: {', '.join(MANY)})  [entry 7]"


def test_a_change_that_the_sentence_does_not_name_is_still_told() -> None:
    def said(**values: object) -> Said:
        return Said("instalment 1 is claimed, {amount:kr} together", {"amount": 300, **values})

    before = said(amounts={"sala": 100, "koping": 200}, name=None)

    moved = changed(before, said(amounts={"sala": 101, "koping": 199}, name=None), 6)
    assert moved == "instalment 1 is claimed, 3,00 kr together (before: sala 1,00 kr, koping 2,00 kr)"
    named = changed(before, said(amounts={"sala": 100, "koping": 200}, name="Testa"), 6)
    assert named == "instalment 1 is claimed, 3,00 kr together (before: no name)"
    added = changed(said(), said(due="2025-06-30"), None)
    assert added == "instalment 1 is claimed, 3,00 kr together (before: otherwise)"
