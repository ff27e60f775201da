"""Tests attacks on the log by someone with full write access to the file: which check detects each attack, and what the
user reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from ledger.integrity.keyfile import first_record
from ledger.names import disclose
from ledger.proof.checkpoint import Checkpoint, sign_checkpoint
from ledger.proof.note import Signer, format_vkey, parse_skey
from ledger.proof.tree import leaf_hash, subtrees, tree_root
from tests.proof.forger import entries_of, forging, regrown, rewritten
from tests.proof.scene import REWRITTEN, SEMINAR, problems, refused_to_sign

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk


def test_nothing_is_wrong_with_what_was_recorded(desk: Desk, place: Path) -> None:
    assert problems(desk) == []
    told = desk.does("verify").out
    assert f"{place} is what was recorded: 6 entries" in told or "6 entries, root" in told
    assert "signed up to entry 6" in told
    assert "goes on from kept, signed at entry 6" in desk.does("checkpoint", "--against", "kept").err


def test_an_edited_entry_has_another_hash(desk: Desk, place: Path) -> None:
    with forging(place) as file:
        file.execute("UPDATE entries SET data = ? WHERE position = 5", (rewritten(entries_of(place)[4], title="Fem"),))

    assert problems(desk) == [(5, "its bytes are not those that were recorded: they have another hash")]
    assert "entry 5 is the first that is wrong; keep this ledger as evidence" in desk("verify").errors


def test_an_edited_entry_with_its_hash_is_not_what_the_checkpoint_signed(desk: Desk, place: Path) -> None:
    data = rewritten(entries_of(place)[4], title="Fem")
    with forging(place) as file:
        file.execute("UPDATE entries SET data = ?, leaf = ? WHERE position = 5", (data, leaf_hash(data)))

    assert problems(desk) == [(None, f"checkpoint 1: {REWRITTEN}")]
    assert refused_to_sign(desk, REWRITTEN)
    assert desk("checkpoint").code == 4


def test_an_edited_time_is_out_of_its_order_or_beside_its_hash(desk: Desk, place: Path) -> None:
    data = rewritten(entries_of(place)[4], recorded_at="2026-01-01T00:00:00.000000Z")
    with forging(place) as file:
        file.execute("UPDATE entries SET data = ?, leaf = ? WHERE position = 5", (data, leaf_hash(data)))

    (entry, what), *others = problems(desk)
    assert entry == 5
    assert what.startswith("it was recorded at 2026-01-01T00:00:00.000000Z, and the one before it at 2026-01-15T")
    assert others == [(None, f"checkpoint 1: {REWRITTEN}")]


def test_an_edited_name_is_not_the_one_registered(desk: Desk, place: Path) -> None:
    with forging(place) as file:
        file.execute("UPDATE names SET disclosure = ? WHERE position = 3", (disclose("Annan"),))

    assert problems(desk) == [(3, "the name kept for it is not the one that it registers")]


def test_a_name_that_was_taken_away_without_a_disposal_is_missed(desk: Desk, place: Path) -> None:
    with forging(place) as file:
        file.execute("DELETE FROM names WHERE position = 2")

    assert problems(desk) == [(2, "the name that it registers is not kept, and no disposal was recorded")]


def test_names_that_were_taken_away_are_one_problem(desk: Desk, place: Path) -> None:
    with forging(place) as file:
        file.execute("DELETE FROM names")

    [(entry, what)] = problems(desk)
    assert entry is None
    assert what.startswith("2 names of 2 registered are not here (entries 2, 3), and no disposal was recorded")


def test_a_name_disposed_of_is_not_missed(desk: Desk, place: Path) -> None:
    assert place.exists()
    disposal = ("--person", "p1", "--decision", "Gallring", "--on", "2026-01-20", "--organ", "official")
    desk.does("record", "personal-data-disposed", *disposal)

    assert problems(desk) == []


def test_a_deleted_entry_is_missed(desk: Desk, place: Path) -> None:
    with forging(place) as file:
        file.execute("DELETE FROM entries WHERE position = 4")

    assert problems(desk)[0] == (4, "it is missing")
    assert desk("council").code == 4


def test_a_deleted_entry_whose_place_the_next_took_is_missed_by_the_checkpoint(desk: Desk, place: Path) -> None:
    entries = entries_of(place)
    with forging(place) as file:
        regrown(file, entries[:3] + entries[4:])

    assert problems(desk) == [
        (None, "checkpoint 1: the checkpoint is of 6 entries, and the ledger has 5: it is an older copy, or was cut")
    ]


def test_an_inserted_entry_moves_those_that_were_signed(desk: Desk, place: Path) -> None:
    entries = entries_of(place)
    between = rewritten(entries[3], title="Emellan", recorded_at=entries_time(entries[3], 1), key="k")
    with forging(place) as file:
        regrown(file, [*entries[:4], between, *entries[4:]])

    assert problems(desk) == [(None, f"checkpoint 1: {REWRITTEN}")]


def entries_time(data: bytes, microseconds: int) -> str:
    """Returns the recording time of an entry, plus some microseconds."""
    at = orjson.loads(data)["recorded_at"]
    return f"{at[:-7]}{int(at[-7:-1]) + microseconds:06}Z"


def test_swapped_entries_are_out_of_order(desk: Desk, place: Path) -> None:
    entries = entries_of(place)
    with forging(place) as file:
        regrown(file, [*entries[:3], entries[4], entries[3], entries[5]])

    found = problems(desk)
    assert found[0][0] == 5
    assert found[0][1].startswith("it was recorded at ")
    assert found[-1] == (None, f"checkpoint 1: {REWRITTEN}")


def test_swapped_entries_with_their_times_swapped_back_are_not_what_was_signed(desk: Desk, place: Path) -> None:
    entries = entries_of(place)
    fourth = rewritten(entries[4], recorded_at=entries_time(entries[3], 0))
    fifth = rewritten(entries[3], recorded_at=entries_time(entries[4], 0))
    with forging(place) as file:
        regrown(file, [*entries[:3], fourth, fifth, entries[5]])

    assert problems(desk) == [(None, f"checkpoint 1: {REWRITTEN}")]


def test_a_tail_that_was_cut_is_missed_by_the_checkpoint(desk: Desk, place: Path) -> None:
    with forging(place) as file:
        regrown(file, entries_of(place)[:4])

    cut = "the checkpoint is of 6 entries, and the ledger has 4: it is an older copy, or was cut"
    assert problems(desk) == [(None, f"checkpoint 1: {cut}")]
    assert refused_to_sign(desk, cut)


def test_a_tail_that_was_cut_and_regrown_and_signed_anew_is_caught_by_whoever_kept_a_checkpoint(
    desk: Desk, place: Path
) -> None:
    entries = entries_of(place)
    with forging(place) as file:
        regrown(file, entries[:4])
        file.execute("DELETE FROM checkpoints")
    for title in ("Fem", "Sex"):
        desk.does("record", "activity-held", "--title", title, *SEMINAR)
    assert refused_to_sign(desk, REWRITTEN)
    record = desk.folder / "liggare.db.key.signed"
    record.write_text(first_record(parse_skey((desk.folder / "liggare.db.key").read_text("utf-8").strip())), "utf-8")
    desk.does("checkpoint")

    assert problems(desk) == []
    shown = desk("checkpoint", "--against", "kept")
    assert (shown.code, shown.out) == (4, "")
    assert shown.errors == [REWRITTEN]


def test_a_log_written_anew_and_signed_by_a_new_key_is_caught_by_whoever_kept_a_checkpoint(
    desk: Desk, place: Path
) -> None:
    entries = entries_of(place)
    entries[4] = rewritten(entries[4], title="Fem")
    origin = (desk.folder / "kept").read_text("utf-8").splitlines()[0]
    forger = Signer(origin, bytes(range(32)))
    root = tree_root(6, subtrees(list(map(leaf_hash, entries))))
    with forging(place) as file:
        regrown(file, entries)
        file.execute("UPDATE ledger SET public_key = ?", (format_vkey(forger.verifier),))
        file.execute("UPDATE checkpoints SET note = ?", (sign_checkpoint(Checkpoint(origin, 6, root), forger),))

    assert problems(desk) == []
    shown = desk("checkpoint", "--against", "kept")
    assert shown.code == 4
    assert shown.errors[0] == REWRITTEN
    assert shown.errors[1].startswith("the checkpoint is signed by none of the keys known here, but by liggare/")
