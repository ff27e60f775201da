"""The claim of an instalment from a party (betalningsunderlag): what to pay, and on page 2 how the sum came about."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from ledger.errors import BadInput
from ledger.messages import grouped, kronor, msg
from ledger.rules.reference import party_kinds
from ledger.state.agreement import terms_on
from ledger.state.costs.claims import claims
from ledger.timeline import past
from ledger.values import EARLIEST, LATEST, quoted
from papers.notice import not_recorded
from papers.paper import NewPage, Paper, Signature
from papers.readings import read_as
from presentation.asking import NoSuch
from presentation.blocks import columns, entries, in_role, number, open_, text, title, whole
from presentation.costs.steps import exact, stands, why
from presentation.phrases import doubt
from presentation.words import in_order, party_text
from projections.claimed import claimed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.paper import Ordered, Piece
    from presentation.asking import Asking
    from presentation.blocks import Words
    from projections.claimed import Claimed

Fact = tuple[str, "str | Words"]


def claim(ordered: Ordered) -> Paper:
    """Returns the claim of an instalment as recorded. Raises BadInput for an id that is not YEAR/INSTALMENT/PARTY and
    for assumed readings, under which nothing was claimed, and NoSuch for a claim not recorded by the day asked about.
    """
    asked = ordered.asked
    if asked.assumed:
        what = msg("a claim is as recorded and never computed again, so that no reading can be assumed for it")
        raise BadInput([(None, what)])
    year, instalment, party = _which(ordered.which)
    found = claimed(asked.timeline, year, instalment, party, asked.on)
    if found is None:
        raise NoSuch([(None, _none(asked, year, instalment, party))])
    credit = found.amount < 0
    return Paper(
        kind="claim",
        title=msg("Credit of instalment {number} of {year}", number=instalment, year=year)
        if credit
        else msg("Claim of instalment {number} of {year}", number=instalment, year=year),
        sender=found.payee,
        facts=tuple(_facts(ordered, found)),
        body=(*_said(found), *doubt(found.uncertain), NewPage(), *_steps(found), *read_as(found.readings.items())),
    )


def _which(which: str) -> tuple[int, int, str]:
    parts = re.fullmatch(r"(\d{4})/([12])/([^/]+)", which, re.ASCII)
    if parts is None or not EARLIEST.year <= int(parts[1]) <= LATEST.year:
        what = msg("{value} is not YEAR/INSTALMENT/PARTY, such as 2025/1/sala", value=quoted(which))
        raise BadInput([(None, what)])
    return int(parts[1]), int(parts[2]), parts[3]


def _none(asked: Asking, year: int, instalment: int, party: str) -> str:
    """Returns why there is no such claim."""
    if party not in party_kinds(asked.timeline):
        return msg("no version of the agreement has a party {value}", value=quoted(party))
    if (year, instalment) in claims(past(asked.timeline.seen_on(asked.on), asked.on)):
        return msg(
            "nothing was claimed from {party:party} in instalment {number} of {year}",
            party=party, number=instalment, year=year,
        )  # fmt: skip
    return msg(
        "instalment {number} of {year} was not claimed by {day}; `liggare claim {year} {number}` records the claim",
        number=instalment, year=year, day=asked.on,
    )  # fmt: skip


def _facts(ordered: Ordered, found: Claimed) -> Iterator[Fact]:
    credit = found.amount < 0
    yield msg("Payer"), _party(ordered, found, found.payee if credit else found.party)
    yield msg("Payee"), _party(ordered, found, found.party if credit else found.payee)
    yield (msg("To be repaid") if credit else msg("To pay")), in_role(kronor(abs(found.amount)), "title")
    yield msg("Due day"), msg("{day:long}", day=found.due) if found.due else not_recorded()
    yield msg("Reference (OCR)"), found.reference or open_(msg("none can be made of the party's code"))
    yield msg("Account of the payee"), not_recorded()
    yield msg("Claimed"), msg("{day:when} [entry {entry}]", day=found.claimed_on, entry=found.entry)
    if found.standing:
        yield msg("On {on:long}", on=found.on), stands(found.standing)


def _party(ordered: Ordered, found: Claimed, party: str | None) -> str | Words:
    """Returns a party's name and organisation number, by the terms of the day asked about."""
    terms = terms_on(ordered.asked.timeline, found.on)
    own = terms.party(party) if terms and party else None
    if party is None:
        return not_recorded()
    if own is None:
        return msg("{party:party}", party=party)
    return msg("{party:party}, organisation number {number}", party=party, number=own.organisation_number)


def _said(found: Claimed) -> Iterator[Piece]:
    values = {"party": found.party, "number": found.instalment, "year": found.year}
    if found.amount < 0:
        told = msg(
            "The instalments of {year} claimed more from {party:party} than its share of the year as now computed. The"
            " difference is a credit, due like a claim: it is repaid, and not paid.",
            **values,
        )
        yield open_(told)
    else:
        yield msg(
            "This is instalment {number} of what {party:party} bears of the cost of {year} by the agreement.", **values
        )
        if found.reference:
            yield ""
            yield msg("Give the reference with the payment: the payment is found by it.")
    yield ""
    yield _later(found)
    yield Signature(msg("Account to pay to, which the ledger does not hold, filled in by the payee"), "")


