"""Tests false tiles, which do not match the entries. A server refuses a false tile from a role that records. If the
owner stored a false tile, the error blames the tile, not the log.
"""

from __future__ import annotations

import secrets
from contextlib import closing
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import psycopg
import pytest

from ledger.proof.tiles import WIDTH
from ledger.proof.tree import full_root, leaf_hash
from ledger.store import creating
from tests.desk import at_a_desk, event
from tests.proof.forger import forging
from tests.proof.scene import SEMINAR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.desk import Desk
    from tests.servers import Node

NO_ROOT = bytes(32)
LEAVES = [leaf_hash(b"%d" % number) for number in range(WIDTH)]
ROOT = full_root(LEAVES)
SIGNED_FOR = "which are those that the checkpoint was signed for"


# Tiles that a role that records may store


@pytest.fixture
def clerk(server: Node, new_place: Callable[[], str]) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Yields a session of a role that may record, in a ledger without entries."""
    place = new_place()
    schema = place.partition("schema=")[2]
    server.sql(f"CREATE ROLE clerk_{schema} LOGIN")
    with creating(place, role=f"clerk_{schema}"):
        pass
    with closing(server.connect(user=f"clerk_{schema}", options=f"-c search_path={schema}")) as clerk:
        yield clerk


def record(clerk: psycopg.Connection[tuple[object, ...]], first: int, last: int, *, tiled: bool = True) -> None:
    """Inserts entries and the tiles that they fill, in one transaction."""
    with clerk.transaction(), clerk.cursor() as cursor:
        rows = [(number + 1, LEAVES[number % WIDTH], b"%d" % number) for number in range(first - 1, last)]
        cursor.executemany(b"INSERT INTO entries VALUES (%s, 'x', %s, %s, '')", rows)
        for number in range((first - 1) // WIDTH, last // WIDTH if tiled else 0):
            put(clerk, 0, number)


def put(
    clerk: psycopg.Connection[tuple[object, ...]],
    level: int,
    number: int,
    root: bytes = ROOT,
    *,
    more: str = "",
) -> None:
    clerk.execute(f"INSERT INTO tiles VALUES (%s, %s, %s) {more}".encode(), (level, number, root))


def refused(clerk: psycopg.Connection[tuple[object, ...]], *tile: object, **more: Any) -> bool:
    with pytest.raises(psycopg.Error) as caught, clerk.transaction():
        put(clerk, *tile, **more)  # type: ignore[arg-type]
    return caught.value.sqlstate in {"23000", "23505", "42501"}


def test_a_tile_is_refused_until_its_entries_are_there_and_has_their_hashes(
    clerk: psycopg.Connection[tuple[object, ...]],
) -> None:
    for filled in (0, 3, WIDTH - 1):
        record(clerk, {0: 1, 3: 1}.get(filled, 4), filled)
        for level, root in ((0, ROOT), (0, NO_ROOT), (0, b""), (1, ROOT), (1, b""), (-1, b""), (-1, ROOT)):
            assert refused(clerk, level, 0, root)
    with clerk.transaction():
        record(clerk, WIDTH, WIDTH, tiled=False)
        for root in (NO_ROOT, b"", LEAVES[0], ROOT[:-1], ROOT + bytes(1), full_root([*LEAVES[1:], LEAVES[0]])):
            assert refused(clerk, 0, 0, root)
        put(clerk, 0, 0)

    assert refused(clerk, 0, 0)
    assert refused(clerk, 0, 0, more="ON CONFLICT (level, number) DO UPDATE SET root = excluded.root")
    assert refused(clerk, 0, 1)
    assert refused(clerk, 0, -1)
    assert refused(clerk, 1, 0, full_root([ROOT] * WIDTH))
    record(clerk, WIDTH + 1, 2 * WIDTH)


def test_no_tile_lies_before_the_first(clerk: psycopg.Connection[tuple[object, ...]]) -> None:
    clerk.execute(b"BEGIN")
    record(clerk, 1, 2 * WIDTH, tiled=False)
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="the number after the last"):
        clerk.execute(b"INSERT INTO tiles VALUES (0, -1, ''), (0, 1, %s)", (ROOT,))


def test_entries_are_kept_with_each_tile_that_they_fill(clerk: psycopg.Connection[tuple[object, ...]]) -> None:
    record(clerk, 1, WIDTH - 1)
    for last in (WIDTH, WIDTH + 1, 3 * WIDTH):
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="each tile that they fill"):
            record(clerk, WIDTH, last, tiled=False)

    with clerk.transaction():
        clerk.execute(b"SET CONSTRAINTS ALL DEFERRED")
        record(clerk, WIDTH, WIDTH)


# Errors about a tile that the owner stored


def seminar(title: str) -> dict[str, Any]:
    held = {"kind": "seminar", "title": title, "place": "Sala", "organisers": ["sala"]}
    return event("activity-held", "2024-05-01", "official", **held)


def sign(desk: Desk) -> None:
    """Makes a ledger with 300 entries and signs all of these entries."""
    desk.does("init")
    desk.does("import", desk.writes("e.jsonl", [seminar("Ett")] * 299))
    desk.does("record", "activity-held", "--title", "Ett", *SEMINAR)
    desk.does("checkpoint")


@pytest.fixture(scope="module")
def signed_file(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Returns a desk with a signed ledger to copy. The ledger's signing key comes from a random seed, so that no copy
    can make an equal key again.
    """
    folder = tmp_path_factory.mktemp("signed")
    with at_a_desk(folder) as desk, patch("ledger.integrity.keyfile.token_bytes", secrets.token_bytes):
        sign(desk)
    return desk


