"""A meeting's workbench: its steps in order, each with what is recorded, what is missing, and the forms of its acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from ledger.sweden import day_of
from presentation.language import speaking
from presentation.render.html import linking
from presentation.work import head, item_head, line, of_item, of_step, sentence
from projections.work import call, workbench
from web.desk import language_of
from web.pages import NOT_KEPT, frame, rendered
from web.papers import OF_STEPS, linked
from web.record.page import at_the_end, laid_out, naming_now
from web.record.prefilled import form_of, forms
from web.record.recording import FORBIDDEN
from web.record.rights import may_work
from web.standpoint import without_times
from web.who import who_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from ledger.book import Ledger
    from projections.work import Workbench

NEW = "new"  # what a meeting is called in the address that begins one


def work(request: Request) -> Response:
    """Answers with the workbench of a meeting, or with the form that calls a new one.

    Raises HTTPException with status 403 for whoever may not call a meeting, and 404 for a meeting that no entry is
    about.
    """
    with speaking(language_of(request)):
        if not may_work(who_of(request)):
            raise HTTPException(FORBIDDEN)
        ledger: Ledger = request.app.state.ledger
        which, names = request.path_params["meeting"], ledger.names()
        bench = workbench(ledger.timeline(), day_of(ledger.clock()), names, which)
        if bench is None and which == NEW:
            to_call = call(ledger.timeline(), day_of(ledger.clock()))
            return RedirectResponse(form_of(without_times(request), to_call), 303)
        if bench is None:
            raise HTTPException(404)
        with naming_now(ledger), linking():
            page = rendered("work.html", **_values(request, bench))
        return Response(page, 200, NOT_KEPT, "text/html")


def _values(request: Request, bench: Workbench) -> dict[str, Any]:
    """Returns what the page of a workbench shows. Persons are links within it."""
    who, at = who_of(request), without_times(request)
    back = at.address(f"/meetings/{bench.meeting}/work")
    held = bench.status == "held"
    made = {"notice": bench.status != "uncalled", "signing": held}  # the steps that have a paper

    def papers(step: str) -> list[tuple[str, str]]:
        return linked(at, OF_STEPS[step], {"meeting": bench.meeting}) if made.get(step) else []

    steps = [
        (one.step, head(one), laid_out(request, of_step(bench, one)), forms(who, at, one.acts, back), papers(one.step))
        for one in bench.steps
    ]
    items = [
        (
            item_head(one),
            laid_out(request, of_item(bench, one), 4),
            forms(who, at, one.acts, back),
            linked(at, "minutes-extract", {"meeting": bench.meeting, "item": one.number}) if held else [],
        )
        for one in bench.items
    ]
    return {
        **frame(request, at, "meetings", sentence(bench)),
        "page": at.address(f"/meetings/{bench.meeting}"),
        "meeting": bench.meeting,
        "line": line(bench),
        "note": at_the_end(request),
        "steps": steps,
        "items": items,
    }
