"""What the public is shown: every answer, in each form, without the texts and the names that are withheld."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ledger.state.groups import groups
from ledger.state.meetings import meetings
from ledger.state.posts import posts
from ledger.state.seats import seats
from tests.web.conftest import NOON
from tests.web.secretive import FIELDS, KEY, RECORDER, WITH_TEXTS
from tests.web.test_answers import ASKED, in_form
from web.questions import LISTS, QUESTIONS
from web.withheld import MOST, SIGN

if TYPE_CHECKING:
    import pytest

    from tests.web.reader import Reader
    from tests.web.secretive import Told

ON = ("on=2025-06-01&known_at=@240", "on=2026-04-14")
FORMS = ("", ".json", ".csv")

SOAK = bool(os.environ.get("LIGGARE_SOAK"))  # every address is walked; else each third one


def addresses(told: Told) -> list[str]:
    """Returns every address, in every form, at several days and moments."""
    head = told.ledger.timeline().head
    more = ["/today", "/search?q=a", "/search?q=hemligt", "/history", "/replay", "/history?event=payment-made"]
    more += [f"/costs/{year}?explain=1" for year in range(2023, 2027)]
    more += [f"/meetings?year={year}" for year in range(2022, 2027)]
    more += [f"/party/{party}" for party in ("sala", "region")]
    more += [f"/explain/{slug}" for slug in ("notice", "payment-as-claimed", "every-board-party", "requested-meeting")]
    more += [f"/meetings/{one}" for one in meetings(told.ledger.timeline())]
    more += [f"/groups/{one}" for one in groups(told.ledger.timeline())]
    asked = [in_form(one, form, at) for one in [*ASKED, *more] for form in FORMS for at in ON]
    asked += [
        in_form(f"/{around}{one}", "", at)
        for around in ("beside", "step") for one in [*ASKED, *more] for at in ON
        if one.split("?")[0].strip("/") not in LISTS
    ]  # fmt: skip
    asked += [f"/person/{quote(one)}{form}?on=2025-06-01" for one in told.names for form in FORMS]
    asked += [f"/entry/{entry}{form}" for entry in range(1, head + 1) for form in ("", ".json")]
    asked += [f"/diff{form}?on=2022-01-01..2026-04-14&all=1" for form in FORMS]
    asked += [f"/diff{form}?known_at=@20..@{head}&all=1" for form in FORMS]
    asked += [f"/changes?after=@{after}" for after in (0, 200)]
    return [*asked, "/", "/changes.atom", "/changes.atom?after=@1", "/healthz", "/nothing", "/entry/9999"]


def hidden(told: Told) -> dict[str, str]:
    """Returns the names of those who neither sit nor have sat, nor held a post, by the newest record."""
    timeline = told.ledger.timeline()
    shown = {one.person for one in seats(timeline) if one.since <= NOON.date()}
    shown |= {one.person for one in posts(timeline) if one.since <= NOON.date()}
    return {person: name for person, name in told.names.items() if person not in shown}


def test_the_ledger_has_a_secret_in_each_field_that_is_withheld(told: Told) -> None:
    held = {*told.secrets.values()}

    assert {one.split(".")[0] for one in held if not one.endswith(".source")} == WITH_TEXTS
    assert {one.split(".")[1] for one in held} == {*FIELDS, "source"}
    assert len(hidden(told)) > 5


def test_every_question_is_walked(told: Told) -> None:
    walked = {one.split("?")[0].split(".")[0].split("/")[1] for one in addresses(told)}

    assert walked >= {question.path.split("/")[1] for question in QUESTIONS.values()}


def test_a_reader_from_whom_nothing_is_withheld_sees_the_secrets(told: Told, alone: Reader) -> None:
    seen = "".join(alone.get(one).text for one in ("/history.json", "/changes", "/entry/3.json", "/replay.json"))

    assert [one for one in (*told.secrets, *hidden(told).values(), RECORDER, KEY) if one not in seen] == []


def test_nothing_that_is_withheld_is_at_any_address_in_any_form(told: Told, public: Reader) -> None:
    secret = {**told.secrets, **dict.fromkeys(hidden(told).values(), "name"), RECORDER: "by", KEY: "key"}
    for address in addresses(told)[:: 1 if SOAK else 3]:
        page = public.get(address, accept_language="en")
        said = page.body.decode()
        texts = (
            said
            + json.dumps(page.headers)
            + (json.dumps(plain(said), ensure_ascii=False) if ".json" in address else "")
        )

        assert page.status < 500, address
        assert (address, [(one, where) for one, where in secret.items() if one in texts]) == (address, [])
        assert SIGN not in texts, address


def plain(text: str) -> Any:
    return [json.loads(line) for line in text.splitlines()] if text.startswith("{") else text


def test_the_public_is_shown_all_else(public: Reader, alone: Reader) -> None:
    for address in ("/agreement.json?", "/reports/2025H1.json?", "/deadlines.json?", "/settlement.json?"):
        assert public.get(f"{address}{ON[0]}").json == alone.get(f"{address}{ON[0]}").json
    members = public.get("/council.json?on=2025-06-01").json["members"]
    assert all(one["name"] for one in members)
    entry = next(
        one for one in map(json.loads, public.get("/changes").text.splitlines()) if one["event"] == "payment-made"
    )
    assert (entry["recorded_by"], entry["fields"]["reference"], entry["source"]["document"]) == (None, None, None)
    assert entry["fields"]["amount"] > 0


def test_a_word_stands_for_what_is_withheld(told: Told, public: Reader) -> None:
    [held] = [one for one in told.ledger.timeline().entries if one.event.event_name == "meeting-requested"][:1]
    page = public.get(f"/entry/{held.position}", accept_language="en").text

    assert "withheld" in page.split("<dl")[1].split("</dl>")[0]
    assert "are withheld themselves" in page
    person = next(iter(hidden(told)))
    assert f"{person} (name withheld)" in public.get(f"/person/{person}?on=2026-04-14", accept_language="en").text
    assert public.get(f"/search.json?q={quote(hidden(told)[person])}").json["count"] == 0


def test_nobody_can_ask_by_who_recorded(public: Reader, alone: Reader) -> None:
    assert (public.get(f"/history?by={RECORDER}").status, alone.get(f"/history?by={RECORDER}").status) == (400, 200)


def test_what_the_public_is_shown_has_another_tag(public: Reader, alone: Reader) -> None:
    assert public.get("/council").headers["etag"] != alone.get("/council").headers["etag"]


def test_nobody_can_ask_for_everything_at_once(public: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in [*MOST]:
        monkeypatch.setitem(MOST, kind, 3)
    for address in ("/history.json", "/history.csv", "/replay.json", "/replay.csv"):
        page = public.get(address, accept_language="en")
        assert (page.status, "ask for fewer" in page.text) == (400, True), address
    assert public.get("/replay?from=@1&to=@3").status == 200
