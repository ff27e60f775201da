"""What the rules ask of each event, one line an event: a new one is told by its name until somebody has said it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.events import EVENTS
from ledger.rules.agreement import NEED_FORCE
from ledger.rules.beside import RESTS, RESTS_BY_TAG, RESTS_LATER, SEATING
from ledger.rules.days import HAPPENED, RESTS_ON
from ledger.state.meetings import OF_A_MEETING

if TYPE_CHECKING:
    from ledger.events import Event

ASKED = {  # a letter → of which events it holds
    "f": NEED_FORCE,  # not done without an agreement in force
    "h": HAPPENED,  # has happened when it is recorded
    "r": tuple(RESTS_ON),  # is not dated before what it rests on
    "b": (*RESTS_BY_TAG, *RESTS, *RESTS_LATER, *SEATING),  # may put entries recorded before it in another light
    "m": OF_A_MEETING,  # is told with its meeting
}
PLACED = {
    "agreement-proposed": "b",
    "agreement-adopted": "b",
    "agreement-rejected": "b",
    "entry-into-force-fixed": "b",
    "withdrawal-decided": "b",
    "withdrawal-revoked": "b",
    "reading-adopted": "b",
    "appeal-lodged": "",
    "appeal-dismissed": "",
    "party-renamed": "b",
    "person-registered": "",
    "board-composed": "b",
    "member-appointed": "fb",
    "member-changed": "b",
    "seat-vacated": "b",
    "vice-chair-appointed": "fb",
    "vice-chair-released": "b",
    "expert-coopted": "fb",
    "expert-released": "b",
    "meeting-requested": "",
    "meeting-called": "fbm",
    "meeting-moved": "rbm",
    "meeting-cancelled": "rbm",
    "meeting-held": "fhbm",
    "item-handled": "rbm",
    "reservation-entered": "rm",
    "recommendation-made": "fhbm",
    "recommendation-answered": "hr",
    "minutes-duty-moved": "bm",
    "minutes-signed": "hm",
    "minutes-adjusted": "hm",
    "minutes-dispatched": "hrm",
    "group-created": "fb",
    "group-changed": "r",
    "group-member-appointed": "frb",
    "group-member-released": "b",
    "group-officer-assigned": "rb",
    "group-officer-released": "b",
    "group-met": "hr",
    "group-reported": "hr",
    "group-recommended": "hrb",
    "group-closed": "b",
    "office-taken": "b",
    "office-left": "b",
    "proposal-prepared": "",
    "activity-held": "h",
    "cost-level-set": "fb",
    "index-published": "b",
    "indexation-agreed": "fb",
    "population-published": "b",
    "instalment-claimed": "f",
    "payment-made": "hb",
    "cost-borne": "h",
    "project-started": "",
    "project-ended": "",
    "project-funded": "",
    "settlement-agreed": "",
    "commitment-made": "fhb",
    "commitment-released": "b",
    "entry-annulled": "",
    "personal-data-disposed": "",
    "signing-key-changed": "",
    "log-restored": "",
}


def placed(event: type[Event]) -> str:
    return "".join(letter for letter, events in ASKED.items() if event in events)


def test_what_is_asked_of_each_event_has_been_said() -> None:
    assert {name: placed(event) for name, event in EVENTS.items()} == PLACED
