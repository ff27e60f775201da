"""An export cannot prove some facts by itself: that a key was lost, which entries were lost before a restore, or what
withheld data says. `audit`, `verify_ledger.py` and `import --log` name the gap, and refuse the export unless the reader
holds the missing proof.
"""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from ledger.integrity.export.check import Reading
from ledger.proof.note import Signer, format_vkey
from ledger.proof.receipt import Receipt, format_receipt
from ledger.proof.succession import prove_succession
from ledger.proof.tree import leaf_hash, prove_inclusion, subtrees
from tests.export.making import (
    DOCUMENTS,
    FORGER,
    NAMES,
    ORIGIN,
    PAST,
    REAL,
    SECOND,
    THIRD,
    changed,
    covered,
    held,
    laid,
    made,
    note,
    resealed,
    restored,
)
from tests.export.test_agreement import by_the_program, desk

if TYPE_CHECKING:
    from tests.desk import Desk
    from tests.export.making import Files

__all__ = ["desk"]

DOCUMENT = f"documents/{sha256(DOCUMENTS[0]).hexdigest()}"
LOST = (*PAST, changed(20, SECOND, lost=True), covered(21, SECOND, THIRD), held(22))
OF_THE_LOST = made(LOST, [note(LOST[:5], REAL), note(LOST[:20], SECOND), note(LOST, THIRD)], REAL, SECOND, THIRD)
BACK = (*PAST, restored(20, 10, 19), held(21))
WHOLE = made(PAST, [note(PAST, REAL)], REAL)
OF_A_RESTORE = made(BACK, [note(BACK[:5], REAL), note(BACK, REAL)], REAL)


def codes(desk: Desk, files: Files, *known: object) -> set[int]:
    """Returns the exit codes of `audit`, `import --log` and `verify_ledger.py`."""
    export = desk.folder / "export"
    shutil.rmtree(export, ignore_errors=True)
    laid(files, export)
    made_anew = desk.folder / "made.db"
    made_anew.unlink(missing_ok=True)
    return {
        desk("audit", export, *known).code,
        desk("import", "--log", export, "--ledger", made_anew, *known).code,
        by_the_program(export, *known)[0],
    }


def vkey(signer: Signer) -> tuple[str, str]:
    return "--vkey", format_vkey(signer.verifier)


def since(desk: Desk, size: int, entries: tuple[bytes, ...], signer: Signer = REAL) -> tuple[str, object]:
    path = desk.folder / f"kept-{size}"
    path.write_text(note(entries[:size], signer), "utf-8")
    return "--since", path


def test_a_lost_key_asks_for_that_key_or_a_later_one(desk: Desk) -> None:
    assert codes(desk, OF_THE_LOST) == {4}
    assert codes(desk, OF_THE_LOST, *since(desk, 5, LOST)) == {4}
    assert codes(desk, OF_THE_LOST, *vkey(REAL)) == {4}
    assert codes(desk, OF_THE_LOST, *vkey(FORGER)) == {4}
    assert codes(desk, OF_THE_LOST, *vkey(SECOND)) == {0}
    assert codes(desk, OF_THE_LOST, *vkey(THIRD)) == {0}


def test_a_lost_key_is_reported_whatever_the_reader_holds(desk: Desk) -> None:
    export = laid(OF_THE_LOST, desk.folder / "export")
    second = format_vkey(SECOND.verifier)

    assert desk("audit", export, "--json").json["lost_keys"] == [{"position": 20, "vkey": second}]
    told = desk.does("audit", export, *vkey(SECOND), "--json").json
    assert (told["lost_keys"], told["restored"]) == ([{"position": 20, "vkey": second}], [])
    for text in (desk.does("audit", export, *vkey(SECOND)).out, by_the_program(export, *vkey(SECOND))[1]):
        assert "ntry 20" in text
        assert second in text
    anew = desk.does("import", "--log", export, "--ledger", "made.db", *vkey(THIRD)).out
    assert "Entry 20 changes the key, and the key before it, which was lost" in anew


