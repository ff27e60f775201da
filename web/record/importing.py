"""Importing a file from the pages: what it holds is looked over, line by line, before all of it is recorded or none."""

from __future__ import annotations

from collections import Counter
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from starlette.responses import RedirectResponse, Response

from exchange.arriving import arrived
from exchange.formats import BEFORE, is_from_bank, is_lines
from exchange.incoming import Arrival, Incoming, file_key
from ledger.errors import BadInput, Contended, KeyTaken, OutcomeUnknown, Refused, Unusable
from ledger.messages import msg
from ledger.sweden import day_of
from presentation.language import speaking
from presentation.render.html import linking, unlinked
from presentation.words import entry_line, sentence
from projections.history import names_given, tell
from recording.event_lines import parse_lines
from recording.inputs import MAY_READ_FILES
from recording.sorting import NothingNew, Sorting
from web.desk import language_of
from web.pages import frame, rendered
from web.record.body import answered
from web.record.page import FOR_BACK, event_in, flagged, naming, naming_now
from web.record.recording import (
    CONFLICT,
    FORBIDDEN,
    UNREAD,
    WAIT,
    NotTheirs,
    binding,
    digest_of,
    only_theirs,
    sign_in_again,
)
from web.record.rights import may_fill_in, offered
from web.record.typed import event_of
from web.standpoint import without_times
from web.who import NotRecorded, NotRepeated, using_up, who_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from ledger.book import Ledger, Recorded
    from web.record.body import Sent

MOST_SHOWN = 40  # entries of a file that are shown before they are recorded, and faults
LISTS: Mapping[str, tuple[str, ...]] = {  # a list that is chosen by its name → the events that it records
    "payments": ("payment-made",),
    "members": ("person-registered", "member-appointed"),
    "camt": ("payment-made",),
}
DIFFERING = ("", "replace", "again")  # what becomes of a row that differs from an entry: nothing is recorded, or so


class Choice(NamedTuple):
    """What was chosen for a file: what its rows are, an event or a list of `LISTS`, or "" for what its content tells,
    what becomes of rows that differ and, of a bank's file, the number of the Region's account, or "".
    """

    event: str
    differing: str
    file: str  # the id under which the file is kept
    account: str = ""

    @property
    def chosen(self) -> str:
        """The choice as the first words of what was looked over."""
        return " ".join((self.file, self.event, self.differing, *self.account.split()))


class Given(NamedTuple):
    """A file that was read, with its choice, and the key under which it is recorded."""

    choice: Choice
    arrival: Arrival
    sorting: Sorting
    key: str

    def looked_over(self, looked: Recorded) -> str:
        """Returns what a page sends on of what was looked over, by which a change after it is noticed: of the choice,
        of how the file was read, of the entries that are replaced or that rows repeat, of what would be recorded, and
        of the findings. What would be recorded tells whom a name in the file means.
        """
        would = self.sorting.more(), self.sorting.events, self.arrival.incoming.read
        found = sha256(repr(would).encode()).hexdigest()
        return f"{self.choice.chosen} {found}.{digest_of(looked.flagged)}"


class Changed(NotRecorded):
    """What would be recorded is not what was looked over."""


