"""The agreement's own words are quoted from its text, with the lines on which they stand."""

from __future__ import annotations

from hashlib import sha256
from importlib.resources import files

import pytest

from ledger.passages import passages
from ledger.profile import load_profile

TEXT = (files("ledger.profiles") / "vastmanland.txt").read_bytes()
DIGEST = sha256(TEXT).hexdigest()
SECTIONS = load_profile("vastmanland").terms.sections


def between(first: int, last: int) -> str:
    """Returns the lines of the text from `first` to `last`, as one line."""
    return " ".join(" ".join(TEXT.decode().split("\n")[first - 1 : last]).split())


@pytest.mark.parametrize("provision", SECTIONS)
def test_a_provision_is_quoted_from_the_lines_that_are_named(provision: str) -> None:
    found = passages(DIGEST, provision)

    assert found
    for one in found:
        assert one.text in between(one.first, one.last)
        assert one.text not in between(one.first + 1, one.last)
        assert one.text not in between(one.first, one.last - 1)


@pytest.mark.parametrize("provision", SECTIONS)
def test_a_passage_stands_in_the_section_of_its_provision(provision: str) -> None:
    assert {one.section for one in passages(DIGEST, provision)} == {*SECTIONS[provision].split(", ")}


def test_notice_is_quoted_word_for_word() -> None:
    (found,) = passages(DIGEST, "notice")

    assert (found.first, found.last) == (119, 121)
    assert found.text == "Kallelse ska skickas ut minst 14 dagar före sammanträdet."


def test_another_text_has_no_passages() -> None:
    assert passages("0" * 64, "notice") == ()
    assert passages(None, "notice") == ()
    assert passages(DIGEST, "reference") == ()
