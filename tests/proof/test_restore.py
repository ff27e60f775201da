"""Tests how signing continues after a restore: each refusal by itself, over logs in memory and keys in a folder."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from ledger.book import Ledger
from ledger.errors import BadInput, MayNotSign, NoSigningKey, Tampered
from ledger.integrity import restore
from ledger.integrity.index import restores
from ledger.integrity.keyfile import Record, beside, keep_given_up, keep_key, keep_record, read_given_up, record_text
from ledger.integrity.restore import Restored, after_restore
from ledger.integrity.shown import Shown
from ledger.proof.checkpoint import Checkpoint, sign_checkpoint
from ledger.proof.loss import Lost, sign_loss
from ledger.proof.note import base64_of, parse_note
from tests.export.making import FORGER, ORIGIN, REAL, SECOND, THIRD, changed, covered, entry, held, note, root_of
from tests.proof.logs import NOW, OTHER, SIX, Log, follow, keyed, lost, raising, read, recorded, refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ledger.proof.note import Signer

NINE = [*SIX, *map(held, range(7, 10))]
GONE = Lost(9, 6, root_of(NINE))


def said(position: int, lost: Lost) -> bytes:
    """Returns the entry at a position that records a loss."""
    fields = {"restored_from": lost.kept, "lost_size": lost.size, "lost_root": base64_of(lost.root)}
    return entry(position, "log-restored", fields)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Returns the path of a key that signed nine entries."""
    return keyed(tmp_path / "k.key", REAL, *NINE)


def goes_on(
    store: Log, place: Path, shown: str = note(SIX, REAL), lost: int | None = 3, vkey: Signer | None = None
) -> Restored:
    return after_restore(
        Ledger(store, lambda: NOW.replace(year=2032)),
        place,
        shown,
        yes_lost=lost,
        vkey=vkey and vkey.verifier,
        on=date(2032, 1, 1),
        by="tester",
        key="again",
    )


def told(store: Log) -> list[tuple[int, int, int]]:
    """Returns (position, number of entries kept, number of entries that had been signed) of each loss recorded in the
    log.
    """
    return [(one.position, one.event.restored_from, one.event.lost_size) for one in restores(store)]


def kept(place: Path, size: int) -> Record | None:
    return read_given_up(beside(place, f".signed.{size}"), [REAL.verifier], REAL.verifier)


def test_what_is_lost_is_recorded_and_kept_as_evidence_once(place: Path) -> None:
    store = Log(SIX)
    found = goes_on(store, place)

    assert (found.lost, found.shown) == (3, Shown(Checkpoint(ORIGIN, 6, root_of(SIX)), REAL.verifier))
    assert found.recorded is not None
    assert told(store) == [(7, 6, 9)]
    assert (read(place).note, read(place).lost, read(place).unproven) == (note(SIX, REAL), (GONE,), ())
    evidence = kept(place, 9)
    assert evidence is not None
    assert (evidence.checkpoint.size, evidence.note, evidence.lost) == (9, note(NINE, REAL), (GONE,))
    assert goes_on(store, place, lost=None) == Restored(found.shown, 0, None)
    assert store.head() == 7


def test_where_nothing_is_lost_nothing_is_changed(place: Path) -> None:
    store, before = Log([*NINE, held(10)]), recorded(place)

    assert goes_on(store, place, lost=None)[1:] == (0, None)
    assert (recorded(place), store.head(), kept(place, 9)) == (before, 10, None)


def test_how_much_is_lost_is_said_by_whoever_restored(place: Path) -> None:
    store = Log(SIX)
    said = (
        "the key signed 9 entries, and the checkpoint shows only those up to entry 6 to be here: 3 signed entries are"
    )
    refused(Tampered, f"{said} lost or replaced. Find a newer copy; if there is none, .* --yes-lost 3$",
            lambda: goes_on(store, place, lost=None))  # fmt: skip
    refused(BadInput, f"--yes-lost 2: {said}", lambda: goes_on(store, place, lost=2))
    eight = Log(NINE[:8])
    refused(Tampered, "1 signed entry is lost", lambda: goes_on(eight, place, note(NINE[:8], REAL), lost=None))
    assert goes_on(eight, place, note(NINE[:8], REAL), lost=1).lost == 1
    assert store.head() == 6


@pytest.mark.parametrize("size", [9, 10])
def test_a_checkpoint_as_large_as_what_was_signed_shows_two_logs(place: Path, size: int) -> None:
    other = [*OTHER, *map(held, range(10, 20))][:size]
    why = f"is of {size} entries, the key's own record .*signed of 9, and they contradict each other"
    refused(Tampered, why, lambda: goes_on(Log(other), place, note(other, REAL)))


