"""What a memo keeps when more is remembered than it should hold."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest

from ledger.rules.audit import Audit
from ledger.timeline import Timeline, memo
from ledger.timeline.memo import At, Known, Memo, Span
from tests.given import recorded
from tests.timeline.histories import history

NOW = At(1, date.max, date.max)


def nowhere(known: Known) -> Span:
    return Span((known.at.head, known.at.head + 1), (known.at.day,) * 2, (known.at.on,) * 2, known.at.head)


def number(_: Timeline, of: int) -> int:
    return of


def keep(known: Memo, of: int, value: Any = 1) -> None:
    known.keep((number, of), Known(value, (), frozenset(), NOW))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Memo:
    monkeypatch.setattr(memo, "MOST", 100)
    return Memo(nowhere)


def test_the_values_used_least_recently_are_forgotten_first(small: Memo) -> None:
    for of in range(1, 101):
        keep(small, of)
        assert small.get((number, 1), NOW), "it was used just now"

    keep(small, 101)

    assert len(small) <= 60
    assert [of for of in (1, 2, 101) if small.get((number, of), NOW)] == [1, 101]


def test_one_large_value_in_use_leaves_room_for_others(small: Memo) -> None:
    keep(small, 0, (1,) * 1_000)

    for of in range(1, 101):
        keep(small, of)
        assert small.get((number, 0), NOW)

    assert all(small.get((number, of), NOW) for of in range(51, 101))


def test_a_large_value_is_forgotten_once_it_is_not_used(small: Memo) -> None:
    keep(small, 0, (1,) * 1_000)

    for of in range(1, 3_000):
        keep(small, of)

    assert small.get((number, 0), NOW) is None
    assert len(small) <= 100


def test_an_audit_keeps_no_more_sources_than_its_findings_have() -> None:
    timeline, audit = recorded(history(Random(1))), Audit()  # noqa: S311 - the same each time
    for months in range(40):
        earlier = timeline.until(timeline.head - 2 * months)
        judged = audit.of(earlier.seen_on(date(2023 + months // 12, months % 12 + 1, 1)))

    assert judged
    used = {id(one.source) for one in audit._judged if one is not None}
    assert len(audit._sources) <= len(used)
