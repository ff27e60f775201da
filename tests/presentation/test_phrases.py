"""A phrase is a text within a message: it is shown in the language of whoever asks, and kept as data in English."""

from __future__ import annotations

from datetime import date
from gettext import NullTranslations
from typing import TYPE_CHECKING

import pytest

from ledger.events.costs import CostBorne, PaymentMade
from ledger.events.seats import MemberAppointed
from ledger.events.shape import fields_of
from ledger.messages import CATALOGUE, either, msg, phrase
from ledger.rules.finding import breach
from presentation.json_documents import finding_document
from presentation.words import sentence
from projections.twice import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.events import Event

SWEDISH = {
    "population of {counted}": "folkmängden {counted}",
    "{what} is missing": "{what} saknas",
    "{party} {answer}": "{party}: {answer:answer}",
    "{rest} or {last}": "{rest} eller {last}",
}
POPULATION = phrase("population of {counted}", counted=date(2023, 12, 31))


class Swedish(NullTranslations):
    def gettext(self, message: str) -> str:
        return SWEDISH.get(message, message)

    def pgettext(self, context: str, message: str) -> str:
        return "godtagen" if (context, message) == ("answer", "accepted") else message


@pytest.fixture
def in_swedish() -> Iterator[None]:
    token = CATALOGUE.set(Swedish())
    yield
    CATALOGUE.reset(token)


def test_in_english_a_phrase_is_its_text() -> None:
    assert msg("{what} is missing", what=POPULATION) == "population of 2023-12-31 is missing"
    assert either(("ore", "krona", "tkr")) == "ore, krona or tkr"


@pytest.mark.usefixtures("in_swedish")
def test_a_phrase_is_shown_in_the_language_of_the_message_that_holds_it() -> None:
    answer = phrase("{party} {answer}", party="sala", answer="accepted")

    assert msg("{what} is missing", what=POPULATION) == "folkmängden 2023-12-31 saknas"
    assert msg("{what} is missing", what=(answer, POPULATION)) == "sala: godtagen, folkmängden 2023-12-31 saknas"
    assert either(("ore", "krona")) == "ore eller krona"


@pytest.mark.usefixtures("in_swedish")
def test_a_finding_is_said_in_the_language_and_its_values_are_in_english() -> None:
    found = breach("{what} is missing", what=(POPULATION,))

    assert sentence(found) == "folkmängden 2023-12-31 saknas"
    assert finding_document(found)["text"] == "folkmängden 2023-12-31 saknas"
    assert finding_document(found)["values"] == {"what": ("population of 2023-12-31",)}


@pytest.mark.parametrize(
    ("event", "matched"),
    [
        (PaymentMade, {"to", "amount"}),
        (CostBorne, {"kind", "borne_by", "for_party", "amount", "description"}),
        (MemberAppointed, {"person", "party", "seat"}),
    ],
)
def test_every_field_in_which_a_row_can_differ_from_an_entry_has_its_phrases(
    event: type[Event], matched: set[str]
) -> None:
    assert {field.name for field in fields_of(event)} - matched <= {*FIELDS}
