"""The agreements kept as data: the real one, and a made-up one that shares no number with it."""

from __future__ import annotations

import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest

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
    """Luhn's: every second digit doubled from the first on, digits summed, a multiple of ten."""
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
    text = text.replace("kommunfullmäktiga", "kommunfullmäktige")  # once, for Norberg

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
