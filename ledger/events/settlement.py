"""Events about what remains when the agreement ends: longer commitments, and the settlement agreed."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ledger.events.base import Event
from ledger.values import Commitment, Ore, Party, Text, about


class SettlementAgreed(Event, frozen=True, kw_only=True):
    """The separate agreement on accrued and remaining costs was made."""

    v = 2
    valid_on_is = "the day agreed"
    provision = "settlement-agreement"
    example = {"organ": "body", "shares": {"arboga": 1484000, "sala": 2396500}}

    shares: Annotated[dict[Party, Ore], about("what each party finally bears of accrued and remaining cost")]
    agreed_by: Annotated[tuple[Party, ...] | None, about("the parties that agreed on it")] = None


class CommitmentMade(Event, frozen=True, kw_only=True):
    """A commitment was made whose cost is spread over the days [since, until)."""

    valid_on_is = "the commitment"
    provision = "settlement-agreement"
    example = {
        "organ": "official",
        "commitment": "hyra",
        "description": "kontor för sekretariatet",
        "amount": 36000000,
        "since": "2024-06-01",
        "until": "2026-06-01",
    }

    commitment: Commitment
    description: Annotated[Text, about("what it is")]
    amount: Annotated[Ore, about("its whole cost, in öre")]
    since: Annotated[date, about("its first day")]
    until: Annotated[date, about("the first day after it")]


class CommitmentReleased(Event, frozen=True, kw_only=True):
    """A commitment was released."""

    valid_on_is = "the release"
    provision = "settlement-agreement"
    example = {"organ": "official", "commitment": "hyra"}

    commitment: Commitment
    reason: Annotated[Text | None, about("why")] = None


EVENTS: dict[str, type[Event]] = {
    "settlement-agreed": SettlementAgreed,
    "commitment-made": CommitmentMade,
    "commitment-released": CommitmentReleased,
}
