"""What waits for somebody, and what is recorded in a party's name, as blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import filled, marked, msg
from presentation.blocks import in_role
from presentation.record import entry_lines
from presentation.work import missing

if TYPE_CHECKING:
    from presentation.blocks import Part
    from projections.own_acts import OwnActs
    from projections.waiting import Waiting, Waits

HEADS = {  # kind → what stands over it, in this order
    "adopt": marked("To adopt or reject"),
    "answer": marked("To answer"),
    "appoint": marked("To appoint"),
    "claim": marked("To claim"),
    "pay": marked("To pay"),
    "receive": marked("To receive"),
    "adjust": marked("To adjust"),
}


def by_kind(waiting: Waiting) -> list[tuple[str, list[Waits]]]:
    """Returns what waits under what it is, without empty parts."""
    kinds = ((kind, [one for one in waiting.waits if one.kind == kind]) for kind in HEADS)
    return [(filled(HEADS[kind], {}), waits) for kind, waits in kinds if waits]


def of_waits(one: Waits) -> list[Part]:
    """Returns a task with its day and its entries; of one to pay, also that the payee records the payment."""
    parts = missing([one.task])
    if one.kind == "pay":
        payee = one.acts[0].binds
        parts.append(in_role(msg("{party:party}, which receives it, records the payment.", party=payee), "quiet"))
    return parts


def party_sentence(waiting: Waiting, party: str) -> str:
    """Returns how much waits for a party, in one sentence."""
    return msg(
        "{count:thing waits|things wait|Nothing waits} for {party:party}.", count=len(waiting.waits), party=party
    )


def sentence(waiting: Waiting) -> str:
    """Returns how much waits for whoever asks, in one sentence."""
    return msg("{count:thing waits|things wait|Nothing waits} for you.", count=len(waiting.waits))


def of_own_acts(acts: OwnActs) -> list[Part]:
    """Returns what is recorded in a party's name, the last recorded first, and how much more there is."""
    if not acts.count:
        return [msg("Nothing is recorded in the name of {party:party}.", party=acts.party)]
    parts: list[Part] = [entry_lines(acts.entries)]
    if acts.count > len(acts.entries):
        parts.append(msg("These are the latest {shown} of {count}.", shown=len(acts.entries), count=acts.count))
    return parts
