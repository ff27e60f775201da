"""Tests the table in docs/trust.md, row by row: each attacker makes the described change, and the named check detects
the change.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.integrity.keyfile import first_record
from ledger.proof.note import Signer, format_vkey, parse_skey
from tests.export.given import PROGRAM
from tests.forging import FORGERIES
from tests.hostile.pages import lead_astray
from tests.proof import test_followers, test_past_key, test_restored_often, test_while_signing
from tests.proof.forger import entries_of, forging, keep_as, regrown, rewritten
from tests.proof.scene import SEMINAR, gone_on_after
from tests.store import test_entries_on_a_server

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.desk import Desk

DOCUMENT = Path(__file__).parents[2] / "docs" / "trust.md"
ALONE = ("--key-file", "elsewhere")  # ALONE makes a command run as for a reader without the signing key and its record


def rows() -> list[tuple[str, str]]:
    """Returns (attacker, attack) for each row of the table in docs/trust.md."""
    table = DOCUMENT.read_text("utf-8").partition("## Against whom")[2].partition("\n## ")[0]
    found = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", table, re.MULTILINE)
    return [(who.strip(), what.strip()) for who, what, _ in found if who not in {"who", "---"} and "---" not in who]


def signs_nothing(desk: Desk, code: int = 4, position: int = 1) -> None:
    signing = (("checkpoint",), ("prove", position), ("export", "out"), ("rotate-key",))
    told = {command[0]: desk(*command).code for command in signing}
    assert told == dict.fromkeys(told, code)


def key(desk: Desk) -> Path:
    return desk.folder / "liggare.db.key"


def record(desk: Desk) -> Path:
    return desk.folder / "liggare.db.key.signed"


def vkey(desk: Desk) -> str:
    return format_vkey(parse_skey(key(desk).read_text("utf-8").strip()).verifier)


def forger_of(desk: Desk) -> Signer:
    return Signer(vkey(desk).partition("+")[0], bytes(range(32)))


def written_anew(place: Path) -> None:
    """Replaces the log by another log, computes all hashes anew, and deletes all checkpoints."""
    entries = entries_of(place)
    entries[4] = rewritten(entries[4], title="Fem")
    with forging(place) as file:
        regrown(file, entries)
        file.execute("DELETE FROM checkpoints")


def by_mistake(_: Desk, place: Path) -> None:
    with closing(sqlite3.connect(place)) as file:
        for statement in ("UPDATE entries SET data = x'00'", "DELETE FROM entries WHERE position = 2"):
            with pytest.raises(sqlite3.IntegrityError):
                file.execute(statement)


def edits(desk: Desk, place: Path) -> None:
    whole = place.read_bytes()
    for statement in (
        "UPDATE entries SET data = CAST(replace(CAST(data AS TEXT), 'Ett', 'Tva') AS BLOB) WHERE position = 4",
        "UPDATE entries SET data = CAST(replace(CAST(data AS TEXT), '2026-', '2025-') AS BLOB) WHERE position = 4",
        "UPDATE names SET disclosure = 'x' WHERE position = 2",
        "DELETE FROM names WHERE position = 2",
        "DELETE FROM postings WHERE first = 2",
        "DROP INDEX words_by_word",
    ):
        with forging(place) as file:
            file.execute(statement)
        assert desk("verify", *ALONE).code == 4, statement
        place.write_bytes(whole)
    with closing(sqlite3.connect(place)) as file:
        file.execute("DROP TRIGGER entries_keep_update")
    assert desk("verify", *ALONE).code == 4


def never_ends(desk: Desk, place: Path) -> None:
    """Tries one endless expression; the others are tested in tests/store/test_opening.py."""
    endless = "instr(hex(zeroblob(50000000)), hex(zeroblob(20000000)) || '1') = 0"
    with closing(sqlite3.connect(place)) as file:
        file.execute("PRAGMA writable_schema = ON")
        file.execute("UPDATE sqlite_master SET sql = sql || ' WHERE ' || ? WHERE name = 'words_by_word'", (endless,))
        file.commit()
    signs_nothing(desk)
    assert [desk(command).code for command in ("verify", "council", "history")] == [4, 4, 4]


def leads_astray(desk: Desk, place: Path) -> None:
    """Tries one table and a few commands; every table and command is tested in tests/hostile/test_endless.py."""
    lead_astray(place, "entries")
    assert [desk(command).code for command in ("verify", "council", "history")] == [4, 4, 4]


def computes_anew(desk: Desk, place: Path) -> None:
    written_anew(place)
    signs_nothing(desk)
    assert desk("verify").code == 4
    assert desk("verify", *ALONE).code == 0
    assert desk("verify", *ALONE, "--against", "kept").code == 4


def own_public_key(desk: Desk, place: Path) -> None:
    forger, real = forger_of(desk), vkey(desk)
    written_anew(place)
    with forging(place) as file:
        file.execute("UPDATE ledger SET public_key = ?", (format_vkey(forger.verifier),))
    signs_nothing(desk)
    assert desk("verify", *ALONE).code == 0
    assert desk("verify", *ALONE, "--vkey", real).code == 4
    assert desk("verify", *ALONE, "--against", "kept").code == 4


def unwritten(desk: Desk, place: Path) -> None:
    whole, entries = place.read_bytes(), entries_of(place)
    entry = rewritten(entries[-1], recorded_at="2026-01-15T23:00:00.000000Z")
    for forged in (
        entry.replace(b"{", b'{"event":"log-restored",', 1),
        entry.replace(b'"v":1', b'"v": 1'),
        rewritten(entries[-1], recorded_at="2026-01-14T23:00:00.000000Z"),
        rewritten(entries[-1], recorded_at="2026-01-15T24:00:00.000000Z"),
    ):
        with forging(place) as file:
            regrown(file, [*entries, forged])
        signs_nothing(desk, position=7)
        assert desk("verify", *ALONE).code == 4
        place.write_bytes(whole)


def hides_a_change_of_key(desk: Desk, place: Path) -> None:
    fields = {"public_key": format_vkey(forger_of(desk).verifier)}
    entries = entries_of(place)
    changed = {"event": "signing-key-changed", "fields": fields, "recorded_at": "2026-01-15T23:00:00.000000Z"}
    with forging(place) as file:
        regrown(file, [*entries, rewritten(entries[-1], **changed)])
        keep_as(file, "activity-held", len(entries) + 1)
    signs_nothing(desk, position=7)
    assert desk("verify").code == 4


def says_that_entries_were_lost(desk: Desk, place: Path) -> None:
    copy = place.read_bytes()
    desk.does("record", "activity-held", "--title", "Fyra", *SEMINAR)
    desk.does("checkpoint")
    place.write_bytes(copy)
    gone_on_after(desk, "kept", 1)
    desk.does("record", "activity-held", "--title", "Fem", *SEMINAR)
    whole, entries = place.read_bytes(), entries_of(place)
    later = {"recorded_at": "2026-01-15T23:00:00.000000Z"}
    for forged in (
        [*entries, rewritten(entries[6], **later)],
        [*entries[:6], rewritten(entries[6], restored_from=0), *entries[7:]],
        [*entries, rewritten(entries[6], **later, lost_size=30)],
    ):
        with forging(place) as file:
            regrown(file, forged)
        signs_nothing(desk, position=7)
        assert desk("verify").code == 4
        place.write_bytes(whole)


def records_a_change_of_key(desk: Desk, place: Path) -> None:
    forged = {"public_key": format_vkey(forger_of(desk).verifier), "lost": "true"}
    options = [word for name, value in forged.items() for word in (f"--{name.replace('_', '-')}", value)]
    assert desk("record", "signing-key-changed", "--on", "2026-01-01", "--organ", "secretariat", *options).code == 2
    for lost in (True, None):
        whole = place.read_bytes()
        fields = {"public_key": forged["public_key"], **({"lost": True} if lost else {})}
        line = {"event": "signing-key-changed", "fields": fields, "v": 2 if lost else 1}
        entries = entries_of(place)
        entries.append(rewritten(entries[-1], **line, recorded_at="2026-01-15T23:00:00.000000Z"))
        with forging(place) as file:
            regrown(file, entries)
        signs_nothing(desk)
        assert desk("verify").code == 4
        place.write_bytes(whole)


def takes_the_record_away(desk: Desk, place: Path) -> None:
    written_anew(place)
    record(desk).unlink()
    signs_nothing(desk)
    desk("upgrade")
    assert not record(desk).exists()
    signs_nothing(desk)


def own_record(desk: Desk, place: Path) -> None:
    written_anew(place)
    record(desk).write_text(first_record(forger_of(desk)), "utf-8")
    signs_nothing(desk)
    desk("upgrade")
    signs_nothing(desk)


def older_record_and_copy(desk: Desk, place: Path) -> None:
    older, copy = record(desk).read_bytes(), place.read_bytes()
    desk.does("record", "activity-held", "--title", "Fyra", *SEMINAR)
    (desk.folder / "newer").write_text(desk.does("checkpoint").out, "utf-8")
    record(desk).write_bytes(older)
    place.write_bytes(copy)
    desk.does("record", "activity-held", "--title", "Annan", *SEMINAR)
    desk.does("checkpoint")
    assert desk("checkpoint", "--against", "newer").code == 4
    assert desk("verify", "--against", "newer").code == 4


def forges_from_a_public_export(_: Desk, __: Path) -> None:
    """The forgeries are tested in tests/test_forgeries.py, with every command that reads a log. Only the number of
    forgeries is checked here.
    """
    assert len(FORGERIES) >= 10


def has_the_key(desk: Desk, place: Path) -> None:
    signer = parse_skey(key(desk).read_text("utf-8").strip())
    written_anew(place)
    record(desk).write_text(first_record(signer), "utf-8")
    desk.does("checkpoint")
    desk.does("verify")
    desk.does("export", "out")
    desk.does("audit", "out", "--vkey", vkey(desk))
    assert desk("checkpoint", "--against", "kept").code == 4
    assert desk("audit", "out", "--since", "kept").code == 4


def restores(desk: Desk, place: Path) -> None:
    copy = place.read_bytes()
    desk.does("record", "activity-held", "--title", "Fyra", *SEMINAR)
    desk.does("checkpoint")
    place.write_bytes(copy)
    signs_nothing(desk)
    gone_on_after(desk, "kept", 1)
    desk.does("record", "activity-held", "--title", "Fem", *SEMINAR)
    (desk.folder / "after").write_text(desk.does("checkpoint").out, "utf-8")
    desk.does("export", "out")
    program = [sys.executable, "-I", str(PROGRAM), str(desk.folder / "out"), "--since"]
    for held, code in (("kept", 0), ("after", 4)):
        assert desk("verify", *ALONE, "--against", held).code == code
        told = desk("audit", "out", "--since", held)
        assert told.code == code
        assert "restored" in told.out + told.err
        assert subprocess.run([*program, desk.folder / held], capture_output=True, check=False).returncode == code


def shows_an_older_copy(desk: Desk, place: Path) -> None:
    shutil.copy(place, "older.db")
    desk.does("record", "activity-held", "--title", "Fyra", *SEMINAR)
    (desk.folder / "newer").write_text(desk.does("checkpoint").out, "utf-8")
    assert desk("verify", "--ledger", "older.db", "--against", "newer").code == 4


def shows_two_logs(desk: Desk, place: Path) -> None:
    older, copy = record(desk).read_bytes(), place.read_bytes()
    for name, title in (("one", "Sala"), ("two", "Norberg")):
        record(desk).write_bytes(older)
        place.write_bytes(copy)
        desk.does("record", "activity-held", "--title", title, *SEMINAR)
        desk.does("export", name)
    for shown, held in (("one", "two"), ("two", "one")):
        desk.does("audit", shown)
        assert desk("audit", shown, "--since", f"{held}/checkpoint").code == 4


def alters_an_extract(desk: Desk, _: Path) -> None:
    desk.does("paper", "extract", "agreement", "-o", "extract.pdf")
    whole = (desk.folder / "extract.pdf").read_bytes()
    for place, data in enumerate((whole[:-1], whole + b"\n", whole.replace(b"%PDF-1.7", b"%PDF-1.6"))):
        (desk.folder / f"{place}.pdf").write_bytes(data)
        assert desk("audit", f"{place}.pdf").code == 4
    assert desk("audit", "extract.pdf").code == 0


def changes_an_answer(desk: Desk, _: Path) -> None:
    """Nothing notices it: the audit says so of every extract."""
    desk.does("paper", "extract", "agreement", "-o", "extract.pdf")
    assert "that the answer follows from all entries (audit an export)" in desk.does("audit", "extract.pdf").out


def alters_a_file(desk: Desk, _: Path) -> None:
    desk.does("export", "out")
    files = sorted(path for path in (desk.folder / "out").rglob("*") if path.is_file())
    assert len(files) > 5
    for path in files:
        if path.name in {"README.txt", "agreement.txt"} or "documents" in path.parts or "tile" in path.parts:
            whole = path.read_bytes()
            for data in (whole + b"x", whole[:-1], None):
                path.unlink() if data is None else path.write_bytes(data)
                assert desk("audit", "out").code == 4, (path, data is None)
            path.write_bytes(whole)
    (desk.folder / "out" / "more").write_text("x")
    assert desk("audit", "out").code == 4


def alters_the_verifier(desk: Desk, _: Path) -> None:
    desk.does("export", "out")
    (desk.folder / "out" / "verify_ledger.py").write_text("print('it holds')\n")
    assert desk("audit", "out").code == 4
    program = [sys.executable, "-I", str(PROGRAM), str(desk.folder / "out")]
    assert subprocess.run(program, capture_output=True, check=False).returncode == 4


def journal(desk: Desk, place: Path) -> None:
    test_while_signing.test_no_journal_makes_a_command_delete_another_file(desk, place, "history")


def swaps(desk: Desk, place: Path) -> None:
    test_while_signing.test_a_ledger_that_is_swapped_twice_while_it_is_signed_is_compared_with_the_record(desk, place)


def own_key_first(desk: Desk, place: Path) -> None:
    test_restored_often.test_a_checkpoint_by_a_key_that_only_the_ledger_names_is_not_gone_on_from(desk, place, False)


def appends_on_a_server(_: Desk, __: Path) -> None:
    """Insertions past the program by a role that records are tested in tests/store/test_entries_on_a_server.py and
    tests/proof/test_false_tile.py. Only the number of forms is checked here.
    """
    assert len(test_entries_on_a_server.SPOILED) >= 10


def own_loss(desk: Desk, place: Path) -> None:
    test_restored_often.test_who_writes_the_keys_folder_has_no_loss_of_his_own_signed(desk, place)


def past_key(desk: Desk, place: Path) -> None:
    test_past_key.test_he_makes_no_record_of_a_log_that_was_rewritten(desk, place, 8, by_a_link=False)


def earlier_loss(desk: Desk, place: Path) -> None:
    test_restored_often.test_what_the_key_signed_of_an_earlier_restore_is_not_said_again(desk, place, again=True)


PLAYS: dict[str, Callable[[Desk, Path], None]] = {
    "changes or deletes an entry": by_mistake,
    "edits an entry, a time, a name, an index, the schema, the triggers": edits,
    "edits the schema so that reading or writing never ends": never_ends,
    "makes the file's pages refer to one another so that reading never ends": leads_astray,
    "edits or cuts the log, computes all hashes anew, removes the checkpoints": computes_anew,
    "names a public key of their own, and signs with it": own_public_key,
    "adds an entry that a ledger would write otherwise: a field twice, another spelling, a time that does not"
    " rise or does not exist": unwritten,
    "hides a change of the signing key from the index, or under the name of another event": hides_a_change_of_key,
    "states before it is signed that entries were lost, once more or otherwise than was recorded": (
        says_that_entries_were_lost
    ),
    "puts a journal there that makes SQLite delete another file": journal,
    "swaps the file for another and back while it is signed": swaps,
    "names a key of their own before the true one, and hands over a checkpoint by it after a restore": own_key_first,
    "records a change of the signing key": records_a_change_of_key,
    "appends past the program what could not be signed: in another form, at a moment that does not exist,"
    " dated ahead, with another hash, too long, without a tile that it fills or with a false one; or a document under"
    " another digest": appends_on_a_server,
    "removes the record": takes_the_record_away,
    "puts a record of their own there": own_record,
    "puts a key of their own in place of the true one, with a record by it, as after a restore to before a change"
    " of key": (test_followers.test_a_strange_key_that_contradicts_makes_no_other_sign),
    "adds to the record that entries were lost, and says so in the ledger": own_loss,
    "makes a record of a log that was rewritten, or states in it that entries were lost": past_key,
    "restores to the record what the key signed of an earlier restore, and says it in the ledger once more": (
        earlier_loss
    ),
    "puts an older record and an older copy of the ledger there": older_record_and_copy,
    "forges an export, or extends a real one, with a key of their own": forges_from_a_public_export,
    "rewrites the whole log, record and all, and signs it": has_the_key,
    "restores an older copy after signing": restores,
    "shows an older copy as the newest": shows_an_older_copy,
    "shows two parties two different logs": shows_two_logs,
    "changes, swaps, adds or removes an attachment, a page or a byte": alters_an_extract,
    "changes the answer, and makes pages of it": changes_an_answer,
    "leaves out, adds or alters a file": alters_a_file,
    "alters `verify_ledger.py` itself": alters_the_verifier,
}


def test_each_line_of_the_table_is_played() -> None:
    assert [what for _, what in rows()] == list(PLAYS)


@pytest.mark.parametrize("what", PLAYS)
def test_what_is_to_notice_it_does(desk: Desk, place: Path, what: str) -> None:
    PLAYS[what](desk, place)
