"""What happens between looking a form over and recording it, and after it is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.web.record.filling import Form, opened, record, recorded
from tests.web.record.test_recording import looked_over, stored

if TYPE_CHECKING:
    from ledger.book import Ledger
    from tests.web.reader import Reader


def test_findings_that_came_after_looking_over_are_looked_over_first(book: Ledger, recorder: Reader) -> None:
    """Two register a person under the same id: the second would rename the first, which nobody was told."""
    typed = {"person": ["p99"], "on": ["2026-04-01"], "organ": ["secretariat"]}
    forms = (opened(recorder, "/record/person-registered?lang=en") for _ in range(2))
    one, other = (
        Form(form.fill({**typed, "name": [name]}).press(recorder, "check"))
        for form, name in zip(forms, ("Prov Påhittad", "Test Hittepå"), strict=True)
    )
    recorded(recorder, one.press(recorder, "record"))
    before = stored(book)

    again = Form(other.press(recorder, "record"))

    assert (again.page.status, stored(book)) == (200, before)
    assert "The ledger has changed since it was looked over" in again.said
    assert "Prov Påhittad to Test Hittepå" in again.said
    assert again.typed("name") == ["Test Hittepå"]
    recorded(recorder, again.press(recorder, "record"))


def test_what_others_record_meanwhile_does_not_disturb(book: Ledger, recorder: Reader) -> None:
    form, before = looked_over(recorder), len(stored(book))
    record(recorder, "person-registered", {"person": ["p99"], "name": ["Prov Påhittad"], "on": ["2026-04-01"]})

    recorded(recorder, form.press(recorder, "record"))

    assert len(stored(book)) == before + 2


def test_a_form_that_is_gone_back_to_takes_another_act(book: Ledger, recorder: Reader) -> None:
    form = looked_over(recorder)
    recorded(recorder, form.press(recorder, "record"))
    before = len(stored(book))
    assert form.page.headers["cache-control"] == "private, no-cache"

    other = Form(form.fill({"title": ["Något annat"]}).press(recorder, "check"))

    assert (other.page.status, other.hidden("_key") != form.hidden("_key")) == (200, True)
    recorded(recorder, other.press(recorder, "record"))
    assert len(stored(book)) == before + 1
