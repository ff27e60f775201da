"""The officials, and the activities in other forms of collaboration (section 4: other-forms), as blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from ledger.events.officials import Office
from ledger.messages import day_text, filled, marked, msg, term
from presentation.blocks import columns, entries, open_, text, title, whole
from presentation.phrases import foot, named, not_in_force, span
from presentation.words import party_text

if TYPE_CHECKING:
    from presentation.blocks import Part, Words
    from projections.activities import Activities
    from projections.officials import Officials

OFFICES = get_args(Office)
MISSING = {
    "region": marked("No official of the Region supports it."),
    "municipality": marked("No official of a municipality supports it."),
}


def officials(answer: Officials) -> list[Part]:
    """Returns the management group by office, vacant offices included, and then each group with its officials."""
    parts: list[Part] = [title(_head(answer))]
    if answer.version is None:
        parts.append(not_in_force())
    parts += ["", _offices(answer)]
    for group in answer.groups:
        parts += ["", title(f"{group.group}: {group.name}")]
        officers = [
            (named(one.person, one.name), party_text(one.employer), span(one), str(one.entry)) for one in group.officers
        ]
        if officers:
            parts.append(
                columns(
                    whole("Supported by"), whole("Employer", keep=True), whole("From"), entries("Entry"), rows=officers
                )
            )
        parts += [open_(filled(MISSING[side], {})) for side in group.missing]
    return [*parts, *foot(answer.known_at, answer.uncertain)]


def sentence(answer: Officials) -> str:
    """Returns how many hold an office in the management group, and how many offices are vacant, in one sentence."""
    held = len(answer.management_group)
    if answer.vacancies is None:
        return msg("On {on:long} the management group had {held:member|members|no members}.", on=answer.on, held=held)
    return msg(
        "On {on:long} the management group had {held:member|members|no members}, and"
        " {vacant:office was|offices were|no office was} vacant.",
        on=answer.on, held=held, vacant=len(answer.vacancies),
    )  # fmt: skip


def _head(answer: Officials) -> str:
    if answer.vacancies is None:
        return msg("The management group on {on}; the vacant offices are unknown", on=answer.on)
    if not answer.vacancies:
        return msg("The management group on {on}, no office vacant", on=answer.on)
    return msg(
        "The management group on {on}, {vacant:vacant office|vacant offices}",
        on=answer.on, vacant=len(answer.vacancies),
    )  # fmt: skip


def _offices(answer: Officials) -> Part:
    """Returns a table of the offices in order, each office by the ids of the parties, vacant offices included."""
    found: list[tuple[str, str, tuple[str | Words, ...]]] = [
        (one.office, one.party or "", (named(one.person, one.name), span(one), str(one.entry)))
        for one in answer.management_group
    ]
    found += [(one.office, one.party or "", (open_(msg("vacant")), "", "")) for one in answer.vacancies or ()]
    found.sort(key=lambda line: (OFFICES.index(line[0]), line[1]))
    rows = [(term("office", office), party_text(party) if party else "", *rest) for office, party, rest in found]
    return columns(
        whole("Office"), whole("Party"), whole("Held by", keep=True), whole("In it"), entries("Entry"), rows=rows
    )


def activities(answer: Activities) -> list[Part]:
    """Returns the activities held, one line each."""
    parts: list[Part] = [title(msg("Other forms of collaboration held by {on}", on=answer.on)), ""]
    rows: list[tuple[str, ...]] = [
        (day_text(one.on), term("kind", one.kind), one.title, one.place, ", ".join(map(party_text, one.organisers)),
         str(one.entry))
        for one in answer.activities
    ]  # fmt: skip
    parts.append(_held(rows) if rows else msg("None."))
    return [*parts, *foot(answer.known_at, answer.uncertain)]


def _held(rows: list[tuple[str, ...]]) -> Part:
    return columns(
        whole("Held on"),
        whole("Kind"),
        text("Title", keep=True),
        text("Place"),
        text("By"),
        entries("Entry"),
        rows=rows,
    )
