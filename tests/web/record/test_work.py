"""Tests the workbench of a meeting: from its call to its dispatch, each form is a link away, filled in as far as the
ledger knows.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from ledger.book import Ledger
from ledger.store import MemoryStore
from tests.given import given
from tests.given_working import handled, meeting, recommended, sitting
from tests.web.reader import Reader
from tests.web.record.filling import opened
from tests.web.record.leading import Leads, given_by, records
from web.app import application
from web.who import AskedBy, Who

if TYPE_CHECKING:
    from tests.acts import Acts

HELD = meeting("m1", "2025-04-01", notice=20)


def kept(*acts: Acts, on: str = "2025-05-01") -> Ledger:
    """Returns a ledger of a body in office and some acts, at noon of a day."""
    ledger = Ledger(MemoryStore(), lambda: datetime.fromisoformat(f"{on}T12:00").replace(tzinfo=UTC))
    ledger.record([one.event for one in given(sitting(), *acts).entries], by="tester")
    return ledger


def reading(ledger: Ledger, *roles: str, party: str | None = None) -> Reader:
    """Returns a reader who is a registrar with some roles, or alone without any."""
    if not roles:
        return Reader(application(ledger, by="tester"))
    return Reader(AskedBy(application(ledger), Who("tester", frozenset(roles), party)))


@pytest.fixture
def called() -> Ledger:
    return kept(HELD[0], on="2025-03-20")


@pytest.fixture
def held() -> Ledger:
    return kept(HELD, handled("m1", "2025-04-01", 1, "decided"), recommended("r1", "m1", "2025-04-01", to=["sala"]))


def test_a_meeting_is_called_held_and_finished_from_its_workbench() -> None:
    """Every act is recorded through the form that the workbench leads to, and that leads back to it."""
    ledger, day, item = kept(on="2025-04-20"), {"on": ["2025-04-20"]}, "1. Tåg (recommendation)"
    sat = {"chaired_by": ["region-1"], "adjuster": ["sala-1"], "present": ["sala-1"]}
    reader = reading(ledger)
    begun = reader.get("/meetings/new/work?lang=en").headers["location"]
    done = records(reader, begun, {
        "meeting": ["m7"], "meets_on": ["2025-04-02"], "place": ["Sala"], "on": ["2025-03-03"],
        "agenda.0.title": ["Tåg"], "agenda.0.kind": ["recommendation"],
    })  # fmt: skip
    work = Leads(done).to("To the workbench of the meeting")
    for words, typed in (
        ("Record who was there: Attendance", sat),
        (f"Record the outcome: {item}", {"outcome": ["decided"]}),
        (f"Record a reservation: {item}", {"person": ["sala-1"]}),
        (f"Record a recommendation: {item}", {
            "recommendation": ["r1"], "text": ["Fler tåg"], "addressees": ["sala"], "consensus": ["true"]}),
        ("Record the answer of sala to r1: Answers of the parties", {"answer": ["accepted"], **day}),
        ("Record the signing: Signing", day),
        ("Record the adjustment: Adjustment", day),
        ("Record the dispatch: Dispatch", day),
    ):  # fmt: skip
        done = records(reader, Leads(reader.get(work)).to(words), typed)
        assert Leads(done).to("Back to where you were") == work

    events = [one.event.event_name for one in ledger.timeline().entries][-9:]
    assert events == [
        "meeting-called", "meeting-held", "item-handled", "reservation-entered", "recommendation-made",
        "recommendation-answered", "minutes-signed", "minutes-adjusted", "minutes-dispatched",
    ]  # fmt: skip
    assert [*Leads(reader.get(work)).forms] == [
        f"Record a reservation: {item}", f"Record a recommendation: {item}",
    ], "nothing else is left"  # fmt: skip


def test_the_last_day_for_the_notice_and_what_is_to_be_done_are_there(called: Ledger) -> None:
    page = reading(called).get("/meetings/m1/work?lang=en").text

    assert "Place: Sal 1" in page
    assert "The last day for a notice of a meeting on 2025-04-01 is 2025-03-18." in page
    assert "The agreement asks for a notice of at least 14 days." in page
    assert "hold m1 [six-meetings (2.3); entry" in page


def test_the_forms_are_filled_in_as_far_as_the_ledger_knows(held: Ledger) -> None:
    leads = Leads(reading(held).get("/meetings/m1/work?lang=en"))
    addresses = {urlsplit(one).path.rpartition("/")[2]: given_by(one) for one in leads.forms.values()}

    assert addresses["minutes-signed"] == {"meeting": ["m1"], "by": ["region-1"]}
    assert addresses["minutes-adjusted"] == {"meeting": ["m1"], "by": ["sala-1"]}
    assert addresses["recommendation-answered"] == {"recommendation": ["r1"], "party": ["sala"]}
    assert addresses["reservation-entered"] == {"meeting": ["m1"], "item": ["1"], "valid_on": ["2025-04-01"]}
    assert len(addresses["minutes-dispatched"]["to"]) == 11


def test_a_form_has_the_day_the_usual_organ_and_what_its_address_gives(held: Ledger) -> None:
    reader = reading(held)
    form = opened(reader, "/record/item-handled?meeting=m1&item=1&valid_on=2025-04-01&lang=en")

    typed = [form.typed(name) for name in ("meeting", "item", "on", "organ")]
    assert typed == [["m1"], ["1"], ["2025-04-01"], ["body"]]
    other = opened(reader, "/record/item-handled?organ=chair&on=2025-01-01&lang=en")
    assert (other.typed("organ"), other.typed("on")) == (["chair"], []), "the day asked about is not that of the act"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_what_is_recorded_leads_back_within_the_pages_alone(called: Ledger, back: str) -> None:
    reader = reading(called)
    address = f"/record/meeting-cancelled?meeting=m1&lang=en&_next={back}"
    done = records(reader, address, {"on": ["2025-03-20"]})

    links = Leads(done).found
    assert all(address.startswith(("#", "/")) and address[1:2] not in {"/", "\\"} for _, address in links)
    assert "Back to where you were" not in dict(links)
    assert Leads(done).to("To the workbench of the meeting") == "/meetings/m1/work?lang=en"


def test_from_the_past_nothing_is_recorded(held: Ledger) -> None:
    reader = reading(held)

    earlier = Leads(reader.get("/meetings/m1?lang=en&known_at=@40&on=2025-04-30")).to("The meeting's workbench")
    assert "Nothing is recorded from the past" in reader.get(earlier).text
    assert "from the past" not in reader.get("/meetings/m1/work?lang=en").text


def test_a_draft_of_a_form_leads_back_to_the_workbench_too(held: Ledger) -> None:
    reader = reading(held)
    work = "/meetings/m1/work?lang=en"
    form = opened(reader, Leads(reader.get(work)).to("Record the signing: Signing"))
    kept_at = form.press(reader, "keep").headers["location"]
    done = records(reader, kept_at, {"on": ["2025-04-20"]})

    assert Leads(done).to("Back to where you were") == work


def test_what_is_recorded_is_no_markup() -> None:
    bad = "<i>x</i>"
    agenda = [{"number": 1, "title": bad, "kind": "recommendation"}]
    ledger = kept(meeting("m1", "2025-04-01", agenda=agenda), recommended("r1", "m1", "2025-04-01", text=bad))
    for address in ("/meetings/m1/work", "/mine?party=sala"):
        page = reading(ledger).get(address).text

        assert "&lt;i&gt;x" in page
        assert "<i>" not in page


def test_of_the_workbench_of_a_meeting_that_does_not_exist_there_is_no_page(called: Ledger) -> None:
    assert reading(called).get("/meetings/m2/work").status == 404


@pytest.mark.parametrize("role", ["party", "treasurer", "adjuster", "auditor"])
def test_the_workbench_is_for_whoever_may_call_a_meeting(held: Ledger, role: str) -> None:
    reader = reading(held, role, party="sala")

    assert reader.get("/meetings/m1/work").status == reader.get("/meetings/new/work").status == 403
    assert "/work" not in reader.get("/meetings/m1").text + reader.get("/meetings").text
    assert reading(held, "secretariat").get("/meetings/m1/work").status == 200


def test_the_pages_of_meetings_lead_to_their_workbench(held: Ledger) -> None:
    reader = reading(held)

    one, every = (Leads(reader.get(f"{path}?lang=en")) for path in ("/meetings/m1", "/meetings"))
    assert one.to("The meeting's workbench") == "/meetings/m1/work?lang=en"
    assert every.to("Call a meeting") == "/meetings/new/work?lang=en"


@pytest.mark.parametrize("public", [True, False])
def test_nobody_else_sees_or_reaches_it(held: Ledger, public: bool) -> None:
    reader = Reader(application(held, public=public))

    assert reader.get("/meetings/m1/work").status == (404 if public else 403)
    assert "/work" not in reader.get("/meetings/m1").text + reader.get("/meetings").text


def test_the_workbench_leads_to_the_papers_of_its_steps(ledger: Ledger) -> None:
    reader = Reader(application(ledger, by="sec"))

    found = re.findall(r'href="([^"?]*\.(?:pdf|docx))', reader.get("/meetings/srb-2025-1/work").text)
    assert found[:2] == ["/meetings/srb-2025-1/notice.pdf", "/meetings/srb-2025-1/notice.docx"]
    assert {"/meetings/srb-2025-1/items/1.pdf", "/meetings/srb-2025-1/minutes.pdf"} <= {*found}
    assert {reader.get(one).status for one in found} == {200}