class Preview(NamedTuple):
    """What a page shows of a file: what is wrong with it, or how it was read, what was left out, and what would be
    recorded. `checked` says what was looked over, where it may be recorded.
    """

    faults: tuple[tuple[int | None, str], ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    lines: tuple[tuple[int | None, str], ...] = ()
    more: int = 0
    said: str = ""
    flagged: str = ""
    checked: str = ""
    note: str = ""
    read: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


async def importing(request: Request) -> Response:
    """Answers with the form of an import, and takes a file: to be looked over, and then to be recorded."""
    return await answered(request, _asked, _sent)


def _asked(request: Request) -> Response:
    with speaking(language_of(request)):
        given = request.query_params
        choice = Choice(*(given.get(name, "") for name in ("_event", "_differing", "_kept", "_account")))
        return _page(request, choice, Preview())


def _sent(request: Request, body: Sent) -> Response:
    with speaking(language_of(request)):
        drafts, who, now = request.app.state.drafts, who_of(request), request.app.state.ledger.clock()
        event, differing = body.hidden.get("_event", ""), body.hidden.get("_differing", "")
        account = body.hidden.get("_account", "").strip()
        if (event and event not in LISTS and event_of(event) is None) or differing not in DIFFERING:
            wrong = "_event" if differing in DIFFERING else "_differing"
            raise BadInput([(None, f"{wrong}: {msg('it is none of the choices of this form')}")])
        given = body.files.get("_file")
        data = given if given is not None else drafts.file(who.by, body.hidden.get("_kept", ""), now)
        if data is None:
            lost = bool(body.hidden.get("_kept"))
            note = msg("Choose the file again.") if lost else msg("Choose a file first.")
            return _page(request, Choice(event, differing, "", account), Preview(note=note), UNREAD)
        kept = drafts.keep_file(who.by, data, now) if given is not None else body.hidden["_kept"]
        choice = Choice(event, differing, kept, account)
        return _taken(request, choice, data, body.hidden.get("_checked", "") if body.do == "record" else None)


def _taken(request: Request, choice: Choice, data: bytes, checked: str | None) -> Response:
    """Looks a file over and, if it was `checked` and is to be recorded, records what it holds. Nothing is lost of a
    file that is refused.
    """
    try:
        arrival = _read(request, choice, data)
    except (BadInput, Unusable) as error:
        return _unread(request, choice, data, error)
    names = {event.event_name for _, event in arrival.incoming.lines}
    if barred := sorted(name for name in names if not may_fill_in(who_of(request), name)):
        told = msg("Your role does not record {events}.", events=tuple(map(event_in, barred)))
        return _page(request, choice, Preview(faults=((None, told),)), FORBIDDEN)
    ledger: Ledger = request.app.state.ledger
    today = str(day_of(ledger.clock())) if choice.differing == "replace" else None
    sorting = Sorting(ledger, arrival.lines, replaced_on=today, again=choice.differing == "again")
    try:
        return _recorded(request, Given(choice, arrival, sorting, key_of(data, arrival.keyed_by, choice)), checked)
    except NothingNew:
        note = msg("Nothing was recorded: {why}.", why=sorting.said())
        return _page(request, choice, Preview(read=arrival.incoming.read, left=_few(arrival.incoming.left), note=note))
    except Refused as refused:
        refused.places = sorting.places
        return _page(request, choice, Preview(faults=_refusals(refused)), UNREAD)
    except NotTheirs as error:
        return _page(request, choice, Preview(faults=((None, str(error)),)), FORBIDDEN)
    except KeyTaken as error:
        return _page(request, choice, Preview(note=str(error)), CONFLICT)
    except BadInput as error:
        return _page(request, choice, Preview(faults=tuple(error.errors)), UNREAD)
    except (OutcomeUnknown, Contended, Unusable) as error:
        return _page(request, choice, Preview(note=str(error), checked=checked or ""), WAIT)


def _unread(request: Request, choice: Choice, data: bytes, error: BadInput | Unusable) -> Response:
    """Answers about a file that cannot be read."""
    if isinstance(error, Unusable):
        return _page(request, choice, Preview(note=str(error)), WAIT)
    faults = [*error.faults, *([(None, error.errors[-1][1])] if error.unsaid else [])]
    if not choice.event and is_lines(data, "") and data.lstrip(BEFORE)[:1] not in {b"", b"{"}:
        faults = [(None, msg("It is not JSON Lines. Of a CSV file, choose below what it holds."))]
    return _page(request, choice, Preview(faults=tuple(faults)), UNREAD)


def key_of(data: bytes, read_as: str, choice: Choice) -> str:
    """Returns the key of an import. It is the command line's, so that a file is recorded once by either."""
    told = read_as + {"": "", "replace": " --replace", "again": " --again"}[choice.differing]
    return file_key(data, told)


def _recorded(request: Request, given: Given, checked: str | None) -> Response:
    ledger, who, (choice, _, sorting, key) = request.app.state.ledger, who_of(request), given
    accept = partial(only_theirs, who)
    looked = ledger.record(sorting.acts, by=who.by, key=key, dry_run=True, accept=accept)
    leads_to = partial(without_times(request).address, f"/recorded/{key}")
    if looked.again:
        return RedirectResponse(leads_to(_again=None if checked is not None else "1"), 303)
    preview = _preview(request, given, looked)
    if checked != preview.checked:
        return _page(request, choice, preview._replace(note=_why_again(choice, checked)))

    def as_looked_over(now: Recorded) -> None:
        accept(now)
        if given.looked_over(now) != checked:
            raise Changed

    try:
        with using_up(request, needed=any(binding(looked))):
            ledger.record(sorting.acts, by=who.by, key=key, signing=request.app.state.signing, accept=as_looked_over)
    except Changed:
        return _recorded(request, given, checked)  # which says so
    except NotRepeated:
        at = without_times(request)
        back = at.address("/import", _kept=choice.file, _event=choice.event, _differing=choice.differing,
                          _account=choice.account)  # fmt: skip
        return sign_in_again(request, back)
    return RedirectResponse(leads_to(), 303)


def _why_again(choice: Choice, checked: str | None) -> str:
    """Returns why a file that was `checked` is to be looked over again, or "" where it was another choice."""
    if not checked or not checked.startswith(f"{choice.chosen} "):
        return ""
    return msg(
        "The ledger has changed since it was looked over, and so has what would be recorded: look it over again."
    )


def _read(request: Request, choice: Choice, data: bytes) -> Arrival:
    """Returns what a file holds. No file of this computer is read, whatever a line names."""
    ledger: Ledger = request.app.state.ledger
    token = MAY_READ_FILES.set(False)
    try:
        if not choice.event and is_lines(data, ""):
            lines = Incoming(parse_lines(data), plain=True)
            return Arrival("", lambda _: lines, ledger.timeline())
        kind, event = (choice.event, None) if choice.event in LISTS else ("", choice.event or None)
        accounts = [choice.account] if choice.account and is_from_bank(data) else []
        return arrived(data, msg("the file"), kind, event, ledger, accounts=accounts)
    finally:
        MAY_READ_FILES.reset(token)


def _preview(request: Request, given: Given, looked: Recorded) -> Preview:
    ledger: Ledger = request.app.state.ledger
    entries = looked.entries[:MOST_SHOWN]
    names = {**ledger.names(), **names_given(looked.entries, given.sorting.events)}
    with naming_now(ledger), linking():
        told = [unlinked(entry_line(one)) for one in tell(entries, looked.timeline, names)]
    counts = Counter(one.event.event_name for one in looked.entries)
    return Preview(
        counts=tuple((event_in(name), number) for name, number in counts.items()),
        lines=tuple((given.sorting.places.get(one.position), line) for one, line in zip(entries, told, strict=True)),
        more=len(looked.entries) - len(entries),
        said=given.sorting.said(),
        flagged=flagged(request, looked),
        checked=given.looked_over(looked),
        read=given.arrival.incoming.read,
        left=_few(given.arrival.incoming.left),
    )


def _few(left: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the first of what was left out, and how many more there are: a bank's file may have very many."""
    more = len(left) - MOST_SHOWN
    return (*left[:MOST_SHOWN], msg("and {more:grouped} more", more=more)) if more > 0 else left


def _refusals(refused: Refused) -> tuple[tuple[int | None, str], ...]:
    """Returns (line, reason) for each finding of a refusal."""
    with naming(refused), linking():
        return tuple(
            (next((refused.places[one] for one in found.entries if one in refused.places), None),
             unlinked(sentence(found)))
            for found in refused.findings[:MOST_SHOWN]
        )  # fmt: skip


def _lists() -> tuple[tuple[str, str], ...]:
    """Returns the lists that may be chosen, and how the form calls them."""
    return (
        ("payments", msg("a list of payments: CSV or a spreadsheet")),
        ("members", msg("a list of members: CSV or a spreadsheet")),
        ("camt", msg("payments as a bank notifies of them: camt.054")),
    )


def _page(request: Request, choice: Choice, preview: Preview, status: int = 200) -> Response:
    at, names = without_times(request), [name for _, names in offered(who_of(request)) for name in names]
    values: Mapping[str, object] = {
        "action": at.address("/import"),
        "every": at.address("/record"),
        "choice": choice,
        "preview": preview,
        "lists": [(name, said) for name, said in _lists() if {*LISTS[name]} <= {*names}],
        "events": [(name, event_in(name)) for name in names],
    }
    page = rendered("import.html", **frame(request, at, "record", msg("Import a file")), **values)
    return Response(page, status, FOR_BACK, "text/html")
