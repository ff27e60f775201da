"""The first thing on a page is the answer in one sentence; the title of the answer stands under it."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from web.pages import unbroken

if TYPE_CHECKING:
    from tests.web.reader import Reader

SENTENCES = {  # address → the sentence of the answer
    "/agreement?on=2022-01-01": "No agreement has been proposed by 2022-01-01.",
    "/agreement?on=2022-11-30": (
        "On 30 November 2022 version 1 of the agreement was proposed, and 3 of 11 parties had adopted it."
    ),
    "/agreement?on=2025-06-01": "On 1 June 2025 version 1 of the agreement was in force, for 11 parties.",
    "/agreement?on=2026-02-01": "On 1 February 2026 the agreement had ended; its last day was 31 December 2025.",
    "/council?on=2025-06-01": "On 1 June 2025 the body had 27 members, no seat was vacant, and Ulrik Påhitt was chair.",
    "/council?on=2022-01-01": (
        "On 1 January 2022 no version of the agreement was in force; nobody had been given a seat for that day."
    ),
    "/meetings?on=2025-06-01": (
        "By 1 June 2025 the body had held 1 of the 6 meetings required in 2025, and no more was called."
    ),
    "/groups?on=2025-06-01": "On 1 June 2025 the body had 3 groups, with 6 members in all.",
    "/groups?on=2022-06-01": "On 1 June 2022 the body had no group.",
    "/reports/2024H2?on=2025-06-01": (
        "For the second half of 2024, 2 of 3 reports had been received by 1 June 2025, and 1 report was overdue."
    ),
    "/reports/2022H1?on=2022-06-01": "For the first half of 2022 no group owes a report.",
    "/costs/2025?on=2025-06-01": (
        "The level of 2025 is 14 840 000,00 kr; 7 419 999,97 kr had been claimed and 7 419 999,97 kr paid"
        " by 1 June 2025."
    ),
    "/costs/2021?on=2021-06-01": "On 1 June 2021 the level of 2021 was unknown.",
    "/settlement?on=2025-06-01": "On 1 June 2025 there was nothing to settle: no end of the agreement was known.",
    "/settlement?on=2025-06-01&if_withdraws=sala&ends_on=2027-01-01": (
        "What the parties owe at the end of the agreement, on 1 January 2027, is unknown."
    ),
    "/settlement?on=2026-04-14": (
        "At the end of the agreement, on 1 January 2026, 10 payments settle what the parties owe, 94 260,27 kr in all."
    ),
    "/officials?on=2025-06-01": "On 1 June 2025 the management group had 12 members, and 1 office was vacant.",
    "/findings?on=2025-06-01": "On 1 June 2025, 5 breaches of the agreement were found, and 5 advisory ones.",
    "/findings?on=2022-01-01": "On 1 January 2022, no breach of the agreement was found, and no advisory one.",
}  # fmt: skip


def head(page: str) -> tuple[str, str]:
    """Returns the heading of a page and the line under it."""
    [sentence] = re.findall(r"<h1>(.*?)</h1>", page)
    sentence = re.sub(r"</?span[^>]*>", "", sentence)
    under = re.findall(r'<p class="line">(.*?)</p>', page)
    return unescape(sentence), unescape(under[0]) if under else ""


@pytest.mark.parametrize("address", SENTENCES)
def test_a_page_begins_with_the_answer_in_one_sentence(reader: Reader, address: str) -> None:
    page = reader.get(f"{address}&lang=en")

    assert page.status == 200
    assert head(page.text)[0] == SENTENCES[address]


def test_the_title_of_the_answer_stands_under_its_sentence(reader: Reader) -> None:
    page = reader.get("/council?on=2025-06-01&lang=en").text

    assert head(page)[1] == "27 members on 2025-06-01, no seat vacant, term 2023-01-01 – 2026-12-31"


@pytest.mark.parametrize("address", ["/deadlines", "/activities", "/agreement?on=2022-01-01"])
def test_a_title_that_is_the_sentence_stands_once(reader: Reader, address: str) -> None:
    page = reader.get(f"{address}{'&' if '?' in address else '?'}lang=en").text

    assert head(page)[0]
    assert head(page)[1] == ""


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Den 1 juni 2025 är", 'Den <span class="whole">1 juni 2025</span> är'),
        ("from 2025-06-01 <on>", 'from <span class="whole">2025-06-01</span> &lt;on&gt;'),
        ("är 14\u00a0840\u00a0000 kr;", 'är <span class="whole">14\u00a0840\u00a0000 kr</span>;'),
        ("srb-2024-3 hölls", '<span class="whole">srb-2024-3</span> hölls'),
        ("24 members, 3 vacant", "24 members, 3 vacant"),
    ],
)
def test_no_line_breaks_within_a_date_an_amount_or_an_id(said: str, kept: str) -> None:
    assert unbroken(said) == kept
