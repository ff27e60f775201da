"""The comparison of an answer in two languages sees each kind of difference, and each word that is not Swedish."""

from __future__ import annotations

import pytest

from tests.desk import Done
from tests.languages import differences, faults

ENGLISH = Done(0, "sala paid 5 000,00 kr of 7 000,00 kr [entries 1, 12]\n", "")
SWEDISH = Done(0, "Sala betalade 5 000,00 kr av 7 000,00 kr den 1 juni 2025 [posterna 1, 12]\n", "")


def test_the_same_answer_does_not_differ() -> None:
    assert differences(["costs"], ENGLISH, SWEDISH) == []
    assert faults(SWEDISH.out) == []


@pytest.mark.parametrize(
    "swedish",
    [
        SWEDISH._replace(code=1),
        SWEDISH._replace(out=SWEDISH.out.replace("7 000,00", "7 000,01")),
        SWEDISH._replace(out=SWEDISH.out.replace("12", "13")),
        SWEDISH._replace(out=""),
    ],
)
def test_another_figure_entry_or_code_is_seen(swedish: Done) -> None:
    assert differences(["costs"], ENGLISH, swedish) != []


def test_documents_differ_in_their_sentences_alone() -> None:
    english = Done(1, '{"findings": [{"text": "sala paid late", "values": {"what": "sala"}}]}\n', "")
    swedish = english._replace(out=english.out.replace("sala paid late", "Sala betalade för sent"))

    assert differences(["findings", "--json"], english, swedish) == []
    assert differences(["findings", "--json"], english, swedish._replace(out=swedish.out.replace('"sala"', '"Sala"')))


@pytest.mark.parametrize(
    "text",
    [
        "2 entries",
        "1 grupper",
        "14840000.00 kr",
        "inga avvikelser was found",
        "sammanträdet hölls den 2024-06-05",
    ],
)
def test_what_is_not_swedish_is_seen(text: str) -> None:
    assert faults(text) != []


@pytest.mark.parametrize(
    "text",
    [
        "kör `liggare record member-appointed --on 2025-03-03`",
        "växeln --until saknas",
        "r3 läses som any-day (report-owed=any-day)",
        "avvikelse  från 2024-06-05  mötet  2024-06-05",
        "1 kr, 1 grupp, 2 grupper, 11 poster",
        "filen usb/README.txt finns redan",
    ],
)
def test_what_is_typed_or_stored_may_stand(text: str) -> None:
    assert faults(text) == []
