"""The addresses that only pages have: today, entries with their proof, persons, parties, search, changes, steps, and
what stands beside an answer.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from datetime import date, timedelta
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import quote_plus
from xml.etree import ElementTree as ET

import pytest

from ledger.book import Ledger
from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.note import base64_of, parse_note
from ledger.proof.tree import check_inclusion, leaf_hash
from ledger.store import open_store
from presentation.program import program_version
from tests.desk import at_a_desk, event
from tests.web.reader import Reader
from web.app import application

if TYPE_CHECKING:
    from collections.abc import Iterator

EN = "lang=en"


def words(page: str) -> str:
    """Returns the text of a page's answer, without markup."""
    inside = page.split('id="answer"', 1)[1].split("</article>", 1)[0]
    inside = re.sub(r'<span class="whole">([^<]*)</span>', r"\1", inside)
    return " ".join(re.sub(r"<[^>]*>", " ", inside).split())


def test_today_says_what_is_overdue_what_comes_and_what_was_recorded_last(reader: Reader) -> None:
    told = reader.get(f"/?on=2025-01-20&{EN}")
    found = reader.get("/today.json?on=2025-01-20&lang=en").json

    assert told.status == 200
    assert f"{len(found['overdue'])} tasks are overdue or open, and {len(found['soon'])} tasks fall due" in words(
        told.text
    )
    assert [one["position"] for one in found["latest"]] == [*range(246, 238, -1)]
    assert all(one["overdue"] for one in found["overdue"])
    assert not any(one["overdue"] for one in found["soon"])


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Yields a reader of four entries, of which the first three are under a checkpoint."""
    with at_a_desk(tmp_path_factory.mktemp("signed")) as desk:
        desk.does("init", "--in-force-from", "2023-01-01")
        people = [event("person-registered", "2023", "secretariat", person=f"p{n}", name="Testa") for n in range(3)]
        desk.does("import", desk.writes("two.jsonl", people[:2]))
        desk.does("checkpoint")
        desk.does("import", desk.writes("one.jsonl", people[2:]))
        with open_store(desk.ledger) as store:
            yield Reader(application(Ledger(store, lambda: desk.now)))


def test_an_entry_is_proven_by_the_newest_stored_checkpoint(signed: Reader) -> None:
    proof = signed.get("/entry/2.json").json["proof"]
    checkpoint = parse_checkpoint(parse_note(proof["checkpoint"]).text)

    assert (json.loads(proof["data"])["event"], checkpoint.size) == ("person-registered", 3)
    leaf = leaf_hash(proof["data"].encode())
    assert b64decode(proof["leaf"]) == leaf
    assert check_inclusion(leaf, 1, 3, tuple(map(b64decode, proof["path"])), checkpoint.root)
    assert "Proven by the checkpoint of the first 3 entries." in signed.get(f"/entry/2?{EN}").text


def test_an_entry_after_the_last_checkpoint_is_not_signed_for(signed: Reader) -> None:
    assert signed.get("/entry/4.json").json["proof"]["checkpoint"] is None
    assert "Not yet under a checkpoint." in signed.get(f"/entry/4?{EN}").text
    assert signed.get("/entry/4.json").json["proof"]["checkpoint"] is None


def test_an_annulled_entry_is_struck_out_and_leads_to_its_annulment(reader: Reader) -> None:
    page = reader.get(f"/entry/68?{EN}").text

    assert '<h1 class="struck">' in page
    assert re.search(r'<a href="/entry/98[^"]*">annulled by entry 98</a>', page)


def test_an_entry_is_there_once_it_is_known(reader: Reader) -> None:
    assert [reader.get(f"/entry/{entry}?known_at=@100").status for entry in (0, 1, 100, 101)] == [400, 200, 200, 404]


def test_a_person_has_seats_and_entries(reader: Reader) -> None:
    found = reader.get("/person/p27.json?on=2025-06-01").json

    assert (found["name"], found["registered"]) == ("Östen Sagolund", True)
    assert [(one["party"], one["political_party"], one["entry"]) for one in found["seats"]] == [
        ("region", "Björkpartiet", 99)
    ]
    assert [one["position"] for one in found["entries"]] == [67, 68, 98, 99]
    assert "Östen Sagolund (p27)" in words(reader.get(f"/person/p27?{EN}").text)


def test_a_party_has_members_and_its_decision(reader: Reader) -> None:
    found = reader.get("/party/sala.json?on=2025-06-01").json
    body = reader.get("/council.json?on=2025-06-01").json

    assert found["members"] == [one for one in body["members"] if one["party"] == "sala"]
    assert (found["version"], found["is_party"]) == (1, True)
    assert reader.get(f"/entry/{found['entry']}.json").json["entry"]["fields"]["assembly"] == "sala"


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("sago", {("person", "p02"), ("person", "p07"), ("person", "p27")}), ("ÖSTEN sagolund", {("person", "p27")}),
        ("p27", {("person", "p27")}), ("@103", {("entry", "103")}), ("103", {("entry", "103")}),
        ("Sala kommun", {("party", "sala")}), ("notice", {("provision", "notice")}),
        ("srb-2025-1", {("meeting", "srb-2025-1")}),
        ("kultur", {("group", "kultur")}), ("nobody at all", set()), ("", set()), ("@9999", set()),
    ],
)  # fmt: skip
def test_a_text_finds_what_it_may_mean(reader: Reader, query: str, hits: set[tuple[str, str]]) -> None:
    found = reader.get(f"/search.json?q={quote_plus(query)}").json

    assert hits <= {(one["kind"], one["id"]) for one in found["hits"]}
    assert bool(hits) == bool(found["hits"])


def test_changes_lead_on_from_each_line_and_miss_nothing(reader: Reader) -> None:
    whole = reader.get("/changes").text.splitlines()
    lines = [json.loads(one) for one in whole]

    assert [one["cursor"] for one in lines] == [f"@{entry}" for entry in range(1, 247)]
    assert reader.get("/changes?after=@244").text.splitlines() == whole[244:]
    assert reader.get("/changes?after=@246").text == ""
    assert reader.get("/changes?after=@247").status == 404


def test_the_latest_changes_are_an_atom_feed(reader: Reader) -> None:
    page = reader.get("/changes.atom?lang=en")
    feed = ET.fromstring(page.text)  # noqa: S314 - our own text
    atom = "{http://www.w3.org/2005/Atom}"

    assert page.headers["content-type"].startswith("application/atom+xml")
    links = [one.find(f"{atom}link").attrib["href"] for one in feed.iter(f"{atom}entry")]  # type: ignore[union-attr]
    assert [one.rsplit("/", 1)[1] for one in links][:2] == ["246", "245"]


@pytest.mark.parametrize(
    ("question", "since"),
    [
        *((one, "2022-12-01") for one in ("council", "agreement", "groups", "officials")),
        *((one, "2024-06-01") for one in ("today", "deadlines", "findings", "meetings", "costs/2024", "projects")),
        ("attendance/2024H2", "2024-06-01"), ("reports/2024H2", "2024-06-01"), ("party/sala", "2024-12-01"),
        ("settlement", "2025-08-01"), ("activities", "2024-12-01"),
    ],
)  # fmt: skip
def test_a_step_leads_to_the_nearest_day_on_which_the_answer_changes(reader: Reader, question: str, since: str) -> None:
    """Compared with asking day by day."""

    def answer(day: date) -> object:
        found = reader.get(f"/{question}.json?on={day}").json
        return {name: value for name, value in found.items() if name not in {"on", "until"}}

    def led(day: date, step: str) -> date:
        return date.fromisoformat(
            reader.get(f"/step/{question}?on={day}&step={step}").headers["location"].split("on=")[1][:10]
        )

    start = date.fromisoformat(since)
    days = [start + timedelta(days) for days in range(200)]
    told = {day: answer(day) for day in days}
    changes = [day for day in days[1:] if told[day] != told[day - timedelta(1)]]
    walked, here = [start], start
    while (here := led(here, "after")) <= days[-1] and here not in walked:
        walked.append(here)

    assert walked[1:] == changes
    assert [led(day, "before") for day in changes[1:]] == changes[:-1]
    unmoved = [day for day in changes if all(told.get(day + timedelta(more)) == told[day] for more in (1, 2, 3))]
    assert all(led(day + timedelta(3), "before") == day for day in unmoved)


def test_beside_an_answer_stands_what_has_changed_since(reader: Reader) -> None:
    page = reader.get(f"/beside/council?on=2025-06-01&known_at=@90&{EN}").text
    changes = page.split('id="changes"', 1)[1].split("</section>", 1)[0]

    assert "5 entries change this answer:" in changes
    assert re.findall(r">(\d+)</a>", changes.split("<ul>")[0]) == ["98", "99", "101", "102", "103"]
    assert "Åke Nysaga" in changes
    assert "None of them changes this answer." in reader.get(f"/beside/council?on=2025-06-01&known_at=@240&{EN}").text


def test_beside_an_answer_stand_the_findings_about_it(reader: Reader) -> None:
    page = reader.get(f"/beside/council?on=2025-06-01&known_at=@90&{EN}").text

    assert 'class="finding wrong"' in page
    assert "/explain/every-board-party?" in page
    assert "The agreement" in page


@pytest.mark.parametrize("step", ["before", "after"])
def test_where_the_answer_changes_no_more_the_reader_is_told_and_stays(reader: Reader, step: str) -> None:
    place = reader.get(f"/step/agreement?on={'2022-01-01' if step == 'before' else '2031-01-01'}&step={step}&{EN}")
    there, _, told = place.headers["location"].partition("#")

    assert "on=2022-01-01" in there or "on=2031-01-01" in there
    assert re.search(f'<p class="no-day" id="{told}">No (earlier|later) day was found', reader.get(there).text)


@pytest.mark.parametrize("question", ["history", "replay"])
def test_a_long_list_has_nothing_beside_it_and_no_steps(reader: Reader, question: str) -> None:
    page = reader.get(f"/{question}?known_at=@20&{EN}").text

    assert "data-late" not in page
    assert "/step/" not in page
    assert [reader.get(f"/{one}/{question}?step=after").status for one in ("beside", "step")] == [404, 404]


def test_nothing_changes_beside_an_answer_that_follows_the_log(reader: Reader) -> None:
    page = reader.get(f"/beside/settlement?{EN}").text

    assert "change this answer" not in page


def test_a_meeting_has_its_agenda_its_people_and_its_entries(reader: Reader) -> None:
    found = reader.get("/meetings/srb-2025-1.json?on=2025-06-01").json
    of_year = reader.get("/meetings.json?on=2025-06-01&year=2025").json
    told = words(reader.get(f"/meetings/srb-2025-1?on=2025-06-01&{EN}").text)

    assert found["standing"] in of_year["meetings"]
    assert found["names"]["p01"] == "Alva Påhitt"
    assert {*found["standing"]["entries"]} <= {one["position"] for one in found["entries"]}
    assert "Meeting srb-2025-1 was held on 14 February 2025, with 21 members present." in told
    assert "21 days before" in told
    assert "Alva Påhitt" in told
    assert "no answer yet" in told


def test_a_group_has_its_members_its_reports_and_its_entries(reader: Reader) -> None:
    found = reader.get("/groups/kultur.json?on=2025-08-01").json
    every = reader.get("/groups.json?on=2025-08-01").json
    told = words(reader.get(f"/groups/kultur?on=2025-08-01&{EN}").text)

    assert found["standing"] in every["groups"]
    assert [(one["half_year"], one["report"]["status"]) for one in found["reports"]] == [
        ("2025H2", "not-due"), ("2025H1", "missing"), ("2024H2", "received"), ("2024H1", "received"),
    ]  # fmt: skip
    assert "On 1 August 2025 the group Kultur och fritid had 2 members." in told


@pytest.mark.parametrize("place", ["meetings", "groups"])
@pytest.mark.parametrize("form", ["", ".json", ".csv"])
def test_of_what_no_entry_is_about_there_is_no_page(reader: Reader, place: str, form: str) -> None:
    assert reader.get(f"/{place}/nothing{form}").status == 404


@pytest.mark.parametrize("address", ["/meetings/srb-2025-1", "/groups/kultur"])
def test_beside_one_subject_stand_the_findings_about_it_alone(reader: Reader, address: str) -> None:
    page = reader.get(f"/beside{address}").text
    about = {re.split("%3A|:", one)[1] for one in re.findall(r"subject=([^&\"]*)", page)}

    assert about
    assert {one.partition("%2F")[0] for one in about} == {address.rpartition("/")[2]}


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_person_of_an_entry_is_a_link_by_name_in_every_language(reader: Reader, lang: str) -> None:
    for address in ("/history?about=person:p13", "/entry/40", "/person/p13"):
        page = reader.get(f"{address}{'&' if '?' in address else '?'}lang={lang}").text
        assert re.search(r'<a href="/person/p13[^"]*">Majken Exempelström</a>', page), address


def test_the_head_of_a_provisions_findings_leads_to_the_provision_and_a_post_does_not(reader: Reader) -> None:
    page = reader.get(f"/findings?on=2025-06-01&{EN}").text

    assert re.search(r'<h2><a href="/explain/group-reports[^"]*">group-reports \(3\)</a></h2>', page)
    assert "/explain/" not in reader.get(f"/council?on=2025-06-01&{EN}").text


@pytest.mark.parametrize("address", ["/findings", "/explain/notice", "/search"])
def test_findings_do_not_stand_beside_themselves_nor_beside_what_they_are_not_about(
    reader: Reader, address: str
) -> None:
    page = reader.get(f"{address}?on=2025-06-01&known_at=@240&{EN}").text

    assert '<aside class="beside"' not in page
    assert f'class="band" data-late="/beside{address}' in page


def test_the_foot_says_who_signs_and_which_program_answers(reader: Reader) -> None:
    page = reader.get(f"/council?{EN}").text.split('class="foot"', 1)[1]

    assert "<dd>one signer; no witness · <a" in page
    assert f"<dd>Liggare {program_version()}</dd>" in page


def test_the_newest_checkpoint_can_be_taken_along(signed: Reader) -> None:
    told = signed.get("/checkpoint.json").json
    note = signed.get("/checkpoint.txt")
    kept = parse_checkpoint(parse_note(note.text).text)

    assert told == {"size": 3, "root": base64_of(kept.root), "checkpoint": note.text}
    assert kept.size == 3
    assert note.headers["content-type"] == "text/plain; charset=utf-8"
    page = signed.get(f"/checkpoint?{EN}").text
    assert "A checkpoint proves the first 3 entries." in page
    assert "1 entry has come after it." in page
    assert note.text in unescape(page)


def test_no_checkpoint_is_made_by_asking_for_one(reader: Reader) -> None:
    assert reader.get("/checkpoint.json").json == {"size": None, "root": None, "checkpoint": None}
    assert reader.get("/checkpoint.txt").status == 404
    assert reader.get("/checkpoint.csv").status == 404
    assert "No checkpoint is signed yet." in reader.get(f"/checkpoint?{EN}").text


def test_a_printed_page_says_its_day_and_its_moment(reader: Reader) -> None:
    [sheet] = re.findall(
        r'<link rel="stylesheet" media="print" href="([^"]*)">',
        reader.get(f"/council?on=2025-06-01&known_at=@240&{EN}").text,
    )
    told = reader.get(unescape(sheet))

    assert told.headers["content-type"] == "text/css; charset=utf-8"
    assert 'content: "Liggare · 1 June 2025, as known from the first 240 entries"' in told.text
    assert "som känt från de första 240 posterna" in reader.get("/paper.css?on=2025-06-01&known_at=@240&lang=sv").text


def test_beside_an_account_stand_the_claims_of_its_party_alone(reader: Reader) -> None:
    def parties(address: str) -> set[str]:
        page = reader.get(f"/beside/costs/2025?on=2025-09-01&{EN}{address}").text
        return set(re.findall(r'data-about="/party/([a-z]+)"', page))

    assert parties("") == {"fagersta", "norberg"}
    assert parties("&party=norberg") == {"norberg"}
    assert parties("&party=sala") == set()


def test_a_finding_of_a_groups_half_year_is_about_the_group(reader: Reader) -> None:
    page = reader.get(f"/beside/reports/2024H2?on=2025-10-01&{EN}").text

    assert set(re.findall(r'data-about="([^"]*)"', page)) == {"/groups/kultur", "/groups/trafik", "/groups/vard"}
