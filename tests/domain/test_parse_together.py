"""Fields of one event that depend on each other are checked together when the event is parsed."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.errors import BadInput
from ledger.events import EVENTS
from ledger.readings import READINGS
from tests.domain.examples import example

A_MATTER = {"number": 1, "title": "Val", "kind": "election"}


def faults(name: str, /, **changed: Any) -> list[str]:
    """Returns the errors in the example of an event after some of its fields are changed."""
    try:
        example(name, **changed)
    except BadInput as refusal:
        return [what for _, what in refusal.errors]
    return []


@pytest.mark.parametrize(
    ("name", "changed", "told"),
    [
        ("reading-adopted", {"question": "third-of"}, "third-of is read as members-in-office or seats, not '1/2'"),
        ("reading-adopted", {"question": "rounding", "reading": "up"}, "rounding is read as ore or krona, not 'up'"),
        ("reading-adopted", {"question": "x"}, f"there is no question 'x'; the questions are {', '.join(READINGS)}"),
        ("board-composed", {"majority": ["Alfa", "Gamma"]}, "majority: 'Gamma' has no seats"),
        (
            "member-appointed",
            {"bloc": None},
            "bloc is missing: the seat board-presidium does not imply majority or opposition",
        ),
        ("member-appointed", {"until": "2023-02-27"}, "until: 2023-02-27 is not after the first day, 2023-02-27"),
        ("member-appointed", {"until": None}, "until is missing: otherwise_decided says that another end was decided"),
        ("member-changed", {"political_party": None, "bloc": None}, "nothing changes: give political_party or bloc"),
        ("expert-coopted", {"until": "2022-01-01"}, "until: 2022-01-01 is not after the first day, 2023-02-27"),
        ("expert-coopted", {"valid_on": "2024"}, "until: 2024-01-01 is not after the first day, 2024"),
        ("meeting-requested", {"by": ["p1", "p2", "p1"]}, "by: p1 is given twice"),
        ("meeting-called", {"agenda": [A_MATTER, A_MATTER]}, "agenda: item 1 is given twice"),
        ("meeting-held", {"agenda": [A_MATTER, A_MATTER]}, "agenda: item 1 is given twice"),
        ("meeting-held", {"present": ["p1", "p2", "p2"]}, "present: p2 is given twice"),
        ("meeting-held", {"remote": ["p3", "p1"]}, "remote: p3 is not among those present"),
        ("recommendation-made", {"consensus": True}, "dissent: nobody dissents from a consensus"),
        ("recommendation-made", {"addressees": []}, "addressees is empty"),
        (
            "group-changed",
            dict.fromkeys(("name", "assignment", "composition", "working_forms")),
            "nothing changes: give name, assignment, composition or working_forms",
        ),
        ("payment-made", {"year": None}, "year is missing: a payment of an instalment names it"),
        ("payment-made", {"instalment": None}, "instalment is missing: a payment of an instalment names it"),
        ("payment-made", {"instalment": 3}, "instalment: '3' is none of 1, 2"),
        ("payment-made", {"instalment": True}, "instalment: a whole number is needed, not true or false"),
        ("payment-made", {"to": "sala"}, "to: sala cannot pay itself"),
        ("payment-made", {"amount": 0}, "amount is less than 1"),
        ("commitment-made", {"until": "2024-01-01"}, "until: 2024-01-01 is not after since, 2024-01-01"),
        ("commitment-made", {"since": "1024-01-01"}, "since: 1024-01-01 is not between 1900-01-01 and 2199-12-31"),
        ("office-taken", {"party": None}, "party is missing: a municipal director has a municipality"),
        (
            "office-left",
            {"office": "county-director"},
            "party: only a municipal director has one, not a county-director",
        ),
    ],
)  # fmt: skip
def test_fields_that_do_not_go_together_are_reported(name: str, changed: dict[str, Any], told: str) -> None:
    assert faults(name, **changed) == [told]


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("member-appointed", {"seat": "opposition-leader", "bloc": None}),
        ("member-appointed", {"until": None, "otherwise_decided": None}),
        ("member-appointed", {"until": "2023-02-28"}),
        ("member-changed", {"political_party": None}),
        ("board-composed", {"seats": {"Alfa": 0}, "majority": []}),
        ("expert-coopted", {"valid_on": "2023", "until": "2023-01-02"}),
        ("meeting-held", {"present": ["p2"], "remote": ["p1", "p2"]}),
        ("recommendation-made", {"consensus": True, "dissent": None}),
        ("recommendation-made", {"consensus": False, "dissent": None}),
        ("group-changed", {"name": None, "assignment": None, "composition": None}),
        ("payment-made", {"purpose": "refund", "year": None, "instalment": None, "party": "region", "to": "sala"}),
        ("payment-made", {"to": None}),
        ("office-taken", {"office": "county-director", "party": None}),
    ],
)
def test_fields_that_go_together_are_accepted(name: str, changed: dict[str, Any]) -> None:
    assert faults(name, **changed) == []


def test_everything_that_does_not_go_together_is_reported_at_once() -> None:
    assert faults("payment-made", to="sala", year=None, instalment=None) == [
        "year is missing: a payment of an instalment names it",
        "instalment is missing: a payment of an instalment names it",
        "to: sala cannot pay itself",
    ]


def test_the_examples_are_sound() -> None:
    assert [name for name in EVENTS if faults(name)] == []
