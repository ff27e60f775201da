"""Tests the two agreements that are kept as data: the real agreement, and a made-up agreement whose numbers all differ
except one.
"""

from __future__ import annotations

import json
import shutil
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ledger.errors import BadInput
from ledger.profile import read_profile
from ledger.readings import READINGS, default_reading
from ledger.terms import Terms, terms_problems
from ledger.values import Day

ROOT = Path(__file__).parents[2]
VASTMANLAND = ROOT / "ledger/profiles/vastmanland.toml"
MALARBYN = ROOT / "tests/profiles/malarbyn.toml"
PARTS = ("parties", "numbers", "topics", "sections", "readings")


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("path", [VASTMANLAND, MALARBYN], ids=lambda path: path.stem)
def test_a_profile_holds_whole_and_sound_terms(path: Path) -> None:
    profile = read(path)

    terms = msgspec.convert({part: profile[part] for part in PARTS}, Terms)

    assert list(terms_problems(terms)) == []
    assert list(terms.readings) == list(READINGS)
    assert Day(profile["proposed_on"]).last < Day(profile["in_force_from"]).first
    assert path.with_name(profile["text"]).is_file()
    assert profile.keys() == {"title", "text", "proposed_on", "in_force_from", *PARTS}


@pytest.mark.parametrize("path", [VASTMANLAND, MALARBYN], ids=lambda path: path.stem)
def test_organisation_numbers_have_their_check_digit(path: Path) -> None:
    """The check is Luhn's algorithm: every second digit is doubled, beginning with the first, and the sum of all digits
    must be a multiple of ten.
    """
    for party in read(path)["parties"]:
        digits = [int(digit) for digit in party["organisation_number"].replace("-", "")]
        doubled = "".join(str(digit * (2 - place % 2)) for place, digit in enumerate(digits))

        assert len(digits) == 10, party["id"]
        assert sum(map(int, doubled)) % 10 == 0, party["id"]


def test_the_text_of_the_agreement_is_kept_byte_for_byte() -> None:
    digest = sha256(VASTMANLAND.with_suffix(".txt").read_bytes()).hexdigest()

    assert digest == "26aa62cfec73da6ca91d8974cf5c5fce2cea135ad8042f0f191ebc5782d5962f"


def test_the_agreement_starts_from_the_default_readings() -> None:
    assert read(VASTMANLAND)["readings"] == {question: default_reading(question) for question in READINGS}


def test_each_party_of_the_agreement_stands_in_its_text() -> None:
    text = " ".join(VASTMANLAND.with_suffix(".txt").read_text("utf-8").split())
    # The agreement's text misspells this word once, for Norberg.
    text = text.replace("kommunfullmäktiga", "kommunfullmäktige")

    for party in read(VASTMANLAND)["parties"]:
        assert f"Beslutad av {party['assembly'][0].lower()}{party['assembly'][1:]} den" in text


def test_the_made_up_agreement_differs_wherever_it_can() -> None:
    real, made_up = read(VASTMANLAND), read(MALARBYN)

    assert made_up["sections"].keys() == real["sections"].keys()
    assert {name for name in real["numbers"] if real["numbers"][name] == made_up["numbers"][name]} == {
        "reports_per_year"
    }
    for part in ("sections", "readings"):
        assert {name for name in real[part] if real[part][name] == made_up[part][name]} == set()


REGION = (
    "and exactly one party is: who chairs the body, bears its secretariat and is paid rests on it; another agreement"
    " cannot be expressed"
)


def faults(folder: Path, *changes: tuple[str, str]) -> list[str]:
    """Returns the errors reported for Mälarbyn's profile after the given replacements in its text."""
    text = MALARBYN.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    shutil.copy(MALARBYN.with_suffix(".txt"), folder)
    (folder / "profile.toml").write_text(text, "utf-8")
    with pytest.raises(BadInput) as refused:
        read_profile(folder / "profile.toml")
    return [what for _, what in refused.value.errors]


def test_all_that_is_missing_or_wrong_in_a_profile_is_reported_at_once_by_its_place_in_the_file(tmp_path: Path) -> None:
    told = faults(
        tmp_path,
        ('text = "malarbyn.txt"', 'text = "gone.txt"'),
        ("title =", "tittle ="),
        ('"2023-09-15"', '"2023-02-30"'),
        ('name = "Byaregionen"\n', ""),
        ('kind = "region"', 'kind = "municipality"'),
        ("members_max = 9\n", ""),
        ("notice_days = 10", 'notice_days = "ten"'),
        ('request_fraction = "1/4"', 'request_fraction = "5/4"'),
    )

    assert told[0].endswith("profile.toml cannot be read: No such file or directory")
    assert told[1:] == [
        "unknown field 'tittle'; did you mean title?",
        "parties[1].name is missing",
        "numbers.members_max is missing",
        "numbers.notice_days: a whole number is needed, not text",
        "proposed_on: '2023-02-30' does not exist: 2023-02 has days 01 to 28",
        f"parties: none is a region, {REGION}",
        "numbers: request_fraction 5/4 is more than the whole",
    ]


def test_a_profile_of_several_regions_cannot_be_expressed_and_says_so(tmp_path: Path) -> None:
    told = faults(tmp_path, ('kind = "municipality"', 'kind = "region"'), ('id = "byaregionen"\n', ""))

    assert told == [
        "parties[1].id is missing",
        f"parties: annanstans, one without an id, ingenstans, pahittsta are regions, {REGION}",
    ]


def test_whether_a_region_is_there_is_not_reported_where_a_kind_cannot_be_read(tmp_path: Path) -> None:
    told = faults(tmp_path, ('kind = "region"', 'kind = "landsting"'))

    assert told == ["parties[1].kind: 'landsting' is none of municipality, region"]


def test_a_profile_that_holds_nothing_says_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "empty.toml").write_text("text = 5")
    with pytest.raises(BadInput) as refused:
        read_profile(tmp_path / "empty.toml")

    lacking = [f"{part} is missing" for part in PARTS]
    assert [what for _, what in refused.value.errors] == ["text: the name of a file is needed", *lacking]


def test_terms_may_stand_together_under_their_own_name(tmp_path: Path) -> None:
    profile = read(MALARBYN)
    given = {"title": profile["title"], "terms": {part: profile[part] for part in PARTS}}

    (tmp_path / "whole.json").write_text(json.dumps(given), "utf-8")
    assert read_profile(tmp_path / "whole.json").terms == read_profile(MALARBYN).terms

    del given["terms"]["numbers"]["notice_days"]
    (tmp_path / "lacking.json").write_text(json.dumps(given | {"tittle": "T"}), "utf-8")
    with pytest.raises(BadInput) as refused:
        read_profile(tmp_path / "lacking.json")
    assert [what for _, what in refused.value.errors] == [
        "unknown field 'tittle'; did you mean title?",
        "terms.numbers.notice_days is missing",
    ]
