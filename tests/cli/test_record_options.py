"""The options of an event are derived from its fields, and missing or wrong options are reported."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from recording.fields import COMMON

if TYPE_CHECKING:
    from tests.desk import Desk

pytestmark = pytest.mark.on_file

PERSON = ("record", "person-registered", "--on", "2023-01-01", "--organ", "secretariat")
WHERE = ("--on", "2024-05-02", "--organ", "body")


@pytest.fixture
def begun(desk: Desk) -> Desk:
    """Returns a desk whose ledger holds the agreement and the persons p1 to p3."""
    desk.does("init", "--in-force-from", "2023-01-01")
    for person in ("p1", "p2", "p3"):
        desk.does(*PERSON, "--person", person, "--name", f"Testa {person}")
    return desk


def fields(desk: Desk, *args: object) -> dict[str, Any]:
    """Returns the fields of the entry that a command recorded."""
    (entry,) = desk.asks("record", *args)["entries"]
    found: dict[str, Any] = entry["fields"]
    return found


def test_a_list_is_an_option_repeated(begun: Desk) -> None:
    asked = ("meeting-requested", *WHERE, "--request", "b1", "--matter", "vägar")

    assert fields(begun, *asked, "--by", "p1", "--by", "p2")["by"] == ["p1", "p2"]


def test_a_map_is_name_and_value_repeated(begun: Desk) -> None:
    figures = ("--figures", "sala=22843", "--figures", "koping=26116")

    said = fields(begun, "population-published", *WHERE, "--counted-on", "2023-12-31", *figures)

    assert said == {"counted_on": "2023-12-31", "figures": {"sala": 22843, "koping": 26116}}


@pytest.mark.parametrize("gap", ["", " ", "\u00a0", "\u202f", "\u2009"])
def test_a_number_in_a_map_may_have_its_thousands_apart_and_blanks_around(begun: Desk, gap: str) -> None:
    counted = ("population-published", *WHERE, "--counted-on", "2023-12-31", "--figures")

    assert fields(begun, *counted, f" sala = 22{gap}843 ")["figures"] == {"sala": 22843}


def test_a_map_may_have_an_equals_sign_in_a_name(begun: Desk) -> None:
    assert fields(begun, "board-composed", *WHERE, "--seats", "A=B=2", "--majority", "A=B")["seats"] == {"A=B": 2}


def test_a_map_may_be_json_or_a_file(begun: Desk) -> None:
    file = begun.writes("figures.json", [{"sala": 22843}])
    counted = ("population-published", *WHERE, "--counted-on", "2023-12-31")

    assert fields(begun, *counted, "--figures", f"@{file}")["figures"] == {"sala": 22843}
    assert fields(begun, *counted, "--figures", '{"sala": 1}')["figures"] == {"sala": 1}


def test_a_name_given_twice_in_a_map_is_bad_input(begun: Desk) -> None:
    twice = ("--figures", "sala=1", "--figures", "sala=2")

    wrong = begun("record", "population-published", *WHERE, "--counted-on", "2023-12-31", *twice)

    assert (wrong.code, wrong.errors) == (2, ["--figures: the key 'sala' is given twice"])


def test_an_object_is_json_or_a_file_and_may_be_repeated(begun: Desk) -> None:
    first, second = ({"number": n, "title": f"Punkt {n}", "kind": "information"} for n in (1, 2))
    call = ("meeting-called", *WHERE, "--meeting", "m1", "--meets-on", "2024-06-01", "--place", "Sal 1",
            "--called-by", "p1")  # fmt: skip
    file = begun.writes("item.json", [second])

    assert fields(begun, *call, "--agenda", json.dumps(first), "--agenda", f"@{file}")["agenda"] == [first, second]


def test_a_list_of_objects_may_be_one_json_list(begun: Desk) -> None:
    agenda = [{"number": n, "title": f"Punkt {n}", "kind": "information"} for n in (1, 2)]
    call = (
        "meeting-called",
        *WHERE,
        "--meeting",
        "m1",
        "--meets-on",
        "2024-06-01",
        "--place",
        "x",
        "--called-by",
        "p1",
    )

    assert fields(begun, *call, "--agenda", json.dumps(agenda))["agenda"] == agenda


@pytest.mark.parametrize(
    ("given", "means"),
    [((), None), (("--otherwise-decided",), True), (("--otherwise-decided", "true"), True),
     (("--otherwise-decided=false",), False), (("--otherwise-decided", "TRUE"), True)],
)  # fmt: skip
def test_a_boolean_is_true_when_it_is_only_named(begun: Desk, given: tuple[str, ...], means: bool | None) -> None:
    seat = ("--person", "p1", "--party", "sala", "--seat", "executive-chair", "--political-party", "Alfa")

    said = fields(begun, "member-appointed", *WHERE, *seat, "--until", "2026-01-01", *given)

    assert said.get("otherwise_decided") is means


def test_five_options_give_the_source(begun: Desk) -> None:
    (begun.folder / "minutes.pdf").write_bytes(b"%PDF")
    source = ("--organ", "assembly", "--decided-on", "2023-02-20", "--paragraph", "§ 12", "--dnr", "KS 2023/45")

    answer = begun.asks("record", "agreement-adopted", "--version", 1, "--assembly", "sala", "--on", "2023-02-27",
                        *source, "--document", "minutes.pdf")  # fmt: skip

    assert answer["entries"][0]["source"] == {
        "organ": "assembly",
        "decided_on": "2023-02-20",
        "paragraph": "§ 12",
        "registration_number": "KS 2023/45",
        "document": sha256(b"%PDF").hexdigest(),
    }


@pytest.mark.parametrize("on", ["2023-02-27", "2023-02", "2023", "2023-01-15/2023-03-31"])
def test_the_day_of_an_act_may_be_loose(begun: Desk, on: str) -> None:
    adopted = ("agreement-adopted", "--version", 1, "--assembly", "sala", "--organ", "assembly")

    assert begun.asks("record", *adopted, "--on", on)["entries"][0]["valid_on"] == on


# Errors


def test_everything_that_is_missing_is_named_as_an_option_with_its_meaning(begun: Desk) -> None:
    wrong = begun("record", "vice-chair-appointed")

    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.errors == [
        "--on is missing: first day",
        f"--organ is missing: {COMMON['organ']}",
        "--person is missing: a person's id, carrying no name",
        "--post is missing: the post; first-vice-chair, municipal-vice-chair or region-vice-chair",
    ]


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (("--person", "P1"), "--person: expected 1 to 64 small letters (a to z), digits and hyphens"),
        (("--person", "p1", "--person", "p2"), "--person: given 2 times, but it takes one value"),
        (("--on", "2024", "--on", "2025"), "--on: given 2 times, but it takes one value"),
        (("--on", "1 maj"), "--on: '1 maj' is not a day: write 2023-02-27, 2023-02, 2023 or 2023-01-15/2023-03-31"),
        (
            ("--organ", "fullmäktige"),
            "--organ: 'fullmäktige' is none of assembly, executive-board, body, chair, group,",
        ),
        (("--seat", "throne"), "--seat: 'throne' is none of "),
        (("--until", "2024-13-01"), "--until: "),
        (("--document", "nowhere.pdf"), "--document: nowhere.pdf cannot be read: No such file or directory"),
        (("--dnr", ""), "--dnr is empty"),
    ],
)
def test_what_is_wrong_is_reported_with_its_option(begun: Desk, given: tuple[str, ...], line: str) -> None:
    wrong = begun("record", "member-appointed", *given)

    assert wrong.code == 2
    assert [one for one in wrong.errors if one.startswith(line)], wrong.errors


@pytest.mark.parametrize("level", ["1.0", "12,5", "1e3", "true", "٣", ""])
def test_what_is_no_amount_is_bad_input(begun: Desk, level: str) -> None:
    wrong = begun("record", "cost-level-set", *WHERE, "--year", "2027", "--level", level)

    assert wrong.code == 2
    assert wrong.errors[0].startswith("--level: ")


def test_a_malformed_object_or_map_is_reported(begun: Desk) -> None:
    counted = ("record", "population-published", *WHERE, "--counted-on", "2023-12-31", "--figures")

    assert begun(*counted, "sala").errors == ["--figures: 'sala' is not written name=value"]
    assert begun(*counted, "{").errors[0].startswith("--figures: not JSON: ")
    assert begun(*counted, "@nowhere").errors == ["--figures: nowhere cannot be read: No such file or directory"]
