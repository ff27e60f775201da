"""The registrars as blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import msg, term
from presentation.blocks import columns, entries, text, title, whole
from presentation.phrases import foot, named, span
from presentation.words import party_text

if TYPE_CHECKING:
    from presentation.blocks import Part
    from projections.registrars import RegistrarOfDay, Registrars


def registrars(answer: Registrars) -> list[Part]:
    """Returns the registrars with what they may do and who introduced them, and then their keys and sign-ins."""
    parts: list[Part] = [title(msg("Who may record, on {on}", on=answer.on))]
    if not answer.registrars:
        told = msg("No registrar is authorised: whoever can write the ledger may record.")
        return [*parts, "", told, *foot(answer.known_at, answer.uncertain)]
    rows = [
        (one.registrar, _of(one), ", ".join(term("roles", role) for role in one.roles), span(one), _introduced(one),
         ", ".join(str(entry) for entry in (one.entry, one.released) if entry))
        for one in answer.registrars
    ]  # fmt: skip
    parts += ["", columns(whole("Registrar", keep=True), whole("Of"), text("May record as"), whole("In it"),
                          text("Introduced by"), entries("Entry"), rows=rows)]  # fmt: skip
    keys = [
        (one.registrar, one.key or msg("no key"), msg("yes") if one.account else msg("no"),
         named(one.person, one.name) if one.person else "")
        for one in answer.registrars
    ]  # fmt: skip
    parts += ["", columns(whole("Registrar", keep=True), whole("Key", keep=True), whole("Sign-in"), whole("Person"),
                          rows=keys)]  # fmt: skip
    if any(one.introduced_by == "secretariat" and one.key for one in answer.registrars):
        parts += ["", msg("Whoever was introduced by the secretariat: compare the key with the party, by other means.")]
    return [*parts, *foot(answer.known_at, answer.uncertain)]


def sentence(answer: Registrars) -> str:
    """Returns how many may record on the day, in one sentence."""
    there = sum(1 for one in answer.registrars if one.until is None or one.until > answer.on)
    return msg("On {on:long} {there:registrar|registrars|no registrar} could record.", on=answer.on, there=there)


def _of(one: RegistrarOfDay) -> str:
    return party_text(one.party) if one.party else term("roles", "secretariat")


def _introduced(one: RegistrarOfDay) -> str:
    match one.introduced_by:
        case "secretariat":
            return msg("the secretariat")
        case "party":
            return msg("the party's own registrar {who}", who=str(one.signed_by))
    return ""
