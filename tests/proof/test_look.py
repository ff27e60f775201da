"""Tests the files beside a signing key, and contradictions between these files and the ledger: over logs in memory and
a key in a folder.
"""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from ledger.errors import (
    NoSigningKey,
    NotPermitted,
    Tampered,
    Unusable,
)
from ledger.integrity.comparing import look
from ledger.integrity.keyfile import (
    MOST_BYTES,
    RECORD_WAS_BEGUN,
    beside,
    keep_key,
    keep_record,
    load_key,
    put_away,
    record_text,
    write_record,
)
from ledger.integrity.signing import begin_record, ready_to_sign, sign
from ledger.proof.loss import Lost, sign_loss
from ledger.proof.note import Signer, format_skey, format_vkey
from tests.export.making import FORGER, ORIGIN, REAL, SECOND, THIRD, covered, note
from tests.proof.logs import NOW, OTHER, SIX, Log, follow, keyed, raising, read, recorded, refused

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Returns the path of a signing key whose record says that the key has signed no entries."""
    return keyed(tmp_path / "k.key", REAL)


# The key and its record.
def test_a_key_that_is_another_than_the_ledgers_is_reported_with_what_comes_next(place: Path) -> None:
    keyed(place, SECOND)
    theirs, away = REAL.verifier.id.hex(), SECOND.verifier.id.hex()
    begins = f"{place} is the key {away}, and the ledger names {format_vkey(REAL.verifier)}. Give the right key"

    def told(*signed: bytes) -> str:
        write_record(place, note(signed, SECOND), [SECOND.verifier])
        [what] = look(Log(SIX), place).about_key
        assert what.startswith(begins)
        return what.rpartition("changed: ")[2]

    unseen = f"nothing here shows that it is the last key that follows that key: {place}-{away}.follows, or the"
    for log in ((), OTHER):
        assert told(*log).startswith(unseen)
        assert told(*log).endswith(
            f"move {place} to {place}.{away}, and {place}.signed away as evidence, and then: liggare rotate-key --lost"
        )
    follow(place, REAL, SECOND)
    then = f"put that key back at {place}.{theirs}; if it is lost"
    assert told() == f"{then}, move {place} to {place}.{away}: liggare rotate-key --lost"
    assert told(*OTHER) == f"{then}: liggare checkpoint --after-restore FILE --vkey THAT_KEY"
    keep_key(beside(place, f".{theirs}"), REAL)
    assert told() == "liggare rotate-key"
    assert told(*OTHER) == "liggare checkpoint --after-restore FILE, and then: liggare rotate-key"
    keep_key(beside(place, ".new"), THIRD)
    beside(place, ".signed").unlink()
    seen = look(Log(SIX), place)
    assert (seen.key, len(seen.problems)) == (SECOND.verifier, 1)
    [what] = look(Log(SIX, key=None), place).about_key
    assert what == f"the ledger names no signing key, and {place} holds one: ask who changed the ledger"


def test_a_new_key_that_waits_in_its_own_file_is_used(place: Path) -> None:
    """After an interrupted change of key the new key waits in `.new`, and the next command that signs puts the new key
    in its place.
    """
    entries = [*SIX, covered(7, REAL, SECOND)]
    write_record(place, note(SIX, REAL, SECOND), [REAL.verifier, SECOND.verifier])
    keep_key(beside(place, ".new"), SECOND)
    store = Log(entries)
    assert look(store, place)[0] == SECOND.verifier
    assert look(store, place).problems == ()
    assert look(Log(SIX), place).key == REAL.verifier
    place.unlink()
    assert look(Log(SIX), place).key is None
    ready_to_sign(store, place, NOW)
    assert sign(store, place, NOW) == note(entries, SECOND)
    assert look(store, place).key == SECOND.verifier


def test_a_record_that_is_missing_or_cannot_be_read_is_reported_where_there_is_a_key(place: Path) -> None:
    beside(place, ".signed").unlink()
    [what] = look(Log(SIX), place).about_key
    assert what.startswith(
        f"{place}.signed, the record of what the key signed last, is missing. It belongs beside the key"
    )
    refused(Tampered, "is missing.*; nothing was signed", lambda: sign(Log(SIX), place, NOW))
    place.write_text(format_skey(REAL), "utf-8")
    [what] = look(Log(SIX), place).about_key
    assert what.endswith("was never written: run liggare upgrade once")
    beside(place, ".signed").write_text("x", "utf-8")
    assert [f"put it back at {place} first" in what for what in look(Log(SIX), place).about_record] == [False]
    place.unlink()
    assert [f"put it back at {place} first" in what for what in look(Log(SIX), place).about_record] == [True]
    beside(place, ".signed").unlink()
    assert look(Log(SIX), place) == (None, None, (), ())


def test_the_last_following_key_vouches_for_losses_even_when_put_away(place: Path) -> None:
    """A key that was put away under its id vouches for losses only if no key is in place and no earlier key of the
    ledger signed the record.
    """
    gone = Lost(9, 6, bytes(32))
    keep_key(beside(place, f".{SECOND.verifier.id.hex()}"), SECOND)
    both = [REAL.verifier, SECOND.verifier]
    keep_record(place, record_text(place, note(SIX, REAL, SECOND), both, [sign_loss(SECOND, gone)]))

    def told(store: Log) -> tuple[Lost, ...]:
        record = look(store, place).record
        assert record is not None
        return record.lost

    assert told(Log(SIX)) == ()
    place.unlink()
    assert told(Log(SIX)) == ()
    follow(place, REAL, SECOND)
    assert told(Log(SIX)) == (gone,)
    follow(place, SECOND, THIRD)
    assert told(Log(SIX)) == ()
    keep_record(place, record_text(place, note(SIX, THIRD), [THIRD.verifier], [sign_loss(SECOND, gone)]))
    assert told(Log([*SIX, covered(7, REAL, SECOND), covered(8, SECOND, THIRD)])) == ()


def test_a_record_that_may_not_be_read_is_told_to_who_has_the_key(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise NotPermitted(place, "read")

    monkeypatch.setattr("ledger.integrity.comparing.read_record", forbidden)
    assert look(Log(SIX), place).about_key == (str(NotPermitted(place, "read")),)
    place.unlink()
    assert look(Log(SIX), place) == (None, None, (), ())


def test_a_record_on_a_disk_that_failed_is_not_reported_as_changed(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, kind, why in (
        (errno.EIO, Unusable, "the disk that holds"),
        (errno.EISDIR, Tampered, "is not what was written: Is a directory"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr("ledger.integrity.keyfile.read_owned", raising(OSError(number, os.strerror(number))))
            refused(kind, why, lambda: read(place))


def test_what_is_no_small_text_is_no_key_and_is_not_put_away(place: Path) -> None:
    place.write_bytes(b"\xff")
    refused(NoSigningKey, "holds no signing key: it is not text in UTF-8", lambda: load_key(place, ORIGIN))
    place.write_bytes(bytes(MOST_BYTES + 1))
    refused(NoSigningKey, "holds no signing key: .*; take it away", lambda: put_away(place, ORIGIN))


def test_a_key_is_put_away_under_a_name_that_nothing_else_has(place: Path) -> None:
    first, second = (beside(place, f".{REAL.verifier.id.hex()}{end}") for end in ("", ".2"))
    first.write_text("another", "utf-8")
    for _ in range(2):
        put_away(place, ORIGIN)
        assert (first.read_text("utf-8"), second.read_bytes()) == ("another", place.read_bytes())
    first.write_bytes(place.read_bytes())
    second.unlink()
    put_away(place, ORIGIN)
    assert not second.exists()
    for target in (place, place.parent / "nowhere"):
        first.unlink()
        first.symlink_to(target)
        put_away(place, ORIGIN)
        assert second.read_bytes() == place.read_bytes()
        second.unlink()
    first.unlink()
    first.mkdir()
    put_away(place, ORIGIN)
    assert second.read_bytes() == place.read_bytes()


# Older keys.
def test_a_record_is_begun_once_for_a_key_of_before_records(place: Path) -> None:
    def older(signer: Signer = REAL) -> None:
        beside(place, ".signed").unlink(missing_ok=True)
        place.write_text(format_skey(signer), "utf-8")

    assert begin_record(Log(SIX), place) is False
    older()
    assert begin_record(Log(SIX), place) is True
    assert (recorded(place), place.read_text("utf-8")) == (note([], REAL), format_skey(REAL) + RECORD_WAS_BEGUN)
    older()
    assert begin_record(Log(SIX, note(SIX[:4], REAL)), place) is True
    assert recorded(place) == note(SIX[:4], REAL)
    place.write_text(format_skey(REAL), "utf-8")
    # The record looks as if an earlier run wrote it but was interrupted before it changed the key file.
    assert begin_record(Log(SIX, note(SIX, REAL)), place) is True
    assert recorded(place) == note(SIX[:4], REAL)
    for store, why in (
        (Log(SIX, note(OTHER, REAL)), "the log was rewritten; nothing was signed"),
        (Log(SIX, note(SIX, FORGER)), "the last checkpoint is false: .*; nothing was signed"),
        (Log(SIX, key=SECOND), f"the ledger names {SECOND.verifier.name}"),
        (Log(SIX, key=None), "the ledger names no signing key"),
        (
            Log([*SIX, covered(7, REAL, SECOND)]),
            "which signed until entry 7 gave its place to .*: liggare rotate-key --lost$",
        ),
    ):
        older()
        refused(Tampered, why.replace("+", r"\+"), lambda store=store: begin_record(store, place))  # type: ignore[misc]
        assert not beside(place, ".signed").exists()
    place.unlink()
    assert begin_record(Log(SIX), place) is False


# The advice for an unreadable record and for an outdated key.
def test_a_record_that_is_broken_is_reported_with_what_to_do_whatever_lies_there(place: Path) -> None:
    def told(store: Log) -> str:
        beside(place, ".signed").write_text("x", "utf-8")
        beside(place, ".signed").chmod(0o600)
        [what] = look(store, place).about_record
        return what.partition("is not what was written: ")[2].partition("; ")[2]

    assert told(Log(SIX)).startswith("put the record back. If that is lost for good")
    assert told(Log(SIX, key=None)).startswith("put the record back. If that")
    place.rename(beside(place, f".{REAL.verifier.id.hex()}"))
    assert told(Log(SIX)).startswith(f"if its key was moved away, put it back at {place} first. If that")
    assert told(Log(SIX, key=None)).startswith(f"if its key was moved away, put it back at {place} first. If that")


def test_of_a_key_that_is_another_nothing_more_is_reported(place: Path) -> None:
    keyed(place, SECOND, *SIX)
    follow(place, SECOND, THIRD)

    [what] = look(Log(SIX), place).about_key
    assert what.startswith(f"{place} is the key {SECOND.verifier.id.hex()}, and the ledger names")


def test_of_several_keys_that_came_later_the_next_one_is_named(place: Path) -> None:
    entries = [*SIX, covered(7, REAL, SECOND), covered(8, SECOND, THIRD)]

    [what, *_] = look(Log(entries), place).about_key
    assert f"which signed until entry 7 gave its place to {SECOND.verifier.id.hex()}" in what


def test_a_key_of_a_ledger_that_names_none_is_reported_with_what_its_record_says(place: Path) -> None:
    keep_record(place, record_text(place, note(SIX, REAL), [REAL.verifier], [sign_loss(THIRD, Lost(9, 6, bytes(32)))]))

    seen = look(Log(SIX, key=None), place)
    assert any(f"the key that lies here did not sign that: {THIRD.verifier.id.hex()} is another key" in what
               for what in seen.about_record)  # fmt: skip


def test_a_record_that_others_may_write_is_reported_also_where_no_key_lies(place: Path) -> None:
    keyed(place, SECOND, *SIX)
    follow(place, REAL, SECOND)
    keep_key(beside(place, f".{SECOND.verifier.id.hex()}"), SECOND)
    beside(place, ".signed").chmod(0o666)
    put_back = f"put that key at {place}, and this one at {beside(place, f'.{REAL.verifier.id.hex()}')}"

    def told(store: Log) -> str:
        [what] = look(store, place).about_record
        return what

    place.unlink()
    assert f"; if its key was moved away, put it back at {place} first. If that is lost" in told(Log(SIX))
    keep_key(place, REAL)
    assert put_back in told(Log(SIX))
    assert "; put the record back. If that is lost" in told(Log(SIX, key=None))
