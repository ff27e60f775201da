"""Correcting an entry from its page: the annulment and what is right are one append, looked over first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest

from ledger.events.record import EntryAnnulled
from tests.web.record.filling import Form, opened, recorded
from tests.web.record.test_recording import CHANGED, stored
from web.record.correcting import CAUSE
from web.record.recording import UNREAD
from web.record.typed import event_of

if TYPE_CHECKING:
    from ledger.book import Ledger
    from tests.web.reader import Reader

ACTIVITY, REGISTERED = "activity-held", "person-registered"
NOT_CORRECTED = {"entry-annulled"}


def position_of(book: Ledger, event: str) -> int:
    timeline = book.timeline()
    return next(at for at in range(1, timeline.head + 1) if timeline.at(at).event.event_name == event)


def correction(book: Ledger, reader: Reader, event: str = ACTIVITY) -> Form:
    return opened(reader, f"/correct/{position_of(book, event)}?lang=en")


def test_what_is_right_takes_the_place_of_an_entry_in_one_append(book: Ledger, recorder: Reader) -> None:
    before, at = stored(book), position_of(book, ACTIVITY)
    form = correction(book, recorder).fill({"_reason": ["Fel <b>plats</b>"], "place": ["Köping"]})
    looked = Form(form.press(recorder, "check"))
    assert (looked.page.status, stored(book)) == (200, before)

    page = recorded(recorder, looked.press(recorder, "record"))

    annulled, right = map(orjson.loads, stored(book)[len(before) :])
    assert annulled["fields"] == {"cause": CAUSE, "entry": at, "reason": "Fel <b>plats</b>"}
    old = orjson.loads(before[at - 1])
    assert right["fields"] == {**old["fields"], "place": "Köping"}
    assert (right["source"], right["valid_on"], right["key"]) == (old["source"], old["valid_on"], annulled["key"])
    assert "2 entries are recorded" in page.text
    assert "<b>plats" not in page.text


def test_an_entry_that_never_happened_is_annulled_alone(book: Ledger, recorder: Reader) -> None:
    before = stored(book)
    form = correction(book, recorder).fill({"_reason": ["Aldrig hållen"], "_alone": ["1"]})
    looked = Form(form.press(recorder, "check"))
    assert looked.typed("_alone") == ["1"]
    recorded(recorder, looked.press(recorder, "record"))

    assert len(stored(book)) == len(before) + 1
    assert isinstance(book.timeline().at(len(before) + 1).event, EntryAnnulled)


@pytest.mark.parametrize(("name", "text"), [("_reason", "Ett annat skäl"), ("_alone", "1"), ("place", "Sala torg")])
def test_a_change_after_looking_over_is_looked_over_again(book: Ledger, recorder: Reader, name: str, text: str) -> None:
    before = stored(book)
    form = correction(book, recorder).fill({"_reason": ["Fel"], "place": ["Köping"]})
    looked = Form(form.press(recorder, "check"))
    changed = Form(looked.fill({name: [text]}).press(recorder, "record"))

    assert (changed.page.status, CHANGED in changed.said, stored(book)) == (200, True, before)
    assert changed.typed(name) == [text]


def test_an_annulment_without_a_reason_is_refused_beside_it(book: Ledger, recorder: Reader) -> None:
    before = stored(book)
    form = correction(book, recorder).fill({"_on": ["snart"], "place": ["Köping"]})
    page = Form(form.press(recorder, "check"))

    assert (page.page.status, stored(book)) == (UNREAD, before)
    assert {"_on"} <= page.faults.keys()
    assert page.typed("place") == ["Köping"]
    again = Form(page.fill({"_on": [""]}).press(recorder, "check"))
    assert "_reason" in again.faults


def test_a_name_is_in_the_form_of_its_correction_and_nowhere_in_the_log(book: Ledger, recorder: Reader) -> None:
    form = correction(book, recorder, REGISTERED)
    [name] = form.typed("name")
    assert name in book.names().values()
    looked = Form(form.fill({"_reason": ["Stavfel"], "name": ["Testa Testdotter"]}).press(recorder, "check"))
    recorded(recorder, looked.press(recorder, "record"))

    assert "Testa Testdotter" in book.names().values()
    assert all(b"Testdotter" not in data for data in stored(book))


def test_a_draft_of_a_correction_holds_what_was_typed_of_the_annulment(book: Ledger, recorder: Reader) -> None:
    form = correction(book, recorder).fill({"_reason": ["Fel"], "place": ["Köping"]})
    draft = opened(recorder, form.press(recorder, "keep").headers["location"])

    assert draft.typed("place") == ["Köping"]
    assert draft.typed("_reason") == ["Fel"]
    assert "/correct/" in draft.action
    assert [one.kind for one in draft.controls if one.name == "_reason"] == ["text"]
    assert "record" in Form(draft.press(recorder, "check")).buttons


def test_every_entry_of_the_demo_has_a_form_of_its_correction_that_changes_nothing_by_itself(
    book: Ledger, recorder: Reader
) -> None:
    """Filled in with a reason alone, what would be recorded anew is what was recorded."""
    timeline, before, seen = book.timeline(), stored(book), set[str]()
    for position in range(1, timeline.head + 1):
        name = timeline.at(position).event.event_name
        if name in seen | NOT_CORRECTED or event_of(name) is None or position in timeline.annulled_by:
            continue
        seen.add(name)
        form = opened(recorder, f"/correct/{position}?lang=en").fill({"_reason": ["Fel"]})
        looked = Form(form.press(recorder, "check"))
        assert looked.page.status in {200, UNREAD}, looked.said
        assert {name for name in looked.faults if name != "version"} <= form.names, looked.faults
    assert stored(book) == before
    assert len(seen) > 30


@pytest.mark.parametrize("entry", ["0", "-1", "9999", "x", "1.0", "01x", "9" * 40])
def test_there_is_no_correction_of_an_entry_that_is_not_there(recorder: Reader, entry: str) -> None:
    assert recorder.get(f"/correct/{entry}").status == 404


def test_a_correction_without_a_reason_calls_it_as_the_page_does(book: Ledger, recorder: Reader) -> None:
    page = Form(correction(book, recorder).press(recorder, "check"))

    assert "Why it is annulled: is missing" in page.said
    assert "reason: is missing" not in page.said
