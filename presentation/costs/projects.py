"""Projects, their money and costs borne, as blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import counted
from presentation.blocks import columns, in_role, title
from presentation.costs.attendance import RIGHT
from presentation.phrases import foot, span
from presentation.words import kronor

if TYPE_CHECKING:
    from presentation.blocks import Part
    from projections.projects import Funded, Projects


def projects(answer: Projects) -> list[Part]:
    """Each project with its money, then the costs borne."""
    parts: list[Part] = [title(f"{counted(len(answer.projects), 'project')} by {answer.on}")]
    for one in answer.projects:
        parts += ["", *_project(one)]
    if answer.costs:
        rows = [
            (
                str(one.year),
                one.kind,
                one.borne_by,
                one.for_party or "",
                kronor(one.amount),
                ", ".join(map(str, one.entries)),
            )
            for one in answer.costs
        ]
        heads = ("Year", "Cost", "Borne by", "For", "Amount", "Entries")
        parts += ["", title("Costs borne"), columns(*heads, rows=rows, right=RIGHT)]
    return [*parts, *foot(answer.known_at, answer.uncertain)]


def _project(one: Funded) -> list[Part]:
    group = f", of {one.group}" if one.group else ""
    parts: list[Part] = [title(f"{one.project}: {one.title}{group}, {span(one)}")]
    rows = [
        (kind, money.funder, kronor(money.amount), money.on, money.organ, str(money.entry))
        for kind, given in (("external grant", one.grants), ("extra financing", one.extra_financing))
        for money in given
    ]
    if not rows:
        return [*parts, in_role("No money of its own.", "quiet")]
    rows.append(("together", "", kronor(one.total), "", "", ""))
    parts.append(columns("Money", "From", "Amount", "Decided on", "By", "Entry", rows=rows, right=RIGHT))
    if one.extra_financing:
        told = f"Extra financing: decided by {', '.join(one.decided) or 'none of the parties'}"
        open_ = f"; not by {', '.join(one.awaiting)}" if one.awaiting else ", which is all"
        parts.append(in_role(told + open_, "open" if one.awaiting else ""))
    return parts
