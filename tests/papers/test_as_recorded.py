"""Notices and minutes say what is recorded as it is: loose days, lines, what was quashed, and nothing as nothing."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from papers.contexts import MissingRow
from papers.kinds import on_paper
from papers.minutes import context_of
from papers.paper import Paper, Preformatted
from presentation.blocks import columns, in_role, text, title
from presentation.language import speaking
from projections.minutes import minutes, paragraphs
from projections.notice import notice
from tests.acts import act, annulled, called, held
from tests.given import given
from tests.given_working import (
    adjusted,
    cancelled,
    dispatched,
    handled,
    meeting,
    moved,
    position,
    recommended,
    requested,
    reserved,
    signed,
    sitting,
)
from tests.papers.given_minutes import DAY, ledger, ordered, paper, under
from tests.papers.laid_out import pages_of, pdf
from tests.papers.test_minutes import squeezed, text_of

if TYPE_CHECKING:
    from ledger.book import Ledger
    from ledger.events import Event

TWO = [{"number": 1, "title": "Ett", "kind": "procedure"}, {"number": 2, "title": "Två", "kind": "procedure"}]
LINES = "Beredningen beslutar\natt anta strategin, och\natt\tsända den."


def registered_as(event: Event, number: str) -> Event:
    return structs.replace(event, source=structs.replace(event.source, registration_number=number))


def told(book: Ledger, kind: str, which: str = "m1", **asked: Any) -> str:
    return text_of(paper(book, kind, which, "pdf", **asked))


def says(text: str, *said: str) -> list[str]:
    """Returns those of some sentences that a text lacks."""
    return [one for one in said if squeezed(one) not in text]


@pytest.mark.parametrize(
    ("sent", "said", "judged"),
    [
        ("2024-08", "some day in August 2024, between 6 and 36 days before the meeting", "cannot be told: it was sent"),
        ("2024-08-28/2024-09-02", "between 4 and 9 days before the meeting", "The notice was sent too late: between 4"),
        ("2024-09-01/2024-09-09", "between 5 days before and 3 days after the meeting", "was sent too late"),
        ("2024-09-07/2024-09-09", "between 1 and 3 days after the meeting", "was sent too late"),
        ("2024-07", "some day in July 2024, between 37 and 67 days before the meeting", ""),
    ],
)
def test_a_notice_of_a_loose_day_is_judged_by_every_possible_day(sent: str, said: str, judged: str) -> None:
    text = told(ledger(sitting(), called("m1", sent, "2024-09-06")), "notice")

    assert says(text, said, judged) == []
    assert ("toolate" in text) == ("too late" in judged)


def test_minutes_say_loose_days_as_they_are_recorded() -> None:
    book = ledger(
        sitting(), meeting("m1", "2024-10-20"), handled("m1", "2024-10-20", 1, "noted"),
        adjusted("m1", "2024-10", items=[1]), signed("m1", "2024-11"), adjusted("m1", "2024-11-10/2024-11-20"),
        dispatched("m1", "2024-12"),
    )  # fmt: skip
    text = told(book, "minutes")

    assert says(text, "Signed some day in November 2024", "Påhittad region-1 some day in November 2024",
                "Sala some day in December 2024") == []  # fmt: skip
    assert "30November" not in text
    assert "31December" not in text.partition("Thispapershows")[0]


@pytest.mark.parametrize("form", ["pdf", "html", "docx"])
def test_the_lines_of_a_text_are_lines(form: str) -> None:
    book = ledger(
        sitting(), called("m1", "2025-02-01", "2025-03-01", agenda=[TWO[0]], documents=[{"title": "Ett\ntvå"}]),
        held("m1", "2025-03-01"), handled("m1", "2025-03-01", 1, "decided", text=LINES),
        structs.replace(reserved("m1", "2025-03-01", "sala-1"), text="Först\nsedan"),
    )  # fmt: skip
    data = paper(book, "minutes", "m1", form)

    if form == "pdf":
        text = text_of(data)
        assert "\\n" not in text
        assert "\\t" not in text
        assert says(text, "beslutar att anta strategin, och att sända den.", "Ett två", "Först sedan") == []
    if form == "html":
        page = data.decode()
        assert "Beredningen beslutar</p>" in page
        assert "<p>att anta strategin, och</p>" in page
        assert "Ett<br>två" in page
        assert "Först<br>sedan" in page


def test_a_decision_that_a_court_quashed_stays_in_the_minutes() -> None:
    book = ledger(
        sitting(), called("m1", "2025-02-01", "2025-03-01", agenda=TWO), held("m1", "2025-03-01"),
        under(handled("m1", "2025-03-01", 1, "decided", text="Det beslutades."), "§ 7"),
        under(recommended("r1", "m1", "2025-03-01", item=2), "§ 8"),
    )  # fmt: skip
    whole = book.timeline()
    both = [position(whole, one) for one in ("item-handled", "recommendation-made")]
    book.record([annulled(one, cause="quashed", on="2025-06-01") for one in both], by="sekretariatet")
    text = told(book, "minutes")

    assert says(text, "§ 7 Ett", "Decision Det beslutades. Outcome decided", "§ 8 Två", "Bygg ut") == []
    assert text.count(squeezed("A court has quashed this decision, on 1 June 2025: prov")) == 2
    assert "(proposed)" not in text
    assert says(told(book, "minutes-extract", "m1/1"), "A court has quashed this decision, on 1 June 2025: prov") == []


def test_a_decision_recorded_by_mistake_is_not_in_the_minutes() -> None:
    book = ledger(sitting(), meeting("m1", "2025-03-01"),
                  under(handled("m1", "2025-03-01", 1, "decided", text="Det beslutades."), "§ 7"))  # fmt: skip
    book.record([annulled(position(book.timeline(), "item-handled"))], by="sekretariatet")

    assert says(told(book, "minutes"), "Det beslutades.", "§ 7") == ["Det beslutades.", "§ 7"]


def test_no_number_is_proposed_that_a_later_or_a_quashed_decision_has() -> None:
    book = ledger(
        sitting(), meeting("m1", "2025-02-01", agenda=TWO), under(handled("m1", "2025-02-01", 1, "noted"), "§ 20"),
        meeting("m2", "2025-03-01", agenda=TWO), under(handled("m2", "2025-03-01", 1, "noted"), "§ 21"),
        structs.replace(under(handled("m2", "2025-03-01", 2, "noted"), "§ 22")),
    )  # fmt: skip
    book.record([annulled(position(book.timeline(), "item-handled", 2), cause="quashed")], by="sekretariatet")

    for on in (date(2025, 2, 15), DAY):
        assert paragraphs(book.timeline(), on, 2025)["m1", 2].text == "§ 23"


def test_a_moved_meeting_tells_what_the_notice_before_named_and_why() -> None:
    again = structs.replace(moved("m1", "2025-02-10", "2025-03-08"), starts_at="10:00", place="Sal 2", reason="Snö")
    book = ledger(sitting(), called("m1", "2025-02-01", "2025-03-01", starts_at="09:00"), again,
                  moved("m1", "2025-02-11", "2025-03-09"))  # fmt: skip

    text = told(book, "notice", on=date(2025, 2, 10))
    assert says(text, "the notice before named 1 March 2025, 09.00, Sal 1.", "Reason for the move: Snö") == []
    assert says(told(book, "notice"), "named 8 March 2025, 10.00, Sal 2.", "reason for the move is not on record") == []


def test_a_cancelled_meeting_is_titled_so_with_day_and_reason() -> None:
    end = structs.replace(cancelled("m1", "2025-02"), reason="Sjukdom")
    text = told(ledger(sitting(), called("m1", "2025-02-01", "2025-03-01"), end), "notice")

    assert says(text, "Cancelled: the meeting on 1 March 2025", "which was decided some day in February 2025.",
                "Reason for the cancellation: Sjukdom", "Had been called") == []  # fmt: skip
    assert "Noticeofthemeeting" not in text


def test_a_notice_says_the_request_its_number_and_what_is_not_on_record() -> None:
    call = registered_as(called("m1", "2025-02-01", "2025-03-01", requests=["b1", "b2"]), "SRB 2025/7")
    book = ledger(sitting(), requested("b1", "2025-01-10", ["region-1", "sala-1"]),
                  requested("b2", "2025-01", ["koping-1"]), call)  # fmt: skip
    text = told(book, "notice")

    assert says(text, "the request b1, made on 10 January 2025 by Påhittad region-1 and Påhittad sala-1: Läget i länet",
                "the request b2, made some day in January 2025 by", "Registration number SRB 2025/7",
                "Documents No document sent with the notice is on record.", "Läget information not on record",
                "Köping") == []  # fmt: skip
    assert not re.search(r"koping(?!\d)", text)


def test_a_request_that_is_not_on_record_is_said_to_be_so() -> None:
    found = notice(given(sitting(), called("m1", "2025-02-01", "2025-03-01", requests=["b9"])), DAY, "m1")

    assert found
    assert [(one.request, one.day) for one in found.requests] == [("b9", None)]


def test_minutes_and_extract_have_registration_numbers_and_tell_of_an_added_item() -> None:
    book = ledger(
        sitting(), called("m1", "2025-02-01", "2025-03-01", agenda=[TWO[0]]),
        registered_as(held("m1", "2025-03-01", agenda=TWO), "SRB 2025/9"),
        registered_as(handled("m1", "2025-03-01", 2, "noted"), "SRB 2025/10"),
    )  # fmt: skip

    added = "Item 2, procedure, added at the meeting, not in the notice, registration number SRB 2025/10"
    assert says(told(book, "minutes"), "Registration number SRB 2025/9", "Item 1, procedure ", added) == []
    cut = told(book, "minutes-extract", "m1/2")
    assert says(cut, "Registration number SRB 2025/10", "Sent to not on record") == []


def test_an_empty_list_is_nobody_and_no_list_is_not_on_record() -> None:
    nothing: dict[str, list[str]] = {"proposals": [], "recused": [], "documents": []}
    book = ledger(sitting(), meeting("m1", "2025-03-01", remote=[], experts=[], others=[]),
                  handled("m1", "2025-03-01", 1, "noted", **nothing))  # fmt: skip
    text = told(book, "minutes")

    assert says(text, "Nobody took part remotely.", "No expert was present.", "Nobody else was present.") == []
    none = ("No proposals were made.", "Nobody left for conflict of interest.", "No documents were dealt with.")
    assert says(text, *none) == []
    found = minutes(book.timeline(), DAY, "m1")
    assert found
    assert (found.items[0].proposals, found.items[0].recused, found.items[0].documents) == ((), (), ())


def test_what_is_missing_is_told_once_and_a_recommendation_is_a_decision() -> None:
    book = ledger(sitting(), meeting("m1", "2025-03-01", agenda=TWO), recommended("r1", "m1", "2025-03-01"),
                  handled("m1", "2025-03-01", 2, "referred-back", background="Bakgrunden."))  # fmt: skip
    text = told(book, "minutes")
    asked = ordered(book, "m1")
    with speaking("en"), on_paper(asked.asked):
        missing = context_of(asked).missing

    assert "Decisionnot" not in text
    assert says(text, "Outcome referred back") == []
    assert MissingRow("Background", "§ 1 (proposed)") in missing
    assert MissingRow("Wording of the decision", "§ 2 (proposed)") in missing
    assert MissingRow("Vote", "every §") in missing
    assert text.count("Wordingofthedecision") == 1


def test_the_paragraphs_are_told_without_those_between_that_are_not_there() -> None:
    agenda = [{"number": one, "title": f"Ärende {one}", "kind": "procedure"} for one in range(1, 8)]
    named = ["§ 1", "§ 2", "§ 3", "§ 7", "§ 8", "§§ 10–11"]
    items = [under(handled("m1", "2025-03-01", one, "noted"), name) for one, name in enumerate(named, 1)]
    text = told(ledger(sitting(), meeting("m1", "2025-03-01", agenda=agenda), items), "minutes")

    assert says(text, "Paragraphs §§ 1–3, §§ 7–8, §§ 10–11, § 12 (proposed)") == []


def test_word_says_which_documents_were_sent_with_the_notice() -> None:
    from tests.papers.test_word import text_of as in_word

    assert "\nDocuments sent with the notice\n" in in_word(
        paper(ledger(sitting(), held("m1", "2025-03-01")), "minutes", "m1", "docx")
    )


def test_a_duty_moved_is_told_with_the_day_of_signing_in_words() -> None:
    book = ledger(sitting(), meeting("m1", "2025-03-01"), signed("m1", "2025-03-06"),
                  act("minutes-duty-moved", "2025-03-02", meeting="m1", duty="adjustment", to="sala-2"))  # fmt: skip

    assert "Påhittad region-1<br>6 March 2025" in paper(book, "minutes", "m1", "html").decode()


def test_the_heading_of_rows_stays_with_the_rows() -> None:
    for lines in range(30, 44):
        rows = [(f"Kommun {group}", "") if row is None else (f"Namn {group}-{row}", "x")
                for group in range(4) for row in (None, 1, 2, 3)]  # fmt: skip
        body: list[Any] = [Preformatted("", "\n".join(["rad"] * lines)), columns(text("A"), text("B"), rows=rows)]
        for page in pages_of(pdf(Paper(kind="notice", title="Prov", body=tuple(body)))):
            told = page.partition(" Ledger 0000")[0]
            assert not re.search(r"(Kommun \d|A B)$", told), (lines, told)


def test_a_label_stays_with_its_list() -> None:
    for lines in range(44, 64):
        label = (title("Reservationer") + in_role(":", ""), "", "- Anna: nej", "- Bo: nej")
        body: tuple[Any, ...] = (Preformatted("", "\n".join(["rad"] * lines)), *label)
        for page in pages_of(pdf(Paper(kind="notice", title="Prov", body=body))):
            assert not page.partition(" Ledger 0000")[0].endswith("Reservationer:"), lines


def test_a_table_of_a_few_rows_is_not_broken_and_a_longer_one_begins_with_two() -> None:
    for many in (4, 12):
        rows = [(f"Namn {row}", "x") for row in range(1, many + 1)]
        for lines in range(40, 62, 2):
            body = (Preformatted("", "\n".join(["rad"] * lines)), columns(text("A"), text("B"), rows=rows))
            on_pages = [page.count("Namn") for page in pages_of(pdf(Paper(kind="notice", title="Prov", body=body)))]
            assert 1 not in on_pages[:1], (many, lines)
            assert many > 4 or many in on_pages, (many, lines)
