"""Recording from a page: looked over first, recorded once, and nothing that was typed is lost on the way."""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from urllib.parse import quote

import orjson
import pytest

from ledger.errors import LogMoved, OutcomeUnknown
from ledger.events import CHAPTERS, EVENTS
from ledger.events.shape import fields_of, parts_of
from tests.web.reader import Reader
from tests.web.record.filling import BOUNDARY, OURS, File, Form, body_of, opened, recorded, send
from web.app import application
from web.record.recording import CONFLICT, UNREAD, WAIT
from web.record.rights import HEADS
from web.record.typed import event_of

if TYPE_CHECKING:
    from ledger.book import Ledger
    from tests.web.reader import Page

HELD = {"kind": ["theme-day"], "title": ["Tåg & buss"], "place": ["Sala"], "organisers": ["sala", "region"],
        "on": ["2026-04-01"], "organ": ["official"]}  # fmt: skip
FORM = "/record/activity-held?lang=en"
CHANGED = "It was changed after it was looked over"


def stored(ledger: Ledger) -> list[bytes]:
    return [data for _, data in ledger.store.data(0, ledger.store.head())]


def looked_over(reader: Reader, **typed: list[str]) -> Form:
    """Returns the form of an activity, looked over."""
    form = Form(opened(reader, FORM).fill({**HELD, **typed}).press(reader, "check"))
    assert form.page.status == 200, form.said
    assert "record" in form.buttons
    return form


