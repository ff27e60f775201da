"""Tests `init`, which creates a ledger for the agreement that ships with the program, or for other terms."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.desk import Desk

ROOT = Path(__file__).parents[2]


def proposed(desk: Desk, *args: object) -> dict[str, Any]:
    (entry,) = desk.asks("init", *args)["entries"]
    return dict(entry)


def test_the_agreement_that_ships_is_proposed_as_version_1(desk: Desk) -> None:
    entry = proposed(desk)

    assert (entry["event"], entry["valid_on"], entry["source"]["organ"]) == ("agreement-proposed", "2022-10-01", "body")
    assert (entry["fields"]["version"], entry["fields"]["in_force_from"]) == (1, "2023-01-01/2023-12-01")
    assert len(entry["fields"]["terms"]["parties"]) == 11


def test_its_text_is_named_by_its_digest(desk: Desk) -> None:
    text = (ROOT / "ledger/profiles/vastmanland.txt").read_bytes()

    assert proposed(desk)["source"]["document"] == sha256(text).hexdigest()


def test_a_text_of_ones_own_is_named_by_its_digest(desk: Desk) -> None:
    (desk.folder / "text.txt").write_bytes(b"den undertecknade")

    assert proposed(desk, "--text", "text.txt")["source"]["document"] == sha256(b"den undertecknade").hexdigest()


def test_what_the_profile_says_can_be_said_otherwise(desk: Desk) -> None:
    entry = proposed(desk, "--on", "2022-11", "--in-force-from", "2023-03-01", "--title", "Överenskommelsen")

    assert entry["valid_on"] == "2022-11"
    assert (entry["fields"]["in_force_from"], entry["fields"]["title"]) == ("2023-03-01", "Överenskommelsen")


@pytest.mark.on_file
def test_it_says_what_it_assumed_and_what_to_do_next(desk: Desk) -> None:
    told = desk.does("init").out.splitlines()

    assert told[0] == "./liggare.db is a new ledger, of this agreement:"
    assert told[1].startswith(
        "entry 1: agreement-proposed on 2022-10-01: version: 1, title: Överenskommelse om samverkan"
    )
    assert told[2].startswith("11 parties, 25 to 30 members. The day of the proposal is the profile's, or today: --on")
    assert told[3] == "Next: liggare agreement, and liggare record agreement-adopted --help"
    assert "The day" not in desk.does("init", "--on", "2022-10-03", "--ledger", "b.db").out


def test_terms_that_an_answer_printed_make_another_ledger(desk: Desk) -> None:
    desk.does("init")
    terms = desk.asks("agreement")["terms"]
    (desk.folder / "terms.json").write_text(json.dumps(terms), "utf-8")

    entry = proposed(desk, "--terms", "terms.json", "--ledger", "b.db")

    assert entry["fields"]["terms"] == terms
    assert (entry["valid_on"], entry["fields"]["in_force_from"]) == ("2026-01-15", "2026-01-15")


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("terms.toml", "numbers = [", "terms.toml is neither TOML nor JSON: "),
        ("terms.json", "[]", "terms.json holds no terms"),
        ("terms.json", '{"parties": []}', ""),
        ("terms.toml", 'text = "nowhere.txt"', "the text nowhere.txt of terms.toml cannot be read: No such file"),
    ],
)
def test_terms_that_are_none_are_bad_input(desk: Desk, name: str, content: str, what: str) -> None:
    (desk.folder / name).write_text(content, "utf-8")

    wrong = desk("init", "--terms", name)

    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.errors[0].startswith(what)
    assert not (desk.folder / "liggare.db").exists()


def test_a_key_and_who_records_are_kept(desk: Desk) -> None:
    entry = proposed(desk, "--key", "k1", "--as", "kim")

    assert (entry["key"], entry["recorded_by"]) == ("k1", "kim")


def test_every_fault_of_a_file_of_terms_names_the_file(desk: Desk) -> None:
    desk.writes("terms.json", [{"sala": 1}])

    wrong = desk("init", "--terms", "terms.json")

    assert wrong.code == 2
    assert [line for line in wrong.errors if not line.startswith("terms.json: ")] == []


@pytest.mark.on_file
def test_a_folder_in_which_nothing_can_be_made_is_not_said_to_be_missing(desk: Desk) -> None:
    for args in (("init", "--ledger", "/proc/x.db"), ("init", "--ledger", "x.db", "--key-file", "/proc/x.key")):
        wrong = desk(*args)

        assert wrong.code == 6
        assert "cannot be written" in wrong.errors[0], wrong
    assert desk("init", "--ledger", "/nowhere/x.db").errors == ["there is no directory /nowhere"]


def test_an_existing_ledger_is_reported_and_not_its_key(desk: Desk) -> None:
    desk.does("init")

    wrong = desk("init")

    assert wrong.code == 6
    assert "is already there; nothing was overwritten" in wrong.errors[0]
    assert "signing key" not in wrong.errors[0]


def test_what_agreement_prints_as_json_is_a_profile_to_begin_with(desk: Desk) -> None:
    desk.does("init", "--ledger", "one.db")
    answer = desk.does("agreement", "--ledger", "one.db", "--json", "--on", "2030-01-01").json
    desk.writes("two.json", [answer])
    desk.does("init", "--ledger", "two.db", "--terms", "two.json")

    again = desk.does("agreement", "--ledger", "two.db", "--json", "--on", "2030-01-01").json
    assert (again["title"], again["terms"]) == (answer["title"], answer["terms"])
