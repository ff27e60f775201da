"""Who is meant in a cell: a party or a person, by whatever it is called; or why it is nobody, or one of several."""

from __future__ import annotations

from itertools import islice

import pytest

from exchange.naming import Naming
from ledger.state.record import registrations
from tests.acts import act, in_force, registered
from tests.exchange.test_cells import told
from tests.given import recorded

RENAMED = act("party-renamed", "2024-05-01", organ="assembly", party="sala", name="Silverstaden")
TIMELINE = recorded(in_force("2023-01-01"), *map(registered, ("p1", "p2", "p3", "p4")), RENAMED)
NAMES = {"p1": "Prov Fabelius", "p2": "Testa Påhittad", "p3": "Testa Påhittad"}


@pytest.fixture
def naming() -> Naming:
    known = {person: own[-1].position for person, own in registrations(TIMELINE).items()}
    return Naming(TIMELINE, {known[person]: name for person, name in NAMES.items()})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sala", "sala"), ("Sala kommun", "sala"), ("SALA", "sala"), ("1981", "sala"), ("212000-2098", "sala"),
        ("2120002098", "sala"), ("Silverstaden", "sala"), ("Köping", "koping"), ("Regionen", "region"),
        ("heby", "heby"), ("9999", "'9999' is not a party to the agreement"),
        ("Salla kommun", "'Salla kommun' is not a party to the agreement"),
    ],
)  # fmt: skip
def test_a_party_is_meant_by_what_it_is_called(naming: Naming, text: str, said: str) -> None:
    assert told(lambda: naming.party(text)) == said
    assert naming.knows_party(text) == (said in {"sala", "koping", "region"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("p1", "p1"), ("Prov Fabelius", "p1"), ("prov  fabelius", "p1"), ("Fabelius, Prov", "p1"),
        ("Testa Påhittad (p3)", "p3"), ("p77", "p77"),
        ("Testa Påhittad", "'Testa Påhittad' could be Testa Påhittad (p2), Testa Påhittad (p3): give the id"),
        ("Ingen Alls", "no person in the ledger is named 'Ingen Alls'"),
        ("Alls, Ingen", "no person in the ledger is named 'Alls, Ingen'"),
    ],
)  # fmt: skip
def test_a_person_is_meant_by_the_id_or_by_a_name_that_one_has(naming: Naming, text: str, said: str) -> None:
    assert told(lambda: naming.person(text)) == said


def test_a_new_person_gets_a_number_that_nobody_has(naming: Naming) -> None:
    assert [*islice(naming.free_ids({"p09"}), 2)] == ["p10", "p11"]
    naming.register("p12", "Ny Namnsson")
    assert naming.person("Ny Namnsson") == "p12"
