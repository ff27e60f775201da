"""English papers: parties by their names, words instead of ids, and no commands in the sentences of answers."""

from __future__ import annotations

import ast
import re
from itertools import chain
from pathlib import Path

import pytest

from ledger.events import EVENTS
from ledger.messages import in_language, msg, term
from papers.english import APART, FORMS, PAPER_ENGLISH
from papers.kinds import on_paper
from papers.sentences import without_commands
from presentation.language import catalogue, current, speaking
from tests.acts import proposed
from tests.given import given
from tests.given_working import sitting
from tests.papers.laid_out import ordered, said

RULES = [*(Path(__file__).parents[2] / "ledger" / "rules").rglob("*.py")]
TO_DO = "assess the level anew"  # it is no finding, and on no paper
EVENT = re.compile(rf"(?<![\w-])(?:{'|'.join(EVENTS)})(?![\w-])")


VALUE = re.compile(r"\{(\w+):(\w+)\}")
SENTENCES = ("marked", "breach", "cannot_tell")
NO_BREACH = {  # sentences with such values that are refusals, or verdicts that no paper shows
    "the report of {what} was received on {day}, before its half-year begins, {first}; is that intended?",
    "{id} is not a municipality",
}


def told_in(file: Path) -> list[str]:
    """Returns the messages of the findings in a file."""
    return marked_in(file, SENTENCES)


def marked_in(file: Path, by: tuple[str, ...] = ("marked",)) -> list[str]:
    calls = (one for one in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(one, ast.Call))
    texts = (one.args[0].value for one in calls if _marks(one, by) and isinstance(one.args[0], ast.Constant))
    return [text for text in texts if isinstance(text, str)]


def _marks(call: ast.Call, by: tuple[str, ...]) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in by and bool(call.args)


@pytest.mark.parametrize("lang", ["en", "sv"])
def test_no_sentence_of_a_rule_tells_a_paper_what_to_record(lang: str) -> None:
    texts = [text for text in chain(*map(marked_in, RULES)) if EVENT.search(text) and not text.startswith(TO_DO)]
    assert len(texts) >= 4
    with speaking(lang):
        for text in texts:
            left = without_commands(re.sub(r"\{[^}]*\}", "x", in_language(text)))
            assert left
            assert not EVENT.search(left)


def forms(text: str) -> set[tuple[str, str]]:
    return {(name, form) for name, form in VALUE.findall(text) if form in FORMS.values()}


def test_parties_and_words_in_sentences_have_the_forms_of_the_swedish_ones() -> None:
    texts = {*chain(*map(told_in, RULES))}
    assert APART.keys() <= texts
    lack = {text for text in texts if forms(catalogue("sv").gettext(text)) - forms(PAPER_ENGLISH.gettext(text))}
    assert lack == NO_BREACH


def test_the_register_says_neither_its_moment_nor_twice_that_no_agreement_is_in_force() -> None:
    told = said("council", ordered(given(proposed())))

    assert "Known at" not in told
    assert told.count("in force") == 1
    assert "Known at" not in said("council", ordered(given(sitting())))


def test_a_party_has_its_name_and_a_word_no_hyphen() -> None:
    with on_paper(ordered(given(sitting())).asked):
        assert msg("{party} has {count:seat} left", party="koping", count=2) == "Köping has 2 seats left"
        assert msg("{party} has no seat {seat}", party="region", seat="executive-chair") == (
            "Region Västmanland has no seat executive chair"
        )
        assert msg("{provision} ({section})", provision="six-meetings", section="2.3") == "six meetings (2.3)"
        assert (term("outcome", "referred-back"), term("topic", "eu-matters")) == ("referred back", "EU matters")
        assert term("x", "Not a word-of ids") == "Not a word-of ids"
        assert current() == "en"
    assert term("outcome", "referred-back") == "referred-back"
