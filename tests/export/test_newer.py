"""Tests exports that every verifier passes, with entries that this program cannot store, or only in several appends."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from ledger.store import SqlStore
from tests.export.making import DOCUMENTS, PAST, REAL, entry, held, laid, made, note
from tests.export.test_agreement import by_the_program, desk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventsourcing.dcb.api import DCBEvent

    from tests.desk import Desk

__all__ = ["desk"]

ANSWERS = {"on": "2030-01-01", "known_at": "@20", "digest": "", "answers": {}}
NEWER = (*PAST, entry(20, "quorum-noted", {"present": 3}))
TOO_OLD = "entry 20 was written by a newer liggare (quorum-noted of shape 1); upgrade this program"


def test_an_entry_of_a_newer_program_is_sound_and_its_answers_are_not_compared(desk: Desk) -> None:
    export = laid(made(NEWER, [note(NEWER, REAL)], REAL, state=ANSWERS), desk.folder / "export")

    assert by_the_program(export)[0] == 0
    assert desk.asks("audit", export)["answers"] == f"not compared: {TOO_OLD}"


def test_no_ledger_is_made_of_an_entry_of_a_newer_program(desk: Desk) -> None:
    export = laid(made(NEWER, [note(NEWER, REAL)], REAL), desk.folder / "export")

    refused = desk("import", "--log", export, "--ledger", "made.db")

    assert (refused.code, refused.errors) == (6, [TOO_OLD])
    assert [path.name for path in desk.folder.iterdir()] == ["export"]


def test_no_ledger_is_made_of_a_key_of_two_lines_which_no_index_holds(desk: Desk) -> None:
    odd = (*PAST, held(20).replace(b'"key-20"', rb'"two\nlines"'))
    export = laid(made(odd, [note(odd, REAL)], REAL), desk.folder / "export")

    assert desk("audit", export).code == 0
    refused = desk("import", "--log", export, "--ledger", "made.db")

    assert refused.code == 4
    assert refused.errors[0].startswith("entry 20 is damaged: it would have a tag with a line break; ")
    assert not (desk.folder / "made.db").exists()


def test_a_log_of_many_bundles_is_rebuilt_in_several_appends(desk: Desk) -> None:
    log = (*PAST, *map(held, range(20, 600)))
    export = laid(made(log, [note(log, REAL)], REAL), desk.folder / "export")

    append, sizes = SqlStore.append, []

    def counted(store: SqlStore, events: Sequence[DCBEvent], *args: Any, **more: Any) -> int:
        sizes.append(len(events))
        return append(store, events, *args, **more)

    with patch("ledger.integrity.export.rebuild.TILES", 1), patch.object(SqlStore, "append", counted):
        desk.does("import", "--log", export, "--ledger", "made.db")

    assert sizes == [256, 256, 87]
    assert [one["position"] for one in desk.asks("history", "--ledger", "made.db")["entries"]] == [*range(1, 600)]


def test_of_the_documents_that_entries_name_those_that_are_here_go_from_ledger_to_export(desk: Desk) -> None:
    """The agreement's own text, which entry 1 names, lies in agreement.txt too. Another document does not, and one that
    nobody has is only named.
    """

    def naming(position: int, document: bytes) -> bytes:
        named = f'"document":"{sha256(document).hexdigest()}","organ"'
        return held(position).replace(b'"organ"', named.encode())

    log = (*PAST, naming(20, b"here"), naming(21, b"nowhere"))
    export = laid(made(log, [note(log, REAL)], REAL, documents=(b"here", *DOCUMENTS)), desk.folder / "export")

    desk.does("import", "--log", export, "--ledger", "made.db")
    desk.does("export", "again", "--ledger", "made.db", "--key-file", "elsewhere")

    again = {path.name: path.read_bytes() for path in (desk.folder / "again" / "documents").iterdir()}
    assert again == {sha256(one).hexdigest(): one for one in (b"here", *DOCUMENTS)}
    assert (desk.folder / "again" / "agreement.txt").read_bytes() == DOCUMENTS[0]
    assert desk.asks("audit", "again")["documents"] == {"named": 3, "here": 2}
