"""The officials and the other forms of collaboration, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from ledger.errors import counted
from ledger.events.officials import Office
from presentation.blocks import columns, in_role, title
from presentation.phrases import foot, named, span
from presentation.words import day_text

if TYPE_CHECKING:
    from presentation.blocks import Part, Words
    from projections.activities import Activities
    from projections.officials import Officials

OFFICES = get_args(Office)


def officials(answer: Officials) -> list[Part]:
    """The management group by office, the vacant ones too; then each group with who supports it."""
    vacant = counted(len(answer.vacancies), "vacant office") if answer.vacancies else "no office vacant"
    if answer.vacancies is None:
        vacant = "which are vacant cannot be told"
    parts: list[Part] = [title(f"The management group on {answer.on}, {vacant}")]
    if answer.version is None:
        parts.append(in_role("No version of the agreement is in force on this day.", "open"))
    rows: list[tuple[str | Words, ...]] = [
        (one.office, one.party or "", named(one.person, one.name), span(one), str(one.entry))
        for one in answer.management_group
    ]
    rows += [(one.office, one.party or "", in_role("vacant", "open"), "", "") for one in answer.vacancies or ()]
    rows.sort(key=lambda row: (OFFICES.index(str(row[0])), str(row[1])))
    parts += ["", columns("Office", "", "Held by", "In it", "Entry", rows=rows)]
    for group in answer.groups:
        parts += ["", title(f"{group.group}: {group.name}")]
        officers = [(named(one.person, one.name), one.employer, span(one), str(one.entry)) for one in group.officers]
        if officers:
            parts.append(columns("Supported by", "Employer", "From", "Entry", rows=officers))
        who = {"region": "No official of the Region", "municipality": "No official of a municipality"}
        parts += [in_role(f"{who[side]} supports it.", "open") for side in group.missing]
    return [*parts, *foot(answer.known_at, answer.uncertain)]


def activities(answer: Activities) -> list[Part]:
    """What was held, a line each."""
    parts: list[Part] = [title(f"Other forms of collaboration held by {answer.on}"), ""]
    rows = [
        (day_text(one.on), one.kind, one.title, one.place, ", ".join(one.organisers), str(one.entry))
        for one in answer.activities
    ]
    parts.append(columns("Held on", "Kind", "Title", "Place", "By", "Entry", rows=rows) if rows else "None.")
    return [*parts, *foot(answer.known_at, answer.uncertain)]
