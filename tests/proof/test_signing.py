"""Tests the conditions of a signature, and what the check of a whole ledger finds where two stretches of the log
meet.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from typing import TYPE_CHECKING

import pytest

from ledger.book import Ledger
from ledger.events.parse import parse_event
from ledger.integrity.checkpoints import origin
from ledger.integrity.ranges import PAGE, check_range
from ledger.integrity.signing import sign
from ledger.integrity.verify import Held, verify
from ledger.proof.note import Signer, parse_note, signed_by
from ledger.store import open_store
from tests.desk import event
from tests.hostile.rows import Change, put
from tests.proof.scene import SEMINAR

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk

NOW = datetime(2026, 2, 1, tzinfo=UTC)


def test_a_size_that_was_signed_is_signed_again_when_another_key_signs_too(desk: Desk, place: Path) -> None:
    key = desk.folder / "liggare.db.key"
    with open_store(str(place)) as store:
        other = Signer(origin(store.ledger_id), token_bytes(32))
        alone, both = sign(store, key, NOW), sign(store, key, NOW, other)

        assert signed_by(parse_note(alone), [other.verifier]) == ()
        assert signed_by(parse_note(both), [other.verifier]) == (other.verifier,)
        assert parse_note(both).text == parse_note(alone).text
        assert sign(store, key, NOW) == both


@pytest.mark.parametrize(("later", "wrong"), [("000001", False), ("000000", True)])
def test_an_entry_recorded_at_the_time_of_the_last_one_of_another_stretch_is_reported(
    desk: Desk, later: str, *, wrong: bool
) -> None:
    desk.does("init")
    place = desk.folder / "liggare.db"
    seminar = event("activity-held", "2024-05-01", "official", kind="seminar", title="Ett", place="Sala",
                    organisers=["sala"])  # fmt: skip
    with open_store(str(place)) as store:
        Ledger(store, lambda: datetime(2026, 2, 1, tzinfo=UTC)).record([parse_event(seminar)] * PAGE, by="tester")
        times = [entry.data for entry in store.contents().entries(PAGE - 1, PAGE + 1)]
    last, first = (data.partition(b'"recorded_at":"')[2][:27].decode() for data in times)
    assert last < first
    at = f"{last[:20]}{int(last[20:26]) + int(later):06}Z"
    retimed = "UPDATE entries SET data = CAST(replace(CAST(data AS TEXT), ?, ?) AS BLOB) WHERE position = ?"
    put(place, Change("", retimed, (first, at, PAGE + 1)))

    with open_store(str(place)) as store:
        contents = store.contents()
        parts = [check_range(contents, 0, PAGE), check_range(contents, PAGE, PAGE + 1)]
        found = verify(store, parts, Held(place=desk.folder / "liggare.db.key", vkey=None, note=None))

    told = f"it was recorded at {at}, and the one before it at {last}"
    assert ((PAGE + 1, told) in found.problems) is wrong


def test_an_entry_that_is_dated_far_ahead_is_not_signed(desk: Desk, place: Path) -> None:
    """If an entry dated far ahead were signed, no ledger that continues from this entry could record anything before
    the day of the entry.
    """
    held = ("record", "activity-held", "--title", "Fyra", *SEMINAR)
    desk.now += timedelta(days=2)
    desk.does(*held)
    desk.now -= timedelta(days=2)

    before = (desk.folder / "liggare.db.key.signed").read_bytes()
    files = sorted(desk.folder.iterdir())
    for command in (("checkpoint",), ("prove", "7"), (*held, "--receipt", "receipt"), ("rotate-key",)):
        told = desk(*command)
        assert told.code == 6, command
        assert "entry 7 was recorded at 2026-01-17T" in told.err
        assert "restores a copy from before the first entry that is dated ahead" in told.err
    assert sorted(desk.folder.iterdir()) == files
    assert desk.asks("history")["known_at"] == "@7"
    assert (desk.folder / "liggare.db.key.signed").read_bytes() == before
    assert desk("prove", 6).code == 0
    assert desk.asks("export", "out")["not_signed"] == 1
    desk.now += timedelta(days=1, hours=1)
    desk.does("checkpoint")
    desk.now -= timedelta(days=1)
    desk.does(*held)  # the activity is recorded after the signed entries, with the clock set right
    desk.does("checkpoint")
    assert place.exists()


def test_a_stored_checkpoint_of_no_entries_is_reported(desk: Desk, place: Path) -> None:
    """If a checkpoint of no entries is stored, an export would contain a checkpoint that every verifier refuses."""
    desk.does("init", "--ledger", "other.db", "--key-file", "other.key")
    nothing = (desk.folder / "other.key.signed").read_text("utf-8")
    put(desk.folder / "other.db", Change("", "INSERT INTO checkpoints VALUES (1, 0, ?)", (nothing,)))

    told = desk("verify", "--ledger", "other.db", "--key-file", "other.key")
    assert (told.code, told.errors) == (4, ["checkpoint 1 is of no entries"])
    assert place.exists()
