"""The addresses of forms: which acts there are, the form of one, its dry run, and what was recorded."""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from secrets import token_hex
from typing import TYPE_CHECKING

import msgspec
import orjson
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from ledger.book import Signing
from ledger.errors import BadInput, Contended, KeyTaken, OutcomeUnknown, Refused, Unusable
from ledger.events import EVENTS
from ledger.events.parse import parse_event
from ledger.messages import msg
from ledger.proof.act import ACT
from ledger.proof.ssh import parse_signature_file
from ledger.rules.record import party_of
from ledger.signed import is_of, sealed, texts_of
from ledger.state.record import kept_outside, registrar_of
from ledger.sweden import day_of
from presentation.language import speaking
from presentation.record import entry_lines
from presentation.render.html import linking, unlinked
from presentation.words import sentence
from projections.history import tell
from web.crossing import is_local
from web.desk import language_of
from web.pages import NOT_KEPT, frame, rendered
from web.record.body import HIDDEN, SIGNATURE, answered, is_key
from web.record.page import (
    Fault,
    Shown,
    ToSign,
    at_the_end,
    by_id,
    erases,
    event_in,
    faults_in,
    flagged,
    form_page,
    in_order,
    laid_out,
    meaning_in,
    naming,
    naming_now,
    refusals,
    suggested,
)
from web.record.rights import may_fill_in, may_work, offered
from web.record.typed import OPTIONS, Unread, event_of, raw_of
from web.standpoint import without_times
from web.who import ALONE, NotRecorded, NotRepeated, using_up, who_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from starlette.requests import Request

    from ledger.book import Ledger, Recorded
    from ledger.events import Event
    from ledger.rules.finding import Finding
    from web.record.body import Sent
    from web.who import Who

UNREAD, FORBIDDEN, CONFLICT, WAIT = 422, 403, 409, 503
RECORDED_BY = "recorded-by"
MORE = "more:"  # begins the value of the button that asks for more rows of a list
SENT_ON = ("_draft", "_outside", "_next")  # hidden fields that a form gives to the next one
NEVER_KEPT = ("_do", "_draft", "_checked")  # hidden fields that no draft holds


def events(request: Request) -> Response:
    """Answers with the acts that whoever asks may record, by chapter, and with their drafts."""
    with speaking(language_of(request)):
        who, at = who_of(request), without_times(request)
        chapters = [
            (head, [(event_in(name), meaning_in(EVENTS[name]), at.address(f"/record/{name}")) for name in names])
            for head, names in offered(who)
        ]
        kept = request.app.state.drafts.drafts(who.by, request.app.state.ledger.clock()) if who.by else []
        drafts = [(event_in(one.event), one.kept_at, at.address(one.path, _draft=one.id)) for one in kept]
        values = {"chapters": chapters, "drafts": drafts, "imports": at.address("/import")}
        page = rendered("acts.html", **frame(request, at, "record", msg("Record")), **values)
        return Response(page, 200, NOT_KEPT, "text/html")


async def form(request: Request) -> Response:
    """Answers with the form of an event, and takes it when it is sent."""
    return await answered(request, _asked, _sent)


def event_to_record(request: Request, name: str) -> type[Event]:
    """Returns the event of a name. Raises HTTPException with status 404 for one that no form records, and 403 for one
    that is not for whoever asks to record.
    """
    event = event_of(name)
    if event is None:
        raise HTTPException(404)
    if not may_fill_in(who_of(request), event.event_name):
        raise HTTPException(FORBIDDEN)
    return event


def _asked(request: Request) -> Response:
    """Answers with an empty form, with what its address gives, or with a draft."""
    with speaking(language_of(request)):
        event = event_to_record(request, request.path_params["event"])
        typed, hidden = given_in_address(request)
        if "_draft" not in request.query_params:
            typed = suggested(request, event) | typed
        key = hidden.pop("_key", "") or token_hex(16)
        return form_page(request, event, typed, Shown(key, hidden=hidden, note=at_the_end(request)))


