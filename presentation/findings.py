"""The findings as blocks: under their provisions, and counted in a table. The rules are in `ledger.rules`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import filled, marked, msg, term
from presentation.blocks import Column, columns, grid, in_role, number, open_, title, whole
from presentation.phrases import foot
from presentation.words import hint, of_entries, provision_head, provision_line, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.rules.finding import Finding
    from presentation.blocks import Part, Role, Words
    from projections.findings import Findings, Tally

MOST = 12  # the greatest number of passes of a provision, and of entries behind passes, that is shown
ROLES: dict[str, Role] = {"breach": "wrong", "cannot-tell": "open", "silent": "quiet", "pass": "done"}
COUNTS = ("breaches", "advisory", "cannot_tell", "passes", "silent")
VERDICTS = {
    ("breach", False): marked("breach"),
    ("breach", True): marked("breach, advisory"),
    ("cannot-tell", False): marked("cannot-tell"),
    ("cannot-tell", True): marked("cannot-tell, advisory"),
    ("silent", False): marked("silent"),
    ("silent", True): marked("silent, advisory"),
    ("pass", False): marked("pass"),
    ("pass", True): marked("pass, advisory"),
}


def findings(answer: Findings) -> list[Part]:
    """Returns the audit: the findings by provision, and a table that counts the verdicts of each provision."""
    parts: list[Part] = [title(msg("Findings on {on}", on=answer.on))]
    if answer.version is None:
        parts.append(msg("No version of the agreement is in force on this day, so only acts are judged."))
    parts += [""]
    parts += by_provision(answer.findings) if answer.findings else [in_role(msg("Nothing to report."), "done")]
    every = any(one.verdict == "pass" for one in answer.findings)
    shown = [one for one in answer.summary if every or one.breaches or one.advisory or one.cannot_tell]
    if shown:
        parts += ["", _counted(shown, answer.summary)]
    if not every and any(one.cannot_tell for one in shown):
        said = hint(
            marked("--all shows what cannot be determined, and why."),
            marked("“All of them” shows what cannot be determined, and why."),
        )
        parts += ["", open_(said)]
    return [*parts, *foot(answer.known_at, ())]


def said(answer: Findings) -> str:
    """Returns how many of the findings shown are breaches, and how many of those are advisory, in one sentence."""
    breaches = [one for one in answer.findings if one.verdict == "breach"]
    advisory = sum(one.advisory for one in breaches)
    return msg(
        "On {on:long}, {breaches:breach of the agreement was|breaches of the agreement were|no breach of the agreement"
        " was} found, and {advisory:advisory one|advisory ones|no advisory one}.",
        on=answer.on, breaches=len(breaches) - advisory, advisory=advisory,
    )  # fmt: skip


def _counted(shown: Iterable[Tally], summary: Iterable[Tally]) -> Part:
    """Returns a table with a row for each provision, and a row for all provisions together."""
    rows: list[tuple[str | Words, ...]] = []
    for one in shown:
        counts = [getattr(one, name) for name in COUNTS]
        section = term("section", one.section) if one.section else ""
        rows.append((provision_line(one.provision, None), section, *(str(count or "") for count in counts)))
    sums = [sum(getattr(one, name) for one in summary) for name in COUNTS]
    rows.append((title(msg("all provisions")), "", *(title(str(count or "")) for count in sums)))
    provision = Column(heading=msg("Provision"), whole=True, provisions=True)
    return columns(
        provision, whole("Section"), number("Breach", keep=True), number("Advisory"), number("Cannot tell"),
        number("Pass"), number("Silent"), rows=rows,
    )  # fmt: skip


def by_provision(found: Iterable[Finding], most: int | None = None) -> list[Part]:
    """Returns the findings under their provisions, at most `most` under each provision. A row shows the verdict, day,
    sentence and entries of a finding.
    """
    groups: dict[str, list[Finding]] = {}
    for one in found:
        groups.setdefault(provision_head(one.provision, one.section), []).append(one)
    parts: list[Part] = []
    width = max((len(_verdict(one)) for group in groups.values() for one in group[:most]), default=0)
    for head, group in groups.items():
        rows: list[tuple[str | Words, ...]] = [("", *finding_row(one)) for one in group[:most]]
        parts += [title(head), grid(rows, 0, width, 0)]
        if most is not None and len(group) > most:
            left = hint(
                marked("… and {more} more; --json lists all"),
                marked("… and {more} more; the JSON file lists all"),
                more=len(group) - most,
            )
            parts.append(f"  {left}")
    return parts


def finding_row(one: Finding) -> tuple[str | Words, ...]:
    """Returns a finding as a table row: its verdict, its day and its sentence with the entries behind it."""
    since = msg("from {day}", day=one.since) if one.since else ""
    return in_role(_verdict(one), ROLES[one.verdict]), since, _said(one)


def _verdict(one: Finding) -> str:
    return filled(VERDICTS[one.verdict, one.advisory], {})


def _said(one: Finding) -> str:
    said = sentence(one)
    of_itself = one.verdict == "pass" and one.entries == (one.values.get("entry"),)  # the sentence names its entry
    which = of_entries(one.entries) if one.entries and not of_itself else ""
    readings = [
        msg("{question} read as {reading}", question=question, reading=reading) for question, reading in one.readings
    ]
    rests_on = "; ".join(part for part in (which, *readings) if part)
    return f"{said} [{rests_on}]" if rests_on else said