def test_a_checkpoint_shown_must_not_cover_the_entry_that_recorded_its_loss(place: Path) -> None:
    """The log continued after a restore and was signed. Later a copy of the continued log was put back."""
    entries = [*SIX, said(7, GONE), *map(held, range(8, 11))]
    why = "and entry 7 says that all of those but the first 6 were lost: show a checkpoint of at most 6 entries"
    refused(Tampered, why, lambda: goes_on(Log(entries), place, note(entries, REAL)))
    other = [*SIX, said(7, Lost(9, 6, bytes(32))), *entries[7:]]
    refused(Tampered, "the key signed two logs", lambda: goes_on(Log(other), place, note(other, REAL)))


def test_a_checkpoint_by_a_key_that_only_the_ledger_names_is_refused(place: Path) -> None:
    for change, signer in ((changed(7, FORGER, lost=True), FORGER), (covered(7, REAL, SECOND), SECOND)):
        store, shown = Log([*SIX, change]), note([*SIX, change], signer)
        why = "which signed until entry 7 gave its place to .*, or ask who changed the ledger"
        refused(Tampered, why, partial(goes_on, store, place, shown))
    entries = [*SIX, covered(7, REAL, SECOND)]
    keyed(place, THIRD, *entries, held(8), held(9))
    follow(place, SECOND, THIRD)
    shown = note(entries, SECOND)
    refused(Tampered, "which is neither .*k.key nor put away beside it", lambda: goes_on(Log(entries), place, shown))
    for vkey in (REAL, SECOND):
        keyed(place, THIRD, *entries, held(8), held(9))
        beside(place, ".signed.9").unlink(missing_ok=True)
        assert goes_on(Log(entries), place, shown, lost=2, vkey=vkey).lost == 2
    keyed(place, THIRD, *entries, held(8), held(9))
    beside(place, ".signed.9").unlink()
    keep_key(beside(place, f".{SECOND.verifier.id.hex()}"), SECOND)
    assert goes_on(Log(entries), place, shown, lost=2).lost == 2


def test_a_key_that_the_one_given_does_not_lead_to_is_not_trusted(place: Path) -> None:
    entries = [*SIX, changed(7, SECOND, lost=True)]
    refused(Tampered, "no key that is trusted leads to it", lambda: goes_on(Log(entries), place, vkey=REAL))
    then = [*SIX, covered(7, REAL, SECOND), changed(8, THIRD, lost=True)]
    refused(Tampered, "no key that is trusted leads", lambda: goes_on(Log(then), place, note(then, THIRD), vkey=REAL))
    refused(Tampered, "signs for nothing that is here", lambda: goes_on(Log(SIX), place, vkey=FORGER))


def test_the_current_key_signs_the_loss_and_the_checkpoint_shown(place: Path) -> None:
    """The ledger was restored to before a change of key. The old key may still lie beside the current key."""
    after = [*SIX, covered(7, REAL, SECOND), held(8), held(9)]
    keyed(place, SECOND, *after)
    keep_key(beside(place, f".{REAL.verifier.id.hex()}"), REAL)
    refused(Tampered, "nothing here shows that it is the last", lambda: goes_on(Log(SIX), place))
    follow(place, REAL, SECOND)
    goes_on(Log(SIX), place)
    assert {line.id for line in parse_note(recorded(place)).signatures} == {REAL.verifier.id, SECOND.verifier.id}
    assert [line.id for line in parse_note(recorded(place)).signatures if "lost/" in line.name] == [SECOND.verifier.id]

    keyed(place, SECOND, *after)
    beside(place, ".signed.9").unlink()
    beside(place, f".{REAL.verifier.id.hex()}").unlink()
    goes_on(Log(SIX), place, vkey=REAL)
    assert {line.id for line in parse_note(recorded(place)).signatures} == {REAL.verifier.id, SECOND.verifier.id}


def test_what_a_key_of_after_the_copy_signed_and_lost_is_counted_too(place: Path) -> None:
    after = [*SIX, covered(7, REAL, SECOND), *map(held, range(8, 13))]
    keyed(place, SECOND, *after[:9])
    keep_given_up(place, note(after, SECOND), SECOND, Lost(12, 6, root_of(after)))
    follow(place, REAL, SECOND)

    assert goes_on(Log(SIX), place, lost=6, vkey=REAL).lost == 6


