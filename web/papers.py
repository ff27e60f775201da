"""Papers and the calendar from the pages: at which address each is, and where a page leads to them. The public is given
no paper.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.messages import msg, term
from papers.making import forms_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from projections.meetings import MeetingOfYear
    from web.desk import Reading
    from web.standpoint import Standpoint

CALENDAR = "/calendar.ics"
NAMES = {"pdf": "PDF", "docx": "Word"}
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class Place(NamedTuple):
    """An address without its ending, the id of its paper made of the parts of the address, and what its query takes."""

    path: str
    which: str = ""
    takes: tuple[str, ...] = ()


PAPERS = {
    "council": Place("/council"),
    "notice": Place("/meetings/{meeting}/notice", "{meeting}"),
    "minutes": Place("/meetings/{meeting}/minutes", "{meeting}"),
    "minutes-extract": Place("/meetings/{meeting}/items/{item}", "{meeting}/{item}"),
    "report": Place("/reports/{half}", "{half}"),
    "year": Place("/costs/{year}", "{year}"),
    "claim": Place("/costs/{year}/{instalment}/{party}", "{year}/{instalment}/{party}"),
    "account": Place("/party/{which}/account", "{which}"),
    "settlement": Place("/settlement", takes=("if_withdraws", "ends_on")),
}

OF_PAGES = {"council": "council", "reports": "report", "costs": "year", "party": "account", "settlement": "settlement"}
OF_STEPS = {"notice": "notice", "signing": "minutes"}  # where a workbench leads to a meeting's papers
PARTS = re.compile(r"{(\w+)}")


def addresses() -> Iterator[tuple[str, str, str]]:
    """Yields (address, kind, form) of each paper."""
    for kind, place in PAPERS.items():
        yield from ((f"{place.path}.{form}", kind, form) for form in forms_of(kind) if form in TYPES)


def papers_of(name: str, asked: Reading, found: Any) -> list[tuple[str, str]]:
    """Returns (words, address) of each paper about what the page of a question shows; none for the public."""
    if asked.public is not None:
        return []
    at, given = asked.at, asked.given.path
    if name == "meeting":
        standing: MeetingOfYear | None = found.standing
        sent = standing is not None and standing.notice_sent is not None
        held = standing is not None and standing.status == "held"
        return [*(linked(at, "notice", given) if sent else []), *(linked(at, "minutes", given) if held else [])]
    if name == "costs" and (party := asked.given.text("party")) and "year" in given:
        claimed = [one.number for one in found.costs.instalments if party in one.claimed]
        parts = [{**given, "instalment": number, "party": party} for number in claimed]
        return [one for part in parts for one in linked(at, "claim", part)]
    kind = OF_PAGES.get(name)
    return linked(at, kind, given) if kind and all(one in given for one in PARTS.findall(PAPERS[kind].path)) else []


def calendar_of(name: str, asked: Reading) -> list[tuple[str, str]]:
    """Returns (words, address) of the calendar, for the pages of meetings and of deadlines: of the year, or until the
    day, that the page is asked for.
    """
    if name not in {"meetings", "deadlines"}:
        return []
    year, until = asked.given.text("year"), asked.given.text("until")
    return [(msg("Calendar"), asked.at.address(CALENDAR, year=year, until=until))]


def linked(at: Standpoint, kind: str, given: Mapping[str, object]) -> list[tuple[str, str]]:
    """Returns (words, address) of each form of a kind of paper, seen from where a reader stands."""
    path = PAPERS[kind].path.format(**given)
    forms = [form for form in forms_of(kind) if form in TYPES]
    what = term("kind", kind)
    return [(msg("{paper} as {form}", paper=what, form=NAMES[one]), at.address(f"{path}.{one}")) for one in forms]
