"""The addresses of forms: which acts there are, the form of one, its dry run, and what was recorded."""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from secrets import token_hex
from typing import TYPE_CHECKING

import orjson
from msgspec import structs
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from ledger.book import Signing
from ledger.errors import BadInput, Contended, KeyTaken, OutcomeUnknown, Refused, Unusable
from ledger.events import EVENTS
from ledger.events.parse import parse_event
from ledger.messages import msg, term
from ledger.names import digest, disclosed
from ledger.proof.act import ACT
from ledger.proof.ssh import parse_signature_file
from ledger.rules.record import party_of
from ledger.signed import sealed, texts_of
from ledger.state.record import KEPT_OUTSIDE, kept_outside, registrar_of
from ledger.sweden import day_of
from presentation.language import speaking
from presentation.render.html import linking, unlinked
from presentation.words import entry_line, sentence
from projections.history import tell
from recording.fields import told_of
from web.desk import language_of
from web.pages import frame, rendered
from web.record.body import is_key, sent
from web.record.page import (
    NOT_KEPT,
    Fault,
    Shown,
    ToSign,
    faults_in,
    flagged,
    form_page,
    naming,
    refusals,
    standing,
)
from web.record.rights import may_fill_in, offered
from web.record.typed import Unread, event_of, raw_of
from web.who import ALONE, who_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

    from ledger.book import Ledger, Recorded
    from ledger.events import Event
    from web.record.body import Sent

UNREAD, FORBIDDEN, CONFLICT, WAIT = 422, 403, 409, 503
RECORDED_BY = "recorded-by"


def events(request: Request) -> Response:
    """Answers with the acts that whoever asks may record, by chapter, and with their drafts."""
    with speaking(language_of(request)):
        who, at = who_of(request), standing(request)
        chapters = [
            [(term("event", name), told_of(EVENTS[name]), at.address(f"/record/{name}")) for name in names]
            for names in offered(who)
        ]
        kept = request.app.state.drafts.drafts(who.by) if request.app.state.drafts and who.by else []
        drafts = [
            (term("event", one.event), one.kept_at, at.address(f"/record/{one.event}", _draft=one.id)) for one in kept
        ]
        page = rendered("acts.html", **frame(request, at, "record", msg("Record")), chapters=chapters, drafts=drafts)
        return Response(page, 200, NOT_KEPT, "text/html")


async def form(request: Request) -> Response:
    """Answers with the form of an event, and takes it when it is sent."""
    if request.method != "POST":
        return await run_in_threadpool(_asked, request)
    with speaking(language_of(request)):
        body = await sent(request)
    return await run_in_threadpool(_sent, request, body)


def _event(request: Request) -> type[Event]:
    """Returns the event of an address. Raises HTTPException with status 404 for one that no form records, and 403 for
    one that is not for whoever asks to record.
    """
    event = event_of(request.path_params["event"])
    if event is None:
        raise HTTPException(404)
    if not may_fill_in(who_of(request), event.event_name):
        raise HTTPException(FORBIDDEN)
    return event


def _asked(request: Request) -> Response:
    """Answers with an empty form, with what its address gives, or with a draft."""
    with speaking(language_of(request)):
        event, given = _event(request), request.query_params
        typed: dict[str, list[str]] = {}
        hidden = {}
        for name, text in given.multi_items():
            if name.startswith("_"):
                hidden[name] = text
            elif name not in {"lang", "known_at"}:
                typed.setdefault(name, []).append(text)
        if "_draft" in given:
            typed = _draft(request, given["_draft"])
        note = msg("Nothing is recorded from the past: this form records at the end of the ledger, as it is now.")
        shown = Shown(token_hex(16), hidden=_kept(hidden), note=note if "known_at" in given else "")
        return form_page(request, event, typed, shown)


def _draft(request: Request, draft: str) -> dict[str, list[str]]:
    """Returns what was typed and kept. Raises HTTPException with status 404 if it is not, or not any more, kept."""
    drafts, who = request.app.state.drafts, who_of(request)
    data = drafts.draft(who.by, draft) if drafts else None
    if data is None:
        raise HTTPException(404)
    found: dict[str, list[str]] = orjson.loads(data)
    return found


def _kept(hidden: Mapping[str, str]) -> dict[str, str]:
    """Returns the hidden fields that a form sends on."""
    return {name: text for name, text in hidden.items() if name in {"_draft", "_outside", "_next"}}