def given_in_address(request: Request) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Returns what the address of a form gives: texts by field, or those of a draft, and the hidden fields. The day of
    the act is `valid_on`, since `on` is the day that a reader asks about.

    Raises HTTPException with status 404 for a draft that is not, or not any more, kept.
    """
    given, typed = request.query_params, dict[str, list[str]]()
    for name, text in given.multi_items():
        if not name.startswith(HIDDEN) and name not in {"lang", "known_at", "on"}:
            typed.setdefault(OPTIONS.get(name, name), []).append(text)
    hidden = sent_on({name: text for name, text in given.items() if name.startswith(HIDDEN)})
    if "_draft" not in given:
        return typed, hidden
    ledger: Ledger = request.app.state.ledger
    draft = request.app.state.drafts.draft(who_of(request).by, given["_draft"], ledger.clock())
    if draft is None:
        raise HTTPException(404)
    beside = {name: texts[0] for name, texts in draft.typed.items() if name.startswith(HIDDEN)}
    return {name: texts for name, texts in draft.typed.items() if not name.startswith(HIDDEN)}, beside | hidden


def sent_on(hidden: Mapping[str, str]) -> dict[str, str]:
    """Returns the hidden fields that a form sends on."""
    return {name: text for name, text in hidden.items() if name in SENT_ON}


def _sent(request: Request, body: Sent) -> Response:
    """Answers to a form that was sent: looks it over, records it, or keeps it."""
    with speaking(language_of(request)):
        event = event_to_record(request, request.path_params["event"])
        shown = Shown(body.key, hidden=sent_on(body.hidden))
        page = partial(form_page, request, event, body.typed)

        def acts(today: date) -> list[Event]:
            return [parse_event(raw_of(event, by_id(request, body.typed), today))]

        return taken(request, body, event, acts=acts, shown=shown, page=page)


def taken(
    request: Request,
    body: Sent,
    event: type[Event],
    *,
    acts: Callable[[date], list[Event]],
    shown: Shown,
    page: Callable[..., Response],
) -> Response:
    """Answers to a form that was sent: with more rows, as a draft, or with its acts looked over or recorded.

    `acts` makes the acts from what was typed, and `page` the page of the form from what it shows, and a status.
    """
    if body.do.startswith(MORE):
        return page(shown._replace(more=body.do.removeprefix(MORE)))
    try:
        if body.do == "keep":
            return RedirectResponse(_keep(request, event, body), 303)
        made = acts(day_of(request.app.state.ledger.clock()))
    except Unread as error:
        return page(shown._replace(faults=_unread(event, error)), UNREAD)
    except BadInput as error:
        return page(shown._replace(faults=faults_in(event, error.errors)), UNREAD)
    return _recorded(request, body, made, shown, page)


def _unread(event: type[Event], error: Unread) -> list[Fault]:
    """Returns the faults of texts that cannot be read, and after them those of the event's other fields."""
    found = [Fault(name, what) for name, what in error.faults.items()]
    try:
        if error.raw is not None:
            parse_event(error.raw)
    except BadInput as other:
        found += [one for one in faults_in(event, other.errors) if one.name not in error.faults]
    return in_order(event, found)


def _recorded(request: Request, body: Sent, acts: list[Event], shown: Shown, page: Callable[..., Response]) -> Response:
    """Answers to acts that were typed without fault: looks them over and, if that was asked for, records what was
    looked over before. `page` returns the form again, with what is shown and a status.
    """
    try:
        return _judged(request, body, acts, shown, page)
    except Refused as error:
        return page(shown._replace(faults=refusals(body.typed, error)), UNREAD)
    except KeyTaken as error:
        key = token_hex(16)
        if body.do == "record":
            return page(shown._replace(key=key, note=str(error)), CONFLICT)
        new = body._replace(hidden={**body.hidden, "_key": key})  # a form that was gone back to, for another act
        return _recorded(request, new, acts, shown._replace(key=key), page)
    except BadInput as error:
        return page(shown._replace(faults=[Fault("", what) for _, what in error.errors]), UNREAD)
    except NotTheirs as error:
        return page(shown._replace(faults=[Fault("", str(error))]), FORBIDDEN)
    except OutcomeUnknown as error:
        told = msg("Press the same button again: what is recorded already is not recorded twice.")
        return page(_again(body, shown, f"{error} {told}"), WAIT)
    except (Contended, Unusable) as error:
        return page(_again(body, shown, str(error)), WAIT)


def _again(body: Sent, shown: Shown, note: str) -> Shown:
    """Returns what a form shows whose button can be pressed again: its signatures, too, which no browser keeps."""
    checked = body.hidden.get("_checked", "")
    signatures = {f"{SIGNATURE}{place}": text for place, text in body.signatures.items()}
    return shown._replace(note=note, checked=checked, hidden={**shown.hidden, **signatures})


