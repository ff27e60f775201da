"""Judging an entry costs as many function calls in a long record as in a short record."""

from __future__ import annotations

import pytest

from ledger.book import Ledger
from ledger.store import MemoryStore
from tests.acts import registered
from tests.counting import calls
from tests.domain.books import Clock, ledger
from tests.domain.years import acts


def for_each(number: int, loose_each: int) -> float:
    said = acts(number, loose_each=loose_each)
    return calls(lambda: Ledger(MemoryStore(), Clock()).record(said, by="tester")) / number


@pytest.mark.parametrize("loose_each", [0, 8])
def test_an_entry_costs_as_much_among_thousands_as_among_hundreds(loose_each: int) -> None:
    for_each(300, loose_each)  # this first run fills the caches that each process computes once

    assert for_each(4_000, loose_each) < 1.5 * for_each(1_000, loose_each)


def test_a_retry_by_key_judges_only_what_it_answers() -> None:
    book = ledger()
    said = acts(600)[12:]
    book.record(said, by="tester", key="k1")
    book.record(acts(2_000)[600:], by="tester")

    assert calls(lambda: book.record(said, by="tester", key="k1")) < 2 * calls(lambda: ledger().record(said, by="t"))


def test_a_registration_on_a_loose_day_costs_as_much_among_many() -> None:
    def each(number: int) -> float:
        said = [registered(f"p{place}", on="2023") for place in range(number)]
        return calls(lambda: Ledger(MemoryStore(), Clock()).record(said, by="tester")) / number

    each(50)
    assert each(800) < 1.5 * each(200)
