"""The accounts and the keys of registrars: verify reports an account that is not what an entry registers, and a false
proof of a key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.names import disclose
from ledger.proof.note import base64_of
from tests.desk import event
from tests.domain.test_recorded_by import KEYS
from tests.proof.forger import entries_of, forging, regrown, rewritten

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk

ACCOUNT = "https://inloggning.example/ 8f1c"


def problems(desk: Desk) -> list[tuple[int, str]]:
    return [(one["position"], one["what"]) for one in desk("verify", "--json").json["problems"]]


@pytest.fixture
def bound(desk: Desk, place: Path) -> Path:
    """Returns a ledger in which entry 7 authorises a registrar with an account."""
    desk.does("record", "registrar-authorised", "--registrar", "tester", "--roles", "secretariat", "--on", "2025",
              "--organ", "secretariat", "--account", ACCOUNT)  # fmt: skip
    assert problems(desk) == []
    return place


def test_an_account_that_is_another_than_the_one_registered_is_reported(desk: Desk, bound: Path) -> None:
    with forging(bound) as file:
        file.execute("UPDATE accounts SET disclosure = ?", (disclose(ACCOUNT, field="account"),))

    assert problems(desk) == [(7, "the account kept for it is not the one that it registers")]


def test_an_account_of_an_entry_that_authorises_nobody_is_reported(desk: Desk, bound: Path) -> None:
    with forging(bound) as file:
        file.execute("INSERT INTO accounts VALUES (2, ?)", (disclose(ACCOUNT, field="account"),))

    assert problems(desk) == [(2, "an account is stored for it, and it authorises nobody with one")]


def test_an_account_that_was_disposed_of_and_put_back_is_reported_and_erased_again(desk: Desk, bound: Path) -> None:
    with forging(bound) as file:
        kept = file.execute("SELECT * FROM accounts").fetchone()
    disposal = ("dispose", "--registrar", "tester", "--decision", "D")
    desk.does(*disposal)
    with forging(bound) as file:
        file.execute("INSERT INTO accounts VALUES (?, ?)", kept)

    [(position, what)] = problems(desk)
    assert (position, what.partition(";")[0]) == (
        7,
        "the account that it registers was disposed of, by entry 8, and is kept",
    )
    desk.does(*disposal)
    assert problems(desk) == []
    assert kept[1].encode() not in bound.read_bytes()


def test_a_false_proof_of_a_key_is_reported_wherever_in_an_append_it_stands(desk: Desk, place: Path) -> None:
    said = {"registrar": "sala-reg", "party": "sala", "roles": ["party"], "public_key": KEYS[0]}
    lines = [
        event("person-registered", "2023", "secretariat", person=person, name="Påhittad") for person in ("p8", "p9")
    ]
    desk.does("import", desk.writes("more.jsonl", [*lines, event("registrar-authorised", "2025", **said)]))
    assert problems(desk) == []
    *before, last = entries_of(place)
    with forging(place) as file:
        regrown(file, [*before, rewritten(last, proof=base64_of(b"no signature"))])

    found = [what for position, what in problems(desk) if position == len(before) + 1]
    assert any(what.startswith("the proof of the registrar's key does not hold") for what in found), found
