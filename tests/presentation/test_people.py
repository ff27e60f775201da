"""What is said of officials, of entries that were appealed, and of rules that judge many kinds of events."""

from __future__ import annotations

from datetime import date

from ledger.events import EVENTS
from ledger.messages import msg
from presentation.blocks import grid
from presentation.explain import explain as explain_blocks
from presentation.officials import officials as official_blocks
from presentation.record import history as history_blocks
from presentation.render.plain import lines_of
from projections.explain import explain
from projections.history import Wanted, streamed
from projections.officials import officials
from tests.acts import act, in_force, reading
from tests.given import given
from tests.given_officials import management_group

FIRST = in_force("2023-01-01")


def test_a_management_group_without_a_vacancy_says_so() -> None:
    answer = officials(given(FIRST, management_group("2023-02-01")), date(2023, 3, 1), {})

    assert lines_of(official_blocks(answer))[0] == "The management group on 2023-03-01, no office vacant"


def test_an_entry_that_was_appealed_names_the_appeal() -> None:
    appeal = act("appeal-lodged", "2022-12-31", organ="court", entry=2, court="Förvaltningsrätten")
    told = streamed(given(FIRST, appeal), {}, Wanted())

    assert lines_of(next(history_blocks(told)))[3].strip().startswith("appealed, entry 13; ")


def test_a_rule_that_judges_many_kinds_of_events_counts_them() -> None:
    lines = lines_of(explain_blocks(explain(given(FIRST), date(2023, 3, 1), {}, "reference")))

    (row,) = [line for line in lines if line.startswith("forbids  names what is there")]
    assert row.rstrip().endswith(f"12 entries: {len(EVENTS)} kinds of events")


def test_a_reading_that_an_entry_adopted_names_the_entry() -> None:
    chosen = given(FIRST, reading("2023-01-02", "rounding", "krona"))
    lines = lines_of(explain_blocks(explain(chosen, date(2023, 3, 1), {}, "by-population")))

    (row,) = [line for line in lines if line.startswith("rounding ")]
    assert row.split() == ["rounding", "krona", "entry", "13", "ore"]

    supposed = given(FIRST).under({"rounding": "krona"})
    lines = lines_of(explain_blocks(explain(supposed, date(2023, 3, 1), {}, "by-population")))
    (row,) = [line for line in lines if line.startswith("rounding ")]
    assert row.split() == ["rounding", "krona", "asked", "for", "ore"]


def test_a_table_without_rows_is_no_line_and_a_value_that_is_none_is_nobody() -> None:
    assert lines_of([grid([])]) == []
    assert msg("{person}", person=None) == "nobody"
