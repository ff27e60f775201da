"""The lines of the adoption board: versions that wait or were overtaken, and withdrawals that end nothing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from presentation.agreement import agreement as blocks
from presentation.render.plain import lines_of
from projections.agreement import agreement
from tests.acts import ALL, act, adopted, in_force, proposed, rejected, withdrew
from tests.given import after, given

if TYPE_CHECKING:
    from ledger.timeline import Timeline
    from tests.acts import Acts

FIRST = in_force("2023-01-01")


def said(timeline: Timeline, on: str) -> list[str]:
    return lines_of(blocks(agreement(timeline, date.fromisoformat(on))))


def test_a_version_that_a_later_one_has_passed_is_overtaken_whether_stopped_or_not() -> None:
    second: Acts = [proposed(2, "2024-07-01", on="2024-01-15"), adopted("2024-03-01", version=2, by=ALL - {"koping"})]
    third: Acts = [proposed(3, "2025-01-01", on="2024-08-01"), adopted("2024-09-01", version=3)]
    waits, stopped = given(FIRST, second, third), given(FIRST, second, rejected("2024-03-02", version=2, by=["koping"]))

    assert "Version 2, pending, overtaken: 10 of 11 have adopted it" in said(waits, "2025-02-01")
    assert "Version 2, pending: stopped by Köpings kommun" in said(stopped, "2025-02-01")
    assert "Version 2, pending, overtaken: stopped by Köpings kommun" in said(after(stopped, third), "2025-02-01")


def test_a_withdrawal_that_ends_nothing_is_told_with_why() -> None:
    by_board = act("withdrawal-decided", "2024-04-01", organ="executive-board", party="sala", ends_on="2025-01-01")
    without: Acts = [proposed(2, "2024-07-01", on="2024-01-15", parties=ALL - {"sala"}),
               adopted("2024-03-01", version=2)]  # fmt: skip
    left_out = given(FIRST, without, withdrew("2024-06-15", "sala", ends_on="2024-09-01"))

    (line,) = [one for one in said(given(FIRST, by_board), "2024-05-01") if "ends nothing" in one]
    assert line == "Sala kommun's withdrawal of 2024-04-01, by its executive-board, ends nothing [entry 13]."
    (line,) = [one for one in said(left_out, "2024-07-01") if "ends nothing" in one]
    assert line.endswith("'s withdrawal of 2024-06-15 ends nothing: not a party since 2024-07-01 [entry 25].")


def test_an_appeal_against_a_withdrawal_is_told() -> None:
    appeal = act("appeal-lodged", "2024-04-20", organ="court", entry=13, court="Förvaltningsrätten")
    timeline = given(FIRST, withdrew("2024-04-01", "sala", ends_on="2025-01-01"), appeal)

    assert "Sala kommun's withdrawal of 2024-04-01 is appealed to Förvaltningsrätten on 2024-04-20 [entry 14]." in said(
        timeline, "2024-05-01"
    )