def _sent(request: Request, body: Sent) -> Response:
    """Answers to a form that was sent: looks it over, records it, or keeps it."""
    with speaking(language_of(request)):
        event = _event(request)
        shown = Shown(body.key, hidden=_kept(body.hidden))
        if body.do.startswith("more:"):
            return form_page(request, event, body.typed, shown._replace(more=body.do.removeprefix("more:")))
        if body.do == "keep":
            return _kept_as_draft(request, event, body)
        ledger: Ledger = request.app.state.ledger
        try:
            acts = [parse_event(raw_of(event, body.typed, day_of(ledger.clock())))]
        except Unread as error:
            faults = [Fault(name, what) for name, what in error.faults.items()]
            return form_page(request, event, body.typed, shown._replace(faults=faults), UNREAD)
        except BadInput as error:
            faults = faults_in(event, error.errors)
            return form_page(request, event, body.typed, shown._replace(faults=faults), UNREAD)
        page = partial(form_page, request, event, body.typed)
        return judged(request, body, acts, shown, page)


def judged(request: Request, body: Sent, acts: list[Event], shown: Shown, page: Callable[..., Response]) -> Response:
    """Answers to acts that were typed without fault: looks them over and, if that was asked for, records what was
    looked over before. `page` returns the form again, with what is shown and a status.
    """
    try:
        return _judged(request, body, acts, shown, page)
    except Refused as error:
        return page(shown._replace(faults=refusals(body.typed, error)), UNREAD)
    except KeyTaken as error:
        return page(shown._replace(key=token_hex(16), note=str(error)), CONFLICT)
    except BadInput as error:
        return page(shown._replace(faults=[Fault("", what) for _, what in error.errors]), UNREAD)
    except OutcomeUnknown as error:
        told = msg("Press the same button again: what is recorded already is not recorded twice.")
        return page(shown._replace(note=f"{error} {told}", checked=body.digest(body.key)), WAIT)
    except (Contended, Unusable) as error:
        return page(shown._replace(note=str(error), checked=body.hidden.get("_checked", "")), WAIT)


def _judged(request: Request, body: Sent, acts: list[Event], shown: Shown, page: Callable[..., Response]) -> Response:
    ledger: Ledger = request.app.state.ledger
    who, checked = who_of(request), body.digest(body.key)
    looked = ledger.record(acts, by=who.by, key=body.key, dry_run=True)
    if looked.again:
        return _done(request, body)
    if refused := _not_theirs(request, looked):
        return page(shown._replace(faults=[Fault("", refused)]), FORBIDDEN)
    signed = signs_for(request, looked)
    outside: Mapping[int, str] = {}
    if signed:
        acts, outside = _sealed(acts, body.hidden.get("_outside"))
        shown = shown._replace(hidden={**shown.hidden, "_outside": _as_text(outside)})
    to_sign = _to_sign(request, body, acts) if signed else []
    shown = shown._replace(looked=looked, checked=checked, to_sign=to_sign)
    if text := next((one for one in to_sign if body.do == f"text:{one.place}"), None):
        return _text(text)
    if body.do != "record":
        return page(shown)
    if body.hidden.get("_checked") != checked:
        return page(shown._replace(note=msg("It was changed after it was looked over: look it over again.")))
    if not who.fresh and any(binding(looked)):
        return _signing_in_again(request, body)
    ledger.record(acts, by=who.by, key=body.key, signing=_signing(request, body, outside))
    return _done(request, body)


def binding(recorded: Recorded) -> list[str | None]:
    """Returns the party that each act binds, or None."""
    return [party_of(one.event, recorded.timeline, one.position) for one in recorded.entries]


def _not_theirs(request: Request, looked: Recorded) -> str | None:
    """Returns why whoever asks may not record the acts, or None. On a computer of one's own, it is a finding alone."""
    who, new = who_of(request), {one.position for one in looked.entries}
    if ALONE in who.roles:
        return None
    own = [one for one in looked.flagged if one.provision == RECORDED_BY and not one.advisory]
    found = [one for one in own if one.values.get("who") == who.by or new & {*one.entries}]
    with naming(looked), linking():
        return unlinked(sentence(found[0])) if found else None


def signs_for(request: Request, looked: Recorded) -> bool:
    """Returns whether whoever asks has a key, and the acts bind the party that the key signs for."""
    who, day = who_of(request), day_of(request.app.state.ledger.clock())
    if request.app.state.signing is not None or not who.by:
        return False
    found = registrar_of(looked.timeline, who.by, looked.entries[0].position, day)
    bound = {*binding(looked)}
    return found is not None and found.event.public_key is not None and bound == {found.event.party} != {None}


def _sealed(acts: list[Event], kept: str | None) -> tuple[list[Event], dict[int, str]]:
    """Returns the acts as they enter the log, and the disclosures of what is kept outside it: those `kept` in the form
    for as long as they say what was typed, so that a text that was signed stays as it is.
    """
    outside = {int(place): str(one) for place, one in orjson.loads(kept).items()} if kept else {}
    for place, one in outside.items():
        held = kept_outside(acts[place])
        field = KEPT_OUTSIDE[type(acts[place])]
        if held is not None and held.text == disclosed(one, field=field):
            acts[place] = structs.replace(acts[place], **{field: type(held)(None, digest(one))})
    same = {place: one for place, one in outside.items() if (held := kept_outside(acts[place])) and held.text is None}
    return sealed(acts, same)