def test_a_change_of_before_there_were_proofs_is_covered_by_a_checkpoint_that_the_old_key_signed(desk: Desk) -> None:
    log = (*PAST, changed(20, SECOND, v=1), held(21))
    before, by_both, after = note(log[:19], REAL), note(log[:20], SECOND, REAL), note(log, SECOND)

    assert codes(desk, made(log, [before, by_both, after], REAL, SECOND), *vkey(REAL)) == {0}
    assert codes(desk, made(log, [before, after], REAL, SECOND)) == {4}
    assert codes(desk, made(log, [before, after], REAL, SECOND), *vkey(SECOND)) == {0}
    (desk.folder / "given").write_text(by_both, "utf-8")
    assert codes(desk, made(log, [before, after], REAL, SECOND), "--since", desk.folder / "given") == {0}


@pytest.mark.parametrize("shapes", [(0, 1), (1, 0)])
def test_a_shape_that_no_ledger_ever_wrote_is_of_no_time_before_there_were_proofs(
    desk: Desk, shapes: tuple[int, int]
) -> None:
    first, second = shapes
    proof = prove_succession(REAL, ORIGIN, 20, SECOND.verifier) if first == 0 else None
    log = (*PAST, changed(20, SECOND, v=first, proof=proof), changed(21, THIRD, v=second), held(22))
    notes = [note(log[:20], SECOND, REAL), note(log, THIRD, SECOND)]

    assert codes(desk, made(log, notes, REAL, SECOND, THIRD), *vkey(REAL)) == {4}


def test_after_the_first_proof_no_checkpoint_covers_a_change_without_one(desk: Desk) -> None:
    """Ledgers no longer write changes of key in the older form, which needs no proof. An attacker who can add entries
    might use the older form to avoid the proof.
    """
    log = (*PAST, covered(20, REAL, SECOND), changed(21, THIRD, v=1), held(22))
    export = made(log, [note(log[:21], THIRD, SECOND), note(log, THIRD)], REAL, SECOND, THIRD)

    for known in ((), vkey(REAL), vkey(SECOND)):
        assert codes(desk, export, *known) == {4}
    assert codes(desk, export, *vkey(THIRD)) == {0}
    assert desk("verify", "--ledger", "made.db", *vkey(SECOND)).code == 4
    assert desk("verify", "--ledger", "made.db", *vkey(THIRD)).code == 0


def test_a_key_that_says_it_was_lost_is_covered_by_no_checkpoint(desk: Desk) -> None:
    log = (*PAST, changed(20, SECOND, lost=True), held(21))

    assert codes(desk, made(log, [note(log[:20], SECOND, REAL), note(log, SECOND)], REAL, SECOND)) == {4}


def test_a_false_proof_is_wrong_whatever_one_holds(desk: Desk) -> None:
    other = covered(20, FORGER, SECOND)
    log = (*PAST, other, held(21))
    files = made(log, [note(log[:20], SECOND, REAL), note(log, SECOND)], REAL, SECOND)

    for known in ((), vkey(REAL), vkey(SECOND), since(desk, 5, log)):
        assert codes(desk, files, *known) == {4}


def test_a_restore_asks_for_a_checkpoint_of_before_it(desk: Desk) -> None:
    assert codes(desk, OF_A_RESTORE) == {4}
    assert codes(desk, OF_A_RESTORE, *vkey(REAL)) == {4}
    assert codes(desk, OF_A_RESTORE, *since(desk, 21, BACK)) == {4}
    assert codes(desk, OF_A_RESTORE, *since(desk, 11, BACK)) == {4}
    assert codes(desk, OF_A_RESTORE, *since(desk, 10, BACK)) == {0}
    assert codes(desk, OF_A_RESTORE, *since(desk, 1, BACK)) == {0}
    assert codes(desk, OF_A_RESTORE, *since(desk, 10, (held(1), *BACK[1:]))) == {4}


