"""What waits for whoever asks, with the forms that record it, and what is recorded in the name of their party."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from ledger.messages import msg
from ledger.state.agreement import names_of_parties
from ledger.sweden import day_of
from presentation.language import speaking
from presentation.render.html import linking
from presentation.waiting import by_kind, of_own_acts, of_waits, party_sentence, sentence
from projections.own_acts import own_acts
from projections.waiting import joined, waiting_for_adjuster, waiting_for_party, waiting_for_treasurer
from web.desk import language_of
from web.pages import NOT_KEPT, frame, rendered
from web.record.page import at_the_end, laid_out, naming_now
from web.record.prefilled import forms
from web.record.recording import FORBIDDEN
from web.standpoint import without_times
from web.who import who_of

if TYPE_CHECKING:
    from datetime import date

    from starlette.requests import Request

    from ledger.book import Ledger
    from ledger.timeline import Timeline
    from projections.waiting import Waiting
    from web.who import Who


def mine(request: Request) -> Response:
    """Answers with what waits for a party, or for the roles of whoever asks. 404 for a party that does not exist, and
    403 for somebody who may record nothing anywhere.
    """
    with speaking(language_of(request)):
        ledger: Ledger = request.app.state.ledger
        timeline, day, who = ledger.timeline(), day_of(ledger.clock()), who_of(request)
        if not who.by:
            raise HTTPException(FORBIDDEN)
        party = request.query_params.get("party") or (who.party if "party" in who.roles else None)
        known = names_of_parties(timeline, day)
        if party is not None and party not in known:
            raise HTTPException(404)
        with naming_now(ledger), linking():
            values = _values(request, timeline, day, party)
            page = rendered("mine.html", **values, parties=() if "party" in who.roles else sorted(known.items()))
        return Response(page, 200, NOT_KEPT, "text/html")


def _values(request: Request, timeline: Timeline, day: date, party: str | None) -> dict[str, Any]:
    """Returns what the page shows. Persons are links within it."""
    ledger: Ledger = request.app.state.ledger
    who, at = who_of(request), without_times(request)
    found = _waiting(timeline, day, who, party)
    title = party_sentence(found, party) if party else sentence(found)
    if not party and not who.roles & {"treasurer", "adjuster"}:
        title = msg("For which party?")
    back = at.address("/mine", party=request.query_params.get("party"))
    kinds = [
        (head, [(laid_out(request, of_waits(one)), forms(who, at, one.acts, back)) for one in waits])
        for head, waits in by_kind(found)
    ]
    return {
        **frame(request, at, "mine", title),
        "note": at_the_end(request),
        "kinds": kinds,
        "party": party,
        "own": laid_out(request, of_own_acts(own_acts(timeline, ledger.names(), party))) if party else None,
    }


def _waiting(timeline: Timeline, day: date, who: Who, party: str | None) -> Waiting:
    """Returns what waits for a party or, without one and for one's own, for one's roles."""
    own = party in {None, who.party}
    parts = [waiting_for_party(timeline, day, party)] if party else []
    if own and "treasurer" in who.roles:
        parts.append(waiting_for_treasurer(timeline, day, who.party))
    if own and "adjuster" in who.roles and who.person:
        parts.append(waiting_for_adjuster(timeline, day, who.person))
    return joined(timeline, day, parts)
