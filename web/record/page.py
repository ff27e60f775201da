"""The page of a form: its controls as they were filled in, what is wrong with them, and what would be recorded."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup
from msgspec import structs
from starlette.responses import Response

from ledger.events import EVENTS
from ledger.events.record import PersonalDataDisposed
from ledger.events.shape import fields_of
from ledger.messages import CATALOGUE, msg, showing, term
from ledger.state.record import KEPT_OUTSIDE
from ledger.sweden import day_of
from presentation.findings import by_provision
from presentation.phrases import called, parties, short_name
from presentation.phrases import naming as now_named
from presentation.render.html import Links, html_of, linking, unlinked
from presentation.words import field_rows, sentence
from projections.history import tell
from recording.choices import Known, is_new
from recording.fields import COMMON, told_of
from web.pages import frame, rendered
from web.record.controls import Filled, as_label, common_controls, controls, in_words, label_in
from web.record.typed import OPTIONS, parties_by_id, placed
from web.standpoint import without_times

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from starlette.requests import Request

    from ledger.book import Ledger, Recorded
    from ledger.errors import Refused
    from ledger.events import Event
    from presentation.blocks import Part
    from projections.history import ToldEntry
    from web.record.typed import Typed

# Of a form: a browser that goes back shows it again, with what was typed and its key. With NOT_KEPT, the browser could
# only offer to send it once more.
FOR_BACK = {"cache-control": "private, no-cache"}
_DIGITS = re.compile(r"\d{1,9}$", re.ASCII)


class Fault(NamedTuple):
    """What is wrong with a form. `name` is the control that it is about, or ""."""

    name: str
    said: str

    @property
    def label(self) -> str:
        """What the control is called; of one in a row of a list, with the list and the number of the row."""
        of, _, rest = self.name.partition(".")
        place, _, part = rest.partition(".")
        if place.isdecimal() and part:
            return msg("{list} {number}, {part}", list=label_in(of), number=int(place) + 1, part=label_in(part).lower())
        return label_in(self.name) if self.name else ""


class ToSign(NamedTuple):
    """An act to be signed outside: its place among the acts, its text, the text's SHA-256 in hex, the name of its file,
    and the command that signs it.
    """

    place: int
    text: str
    digest: str
    file: str
    command: str


class Shown(NamedTuple):
    """What a page shows of a form beside its controls.

    `looked` is what was judged and would be recorded, `outside` the name or the account of each of these acts that is
    kept outside the log, and `checked` the digest of what was looked over. `note` is a sentence at the top, `hidden`
    holds further hidden fields, `to_sign` the acts that can be signed outside, and `more` the list that is to have more
    rows, with their number.
    """

    key: str
    faults: Sequence[Fault] = ()
    looked: Recorded | None = None
    outside: Sequence[str | None] = ()
    checked: str = ""
    note: str = ""
    hidden: Mapping[str, str] = {}
    to_sign: Sequence[ToSign] = ()
    more: str = ""


def at_the_end(request: Request) -> str:
    """Returns a note for a page of the end of the log that is reached from an earlier moment, or ""."""
    told = msg("Nothing is recorded from the past: this page stands at the end of the ledger, as it is now.")
    return told if "known_at" in request.query_params else ""


def filled_in(request: Request, event: type[Event], typed: Typed, shown: Shown) -> Filled:
    """Returns a form with what the ledger knows now to choose from."""
    ledger: Ledger = request.app.state.ledger
    faults: dict[str, str] = {}
    for one in shown.faults:
        faults[one.name] = f"{faults[one.name]}; {one.said}" if one.name in faults else one.said
    known = Known(ledger.timeline(), ledger.names())
    return Filled(event, typed, faults, known, day_of(ledger.clock()), shown.more)


def form_page(
    request: Request,
    event: type[Event],
    typed: Typed,
    shown: Shown,
    status: int = 200,
    *,
    template: str = "record.html",
    **more: object,
) -> Response:
    """Returns the page of an event's form. `more` replaces, or adds to, the values of the template."""
    form, at = filled_in(request, event, typed, shown), without_times(request)
    name = event.event_name
    values = {
        "event": event_in(name),
        "meaning": meaning_in(event),
        "action": at.address(f"/record/{name}"),
        "own": controls(form),
        "common": common_controls(form),
        "told": _told(request, shown.looked, shown.outside) if shown.looked else [],
        "flagged": flagged(request, shown.looked) if shown.looked else "",
        "every": at.address("/record"),
        "erases": erases(shown.looked),
        "shown": shown,
        "title": msg("Record: {event}", event=event_in(name)),
    }
    page = rendered(template, **frame(request, at, "record", "") | values | more)
    return Response(page, status, FOR_BACK, "text/html")


def by_id(request: Request, typed: Typed) -> Typed:
    """Returns what was typed with the id of each party in place of its name, in fields that may name others, too."""
    known = Known(request.app.state.ledger.timeline(), {}).parties()
    ids = {name.casefold(): one.id for one in known for name in (one.meaning, short_name(one.id, one.meaning))}
    return parties_by_id(typed, ids)


