"""`liggare popolo`: who sits where on a day as open data, valid by Popolo's schemas, and no name that is withheld."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft3Validator
from msgspec import structs
from referencing import Registry
from referencing.jsonschema import DRAFT3

from cli.commands.popolo import _described
from exchange.dcat import Published, contact, describe, url
from exchange.popolo import KINDS, _dates, popolo
from ledger.errors import BadInput
from tests.acts import (
    TERMS,
    act,
    in_force,
    proposed,
    registered,
    released,
    seated,
    vacated,
    vice_chair,
    without_a_region,
)
from tests.desk import Desk, at_a_desk, event
from tests.given import given

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.events import Event

pytestmark = pytest.mark.on_file

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
CLASSES = {  # what the document lists → the file of its schema
    "persons": "person", "organizations": "organization", "memberships": "membership", "posts": "post", "areas": "area",
    "events": "event", "motions": "motion", "vote_events": "vote_event",
}  # fmt: skip
SCHEMAS = {file.stem: json.loads(file.read_text("utf-8")) for file in (HERE / "popolo").glob("*.json")}
RDF, DCAT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}", "{http://www.w3.org/ns/dcat#}"
DCTERMS = "{http://purl.org/dc/terms/}"


@pytest.fixture(scope="module")
def played(demo: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Yields a desk in a copy of the demo's folder, on the day after the demo's last act."""
    with at_a_desk(tmp_path_factory.mktemp("played")) as desk:
        yield desk.goes_on(demo).began("2026-04-14")


def made(desk: Desk, *args: object) -> Any:
    """Returns the document that a command writes, and removes its file."""
    desk.does("popolo", "-o", "p.json", *args)
    path = desk.folder / "p.json"
    data = path.read_bytes()
    path.unlink()
    return json.loads(data)


def problems(document: Any) -> list[str]:
    """Returns what Popolo's schemas and the references within the document say against it."""
    registry = Registry().with_resources((one["id"], DRAFT3.create_resource(one)) for one in SCHEMAS.values())
    found = []
    for kind, name in CLASSES.items():
        validator = Draft3Validator(SCHEMAS[name], registry=registry)
        found += [f"{kind}: {error.message}" for one in document[kind] for error in validator.iter_errors(one)]
    ids = [one["id"] for kind in CLASSES for one in document[kind]]
    found += [f"{one} twice" for one in {*ids} if ids.count(one) > 1]
    for one in (one for kind in CLASSES for one in document[kind]):
        found += [f"{value} is not there" for key, value in one.items() if key.endswith("_id") and value not in ids]
    return found


@pytest.mark.parametrize("on", ["2022-01-01", "2023-03-08", "2024-06-01", "2025-06-01", "2030-01-01"])
def test_a_document_is_valid_and_refers_to_what_is_in_it(played: Desk, on: str) -> None:
    found = made(played, "--on", on)

    assert problems(found) == []
    assert tuple(found) == ("meta", *KINDS)
    council = played.asks("council", "--on", on)
    seats = [one for one in found["memberships"] if "post_id" in one and "/" in one["post_id"]]
    assert {one["person_id"] for one in seats} == {f"person:{one['person']}" for one in council["members"]}
    names = {one["id"]: one["name"] for one in found["persons"]}
    assert {names[f"person:{one['person']}"] for one in council["members"]} == {
        one["name"] for one in council["members"]
    }


def test_a_document_and_its_description_read_as_they_were_approved(played: Desk, rewrite_golden: bool) -> None:
    args = ("--on", "2025-06-01", "--known-at", "@246", "--url", "https://example.se/popolo.json")
    played.does("popolo", "-o", "popolo.json", "--dcat", "dcat.rdf", *args, "--contact", "data@example.se")

    for name in ("popolo.json", "dcat.rdf"):
        told = (played.folder / name).read_text("utf-8")
        if rewrite_golden:
            (GOLDEN / name).write_text(told, "utf-8")
        assert told == (GOLDEN / name).read_text("utf-8")


def test_only_names_of_the_elected_are_shown(desk: Desk) -> None:
    desk.does("init", "--in-force-from", "2023-01-01")
    lines = [
        *(event("person-registered", "2023-01-01", "secretariat", person=one, name=f"Påhitt {one}") for one in "abc"),
        event("member-appointed", "2023-03-01", person="a", party="sala", seat="executive-chair",
              political_party="Ekpartiet"),
        event("expert-coopted", "2023-03-01", "body", person="b", field="luftvård"),
        event("group-created", "2023-03", "body", group="g", name="Gruppen", kind="standing", assignment="x",
              composition="x", working_forms="x"),
        event("group-member-appointed", "2023-04-01", "body", group="g", person="c", party="arboga"),
    ]  # fmt: skip
    desk.does("import", desk.writes("e.jsonl", lines))

    found = made(desk, "--on", "2024-01-01")

    assert found["persons"] == [
        {"id": "person:a", "name": "Påhitt a"},
        {"id": "person:b", "name": None},
        {"id": "person:c", "name": None},
    ]
    assert problems(found) == []
    group = next(one for one in found["organizations"] if one["id"] == "organization:group/g")
    assert group["founding_date"] == "2023-03"
    assert group["extra"] == {"start_between": ["2023-03-01", "2023-03-31"]}
    desk.does("dispose", "a", "--decision", "beslut")
    assert made(desk, "--on", "2024-01-01", "--known-at", "@8")["persons"][0] == {"id": "person:a", "name": None}