@pytest.fixture(params=["file", "server"])
def signed(
    request: pytest.FixtureRequest, signed_file: Desk, tmp_path: Path
) -> Iterator[tuple[Desk, Callable[..., None]]]:
    """Yields a desk whose ledger has 300 signed entries, and a function that changes the ledger's rows behind the
    program's back.
    """
    place = None if request.param == "file" else request.getfixturevalue("new_place")()
    with at_a_desk(tmp_path, place) as desk:
        if place:
            sign(desk)
        else:
            desk.goes_on(signed_file)
        node: Node | None = request.getfixturevalue("server") if place else None

        def change(sql: str, *values: bytes) -> None:
            if node and place:
                said = sql.replace("?", "%s")
                schema = place.partition("schema=")[2]
                with node.connect(options=f"-c search_path={schema} -c session_replication_role=replica") as owner:
                    owner.execute(said.encode(), values)
            else:
                with forging(tmp_path / "liggare.db") as file:
                    file.execute(sql, values)

        yield desk, change


def told(desk: Desk, *args: object) -> list[str]:
    done = desk(*args)
    assert done.code == 4, done
    return done.errors


def test_a_false_tile_is_said_to_be_wrong_and_not_the_log(signed: tuple[Desk, Callable[..., None]]) -> None:
    desk, change = signed
    change("UPDATE tiles SET root = ? WHERE level = 0 AND number = 0", ROOT)

    wrong = "tile 0 of level 0 is not that of the entries' bytes"
    for command in (("checkpoint",), ("prove", 2)):
        [line] = told(desk, *command)
        assert f"{wrong}, {SIGNED_FOR}" in line
    found = told(desk, "verify")
    assert wrong in found
    assert not [line for line in found if "rewritten" in line]
    assert len(found) < 5, found


def test_a_false_tile_over_what_is_not_signed_yet_is_named_too(signed: tuple[Desk, Callable[..., None]]) -> None:
    desk, change = signed
    desk.does("import", desk.writes("more.jsonl", [seminar("Två")] * 300))
    change("UPDATE tiles SET root = ? WHERE level = 0 AND number = 1", ROOT)

    [line] = told(desk, "checkpoint")
    assert "tile 1 of level 0 is not that of the entries' bytes" in line
    assert "nothing was signed" in line


def test_a_rewritten_log_is_still_reported(signed: tuple[Desk, Callable[..., None]]) -> None:
    """The control: an entry's bytes, its hash and its tile agree with each other, but differ from the signed log."""
    desk, change = signed
    change("UPDATE tiles SET root = ? WHERE level = 0 AND number = 0", ROOT)
    change("UPDATE entries SET data = ?, leaf = ? WHERE position = 5", b"{}", leaf_hash(b"{}"))

    for command in ("checkpoint", "verify"):
        assert any("the log was rewritten" in line for line in told(desk, command))


def test_a_missing_tile_is_rebuilt_from_the_entries(signed: tuple[Desk, Callable[..., None]]) -> None:
    """A missing tile does not prevent signing. When the next tile is completed, the program writes both tiles."""
    desk, change = signed
    change("DELETE FROM tiles")

    assert "tile 0 of level 0 is not there" in told(desk, "verify")
    desk.does("record", "activity-held", "--title", "Två", *SEMINAR, "--receipt", "receipt")
    for command in (("checkpoint",), ("prove", 2), ("export", "out"), ("rotate-key",)):
        desk.does(*command)
    desk.does("import", desk.writes("more.jsonl", [seminar("Två")] * 300))
    desk.does("verify")
    desk.does("checkpoint")


def test_a_hash_that_is_missing_is_reported_by_all_that_signs(signed: tuple[Desk, Callable[..., None]]) -> None:
    desk, change = signed
    desk.does("record", "activity-held", "--title", "Två", *SEMINAR)
    for leaf in (b"", bytes(5)):
        change("UPDATE entries SET leaf = ? WHERE position = 302", leaf)
        for command in (("checkpoint",), ("prove", 302), ("export", "out"), ("rotate-key",)):
            [line] = told(desk, *command)
            assert "tile 1 of level 0" in line
            assert "nothing was signed" in line
        done = desk("record", "activity-held", "--title", "Två", *SEMINAR, "--receipt", "receipt")
        assert done.code == 4


def test_where_an_entry_is_missing_too_each_is_reported(signed: tuple[Desk, Callable[..., None]]) -> None:
    desk, change = signed
    desk.does("record", "activity-held", "--title", "Två", *SEMINAR)
    change("UPDATE tiles SET root = ? WHERE level = 0 AND number = 0", ROOT)
    change("DELETE FROM entries WHERE position = 5")

    found = told(desk, "verify")
    assert "entry 5: it is missing" in found
    assert "tile 0 of level 0 is not that of the entries' bytes" in found
    assert [line for line in found if line.startswith("checkpoint 1: the ledger's tree cannot be read: ")]


@pytest.mark.parametrize("signed", ["file"], indirect=True)
def test_where_an_entry_is_kept_as_something_else_too_each_is_reported(
    signed: tuple[Desk, Callable[..., None]],
) -> None:
    desk, change = signed
    change("UPDATE tiles SET root = ? WHERE level = 0 AND number = 0", ROOT)
    with forging(desk.folder / "liggare.db") as file:
        file.execute("PRAGMA writable_schema = ON")
        file.execute("UPDATE sqlite_master SET sql = replace(sql, '\n STRICT', '') WHERE name = 'entries'")
    change("UPDATE entries SET data = 5 WHERE position = 5")

    found = told(desk, "verify")
    assert "tile 0 of level 0 is not that of the entries' bytes" in found
    assert [line for line in found if line.startswith("entry 5: ")]