def looked_rows(page: Page) -> dict[str, str]:
    """Returns the names and the values of what would be recorded."""
    return dict(re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", page.text))


def test_looking_over_records_nothing(book: Ledger, recorder: Reader) -> None:
    before = stored(book)

    form = looked_over(recorder)

    assert "Nothing is recorded yet" in form.said
    assert "Tåg & buss" in form.said
    assert stored(book) == before


def test_what_was_looked_over_is_recorded(book: Ledger, recorder: Reader) -> None:
    before = stored(book)
    page = recorded(recorder, looked_over(recorder).press(recorder, "record"))

    assert "1 entry is recorded" in page.text
    assert stored(book)[:-1] == before
    assert orjson.loads(stored(book)[-1])["fields"]["title"] == "Tåg & buss"


def test_a_change_after_looking_over_is_looked_over_again(book: Ledger, recorder: Reader) -> None:
    before = stored(book)
    form = looked_over(recorder)

    again = Form(form.fill({"place": ["Köping"]}).press(recorder, "record"))

    assert (again.page.status, stored(book)) == (200, before)
    assert CHANGED in again.said
    assert again.typed("place") == ["Köping"]
    recorded(recorder, again.press(recorder, "record"))
    assert len(stored(book)) == len(before) + 1


def test_nothing_is_recorded_that_was_not_looked_over(book: Ledger, recorder: Reader) -> None:
    before = stored(book)
    form = opened(recorder, FORM).fill(HELD)
    unseen = Form(send(recorder, form.action, [*form.sends, ("_do", "record")]))
    forged = Form(send(recorder, form.action, [*form.sends, ("_do", "record"), ("_checked", "0" * 64)]))

    assert [(one.page.status, CHANGED in one.said) for one in (unseen, forged)] == [(200, True)] * 2
    assert stored(book) == before


def test_the_key_enter_looks_over(recorder: Reader) -> None:
    """The first button of a form is the one that the key Enter presses in any of its fields."""
    assert next(iter(opened(recorder, FORM).buttons)) == "check"
    assert next(iter(looked_over(recorder).buttons)) == "check"


def test_a_double_click_records_once(book: Ledger, recorder: Reader) -> None:
    before = stored(book)
    form = looked_over(recorder)

    with ThreadPoolExecutor(2) as pool:
        pages = [*pool.map(lambda _: form.press(recorder, "record"), range(2))]
    third = form.press(recorder, "record")

    assert len({recorded(recorder, one).body for one in (*pages, third)}) == 1
    assert len(stored(book)) == len(before) + 1


def test_a_key_that_has_recorded_something_else_is_a_conflict(book: Ledger, recorder: Reader) -> None:
    form = looked_over(recorder)
    recorded(recorder, form.press(recorder, "record"))
    before, key = stored(book), form.hidden("_key")

    other = Form(form.fill({"title": ["Något annat"]}).press(recorder, "record"))

    assert (other.page.status, stored(book)) == (CONFLICT, before)
    assert (other.typed("title"), other.typed("organisers")) == (["Något annat"], ["sala", "region"])
    assert other.hidden("_key") != key
    looked = Form(other.press(recorder, "check"))
    recorded(recorder, looked.press(recorder, "record"))
    assert len(stored(book)) == len(before) + 1


@pytest.mark.parametrize("kept", [True, False])
def test_an_unknown_outcome_keeps_the_form_and_a_second_press_records_once(
    book: Ledger, recorder: Reader, kept: bool
) -> None:
    before, append = stored(book), book.store.append
    form = looked_over(recorder)

    def fails(*given: Any, **more: Any) -> int:
        if kept:
            append(*given, **more)
        raise OutcomeUnknown("SQLITE_IOERR_WRITE")

    with patch.object(book.store, "append", fails):
        page = Form(form.press(recorder, "record"))
    assert page.page.status == WAIT
    assert "Press the same button again" in page.said
    assert page.hidden("_key") == form.hidden("_key")
    assert page.typed("title") == HELD["title"]

    recorded(recorder, page.press(recorder, "record"))
    assert len(stored(book)) == len(before) + 1


def test_busy_writers_keep_the_form_and_a_second_press_records(book: Ledger, recorder: Reader) -> None:
    before = stored(book)
    form = looked_over(recorder)
    with patch.object(book.store, "append", side_effect=LogMoved(10)):
        page = Form(form.press(recorder, "record"))

    assert (page.page.status, page.hidden("_key"), stored(book)) == (WAIT, form.hidden("_key"), before)
    recorded(recorder, page.press(recorder, "record"))
    assert len(stored(book)) == len(before) + 1


def test_nothing_is_recorded_from_the_past(recorder: Reader) -> None:
    form = opened(recorder, "/record/activity-held?lang=en&known_at=@100&on=2024-01-01")

    assert "Nothing is recorded from the past" in form.said
    assert "known_at" not in form.action
    assert form.typed("on") == []


@pytest.mark.parametrize(
    "name", ["nothing", "log-restored", "signing-key-changed", "Activity-held", "%00", "__class__"]
)
def test_there_is_no_form_of_an_unknown_event(book: Ledger, recorder: Reader, name: str) -> None:
    before = stored(book)

    assert recorder.get(f"/record/{name}?lang=en").status == 404
    assert send(recorder, f"/record/{name}", [("_key", "0" * 32), ("_do", "record")]).status == 404
    assert stored(book) == before


def test_the_language_of_the_address_is_kept(recorder: Reader) -> None:
    form = Form(recorder.get("/record/activity-held?lang=sv", accept_language="en"))
    looked = Form(form.fill(HELD).press(recorder, "check"))
    page = looked.press(recorder, "record")

    assert "lang=sv" in form.action
    assert "lang=sv" in page.headers["location"]
    assert '<html lang="sv">' in recorder.get(page.headers["location"]).text


@pytest.mark.parametrize("name", [name for name in EVENTS if event_of(name)])
def test_a_form_has_a_control_for_each_field_and_each_has_a_name_of_its_own(recorder: Reader, name: str) -> None:
    form = opened(recorder, f"/record/{name}?lang=en")
    event = EVENTS[name]
    has = {one.name for one in form.controls}

    lacking = [
        one.name
        for one in fields_of(event)
        if one.name not in has and not any(name.startswith(f"{one.name}.") for name in has)
    ]
    parts = [f"{one.name}.0.{part.name}" for one in fields_of(event) if one.shape.kind == "list"
             for part in parts_of(event, one.name)]  # fmt: skip
    assert lacking == []
    assert [one for one in parts if one not in has] == []
    assert {"on", "organ", "decided_on", "paragraph", "dnr", "document"} <= has
    assert [one for one, times in Counter(form.ids).items() if times > 1] == []
    assert re.search(r"\b(None|True|False|Unset)\b", form.said) is None


def refused(reader: Reader, event: str, *typed: tuple[str, str | File]) -> Form:
    """Returns the form of an event that was sent with these texts and files alone, and refused."""
    form = opened(reader, f"/record/{event}?lang=en")
    page = send(reader, form.action, [("_key", form.hidden("_key")), ("_do", "check"), *typed])
    assert page.status == UNREAD, Form(page).said
    return Form(page)


def test_a_refusal_stands_beside_its_field_with_its_provision(recorder: Reader) -> None:
    form = refused(recorder, "seat-vacated", ("person", "p99"), ("on", "2026-04-01"), ("organ", "assembly"),
                   ("reason", "flytt"))  # fmt: skip

    assert "(reference)" in form.faults["person"]
    assert form.typed("reason") == ["flytt"]


@pytest.mark.parametrize(
    ("event", "typed", "at", "said"),
    [
        ("activity-held", [("on", "2026-04-31")], "on", "2026-04-31"),
        ("activity-held", [("organ", "nobody")], "organ", "nobody"),
        ("activity-held", [("kind", "ball")], "kind", "ball"),
        ("activity-held", [("title", "a\x00b")], "title", ""),
        ("activity-held", [("organisers", "Sala")], "organisers", ""),
        ("activity-held", [("decided_on", "snart")], "decided_on", "snart"),
        ("activity-held", [("document", "x")], "document", "SHA-256"),
        ("meeting-held", [("others", "en"), ("others", "a\x07")], "others", "line 2"),
        ("activity-held", [("title", "x"), ("kind", "theme-day"), ("place", "x"), ("organisers", "sala"),
                           ("organisers", "sala"), ("on", "2026"), ("organ", "official")], "organisers", "twice"),
        ("meeting-held", [("opened_at", "25:00")], "opened_at", "time"),
        ("meeting-held", [("agenda.0.number", "1"), ("agenda.0.title", "x"), ("agenda.0.kind", "y")], "agenda.0.kind",
         "y"),
        ("meeting-held", [("agenda.3.kind", "information"), ("agenda.5.title", "x")], "agenda.1.kind", "missing"),
        ("meeting-held", [("agenda.0.title", "x"), ("agenda.0.concerns", "a\x07")], "agenda.0.concerns", "control"),
        ("item-handled", [("vote.for", "många")], "vote.for", "whole number"),
        ("board-composed", [("seats.0.key", "Alfa"), ("seats.0.value", "x")], "seats", "x"),
        ("board-composed", [("seats.0.key", "Alfa")], "seats.0.value", "missing"),
        ("board-composed", [("seats.0.value", "3")], "seats.0.key", "missing"),
        ("board-composed", [("seats.0.key", "A"), ("seats.0.value", "3"), ("seats.1.key", "A"), ("seats.1.value", "4")],
         "seats.1.key", "twice"),
        ("population-published", [("figures.sala", "x")], "figures.sala", "whole number"),
        ("instalment-claimed", [("amounts.sala", "1 00")], "amounts.sala", "kronor"),
        ("payment-made", [("amount", "9" * 100_000)], "amount", "kronor"),
        ("payment-made", [("year", "9" * 100_000)], "year", ""),
        ("agreement-proposed", [("terms", "{")], "terms", "JSON"),
        ("agreement-proposed", [("terms", "[" * 100_000)], "terms", "JSON"),
        ("agreement-proposed", [("terms", '{"parties": 3}')], "terms", "parties"),
        ("agreement-proposed", [("terms", "@/etc/passwd")], "terms", "JSON"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_beside_its_field(
    recorder: Reader, event: str, typed: list[tuple[str, str]], at: str, said: str
) -> None:
    form = refused(recorder, event, *typed)

    assert said in form.faults[at]
    assert f"#f-{at}" in form.links
    assert f"f-{at}" in form.ids
    assert [one for one in form.links if one.startswith("#f-") and one.removeprefix("#") not in form.ids] == []


def test_one_look_tells_every_fault(recorder: Reader) -> None:
    form = refused(recorder, "meeting-held", ("on", "31 april 2026"), ("opened_at", "25:00"), ("organ", "body"))

    assert {"on", "opened_at", "meeting", "chaired_by"} <= form.faults.keys()
    assert form.faults["on"].count("2026-04-31") == 1


@pytest.mark.parametrize("name", [name for name in EVENTS if event_of(name)])
def test_an_amount_is_asked_for_in_kronor(recorder: Reader, name: str) -> None:
    """Whole öre are what the log has; a form that asked for them would record a hundred times too much."""
    form = opened(recorder, f"/record/{name}?lang=en")
    amounts = [one for one in fields_of(EVENTS[name]) if (one.shape.item or one.shape).money]

    assert re.search(r"\böre\b", form.said) is None
    assert form.said.count("in kronor") == len(amounts)


def test_municipalities_alone_are_asked_for_what_is_of_municipalities(recorder: Reader) -> None:
    form = opened(recorder, "/record/population-published?lang=en")
    settled = opened(recorder, "/record/settlement-agreed?lang=en")

    assert ("figures.sala" in form.names, "figures.region" in form.names) == (True, False)
    assert "shares.region" in settled.names


def test_persons_are_looked_over_by_name(recorder: Reader) -> None:
    typed = {"person": ["p05"], "on": ["2026-04-13"], "organ": ["assembly"]}
    form = Form(opened(recorder, "/record/seat-vacated?lang=en").fill(typed).press(recorder, "check"))

    assert form.said.count("Elof Fabelqvist") == 2  # in the list, and in what would be recorded
    done = Form(recorded(recorder, form.press(recorder, "record")))
    assert "Elof Fabelqvist" in done.said


@pytest.mark.parametrize(
    "name",
    ["nothing", "agenda.99999.title", "agenda.0.nothing", "agenda.0", "agenda.title", "agenda", "agenda.0.title.x",
     "on.x", "agenda.0.__class__", "meeting.x", "vote.for", "agenda.-1.title", "agenda.٣.title", "agenda.0.title\x00"],
)  # fmt: skip
def test_a_name_that_the_form_does_not_have_is_refused_and_named(recorder: Reader, name: str) -> None:
    form = refused(recorder, "meeting-held", (name, "x"))

    assert "is no field of this form" in form.said


KINDS = {  # each kind of control → an event, and texts that it does not take: all of them stay in the page
    "text": ("activity-held", {"title": ['  "Tåg" <b>&amp;  ']}),
    "lines of a text": ("meeting-requested", {"matter": ["\nEtt\n\n två", "", ""][:1]}),
    "a leading carriage return": ("meeting-requested", {"matter": ["\r\nEtt\r\n"]}),
    "choice": ("activity-held", {"kind": ["theme-day"]}),
    "a choice that is none": ("activity-held", {"kind": ["ball"]}),
    "ticks": ("activity-held", {"organisers": ["arboga", "sala"]}),
    "a tick that is none": ("activity-held", {"organisers": ["sala", "lund"]}),
    "lines": ("meeting-held", {"others": ["a", "b", "c", "d\x07"]}),
    "rows": ("meeting-held", {"agenda.0.number": ["1"], "agenda.0.title": ["Läget"], "agenda.1.title": ["Två"],
                              "agenda.1.kind": ["ball"], "agenda.2.concerns": ["Länsstyrelsen, SKR"]}),
    "parts": ("item-handled", {"vote.for": ["många"], "vote.against": ["2"]}),
    "amounts": ("instalment-claimed", {"amounts.sala": ["1 0"], "amounts.koping": ["5"]}),
    "pairs": ("board-composed", {"seats.0.key": ["Alfa"], "seats.1.value": ["3"], "seats.2.key": ["Beta"],
                                 "seats.2.value": ["x"]}),
    "JSON": ("agreement-proposed", {"terms": ['{"a": "<b>"']}),
    "several days": ("activity-held", {"on": ["den andra"]}),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_typed_is_in_the_page_of_a_refusal(recorder: Reader, kind: str) -> None:
    event, typed = KINDS[kind]
    form = refused(recorder, event, *((name, text) for name, texts in typed.items() for text in texts))

    shown = {name: [text.replace("\r\n", "\n") for text in form.typed(name)] for name in typed}
    assert shown == {name: [text.replace("\r\n", "\n") for text in texts] for name, texts in typed.items()}
    again = Form(form.press(recorder, "check"))
    assert {name: again.typed(name) for name in typed} == {name: form.typed(name) for name in typed}


def test_a_file_is_kept_as_its_digest(recorder: Reader) -> None:
    data = b"minutes\x00\xff" * 1000
    digest = sha256(data).hexdigest()
    form = refused(recorder, "meeting-called", ("document", File("m.pdf", data)), ("documents.0.title", "Underlag"),
                   ("documents.0.document", File("u.pdf", data)))  # fmt: skip
    assert (form.typed("document"), form.typed("documents.0.document")) == ([digest], [digest])

    other: list[tuple[str, str | File]] = [("document", File("n.pdf", b"n"))]
    for parts in ([*form.sends, *other], [*other, *form.sends]):
        assert Form(send(recorder, form.action, parts)).typed("document") == [sha256(b"n").hexdigest()]


@pytest.mark.parametrize("name", ["place", "organisers", "agenda.0.title", "x\x00"])
def test_a_file_where_a_text_is_expected_is_refused_by_name(book: Ledger, recorder: Reader, name: str) -> None:
    before, form = stored(book), looked_over(recorder)
    page = form.press(recorder, "record", (name, File("place.txt", b"Sala")))

    assert (page.status, stored(book)) == (400, before)
    assert name.partition("\x00")[0] in Form(page).said


@pytest.mark.parametrize(
    "do", ["more:agenda:6", "more:agenda:9999999", "more:agenda:-5", "more:agenda", "more:", "more:x:3"]
)
def test_more_rows_are_given_as_often_as_they_are_asked_for(book: Ledger, recorder: Reader, do: str) -> None:
    form = opened(recorder, "/record/meeting-held?lang=en").fill({"agenda.0.title": ["Läget"]})
    before = stored(book)
    page = Form(send(recorder, form.action, [*form.sends, ("_do", do)]))

    rows = {one.name for one in page.controls if one.name.startswith("agenda.") and one.name.endswith(".title")}
    assert len(rows) == {"more:agenda:6": 6, "more:agenda:9999999": 200}.get(do, 3)
    assert page.typed("agenda.0.title") == ["Läget"]
    assert stored(book) == before


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "application/json", "", "multipart/form-data",
     "multipart/form-data; boundary=", "multipart/form-data; boundary=other", "multipart/mixed; boundary=" + BOUNDARY],
)  # fmt: skip
def test_a_body_of_another_kind_is_refused_in_words(book: Ledger, recorder: Reader, kind: str) -> None:
    before, form = stored(book), looked_over(recorder)
    page = send(recorder, form.action, [*form.sends, ("_do", "record")], content_type=kind)

    assert (page.status, stored(book)) == (400, before)
    assert "the form" in Form(page).said


@pytest.mark.parametrize("charset", ["utf-16", "idna", "punycode", "undefined", "hex", "rot13", "x" * 300, "utf-7"])
def test_a_form_is_read_as_utf_8_whatever_it_says(recorder: Reader, charset: str) -> None:
    form = looked_over(recorder)
    kind = f"multipart/form-data; boundary={BOUNDARY}; charset={charset}"
    page = send(recorder, form.action, [*form.sends, ("_do", "check")], content_type=kind)

    assert Form(page).typed("title") == HELD["title"]


def test_what_is_not_utf_8_is_refused_by_name(recorder: Reader) -> None:
    page = send(recorder, FORM, [("_key", "0" * 32), ("title", "\udcff")])
    named = send(recorder, FORM, [("_key", "0" * 32), ("\ud800", "x")])

    assert (page.status, named.status) == (400, 400)
    assert "title" in Form(page).said


def test_a_form_that_was_cut_off_is_not_taken_for_a_shorter_one(book: Ledger, recorder: Reader) -> None:
    before, form = stored(book), looked_over(recorder)
    body = body_of([*form.sends, ("_do", "record")])
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    at = [place.start() for place in re.finditer(b"\r\n", body)]

    for end in at[:-1]:
        page = recorder.asks("POST", form.action, {"content_type": kind, **OURS}, body[:end])
        assert page.status == 400, body[:end]
    assert stored(book) == before


def test_a_body_that_does_not_say_how_long_it_is_is_read_no_further_than_it_may_be(recorder: Reader) -> None:
    parts: list[tuple[str, str | File]] = [("_key", "0" * 32), *[("document", File("x", b"x" * 1_000_000))] * 6]
    assert send(recorder, FORM, parts).status == 413


@pytest.mark.parametrize("length", ["5000001", "9" * 5000, "-1", "x", "²"])
def test_a_body_that_says_that_it_is_too_long_is_not_read(recorder: Reader, length: str) -> None:
    assert recorder.asks("POST", FORM, {"content_length": length, "sec_fetch_site": "same-origin"}).status == 413


def test_whoever_may_record_nothing_sees_no_form(ledger: Ledger) -> None:
    anybody, public = Reader(application(ledger)), Reader(application(ledger, public=True))
    for reader, status in ((anybody, 403), (public, 404)):
        assert reader.get(FORM).status == status
        assert send(reader, FORM, [("_key", "0" * 32)]).status == status


def test_what_is_too_long_for_a_draft_stays_in_its_page(book: Ledger, recorder: Reader) -> None:
    before = stored(book)
    form = opened(recorder, FORM).fill({**HELD, "title": ["x" * 400_000]})
    page = Form(form.press(recorder, "keep"))

    assert (page.page.status, stored(book)) == (UNREAD, before)
    assert "a draft holds at most" in page.said
    assert page.typed("title") == ["x" * 400_000]


def test_a_draft_is_the_form_as_it_was_typed(recorder: Reader) -> None:
    typed = {**HELD, "on": ["31 april"], "paragraph": [' "§ 12" ']}
    page = opened(recorder, FORM).fill(typed).press(recorder, "keep")
    assert page.status == 303

    draft = opened(recorder, page.headers["location"])
    assert {name: sorted(draft.typed(name)) for name in typed} == {name: sorted(texts) for name, texts in typed.items()}
    mended = Form(draft.fill({"on": ["2026-04-01"]}).press(recorder, "check"))
    recorded(recorder, mended.press(recorder, "record"))
    assert recorder.get(page.headers["location"]).status == 404


@pytest.mark.parametrize("draft", ["", "x", "../x", "%00", "a" * 500, "' OR 1=1 --"])
def test_a_draft_that_is_not_there_is_not_found(recorder: Reader, draft: str) -> None:
    assert recorder.get(f"/record/activity-held?_draft={quote(draft)}").status == 404


@pytest.mark.parametrize("draft", ["x", "' OR 1=1 --", "a" * 500, "\x00"])
def test_a_forged_draft_changes_nothing(recorder: Reader, draft: str) -> None:
    kept = opened(recorder, FORM).fill(HELD).press(recorder, "keep").headers["location"]
    form = opened(recorder, FORM).fill({**HELD, "title": ["Något annat"]})
    looked = Form(send(recorder, form.action, [*form.sends, ("_do", "check"), ("_draft", draft)]))
    recorded(recorder, looked.press(recorder, "record"))

    assert opened(recorder, kept).typed("title") == HELD["title"]


def test_faults_are_told_in_the_order_of_the_form(recorder: Reader) -> None:
    form = refused(recorder, "meeting-held", ("on", "31 april 2026"), ("closed_at", "x"), ("agenda.0.title", "x"))
    told = [one.removeprefix("#f-") for one in form.links if one.startswith("#f-")]

    assert told == [one for one in form.faults if one in told]
    assert told[0] == "meeting"
    assert told[-1] == "organ" or told[-1] == "on"


def test_the_acts_stand_under_the_heads_of_their_chapters(recorder: Reader) -> None:
    page = recorder.get("/record?lang=en").text

    assert page.count("<section>") == len(CHAPTERS) == len(HEADS)
    heads = [place.start() for head in HEADS for place in [re.search(f"<h2>{head}</h2>", page)] if place]
    firsts = [page.index(f'href="/record/{next(iter(chapter.EVENTS))}?lang=en"') for chapter in CHAPTERS[:-1]]
    assert sorted([*heads[:-1], *firsts]) == [place for pair in zip(heads, firsts, strict=False) for place in pair]


def test_what_is_looked_over_is_told_whole(recorder: Reader) -> None:
    item = {
        "agenda.0.title": ["Kulturplan"],
        "agenda.0.kind": ["recommendation"],
        "agenda.0.concerns": ["Sala, Köpings kommun, SKR"],
    }
    called = {"meeting": ["srb-2026-8"], "meets_on": ["2026-06-01"], "called_by": ["p21"], "place": ["Västerås"]}
    form = opened(recorder, "/record/meeting-called?lang=en").fill(called | item | {"on": ["2026-04-13"]})
    rows = looked_rows(form.press(recorder, "check"))

    assert rows["Agenda 1"] == "number: 1, title: Kulturplan, kind: recommendation, concerns: sala, koping and SKR"
    assert not [name for name, value in rows.items() if value in {"[]", "{}"}]


def test_a_name_is_looked_over_as_it_was_typed(recorder: Reader) -> None:
    typed = {"name": ["Åsa Påhittsson"], "on": ["2026-04-13"], "person": ["p99"]}
    looked = opened(recorder, "/record/person-registered?lang=en").fill(typed).press(recorder, "check")

    assert looked_rows(looked)["Name"] == "Åsa Påhittsson"


def test_an_entry_that_is_not_recorded_yet_has_no_link(book: Ledger, recorder: Reader) -> None:
    called = {"meeting": ["srb-2026-8"], "meets_on": ["2026-04-14"], "called_by": ["p21"], "place": ["Västerås"]}
    item = {"agenda.0.title": ["Kulturplan"], "agenda.0.kind": ["recommendation"], "on": ["2026-04-13"]}
    form = Form(opened(recorder, "/record/meeting-called?lang=en").fill(called | item).press(recorder, "check"))
    done = Form(recorded(recorder, form.press(recorder, "record")))
    own = f"/entry/{book.store.head()}?lang=en"

    assert f"[entry {book.store.head()}]" in form.said
    assert own not in form.links
    assert own in done.links


def test_many_choices_that_may_be_left_out_are_folded_until_one_is_made(recorder: Reader) -> None:
    form = opened(recorder, "/record/meeting-held?lang=en")
    again = Form(form.fill({"remote": ["p05"]}).press(recorder, "check"))
    folded = [page.text.count("<details><summary>Choose among") for page in (form.page, again.page)]

    assert folded == [2, 1]  # of those who took part remotely, and of experts; members present are needed


def test_a_disposal_says_that_it_cannot_be_undone_and_what_is_left_to_do(recorder: Reader) -> None:
    typed = {"person": ["p05"], "decision": ["Dnr 1"], "on": ["2026-04-13"]}
    form = Form(opened(recorder, "/record/personal-data-disposed?lang=en").fill(typed).press(recorder, "check"))
    done = Form(recorded(recorder, form.press(recorder, "record")))

    assert "This cannot be undone" in form.said
    assert "destroy or replace them as the decision says" in done.said


def test_persons_stand_in_the_order_of_the_swedish_alphabet(recorder: Reader) -> None:
    form = opened(recorder, "/record/seat-vacated?lang=sv")
    first_letters = re.findall(r'<option value="p\d\d">([YÅÄÖ])', form.page.text)

    assert first_letters == sorted(first_letters, key="YÅÄÖ".index)
    assert {*first_letters} == {*"YÅÄÖ"}


def test_a_fault_in_a_row_is_told_with_the_row(recorder: Reader) -> None:
    form = refused(recorder, "meeting-called", ("agenda.1.title", "Budget"), ("agenda.0.title", "Tåg"))

    assert "Agenda 2, kind: is missing" in form.said


def test_a_public_key_is_pasted_as_its_file_has_it(recorder: Reader) -> None:
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH+GXPdKeEGmAYjPlP1+Rt8aN7o7sNw0sXgBPoYyxT5v"
    typed = {"registrar": ["sala-reg"], "party": ["sala"], "roles": ["party"], "on": ["2026-04-13"]}
    form = opened(recorder, "/record/registrar-authorised?lang=en")
    looked = form.fill(typed | {"public_key": [f"{key} test@example\n"]}).press(recorder, "check")

    assert looked_rows(looked)["Public key"].startswith("SHA256:")