def test_where_no_key_lies_nothing_is_recorded(place: Path) -> None:
    keep_given_up(place, note(NINE, REAL), REAL, GONE)
    place.unlink()
    store, before = Log(SIX), recorded(place)
    refused(NoSigningKey, "no key lies here that can sign what was lost, and nothing was recorded: .*is not there",
            lambda: goes_on(store, place, vkey=REAL))  # fmt: skip
    assert (recorded(place), store.head()) == (before, 6)


def test_the_ledgers_own_key_signs_what_was_lost_from_where_it_was_put_away(place: Path) -> None:
    place.rename(beside(place, f".{REAL.verifier.id.hex()}"))

    assert goes_on(Log(SIX), place).lost == 3
    assert read(place).lost == (GONE,)


def test_evidence_in_the_place_of_the_record_is_no_record(place: Path) -> None:
    keep_given_up(place, note(NINE, REAL), REAL, GONE)
    beside(place, ".signed.9").replace(beside(place, ".signed"))

    refused(Tampered, "signed is the evidence of an earlier restore, and not", lambda: goes_on(Log(SIX), place))


def test_without_a_record_nothing_tells_what_is_lost(place: Path) -> None:
    beside(place, ".signed").unlink()
    refused(Tampered, "is missing. It belongs beside the key", lambda: goes_on(Log(SIX), place))
    place.unlink()
    gone = "signed, the record of what the key signed last, is not there: if key and record are lost, begin with"
    refused(Tampered, gone, lambda: goes_on(Log(SIX), place, vkey=REAL))


# A second restore.
FIVE = Lost(9, 5, GONE.root)


def again(place: Path, *losses: Lost, shown: Sequence[bytes] = SIX) -> None:
    """Writes a signer's record that continues from the entries `shown` and lists all these losses, signed by the
    key.
    """
    lost(place, note(shown, REAL), *losses)
    for one in losses:
        if one.root == GONE.root:
            keep_given_up(place, note(NINE, REAL), REAL, one)


def test_what_an_older_copy_does_not_say_any_more_is_said_again(place: Path) -> None:
    again(place, GONE)
    store = Log(SIX)
    found = goes_on(store, place)
    assert (found.lost, told(store), read(place).lost) == (3, [(7, 6, 9)], (GONE,))

    lost(place, note(SIX, REAL))  # now only the evidence file tells of the loss
    store = Log(SIX)
    assert (goes_on(store, place).lost, told(store), read(place).lost) == (3, [(7, 6, 9)], (GONE,))


def test_of_several_losses_the_largest_is_what_is_lost(place: Path) -> None:
    keyed(place, REAL, *NINE)
    keep_given_up(place, note(NINE[:8], REAL), REAL, Lost(8, 6, root_of(NINE[:8])))
    keep_given_up(place, note([*OTHER, *NINE], REAL), REAL, Lost(14, 6, root_of([*OTHER, *NINE])))
    store = Log([*SIX, held(15)])
    refused(Tampered, "--yes-lost 8$", lambda: goes_on(store, place, lost=None))

    assert goes_on(store, place, lost=8).lost == 8
    assert {one[1:] for one in told(store)} == {(6, 8), (6, 9), (6, 14)}
    assert {one.size for one in read(place).lost} == {8, 9, 14}


def test_the_evidence_confirms_the_loss_of_an_earlier_restore(place: Path) -> None:
    """The restored copy contains the entry of an earlier restore, which the checkpoint shown does not cover."""
    entries = [*SIX, said(7, GONE)]
    more = [*entries, *map(held, range(8, 12))]
    keyed(place, REAL, *more)
    keep_given_up(place, note(NINE, REAL), REAL, GONE)
    store = Log(entries)
    assert goes_on(store, place, lost=5).lost == 5
    assert told(store) == [(7, 6, 9), (8, 6, 11)]
    assert set(read(place).lost) == {GONE, Lost(11, 6, root_of(more))}

    why = "entry 7 tells of an earlier restore, which kept the first"
    for wrong in (said(7, FIVE), said(7, Lost(9, 6, bytes(32))), said(7, Lost(8, 6, GONE.root))):
        keyed(place, REAL, *more)
        beside(place, ".signed.11").unlink(missing_ok=True)
        refused(Tampered, why, partial(goes_on, Log([*SIX, wrong]), place, lost=5))
        assert read(place).note == note(more, REAL)
    beside(place, ".signed.9").unlink()
    refused(Tampered, why, lambda: goes_on(Log(entries), place, lost=5))
    keyed(place, REAL, *more)
    # If the checkpoint shown covers the entry of the earlier restore, no evidence is needed.
    goes_on(Log(entries), place, note(entries, REAL), lost=4)
    nothing_kept = [*SIX, said(7, Lost(9, 0, GONE.root))]
    keyed(place, REAL, *nothing_kept, *map(held, range(8, 12)))
    beside(place, ".signed.11").unlink()
    goes_on(Log(nothing_kept), place, note(nothing_kept, REAL), lost=4)


