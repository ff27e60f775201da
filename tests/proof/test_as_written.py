"""Only entries in the exact form that a ledger writes are signed. An export can hold such entries, and every audit
reads them in the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest

from tests.proof.forger import entries_of, forging, regrown, rewritten

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.desk import Desk


UNWRITTEN: dict[
    str, tuple[Callable[[bytes], bytes], str]
] = {  # a change to an entry's bytes that leaves the act the same → the reported error
    "spaces": (lambda data: data.replace(b'"key":', b'"key": ', 1), "not written as a ledger writes"),
    "a key twice": (lambda data: b'{"event":"log-restored",' + data[1:], "not written as a ledger writes"),
    "another key": (lambda data: data[:-1] + b',"zz":1}', "not written as a ledger writes"),
    "escapes": (lambda data: data.replace(b"Fyra", b"\\u0046yra"), "not written as a ledger writes"),
    "unsorted": (lambda data: data[:-1].replace(b'"v":1,', b"", 1) + b',"v":1}', "not written as a ledger writes"),
    "before the last": (lambda data: rewritten(data, recorded_at="2026-01-15T00:00:00.000000Z"), "recorded at"),
    "with the last": (bytes, "recorded at"),
}


@pytest.mark.parametrize("made", UNWRITTEN)
def test_what_no_export_could_hold_is_neither_signed_nor_verified(desk: Desk, place: Path, made: str) -> None:
    """The changed bytes parse as an act, and all hashes and indexes agree with the bytes, but no ledger writes this
    form and no audit would accept it.
    """
    forged, told = UNWRITTEN[made]
    entries = entries_of(place)
    moment = orjson.loads(entries[-1])["recorded_at"]
    entry = forged(rewritten(entries[-1], title="Fyra", recorded_at="2026-01-15T23:00:00.000000Z"))
    if made == "with the last":
        entry = rewritten(entries[-1], title="Fyra", recorded_at=moment)
    with forging(place) as file:
        regrown(file, [*entries, entry])

    before = (desk.folder / "liggare.db.key.signed").read_bytes()
    for command in (("checkpoint",), ("prove", "7"), ("rotate-key",), ("rotate-key", "--lost"), ("verify",)):
        answer = desk(*command)
        assert answer.code == 4, command
        assert any("entry 7" in error and told in error for error in answer.errors), (command, answer.errors)
    assert (desk.folder / "liggare.db.key.signed").read_bytes() == before
