"""Fails with the name of everything that a new event, or a new field of an answer, still lacks, such as an example or a
place where the field is shown.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from ledger.events import EVENTS
from ledger.events.shape import fields_of
from tests.domain.examples import EXAMPLES
from tests.test_layout import ROOT, Module, modules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# FOR_PROGRAMS lists the fields of answers that programs read and people do not see. The fields that no formatter reads
# come first.
FOR_PROGRAMS = {
    "meetings.Asked.by",
    "agreement.Withdrawn.taken_back_on",
}
NOT_SHOWN = {
    *FOR_PROGRAMS,
    "digests.Digests.digest",
    "explain.Explanation.beside",
    "reports.GroupRecommendation.addressees",
}
# INWARD lists structs that are not answers, whose fields are read through a table of names, or that only pages show:
# as charts, and as the parts of a long list; and what a calendar file is written from.
INWARD = (
    "facts", "twice", "Wanted", "findings.Tally", "digests.Compared", "adoptions", "seatings", "reporting", "PartOf",
    "calendar.",
)  # fmt: skip
# PRINTED lists the modules whose answers only papers show.
PRINTED = ("notice.", "minutes.", "claimed.", "half_year.", "year_in_force.")
# COMPARED lists the modules whose answers `diff` compares field by field.
COMPARED = ("agreement", "council", "groups", "meetings", "officials")
# NOT_COMPARED lists the fields that no formatter of `diff` reads as an attribute. In most cases `diff` reports nothing
# if only such a field differs.
NOT_COMPARED = {
    *FOR_PROGRAMS,
    "agreement.Agreement.awaiting",
    "agreement.Agreement.rejected",
    "agreement.Agreement.reserved",
    "agreement.Agreement.withdrawals",
    "agreement.Appealed.dismissed_on",
    "agreement.Board.awaiting",
    "agreement.Board.overtaken",
    "agreement.Board.rejected",
    "agreement.Board.reserved",
    "agreement.Decided.appeals",
    "agreement.Reading.assumed",
    "agreement.Withdrawn.appeals",
    "agreement.Withdrawn.counts",
    "agreement.Withdrawn.lapsed_on",
    "agreement.Withdrawn.organ",
    "council.CooptedExpert.appeals",
    "council.Council.size",
    "council.Council.term",
    "council.Council.vacancies",
    "council.Member.appeals",
    "council.Member.post",
    "groups.GroupOfDay.assignment",
    "groups.GroupOfDay.composition",
    "groups.GroupOfDay.working_forms",
    "meetings.Asked.matter",
    "meetings.Item.added",
    "meetings.Item.continues",
    "meetings.Item.recused",
    "meetings.Item.topic",
    "meetings.Item.vote",
    "meetings.MeetingOfYear.called_by",
    "meetings.Minutes.document",
    "meetings.MeetingOfYear.closed_at",
    "meetings.MeetingOfYear.opened_at",
    "meetings.MeetingOfYear.secretary",
    "meetings.Votes.abstained",
    "meetings.Votes.against",
    "meetings.Votes.for_",
    "meetings.MeetingOfYear.extra",
    "meetings.MeetingOfYear.notice_days",
    "meetings.Meetings.meetings",  # `diff` reads each meeting and each request by itself
    "meetings.Meetings.requests",
    "meetings.Meetings.called",
    "meetings.Meetings.held",
    "meetings.Meetings.open_items",
    "meetings.Meetings.paragraphs",
    "meetings.Meetings.required",
    "meetings.Meetings.unsaid",
    "meetings.Open.item",
    "meetings.Paragraphs.missing",
    "meetings.Paragraphs.recorded",
    "officials.Officials.vacancies",
    "officials.Supported.missing",
}
WORKED_FROM = ("work.html", "mine.html")  # pages that lead to forms, and show their answers themselves
# OF_THE_QUESTION lists the fields that repeat how the question was asked. `diff` does not compare these fields.
OF_THE_QUESTION = {"known_at", "uncertain", "since_day", "until_day", "until", "names"}


def fields(of: Iterable[Module]) -> Iterator[tuple[str, str]]:
    """Yields every field of the structs that answers are made of, as (module.Class.field, field)."""
    for module in of:
        place = module.name.removeprefix("projections.")
        for node in ast.walk(ast.parse(module.source)):
            if isinstance(node, ast.ClassDef) and any("Struct" in ast.unparse(base) for base in node.bases):
                for line in node.body:
                    if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                        yield f"{place}.{node.name}.{line.target.id}", line.target.id


def attributes(of: Iterable[Module]) -> set[str]:
    return {
        node.attr for module in of for node in ast.walk(ast.parse(module.source)) if isinstance(node, ast.Attribute)
    }


def names(of: Iterable[Module]) -> set[str]:
    """Returns every name and attribute that the code uses. A name that is only imported is left out."""
    nodes = [node for module in of for node in ast.walk(ast.parse(module.source))]
    return {node.id for node in nodes if isinstance(node, ast.Name)} | attributes(of)


def test_every_event_is_described_wholly() -> None:
    lacks = {
        name: [
            what
            for what, there in {
                "a docstring": bool(event.__doc__),
                "valid_on_is, what its day is the day of": bool(event.valid_on_is),
                "an example, with what is required": {
                    "organ",
                    *(field.name for field in fields_of(event) if field.required),
                }
                <= {*getattr(event, "example", ())},
                "an example with every field, in tests/domain/examples.py": name in EXAMPLES,
                "what its fields mean": all(field.shape.meaning for field in fields_of(event)),
            }.items()
            if not there
        ]
        for name, event in EVENTS.items()
    }
    assert {name: what for name, what in lacks.items() if what} == {}


def test_every_event_is_read_by_an_answer_or_by_the_proof() -> None:
    read = names([*modules("projections"), *(one for one in modules("ledger") if "ledger.events" not in one.name)])
    assert [name for name, event in EVENTS.items() if event.__name__ not in read] == []


def test_every_field_of_an_answer_is_shown_or_said_not_to_be() -> None:
    pages = "".join((ROOT / "web" / "templates" / page).read_text("utf-8") for page in WORKED_FROM)
    shown = attributes(modules("presentation")) | {*re.findall(r"\.(\w+)", pages)}
    printed = shown | attributes(modules("papers"))
    hidden = {
        place
        for place, name in fields(modules("projections"))
        if name not in (printed if place.startswith(PRINTED) else shown)
    }
    assert {place for place in hidden if not any(one in place for one in INWARD)} == NOT_SHOWN


def test_every_field_that_can_differ_is_reported_by_diff_or_said_not_to_be() -> None:
    told = attributes(one for one in modules("projections") if ".facts" in one.name)
    compared = [one for one in modules("projections") if one.name.removeprefix("projections.") in COMPARED]
    untold = {place for place, name in fields(compared) if name not in {*told, *OF_THE_QUESTION}}
    assert untold == NOT_COMPARED