@pytest.mark.parametrize(
    ("span", "dates"),
    [
        (("2023-03-01", None, None, None), {"start_date": "2023-03-01"}),
        (("2023-03-01", None, "2023-05-01", None), {"start_date": "2023-03-01", "end_date": "2023-04-30"}),
        (("2023-12-31", "2023", None, None),
         {"start_date": "2023", "extra": {"start_between": ("2023-01-01", "2023-12-31")}}),
        (("2023-02-02", "2023-01-31/2023-02-02", None, None),
         {"start_date": "2023", "extra": {"start_between": ("2023-01-31", "2023-02-02")}}),
        (("2023-02-02", "2022-12-31/2023-02-02", "2023-07-31", "2023-07"),
         {"end_date": "2023", "extra": {"start_between": ("2022-12-31", "2023-02-02"),
                                        "end_between": ("2023-06-30", "2023-07-30")}}),
    ],
)  # fmt: skip
def test_an_inexact_day_is_a_partial_date_with_both_its_ends(span: Any, dates: dict[str, Any]) -> None:
    since, since_day, until, until_day = span
    ends = date.fromisoformat(since), since_day, date.fromisoformat(until) if until else None, until_day

    found = _dates(ends)

    shown = {key: tuple(map(str, value)) for key, value in found.pop("extra", {}).items()}
    assert found | ({"extra": shown} if shown else {}) == dates


def test_votes_and_times_of_meetings_are_told() -> None:
    timeline = given(
        in_force("2023-01-01"),
        seated("p1", "sala", "executive-chair", "2023-03-01"),
        act("meeting-called", "2023-08-01", organ="chair", meeting="m1", meets_on="2023-09-01", starts_at="09:00",
            place="Sala", called_by="p1", agenda=[{"number": 1, "title": "Val", "kind": "election"}], documents=[]),
        act("meeting-held", "2023-09-01", organ="body", meeting="m1", chaired_by="p1", adjuster="p1", present=["p1"],
            opened_at="09:05", closed_at="12:00"),
        act("item-handled", "2023-09-01", organ="body", meeting="m1", item=1, outcome="decided",
            vote={"for": 3, "against": 2, "abstained": 1}),
    )  # fmt: skip

    found = json.loads(json.dumps(popolo(timeline, date(2023, 12, 1), {}), default=str))

    assert problems(found) == []
    (meeting,) = found["events"]
    assert (meeting["start_date"], meeting["end_date"]) == ("2023-09-01T09:05+02:00", "2023-09-01T12:00+02:00")
    assert found["motions"][0]["text"] == "Val"
    assert found["vote_events"][0]["counts"] == [
        {"option": "yes", "value": 3},
        {"option": "no", "value": 2},
        {"option": "abstain", "value": 1},
    ]


def test_a_party_is_what_the_terms_of_the_day_say_of_it() -> None:
    changed = structs.replace(TERMS.parties[0], code="9999")
    terms = structs.replace(TERMS, parties=(changed, *TERMS.parties[1:]))
    timeline = given(in_force("2023-01-01"), proposed(version=2, terms=terms))

    found = popolo(timeline, date(2024, 1, 1), {})

    assert f"area:{TERMS.parties[0].code}" in {one["id"] for one in found["areas"]}
    assert "area:9999" not in {one["id"] for one in found["areas"]}


def test_a_vice_chair_holds_a_post(played: Desk) -> None:
    found = made(played, "--on", "2025-06-01")

    presidium = played.asks("council", "--on", "2025-06-01")["presidium"]
    held = {one.get("role"): one["person_id"] for one in found["memberships"]}
    assert all(held[post] == f"person:{person}" for post, person in presidium.items() if person)


