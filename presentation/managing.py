"""The management of registrars, as blocks: who may record, since when, and the key to compare with the party."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import msg, term
from presentation.blocks import in_role, open_
from presentation.phrases import named, span
from presentation.words import of_entries

if TYPE_CHECKING:
    from presentation.blocks import Part
    from projections.managing import Managed, Managing
    from projections.to_record import ToRecord


def sentence(answer: Managing) -> str:
    """Returns how many may record, in one sentence."""
    there = sum(one.records for one in answer.registrars)
    return msg("{there:registrar|registrars|No registrar} may record today.", there=there)


def head(one: Managed) -> str:
    """Returns a registrar's id with whose registrar it is."""
    of = one.registrar.party
    if of is None:
        return msg("{registrar}, of the secretariat", registrar=one.registrar.registrar)
    return msg("{registrar}, of {party:party}", registrar=one.registrar.registrar, party=of)


def of_registrar(one: Managed) -> list[Part]:
    """Returns what a registrar may record and since when, who introduced it, its key, and whether it has a sign-in."""
    told = one.registrar
    roles = ", ".join(term("roles", role) for role in told.roles)
    entries = of_entries([entry for entry in (told.entry, told.released) if entry])
    parts: list[Part] = [msg("{roles}: {span} [{entries}]", roles=roles, span=span(told), entries=entries)]
    if told.person:
        parts.append(msg("Person: {person}", person=named(told.person, told.name)))
    if told.introduced_by == "secretariat":
        parts.append(open_(msg("Introduced by the secretariat.")))
    elif told.introduced_by == "party":
        parts.append(msg("Introduced by {who}, a registrar of the party.", who=str(told.signed_by)))
    if not one.records:
        return [*parts, in_role(msg("May not record any more."), "quiet")]
    key = msg("Key: {fingerprint}", fingerprint=told.key) if told.key else msg("No key: its acts are not signed.")
    return [*parts, key, msg("A sign-in is bound to it.") if told.account else msg("No sign-in is bound to it.")]


def first_of(one: ToRecord) -> str:
    """Returns what leads to the form that authorises the first registrar of a party."""
    return msg("Authorise a registrar of {party:party}", party=str(one.fields["party"]))
