"""The plane: a field is laid out once for a log and a span of days, and each dot stands for what one would count."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from hypothesis import given
from hypothesis import strategies as st

from web import plane
from web.plane import BOTTOM, CELL, LEFT, RIGHT, TOP, Mark, Marks, drawn, laid_out

if TYPE_CHECKING:
    import pytest

    from ledger.book import Ledger
    from ledger.timeline import Timeline

START = date(2024, 1, 1)
positions = st.sets(st.integers(1, 60), max_size=12)


@st.composite
def some_marks(draw: st.DrawFn) -> list[Mark]:
    """Draws up to 60 marks in order of the day recorded, some of them late, some of a day known only loosely."""
    recorded, found = START, []
    for position in range(1, draw(st.integers(1, 60)) + 1):
        recorded += timedelta(days=draw(st.integers(0, 2)))
        last = recorded - timedelta(days=draw(st.integers(-20, 60)))
        found.append(Mark(position, last - timedelta(days=draw(st.sampled_from([0, 0, 30]))), last, recorded))
    return found


def spanned(marks: list[Mark], on: date) -> tuple[date, date]:
    return min(on, *(one.first for one in marks)), max(on, *(one.last for one in marks))


def place(day: date, first: date, last: date, start: float, end: float) -> float:
    return round(start + (end - start) * (day - first).days / max((last - first).days, 1), 1)


@given(some_marks(), st.integers(0, 60), st.integers(-90, 200), positions, positions)
def test_a_shared_dot_stands_for_the_entries_of_its_cell_that_look_alike(
    marks: list[Mark], head: int, day: int, annulled: set[int], behind: set[int]
) -> None:
    on, head = START + timedelta(days=day), min(head, len(marks))
    first, last = spanned(marks, on)
    counted: dict[tuple[int, int, str], list[int]] = {}
    for one in marks:
        known = one.position <= head
        looks = ["late" if (one.recorded - one.last).days > plane.LATE_DAYS else "timely"] if known else ["unknown"]
        looks += ["annulled"] if known and one.position in annulled else []
        looks += ["behind"] if known and one.position in behind else []
        x = place(one.last, first, last, LEFT, RIGHT)
        y = place(one.recorded, marks[0].recorded, marks[-1].recorded, BOTTOM, TOP)
        counted.setdefault((int(x // CELL), int(y // CELL), " ".join(looks)), []).append(one.position)

    most, plane.MOST_DOTS = plane.MOST_DOTS, 0
    try:
        found = drawn(laid_out(marks, first, last), head=head, on=on, annulled=annulled, behind=behind, terms=())
    finally:
        plane.MOST_DOTS = most

    assert sorted((dot.entries, dot.position, dot.looks) for dot in found.dots) == sorted(
        (len(alike), alike[-1], looks) for (_, _, looks), alike in counted.items()
    )
    assert all(dot.span == 0 for dot in found.dots)


@given(some_marks(), st.integers(0, 60))
def test_few_entries_have_a_dot_each_with_the_span_of_their_days(marks: list[Mark], head: int) -> None:
    first, last = spanned(marks, START)
    found = drawn(laid_out(marks, first, last), head=min(head, len(marks)), on=START, annulled=(), behind=(), terms=())

    assert [dot.position for dot in found.dots] == [one.position for one in marks]
    for dot, one in zip(found.dots, marks, strict=True):
        x = place(one.last, first, last, LEFT, RIGHT)
        assert (dot.x, dot.span) == (x, round(x - place(one.first, first, last, LEFT, RIGHT), 1))
        assert ("unknown" in dot.looks) == (one.position > head)


def test_of_more_entries_than_have_room_those_of_a_cell_share_a_dot() -> None:
    day = START + timedelta(days=100)
    marks = [Mark(position, START, START, START) for position in range(1, plane.MOST_DOTS + 1)]
    marks += [Mark(len(marks) + 1, START, START, START), Mark(len(marks) + 2, day, day, day)]
    found = drawn(laid_out(marks, START, day), head=len(marks), on=day, annulled=(), behind={1}, terms=())

    assert [(dot.position, dot.entries, dot.looks) for dot in found.dots] == [
        (1, 1, "timely behind"),
        (plane.MOST_DOTS + 1, plane.MOST_DOTS, "timely"),
        (plane.MOST_DOTS + 2, 1, "timely"),
    ]


def test_a_field_is_laid_out_once_for_the_readers_of_a_log(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    laid = []

    def counting(marks: list[Mark], first: date, last: date) -> plane.Field:
        laid.append((len(marks), first, last))
        return laid_out(marks, first, last)

    monkeypatch.setattr(plane, "laid_out", counting)
    timeline, marks = ledger.timeline(None), Marks()
    within = marks.of(timeline)[0].last

    field = marks.field(timeline, within)
    assert field is not None
    assert marks.field(timeline, field.first) is field
    assert marks.field(timeline, field.last) is field
    before = field.first - timedelta(days=400)
    assert marks.field(timeline, before) is not field, "a day outside the entries has room of its own"
    shorter = cast("Timeline", SimpleNamespace(head=timeline.head - 1))
    assert marks.field(shorter, within) is not None
    head = timeline.head
    assert laid == [(head, *laid[0][1:]), (head, before, field.last), (head - 1, *laid[2][1:])]


def test_the_span_of_a_field_is_that_of_the_entries_known_to_its_log(ledger: Ledger) -> None:
    timeline, marks = ledger.timeline(None), Marks()
    every = list(marks.of(timeline))
    for head in (1, timeline.head // 2, timeline.head):
        field = marks.field(cast("Timeline", SimpleNamespace(head=head)), every[0].last)
        assert field is not None
        assert (field.first, field.last) == spanned(every[:head], every[0].last)


def test_a_log_without_entries_has_no_field() -> None:
    assert Marks().field(cast("Timeline", SimpleNamespace(head=0)), START) is None
