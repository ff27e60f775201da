"""Answers in a language that is not English: words of closed sets, parties, persons, days and numbers are shown in the
way of that language, and no word of a closed set is left untranslated.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import date
from gettext import NullTranslations
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from ledger.messages import CATALOGUE, msg, showing
from ledger.readings import READINGS
from ledger.rules.provisions import OURS, PROVISIONS
from ledger.rules.silences import SILENCES
from presentation.costs.payroll import attendance as payroll
from presentation.findings import findings
from presentation.phrases import foot, parties
from presentation.terms import SETS, sets
from presentation.words import entry_line, fields_text, party_text, source_line
from projections.attendance import Attendance
from projections.findings import Findings, Tally
from projections.history import ToldEntry
from tests.desk import every_question

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.desk import Desk

NAMES = {"norberg": "Norbergs kommun", "vasteras": "Västerås stad", "region": "Region Västmanland"}
# Words of these sets are not shown by answers, or are the same as names that people type.
APART = {"metavar", "field", "error", "type", "column"}
INNERMOST = re.compile(r"⟦[^⟦⟧]*⟧")


class Swedish(NullTranslations):
    """A catalogue with the few given translations; the words of sets are given as SET:WORD."""

    def __init__(self, translations: Mapping[str, str]) -> None:
        super().__init__()
        self.translations = translations

    def gettext(self, message: str) -> str:
        return self.translations.get(message, message)

    def pgettext(self, context: str, message: str) -> str:
        return self.translations.get(f"{context}:{message}", message)


class Pseudo(NullTranslations):
    """A catalogue that puts each text that is looked up in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def pgettext(self, _context: str, message: str) -> str:
        return f"⟦{message}⟧"


@contextmanager
def swedish(**translations: str) -> Iterator[None]:
    told = {
        "{date:iso}": "{date:long}", "June": "juni", "{number:point}": "{number:comma}", "{party}": "{party:party}",
        "{person}": "{person:who}", "true": "ja", "yes": "ja", **translations,
    }  # fmt: skip
    token = CATALOGUE.set(Swedish(told))
    try:
        with showing(lambda person: f"Testa ({person})", parties(lambda: NAMES)):
            yield
    finally:
        CATALOGUE.reset(token)


def told(event: str, **fields: object) -> ToldEntry:
    source = {"organ": "assembly", "decided_on": "2025-06-01", "paragraph": "§ 12", "registration_number": None,
              "document": None}  # fmt: skip
    return ToldEntry(position=7, recorded_at="2025-06-02T22:30:00.000001Z", recorded_by="anna", key="k", event=event,
                     valid_on="2025-06", source=source, fields=fields, annulled_by=None)  # fmt: skip


def test_a_party_is_shown_by_its_name_and_a_whole_name_stays_whole() -> None:
    assert party_text("norberg") == "norberg"
    with swedish():
        assert [party_text(party) for party in NAMES] == ["Norberg", "Västerås", "Region Västmanland"]
        assert msg("{party:genitive}", party="norberg") == "Norbergs"
        assert msg("{party:genitive}", party="Norbergs kommun") == "Norbergs kommuns"


def test_decimals_days_and_moments_are_written_in_the_way_of_the_language() -> None:
    known_at = {"Known at {known_at}.": "Känt {known_at:moment}.", "{date:iso} at {time}": "{date:long} kl. {time}"}
    assert msg("raised by {change:decimal} %", change="2.9") == "raised by 2.9 %"
    with swedish(**known_at):
        assert msg("raised by {change:decimal} %", change="2.9") == "raised by 2,9 %"
        assert msg("from {day:when}", day="2025-06-01") == "from 1 juni 2025"
        assert foot("2025-06-01T10:00:00Z", ())[-1] == "Känt 1 juni 2025 kl. 12.00."
        assert foot("@12", ())[-1] == "Känt @12."
        assert msg("{at:moment}", at="2025-06-01T10:00:00") == "2025-06-01T10:00:00"  # in no time zone
        assert msg("{at:moment}", at="9999-12-31T23:30:00Z") == "9999-12-31T23:30:00Z"  # in Sweden, in a year too many


def test_an_exact_day_has_its_article_within_a_sentence_and_an_inexact_one_none() -> None:
    with swedish(**{"the day {date:iso}": "den {date:long}", "some day in June {year}": "någon dag i juni {year}"}):
        shown = [msg("{day:dated}", day=day) for day in ("2025-06-01", date(2025, 6, 1), "2025-06")]

    assert shown == ["den 1 juni 2025", "den 1 juni 2025", "någon dag i juni 2025"]


def test_a_section_that_has_no_number_is_named_in_the_table_of_findings() -> None:
    counted = Tally(provision="in-force", section="head, 7", breaches=1, advisory=0, cannot_tell=0, passes=0, silent=0)
    answer = Findings(on=date(2025, 6, 1), known_at="@1", version=1, findings=(), summary=(counted,))
    with swedish(**{"section:head, 7": "inledningen, 7"}):
        assert "inledningen, 7" in str(findings(answer))


def test_the_body_among_parties_is_shown_by_its_word_and_other_recipients_as_they_are() -> None:
    sent = told("minutes-dispatched", meeting="srb-1", to=["norberg", "Kollektivtrafikrådet"])
    with swedish(**{"organ:body": "beredningen"}):
        assert msg("{to:party}", to=("norberg", "body")) == "Norberg, beredningen"
        assert entry_line(sent).endswith("to: [Norberg, Kollektivtrafikrådet]")


