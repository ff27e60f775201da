"""Markup that is typed comes back as the text that it is, wherever a page of a form shows it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from ledger.events import EVENTS
from tests.web.record.filling import Form, opened, recorded, send
from web.record.typed import event_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.web.reader import Page, Reader

MARKUP = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>'",
    "</textarea></select></option></pre><svg onload=alert(1)>",
    "&lt;b&gt;{{7*7}}{% raw %}",
    "' autofocus onfocus='alert(1)",
    '" autofocus onfocus="alert(1)',
)
NEVER = {"img", "iframe", "object", "embed", "style", "base", "b"}


class Markup(HTMLParser):
    """Collects what the markup of a page must not have."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.wrong: list[tuple[str, list[str]]] = []
        self.feed(page.text)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        handlers = [name for name in given if name.startswith("on") or name in {"style", "autofocus", "srcdoc"}]
        other = tag in NEVER or (tag == "script" and given.get("src") != "/static/liggare.js")
        if handlers or other or str(given.get("href", "")).startswith("javascript:"):
            self.wrong.append((tag, handlers))


@pytest.mark.parametrize("name", [name for name in EVENTS if event_of(name)])
def test_markup_in_each_control_comes_back_as_text(recorder: Reader, name: str) -> None:
    form = opened(recorder, f"/record/{name}?lang=en")
    names = sorted({one.name for one in form.controls if not one.name.startswith("_")})
    for text in MARKUP:
        typed = [(one, text) for one in names]
        page = send(recorder, form.action, [("_key", form.hidden("_key")), *typed])

        assert page.status == 422
        assert Markup(page).wrong == []
        shown = Form(page)
        kept = [one for one in names if text in shown.typed(one)]
        assert kept == names, text


@pytest.mark.parametrize("base", ["amounts", "amounts.0", "nothing", "", "on"])
@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_the_name_of_a_field_comes_back_as_text(recorder: Reader, base: str, text: str) -> None:
    parts = [("_key", "0" * 32), (f"{base}.{text}", text), (text, text)]
    page = send(recorder, "/record/instalment-claimed?lang=en", parts)

    assert page.status == 422
    assert Markup(page).wrong == []


@pytest.mark.parametrize("text", MARKUP)
@pytest.mark.parametrize("hidden", ["_draft", "_next", "_outside", "_do", "_checked", "_signature.0"])
def test_markup_in_a_hidden_field_comes_back_as_text(recorder: Reader, hidden: str, text: str) -> None:
    page = send(recorder, "/record/population-published?lang=en", [("_key", "0" * 32), (hidden, text)])

    assert page.status == 422
    assert Markup(page).wrong == []


@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_the_address_of_a_form_comes_back_as_text(recorder: Reader, text: str) -> None:
    for name in ("title", "organisers", "kind", text, f"figures.{text}", "_next", "_outside", "lang"):
        event = "population-published" if name.startswith("figures") else "activity-held"
        page = recorder.get(f"/record/{event}?{quote(name)}={quote(text)}", accept_language="en")
        assert (page.status, Markup(page).wrong) == (200, [])


@pytest.mark.parametrize("text", MARKUP)
def test_markup_that_is_looked_over_and_recorded_is_text(recorder: Reader, text: str) -> None:
    typed = {"kind": ["theme-day"], "title": [text], "place": [text], "organisers": ["sala"], "on": ["2026-04-01"],
             "organ": ["official"], "paragraph": [text]}  # fmt: skip
    looked = Form(opened(recorder, "/record/activity-held?lang=en").fill(typed).press(recorder, "check"))
    page = recorded(recorder, looked.press(recorder, "record"))

    assert (looked.page.status, Markup(looked.page).wrong, Markup(page).wrong) == (200, [], [])
    assert looked.said.count(text) >= 3
    assert text in Form(page).said


def test_what_must_not_be_in_a_page_is_noticed(recorder: Reader) -> None:
    page = recorder.get("/record")
    assert Markup(page).wrong == []
    for text in ("<script>1</script>", "<a href='javascript:1'>", "<p onclick=x>", "<img src=x>"):
        assert len(Markup(page._replace(body=page.body + text.encode())).wrong) == 1
