"""Tests what may be recorded about registrars: anew, released, and for the parties for which nobody records."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger.events.parse import parse_event
from projections.managing import Managed, Managing, managing
from tests.acts import ALL, in_force
from tests.domain.test_recorded_by import KEYS, authorised, released
from tests.given import given

if TYPE_CHECKING:
    from tests.acts import Acts

DAY = date(2025, 5, 1)
SALA = authorised("sala-reg", "party", party="sala", public_key=KEYS[0], account="https://id.example anna")


def managed(*acts: Acts) -> Managing:
    return managing(given(in_force("2023-01-01"), *acts), DAY, {})


def fields(one: Managed, event: str) -> list[dict[str, Any]]:
    return [act.fields for act in one.acts if act.event == event]


def test_a_registrar_is_authorised_anew_with_all_but_its_account() -> None:
    [one] = managed(SALA).registrars

    assert one.records
    assert fields(one, "registrar-authorised") == [
        {"registrar": "sala-reg", "party": "sala", "roles": ["party"], "public_key": KEYS[0]}
    ]
    assert fields(one, "registrar-released") == [{"registrar": "sala-reg"}]
    assert {act.binds for act in one.acts} == {"sala"}


def test_a_registrar_who_was_released_is_authorised_anew_and_released_no_more() -> None:
    [one] = managed(SALA, released("sala-reg", "2025-03-01")).registrars

    assert not one.records
    assert (len(fields(one, "registrar-authorised")), fields(one, "registrar-released")) == (1, [])


def test_a_registrar_who_leaves_later_records_until_then() -> None:
    [one] = managed(SALA, released("sala-reg", "2025-06-01")).registrars

    assert one.records


def test_each_party_for_which_nobody_records_may_have_its_first_registrar() -> None:
    lacking = [one.fields["party"] for one in managed(authorised("kassa", "treasurer", party="koping"), SALA).first]

    assert {*lacking} == ALL - {"sala"}
    assert "sala" in [one.fields["party"] for one in managed(SALA, released("sala-reg", "2025-03-01")).first]


def test_a_registrar_of_the_secretariat_is_asked_for_until_one_records() -> None:
    office = authorised("kansliet", "secretariat")

    assert [managed().office, managed(SALA).office] == [managed(office, released("kansliet", "2025-03-01")).office] * 2
    assert managed().office is not None
    assert managed(office, SALA).office is None


def test_what_may_be_recorded_about_registrars_is_an_event() -> None:
    found = managed(SALA, authorised("justerare", "adjuster", person="p1"))
    source = {"organ": "assembly"}

    about = [act for registrar in found.registrars for act in registrar.acts]
    assert [one.event for one in about] == ["registrar-authorised", "registrar-released"] * 2
    for one in (*about, *found.first):
        raw = {"event": one.event, "valid_on": "2025-05-02", "source": source, "registrar": "x", **one.fields}
        assert parse_event(raw).event_name == one.event
