"""Tests what is collected from the entries of an export."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from ledger.canonical import KEYS
from ledger.events import EVENTS
from ledger.integrity.export.entries import Account
from tests.domain.test_skim import STAMPS, of

PIECES = (b"", b"0", b'"', b"a", b" ", b",", b"\xff", b"-1")


def accounts(log: list[bytes]) -> list[Any]:
    """Returns what is told of each entry, and what is then known of the log."""
    account = Account("0" * 32)
    return [[*account.take(data)] for data in log] + [{**vars(account), "acts": vars(account.acts)}]


def test_entries_are_read_alike_whether_they_are_recognized_or_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = STAMPS["recorded_at"].encode()
    entries = [of(name).replace(moment, b"2026-01-01T12:00:00.%06dZ" % at) for at, name in enumerate(EVENTS)]
    logs = [entries, entries[::-1], entries * 2]
    for name in ("item-handled", "person-registered", "personal-data-disposed", "log-restored"):
        data = of(name)
        logs += [[data[:at] + piece + data[at + 1 :]] for at in range(len(data)) for piece in PIECES]
    found = [accounts(log) for log in logs]
    monkeypatch.setattr("ledger.integrity.export.entries.skim", lambda _kind, _data: None)

    assert found == [accounts(log) for log in logs]
    assert len(found[0][-1]["documents"]) == len(found[0][-1]["registered"]) == len(found[0][-1]["disposed"]) == 1


@pytest.mark.parametrize("value", [None, True, 1, [], {}, "\n"])
@pytest.mark.parametrize("member", KEYS)
def test_a_member_of_any_kind_is_read_or_told_in_words(member: str, value: Any) -> None:
    data = orjson.dumps({**orjson.loads(of("item-handled")), member: value}, option=orjson.OPT_SORT_KEYS)
    account = Account("0" * 32)

    assert all(isinstance(what, str) for what in account.take(data))
    assert account.head == 1