def _as_text(outside: Mapping[int, str]) -> str:
    return orjson.dumps({str(place): one for place, one in outside.items()}).decode()


def _to_sign(request: Request, body: Sent, acts: list[Event]) -> list[ToSign]:
    """Returns the texts of the acts, each with the name of its file and the command that signs it."""
    ledger, who = request.app.state.ledger, who_of(request)
    found = []
    for place, text in enumerate(texts_of(acts, ledger.store.ledger_id, who.by, body.key)):
        file = f"{acts[place].event_name}.act"
        command = f"ssh-keygen -Y sign -n {ACT} -f ~/.ssh/id_ed25519 {file}"
        found.append(ToSign(place, text.decode(), sha256(text).hexdigest(), file, command))
    return found


def _text(one: ToSign) -> Response:
    """Answers with the text of an act as a file to sign."""
    headers = NOT_KEPT | {"content-disposition": f'attachment; filename="{one.file}"'}
    return Response(one.text.encode(), 200, headers, "application/octet-stream")


def _signing(request: Request, body: Sent, outside: Mapping[int, str]) -> Signing | None:
    """Returns how the acts are signed: by the key at hand, by the signatures that were sent, or not. Raises BadInput
    for a file that is no signature.
    """
    own: Signing | None = request.app.state.signing
    given = {name: data for name, data in body.files.items() if name.startswith("_signature.")}
    if own is not None or not given:
        return own
    try:
        blobs = [parse_signature_file(given[name].decode("ascii", "replace")) for name in sorted(given)]
    except ValueError as error:
        raise BadInput([(None, str(error))]) from None

    def sign(texts: list[bytes]) -> list[bytes]:
        if len(blobs) != len(texts):
            raise BadInput([(None, msg("there are {acts:act|acts} to sign, and {files:signature|signatures}",
                                       acts=len(texts), files=len(blobs)))])  # fmt: skip
        return blobs

    return Signing(who_of(request).by, sign, outside)


def _signing_in_again(request: Request, body: Sent) -> Response:
    """Keeps what was typed, and answers that the sign-in is to be repeated before an act that binds a party."""
    event, at = request.path_params["event"], standing(request)
    kept = _keep(request, event, body)
    back = at.address(f"/record/{event}", _draft=kept)
    title = msg("Sign in again before you record this")
    page = rendered("again.html", **frame(request, at, "record", title), address=at.address("/signin/again", next=back))
    return Response(page, FORBIDDEN, NOT_KEPT, "text/html")


def _keep(request: Request, event: str, body: Sent) -> str:
    ledger: Ledger = request.app.state.ledger
    drafts, who = request.app.state.drafts, who_of(request)
    if (before := body.hidden.get("_draft")) is not None:
        drafts.drop(who.by, before)
    found: str = drafts.keep(who.by, event, orjson.dumps({**body.typed}), ledger.clock())
    return found


def _kept_as_draft(request: Request, event: type[Event], body: Sent) -> Response:
    """Keeps what was typed, and leads back to the form of it."""
    kept = _keep(request, event.event_name, body)
    return RedirectResponse(standing(request).address(f"/record/{event.event_name}", _draft=kept), 303)


def _done(request: Request, body: Sent) -> Response:
    """Drops the draft of what was recorded, and leads to the page that says so."""
    drafts = request.app.state.drafts
    if drafts and (draft := body.hidden.get("_draft")) is not None:
        drafts.drop(who_of(request).by, draft)
    return RedirectResponse(standing(request).address(f"/recorded/{body.key}"), 303)


def recorded(request: Request) -> Response:
    """Answers with what was recorded under the key of a form, and with what is irregular about it."""
    with speaking(language_of(request)):
        ledger: Ledger = request.app.state.ledger
        key, at = request.path_params["key"], standing(request)
        found = ledger.recorded_under(key) if is_key(key) else None
        if found is None or not who_of(request).by:
            raise HTTPException(404)
        with naming(found), linking():
            told = tell(found.entries, found.timeline, ledger.names())
            lines = [(one.position, at.address(f"/entry/{one.position}"), unlinked(entry_line(one))) for one in told]
        title = msg("{count:entry is|entries are} recorded", count=len(lines))
        values = {"lines": lines, "flagged": flagged(request, found), "every": at.address("/record")}
        page = rendered("recorded.html", **frame(request, at, "record", title), **values)
        return Response(page, 200, NOT_KEPT, "text/html")
