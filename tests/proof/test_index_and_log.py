"""In a file with forged pages, or a file that is swapped meanwhile, an index lookup and a later read may see different
rows. Nothing is signed unless the index agrees with the signed tree on every change of key and every restore.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from eventsourcing.persistence import IntegrityError

from ledger.errors import Damaged, Tampered
from ledger.integrity import restore, rotation, signing
from ledger.integrity.index import refuse_hidden, told_by_index
from ledger.proof.checkpoint import Checkpoint
from ledger.proof.loss import Lost, sign_loss
from ledger.proof.note import base64_of, format_note, parse_note
from ledger.proof.tree import EMPTY_ROOT, leaf_hash, subtrees, tree_root
from ledger.store import SqlStore, open_store
from ledger.store.pages import PAGE
from tests.proof.forger import entries_of, forging, keep_as, regrown, rewritten
from tests.proof.scene import away, goes_on, gone_on_after, held, key, lies_here, restored

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.desk import Desk


def refuses_what_is_read_otherwise(desk: Desk, place: Path, otherwise: Callable[[list[bytes]], list[bytes]]) -> str:
    """Returns the error with which `checkpoint` refuses if the rows read for signing differ from the rows looked up
    through the index.
    """
    grown, record = signing._grown, key(desk).with_name("liggare.db.key.signed")
    before, true = record.read_bytes(), entries_of(place)

    def read_otherwise(*given: Any) -> Any:
        with forging(place) as file:
            regrown(file, otherwise([*true]))
        return grown(*given)

    with patch.object(signing, "_grown", read_otherwise):
        told = desk("checkpoint")
    assert (told.code, "nothing was signed" in told.err) == (4, True)
    assert record.read_bytes() == before
    return told.err


def in_place_of(position: int, **fields: object) -> Callable[[list[bytes]], list[bytes]]:
    """Returns a function that changes the given fields of the entry at a position. Without `fields`, that function
    replaces the entry by an activity.
    """

    def otherwise(entries: list[bytes]) -> list[bytes]:
        at = entries[position - 1]
        ordinary = rewritten(entries[-1], **{name: _of(at, name) for name in ("recorded_at", "key")})
        return [*entries[: position - 1], rewritten(at, **fields) if fields else ordinary, *entries[position:]]

    return otherwise


def _of(data: bytes, name: str) -> str:
    return data.decode().partition(f'"{name}":"')[2].partition('"')[0]


@pytest.mark.parametrize("fields", [{}, {"restored_from": 4}])
def test_no_log_is_signed_that_tells_otherwise_of_a_restore(desk: Desk, place: Path, fields: dict[str, object]) -> None:
    desk.does("backup", "copy.db")
    held(desk, "Förlorad")
    desk.does("checkpoint")
    restored(place, "copy.db")
    gone_on_after(desk, "kept", 1)
    for title in ("Åtta", "Nio"):
        held(desk, title)

    told = refuses_what_is_read_otherwise(desk, place, in_place_of(7, **fields))
    assert "entry 7: " in told


def test_no_log_is_signed_that_holds_no_change_of_key_though_one_was_found(desk: Desk, place: Path) -> None:
    with patch.object(rotation, "sign_locked", side_effect=KeyboardInterrupt):
        desk("rotate-key")
    held(desk, "Åtta")

    told = refuses_what_is_read_otherwise(desk, place, in_place_of(7))
    assert "entry 7: the ledger's index tells of a change of key or a restore that the log does not hold" in told


@pytest.mark.usefixtures("place")
def test_entries_below_the_last_signature_are_compared_with_the_index(desk: Desk) -> None:
    """Entries before the last signature are not read again, except the entries that the index lists, which are compared
    with the signed tree.
    """
    desk.does("rotate-key")
    held(desk, "Åtta")
    true, files = told_by_index, {path: path.read_bytes() for path in desk.folder.glob("liggare.db.key-*")}

    def otherwise(store: Any) -> Any:
        found = true(store)
        return found._replace(leaves=dict.fromkeys(found.leaves, bytes(32)))

    with patch.object(signing, "told_by_index", otherwise):
        told = desk("checkpoint")
    assert (told.code, "entry 7: the ledger's index tells of" in told.err) == (4, True)
    assert {path: path.read_bytes() for path in files} == files


@pytest.mark.usefixtures("place")
def test_an_older_key_beside_the_newest_ledger_is_no_reason_to_restore_an_older_copy(desk: Desk) -> None:
    first, record = lies_here(desk), key(desk).with_name("liggare.db.key.signed")
    kept = record.read_bytes()
    desk.does("rotate-key")
    held(desk, "Åtta")
    desk.does("checkpoint")
    second = lies_here(desk)
    desk.does("rotate-key")
    key(desk).rename(away(desk, lies_here(desk)))
    for older in (first, second):
        away(desk, older).rename(key(desk))
        record.write_bytes(kept)
        for command in (("checkpoint",), ("rotate-key",), ("checkpoint", "--after-restore", "kept")):
            told = desk(*command)
            assert told.code == 4, command
            assert "Restore a copy" not in told.err
            if command != ("checkpoint", "--after-restore", "kept"):
                assert "Put the newest key back at liggare.db.key, and its record" in told.err
        key(desk).rename(away(desk, older))


def test_rows_that_come_again_and_again_end_what_reads_them(place: Path) -> None:
    with open_store(str(place)) as store:
        assert isinstance(store, SqlStore)
        rows = [*((9, b"") for _ in range(PAGE - 1)), (8, b"")]
        for found in (rows, [(0, b"")]):
            with (
                patch.object(store._database, "fetch", return_value=found),
                pytest.raises(Damaged, match="appears again after entry"),
            ):
                list(store.data(0, 9))


def test_a_ledger_can_be_restored_to_before_an_interrupted_first_change_of_key(desk: Desk, place: Path) -> None:
    """During a change of key, the proof of the change is written before the new key takes the place of the old key."""
    desk.does("backup", "before.db")
    with patch.object(rotation, "sign_locked", side_effect=KeyboardInterrupt):
        desk("rotate-key")
    restored(place, "before.db")

    assert "liggare rotate-key" in desk("checkpoint").err
    desk.does("rotate-key")
    goes_on(desk, "kept")


def test_without_a_proof_of_a_following_key_the_ledgers_own_key_is_named(desk: Desk, place: Path) -> None:
    """An earlier version of the program was killed during a change of key, and left no proof that the new key follows.
    The change was then lost in a restore.
    """
    first = lies_here(desk)
    desk.does("backup", "before.db")
    desk.does("rotate-key")
    for path in desk.folder.glob("liggare.db.key-*.follows"):
        path.unlink()
    restored(place, "before.db")

    assert f"or the right key, which is put away at {away(desk, first).name}." in desk("checkpoint").err


@pytest.fixture
def told_once(desk: Desk, place: Path) -> Desk:
    """Returns a desk whose ledger records the loss of one entry in entry 7. Nothing has been signed since then."""
    desk.does("backup", "copy.db")
    held(desk, "Förlorad")
    desk.does("checkpoint")
    restored(place, "copy.db")
    gone_on_after(desk, "kept", 1)
    held(desk, "Åtta")
    return desk


def after_restore_refuses(desk: Desk, why: str) -> None:
    record = key(desk).with_name("liggare.db.key.signed")
    before = record.read_bytes()
    for lost in ((), ("--yes-lost", 1), ("--yes-lost", 2)):
        told = desk("checkpoint", "--after-restore", "kept", *lost)
        assert (told.code, why in told.err) == (4, True), told
    assert record.read_bytes() == before


def test_a_restore_that_the_index_hides_is_not_recorded_anew(told_once: Desk, place: Path) -> None:
    with forging(place) as file:
        keep_as(file, "activity-held", 7)
    after_restore_refuses(told_once, "entry 7: its bytes are not what the ledger's index says")


def test_no_signed_entry_becomes_a_restore(told_once: Desk, place: Path) -> None:
    """The forged bytes of a signed entry say that a loss was recorded, earlier than the real loss. The stored hash is
    still that of the original entry.
    """
    true = entries_of(place)
    loss = rewritten(true[6], recorded_at=_of(true[3], "recorded_at"), key=_of(true[3], "key"))
    restored(place, "copy.db")
    with forging(place) as file:
        keep_as(file, "log-restored", 4)
        file.execute("UPDATE entries SET data = ? WHERE position = 4", (loss,))
    after_restore_refuses(told_once, "entry 4 says that 6 entries were kept, and fewer come before it")


def test_a_change_of_key_that_the_index_hides_below_what_was_signed_is_missed(desk: Desk, place: Path) -> None:
    for _ in range(3):
        desk.does("rotate-key")
    held(desk, "Tio")
    with forging(place) as file:
        keep_as(file, "activity-held", 8)

    told = desk("checkpoint")
    assert (told.code, "entry 9" in told.err or "entry 8" in told.err) == (4, True)


def test_an_index_that_tells_of_more_entries_than_there_are_is_refused(place: Path) -> None:
    with open_store(str(place)) as store:
        told = told_by_index(store)._replace(leaves={9: bytes(32)})
        with pytest.raises(Tampered, match="the log ends with entry 6, and its index tells of more"):
            refuse_hidden(store, told, Checkpoint("x", 0, EMPTY_ROOT))


def test_a_name_that_was_disposed_of_and_put_back_is_reported_and_erased_again(desk: Desk, place: Path) -> None:
    with forging(place) as file:
        kept = file.execute("SELECT * FROM names WHERE position = 2").fetchone()
    desk.does("dispose", "p1", "--decision", "D")
    assert desk.asks("verify")["problems"] == []
    with forging(place) as file:
        file.execute("INSERT INTO names VALUES (?, ?)", kept)

    [problem] = desk("verify", "--json").json["problems"]
    kept_all_the_same = "the name that it registers was disposed of, by entry 7, and is kept"
    again = "liggare dispose p1 --decision TEXT erases it again"
    assert (problem["position"], problem["what"]) == (2, f"{kept_all_the_same}; {again}")
    assert "Testa" not in desk("history").out
    told = desk("dispose", "p1", "--decision", "D", "--dry-run")
    assert (told.code, "would be erased again" in told.out) == (0, True)
    assert len(desk("verify", "--json").json["problems"]) == 1
    told = desk("dispose", "p1", "--decision", "D", "--json")
    assert (told.code, told.json["again"], [one["position"] for one in told.json["entries"]]) == (0, True, [7])
    assert desk.asks("verify")["problems"] == []
    assert kept[1].encode() not in place.read_bytes()
    assert desk("dispose", "p1", "--decision", "D").code == 1


def test_a_hash_that_was_zeroed_is_no_loss(desk: Desk, place: Path) -> None:
    held(desk, "Sju")
    desk.does("checkpoint")
    with forging(place) as file:
        file.execute("UPDATE entries SET leaf = zeroblob(32) WHERE position = 7")
    after_restore_refuses(desk, "the tree that is kept is not that of the entries' bytes")


def test_a_published_checkpoint_is_no_evidence_of_a_loss(desk: Desk, place: Path) -> None:
    """The published checkpoint is of the lost log, but is not the last checkpoint signed. Anyone may have a copy, so an
    attacker can put a copy into the key's folder.
    """
    desk.does("backup", "copy.db")
    held(desk, "Förlorad")
    published = desk.does("checkpoint").out
    held(desk, "Förlorad")
    desk.does("checkpoint")
    restored(place, "copy.db")
    gone_on_after(desk, "kept", 2)
    goes_on(desk)
    record = key(desk).with_name("liggare.db.key.signed")
    key(desk).with_name("liggare.db.key.signed.7").write_text(published, "utf-8")
    before, entries = record.read_bytes(), len(entries_of(place))

    desk.does("checkpoint", "--after-restore", "kept")
    assert (record.read_bytes(), len(entries_of(place))) == (before, entries)
    with record.open("a") as file:
        file.write(f"— lost/30/2 {base64_of(b'abcd' + b'x' * 96)}\n")
    desk.does("checkpoint", "--after-restore", "kept", "--yes-lost", 1)
    assert record.read_bytes().startswith(before)
    assert not any(f"lost/{size}/" in record.read_text("utf-8") for size in (7, 30))
    assert len(entries_of(place)) == entries


def test_a_row_that_holds_text_is_damaged(place: Path) -> None:
    with open_store(str(place)) as store:
        assert isinstance(store, SqlStore)
        with (
            patch.object(store._database, "fetch", return_value=[(1, "text")]),
            pytest.raises(Damaged, match="entry 1 holds a value of the wrong type"),
        ):
            list(store.data(0, 9))


def test_a_key_that_was_followed_signs_nothing_where_the_index_hides_every_change(desk: Desk, place: Path) -> None:
    first = lies_here(desk)
    desk.does("rotate-key")
    for title in ("Åtta", "Nio"):
        held(desk, title)
    key(desk).rename(away(desk, lies_here(desk)))
    away(desk, first).rename(key(desk))
    for path in desk.folder.glob("liggare.db.key-*.follows"):
        path.unlink()
    with forging(place) as file:
        keep_as(file, "activity-held", 7)
        file.execute("DELETE FROM checkpoints WHERE size > 6")

    told = desk("checkpoint")
    assert (told.code, "entry 7: its bytes are not what the ledger's index says" in told.err) == (4, True), told


def test_an_entry_toggled_while_a_restore_is_recorded_is_read_once(desk: Desk, place: Path) -> None:
    """After a signed entry is compared with the tree, an attacker makes it look like the record of a loss."""
    desk.does("backup", "six.db")
    held(desk, "Sju")
    (desk.folder / "seven").write_text(desk.does("checkpoint").out, "utf-8")
    desk.does("backup", "seven.db")
    held(desk, "Förlorad")
    desk.does("checkpoint")
    restored(place, "seven.db")
    gone_on_after(desk, "seven", 1)
    true, compare = entries_of(place), refuse_hidden
    loss = rewritten(true[7], recorded_at=_of(true[3], "recorded_at"), key=_of(true[3], "key"))
    restored(place, "six.db")

    def compared(*given: Any) -> None:
        compare(*given)
        with forging(place) as file:
            keep_as(file, "log-restored", 4)
        file.execute("UPDATE entries SET data = ? WHERE position = 4", (loss,))

    with patch.object(restore, "refuse_hidden", compared):
        desk("checkpoint", "--after-restore", "kept", "--yes-lost", 1)
    assert "lost/8/" in key(desk).with_name("liggare.db.key.signed").read_text("utf-8")


def test_a_false_loss_is_not_signed(told_once: Desk, place: Path) -> None:
    """The log that was thought lost is put back, but a forged entry in it still says that this log was lost."""
    record = key(told_once).with_name("liggare.db.key.signed")
    kept, told = record.read_bytes(), entries_of(place)[6]
    restored(place, "copy.db")
    held(told_once, "Förlorad")
    entries = entries_of(place)
    lost = Lost(7, 6, tree_root(7, subtrees([leaf_hash(data) for data in entries])))
    false = rewritten(told, lost_root=base64_of(lost.root), recorded_at="2026-01-15T23:00:00.000000Z")
    with forging(place) as file:
        regrown(file, [*entries, false])
    signer = lies_here(told_once)
    note = parse_note(kept.decode())
    lines = (note.signatures[0], sign_loss(signer, lost))
    record.write_text(format_note(note._replace(signatures=lines)), "utf-8")

    refused = told_once("checkpoint")
    assert (
        refused.code,
        "entry 8 says that 7 entries had been signed and were lost, and they are here" in refused.err,
    ) == (
        4,
        True,
    ), refused


def test_an_entry_above_the_checkpoint_shown_is_compared_with_the_tree(told_once: Desk, place: Path) -> None:
    """The signed entry of a restore is made to look like an ordinary act, with its stored hash unchanged. The signer's
    record must not go back to an older checkpoint.
    """
    goes_on(told_once)
    record, entries = key(told_once).with_name("liggare.db.key.signed"), entries_of(place)
    before = record.read_bytes()
    act = rewritten(entries[7], recorded_at=_of(entries[6], "recorded_at"))
    with forging(place) as file:
        keep_as(file, "activity-held", 7)
        file.execute("UPDATE entries SET data = ? WHERE position = 7", (act,))

    after_restore_refuses(told_once, "the tree that is kept is not that of the entries' bytes")
    assert record.read_bytes() == before


def test_each_try_to_store_a_checkpoint_repeats_its_lookups(desk: Desk, place: Path) -> None:
    """The first try fails because another process has stored a checkpoint meanwhile, so the lookups of the first try
    may be out of date.
    """
    held(desk, "Sju")
    looked_up: list[str] = []
    data, keep, tries = SqlStore.data, SqlStore.keep_checkpoint, iter([True, False])

    def looks(store: SqlStore, *given: Any, **how: Any) -> Any:
        looked_up.append(how.get("kind") or "")
        return data(store, *given, **how)

    def keeps(store: SqlStore, *given: Any) -> None:
        looked_up.append("kept")
        if next(tries):
            raise IntegrityError
        keep(store, *given)

    with patch.object(SqlStore, "data", looks), patch.object(SqlStore, "keep_checkpoint", keeps):
        desk.does("checkpoint")
    again = looked_up[looked_up.index("kept") + 1 :]
    assert {"signing-key-changed", "log-restored"} <= {*again}
    assert place.exists()


def test_who_was_registered_again_is_disposed_of_with_the_name_that_was_put_back(desk: Desk, place: Path) -> None:
    with forging(place) as file:
        kept = file.execute("SELECT * FROM names WHERE position = 2").fetchone()
    desk.does("dispose", "p1", "--decision", "D 1")
    desk.does("record", "person-registered", "--person", "p1", "--name", "Beata Ny", "--on", "2024-05-01", "--organ",
              "secretariat")  # fmt: skip
    with forging(place) as file:
        file.execute("INSERT INTO names VALUES (?, ?)", kept)

    told = desk("dispose", "p1", "--decision", "D 2", "--json")
    assert (told.code, told.json["again"], [one["position"] for one in told.json["entries"]]) == (0, False, [9])
    with forging(place) as file:
        assert file.execute("SELECT * FROM names WHERE position IN (2, 8)").fetchall() == []
    assert desk.asks("verify")["problems"] == []


def test_of_two_disposals_the_one_recorded_last_counts_whatever_its_day(desk: Desk, place: Path) -> None:
    desk.does("dispose", "p1", "--decision", "D 1", "--on", "2025-01-01")
    desk.does("record", "person-registered", "--person", "p1", "--name", "Beata Ny", "--on", "2024-05-01", "--organ",
              "secretariat")  # fmt: skip
    with forging(place) as file:
        kept = file.execute("SELECT * FROM names WHERE position = 8").fetchone()
    desk.does("dispose", "p1", "--decision", "D 2", "--on", "2024-06-01")
    with forging(place) as file:
        file.execute("INSERT INTO names VALUES (?, ?)", kept)

    assert "Beata" not in desk("history").out
    assert desk("dispose", "p1", "--decision", "D 3", "--json").json["entries"][0]["position"] == 9
    assert desk.asks("verify")["problems"] == []
