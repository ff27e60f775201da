"""Correcting an entry: its annulment and what is right, in one append."""

from __future__ import annotations

from functools import partial
from secrets import token_hex
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from ledger.errors import BadInput
from ledger.events.parse import parse_event
from ledger.events.record import EntryAnnulled
from ledger.messages import msg
from ledger.state.record import KEPT_OUTSIDE
from presentation.language import speaking
from projections.history import tell
from web.desk import language_of
from web.record.body import answered
from web.record.controls import of_a_correction
from web.record.page import Shown, at_the_end, by_id, event_in, form_page, naming_now, rows_of
from web.record.recording import event_to_record, given_in_address, sent_on, taken
from web.record.typed import Unread, compacted, placed, raw_of, typed_of
from web.standpoint import without_times

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from starlette.requests import Request
    from starlette.responses import Response

    from ledger.book import Ledger
    from ledger.encoding import Entry
    from ledger.events import Event
    from web.record.body import Sent
    from web.record.typed import Typed

CAUSE = "recording-error"  # what a court has quashed is not corrected: its form is that of entry-annulled
OF_THE_ANNULMENT = ("reason", "on")
ALONE = "_alone"  # ticked where nothing takes the entry's place


async def correction(request: Request) -> Response:
    """Answers with an entry's form as it was recorded, and takes what is right instead."""
    return await answered(request, _asked, _sent)


def _kept(ledger: Ledger, entry: Entry[Event]) -> str | None:
    """Returns the name or the account that an entry registers while it is stored, or None."""
    field = KEPT_OUTSIDE.get(type(entry.event))
    kept = ledger.names() if field == "name" else ledger.accounts() if field else {}
    return kept.get(entry.position)


def _entry(request: Request) -> Entry[Event]:
    """Returns the entry of an address. Raises HTTPException with status 404 for an entry that is not
    there or that no form records, and 403 for one that is not for whoever asks to correct.
    """
    ledger: Ledger = request.app.state.ledger
    given = request.path_params["entry"]
    timeline = ledger.timeline()
    if not (given.isascii() and given.isdecimal() and len(given) <= 15 and 1 <= int(given) <= timeline.head):
        raise HTTPException(404)
    entry = timeline.at(int(given))
    event_to_record(request, EntryAnnulled.event_name)
    event_to_record(request, entry.event.event_name)
    return entry


def _asked(request: Request) -> Response:
    with speaking(language_of(request)):
        entry = _entry(request)
        ledger: Ledger = request.app.state.ledger
        typed, hidden = given_in_address(request)
        typed = typed or typed_of(entry.event, _kept(ledger, entry))
        note = at_the_end(request)
        if (by := ledger.timeline().annulled_by.get(entry.position)) is not None:
            note = msg("Entry {entry} is already annulled, by entry {other}.", entry=entry.position, other=by)
        shown = Shown(hidden.get("_key") or token_hex(16), hidden=sent_on(hidden), note=note)
        return _page(request, entry, typed, shown, hidden=hidden)


def _sent(request: Request, body: Sent) -> Response:
    with speaking(language_of(request)):
        entry = _entry(request)
        event = type(entry.event)
        shown = Shown(body.key, hidden=sent_on(body.hidden))
        page = partial(_page, request, entry, body.typed, hidden=body.hidden)

        def acts(today: date) -> list[Event]:
            given = {name: [body.hidden.get(f"_{name}", "")] for name in OF_THE_ANNULMENT}
            said = {"entry": [str(entry.position)], "cause": [CAUSE], "organ": ["secretariat"], "on": [str(today)]}
            annulment = _of_the_annulment(said | compacted(given), today)
            if body.hidden.get(ALONE):
                return [annulment]
            return [annulment, parse_event(raw_of(event, by_id(request, body.typed), today))]

        return taken(request, body, event, acts=acts, shown=shown, page=page)


def _of_the_annulment(typed: Mapping[str, list[str]], today: date) -> Event:
    """Returns the annulment that was typed. Raises Unread, with the names of its fields in this form."""
    try:
        return parse_event(raw_of(EntryAnnulled, typed, today))
    except Unread as error:
        raise Unread({f"_{name}": what for name, what in error.faults.items()}) from None
    except BadInput as error:
        faults = [placed(what, EntryAnnulled) for _, what in error.errors]
        raise Unread({f"_{name}": said for name, said in faults}) from None


def _page(
    request: Request,
    entry: Entry[Event],
    typed: Typed,
    shown: Shown,
    status: int = 200,
    *,
    hidden: Mapping[str, str] = {},
) -> Response:
    ledger: Ledger = request.app.state.ledger
    timeline, position = ledger.timeline(), entry.position
    with naming_now(ledger):
        [told] = tell([entry], timeline, ledger.names())
        old = rows_of(told)
    at = without_times(request)
    return form_page(
        request, type(entry.event), typed, shown, status,
        template="correct.html",
        title=msg("Correct entry {entry}: {event}", entry=position, event=event_in(entry.event.event_name)),
        action=at.address(f"/correct/{position}"),
        entry=(position, at.address(f"/entry/{position}")),
        quashed=at.address("/record/entry-annulled", entry=position, cause="quashed", organ="court"),
        old=old,
        old_day=told.valid_on,
        annulment=of_a_correction(hidden, {one.name: one.said for one in shown.faults}),
        alone=bool(hidden.get(ALONE)),
    )  # fmt: skip