def test_a_restore_is_reported_whatever_the_reader_holds(desk: Desk) -> None:
    export = laid(OF_A_RESTORE, desk.folder / "export")
    expected = [{"position": 20, "restored_from": 10, "lost_size": 19}]

    assert desk("audit", export, "--json").json["restored"] == expected
    held_from_before = since(desk, 10, BACK)
    assert desk.does("audit", export, *held_from_before, "--json").json["restored"] == expected
    for text in (desk.does("audit", export, *held_from_before).out, by_the_program(export, *held_from_before)[1]):
        assert "the ledger was restored as it was after entry 10" in text


@pytest.mark.parametrize(
    ("public", "gone", "code"),
    [
        (False, ("agreement.txt", DOCUMENT), 4),
        (False, ("agreement.txt",), 4),
        (False, (DOCUMENT,), 4),
        (True, ("agreement.txt", DOCUMENT), 0),
        (False, ("names.jsonl",), 4),
        (True, ("names.jsonl",), 0),
    ],
)
def test_what_is_withheld_is_said_and_the_agreement_only_from_the_public(
    desk: Desk, gone: tuple[str, ...], code: int, *, public: bool
) -> None:
    names = None if "names.jsonl" in gone else NAMES
    documents = DOCUMENTS if DOCUMENT not in gone or "agreement.txt" not in gone else ()
    files = made(PAST, [note(PAST, REAL)], REAL, names=names, documents=documents, public=public)
    left = {path: data for path, data in files.items() if path not in gone}
    files = resealed(left, json.loads(files["export.json"]))

    assert codes(desk, files) == {code}
    if code == 0:
        said = f"documents: {len(documents)} of 1 named are here"
        assert said in desk.does("audit", desk.folder / "export").out
        assert said in by_the_program(desk.folder / "export")[1]


def test_what_a_desktop_leaves_is_named_and_passed_over(desk: Desk) -> None:
    left = (".DS_Store", "tile/.DS_Store", "documents/Thumbs.db", "checkpoints/desktop.ini", "._export.json")
    files = {**WHOLE, **dict.fromkeys(left, b"\x00")}

    assert codes(desk, files) == {0}
    told = desk.does("audit", desk.folder / "export", "--json").json
    assert told["passed_over"] == sorted(left)
    for text in (desk.does("audit", desk.folder / "export").out, by_the_program(desk.folder / "export")[1]):
        assert [name for name in left if name not in text] == []
    assert codes(desk, {**files, "Desktop.ini": b"", "_x": b""}) == {4}


def test_what_an_editor_did_to_the_checkpoint_given_is_repaired_and_reported_by_both(desk: Desk) -> None:
    export = laid(WHOLE, desk.folder / "export")
    text = WHOLE["checkpoint"]
    kept = desk.folder / "kept"
    for spoilt in (
        b"\xef\xbb\xbf" + text,
        text.replace(b"\n", b"\r\n"),
        text.rstrip(b"\n"),
        text.replace(b"\n", b"  \n"),
        text.replace("— ".encode(), b"- "),
        text + b"\n\n",
    ):
        kept.write_bytes(spoilt)
        audited, (code, said) = desk("audit", export, "--since", kept), by_the_program(export, "--since", kept)
        assert (audited.code, code) == (0, 0)
        assert "was repaired before it was read" in audited.err
        assert "was repaired before it was read" in said
        (export / "checkpoint").write_bytes(spoilt)
        assert (desk("audit", export).code, by_the_program(export)[0]) == (4, 4)
        (export / "checkpoint").write_bytes(text)


