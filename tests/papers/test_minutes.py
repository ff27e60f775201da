"""The minutes of a meeting, and the extract of one §: what they say, and what they say is missing."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pymupdf
import pytest
from msgspec import structs

from ledger.errors import BadInput, Tampered
from papers.contexts import LABELS
from papers.kinds import made
from papers.minutes import context_of
from presentation.asking import NoSuch
from projections.meeting import meeting as one_meeting
from projections.minutes import minutes, paragraphs
from tests.acts import act, called, held
from tests.desk import at_a_desk
from tests.given import given
from tests.given_working import handled, meeting, recommended, reserved, sitting
from tests.papers.given_minutes import (
    DAY,
    DIGEST,
    HOSTILE,
    LONG,
    bare,
    checkpoint,
    full,
    huge,
    ledger,
    ordered,
    paper,
    texts,
    under,
)

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.book import Ledger
    from projections.minutes import MinutesOfMeeting
    from tests.desk import Desk


def text_of(data: bytes) -> str:
    """Returns the text of a PDF without anything that setting it in lines has changed: spaces and hyphens."""
    document: Any = pymupdf.open(stream=data)  # type: ignore[no-untyped-call]
    return squeezed("".join(page.get_text() for page in document))


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00ad\u2010-]", "", text)


def of(which: str, book: Ledger) -> MinutesOfMeeting:
    found = minutes(book.timeline(), DAY, which)
    assert found
    return found


def test_minutes_say_every_fact_of_the_meeting() -> None:
    book = full()
    told = text_of(paper(book, "minutes", "m2", "pdf"))
    days = {"6 March 2025", "10 March 2025"}  # those of the signatures have another form

    assert [one for one in texts(context_of, book, "m2") if squeezed(one) not in told and one not in days] == []
    for fact in ("Vera Vittne", "Sture Skrivare", "09.00", "11.30", "Avslag.", DIGEST, "cd" * 32, "ef" * 32,
                 "Strategin saknar mål för tåget.", "3 for, 1 against, 0 abstained", "Påhittad expert-1", "Surahammar",
                 "Beredningen rekommenderar strategin.", "Strategin har beretts sedan hösten 2024.", "Anta strategin",
                 "dissenting: Påhittad koping-1", "instead of Påhittad sala-1", "continues m1/2"):  # fmt: skip
        assert squeezed(fact) in told, fact


def test_figures_and_days_are_those_of_the_answer_about_the_meeting() -> None:
    book = full()
    found, answer = of("m2", book), one_meeting(book.timeline(), DAY, {}, "m2")

    assert answer
    assert answer.standing == found.standing
    for item, told in zip(found.items, found.standing.agenda, strict=True):
        assert (item.number, item.title, item.outcome) == (told.number, told.title, told.outcome)
        assert (item.vote, item.recused or ()) == (told.vote, told.recused)
        assert tuple(one.person for one in item.reservations) == told.reservations
    assert [one.recommendation for one in found.items[0].recommendations] == ["r1"]


def test_whoever_is_a_member_that_day_is_present_or_absent() -> None:
    found = of("m2", full())

    assert len(found.present) + len(found.absent) == 30
    assert {one.person for one in found.present} == {"region-1", "sala-1", "koping-1", "koping-2", "arboga-1"}
    assert (found.present[1].party, found.present[1].political_party) == ("sala", "Alfa")
    assert found.experts is not None
    assert [(one.person, one.field) for one in found.experts] == [("expert-1", "statistik"), ("guest-1", None)]


def test_a_paragraph_is_that_of_its_source_and_else_counted_through_the_year() -> None:
    told = paragraphs(full().timeline(), DAY, 2025)

    assert {key: (one.text, one.proposed) for key, one in told.items()} == {
        ("m1", 1): ("§ 1", False),
        ("m1", 2): ("§ 2", False),
        ("m2", 1): ("§ 4", False),
        ("m2", 2): ("§ 5", True),
        ("m2", 3): ("§ 6", True),
        ("m3", 1): ("§ 7", True),
    }


def test_no_number_is_proposed_that_a_source_of_the_year_names() -> None:
    two = [{"number": 1, "title": "Ett", "kind": "procedure"}, {"number": 2, "title": "Två", "kind": "procedure"}]
    timeline = given(
        sitting(),
        meeting("m1", "2025-02-01", agenda=two),
        meeting("m2", "2025-03-01", agenda=two),
        under(handled("m2", "2025-03-01", 1, "noted"), "§§ 2–3"),
        meeting("m3", "2026-02-01"),
    )

    told = {key: one.text for year in (2025, 2026) for key, one in paragraphs(timeline, date(2026, 3, 1), year).items()}

    assert told == {("m1", 1): "§ 1", ("m1", 2): "§ 4", ("m2", 1): "§§ 2–3", ("m2", 2): "§ 5", ("m3", 1): "§ 1"}


def test_an_item_without_an_outcome_has_the_paragraph_of_its_recommendation() -> None:
    timeline = given(sitting(), meeting("m1", "2025-02-01"), under(recommended("r1", "m1", "2025-02-01"), "§ 8"))

    assert paragraphs(timeline, DAY, 2025)["m1", 1].text == "§ 8"


def test_an_item_that_is_not_on_the_agenda_is_told_all_the_same() -> None:
    book = ledger(sitting(), meeting("m1", "2025-03-01"), handled("m1", "2025-03-01", 9, "noted"),
                  reserved("m1", "2025-03-01", "sala-1", item=8))  # fmt: skip

    assert [one.number for one in of("m1", book).items] == [1, 8, 9]
    assert "item9,notontheagenda" in text_of(paper(book, "minutes", "m1", "pdf"))


def test_what_is_not_recorded_is_said() -> None:
    told = text_of(paper(bare(), "minutes", "m1", "pdf"))

    for gap in ("Place not on record", "Opened not on record", "Closed not on record", "Secretary not on record",
                "Signed not signed", "Adjusted not adjusted", "Experts not on record", "Others present not on record",
                "Registration number not on record",
                "No notice of the meeting is recorded.", "That anyone took part remotely is not recorded.",
                "Documents sent with the notice not on record", "No checkpoint of these entries has been signed.",
                "not sent"):  # fmt: skip
        assert squeezed(gap) in told, gap


def test_an_item_of_which_nothing_is_recorded_says_so() -> None:
    told = text_of(paper(full(), "minutes", "m3", "pdf"))

    assert squeezed("§ 7 (proposed)") in told
    assert squeezed("Decision not on record") in told
    assert squeezed("Not on record Fact Paragraphs Whom it concerns § 7 (proposed)") in told
    assert squeezed("Wording of the decision § 7 (proposed)") in told
    assert squeezed("Outcome § 7 (proposed)") in told


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_the_lines_of_a_decision_are_paragraphs(form: str) -> None:
    book = ledger(
        sitting(), meeting("m1", "2025-03-01"),
        handled("m1", "2025-03-01", 1, "decided", text="Beredningen beslutar\natt anta planen, samt\natt\tsända den.",
                proposals=[{"by": "sala-1", "text": "Bifall\noch tillägg"}]),
    )  # fmt: skip
    data = paper(book, "minutes", "m1", form)
    told = text_of(data) if form == "pdf" else re.sub(r"<[^>]*>|\s", "", data.decode())

    assert "DecisionBeredningenbeslutarattantaplanen,samtattsändaden.Outcome" in told
    assert "sala-1:Bifallochtillägg" in told.replace("sala1", "sala-1")
    assert form == "pdf" or b"<p>att anta planen, samt</p>" in data


def test_an_extra_meeting_a_moved_signing_and_an_unnamed_dissent_are_told() -> None:
    book = ledger(
        sitting(),
        called("m1", "2025-02-01", "2025-03-01", extra=True),
        held("m1", "2025-03-01", experts=[], others=[]),
        act("minutes-duty-moved", "2025-03-02", meeting="m1", duty="signing", to="region-2"),
        recommended("r1", "m1", "2025-03-01", consensus=False, recused=["sala-1"]),
    )
    told = text_of(paper(book, "minutes", "m1", "pdf"))

    for said in ("The meeting was extra", "Signed by Påhittad region-2, instead of Påhittad region-1",
                 "who dissented is not recorded", "Recused Påhittad sala-1"):  # fmt: skip
        assert squeezed(said) in told, said


def test_without_an_agreement_nobody_is_known_to_be_sent_the_minutes() -> None:
    book = ledger(held("m1", "2020-03-01"))

    assert squeezed("so that who is sent the minutes is not known") in text_of(paper(book, "minutes", "m1", "pdf"))


def test_a_loose_day_is_told_and_so_is_what_it_leaves_uncertain() -> None:
    book = ledger(sitting(), held("m1", "2025-03"), sorted_later())
    told = text_of(paper(book, "minutes", "m1", "pdf"))
    cut = text_of(paper(book, "minutes-extract", "m1/1", "pdf"))

    assert squeezed("Minutes of the meeting held some day in March 2025") in told
    assert squeezed("Extract from the minutes of some day in March 2025, § 4") in cut
    assert "Notcertain" in text_of(paper(book, "minutes", "m1", "pdf", on=date(2025, 3, 31)))


def sorted_later() -> list[Any]:
    return [under(handled("m1", "2025-03", 1, "noted"), "§ 4"), act("seat-vacated", "2025-03-10", person="sala-2")]


@pytest.mark.parametrize("which", ["m4", "m9"])
def test_a_meeting_that_was_not_held_has_no_minutes(which: str) -> None:
    with pytest.raises(NoSuch, match=f"no meeting '{which}' was held by 2025-12-31, so that there are no minutes"):
        paper(full(), "minutes", which, "pdf")


def test_a_meeting_held_later_has_no_minutes_yet() -> None:
    with pytest.raises(NoSuch, match="was held by 2025-02-28"):
        paper(full(), "minutes", "m2", "pdf", on=date(2025, 2, 28))


def test_the_newest_checkpoint_of_at_most_the_papers_size_is_printed_whole() -> None:
    book = ledger(sitting(), meeting("m1", "2025-03-01"))
    first, second = checkpoint(book, 20), checkpoint(book, 40)

    for known_at, printed in ((19, None), (39, first), (None, second)):
        told = text_of(paper(book, "report", "2024H1", "pdf", known_at=known_at))
        assert [note for note in (first, second) if squeezed(note) in told] == [*filter(None, [printed])]
    told = text_of(paper(book, "minutes", "m1", "pdf"))
    assert squeezed(second) in told
    assert squeezed(first) not in told


def test_a_checkpoint_that_cannot_be_read_is_told() -> None:
    book = ledger(sitting(), meeting("m1", "2025-03-01"))
    book.store.keep_checkpoint(3, "no note")

    with pytest.raises(Tampered, match="checkpoint 1 cannot be read"):
        paper(book, "minutes", "m1", "pdf")


def test_who_recorded_the_meetings_holding_is_told() -> None:
    assert squeezed("recorded 2026-01-01 at 13.00 by sekretariatet, unsigned.") in text_of(
        paper(full(), "minutes", "m2", "pdf")
    )


def test_who_signed_the_meetings_holding_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    found = of("m2", full())
    by = structs.replace(found.holding, signed_by="sala-reg", signed_for="sala")
    monkeypatch.setattr("papers.minutes.found_minutes", lambda *_: structs.replace(found, holding=by))

    assert squeezed("by sekretariatet, signed by Sala's registrar sala-reg.") in text_of(
        paper(full(), "minutes", "m2", "pdf")
    )


def test_an_extract_is_one_paragraph_and_a_line_to_certify_it_on() -> None:
    told = text_of(paper(full(), "minutes-extract", "m2/1", "pdf"))

    for said in ("Extract from the minutes of 1 March 2025, § 4", "Decided by Body",
                 "Sent to Sala, Region Västmanland, Vretens byalag", "Concerns Sala, Vretens byalag",
                 "Strategin saknar mål för tåget.", "Addressees: Sala, Region Västmanland", "which is certified by",
                 "Recused Påhittad arboga-1"):  # fmt: skip
        assert squeezed(said) in told, said
    assert "Omvärldsbevakning" not in told


def test_who_left_for_conflict_of_interest_took_no_part_in_the_decision() -> None:
    facts = dict(made("minutes-extract", ordered(full(), "m2/1")).facts)

    assert "arboga-1" not in str(facts["Taking part"])
    assert "koping-2" in str(facts["Taking part"])


@pytest.mark.parametrize(
    ("which", "why"),
    [("m2", "'m2' is not an item of a meeting, as m1/3"), ("m2/x", "is not an item of a meeting"),
     (f"m2/{'9' * 5000}", "have no item 9"), ("m2/٢", "have no item"),
     ("m2/9", "the minutes of meeting m2 have no item 9"), ("m9/1", "no meeting 'm9' was held")],
)  # fmt: skip
def test_an_extract_of_nothing_is_refused_in_one_line(which: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        paper(full(), "minutes-extract", which, "pdf")


@pytest.mark.parametrize("form", ["pdf", "html", "docx"])
def test_the_same_ledger_gives_the_same_bytes(form: str) -> None:
    assert paper(full(), "minutes", "m2", form) == paper(full(), "minutes", "m2", form)


def test_a_huge_meeting_with_hostile_texts_is_printed_as_letters() -> None:
    told = text_of(paper(huge(), "minutes", "m1", "pdf"))

    assert squeezed('#read("/etc/passwd") {{ x }}{% y %}{_{ z }_}{_% w %_} *x* _y_ $z$ <b>&amp;') in told
    assert "THUMBSUPSIGN" in told
    assert told.count("bordläggs") > 21 * LONG.count("bordläggs") - 77  # at the end of a page, a word may be broken
    assert squeezed(HOSTILE.split("👍")[0]) in told
    assert all(f"§{number}(proposed)" in told for number in range(1, 201))


@pytest.mark.on_file
def test_the_demo_has_minutes_of_each_meeting_held(demo: Desk, tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as desk:
        desk.goes_on(demo)
        answer = desk.asks("meetings", "2024")
        for one in answer["meetings"]:
            desk.does("paper", "minutes", one["meeting"], "-o", f"{one['meeting']}.pdf")
            told = text_of((tmp_path / f"{one['meeting']}.pdf").read_bytes())
            assert all(squeezed(item["title"]) in told for item in one["agenda"])
            assert told.count("inteexpedierat") == list(one["minutes"]["dispatched"].values()).count(None)


def test_every_label_of_a_template_is_a_name_and_a_text() -> None:
    assert all(re.fullmatch("[a-z_]+", name) and label for name, label in LABELS.items())


def test_a_page_keeps_labels_apart_from_what_they_are_of() -> None:
    page = paper(full(), "minutes", "m2", "html").decode()

    assert "<h2>§ 4  Regional utvecklingsstrategi</h2>" in page
    assert '<strong class="title">Background</strong> Strategin har beretts' in page
    assert '<strong class="title">Outcome</strong> noted' in page
    assert (
        '<strong class="title">Decision</strong> <span class="open">not on record</span>'
        in paper(full(), "minutes", "m3", "html").decode()
    )


def test_a_notice_names_its_documents_with_their_digests_and_spells_out_letters_without_a_meaning() -> None:
    sent = [{"title": "Karta \ue000", "document": "ab" * 32}, {"title": "Bilaga"}]
    book = ledger(called("m1", "2025-02-01", "2025-03-01", documents=sent))

    document: Any = pymupdf.open(stream=paper(book, "notice", "m1", "pdf"))  # type: ignore[no-untyped-call]
    told = "".join(page.get_text() for page in document).replace("\n", "")
    assert "Karta [U+E000]" in told
    assert "ab" * 32 in told
    assert "Bilaga" in told