def _judged(request: Request, body: Sent, acts: list[Event], shown: Shown, page: Callable[..., Response]) -> Response:
    ledger: Ledger = request.app.state.ledger
    who = who_of(request)
    accept = partial(only_theirs, who)
    looked = ledger.record(
        acts, by=who.by, key=body.key, dry_run=True, signing=request.app.state.signing, accept=accept
    )
    if looked.again:
        return _done(request, body, again=body.do != "record")
    checked = f"{body.digest}.{digest_of(looked.flagged)}.{who.by}"
    outside_the_log = [held.text if (held := kept_outside(act)) else None for act in acts]
    signed = signs_for(request, looked)
    outside: Mapping[int, str] = {}
    if signed:
        acts, outside = _sealed(acts, body.hidden.get("_outside", ""))
        shown = shown._replace(hidden={**shown.hidden, "_outside": _as_text(outside)})
    to_sign = _to_sign(request, body, acts) if signed else []
    shown = shown._replace(looked=looked, outside=outside_the_log, checked=checked, to_sign=to_sign)
    if text := next((one for one in to_sign if body.do == f"text:{one.place}"), None):
        return _text(text)
    if body.do != "record":
        return page(shown)
    if (before := body.hidden.get("_checked")) != checked:
        return page(shown._replace(note=_why_again(body, before, who.by)))
    try:
        with using_up(request, needed=any(binding(looked))):
            ledger.record(acts, by=who.by, key=body.key, signing=_signing(request, body, outside), accept=accept)
    except NotRepeated:
        return sign_in_again(request, _keep(request, type(acts[-1]), body))
    except (BadInput, Refused) as error:
        if not body.signatures or isinstance(error, KeyTaken):
            raise
        return page(shown._replace(faults=_of_signatures(body, error)), UNREAD)
    return _done(request, body)


def _of_signatures(body: Sent, error: BadInput | Refused) -> list[Fault]:
    """Returns what is wrong with acts that came with signatures; they stay looked over, to be signed once more."""
    if isinstance(error, Refused):
        return refusals(body.typed, error)
    return [Fault("", what) for _, what in error.errors]


def digest_of(findings: Iterable[Finding]) -> str:
    """Returns a digest of findings, by which it is noticed that the ledger changed after a form was looked over.

    Their values are left out: some are positions, which move with every entry that others record meanwhile.
    """
    said = sorted((one.provision, one.verdict, one.subject, one.message) for one in findings)
    return sha256(repr(said).encode()).hexdigest()


def _why_again(body: Sent, before: str | None, by: str) -> str:
    """Returns why what was looked over `before` is to be looked over again, by whom it would be recorded now."""
    typed, _, rest = (before or "").partition(".")
    if typed == body.digest and rest.partition(".")[2] != by:
        return msg("Somebody else is signed in since it was looked over, as {who}: look it over again.", who=by)
    if typed == body.digest:
        return msg("The ledger has changed since it was looked over, and so have its findings: look it over again.")
    return msg("It was changed after it was looked over: look it over again.")


def binding(recorded: Recorded) -> list[str | None]:
    """Returns the party that each act binds, or None."""
    return [party_of(one.event, recorded.timeline, one.position) for one in recorded.entries]


class NotTheirs(NotRecorded):
    """Whoever asks may not record an act. The text is a sentence that says why."""


def only_theirs(who: Who, looked: Recorded) -> None:
    """Raises NotTheirs for acts that somebody may not record, as the rule `recorded-by` judges them. For whoever is
    alone with the ledger, that is a finding and no refusal.
    """
    if ALONE in who.roles:
        return
    new = {one.position for one in looked.entries}
    for one in looked.flagged:
        of_this_act = one.values.get("who") == who.by and new & {*one.entries}
        if one.provision == RECORDED_BY and not one.advisory and of_this_act:
            with naming(looked), linking():
                raise NotTheirs(unlinked(sentence(one)))


def signs_for(request: Request, looked: Recorded) -> bool:
    """Returns whether whoever asks has a key, and the acts bind the party that the key signs for."""
    who, day = who_of(request), day_of(request.app.state.ledger.clock())
    if request.app.state.signing is not None or not who.by:
        return False
    found = registrar_of(looked.timeline, who.by, looked.entries[0].position, day)
    bound = {*binding(looked)}
    return found is not None and found.event.public_key is not None and bound == {found.event.party} != {None}