def rows_of(told: ToldEntry) -> list[tuple[str, str]]:
    """Returns the name and the value of each field of an entry that is not empty, as a form calls them."""
    return [(as_label(name), unlinked(shown)) for name, shown in field_rows(told)]


def event_in(name: str) -> str:
    """Returns what an event is called, in the language of the page."""
    return as_label(term("event", name) if CATALOGUE.get().info() else name.replace("-", " "))


def meaning_in(event: type[Event]) -> str:
    """Returns what an event is, with the fields that it speaks of as the form calls them."""
    return in_words(told_of(event))


def suggested(request: Request, event: type[Event]) -> dict[str, list[str]]:
    """Returns what an empty form begins with: the usual organ, and the next id of what the event introduces."""
    ledger: Ledger = request.app.state.ledger
    known = Known(ledger.timeline(), ledger.names())
    found = {"organ": [str(event.example["organ"])]}
    for field in fields_of(event):
        ids = [one.id for one in known.named(field.shape)] if is_new(event, field.name) else []
        if ids and (number := _DIGITS.search(ids[-1])):
            found[field.name] = [f"{ids[-1][: number.start()]}{int(number[0]) + 1}"]
    return found


def _told(
    request: Request, recorded: Recorded, outside: Sequence[str | None]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Returns (event and day, names and values of its fields and source) of each entry that would be recorded, with
    what it would keep `outside` the log.
    """
    ledger: Ledger = request.app.state.ledger
    with naming_now(ledger), linking():
        told = tell(recorded.entries, recorded.timeline, ledger.names())
        entries = [_with(one, text) for one, text in zip(told, outside, strict=True)]
        return [
            (msg("{event}, {day:dated}", event=event_in(one.event), day=one.valid_on), [*rows_of(one), *_source(one)])
            for one in entries
        ]


def _with(told: ToldEntry, outside: str | None) -> ToldEntry:
    """Returns an entry with the name or the account that it keeps outside the log, if it has one."""
    if outside is None:
        return told
    return structs.replace(told, fields={**told.fields, KEPT_OUTSIDE[EVENTS[told.event]]: outside})


def _source(told: ToldEntry) -> list[tuple[str, str]]:
    """Returns the names and the values of what an entry says of its source."""
    return [
        (label_in(OPTIONS.get(name, name)), term("organ", value) if name == "organ" else value)
        for name, value in told.source.items()
        if value is not None
    ]


def flagged(request: Request, recorded: Recorded) -> Markup:
    """Returns the findings on what is recorded, as HTML."""
    with naming(recorded), linking():
        return laid_out(request, by_provision(recorded.flagged))


def erases(recorded: Recorded | None) -> bool:
    """Returns whether acts erase a name or an account, which nothing brings back."""
    return recorded is not None and any(isinstance(one.event, PersonalDataDisposed) for one in recorded.entries)


def laid_out(request: Request, parts: Iterable[Part], level: int = 3) -> Markup:
    """Returns blocks as HTML whose links lead to entries and persons, under titles of a level."""
    at, ledger = without_times(request), request.app.state.ledger
    head = ledger.store.head()

    def entry(position: str) -> str | None:
        return at.address(f"/entry/{position}") if int(position) <= head else None

    to = Links(
        entry=entry, person=lambda one: at.address(f"/person/{one}"), exact=lambda _: None, provision=lambda _: None
    )
    return Markup(html_of(parts, to, level=level))  # noqa: S704 - html_of escapes texts


def naming_now(ledger: Ledger) -> AbstractContextManager[None]:
    """Shows persons and parties by their names of today within a `with` block."""
    return now_named(ledger.timeline(), day_of(ledger.clock()), ledger.names)


@contextmanager
def naming(of: Recorded | Refused) -> Iterator[None]:
    """Shows the persons in findings, and every party, by name within the `with` block."""
    with showing(called(of.people), parties(lambda: of.parties)):
        yield


def refusals(typed: Typed, refused: Refused) -> list[Fault]:
    """Returns the reasons of a refusal, each at the field whose value it names, with its provision."""
    with naming(refused), linking():
        found = []
        for one in refused.findings:
            said = {str(value) for value in one.values.values()}
            at = next((name for name, texts in typed.items() if said & {*texts} and name != "on"), "")
            what = f"{unlinked(sentence(one))} ({term('provision', one.provision)})"
            found.append(Fault(at, what))
    return found


def faults_in(event: type[Event], errors: Sequence[tuple[int | None, str]]) -> list[Fault]:
    """Returns the faults of an event that could not be parsed, each at its field."""
    return in_order(event, [Fault(*placed(what, event)) for _, what in errors])


def in_order(event: type[Event], faults: Iterable[Fault]) -> list[Fault]:
    """Returns the faults in the order of the controls; those of no control come last."""
    names = [*(field.name for field in fields_of(event)), *COMMON]
    return sorted(faults, key=lambda one: [*names, (base := one.name.partition(".")[0])].index(base))