def test_evidence_by_an_old_key_confirms_nothing(place: Path) -> None:
    """Someone with an old key could invent both the evidence and the entry. Only evidence that was handed over to the
    current key is accepted.
    """
    entries = [*SIX, said(7, GONE), covered(8, REAL, SECOND)]
    keep_key(beside(place, f".{REAL.verifier.id.hex()}"), REAL)
    keep_given_up(place, note(NINE, REAL), REAL, GONE)
    keyed(place, SECOND, *entries, *map(held, range(9, 13)))
    why = r"entry 7 tells of an earlier restore.*show a checkpoint of at least 7 entries"
    refused(Tampered, why, partial(goes_on, Log(entries), place, lost=6))

    signed, both = note([*entries, *map(held, range(9, 13))], REAL, SECOND), [REAL.verifier, SECOND.verifier]
    keep_record(place, record_text(place, signed, both, [sign_loss(SECOND, GONE)]))
    assert goes_on(Log(entries), place, lost=6).lost == 6
    assert GONE in read(place, SECOND).lost


def test_where_the_key_was_moved_away_evidence_by_the_one_before_counts_for_nothing_either(place: Path) -> None:
    entries, far = [*SIX, covered(7, REAL, SECOND)], Checkpoint(ORIGIN, 2**53 - 1, bytes(32))
    keep_key(beside(place, f".{REAL.verifier.id.hex()}"), REAL)
    keyed(place, SECOND, *entries, held(8), held(9))
    place.rename(beside(place, f".{SECOND.verifier.id.hex()}"))
    keep_given_up(place, sign_checkpoint(far, REAL), REAL, Lost(far.size, 6, far.root))

    assert goes_on(Log(entries), place, lost=3).lost == 3


def test_nothing_is_lost_of_what_was_kept_whole(place: Path) -> None:
    whole = Lost(6, 6, root_of(NINE[:6]))
    keep_given_up(place, note(NINE[:6], REAL), REAL, whole)
    keyed(place, REAL, *SIX, *map(held, range(7, 10)))
    refused(
        Tampered, "entry 7 tells of an earlier restore", partial(goes_on, Log([*SIX, said(7, whole)]), place, lost=3)
    )


def test_the_evidence_of_an_earlier_program_is_borne_out_by_the_checkpoint_shown_then(place: Path) -> None:
    entries = [*SIX, said(7, GONE)]
    more = [*entries, *map(held, range(8, 12))]

    def shown(*also: bytes, note_of: Sequence[bytes] = SIX) -> Restored:
        keyed(place, REAL, *more)
        beside(place, ".signed.11").unlink(missing_ok=True)
        beside(place, ".signed.9").write_text(note(NINE, REAL), "utf-8")
        return goes_on(Log([*entries, *also]), place, note(note_of, REAL), lost=11 - len(note_of))

    assert shown().lost == 5
    refused(Tampered, "entry 7 tells of an earlier restore", lambda: shown(note_of=SIX[:5]))


def test_a_note_that_was_not_lost_as_the_entry_says_bears_nothing_out(place: Path) -> None:
    entries = [*SIX, said(7, GONE)]
    eight, of_seven = Lost(9, 6, root_of(NINE[:8])), Lost(7, 6, root_of(entries))
    for log, size, evidence in (
        (entries, 9, [*OTHER, *NINE][:9]),
        ([*SIX, said(7, eight)], 9, NINE[:8]),
        ([*entries, said(8, of_seven)], 7, entries),  # the evidence is of this log itself, so nothing was lost
    ):
        keyed(place, REAL, *entries, *map(held, range(8, 12)))
        beside(place, ".signed.9").write_text(note(NINE, REAL), "utf-8")
        beside(place, f".signed.{size}").write_text(note(evidence, REAL), "utf-8")
        why = f"entry {len(log)} tells of an earlier restore"
        refused(Tampered, why, partial(goes_on, Log(log), place, lost=5))
    beside(place, ".signed.9").unlink()
    keep_given_up(place, note(NINE, REAL), REAL, FIVE)
    refused(Tampered, "entry 7 tells of an earlier restore", partial(goes_on, Log(entries), place, lost=5))