@pytest.mark.parametrize(
    ("count", "told"), [(0, "Inga möten, inget hållet"), (1, "1 möte, hållet"), (2, "2 möten, hållna")]
)
def test_a_language_may_have_words_for_none(count: int, told: str) -> None:
    with swedish(**{"{count:meeting}, held": "{count:möte|möten|Inga möten}, {count:?hållet|hållna|inget hållet}"}):
        assert msg("{count:meeting}, held", count=count) == told
        assert msg("{count:?a|b|c}", count=("x",) * count) == "cab"[count]


def test_the_words_of_a_set_are_translated_one_by_one() -> None:
    with swedish(**{"organ:court": "domstol", "organ:body": "beredning"}):
        assert msg("{organs:organ}", organs=("court", "body")) == "domstol, beredning"
        assert msg("{organ:organ}", organ="court") == "domstol"


def test_the_line_of_an_entry_is_read_in_the_language() -> None:
    answered = told("recommendation-answered", recommendation="r1", party="norberg", answer="accepted")
    terms = {
        "{event} on {day}: {fields}": "{event:event} {day:when}: {fields}", "event:recommendation-answered": "svar",
        "field:party": "part", "field:answer": "svar", "answer:accepted": "antas", "organ:assembly": "fullmäktige",
        "some day in June {year}": "någon dag i juni {year}", "decided on {day}": "beslutad {day}",
        "{source}; recorded {at:utc} UTC by {who}": "{source}; förd {at:moment} av {who}",
    }  # fmt: skip
    assert entry_line(answered) == (
        "recommendation-answered on 2025-06: recommendation: r1, party: norberg, answer: accepted"
    )
    assert source_line(answered) == ("assembly, § 12, decided on 2025-06-01; recorded 2025-06-02 22:30:00 UTC by anna")
    with swedish(**terms):
        assert entry_line(answered) == ("svar någon dag i juni 2025: recommendation: r1, part: Norberg, svar: antas")
        assert fields_text(answered) == "recommendation: r1; part: Norberg; svar: antas"
        assert source_line(answered) == ("fullmäktige, § 12, beslutad 1 juni 2025; förd 2025-06-03 at 00.30 av anna")


@pytest.mark.parametrize(
    ("event", "fields", "english", "translated"),
    [
        ("index-published", {"percent": "2.9"}, "percent: 2.9", "percent: 2,9"),
        ("meeting-held", {"present": ["p1", "p2"]}, "present: [p1, p2]", "present: [Testa (p1), Testa (p2)]"),
        ("minutes-dispatched", {"to": ["norberg", "Trafikrådet"]}, "to: [norberg, Trafikrådet]",
         "to: [Norberg, Trafikrådet]"),
        ("project-funded", {"funder": "norberg"}, "funder: norberg", "funder: Norberg"),
        ("project-funded", {"funder": "Tillväxtverket"}, "funder: Tillväxtverket", "funder: Tillväxtverket"),
        ("minutes-duty-moved", {"to": "p1"}, "to: p1", "to: Testa (p1)"),
        ("recommendation-made", {"consensus": True}, "consensus: true", "consensus: ja"),
        ("group-recommended", {"addressees": ["body"]}, "addressees: [body]", "addressees: [beredning]"),
        ("person-registered", {"name": None}, "name: (disposed of)", "name: (gallrad)"),
        ("instalment-claimed", {"amounts": {"norberg": 100}}, "amounts: {norberg: 1,00 kr}",
         "amounts: {Norberg: 1,00 kr}"),
        ("meeting-called", {"agenda": [{"number": 1, "title": "Budget", "kind": "information"}]},
         "agenda: [{number: 1, title: Budget, kind: information}]",
         "agenda: [{number: 1, rubrik: Budget, kind: för kännedom}]"),
        ("item-handled", {"proposals": [{"by": "p1", "text": "Bifall"}]}, "proposals: [{by: p1, text: Bifall}]",
         "proposals: [{by: Testa (p1), text: Bifall}]"),
        ("agreement-proposed", {"terms": {"parties": [], "title": "T"}}, "terms: {parties, title}",
         "terms: {parties, rubrik}"),
    ],
)  # fmt: skip
def test_a_field_of_an_entry_is_read_in_the_language(
    event: str, fields: dict[str, object], english: str, translated: str
) -> None:
    assert entry_line(told(event, **fields)) == f"{event} on 2025-06: {english}"
    words = {"organ:body": "beredning", "kind:information": "för kännedom", "field:title": "rubrik",
             "(disposed of)": "(gallrad)"}  # fmt: skip
    with swedish(**words):
        assert entry_line(told(event, **fields)) == f"{event} on 2025-06: {translated}"


def test_the_headings_for_payroll_are_translated() -> None:
    answer = Attendance(on=None, known_at="@1", half_year="2025H1", parties=(), uncertain=())  # type: ignore[arg-type]
    assert payroll(answer)[0][:3] == ("half_year", "party", "person")
    with swedish(**{"column:party": "part", "column:half_year": "halvår"}):
        assert payroll(answer)[0][:3] == ("halvår", "part", "person")


@pytest.mark.on_file
def test_no_answer_shows_a_word_of_a_closed_set_untranslated(desk: Desk, demo: Desk) -> None:
    words = {word for name in SETS - APART for word in sets()[name]} - {"region"}  # the id of a party in the story
    words -= {*PROVISIONS, *OURS, *SILENCES, *(reading for of in READINGS.values() for reading in of or ())}
    desk.goes_on(demo)
    asked = [(*question, *form) for question in every_question() for form in ((), ("--csv",))]
    asked.remove(("history", "--csv"))  # shows lists of fields as JSON
    left = {}
    with patch("presentation.language.catalogue", lambda _: Pseudo()):
        for question in asked:
            said = desk(*question).out
            while INNERMOST.search(said):
                said = INNERMOST.sub("", said)
            left[question] = words & {*re.split(r"[\s,;:()\[\]{}\"]+", said)}
    assert {question: found for question, found in left.items() if found} == {}
