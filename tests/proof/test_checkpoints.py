"""Tests which keys sign for a ledger, and what a checkpoint proves about a ledger: each function by itself, over logs
in memory.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from eventsourcing.dcb.api import DCBEvent

from ledger.errors import Damaged, Tampered
from ledger.integrity.checkpoints import contradiction, false_tile, hashes_of, last_checkpoint, root_text
from ledger.integrity.index import read_once, refuse_hidden, restores, told_by_index
from ledger.integrity.keys import key_for, none_of, opened, signing_keys
from ledger.integrity.shown import Shown, against, unproven
from ledger.proof.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from ledger.proof.note import Signer, base64_of, format_note, format_vkey, misnamed, parse_note
from ledger.proof.succession import SigningKey
from ledger.proof.tiles import Tile
from ledger.proof.tree import EMPTY_ROOT, leaf_hash
from ledger.store import MemoryStore, open_store
from tests.counting import calls
from tests.export.making import (
    FORGER,
    ORIGIN,
    PAST,
    REAL,
    SECOND,
    THIRD,
    changed,
    covered,
    held,
    note,
    restored,
    root_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

FIRST = SigningKey(0, REAL.verifier)
TURNED = [*PAST, covered(20, REAL, SECOND), held(21)]
LOST = [*PAST, changed(20, SECOND, lost=True), covered(21, SECOND, THIRD), held(22)]


class Kept(MemoryStore):
    """A ledger that someone with write access could make, with any entries and any checkpoints."""

    def __init__(self, entries: Sequence[bytes], *notes: str, key: str = format_vkey(REAL.verifier)) -> None:
        super().__init__(key)
        self._ledger_id = ORIGIN.removeprefix("liggare/")
        self.append([DCBEvent(type=orjson.loads(data)["event"], data=data, tags=[]) for data in entries])
        self._checkpoints = [(0, text) for text in notes]


def size(entries: Sequence[bytes]) -> Checkpoint:
    return Checkpoint(ORIGIN, len(entries), root_of(entries))


# Keys.
def test_the_key_of_its_making_signs_for_a_ledger_until_an_entry_names_another() -> None:
    assert signing_keys(Kept(PAST)) == (FIRST,)
    assert signing_keys(Kept(PAST, key="")) == ()
    assert signing_keys(Kept(TURNED)) == (FIRST, SigningKey(20, SECOND.verifier))
    assert signing_keys(Kept(LOST)) == (
        FIRST,
        SigningKey(20, SECOND.verifier, covered=False),
        SigningKey(21, THIRD.verifier),
    )


def test_the_first_key_that_an_entry_names_has_none_before_it() -> None:
    assert signing_keys(Kept([*PAST, changed(20, SECOND, lost=True)], key="")) == (SigningKey(20, SECOND.verifier),)


def unsigned(text: str) -> str:
    """Returns a note in which no line is the signature of the key that the line names."""
    found = parse_note(text)
    return format_note(found._replace(signatures=tuple(line._replace(data=bytes(64)) for line in found.signatures)))


BEFORE_PROOFS = [*PAST, changed(20, SECOND, v=1), held(21)]


@pytest.mark.parametrize(
    ("notes", "vouched"),
    [
        ([note(BEFORE_PROOFS[:20], REAL, SECOND)], True),
        ([note(BEFORE_PROOFS, SECOND, REAL)], True),
        (["x", note(PAST, REAL), note(BEFORE_PROOFS[:20], SECOND), note(BEFORE_PROOFS[:20], REAL)], True),
        ([], False),
        ([note(PAST, REAL)], False),
        ([note(BEFORE_PROOFS[:20], SECOND)], False),
        ([note([*PAST, held(20)], REAL)], False),
        ([note([*BEFORE_PROOFS, held(22)], REAL)], False),
        ([note(BEFORE_PROOFS, REAL, origin="liggare/x")], False),
        ([unsigned(note(BEFORE_PROOFS, REAL))], False),
        ([unsigned(note(BEFORE_PROOFS, REAL)), note(BEFORE_PROOFS, REAL)], True),
    ],
)
def test_before_there_were_proofs_a_checkpoint_by_the_old_key_vouches_for_the_new_one(
    notes: list[str], vouched: bool
) -> None:
    assert signing_keys(Kept(BEFORE_PROOFS, *notes))[1] == SigningKey(20, SECOND.verifier, covered=vouched)


def test_in_an_entry_of_today_nothing_but_its_proof_vouches_for_a_key() -> None:
    entries = [*PAST, changed(20, SECOND, v=2)]

    assert not signing_keys(Kept(entries, note(entries, REAL)))[1].covered


def test_an_entry_in_the_older_shape_after_one_in_the_newer_is_held_to_the_newer() -> None:
    entries = [*PAST, covered(20, REAL, SECOND), changed(21, THIRD, v=1)]

    assert not signing_keys(Kept(entries, note(entries, SECOND, THIRD)))[2].covered


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (covered(20, THIRD, SECOND), "entry 20 changes the signing key, and the old key's proof in it is false"),
        (covered(21, REAL, SECOND), "entry 20 changes the signing key, and the old key's proof in it is false"),
        (covered(20, REAL, REAL), "entry 20 names a signing key that signed before; a key never comes back"),
        (
            covered(20, REAL, Signer("liggare/x", bytes(32))),
            f"entry 20 names a signing key of another log, liggare/x; this one is {ORIGIN}",
        ),
    ],
)
def test_a_chain_of_keys_that_no_ledger_writes_is_refused(change: bytes, why: str) -> None:
    with pytest.raises(Tampered, match=f"^{re.escape(why)}$"):
        signing_keys(Kept([*PAST, change]))


def test_a_key_that_an_entry_named_never_comes_back_either() -> None:
    chain = [*PAST, covered(20, REAL, SECOND), covered(21, SECOND, THIRD), covered(22, THIRD, SECOND)]

    with pytest.raises(Tampered, match=r"^entry 22 names a signing key that signed before"):
        signing_keys(Kept(chain))


def test_a_key_with_none_before_it_is_vouched_for_by_nobody() -> None:
    with pytest.raises(Tampered, match=r"^entry 1 holds the proof of a signing key before it, and there is none$"):
        signing_keys(Kept([covered(1, REAL, SECOND)], key=""))


def test_the_first_entry_of_a_log_may_name_a_key() -> None:
    assert signing_keys(Kept([changed(1, SECOND, lost=True)], key="")) == (SigningKey(1, SECOND.verifier),)
    told = told_by_index(Kept([changed(1, SECOND, lost=True), held(2)], key=""))
    assert [*told.leaves] == [1]


def test_a_restore_with_an_invalid_root_is_reported() -> None:
    with pytest.raises(Tampered, match=r"^entry 3 says that entries were lost, and their root is not valid: "):
        restores(Kept([held(1), held(2), restored(3, 1, 4).replace(b"AAAAAA", b"A-AAAA")]))


# Comparison of the index with the log.
def test_what_is_read_once_is_what_the_store_gives() -> None:
    log = Kept([changed(1, REAL, lost=True), held(2), *(changed(at, signer, lost=True) for at, signer in
                                                        ((3, SECOND), (4, THIRD)))], key="")  # fmt: skip
    once = read_once(log)
    for after in range(5):
        for until in range(5):
            for kind in ("signing-key-changed", "log-restored", None):
                asked = [*once.data(after, until, kind=kind)]
                assert asked == [*log.data(after, until, kind=kind)], (after, until, kind)


def hidden(entries: Sequence[bytes], store: MemoryStore | None = None, **otherwise: Any) -> str:
    """Returns the error about a fully signed log if fields of its index are replaced by `otherwise`."""
    log = store or Kept(entries)
    told = told_by_index(Kept(entries))._replace(**otherwise)
    with pytest.raises(Tampered) as refused:
        refuse_hidden(log, told, size(entries))
    return str(refused.value)


def test_a_log_is_what_its_index_tells_and_what_was_signed() -> None:
    leaves = told_by_index(Kept(TURNED)).leaves

    nothing = MemoryStore("")
    refuse_hidden(nothing, told_by_index(nothing), Checkpoint(ORIGIN, 0, EMPTY_ROOT))
    refuse_hidden(Kept(TURNED), told_by_index(Kept(TURNED)), size(TURNED))
    refuse_hidden(Kept(TURNED), told_by_index(Kept(TURNED)), size(TURNED[:7]))
    with pytest.raises(Tampered, match=r"^the first 7 entries are not those that were signed: the log was rewritten$"):
        refuse_hidden(Kept(TURNED), told_by_index(Kept(TURNED)), Checkpoint(ORIGIN, 7, bytes(32)))
    assert "entry 20: its bytes are not what the ledger's index says" in hidden(TURNED, leaves={20: bytes(32)})
    assert "entry 20: its bytes are not what the ledger's index says" in hidden(TURNED, leaves={})
    assert "entry 5: its bytes are not what the ledger's index says" in hidden(TURNED, leaves={5: bytes(32), **leaves})
    assert "the log ends with entry 21, and its index tells of more" in hidden(TURNED, leaves={22: bytes(32), **leaves})


def test_a_log_that_lacks_an_entry_or_a_hash_is_refused() -> None:
    class Lacking(Kept):
        def data(self, after: int, until: int, **of: Any) -> Iterator[tuple[int, bytes]]:
            return (row for row in super().data(after, until, **of) if row[0] != 4)

    class Hashless(Kept):
        def tile(self, level: int, number: int) -> bytes:
            return super().tile(level, number)[:-32]

    assert "entry 4 is missing" in hidden(TURNED, Lacking(TURNED))
    assert "the tree that is kept is not that of the entries' bytes" in hidden(TURNED, Hashless(TURNED))
    assert "the tree that is kept is not that of the entries' bytes" in hidden(TURNED[:1], Hashless(TURNED[:1]))


def test_what_is_kept_as_a_change_of_key_is_one() -> None:
    store = Kept(PAST)
    store.append([DCBEvent(type="signing-key-changed", data=held(20), tags=[])])

    with pytest.raises(Damaged, match=r"entry 20.*it is kept as signing-key-changed, and its bytes say otherwise"):
        signing_keys(store)


@pytest.mark.parametrize("key", ["x", format_vkey(REAL.verifier)[:-1]])
def test_a_key_that_cannot_be_read_is_reported(key: str) -> None:
    with pytest.raises(Damaged, match=r"the ledger.*a key that signs for it cannot be read: "):
        signing_keys(Kept(PAST, key=key))


def test_a_key_signs_from_the_entry_that_names_it() -> None:
    keys = signing_keys(Kept(TURNED))

    assert [key_for(keys, at) for at in (0, 1, 19, 20, 21)] == [REAL.verifier] * 3 + [SECOND.verifier] * 2
    assert key_for(keys[1:], 19) is None
    assert none_of(keys, THIRD.verifier) == (
        f"the key given, {format_vkey(THIRD.verifier)}, signs for nothing that is here; the keys that do are:"
        f" {REAL.verifier.id.hex()} since entry 1, {SECOND.verifier.id.hex()} since entry 20. If yours came later, ask"
        " for a newer copy"
    )


# Checkpoints.
@pytest.mark.parametrize(
    "text",
    [note(PAST, REAL), note(TURNED[:20], SECOND), note(TURNED, SECOND, REAL), note(TURNED, FORGER, SECOND)],
)
def test_a_checkpoint_is_opened_by_the_key_for_its_size(text: str) -> None:
    assert opened(text, signing_keys(Kept(TURNED))) == parse_checkpoint(parse_note(text).text)


OLD, NEW = REAL.verifier.id.hex(), SECOND.verifier.id.hex()
NOBODYS = format_note(
    (read := parse_note(note(TURNED, SECOND, REAL)))._replace(
        signatures=(read.signatures[0], read.signatures[1]._replace(data=bytes(64)))
    )
)


@pytest.mark.parametrize(
    ("entries", "text", "why"),
    [
        (TURNED, note(PAST, SECOND), f"of 19 entries is signed by the key {NEW}, which signs here from entry 20 on"),
        (TURNED, note(TURNED, REAL), f"of 21 entries is signed by the key {OLD}, and entry 20 gave its place to"),
        (LOST, note(LOST[:20], REAL), f"of 20 entries is signed by the key {OLD}, which entry 20 says was lost"),
        (LOST, note(LOST[:20], REAL), "differently after entry 19, and that part is not here"),
        (LOST, note(LOST, REAL, SECOND), f"of 22 entries is signed by the key {NEW}, and entry 21 gave its place"),
        (TURNED, note(TURNED, FORGER), "by none of the keys known here"),
        (TURNED, NOBODYS, f"is not by its key {OLD}"),
    ],
)  # fmt: skip
def test_a_checkpoint_by_another_key_is_not_opened(entries: list[bytes], text: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        opened(text, signing_keys(Kept(entries)))


def test_the_last_checkpoint_is_the_last_that_was_kept() -> None:
    first, last = note(PAST[:5], FORGER), note(PAST, FORGER)

    assert last_checkpoint(Kept(PAST)) is None
    assert last_checkpoint(Kept(PAST, first, last)) == (size(PAST), last)
    with pytest.raises(Tampered, match="checkpoint 2 cannot be read: "):
        last_checkpoint(Kept(PAST, first, "x"))


def test_the_root_of_the_whole_log_is_that_of_its_checkpoint() -> None:
    assert root_text(Kept(TURNED)) == base64_of(root_of(TURNED))


class Lacking(Kept):
    """A ledger whose tile holds only the first two of its hashes."""

    def tile(self, level: int, number: int) -> bytes:
        return super().tile(level, number)[:64]


def test_hashes_that_are_missing_are_reported() -> None:
    with pytest.raises(Damaged, match=r"the log's tree.*tile 0 of level 0 lacks hashes"):
        root_text(Lacking(PAST))
    told = contradiction(Lacking(PAST), size(PAST))
    assert told == "the ledger's tree cannot be read: tile 0 of level 0 lacks hashes"


@pytest.mark.parametrize(
    ("checkpoint", "why"),
    [
        (size(PAST), None), (size(TURNED), None), (size(TURNED[:1]), None),
        (Checkpoint("liggare/x", 5, root_of(PAST[:5])), "the checkpoint is of another log, liggare/x, and"),
        (size([*TURNED, held(22)]), "the checkpoint is of 22 entries, and the ledger has 21"),
        (size([*PAST, held(20)]), "the first 20 entries are not those that the checkpoint was signed for: the log was"),
    ],
)  # fmt: skip
def test_a_ledger_goes_on_from_a_checkpoint_of_its_first_entries(checkpoint: Checkpoint, why: str | None) -> None:
    found = contradiction(Kept(TURNED), checkpoint)

    assert found is None if why is None else str(found).startswith(why)


def test_subtrees_at_hand_are_taken_for_those_of_the_ledger() -> None:
    assert contradiction(Kept(TURNED), size(PAST), lambda *_: bytes(32)) is not None


# The hashes of entries, and false tiles.
@pytest.mark.parametrize("second", [(3, PAST[2]), (2, "x"), (2, None)])
def test_hashes_go_as_far_as_the_first_entry_that_is_missing(second: tuple[int, Any]) -> None:
    class Lacking(Kept):
        def data(self, after: int, until: int, **_: object) -> Iterator[tuple[int, bytes]]:
            assert (after, until) == (0, 3)
            yield from ((1, PAST[0]), second, (3, PAST[2]))

    assert hashes_of(Kept(PAST), 3) == [list(map(leaf_hash, PAST[:3]))]
    assert hashes_of(Lacking(PAST), 3) == [[leaf_hash(PAST[0])]]
    assert false_tile(Lacking(PAST), size(PAST[:3])) is None


def test_a_tile_is_false_where_the_checkpoint_is_of_the_entries_bytes() -> None:
    class Falsely(Kept):
        def tile(self, level: int, number: int) -> bytes:
            return super().tile(level, number)[:-32] + bytes(32)

    assert false_tile(Falsely(PAST), size(PAST)) == Tile(0, 0)
    assert false_tile(Falsely(PAST), size([*PAST[:18], held(19)])) is None
    assert false_tile(Falsely(PAST), size(PAST[:5])) is None
    assert false_tile(Kept(PAST), size(PAST)) is None


def test_what_is_shown_is_the_checkpoint_and_the_key_for_it() -> None:
    assert against(Kept(TURNED), note(PAST, REAL)) == Shown(size(PAST), REAL.verifier)
    assert against(Kept(TURNED), note(TURNED, SECOND)) == Shown(size(TURNED), SECOND.verifier)


def test_every_reason_not_to_go_on_from_what_is_shown_is_reported() -> None:
    longer = [*TURNED, held(22)]
    for text, whats, newer in (
        (note(longer, SECOND), ["of 22 entries, and the ledger has 21"], True),
        (note(longer, FORGER), ["of 22 entries, and the ledger has 21", "by none of the keys known here"], False),
        (note([*PAST, held(20)], SECOND), ["the first 20 entries are not those"], False),
        (note([*PAST, held(20), held(21)], SECOND), ["the first 21 entries are not those"], False),
        (note(PAST, FORGER), ["by none of the keys known here"], False),
        (sign_checkpoint(Checkpoint("liggare/x", 22, bytes(32)), FORGER), ["is of another log", "by none of"], False),
    ):
        with pytest.raises(Tampered) as refused:
            against(Kept(TURNED), text)
        assert [what in one for what, one in zip(whats, refused.value.whats, strict=True)] == [True] * len(whats)
        assert ("Restore a newer copy" in refused.value.whats[0]) is newer
    with pytest.raises(ValueError, match="a note"):
        against(Kept(TURNED), "x")


def test_where_a_key_that_lies_here_signed_what_is_shown_this_copy_is_older_than_the_key() -> None:
    for lies_here, newer in ((SECOND, True), (REAL, False), (None, False)):
        with pytest.raises(Tampered) as refused:
            against(Kept(PAST), note(TURNED, SECOND), *([lies_here.verifier] if lies_here else []))
        assert ("Restore a newer copy" in refused.value.whats[0]) is newer


def test_a_reader_relies_on_a_log_whose_keys_lead_to_its_end() -> None:
    new = format_vkey(SECOND.verifier)
    leads = (
        f"entry 20 changes the signing key to {new}: no key that is trusted leads to it. If you were handed it, or a"
        " later one, in person: --vkey"
    )

    assert unproven(Kept(TURNED), None, None) == unproven(Kept(TURNED), REAL.verifier, None) == []
    for trusted in (None, REAL.verifier):
        assert unproven(Kept(LOST), trusted, None) == [leads]
    for trusted in (SECOND.verifier, THIRD.verifier):
        assert unproven(Kept(LOST), trusted, None) == []
    keys = signing_keys(Kept(LOST))
    assert unproven(Kept(LOST), FORGER.verifier, None) == [none_of(keys, FORGER.verifier), leads]


def test_a_reader_of_a_restored_log_holds_a_checkpoint_of_what_was_kept() -> None:
    store = Kept([*PAST, restored(20, 10, 19)])

    [one] = restores(store)
    assert (one.position, one.event.restored_from, restores(Kept(PAST))) == (20, 10, [])
    for vouched in (0, 1, 10):
        assert unproven(store, None, vouched) == []
    for short in (None, 11):
        [told] = unproven(store, None, short)
        assert told.startswith("entry 20 says that the ledger was restored and signed entries were lost; compare")
        assert told.endswith("compare it with a checkpoint of at most 10 entries")


def test_the_signing_keys_are_read_with_prepared_statements(place: Path) -> None:
    """A command that signs or verifies looks up the signing keys about ten times."""
    with open_store(str(place)) as store:
        assert len(signing_keys(store)) == 1
        assert calls(lambda: signing_keys(store)) < 250


def test_no_flipped_bit_in_a_line_by_one_of_the_ledgers_keys_goes_unseen() -> None:
    """The check includes the signature of the old key at a change of key. If a bit of its name or id is flipped, the
    old key's signature looks like that of a witness.
    """
    keys = signing_keys(Kept(TURNED))
    text = sign_checkpoint(size(TURNED[:20]), SECOND, REAL).encode()
    begins = text.index(b"\n\n") + 2

    for bit in range(begins * 8, len(text) * 8):
        flipped = bytearray(text)
        flipped[bit // 8] ^= 1 << bit % 8
        with suppress(ValueError):
            note = flipped.decode()
            opened(note, keys)
            assert misnamed(parse_note(note), ORIGIN, [key.verifier for key in keys]), bit


def test_more_is_not_kept_than_there_was() -> None:
    assert [one.position for one in restores(Kept([held(1), held(2), restored(3, 2, 9)]))] == [3]
    with pytest.raises(Tampered, match="entry 3 says that 3 entries were kept, and fewer come before it"):
        restores(Kept([held(1), held(2), restored(3, 3, 9)]))


def test_a_key_that_is_said_to_be_lost_is_vouched_for_by_no_checkpoint() -> None:
    entries = [*PAST, changed(20, SECOND, lost=True, v=1), held(21)]

    assert not signing_keys(Kept(entries, note(entries, REAL, SECOND)))[1].covered
