"""Where registrars are authorised and released: who may record, with the key that each party is asked to compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response

from ledger.messages import msg
from ledger.sweden import day_of
from presentation.language import speaking
from presentation.managing import first_of, head, of_registrar, sentence
from presentation.render.html import linking
from projections.managing import AUTHORISES, managing
from projections.to_record import ToRecord
from web.desk import language_of
from web.pages import NOT_KEPT, frame, rendered
from web.record.page import at_the_end, laid_out, naming_now
from web.record.prefilled import form_of, forms
from web.record.recording import FORBIDDEN
from web.record.rights import may_manage
from web.standpoint import without_times
from web.who import who_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from ledger.book import Ledger


def manage(request: Request) -> Response:
    """Answers with the registrars, each with the forms that authorise it anew and release it. 403 for whoever may not
    authorise registrars of every party.
    """
    with speaking(language_of(request)):
        who, at = who_of(request), without_times(request)
        if not may_manage(who):
            raise HTTPException(FORBIDDEN)
        ledger: Ledger = request.app.state.ledger
        found = managing(ledger.timeline(), day_of(ledger.clock()), ledger.names())
        back = at.address("/registrars/manage")
        with naming_now(ledger), linking():
            told = [
                (head(one), laid_out(request, of_registrar(one)), forms(who, at, one.acts, back))
                for one in found.registrars
            ]
            page = rendered(
                "manage.html",
                **frame(request, at, "registrars", sentence(found)),
                every=at.address("/registrars"),
                note=at_the_end(request),
                registrars=told,
                another=[(msg("Authorise a registrar"), form_of(at, ToRecord(event=AUTHORISES, fields={}), back))],
                office=form_of(at, found.office, back) if found.office else None,
                first=[(first_of(one), form_of(at, one, back)) for one in found.first],
            )
        return Response(page, 200, NOT_KEPT, "text/html")