def test_a_receipt_is_a_checkpoint_that_both_take(desk: Desk) -> None:
    leaves = list(map(leaf_hash, PAST))
    receipt = Receipt(4, prove_inclusion(4, 19, subtrees(leaves)), note(PAST, REAL), PAST[4])
    (desk.folder / "receipt").write_text(format_receipt(receipt), "utf-8")
    log = (*PAST, held(20))

    assert codes(desk, made(log, [note(log, REAL)], REAL), "--since", desk.folder / "receipt") == {0}
    other = (held(1), *log[1:])
    assert codes(desk, made(other, [note(other, REAL)], REAL), "--since", desk.folder / "receipt") == {4}


def test_a_receipt_of_another_log_than_the_keys_is_refused(desk: Desk) -> None:
    """The receipt's checkpoint is signed by the given key, but names another log than that key names."""
    leaves = list(map(leaf_hash, PAST))
    elsewhere = note(PAST, REAL, origin="liggare/elsewhere")
    receipt = Receipt(4, prove_inclusion(4, 19, subtrees(leaves)), elsewhere, PAST[4])
    (desk.folder / "receipt").write_text(format_receipt(receipt), "utf-8")

    refused = desk("audit", "receipt", *vkey(REAL))

    assert refused.code == 4
    assert refused.errors == [
        f"entry 5: its checkpoint is of liggare/elsewhere, and the key given signs for {REAL.name}"
    ]


def test_an_import_takes_the_bytes_that_were_checked(desk: Desk) -> None:
    """Nobody can swap a file of the export between its check and its use, because the import reads each file only
    once.
    """
    export = laid(made(PAST, [note(PAST, REAL)], REAL), desk.folder / "export")
    reading = Reading(export)
    entries = [data for bundle in reading.bundles() for data in bundle]
    shutil.rmtree(export)
    with pytest.raises(AssertionError, match="a file is read once"):
        reading._folder.read("tile/entries/000.p/19")

    assert entries == [*PAST]


def test_since_and_vkey_are_for_an_export_alone(desk: Desk) -> None:
    told = desk("import", "x.jsonl", *vkey(REAL))

    assert (told.code, told.errors) == (2, ["--since and --vkey are for an export that is imported with --log"])


OTHER = (held(1), *PAST[1:])
PATH = prove_inclusion(4, 19, subtrees(list(map(leaf_hash, PAST))))


@pytest.mark.parametrize(
    ("receipt", "since", "code", "told"),
    [
        (Receipt(4, PATH, note(PAST, REAL), b""), note(PAST, REAL), 2,
         "receipt is not a receipt: the receipt does not hold its entry"),
        (Receipt(4, PATH, note(PAST, REAL), PAST[4]), None, 2,
         "a receipt is checked against a key (--vkey), or a checkpoint (--since), had from elsewhere"),
        (Receipt(4, PATH, note(PAST, REAL), PAST[4]), note(PAST[:10], REAL), 2,
         "the checkpoint given is of 10 entries, that in the receipt of 19: give --vkey too, or audit an export"),
        (Receipt(4, PATH, note(PAST, REAL), PAST[4]), note((), REAL), 4,
         "entry 5: the checkpoint given is of no entries: it shows nothing"),
        (Receipt(4, PATH, note(PAST, REAL), PAST[4]), note(OTHER, REAL), 4,
         "entry 5: the receipt's checkpoint is not the one that you have: two logs were shown"),
        (Receipt(5, PATH, note(PAST, REAL), PAST[4]), note(PAST, REAL), 4,
         "entry 6: the entry in it is not number 6 of the 19 in its checkpoint"),
    ],
)  # fmt: skip
def test_a_receipt_is_held_against_what_its_reader_has(
    desk: Desk, receipt: Receipt, since: str | None, code: int, told: str
) -> None:
    (desk.folder / "receipt").write_text(format_receipt(receipt), "utf-8")
    if since is not None:
        (desk.folder / "since").write_text(since, "utf-8")
    done = desk("audit", "receipt", *(("--since", "since") if since is not None else ()))

    assert done.code == code
    assert told in done.errors
