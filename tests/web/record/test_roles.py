"""Who may record what from the pages: each role, at each address, with each event."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import orjson
import pytest

from ledger.book import Ledger
from ledger.events import EVENTS
from ledger.store import MemoryStore
from tests.acts import withdrew
from tests.domain.test_recorded_by import authorised, released
from tests.given import given
from tests.given_working import sitting
from tests.web.reader import Reader
from tests.web.record.filling import File, Form, opened, send
from web.app import application
from web.record.typed import event_of
from web.who import NOBODY, AskedBy, Who

PARTY = {
    "agreement-adopted", "agreement-rejected", "withdrawal-decided", "withdrawal-revoked", "member-appointed",
    "member-changed", "seat-vacated", "recommendation-answered", "payment-made", "entry-annulled",
    "registrar-authorised", "registrar-released",
}  # fmt: skip
FORMS = {name for name in EVENTS if event_of(name)}
MAY = {  # role → the events whose forms it opens
    "alone": FORMS,
    "secretariat": FORMS,
    "party": PARTY,
    "treasurer": {"instalment-claimed", "payment-made"},
    "adjuster": {"minutes-adjusted"},
    "auditor": set(),
}
PEOPLE = {
    "secretariat": Who("sek", frozenset({"secretariat"}), position=1),
    "party": Who("sala-reg", frozenset({"party"}), "sala"),
    "treasurer": Who("kassa", frozenset({"treasurer"})),
    "adjuster": Who("just", frozenset({"adjuster"}), person="p1"),
    "auditor": Who("rev", frozenset({"auditor"})),
    "alone": Who("tester", frozenset({"alone"})),
    "nobody": NOBODY,
}
UNREAD, FORBIDDEN = 422, 403


@pytest.fixture
def ledger() -> Ledger:
    """Returns a ledger with members, and a registrar of each role."""
    found = Ledger(MemoryStore(), lambda: datetime(2025, 5, 1, 12, tzinfo=UTC))
    found.record([one.event for one in given(sitting()).entries], by="sek")
    acts = [
        authorised("sek", "secretariat"), authorised("sala-reg", "party", party="sala"),
        authorised("koping-reg", "party", party="koping"), authorised("kassa", "treasurer"),
        authorised("just", "adjuster", person="sala-1"), authorised("rev", "auditor"),
    ]  # fmt: skip
    found.record(acts, by="sek")
    return found


def reading(ledger: Ledger, role: str) -> Reader:
    return Reader(AskedBy(application(ledger), PEOPLE[role]))


@pytest.mark.parametrize("role", MAY)
def test_a_role_opens_the_forms_of_its_own_acts_alone(ledger: Ledger, role: str) -> None:
    reader, before = reading(ledger, role), ledger.store.head()
    expected = {name: 404 if name not in FORMS else 200 if name in MAY[role] else FORBIDDEN for name in EVENTS}
    listed = reader.get("/record").text
    sent = [("_key", "0" * 32), ("on", "2025-04-01"), ("_do", "record")]

    assert {name: reader.get(f"/record/{name}").status for name in EVENTS} == expected
    assert {name for name in EVENTS if f'href="/record/{name}"' in listed} == MAY[role]
    for name in EVENTS:
        assert send(reader, f"/record/{name}", sent).status == (UNREAD if expected[name] == 200 else expected[name])
    assert ledger.store.head() == before


WITHDRAWAL = {"on": "2025-04-01", "organ": "assembly", "ends_on": "2027-01-01"}
PAID = {"on": "2025-04-01", "organ": "secretariat", "amount": "100", "year": "2025", "instalment": "1", "party": "sala"}
OF_ONE = {"on": "2025-04-01", "organ": "assembly", "roles": "party", "registrar": "ny", "paragraph": "§ 1"}
CASES = [  # (event, what is typed, the roles that may record it so)
    ("withdrawal-decided", {**WITHDRAWAL, "party": "sala"}, {"alone", "secretariat", "party"}),
    ("withdrawal-decided", {**WITHDRAWAL, "party": "koping"}, {"alone", "secretariat"}),
    ("payment-made", {**PAID, "to": "region"}, {"alone", "secretariat", "treasurer"}),
    ("payment-made", {**PAID, "party": "koping", "to": "sala"}, {"alone", "secretariat", "party", "treasurer"}),
    ("registrar-authorised", {**OF_ONE, "party": "sala"}, {"alone", "secretariat", "party"}),
    ("registrar-authorised", {**OF_ONE, "party": "koping"}, {"alone", "secretariat"}),
    ("registrar-released", {"on": "2025-04-01", "organ": "assembly", "registrar": "koping-reg"},
     {"alone", "secretariat"}),
    ("seat-vacated", {"on": "2025-04-01", "organ": "assembly", "person": "koping-1"}, {"alone", "secretariat"}),
    ("seat-vacated", {"on": "2025-04-01", "organ": "assembly", "person": "sala-1"}, {"alone", "secretariat", "party"}),
]  # fmt: skip


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize(("event", "typed", "may"), CASES)
def test_an_act_of_another_is_refused_and_nothing_is_recorded(
    ledger: Ledger, role: str, event: str, typed: dict[str, str], may: set[str]
) -> None:
    reader, before = reading(ledger, role), ledger.store.head()
    sent = [("_key", "1" * 32), *typed.items()]

    looked = send(reader, f"/record/{event}", [*sent, ("_do", "check")])
    assert looked.status == (200 if role in may else FORBIDDEN)
    form = Form(looked)
    checked = form.hidden("_checked") if role in may else "2" * 64
    done = send(reader, f"/record/{event}", [*sent, ("_checked", checked), ("_do", "record")])

    assert done.status == (303 if role in may else FORBIDDEN)
    assert ledger.store.head() == before + (role in may)


def test_who_is_released_while_an_act_is_recorded_does_not_record_it(ledger: Ledger) -> None:
    sent = [("_key", "1" * 32), *WITHDRAWAL.items(), ("party", "sala")]
    reader = reading(ledger, "party")
    looked = Form(send(reader, "/record/withdrawal-decided", [*sent, ("_do", "check")]))
    records = ledger.record

    def late(*args: Any, **how: Any) -> Any:
        if not how.get("dry_run"):
            Ledger(ledger.store, ledger.clock).record([released("sala-reg", "2025-05-01")], by="sek")
        return records(*args, **how)

    with patch.object(ledger, "record", late):
        done = send(reader, "/record/withdrawal-decided",
                    [*sent, ("_checked", looked.hidden("_checked")), ("_do", "record")])  # fmt: skip

    assert done.status == FORBIDDEN
    assert "without being authorised" in Form(done).said
    assert ledger.timeline().at(ledger.store.head()).event == released("sala-reg", "2025-05-01")


def test_what_another_party_recorded_is_not_corrected(ledger: Ledger) -> None:
    at = ledger.record([withdrew("2025-04-01", "koping")], by="koping-reg").entries[0]
    reader, before = reading(ledger, "party"), ledger.store.head()
    form = opened(reader, f"/correct/{at.position}?lang=en")

    sent = [*form.sends, ("_reason", "wrong person"), ("_alone", "1"), ("_do", "check")]
    refused = send(reader, form.action, sent)

    assert refused.status == FORBIDDEN
    assert "koping" in Form(refused).said.lower() or "Köping" in Form(refused).said
    assert ledger.store.head() == before


@pytest.mark.parametrize("role", PEOPLE)
def test_a_file_is_imported_by_whom_each_of_its_acts_is_for(ledger: Ledger, role: str) -> None:
    reader, before = reading(ledger, role), ledger.store.head()
    line = {"event": "withdrawal-decided", "valid_on": "2025-04-01", "source": {"organ": "assembly"}, "party": "koping",
            "ends_on": "2027-01-01"}  # fmt: skip
    file = File("acts.jsonl", orjson.dumps(line))

    looked = send(reader, "/import", [("_file", file), ("_event", ""), ("_differing", ""), ("_do", "check")])

    assert looked.status == (200 if role in {"alone", "secretariat"} else FORBIDDEN)
    kept = Form(looked).sends if looked.status == 200 else [("_event", ""), ("_differing", "")]
    done = send(reader, "/import", [*kept, ("_do", "record")])
    assert ledger.store.head() == before + (done.status == 303)
    assert (done.status == 303) == (role in {"alone", "secretariat"})


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize(
    "address", ["/council", "/history", "/entry/3", "/changes", "/findings.json", "/costs/2025.csv"]
)
def test_any_role_reads_everything(ledger: Ledger, role: str, address: str) -> None:
    assert reading(ledger, role).get(address).status == 200
