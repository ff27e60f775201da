"""A verdict that depends on a reading names the reading, and is different under another reading. For days before
another reading is adopted, the old reading still applies.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from ledger.readings import default_reading
from tests.acts import ALL, act, adopted, called, vacated, withdrew
from tests.given_money import level_set
from tests.given_working import created, meeting, members, requested
from tests.provisions.play import Table

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk


class Read(NamedTuple):
    """A case in which the verdict of a provision on a subject is `verdict` under the default reading, and `otherwise`
    under `reading`. `judged` is the day that the finding is about.
    """

    provision: str
    about: str
    on: str
    judged: str
    acts: Any
    verdict: str | None
    reading: str
    otherwise: str | None
    base: str = "body"


WHOLE_YEAR = [meeting(f"m{month}", f"2024-{month:02}-20") for month in (2, 3, 4, 5, 6)]
READ = {
    "third-of": Read(
        "requested-meeting", "request:r1", "2024-06-01", "2024-05-01",
        [vacated("sala-2", "2024-03-01"), requested("r1", "2024-05-01", members(8))], "breach", "seats", "pass"),
    "report-period": Read(
        "group-reports", "group:g/2024H1", "2024-07-01", "2024-06-30", created("g", "2024-01-01"), "breach", "year",
        None),
    "report-owed": Read(
        "group-reports", "group:g/2024H1", "2024-07-01", "2024-06-30", created("g", "2024-06-30"), None, "any-day",
        "breach"),
    "requested-counts": Read(
        "six-meetings", "year:2024", "2025-01-01", "2024-12-31",
        [WHOLE_YEAR, requested("r1", "2024-09-01", ["region-1"]),
         meeting("m10", "2024-10-20", requests=["r1"])], "breach", "yes", "pass"),
    "withdrawal-day": Read(
        "in-force", "meeting:m1", "2024-05-01", "2024-05-01",
        [withdrew("2024-05-01", "sala"), called("m1", "2024-05-01", "2024-06-01")], "breach", "day-after", "pass"),
    "withdrawal-organ": Read(
        "in-force", "meeting:m1", "2024-05-01", "2024-05-01",
        [act("withdrawal-decided", "2024-05-01", organ="executive-board", party="sala"),
         called("m1", "2024-05-01", "2024-06-01")], "pass", "any", "breach"),
    "reassessment-term": Read(
        "reassessment", "term:2027", "2026-11-01", "2026-11-01", [level_set("2026-05-01", 2026)], None, "assembly",
        "breach"),
    "late-adoption": Read(
        "in-force", "meeting:m1", "2023-03-01", "2023-03-01",
        [adopted("2022-12-01", by=ALL - {"sala"}), adopted("2023-03-01", by={"sala"}),
         called("m1", "2023-02-01", "2023-04-01")], "silent", "start-day", "pass", "text"),
}  # fmt: skip


def verdict(found: list[dict[str, Any]]) -> str | None:
    """Returns the worst verdict among the findings, or None if there are no findings."""
    told = [one["verdict"] for one in found]
    return next((one for one in ("breach", "cannot-tell", "silent", "pass") if one in told), None)


def named(found: list[dict[str, Any]], question: str) -> set[str]:
    """Returns the readings of a question that the findings name."""
    return {one["readings"][question] for one in found if question in one["readings"]}


@pytest.mark.parametrize("question", READ)
def test_under_another_reading_the_answer_is_another_names_it_and_records_nothing(
    question: str, desk: Desk, begun: dict[str, Path]
) -> None:
    read = READ[question]
    table = Table(desk, begun[read.base], read.base)
    table.records(read.acts)
    before, about = desk.asks("history"), ("--subject", read.about)

    plain = table.finds(read.provision, read.on, *about)
    under = table.finds(read.provision, read.on, *about, "--reading", f"{question}={read.reading}")

    assert (verdict(plain), verdict(under)) == (read.verdict, read.otherwise)
    assert named(plain, question) <= {default_reading(question)}
    assert named(under, question) <= {read.reading}
    assert named(plain, question) or verdict(plain) in {None, "pass"}
    assert named(under, question) or verdict(under) in {None, "pass"}
    assert desk.asks("history") == before


@pytest.mark.parametrize("question", READ)
def test_a_reading_adopted_after_the_judged_day_changes_nothing_and_by_then_it_does(
    question: str, desk: Desk, begun: dict[str, Path]
) -> None:
    read = READ[question]
    table = Table(desk, begun[read.base], read.base)
    table.records(read.acts)
    judged = date.fromisoformat(read.judged)
    chosen = ("--question", question, "--reading", read.reading, "--organ", "body")

    desk.does("record", "reading-adopted", *chosen, "--on", judged + timedelta(days=1))
    assert verdict(table.finds(read.provision, read.on, "--subject", read.about)) == read.verdict

    desk.does("record", "reading-adopted", *chosen, "--on", judged)
    assert verdict(table.finds(read.provision, read.on, "--subject", read.about)) == read.otherwise
