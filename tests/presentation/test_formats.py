"""Each format of a value in a message, in English and in a language that writes days and lists in its own way."""

from __future__ import annotations

from datetime import date
from gettext import NullTranslations
from typing import TYPE_CHECKING, Any

import pytest

from ledger.messages import CATALOGUE, Shown, msg, phrase, showing, term
from presentation.words import in_order

if TYPE_CHECKING:
    from collections.abc import Iterator

SWEDISH = {
    "{date:iso}": "{date:long}", "the day {date:iso}": "den {date:long}", "{rest}, {last}": "{rest} och {last}",
    "{number:point}": "{number:comma}", "{date:iso} at {time}": "{date:long} kl. {time}", "June": "juni",
    "February": "februari", "some day in {year}": "någon dag {year}", "nobody": "ingen",
    "some day in February {year}": "någon dag i februari {year}", "the second half of {year}": "andra halvåret {year}",
    "some day from {first} to {last}": "någon dag mellan den {first} och den {last}",
}  # fmt: skip


class Swedish(NullTranslations):
    def gettext(self, message: str) -> str:
        return SWEDISH.get(message, message)

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002 - gettext's signature
        return {"chair": "ordförande"}.get(message, message)


@pytest.fixture
def swedish() -> Iterator[None]:
    token = CATALOGUE.set(Swedish())
    yield
    CATALOGUE.reset(token)


DAY = date(2025, 6, 1)
FORMATS: list[tuple[str, Any, str, str]] = [  # format, value, in English, in Swedish
    ("", DAY, "2025-06-01", "1 juni 2025"),
    ("iso", DAY, "2025-06-01", "2025-06-01"),
    ("when", "2025-06-01", "2025-06-01", "1 juni 2025"),
    ("when", DAY, "2025-06-01", "1 juni 2025"),
    ("when", "2023", "some day in 2023", "någon dag 2023"),
    ("when", "2023-02", "some day in February 2023", "någon dag i februari 2023"),
    ("when", "2023-02-01/2023-06-01", "some day from 2023-02-01 to 2023-06-01",
     "någon dag mellan den 1 februari 2023 och den 1 juni 2023"),
    ("dated", "2025-06-01", "the day 2025-06-01", "den 1 juni 2025"),
    ("dated", DAY, "the day 2025-06-01", "den 1 juni 2025"),
    ("dated", "2023", "some day in 2023", "någon dag 2023"),
    ("moment", "2025-06-01T10:10:00Z", "2025-06-01 at 12.10", "1 juni 2025 kl. 12.10"),
    ("moment", "2025-06-01T10:10:33Z", "2025-06-01 at 12.10.33", "1 juni 2025 kl. 12.10.33"),
    ("moment", "2025-06-01T10:10:00", "2025-06-01T10:10:00", "2025-06-01T10:10:00"),
    ("moment", "@12", "@12", "@12"),
    ("utc", "2025-06-01T10:10:33.123456Z", "2025-06-01 10:10:33", "2025-06-01 10:10:33"),
    ("second", "2025-06-01T10:10:33.123456Z", "2025-06-01T10:10:33", "2025-06-01T10:10:33"),
    ("clock", "09:30", "09.30", "09.30"),
    ("halfyear", "2025H2", "the second half of 2025", "andra halvåret 2025"),
    ("monthday", ("02-01", "06-30"), "1 February, 30 June", "1 februari och 30 juni"),
    ("decimal", "2.9", "2.9", "2,9"),
    ("grouped", 10_000, "10 000", "10 000"),
    ("kr", 838_725_146, "8 387 251,46 kr", "8 387 251,46 kr"),
    ("kr", -5, "-0,05 kr", "-0,05 kr"),
    ("kr", "unknown", "unknown", "unknown"),
    ("post", "chair", "chair", "ordförande"),
    ("post", ("chair", "other"), "chair, other", "ordförande och other"),
    ("day", 1, "1 day", "1 day"),
    ("day", 2, "2 days", "2 days"),
    ("entry|entries", 2, "2 entries", "2 entries"),
    ("?has|have", (1, 2), "have", "have"),
    ("?has|have", (1,), "has", "has"),
    ("a group|groups|no group", 0, "no group", "no group"),
    ("", None, "nobody", "ingen"),
    ("kr", None, "nobody", "ingen"),
    ("", ("a", "b", "c"), "a, b, c", "a, b och c"),
    ("", phrase("{day}", day=DAY), "2025-06-01", "1 juni 2025"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "value", "english", "_"), FORMATS)
def test_a_value_in_english(form: str, value: Any, english: str, _: str) -> None:
    assert format(Shown(value), form) == english


@pytest.mark.parametrize(("form", "value", "_", "told"), FORMATS)
@pytest.mark.usefixtures("swedish")
def test_a_value_in_another_language(form: str, value: Any, _: str, told: str) -> None:
    assert format(Shown(value), form) == told


@pytest.mark.parametrize(
    ("party", "whose"), [("sala", "Salas"), ("vasteras", "Västerås"), ("norberg", "Norbergs"), ("boraz", "Boraz")]
)
def test_a_party_is_shown_as_the_answer_shows_parties(party: str, whose: str) -> None:
    names = {"sala": "Sala", "vasteras": "Västerås", "norberg": "Norberg", "boraz": "Boraz"}
    with showing(lambda person: f"Påhitt ({person})", names.__getitem__):
        assert msg("{party:genitive}", party=party) == whose
        assert msg("{party:party}", party=party) == names[party]
        assert msg("{person:who}", person="p1") == "Påhitt (p1)"
    assert msg("{party:party}, {person:who}", party=party, person="p1") == f"{party}, p1"


def test_parties_stand_in_the_swedish_alphabet_and_the_region_last(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"arboga": "Arboga", "koping": "Köping", "kungsor": "Kungsör", "vasteras": "Västerås", "region": "Regionen"}

    assert in_order(names) == [*names]
    monkeypatch.setattr("presentation.words.party_text", names.__getitem__)
    assert in_order(names) == ["arboga", "kungsor", "koping", "vasteras", "region"]
    assert in_order([]) == []


def test_a_word_that_no_set_holds_stays_as_it_is() -> None:
    assert term("post", "chair") == "chair"
