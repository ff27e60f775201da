"""The claim, the account and the settlement on paper: the figures of the answers, and what is missing said."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from docx import Document
from msgspec import structs

from ledger.errors import BadInput
from ledger.messages import grouped, kronor
from papers.kinds import made
from papers.making import make
from presentation import asking
from presentation.asking import NoSuch
from projections.claimed import claimed as found_claim
from projections.reference_number import check
from tests.acts import TERMS, annulled, in_force, proposed, withdrew
from tests.desk import at_a_desk
from tests.given import after, given
from tests.given_money import (
    FIGURES,
    LEVEL,
    PEOPLE,
    TEN,
    claimed,
    commitment,
    index,
    paid,
    population,
    settled,
)
from tests.papers.laid_out import HOSTILE, LONG, ordered, ordered_of, pages_of, pdf, said, shown, text_of, under

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.timeline import Timeline
    from papers.paper import Ordered
    from tests.acts import Acts
    from tests.desk import Desk

SHARES = {"arboga": 74423936, "sala": 121448160}
BASE = (in_force("2023-01-01"), population("2025-02-20", "2024-12-31"))


def ten(amount: int, **others: int) -> dict[str, int]:
    return dict.fromkeys(TEN, amount) | others


@pytest.fixture(scope="module")
def source(demo: Desk) -> Iterator[Ordered]:
    found = ordered_of(demo, on="2026-11-28")
    yield found
    found.ledger.store.close()


def test_every_claim_of_the_demo_is_on_paper_as_in_json(source: Ordered) -> None:
    asked = source.asked
    for year in (2023, 2024, 2025):
        [costs] = asking.costs(asked, year).documents({})
        for one in costs["instalments"]:
            for party, amount in one["claimed"].items():
                found = found_claim(asked.timeline, year, one["number"], party, asked.on)
                assert found is not None
                assert (found.amount, str(found.due), [found.entry]) == (amount, one["due"], [*one["entries"]])
                assert found.computed == amount, "the steps lead to the claim"
                assert check(found.reference or "") == (year, one["number"], _code(party))


def _code(party: str) -> str:
    own = TERMS.party(party)
    assert own is not None
    return own.code


def test_a_claim_shows_its_steps_on_the_second_page(source: Ordered) -> None:
    [costs] = asking.costs(source.asked, 2025).documents({})
    first, second = pages_of(make("claim", source._replace(which="2025/2/sala"), "pdf").data)

    amount = costs["instalments"][1]["claimed"]["sala"]
    assert f"To pay {kronor(amount)}" in first.replace("\u00a0", " ")
    assert "Reference (OCR) 20252198112" in first
    assert "Account of the payee not on record" in first
    for figure in (costs["level"], costs["shares"]["sala"], -costs["instalments"][0]["claimed"]["sala"], amount):
        assert kronor(figure).replace("-", "−") in second.replace("\u00a0", " ")
    for people in costs["key"]["figures"].values():
        assert grouped(people) in second.replace("\u00a0", " ")
    assert "how the shares are rounded to whole öre" in second


@pytest.mark.parametrize(
    ("which", "why"),
    [
        ("2025/3/sala", "'2025/3/sala' is not YEAR/INSTALMENT/PARTY, such as 2025/1/sala"),
        ("2025", "'2025' is not YEAR/INSTALMENT/PARTY, such as 2025/1/sala"),
        ("0025/1/sala", "'0025/1/sala' is not YEAR/INSTALMENT/PARTY, such as 2025/1/sala"),
        ("foo", "'foo' is not YEAR/INSTALMENT/PARTY, such as 2025/1/sala"),
        ("2025/1/nobody", "no version of the agreement has a party 'nobody'"),
        ("2025/1/region", "nothing was claimed from Region Västmanland in instalment 1 of 2025"),
        ("2024/2/sala", "instalment 2 of 2024 was not claimed by 2026-01-15; `liggare claim 2024 2` records the claim"),
    ],
)
def test_what_is_no_recorded_claim_is_one_clear_line(which: str, why: str) -> None:
    timeline = given(BASE, claimed("2025-01-10", 2025, 1, ten(100)))

    with pytest.raises(BadInput) as refused:
        made("claim", ordered(timeline, which))

    assert str(refused.value) == why


def test_the_command_refuses_in_one_line(demo: Desk, tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as desk:
        desk.goes_on(demo)
        for kind, which in (("claim", "foo"), ("account", "foo"), ("report", "foo"), ("year", "foo")):
            done = desk("paper", kind, which, "-o", "x.pdf", "--lang", "en")
            assert (done.code, len(done.errors)) == (2, 1)
        assert not (tmp_path / "x.pdf").exists()


def test_a_claim_below_zero_is_told_as_a_credit() -> None:
    timeline = given(
        BASE, claimed("2025-01-10", 2025, 1, ten(100)), claimed("2025-07-01", 2025, 2, ten(100, sala=-5_000_00))
    )

    told = said("claim", ordered(timeline, "2025/2/sala"))

    assert "Credit of instalment 2 of 2025" in told
    assert "To be repaid: 5 000,00 kr" in told
    assert "Payer: Region Västmanland" in told
    assert "Payee: Sala" in told
    assert "it is repaid, and not paid" in told


def test_a_claim_is_as_recorded_though_the_population_is_corrected_later() -> None:
    timeline = given(BASE, claimed("2025-07-01", 2025, 2, SHARES))
    before = said("claim", ordered(timeline, "2025/2/sala"))
    key = next(one.position for one in timeline.passing() if one.event.event_name == "population-published")

    corrected = after(timeline, annulled(key), population("2025-09-01", "2024-12-31", sala=99))

    assert said("claim", ordered(corrected, "2025/2/sala")) == before
    assert grouped(PEOPLE["sala"]) in before


def test_a_claim_that_its_figures_do_not_give_says_so() -> None:
    told = said("claim", ordered(given(BASE, claimed("2025-07-01", 2025, 2, ten(7))), "2025/2/sala"))

    assert "The amount recorded is not the one that the figures above give" in told
    assert "instalment 1 was not claimed" in told
    assert "To pay: 0,07 kr" in told


def test_a_claim_whose_population_is_unknown_shows_it_as_unknown() -> None:
    told = said("claim", ordered(given(in_force("2023-01-01"), claimed("2025-01-10", 2025, 1, ten(7))), "2025/1/sala"))

    assert "The population of 31 December 2024 is not recorded." in told
    assert "The shares are unknown." in told
    assert "Share of 2025 | unknown" in told


def test_a_claim_on_a_population_published_later_shows_the_shares_but_computes_nothing() -> None:
    timeline = given(BASE, claimed("2025-01-10", 2025, 1, ten(7)))

    told = said("claim", ordered(timeline, "2025/1/sala"))

    assert "The population is that of 31 December 2024 [entry 13]." in told
    assert f"Sala | {grouped(PEOPLE['sala'])} | 1 214 899,345594 | 1 214 899,35 kr" in told
    assert "Half of the share, rounded down | unknown" in told
    assert "Claimed, as recorded | 0,07 kr" in told


def test_a_claim_on_a_level_raised_by_the_index_shows_the_raise() -> None:
    timeline = given(
        in_force("2023-01-01"),
        population("2026-02-20", "2025-12-31"),
        index("2025-02-10", 2025, "2.9"),
        claimed("2026-07-01", 2026, 2, ten(7), level=1_527_036_000, counted_on="2025-12-31"),
    )

    told = said("claim", ordered(timeline, "2026/2/sala", "2026-09-01"))

    assert "raised by 2.9 %, by the index" in told
    assert "The claim rests on the level 15 270 360,00 kr." in told


def test_a_party_whose_code_is_no_number_has_no_reference() -> None:
    parties = tuple(structs.replace(one, code="S-1") if one.id == "sala" else one for one in TERMS.parties)
    timeline = given(
        in_force("2023-01-01", terms=structs.replace(TERMS, parties=parties)), claimed("2025-01-10", 2025, 1, ten(7))
    )

    told = said("claim", ordered(timeline, "2025/1/sala"))
    assert "Reference (OCR): none can be made of the party's code" in told
    assert "Give the reference" not in told
    assert "Give the reference" in said("claim", ordered(timeline, "2025/1/arboga"))


@pytest.mark.parametrize("name", [HOSTILE, LONG[:9_000]])
def test_names_that_mean_something_to_a_template_are_only_text(name: str) -> None:
    parties = tuple(structs.replace(one, name=name) if one.id == "sala" else one for one in TERMS.parties)
    terms = structs.replace(TERMS, parties=parties)
    timeline = given(
        in_force("2023-01-01", terms=terms), claimed("2025-01-10", 2025, 1, ten(7)),
        [paid(f"2025-{month:02}-{day:02}", "sala", day, 2025, 1, reference=HOSTILE)
         for month in (2, 3, 4, 5, 6, 7, 8, 9) for day in range(1, 26)],
    )  # fmt: skip

    claim, account = (text_of(pdf(made(kind, ordered(timeline, which)))) for kind, which in (
        ("claim", "2025/1/sala"), ("account", "sala"),
    ))  # fmt: skip

    assert " ".join(name.split())[:20] in claim
    assert account.count("/etc/passwd") >= 200
    assert "root:" not in claim + account


def test_an_account_is_that_of_the_answer(source: Ordered) -> None:
    source = source._replace(asked=source.asked._replace(on=date(2025, 12, 1)))
    for party in TEN:
        [costs] = asking.costs(source.asked, 2025, party=party).documents({})
        told = said("account", source._replace(which=party))
        for line in costs["statement"]["lines"]:
            assert kronor(abs(line["amount"])) in told
            assert f"| {kronor(line['balance'])} | {line['entry']}" in told
        balance = costs["account"][party]
        assert f"{'To its credit' if balance < 0 else 'Owed'}: {kronor(abs(balance))}" in told


def test_after_the_end_an_account_says_what_the_settlement_says(source: Ordered) -> None:
    [found] = asking.settlement(source.asked).documents({})
    assert found["status"] == "agreed"
    for party in TEN:
        told, balance = said("account", source._replace(which=party)), found["balance"][party]
        words = f"to pay {kronor(balance)}" if balance > 0 else f"to get {kronor(-balance)}"
        assert f"By the settlement agreed: {words if balance else 'nothing to pay'}\n" in told
        assert "Owed" not in told
        assert "the parties have agreed on a settlement" in told


def test_an_account_demands_nothing_while_the_settlement_is_not_agreed() -> None:
    told = said("account", ordered(ended(paid("2025-01-31", "sala", 900, 2025, 1)), "sala"))

    assert "By the settlement proposed: to pay" in told
    assert "for the parties to agree on in a settlement" in told
    assert "To its credit" not in told
    unknown = given(in_force("2023-01-01"), withdrew("2025-06-01", "sala", ends_on="2026-01-01"))
    assert "By the settlement proposed: unknown" in said("account", ordered(unknown, "sala"))


def test_what_the_settlement_gives_back_is_told_as_to_get() -> None:
    told = said("account", ordered(ended(paid("2025-01-31", "sala", 10 * LEVEL, 2025, 1)), "sala"))

    assert "By the settlement proposed: to get " in told


def test_an_account_without_movements_says_so() -> None:
    told = said("account", ordered(given(in_force("2023-01-01")), "sala"))

    assert "Nothing is claimed or paid by this day." in told
    assert "Owed: 0,00 kr" in told


def test_a_claim_not_due_yet_is_in_no_balance() -> None:
    told = said("account", ordered(given(BASE, claimed("2026-01-10", 2026, 1, ten(700))), "sala"))

    assert "2026-02-01 | instalment 1 of 2026 | 7,00 kr |  | not due yet" in told
    assert "A claim counts from its due day" in told


def test_a_payment_for_more_than_was_claimed_is_to_the_partys_credit() -> None:
    timeline = given(BASE, claimed("2025-01-10", 2025, 1, ten(700)), paid("2025-01-31", "sala", 900, 2025, 1))

    assert "To its credit: 2,00 kr" in said("account", ordered(timeline, "sala"))


def test_only_parties_other_than_the_region_have_an_account() -> None:
    timeline = given(BASE)

    with pytest.raises(NoSuch, match="has a party 'nobody'"):
        made("account", ordered(timeline, "nobody"))
    with pytest.raises(BadInput, match="Region Västmanland has no account"):
        made("account", ordered(timeline, "region"))


def ended(*acts: Acts) -> Timeline:
    return given(in_force("2023-01-01"), FIGURES, withdrew("2025-06-01", "sala", ends_on="2026-01-01"), *acts)


def test_a_settlement_says_at_the_top_what_it_is() -> None:
    agreed = settled("2026-02-01", ten(LEVEL // 10))

    assert "Status: the agreement has not ended" in said("settlement", ordered(given(BASE)))
    assert "Status: the agreement has not ended" in said("settlement", ordered(ended(), on="2025-12-01"))
    assert "Status: proposed; the parties agree" in said("settlement", ordered(ended()))
    assert "Status: agreed\n" in said("settlement", ordered(ended(agreed), on="2026-03-01"))
    assert "Agreed by: not on record" in said("settlement", ordered(ended(agreed), on="2026-03-01"))


def test_a_supposed_settlement_is_never_taken_for_a_proposed_one() -> None:
    told = said("settlement", ordered(given(in_force("2023-01-01"), FIGURES), on="2025-06-01", if_withdraws="sala",
                                      ends_on=date(2026, 1, 1)))  # fmt: skip

    assert told.startswith("Supposed settlement\nStatus: only supposed; nobody has decided to withdraw")
    assert "Proposed" not in told
    assert "Supposed to withdraw: Sala" in told
    assert "supposed last day: 31 December 2025" in told
    assert "Withdrawn by" not in told


def test_a_settlement_is_that_of_the_answer(source: Ordered) -> None:
    [found] = asking.settlement(source.asked).documents({})

    told = said("settlement", source)

    for party, balance in found["balance"].items():
        assert f"{shown(party)} | " in told
        assert f"| {kronor(balance)}\n" in told
    assert all(
        f"{shown(one['from'])} | {shown(one['to'])} | {kronor(one['amount'])}" in told for one in found["transfers"]
    )
    assert "how cost accrues in the year of the end | by the day" in told


def test_what_a_settlement_cannot_tell_is_said() -> None:
    timeline = given(
        in_force("2023-01-01"), FIGURES[:1], withdrew("2025-06-01", "sala", ends_on="2026-01-01"),
        commitment("2025-01-01", "lokal", 100, "2025-01-01", "2027-01-01"),
    )  # fmt: skip

    told = said("settlement", ordered(timeline))

    assert "Owed in all: unknown" in told
    assert "Cannot tell: there is no population of 2024-12-31" in told
    assert "population-published" not in told
    assert "record" not in told


def test_a_claim_is_as_recorded_so_that_no_reading_is_assumed_for_it(source: Ordered) -> None:
    with pytest.raises(BadInput, match="no reading can be assumed for it"):
        made("claim", under(source._replace(which="2025/1/sala"), population_day="1-nov"))


def test_only_the_first_claim_speaks_of_a_second_instalment(source: Ordered) -> None:
    first, second = (said("claim", source._replace(which=f"2025/{number}/sala")) for number in (1, 2))

    assert "what is corrected later goes into the second instalment, or else into the settlement" in first
    assert "what is corrected later goes into the settlement" in second
    assert "second instalment" not in second


@pytest.mark.parametrize(
    ("reading", "words"),
    [("1", "the whole (100 %)"), ("0", "nothing (0 %)"), ("0.5", "0.5 (50 %)"), ("1/3", "1/3 (about 33.33 %)")],
)
def test_a_part_is_read_in_words(reading: str, words: str) -> None:
    source = under(ordered(ended()), municipal_share=reading)

    assert f"how much of the cost level the municipalities carry together | {words} | supposed" in said(
        "settlement", source
    )


@pytest.mark.parametrize(("kind", "which"), [("settlement", ""), ("account", "sala"), ("year", "2025"),
                                             ("council", ""), ("report", "2025H1")])  # fmt: skip
@pytest.mark.parametrize("form", ["pdf", "html"])
def test_a_paper_under_an_assumed_reading_says_so_first(source: Ordered, kind: str, which: str, form: str) -> None:
    data = make(kind, under(source._replace(which=which), accrual="months"), form).data
    told = text_of(data) if form == "pdf" else data.decode()

    first = told.index("only supposed: it rests on a reading of the agreement")
    assert "how cost accrues in the year of the end: by the full month." in told
    body = {"settlement": "At the end of the agreement", "account": "The agreement has ended", "year": "The meetings",
            "council": "On 28 November 2026", "report": "The groups"}[kind]  # fmt: skip
    assert first < told.index(body, told.index(">", told.index("<h1")) if form == "html" else 0)


@pytest.mark.parametrize("kind", ["notice", "minutes"])
def test_a_paper_for_word_under_an_assumed_reading_says_so_first(source: Ordered, kind: str) -> None:
    data = make(kind, under(source._replace(which="srb-2025-1"), accrual="months"), "docx").data

    told = [one.text for one in Document(BytesIO(data)).paragraphs]

    assert any(text.startswith("What this paper shows is only supposed") for text in told[:6])


@pytest.mark.parametrize("kind", ["claim", "account", "settlement"])
def test_the_same_paper_has_the_same_bytes(source: Ordered, kind: str) -> None:
    which = {"claim": "2025/1/sala", "account": "sala"}.get(kind, "")
    for form in ("pdf", "html"):
        assert make(kind, source._replace(which=which), form) == make(kind, source._replace(which=which), form)


def test_the_papers_about_money_are_the_regions(source: Ordered) -> None:
    senders = {made(kind, source._replace(which=which)).sender for kind, which in (
        ("claim", "2025/1/sala"), ("account", "sala"), ("settlement", ""),
    )}  # fmt: skip

    assert senders == {"region"}


def test_before_any_agreement_no_party_is_known() -> None:
    with pytest.raises(NoSuch, match="has a party 'nobody'"):
        made("claim", ordered(given(proposed()), "2025/1/nobody"))


def test_a_claim_at_another_level_than_the_entries_give_says_so() -> None:
    timeline = given(BASE, claimed("2025-01-10", 2025, 1, ten(7), level=1_000_000_000))

    told = said("claim", ordered(timeline, "2025/1/sala"))
    assert "It is not the level that the entries give, as known when the claim was recorded." in told


def test_a_reading_that_is_only_assumed_is_told_as_supposed_beside_the_figures(source: Ordered) -> None:
    told = said("settlement", under(source._replace(which=""), remaining_key="equal"))

    assert told.endswith(" | supposed") or " | supposed\n" in told