def test_what_is_lost_is_said_once_and_with_one_checkpoint(place: Path) -> None:
    again(place, GONE)
    twice = Log([*SIX, said(7, GONE), said(8, GONE)])
    beside(place, ".signed.9").unlink()
    keyed(place, REAL, *NINE)
    refused(
        Tampered, "entry 8 says once more that 9 entries had been signed and were lost", lambda: goes_on(twice, place)
    )
    other = Log([*SIX, said(7, FIVE)])
    why = "entry 7 says that the ledger was restored with the first 5 of its entries, and the checkpoint shown is of 6"
    refused(Tampered, why, lambda: goes_on(other, place))
    store = Log([*SIX, said(7, GONE)])  # the log is as after a command that recorded the loss and was then interrupted
    found = goes_on(store, place)
    assert (found.lost, found.recorded, store.head(), read(place).lost) == (3, None, 7, (GONE,))


def test_a_line_that_nobody_here_signed_is_signed_or_left_out(place: Path) -> None:
    lost(place, note(SIX, REAL), GONE, by=THIRD)
    store = Log([*SIX, said(7, GONE)])
    keep_given_up(place, note(NINE, REAL), REAL, GONE)
    assert goes_on(store, place, lost=None)[1:] == (0, None)
    assert (read(place).note, read(place).lost, read(place).unproven) == (note(SIX, REAL), (GONE,), ())
    lost(place, note(SIX, REAL), GONE, by=THIRD)
    beside(place, ".signed.9").unlink()
    assert goes_on(Log(SIX), place, lost=None)[1:] == (0, None)
    assert (read(place).lost, read(place).unproven) == ((), ())


# Who may record a restore, and with which key.
def test_who_may_not_sign_records_nothing(place: Path) -> None:
    store = Log(SIX)
    with patch.object(Log, "refuse_signer", raising(MayNotSign("here", "the role x does"))):
        refused(MayNotSign, "the role x does", lambda: goes_on(store, place))
    assert store.head() == 6


def test_a_key_that_is_given_need_not_lead_to_the_last_where_that_lies_here(place: Path) -> None:
    entries = [*SIX, changed(7, SECOND, lost=True)]
    keyed(place, SECOND, *entries, held(8), held(9))

    assert goes_on(Log(entries), place, note(entries, SECOND), lost=2, vkey=REAL).lost == 2


def test_a_key_that_the_one_given_was_lost_before_is_not_trusted(place: Path) -> None:
    entries = [*SIX, changed(7, SECOND, lost=True), covered(8, SECOND, THIRD)]
    keyed(place, THIRD, *entries, held(9))
    shown = note(entries[:7], SECOND)

    refused(Tampered, "nor put away beside it", lambda: goes_on(Log(entries), place, shown, lost=2, vkey=REAL))
    assert goes_on(Log(entries), place, shown, lost=2, vkey=SECOND).lost == 2


def test_a_key_that_is_changed_meanwhile_signs_nothing(place: Path) -> None:
    store, before, confirmed = Log(SIX), recorded(place), restore._confirmed

    def meanwhile(*given: Any) -> int:
        place.unlink()
        keep_key(place, SECOND)
        return confirmed(*given)

    with patch.object(restore, "_confirmed", meanwhile):
        refused(NoSigningKey, "is no longer the key that was compared", lambda: goes_on(store, place))
    assert (recorded(place), store.head()) == (before, 6)


def test_the_evidence_of_the_ledgers_own_key_counts_where_it_is_put_away(place: Path) -> None:
    keep_given_up(place, note([*NINE, *map(held, range(10, 13))], REAL), REAL,
                  Lost(12, 6, root_of([*NINE, *map(held, range(10, 13))])))  # fmt: skip
    place.rename(beside(place, f".{REAL.verifier.id.hex()}"))
    store = Log(SIX)

    assert goes_on(store, place, lost=6).lost == 6
    assert {one[1:] for one in told(store)} == {(6, 9), (6, 12)}


def test_the_last_key_that_follows_may_lie_put_away(place: Path) -> None:
    after = [*SIX, covered(7, REAL, SECOND), held(8), held(9)]
    keyed(place, SECOND, *after)
    follow(place, REAL, SECOND)
    for signer in (REAL, SECOND):
        keep_key(beside(place, f".{signer.verifier.id.hex()}"), signer)
    place.unlink()

    assert goes_on(Log(SIX), place).lost == 3
