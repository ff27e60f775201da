"""The open questions of the agreement's text and their readings, as sentences. `ledger.readings` lists them as ids."""

from __future__ import annotations

from ledger.messages import filled, marked

QUESTIONS: dict[str, str] = {  # question → what is asked
    "municipal-share": marked("how much of the cost level the municipalities carry together"),
    "population-day": marked("on which day the population of the year before is counted"),
    "index-year": marked("which year's level the index as of 1 March raises"),
    "index-series": marked("which index raises the level"),
    "index-reference": marked("for which year the index counts, M being the year of 1 March"),
    "index-kind": marked("which published figure of the index counts"),
    "level-rounding": marked("how the level is rounded after each raise"),
    "rounding": marked("how the shares are rounded"),
    "third-of": marked("of whom a third may request a meeting"),
    "report-period": marked("what reporting twice a year means"),
    "report-owed": marked("for which half-years a group owes a report"),
    "accrual": marked("how cost accrues in the year of the end"),
    "remaining-key": marked("by what the remaining costs are proposed to be shared"),
    "late-adoption": marked("when a version starts whose last adoption comes after its start day"),
    "withdrawal-day": marked("when the agreement ends if the decision to withdraw names no day"),
    "first-year": marked("what the year in which the agreement came into force costs"),
    "requested-counts": marked("whether meetings held only on request count among those of the year"),
    "withdrawal-organ": marked("which organ decides a withdrawal"),
    "reassessment-term": marked("which term the level is assessed anew for"),
}
MEANINGS: dict[tuple[str, str], str] = {  # (question, reading) → what the reading says
    ("population-day", "31-dec"): marked("31 December of the year before"),
    ("population-day", "1-nov"): marked("1 November of the year before"),
    ("population-day", "31-dec-known"): marked("the latest 31 December whose figures are published by the due day"),
    ("index-year", "next-year"): marked("the level of the year after"),
    ("index-year", "same-year"): marked("the level of the same year"),
    ("index-series", "LPIK"): marked("LPIK, with quality-adjusted wages"),
    ("index-series", "LPI"): marked("LPI, the county council price index"),
    ("index-reference", "M"): marked("the same year"),
    ("index-reference", "M+1"): marked("the year after"),
    ("index-reference", "M-1"): marked("the year before"),
    ("index-kind", "latest"): marked("the latest, forecast or outturn"),
    ("index-kind", "outturn"): marked("the outturn alone"),
    ("level-rounding", "krona"): marked("to whole kronor"),
    ("level-rounding", "ore"): marked("to whole öre"),
    ("level-rounding", "tkr"): marked("to whole thousands of kronor"),
    ("rounding", "ore"): marked("to whole öre, so that the shares sum exactly"),
    ("rounding", "krona"): marked("to whole kronor, the first instalment too"),
    ("third-of", "members-in-office"): marked("the members in office"),
    ("third-of", "seats"): marked("all seats, the vacant ones too"),
    ("report-period", "half-year"): marked("one report by the last day of each half-year"),
    ("report-period", "year"): marked("two reports by 31 December"),
    ("report-owed", "half"): marked("those of which it existed for at least half of the days"),
    ("report-owed", "any-day"): marked("those of which it existed on any day"),
    ("report-owed", "whole"): marked("those that it existed throughout"),
    ("accrual", "days"): marked("by the day"),
    ("accrual", "months"): marked("by the full month"),
    ("remaining-key", "population"): marked("by population"),
    ("remaining-key", "equal"): marked("equally"),
    ("late-adoption", "last-adoption"): marked("on the day of the last adoption"),
    ("late-adoption", "start-day"): marked("on the start day all the same"),
    ("withdrawal-day", "decision-day"): marked("on the day of the decision"),
    ("withdrawal-day", "day-after"): marked("on the day after the decision"),
    ("first-year", "whole"): marked("the whole level"),
    ("first-year", "from-start"): marked("the part of the level from the first day on"),
    ("requested-counts", "no"): marked("they do not count"),
    ("requested-counts", "yes"): marked("they count"),
    ("withdrawal-organ", "assembly"): marked("the assembly"),
    ("withdrawal-organ", "any"): marked("any organ of the party"),
    ("reassessment-term", "body"): marked("that of the body, from 1 January"),
    ("reassessment-term", "assembly"): marked("that of the assemblies, from 15 October of the election year"),
}


def asked(question: str) -> str:
    """Returns what a question asks, in words."""
    return filled(QUESTIONS[question], {})


def meaning(question: str, reading: str) -> str:
    """Returns what a reading says, in words; a reading that is a number says itself."""
    return filled(MEANINGS.get((question, reading), ""), {}) or reading
