"""A fact recorded late turns an earlier act into a breach: the answer now shows the breach, but the answer as known
before the fact was recorded does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.acts import called, changed, seated, vacated, withdrew
from tests.given_officials import left_office
from tests.given_working import assigned, created, meeting, moved, relieved, requested
from tests.provisions.play import Table

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk

CALLED = called("m1", "2024-04-01", "2024-05-02")
HELD = meeting("m1", "2024-05-02", present=["region-1", "sala-2"])
GROUP = [created("g", "2024-01-01"), assigned("g", "2024-01-01", "p1"), assigned("g", "2024-01-01", "p2", "sala")]
# LEARNT maps each provision to (the acts recorded first, the acts recorded late, a part of the resulting finding's
# sentence).
LEARNT: dict[str, tuple[Any, Any, str]] = {
    "no-substitutes": (HELD, vacated("sala-2", "2024-05-01"), "sala-2 was present as a member, but is not a member"),
    "called-by-chair": (
        CALLED,
        [vacated("region-1", "2024-03-01"), seated("p1", "region", "board-chair", "2024-03-01")],
        "called by region-1; the chair on 2024-04-01 is p1",
    ),
    "notice": (HELD, moved("m1", "2024-04-28", "2024-05-03"), "4 days before the meeting, not 14"),
    "vice-chairs": (
        [],
        changed("arboga-2", "2023-06-01", bloc="majority"),
        "arboga-2 sits for arboga as opposition-leader, bloc majority",
    ),
    "in-force": (CALLED, withdrew("2024-03-01", "sala"), "done on 2024-04-01, when the agreement has ended"),
    "requested-meeting": (
        requested("r1", "2024-05-01", ["sala-1"]),
        vacated("sala-1", "2024-04-01"),
        "sala-1 is not a member on 2024-05-01",
    ),
    "size": ([], vacated("sala-1", "2024-04-01"), "the body has 24 members"),
    "every-board-party": ([], changed("region-5", "2024-04-01", political_party="Alfa"), "Gamma has 2 seats"),
    "management-group": ([], left_office("d-county-director", "county-director", "2024-04-01"), "lacks its county"),
    "group-officers": (GROUP, relieved("g", "2024-04-01", "p2"), "no official of a municipality supports g"),
}


@pytest.mark.parametrize("slug", LEARNT)
def test_what_is_learnt_later_shows_now_and_not_before_it_was_known(
    slug: str, desk: Desk, begun: dict[str, Path]
) -> None:
    recorded, later, says = LEARNT[slug]
    table = Table(desk, begun["body"], "body")
    if recorded:
        table.records(recorded)
    before = desk.asks("history")["known_at"]
    was = table.finds(slug, "2024-06-01")

    table.records(later)

    now = [one["text"] for one in table.finds(slug, "2024-06-01") if one["verdict"] == "breach"]
    assert any(says in text for text in now)
    assert not any(says in one["text"] for one in was)
    assert table.finds(slug, "2024-06-01", "--known-at", before) == was


def test_what_a_court_set_aside_no_longer_carries_what_rests_on_it(desk: Desk, begun: dict[str, Path]) -> None:
    table = Table(desk, begun["body"], "body")
    table.records(HELD)
    before = desk.asks("history")["known_at"]
    [seat] = [
        one["entry"] for one in desk.asks("council", "--on", "2024-05-02")["members"] if one["person"] == "sala-2"
    ]

    desk.does("annul", seat, "--cause", "quashed", "--reason", "dom", "--on", "2024-09-01", "--organ", "court")

    [wrong] = [one for one in table.finds("no-substitutes", "2024-06-01") if one["verdict"] == "breach"]
    assert wrong["text"] == "sala-2 was present as a member, but is not a member on 2024-05-02"
    assert [one["verdict"] for one in table.finds("no-substitutes", "2024-06-01", "--known-at", before)] == ["pass"]
