"""Every command that reads a row reports if the row's type, tag, name or position disagrees with its entry, and uses
little memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desk import event
from tests.hostile.lines import Line
from tests.hostile.rows import Change, put
from tests.hostile.values import ENV

if TYPE_CHECKING:
    from tests.desk import Desk
    from tests.hostile.apart import Apart

pytestmark = pytest.mark.on_file

PERSONS = {"p1": "Alva Påhitt", "p2": "Bertil Sagolund", "p3": "Cleo Exempelström"}
MEMORY = 200 * 2**20  # bytes
WORD = "(SELECT id FROM words WHERE word = ?)"


@pytest.fixture
def seated(desk: Desk) -> Desk:
    """Returns a desk whose ledger registers three persons, one of whom has a seat."""
    desk.does("init", "--in-force-from", "2023-01-01")
    lines = [event("person-registered", "2023-01-01", "body", person=one, name=name) for one, name in PERSONS.items()]
    lines.append(
        event("member-appointed", "2023-03-01", person="p1", party="sala", seat="executive-chair",
              political_party="Alfa", bloc="majority")
    )  # fmt: skip
    desk.does("import", desk.writes("persons.jsonl", lines))
    return desk


def changed(seated: Desk, sql: str, *values: object) -> None:
    put(seated.folder / "liggare.db", Change("", sql, values))


def test_another_persons_name_is_damaged_where_it_is_shown_and_nowhere_else(seated: Desk) -> None:
    changed(
        seated, "UPDATE names SET disclosure = (SELECT disclosure FROM names WHERE position = 3) WHERE position = 2"
    )

    for question in (("council", "--on", "2023-04-01"), ("history",)):
        told = seated(*question)
        assert (told.code, told.out) == (4, "")
        assert "the name kept for entry 2 is not the one that it registers" in told.errors[0]
    assert seated.asks("history", "--entry", 3)["entries"][0]["fields"]["name"] == "Bertil Sagolund"


@pytest.mark.parametrize("disclosure", ["", "x", "ö", "W10", "\x00", "WyJ4Iiwib3RoZXIiLCJ4Il0"])
def test_a_text_that_discloses_no_name_is_damaged(seated: Desk, disclosure: str) -> None:
    changed(seated, "UPDATE names SET disclosure = ? WHERE position = 2", disclosure)

    assert seated("council", "--on", "2023-04-01").code == 4


def test_an_entry_kept_as_another_type_is_damaged_where_it_is_read_as_that(seated: Desk) -> None:
    changed(seated, "INSERT INTO postings SELECT id, 4, x'' FROM words WHERE word = 'member-appointed'")
    changed(seated, f"UPDATE postings SET rest = substr(rest, 1, 2) WHERE word = {WORD}", "person-registered")

    assert "entry 4 is damaged: it is stored as member-appointed" in seated("council", "--on", "2023-04-01").errors[0]


def test_a_type_that_no_event_has_is_damaged_whatever_is_asked(seated: Desk) -> None:
    changed(seated, "UPDATE words SET word = 'member-appointee' WHERE word = 'member-appointed'")

    for question in (("council", "--on", "2023-04-01"), ("costs", 2024), ("meetings",), ("history", "--entry", 1)):
        assert seated(*question).code == 4


def test_an_entry_found_by_a_tag_that_it_does_not_carry_is_damaged(seated: Desk) -> None:
    changed(seated, f"UPDATE postings SET word = {WORD} WHERE word = {WORD}", "person:p2", "person:p3")

    told = seated("history", "--about", "person:p2")

    assert told.code == 4
    assert "entry 4 is damaged: it is stored under a tag that it does not have" in told.errors[0]


@pytest.mark.parametrize("position", [3_000_000_000, 2**63 - 1, 7])
def test_a_position_far_beyond_the_last_is_reported_at_once(seated: Desk, position: int) -> None:
    changed(seated, "UPDATE entries SET position = ? WHERE position = 5", position)

    assert seated("council").code == 4
    (missing, *_), stray = seated("verify").errors, f"entry {position}: no entry has this position"
    assert missing == "entry 5: it is missing"
    assert (stray in seated("verify").errors) == (position > 2_000)


def test_a_position_before_the_first_is_damaged(seated: Desk) -> None:
    changed(seated, "UPDATE entries SET position = -position WHERE position = 4")
    changed(seated, "INSERT INTO entries SELECT 6, type, leaf, data, words FROM entries WHERE position = 5")

    assert "an entry has position -4" in seated("council").errors[0]
    assert "entry -4: no entry has this position" in seated("verify").errors


@pytest.mark.parametrize(
    ("column", "question"),
    [
        ("entries.data", ("verify",)),
        ("entries.data", ("council", "--on", "2023-04-01")),
        ("entries.words", ("verify",)),
        ("names.disclosure", ("verify",)),
        ("names.disclosure", ("history",)),
        ("documents.data", ("verify",)),
        ("checkpoints.note", ("prove", "2")),
    ],
)
def test_a_value_of_any_size_is_damaged_in_little_memory(
    seated: Desk, apart: Apart, column: str, question: tuple[str, ...]
) -> None:
    table, name = column.split(".")
    seated.does("checkpoint")
    sql = f"UPDATE {table} SET {name} = zeroblob(100000000) WHERE rowid = (SELECT max(rowid) FROM {table})"
    changed(seated, sql)

    ended = apart.run(Line(question, ENV, ("null", "", "")), seated.folder)

    assert ended.code == 4
    assert ended.memory < MEMORY


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM postings WHERE word = (SELECT id FROM words WHERE word = 'member-appointed')",
        "UPDATE words SET kind = 'tag' WHERE word = 'member-appointed'",
        "DELETE FROM postings WHERE word = (SELECT id FROM words WHERE word = 'person:p1')",
        "DELETE FROM postings WHERE word IN (SELECT id FROM words WHERE word LIKE 'key:%')",
        "DELETE FROM entries WHERE position = (SELECT max(position) FROM entries)",
    ],
)
def test_an_entry_that_is_hidden_from_the_index_stops_questions_and_nothing_is_added(seated: Desk, change: str) -> None:
    changed(seated, change)
    ledger = seated.folder / "liggare.db"
    before = ledger.read_bytes()

    for command in (
        ("council", "--on", "2024-01-01"),
        ("findings", "--all"),
        ("history",),
        ("costs", "2024"),
        ("record", "activity-held", "--on", "2024-01-02", "--organ", "official", "--kind", "seminar", "--title", "x",
         "--place", "Sala", "--organisers", "sala"),
    ):  # fmt: skip
        done = seated(*command)
        assert (done.code, len(done.errors)) == (4, 1), (command, done)
    assert ledger.read_bytes() == before
    assert seated("verify").code == 4
