"""One of every event as an import file holds it, every field given. Literal: what stands here is read for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.encoding import plain
from ledger.events import EVENTS
from ledger.events.parse import parse_event
from tests.acts import MALARBYN

if TYPE_CHECKING:
    from ledger.events import Event

SOURCE = {
    "organ": "assembly",
    "decided_on": "2023-02-26",
    "paragraph": "§ 12",
    "registration_number": "KS 2023/45",
    "document": "26aa62cfec73da6ca91d8974cf5c5fce2cea135ad8042f0f191ebc5782d5962f",
}
AGENDA = [
    {"number": 1, "title": "Läget", "kind": "information"},
    {
        "number": 2,
        "title": "Nära vård",
        "kind": "recommendation",
        "topic": "local-care",
        "concerns": ["Länsstyrelsen"],
        "continues": "m0/3",
    },
]
FIELDS: dict[str, dict[str, Any]] = {
    "agreement-proposed": {"version": 1, "title": "Överenskommelse", "in_force_from": "2024", "terms": plain(MALARBYN)},
    "agreement-adopted": {"version": 1, "assembly": "sala", "reservation": "med förbehåll"},
    "agreement-rejected": {"version": 1, "assembly": "sala"},
    "entry-into-force-fixed": {"version": 1, "in_force_from": "2023-03-01"},
    "withdrawal-decided": {"party": "sala", "ends_on": "2024-12-31"},
    "withdrawal-revoked": {"party": "sala"},
    "settlement-agreed": {"shares": {"sala": 100, "arboga": 0}, "agreed_by": ["sala", "region"]},
    "reading-adopted": {"question": "municipal-share", "reading": "1/2"},
    "appeal-lodged": {"entry": 12, "court": "Förvaltningsrätten"},
    "appeal-dismissed": {"entry": 12},
    "person-registered": {"person": "p1", "name": "Påhittad Person"},
    "board-composed": {"seats": {"Beta": 5, "Alfa": 8}, "majority": ["Beta", "Alfa"]},
    "member-appointed": {
        "person": "p1",
        "party": "region",
        "seat": "board-presidium",
        "political_party": "Alfa",
        "bloc": "opposition",
        "until": "2028-01-01",
        "otherwise_decided": True,
    },
    "member-changed": {"person": "p1", "political_party": "Beta", "bloc": "majority"},
    "seat-vacated": {"person": "p1", "reason": "flytt"},
    "vice-chair-appointed": {"person": "p1", "post": "region-vice-chair"},
    "vice-chair-released": {"person": "p1", "post": "region-vice-chair"},
    "expert-coopted": {"person": "p1", "field": "statistik", "until": "2024-01-01"},
    "expert-released": {"person": "p1"},
    "meeting-requested": {"request": "r1", "by": ["p2", "p1"], "matter": "läget"},
    "meeting-called": {
        "meeting": "m1",
        "meets_on": "2025-02-01",
        "starts_at": "09:00",
        "place": "Sal 1",
        "called_by": "p1",
        "agenda": AGENDA,
        "documents": [{"title": "Underlag", "document": SOURCE["document"]}, {"title": "Bilaga"}],
        "requests": ["r1"],
        "extra": False,
    },
    "meeting-moved": {
        "meeting": "m1",
        "meets_on": "2025-02-08",
        "starts_at": "13:15",
        "place": "Sal 2",
        "reason": "snö",
    },
    "meeting-cancelled": {"meeting": "m1", "reason": "snö"},
    "meeting-held": {
        "meeting": "m1",
        "chaired_by": "p1",
        "adjuster": "p2",
        "present": ["p2", "p1"],
        "remote": ["p2"],
        "experts": ["p3"],
        "others": ["tjänsteperson", "tjänsteperson"],
        "agenda": AGENDA,
        "opened_at": "09:00",
        "closed_at": "11:30",
        "secretary": "Sekreterare Exempel",
    },
    "item-handled": {
        "meeting": "m1",
        "item": 2,
        "outcome": "referred-back",
        "text": "Rad ett\nrad två",
        "background": "Ärendet återremitterades",
        "proposals": [{"by": "p2", "text": "Bifall"}, {"by": "p1", "text": "Återremiss"}],
        "vote": {"for": 14, "against": 9, "abstained": 1},
        "recused": ["p3"],
        "documents": [{"title": "Tjänsteskrivelse", "document": SOURCE["document"]}, {"title": "Bilaga"}],
    },
    "reservation-entered": {"meeting": "m1", "item": 2, "person": "p2", "text": "För eget förslag"},
    "recommendation-made": {
        "recommendation": "rek1",
        "meeting": "m1",
        "item": 2,
        "text": "Gör så",
        "addressees": ["sala", "region"],
        "consensus": False,
        "dissent": ["p2"],
        "recused": ["p3"],
    },
    "recommendation-answered": {"recommendation": "rek1", "party": "sala", "answer": "modified"},
    "minutes-duty-moved": {"meeting": "m1", "duty": "signing", "to": "p2", "reason": "sjuk"},
    "minutes-signed": {"meeting": "m1", "by": "p2"},
    "minutes-adjusted": {"meeting": "m1", "by": "p2", "items": [2]},
    "minutes-dispatched": {"meeting": "m1", "to": ["sala", "Länsstyrelsen"]},
    "group-created": {
        "group": "g1",
        "name": "Vårdgruppen",
        "kind": "temporary",
        "meeting": "m1",
        "assignment": "vård",
        "composition": "två från varje",
        "working_forms": "möten",
    },
    "group-changed": {
        "group": "g1",
        "meeting": "m1",
        "name": "Gruppen",
        "assignment": "a",
        "composition": "b",
        "working_forms": "c",
    },
    "group-member-appointed": {"group": "g1", "person": "p1", "party": "sala"},
    "group-member-released": {"group": "g1", "person": "p1"},
    "group-officer-assigned": {"group": "g1", "person": "p4", "employer": "region"},
    "group-officer-released": {"group": "g1", "person": "p4"},
    "group-met": {"group": "g1", "present": ["p1"]},
    "group-reported": {"group": "g1", "half_year": "2025H1", "meeting": "m1", "summary": "Arbetet går bra"},
    "group-recommended": {"group": "g1", "recommendation": "rek2", "text": "Gör så", "addressees": ["body", "sala"]},
    "group-closed": {"group": "g1", "meeting": "m1"},
    "cost-level-set": {"year": 2027, "level": 1_500_000_000},
    "index-published": {"series": "LPIK", "reference_year": 2025, "percent": "2.9", "kind": "forecast"},
    "indexation-agreed": {"year": 2027, "percent": "-0.5"},
    "population-published": {"counted_on": "2024-12-31", "figures": {"sala": 22_843, "arboga": 14_000}},
    "instalment-claimed": {
        "year": 2025,
        "instalment": 1,
        "amounts": {"sala": 838_725_146, "arboga": -100},
        "level": 1_484_000_000,
        "counted_on": "2023-12-31",
    },
    "payment-made": {
        "party": "sala",
        "to": "region",
        "purpose": "instalment",
        "year": 2025,
        "instalment": 1,
        "amount": 838_725_146,
        "reference": "OCR 123",
    },
    "cost-borne": {"kind": "fees", "borne_by": "sala", "amount": 100, "for_party": "sala", "description": "arvoden"},
    "project-started": {"project": "pr1", "title": "Tåg", "group": "g1"},
    "project-ended": {"project": "pr1"},
    "project-funded": {"project": "pr1", "kind": "external-grant", "funder": "EU", "amount": 5},
    "commitment-made": {
        "commitment": "c1",
        "description": "lokal",
        "amount": 36_500,
        "since": "2024-01-01",
        "until": "2025-01-01",
    },
    "commitment-released": {"commitment": "c1", "reason": "uppsagd"},
    "office-taken": {"person": "p5", "office": "municipal-director", "party": "sala"},
    "office-left": {"person": "p5", "office": "municipal-director", "party": "sala"},
    "proposal-prepared": {"meeting": "m2", "item": 2},
    "activity-held": {"kind": "theme-day", "title": "EU", "place": "Sala", "organisers": ["sala", "region"]},
    "entry-annulled": {"entry": 3, "cause": "quashed", "reason": "upphävt"},
    "personal-data-disposed": {"person": "p1", "decision": "Gallring 2026"},
    "signing-key-changed": {
        "public_key": "liggare/0123456789abcdef0123456789abcdef+f49d54f6+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        "proof": f"{'A' * 86}==",
        "lost": True,
        "reason": "byte av handläggare",
    },
    "log-restored": {"restored_from": 12, "lost_size": 20, "lost_root": f"{'A' * 43}="},
    "party-renamed": {"party": "sala", "name": "Sala stad"},
}
EXAMPLES = {
    name: {"event": name, "valid_on": "2023-02-27", "source": SOURCE, **fields} for name, fields in FIELDS.items()
}


def example(name: str, /, **changed: Any) -> Event:
    """The example of an event, parsed as the one command that may record it does."""
    return parse_event(EXAMPLES[name] | changed, command=EVENTS[name].only_by)
