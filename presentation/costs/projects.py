"""The projects with their funding, and the costs borne, as blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import kronor, msg, term
from presentation.blocks import columns, entries, in_role, number, title, whole
from presentation.phrases import foot, told_span
from presentation.words import party_text

if TYPE_CHECKING:
    from presentation.blocks import Part
    from projections.projects import Funded, Projects


def projects(answer: Projects) -> list[Part]:
    """Returns each project with its funding, and then the costs borne."""
    parts: list[Part] = [title(msg("{projects:project|projects} by {on}", projects=len(answer.projects), on=answer.on))]
    for one in answer.projects:
        parts += ["", *_project(one)]
    if answer.costs:
        rows = [
            (
                str(one.year),
                term("kind", one.kind),
                party_text(one.borne_by),
                party_text(one.for_party) if one.for_party else "",
                kronor(one.amount),
                ", ".join(map(str, one.entries)),
            )
            for one in answer.costs
        ]
        heads = (whole("Year"), whole("Cost", keep=True), whole("Borne by", keep=True), whole("For"),
                 number("Amount", keep=True), entries("Entries"))  # fmt: skip
        parts += ["", title(msg("Costs borne")), columns(*heads, rows=rows)]
    return [*parts, *foot(answer.known_at, answer.uncertain)]


def _project(one: Funded) -> list[Part]:
    parts: list[Part] = [title(_head(one))]
    rows = [
        (kind, party_text(money.funder), kronor(money.amount), money.on, term("organ", money.organ), str(money.entry))
        for kind, given in ((msg("external grant"), one.grants), (msg("extra financing"), one.extra_financing))
        for money in given
    ]
    if not rows:
        return [*parts, in_role(msg("No funding of its own."), "quiet")]
    rows.append((msg("together"), "", kronor(one.total), "", "", ""))
    heads = (whole("Money"), whole("From", keep=True), number("Amount", keep=True), whole("Decided on"), whole("By"),
             entries("Entry"))  # fmt: skip
    parts.append(columns(*heads, rows=rows))
    if one.extra_financing:
        parts.append(in_role(_decided(one), "open" if one.awaiting else ""))
    return parts


def _head(one: Funded) -> str:
    if one.group:
        return msg(
            "{project}: {title}, of {group}, {span}",
            project=one.project, title=one.title, group=one.group, span=told_span(one),
        )  # fmt: skip
    return msg("{project}: {title}, {span}", project=one.project, title=one.title, span=told_span(one))


def _decided(one: Funded) -> str:
    """Returns the line that states which parties have decided on extra financing, and which have not."""
    if not one.awaiting and not one.decided:
        return msg("Extra financing: no parties are known that could decide on it")
    if not one.awaiting:
        return msg("Extra financing: decided by {parties}, which are all the parties", parties=one.decided)
    if not one.decided:
        return msg("Extra financing: decided by none of the parties; not by {parties}", parties=one.awaiting)
    return msg("Extra financing: decided by {parties}; not by {others}", parties=one.decided, others=one.awaiting)