def test_what_could_change_the_answer_is_told(desk: Desk) -> None:
    desk.does("init", "--in-force-from", "2023-01-01")
    lines = [
        event("person-registered", "2023-01-01", "secretariat", person="a", name="Påhitt a"),
        event("member-appointed", "2023-03", person="a", party="sala", seat="executive-chair", political_party="Ek"),
    ]
    desk.does("import", desk.writes("e.jsonl", lines))

    done = desk.does("popolo", "-o", "p.json", "--on", "2023-03-15", "--json")

    assert done.json["uncertain"] == [3]
    assert done.json["counts"]["memberships"] == 0
    assert done.errors == ["the days of entry 3 are not known exactly, and could change what stands in the file"]


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (("--url", "https://example.se/a"), "--url requires --dcat FILE"),
        (("--contact", "a@example.se"), "--contact requires --dcat FILE"),
        (("--dcat", "d.rdf"), "--dcat requires --url, the address where the data will be published"),
        (("--dcat", "./p.json", "--url", "https://example.se/a"), "--dcat and --out are one file"),
        (("--dcat", "d.rdf", "--url", "example.se"), "--url: 'example.se' is not an address such as"),
        (("--dcat", "e", "--url", "https://example.se/a"), "--dcat e is already there; nothing was overwritten"),
        (("--on", "2023-02"), "--on: "),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_written(desk: Desk, args: tuple[str, ...], error: str) -> None:
    desk.does("init")
    desk.writes("e", [])

    done = desk("popolo", "-o", "p.json", *args)

    assert done.code == 2
    assert [line[: len(error)] for line in done.errors] == [error]
    assert not (desk.folder / "p.json").exists()


WRONG = ("", "x", "ftp://example.se", "https://", "https://a b", 'https://a/"', "https://a/<", "https://a/å", "//a",
         "a\nb", "https://user:secret@example.se/", "https://example.se/#x", "https://a/\x1b")  # fmt: skip


@pytest.mark.parametrize("given_url", WRONG)
def test_an_address_is_absolute_and_has_no_sign_that_must_be_encoded(given_url: str) -> None:
    with pytest.raises(BadInput, match="--url: "):
        url(given_url)


@pytest.mark.parametrize("address", ["", "x", "a@b", "a@b@c.se", "a b@example.se", "a@example.se\n", "<a@example.se>"])
def test_a_contact_is_an_e_mail_address(address: str) -> None:
    with pytest.raises(BadInput, match="--contact: "):
        contact(address)


def test_a_description_has_what_the_profile_demands() -> None:
    of = Published("https://example.se/p.json?a=1&b=2", 'Region <"&">', "232100-0172", date(2025, 6, 1))

    tree = ET.fromstring(describe(of))  # noqa: S314 - what was just written

    found = {thing.tag: thing for thing in tree}
    resources = {about for thing in tree for about in thing.attrib.values()}
    for thing in tree:
        for line in thing:
            target = line.get(f"{RDF}resource", "https://x")
            assert re.match(r"https?://", target)
            assert "example.se" not in target or target in resources or line.tag.endswith("URL")
    for name, demanded in {
        "Catalog": ("title", "description", "publisher", "license"),
        "Dataset": ("title", "description", "publisher"),
    }.items():
        for one in demanded:
            assert found[DCAT + name].find(DCTERMS + one) is not None
    assert found[f"{DCAT}Catalog"].find(f"{DCAT}dataset") is not None
    assert found[f"{DCAT}Distribution"].find(f"{DCAT}accessURL") is not None
    assert [thing[0].text for thing in tree if thing.tag.endswith("Agent")] == ['Region <"&">']
    assert not [thing for thing in tree if thing.tag.endswith("Organization")]  # nobody to ask was given


@pytest.mark.parametrize(
    "ends", [released("p1", "region-vice-chair", "2024-05"), vacated("p1", "2024-05")], ids=["release", "vacancy"]
)
def test_a_vice_chair_whose_end_is_known_loosely_has_a_partial_date(ends: Event) -> None:
    seat = (registered("p1"), seated("p1", "region", "board-party", "2023-02-01"))
    timeline = given(in_force("2023-01-01"), *seat, vice_chair("p1", "region-vice-chair", "2023-02-02"), ends)

    found = popolo(timeline, date(2024, 2, 1), {})["memberships"]

    [held] = [one for one in found if one.get("role") == "region-vice-chair"]
    assert (held["end_date"], held["extra"]["end_between"]) == ("2024", (date(2024, 4, 30), date(2024, 5, 30)))


def test_without_a_region_nobody_publishes() -> None:
    with pytest.raises(BadInput, match="the terms on 2024-01-01 name no Region, who publishes"):
        _described(given(without_a_region()), date(2024, 1, 1), "https://example.se/p", None)


def test_a_publisher_without_a_number_has_an_address_of_its_own() -> None:
    told = describe(Published("https://example.se/p", "R", "okänt", date(2025, 6, 1))).decode()

    assert 'rdf:about="https://example.se/p#publisher"' in told


def test_a_name_with_a_character_that_no_xml_may_hold_is_still_xml() -> None:
    told = describe(Published("https://example.se/p", "Region\ufffe", "okänt", date(2025, 6, 1)))

    assert [one.text for one in ET.fromstring(told).iter("{http://xmlns.com/foaf/0.1/}name")] == ["Region\ufffd"]  # noqa: S314 - what was just written