def _sealed(acts: list[Event], kept: str) -> tuple[list[Event], dict[int, str]]:
    """Returns the acts as they enter the log, and the disclosures of what is kept outside it: those `kept` in the form
    for as long as they say what was typed, so that a text that was signed stays as it is.
    """
    before = _disclosures(kept)
    given = {place: before.get(str(place), "") for place in range(len(acts))}
    return sealed(acts, {place: one for place, one in given.items() if is_of(acts[place], one)})


def _disclosures(kept: str) -> dict[str, str]:
    """Returns the disclosures that a form keeps, by the place of their act; nothing for a text of another kind."""
    try:
        return msgspec.json.decode(kept, type=dict[str, str])
    except (msgspec.DecodeError, UnicodeEncodeError):
        return {}


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
    given = body.signatures
    if own is not None or not given:
        return own
    try:
        blobs = [parse_signature_file(given[place]) for place in sorted(given)]
    except ValueError as error:
        raise BadInput([(None, str(error))]) from None

    def sign(texts: list[bytes]) -> list[bytes]:
        if len(blobs) != len(texts):
            raise BadInput([(None, msg("there are {acts:act|acts} to sign, and {files:signature|signatures}",
                                       acts=len(texts), files=len(blobs)))])  # fmt: skip
        return blobs

    return Signing(who_of(request).by, sign, outside)


def sign_in_again(request: Request, back: str) -> Response:
    """Answers that the sign-in is to be repeated before an act that binds a party. `back` is the address of what was
    typed, as it is kept.
    """
    at, title = without_times(request), msg("Sign in again before you record this")
    page = rendered("again.html", **frame(request, at, "record", title), address=at.address("/signin/again", next=back))
    return Response(page, FORBIDDEN, NOT_KEPT, "text/html")


def _keep(request: Request, event: type[Event], body: Sent) -> str:
    """Keeps what was typed as a draft, in place of the one that it came from, and returns its address."""
    drafts, who, path = request.app.state.drafts, who_of(request), request.url.path
    beside = {name: [text] for name, text in body.beside.items() if name not in NEVER_KEPT}
    found = drafts.keep(who.by, event.event_name, path, {**body.typed, **beside}, request.app.state.ledger.clock())
    drafts.drop(who.by, body.hidden.get("_draft", ""))
    return without_times(request).address(path, _draft=found)


def _done(request: Request, body: Sent, *, again: bool = False) -> Response:
    """Drops the draft of what was recorded, and leads to the page that says so, or that it was recorded before."""
    request.app.state.drafts.drop(who_of(request).by, body.hidden.get("_draft", ""))
    back = {"_next": body.hidden.get("_next"), "_again": "1" if again else None}
    return RedirectResponse(without_times(request).address(f"/recorded/{body.key}", **back), 303)


def recorded(request: Request) -> Response:
    """Answers with what was recorded under the key of a form, and with what is irregular about it."""
    with speaking(language_of(request)):
        ledger: Ledger = request.app.state.ledger
        key, at, back = request.path_params["key"], without_times(request), request.query_params.get("_next", "")
        found = ledger.recorded_under(key) if is_key(key) else None
        if found is None or not who_of(request).by:
            raise HTTPException(404)
        with naming_now(ledger), linking():
            lines = laid_out(request, [entry_lines(tell(found.entries, found.timeline, ledger.names()))])
        again, count = "_again" in request.query_params, len(found.entries)
        title = msg("{count:entry is|entries are} recorded", count=count)
        if again:
            title = msg("{count:entry was|entries were} recorded already", count=count)
        values = {
            "again": again,
            "lines": lines,
            "flagged": flagged(request, found),
            "every": at.address("/record"),
            "back": back if is_local(back) else None,
            "work": _workbench(request, found),
            "erased": erases(found),
        }
        page = rendered("recorded.html", **frame(request, at, "record", title), **values)
        return Response(page, 200, NOT_KEPT, "text/html")


def _workbench(request: Request, found: Recorded) -> str | None:
    """Returns the address of the workbench of the one meeting that the acts are about, or None."""
    about = {getattr(one.event, "meeting", None) for one in found.entries}
    if not may_work(who_of(request)) or len(about) != 1 or about == {None}:
        return None
    return without_times(request).address(f"/meetings/{about.pop()}/work")
