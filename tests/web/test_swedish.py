"""What the pages say in Swedish, where a reader once stumbled."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.web.reader import Reader


def test_what_is_left_out_of_a_list_is_joined_once(reader: Reader) -> None:
    page = reader.get("/diff?on=2025-01-01..2026-01-01&lang=sv").text

    assert " till" in page
    assert "och och" not in page


def test_a_thing_has_one_word_in_the_menu_the_bar_and_the_title(reader: Reader) -> None:
    page = reader.get("/replay?lang=sv").text

    assert "Genomgång" in page
    assert "Känt per" in page
    assert "Återspelning" not in page
    assert "Som känt vid" not in page


def test_tasks_fall_due(reader: Reader) -> None:
    assert "ska göras senast" not in reader.get("/?lang=sv").text
