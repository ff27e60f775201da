"""Tests terms in input: all errors are reported, and terms that the program prints are accepted as input."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.encoding import plain
from ledger.errors import BadInput
from ledger.events.agreement import AgreementProposed
from ledger.events.parse import parse_event
from tests.acts import TERMS


def proposal(terms: Any) -> dict[str, Any]:
    return {
        "event": "agreement-proposed",
        "valid_on": "2023-02-27",
        "source": {"organ": "body"},
        "version": 1,
        "title": "T",
        "in_force_from": "2023",
        "terms": terms,
    }


def faults(terms: Any) -> list[str]:
    with pytest.raises(BadInput) as refusal:
        parse_event(proposal(terms))
    return [what for _, what in refusal.value.errors]


def test_everything_wrong_in_terms_is_reported() -> None:
    terms = plain(TERMS)
    terms["parties"][0] |= {"kind": "county", "id": "ARBOGA"}
    del terms["parties"][1]["code"]
    terms["numbers"] |= {"notice_days": 14.5, "due_days": ["1 feb"], "first_term": "2019", "extra": 1}
    terms["sections"]["size"] = ""

    assert faults(terms) == [
        "terms.parties[0].id: expected 1 to 64 small letters (a to z), digits and hyphens",
        "terms.parties[0].kind: 'county' is none of municipality, region",
        "terms.parties[1].code is missing",
        "terms.numbers: unknown field 'extra'",
        "terms.numbers.first_term: '2019' is not a date such as 2023-02-27",
        "terms.numbers.notice_days: a whole number is needed, not a number with decimals",
        "terms.numbers.due_days[0]: expected a day of every year, such as 02-01",
        "terms.sections.size is empty",
    ]


def test_what_no_agreement_can_mean_is_reported_where_the_proposal_is_read() -> None:
    terms = plain(TERMS)
    terms["numbers"]["members_min"] = 31

    assert faults(terms) == ["terms.numbers: members_min 31 is above members_max 30"]


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("term_years", 0, "terms.numbers.term_years is less than 1"),
        ("term_years", 101, "terms.numbers.term_years is more than 100"),
        ("reports_per_year", 0, "terms.numbers.reports_per_year is less than 1"),
        ("reports_per_year", 13, "terms.numbers.reports_per_year is more than 12"),
        ("due_days", [], "terms.numbers.due_days is empty"),
        ("term_years", 1, None),
        ("term_years", 100, None),
        ("reports_per_year", 1, None),
        ("reports_per_year", 12, None),
        ("due_days", ["02-01", "08-01"], None),
    ],
)
def test_the_numbers_of_terms_have_limits(name: str, value: object, fault: str | None) -> None:
    terms = plain(TERMS)
    terms["numbers"][name] = value
    if fault:
        assert faults(terms) == [fault]
    else:
        assert type(parse_event(proposal(terms))) is AgreementProposed


def test_what_the_program_prints_as_terms_it_reads_as_terms() -> None:
    raw = proposal(plain(TERMS))

    assert plain(parse_event(raw))["terms"] == plain(TERMS)
