"""The rights of an account today: the registrar whose authorisation names it, and is in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.events.record import RegistrarAuthorised
from ledger.messages import listed, msg
from ledger.state.record import registrars_of
from ledger.sweden import day_of
from web.signin.providers import SECRETARIAT
from web.who import Who

if TYPE_CHECKING:
    from ledger.book import Ledger
    from web.signin.providers import Provider


class Rights(NamedTuple):
    """Who an account is, or None, and then why it is nobody who may enter: as a head, and in a sentence."""

    who: Who | None
    head: str = ""
    why: str = ""


def rights_of(ledger: Ledger, account: str, provider: Provider) -> Rights:
    """Returns the rights of an account by everything recorded until now, if the provider vouches for its registrar."""
    timeline, today = ledger.timeline(), day_of(ledger.clock())
    accounts = ledger.accounts()
    ever = [one for one in timeline.all_of(RegistrarAuthorised) if accounts.get(one.position) == account]
    if not ever:
        told = msg("Send this text to the secretariat, which can authorise you with it:")
        return Rights(None, msg("You are signed in, and not known here"), told)
    counting = {one.position for one in registrars_of(timeline, timeline.head + 1, today).values()}
    own = [one for one in ever if one.position in counting]
    if not own:
        told = msg("The registrar {registrar} is not authorised today. The secretariat can tell why.",
                   registrar=ever[-1].event.registrar)  # fmt: skip
        return Rights(None, msg("You may not enter any more"), told)
    vouched = [one for one in own if (one.event.party or SECRETARIAT) == provider.vouches_for]
    if not vouched:
        told = msg("{provider} does not vouch for the registrar {registrar}. Sign in where your own party signs in.",
                   provider=provider.name, registrar=own[0].event.registrar)  # fmt: skip
        return Rights(None, msg("You may not enter this way"), told)
    if len(vouched) > 1:
        told = msg("Several registrars have this account: {registrars}. The secretariat must leave it to one.",
                   registrars=listed(one.event.registrar for one in vouched))  # fmt: skip
        return Rights(None, msg("It is not clear who you are"), told)
    [one] = vouched
    event = one.event
    return Rights(Who(event.registrar, frozenset(event.roles), event.party, event.person, fresh=False,
                      position=one.position))  # fmt: skip
