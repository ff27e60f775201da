"""The catalogues of translations are complete: each text of the code is in them, translated, with the same values."""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING, Any

import pytest
from babel.messages.pofile import read_po

from docs.words import catalogues, compiled, updated, written
from ledger import messages
from presentation.terms import SETS, sets
from tests.languages import ENGLISH, TYPED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def values(message: str) -> set[str]:
    """Returns the names of the values in a message."""
    return {name for _, name, _, _ in Formatter().parse(message) if name is not None}


def forms(message: str) -> Iterator[str]:
    """Yields the formats of the values in a message."""
    yield from (form for _, name, form, _ in Formatter().parse(message) if name is not None and form)


def singular(text: Any) -> str:
    return str(text[0] if isinstance(text, tuple) else text)


@pytest.fixture(scope="module", params=catalogues(), ids=lambda path: path.parts[-3])
def source(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_a_catalogue_holds_the_texts_of_the_code_and_no_other(source: Path) -> None:
    assert written(updated(source)).decode() == source.read_text("utf-8"), "run `make words`"


def test_every_text_is_translated_and_none_is_a_guess(source: Path) -> None:
    with source.open("rb") as told:
        texts = [one for one in read_po(told) if one.id]

    assert [one.id for one in texts if not singular(one.string).strip() or one.fuzzy] == []


def test_a_translation_has_the_values_of_its_message(source: Path) -> None:
    with source.open("rb") as told:
        texts = [(singular(one.id), singular(one.string), one.context) for one in read_po(told) if one.id]

    ours = [one for one in texts if not re.search(r"%[(sd]", one[0]) and not one[2]]  # click fills in by %
    assert [one for one in ours if values(one[0]) != values(one[1])] == []


def test_lines_that_stand_as_they_are_written_do_so_in_a_translation(source: Path) -> None:
    """In help, click joins the lines of a paragraph unless a line with a backspace stands before them."""
    with source.open("rb") as told:
        texts = [(singular(one.id), singular(one.string)) for one in read_po(told) if one.id]

    assert [one for one in texts if one[0].count("\b\n") != one[1].count("\b\n") and one[1]] == []


def test_a_fault_about_a_field_begins_with_the_field(source: Path) -> None:
    """The command line finds the option to name by the start of the fault; see `cli.fields.as_options`."""
    with source.open("rb") as told:
        texts = [(singular(one.id), singular(one.string)) for one in read_po(told) if one.id]

    assert [text for one, text in texts if one.startswith("{field} ") and not text.startswith("{field} ")] == []


def test_every_format_is_known(source: Path) -> None:
    with source.open("rb") as told:
        texts = [singular(one.string) for one in read_po(told) if one.id and not one.context and '"' not in one.id]

    known = {*messages.FORMS, *SETS}
    assert {form for text in texts for form in forms(text) if "|" not in form} <= known


def test_a_counted_word_has_two_forms_or_a_third_for_none_and_perhaps_one_for_none(source: Path) -> None:
    with source.open("rb") as told:
        texts = [singular(one.string) for one in read_po(told) if one.id and not one.context]

    assert [form for text in texts for form in forms(text) if "|" in form and form.count("|") not in {1, 2}] == []


def test_the_compiled_catalogue_is_that_of_the_source(source: Path) -> None:
    with source.open("rb") as told:
        assert source.with_suffix(".mo").read_bytes() == compiled(read_po(told)), "run `make words`"


def test_no_swedish_text_holds_an_english_word(source: Path) -> None:
    with source.open("rb") as told:
        texts = [singular(one.string) for one in read_po(told) if one.id]

    words = {text: {*re.findall(r"[a-zåäöé]+", TYPED.sub(" ", text).lower())} for text in texts}
    assert {text: found & ENGLISH for text, found in words.items() if found & ENGLISH} == {}


def test_every_set_of_words_has_a_name_and_words() -> None:
    found = sets()

    assert found.keys() == SETS
    assert all(found.values())
