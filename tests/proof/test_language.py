"""Tests that what a check finds is told in the language of the run, also when several processes share the check."""

from __future__ import annotations

from gettext import NullTranslations
from typing import TYPE_CHECKING

import pytest

from cli.commands.verify import stretch_of
from ledger.errors import NoSigningKey
from ledger.integrity.checkpoints import contradiction
from ledger.integrity.export.folder import GIVEN_NAME, Problem
from ledger.integrity.keyfile import load_key
from ledger.messages import CATALOGUE
from ledger.proof.note import repaired
from presentation.language import speaking
from tests.export.making import PAST
from tests.proof.test_checkpoints import Kept, size

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Bracketed(NullTranslations):
    """A language that puts each text in brackets."""

    def gettext(self, message: str) -> str:
        return f"[{message}]"

    def pgettext(self, _: str, message: str) -> str:
        return f"[{message}]"


@pytest.fixture
def bracketed() -> Iterator[None]:
    token = CATALOGUE.set(Bracketed())
    try:
        yield
    finally:
        CATALOGUE.reset(token)


def test_a_process_that_checks_a_range_tells_in_the_language_of_the_run(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("presentation.language.catalogue", lambda language: {"sv": Bracketed()}[language])

    assert stretch_of(str(place), 0, 7, "sv").problems == [(7, "[it is missing]")]


def test_english_needs_no_catalogue(place: Path) -> None:
    with speaking("en"):
        assert stretch_of(str(place), 0, 7, "en").problems == [(7, "it is missing")]


@pytest.mark.usefixtures("bracketed")
def test_one_entry_and_several_are_told_by_one_message() -> None:
    changed = [*PAST[:-1], PAST[0]]

    assert contradiction(Kept(changed), size(PAST)) == (
        "[the first 19 entries are not those that the checkpoint was signed for: the log was rewritten]"
    )
    assert contradiction(Kept([PAST[1]]), size(PAST[:1])) == (
        "[the first entry is not the one that the checkpoint was signed for: the log was rewritten]"
    )


@pytest.mark.usefixtures("bracketed")
def test_the_systems_reason_is_a_word_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(NoSigningKey) as refused:
        load_key(tmp_path, "x")

    assert str(refused.value).startswith(f"[{tmp_path} holds no signing key: ")


@pytest.mark.usefixtures("bracketed")
def test_a_problem_is_one_message_around_another() -> None:
    assert Problem(what="x", path="a").line == "a: x"
    assert Problem(what="x", path="a", position=3).line == "[a, entry 3: x]"
    assert Problem(what="x", position=3).line == "[entry 3: x]"
    assert Problem(what="x", path=GIVEN_NAME).line == "[the checkpoint given]: x"


@pytest.mark.usefixtures("bracketed")
def test_repairs_are_told_when_they_are_made() -> None:
    assert repaired(b"a \r\n") == ("a\n", ("[line ends of another system (CR)]", "[spaces at the ends of lines]"))