def _later(found: Claimed) -> str:
    """Returns where a later correction goes: of the first instalment into the second, of that into the settlement."""
    if found.instalment > 1:
        return msg("The claim is as recorded. It is never computed again: what is corrected later goes into the"
                   " settlement. The next page shows how the sum came about.")  # fmt: skip
    return msg("The claim is as recorded. It is never computed again: what is corrected later goes into the second"
               " instalment, or else into the settlement. The next page shows how the sum came about.")  # fmt: skip


def _steps(found: Claimed) -> Iterator[Piece]:
    yield from _level(found)
    yield from _key(found)
    yield from _instalment(found)


def _level(found: Claimed) -> Iterator[Piece]:
    yield title(msg("1. The level of {year}", year=found.year))
    rows = [
        (str(step.year), kronor(step.level) if step.level is not None else open_(msg("unknown")), why(step),
         str(step.entry or ""))
        for step in found.steps
    ]  # fmt: skip
    heads = (whole("Year"), number("Level", keep=True), text("How it came about"), entries("Entry"))
    yield columns(*heads, rows=rows)
    yield msg("The claim rests on the level {level:kr}.", level=found.level)
    if found.level_of != found.year:
        told = msg(
            "It is that of {year}, since the index was not known yet; the difference goes into instalment 2.",
            year=found.level_of,
        )
        yield open_(told)
    if found.steps and found.steps[-1].level != found.level:
        yield open_(msg("It is not the level that the entries give, as known when the claim was recorded."))


def _key(found: Claimed) -> Iterator[Piece]:
    """Yields the population figures, and the share of each municipality that they give."""
    yield title(msg("2. The shares, by population"))
    if found.part is not None and found.rest:
        yield msg(
            "The municipalities carry {part:kr} together, the Region {rest:kr}.", part=found.part, rest=found.rest
        )
    elif found.part is not None:
        yield msg("The municipalities carry {part:kr} together.", part=found.part)
    if found.key is None:
        yield open_(msg("The population of {day:long} is not recorded.", day=found.counted_on))
    else:
        yield msg("The population is that of {day:long} [entry {entry}].", day=found.key.day, entry=found.key.entry)
    if found.awaits:
        told = msg(
            "The population of {day} was not published yet; the difference goes into instalment 2.", day=found.awaits
        )
        yield open_(told)
    if found.key is None or found.shares is None or found.part is None:
        yield open_(msg("The shares are unknown."))
        return
    yield _shares(found, found.shares, found.key.figures, found.part)


def _shares(found: Claimed, shares: dict[str, int], figures: dict[str, int], part: int) -> Piece:
    total = sum(figures[one] for one in shares)
    rows: list[tuple[str | Words, ...]] = []
    for one in in_order(shares):
        before = exact(Fraction(part * figures[one], total))
        cells = (party_text(one), grouped(figures[one]), before, kronor(shares[one]))
        rows.append(tuple(map(title, cells)) if one == found.party else cells)
    rows.append((msg("together"), grouped(total), "", kronor(sum(shares.values()))))
    heads = (whole("Municipality"), number("Population"), number("Exact"), number("Share", keep=True))
    return columns(*heads, rows=rows)


def _instalment(found: Claimed) -> Iterator[Piece]:
    yield title(msg("3. Instalment {number} of {party:party}", number=found.instalment, party=found.party))
    share = (found.shares or {}).get(found.party, 0) if found.shares is not None else None
    rows: list[tuple[str | Words, ...]] = [
        (msg("Share of {year}", year=found.year), open_(msg("unknown")) if share is None else kronor(share), "")
    ]
    if found.first:
        what = msg("less instalment 1, claimed {day:when}", day=found.first.claimed_on)
        rows.append((what, kronor(-found.first.amount), str(found.first.entry)))
    elif found.instalment > 1:
        rows.append((open_(msg("instalment 1 was not claimed")), kronor(0), ""))
    computed = open_(msg("unknown")) if found.computed is None else kronor(found.computed)
    what = msg("What is left of the share") if found.instalment > 1 else msg("Half of the share, rounded down")
    rows += [(what, computed, ""), (title(msg("Claimed, as recorded")), title(kronor(found.amount)), str(found.entry))]
    yield columns(text("Step", keep=True), number("Amount", keep=True), entries("Entry"), rows=rows)
    if found.computed is not None and found.computed != found.amount:
        told = msg(
            "The amount recorded is not the one that the figures above give: it differs by {amount:kr}. The amount"
            " recorded counts.",
            amount=found.amount - found.computed,
        )
        yield open_(told)
