"""An act that is repeated under the same idempotency key is recorded once, whatever the day of the second attempt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desk import event

if TYPE_CHECKING:
    from tests.desk import Desk

HEADING = "on;organ;party;purpose;year;instalment;amount;reference"
ROW = "2024-02-01;official;sala;instalment;2024;1;{};OCR 1"
ACTS = [
    ("annul", "2", "--cause", "recording-error", "--reason", "fel fil"),
    ("dispose", "p1", "--decision", "Gallringsbeslut 2026-01"),
    ("claim", "2024", "1"),
    ("import", "--csv", "payment-made", "--replace", "changed.csv"),
    ("rotate-key", "--reason", "byter nyckel"),
]


@pytest.fixture
def begun(desk: Desk) -> Desk:
    """Returns a desk whose ledger records a payment in entry 2 and registers p1 in entry 3. The desk's day is 20
    January.
    """
    desk.does("init", "--in-force-from", "2023-01-01")
    for name, amount in (("paid.csv", "500,00"), ("changed.csv", "500,01")):
        desk.writes(name, [HEADING, ROW.format(amount)])
    desk.does("import", "--csv", "payment-made", "paid.csv")
    desk.does("import", desk.writes("p.jsonl", [event("person-registered", "2023", "secretariat", person="p1",
                                                      name="Testa")]))  # fmt: skip
    desk.does("import", "--shipped", "vastmanland-population.jsonl")
    return desk.on("2026-01-20")


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act[0])
def test_what_takes_its_day_from_the_clock_is_given_again_on_another(begun: Desk, act: tuple[str, ...]) -> None:
    first = begun.does(*act, "--key", "k1", "--json").json
    begun.on("2026-01-22")

    again = begun.does(*act, "--key", "k1", "--json").json

    assert again["again"]
    assert again["entries"] == first["entries"]
    assert first["entries"][0]["valid_on"] == "2026-01-20"


@pytest.mark.parametrize("act", ACTS[:3], ids=lambda act: act[0])
def test_a_day_that_is_given_is_part_of_what_was_said(begun: Desk, act: tuple[str, ...]) -> None:
    begun.does(*act, "--key", "k1")

    other = begun(*act, "--key", "k1", "--on", "2026-01-19")

    assert other.code == 2
    assert "already recorded other events" in other.err
    assert begun.does(*act, "--key", "k1", "--on", "2026-01-20").code == 0


def test_a_name_whose_registration_is_annulled_is_disposed_of_too(begun: Desk) -> None:
    again = event("person-registered", "2023-06", "secretariat", person="p1", name="Testa Annan")
    begun.does("import", begun.writes("again.jsonl", [again]))
    begun.does("annul", "3", "--cause", "recording-error", "--reason", "fel namn")
    begun.does("dispose", "p1", "--decision", "Gallringsbeslut 2026-01")

    assert begun.asks("verify")["problems"] == []
    told = begun.does("history", "--about", "person:p1").out
    assert "Testa" not in told
