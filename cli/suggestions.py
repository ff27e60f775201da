"""Completions of the word being typed, for click's `shell_complete`: ids in the ledger's file, events, and words of
fixed lists. Errors are neither raised nor printed here, and modules are imported only when needed.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from click.shell_completion import CompletionItem

from ledger.messages import term
from presentation.words import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import click

    from ledger.events import Event
    from ledger.events.shape import Field, Shape
    from ledger.store.sqlite.glance import Glance

    Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem[str]]]

_ID = re.compile(r"[a-z0-9-]{1,64}", re.ASCII)
_BEGUN = re.compile(r"[a-z0-9-]{0,64}", re.ASCII)
_KIND = re.compile(r"[a-z]{1,64}", re.ASCII)
LONGEST = 60  # the greatest length, in characters, of the description shown beside an id
VERSIONS = 50  # parties are suggested from at most this many of the latest versions of the agreement
MENTIONS = 5  # an id's description is taken from at most this many of the latest entries
HALF_YEARS = 6


def ids(kind: str, after: str = "") -> Completer:
    """Returns a completer for the ids of a kind. Each id is followed by `after`, and described by the name that people
    use.
    """

    def complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        return [_item(f"{one}{after}", told) for one, told in _known(ctx, kind, incomplete).items()]

    return complete


def tags(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Completes a tag such as person:p1: first the kind of the tag, then the id."""
    kind, colon, begun = incomplete.partition(":")
    if not colon:
        return _begin(incomplete, (f"{one}:" for one in _kinds()))
    if not _KIND.fullmatch(kind):
        return []
    return [_item(f"{kind}:{one}", told) for one, told in _known(ctx, kind, begun).items()]


def subjects(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Completes a subject of findings such as seat:sala/opposition-leader: first the kind, then the id. A seat is
    completed by party and then by seat; the ids of the other kinds that no event names are not suggested.
    """
    from projections.subjects import SUBJECT_KINDS

    kind, colon, begun = incomplete.partition(":")
    if not colon:
        return _begin(incomplete, (f"{one}:" for one in SUBJECT_KINDS))
    if kind in {"agreement", "body"}:
        return _begin(incomplete, [f"{kind}:{kind}"])
    if kind == "post":
        return _begin(incomplete, (f"post:{one}" for one in _choices("post")))
    if kind == "seat":
        party, slash, _seat = begun.partition("/")
        if slash:
            return _begin(incomplete, (f"seat:{party}/{one}" for one in _choices("seat")))
        return [_item(f"seat:{one}/", told) for one, told in _known(ctx, "party", begun).items()]
    if kind in _kinds():
        return [_item(f"{kind}:{one}", told) for one, told in _known(ctx, kind, begun).items()]
    return []


def events(_ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    return named_events(incomplete)


def of_a_template(_ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Returns what a template may be of: members, payments or an event, whose name begins as typed."""
    from exchange.headings import LISTS

    return [*_begin(incomplete, LISTS), *named_events(incomplete)]


def named_events(incomplete: str) -> list[CompletionItem[str]]:
    """Returns the events whose names begin with `incomplete`, each described by the first line of its docstring."""
    from ledger.events import EVENTS
    from recording.fields import told_of

    return [
        _item(name, told_of(event).partition("\n")[0]) for name, event in EVENTS.items() if name.startswith(incomplete)
    ]


def provisions(_ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Completes the slug of a provision of the agreement, of a provision of ours, or of a gap in the agreement."""
    from ledger.rules.provisions import PROVISIONS
    from ledger.rules.silences import SILENCES

    return _begin(incomplete, (*PROVISIONS, *SILENCES))


def readings(_ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Completes a question and one of its readings, such as population-day=1-nov."""
    from ledger.readings import READINGS

    question, equals, _reading = incomplete.partition("=")
    if not equals:
        return _begin(incomplete, (f"{one}=" for one in READINGS))
    return _begin(incomplete, (f"{question}={one}" for one in READINGS.get(question) or ()))


def organs(_ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    from typing import get_args

    from ledger.values import Organ

    return _begin(incomplete, get_args(Organ))


def questions(_ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Suggests the questions whose answers have a JSON Schema."""
    from presentation.schemas import QUESTIONS

    return _begin(incomplete, QUESTIONS)


def half_years(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Completes the current half-year and the half-years before it."""
    from cli.session import Session

    today = ctx.ensure_object(Session).today()
    latest = 2 * today.year + (today.month > 6)
    found = (f"{one // 2}H{one % 2 + 1}" for one in range(latest, latest - HALF_YEARS, -1))
    return _begin(incomplete, found)


def files(_ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Leaves the completion of files and folders to the shell."""
    return [CompletionItem(incomplete, type="file")]


def of_a_field(event: type[Event], field: Field) -> Completer | None:
    """Returns a completer for the values of an event's field, by the field's type, or None when the value could be
    anything.
    """
    shape = field.shape
    if shape.kind == "map" and shape.key and shape.key.tag:
        return ids(shape.key.tag, "=")
    leaf = (shape.item if shape.kind == "list" else None) or shape
    if leaf.kind == "boolean":
        return _words("true", "false")
    if leaf.choices:
        return _choices_of(field.name, leaf)
    if leaf.half_year:
        return half_years
    return _of_an_id(event, field.name, leaf) if leaf.tag else None


def _of_an_id(event: type[Event], field: str, leaf: Shape) -> Completer:
    """Returns a completer for a field that holds an id. Nothing is suggested for a new id, which the event itself
    introduces.
    """

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        from ledger.events.meetings import MeetingHeld
        from ledger.rules.reference import AGAIN, DEFINES

        if DEFINES.get(event) == field and event not in {MeetingHeld, *AGAIN}:
            return []
        also = _begin(incomplete, [leaf.also] if leaf.also else [])
        return [*also, *ids(leaf.tag)(ctx, param, incomplete)]

    return complete


def _words(*words: str) -> Completer:
    return lambda _ctx, _param, incomplete: _begin(incomplete, words)


def _choices_of(field: str, leaf: Shape) -> Completer:
    """Returns a completer for a choice of words, each with what it is in the language of the run if that is another
    word.
    """

    def complete(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        told = {word: term(field, word) for word in map(str, leaf.choices) if word.startswith(incomplete)}
        return [CompletionItem(word) if word == said else _item(word, said) for word, said in told.items()]

    return complete


def _begin(incomplete: str, words: Iterable[str]) -> list[CompletionItem[str]]:
    return [CompletionItem(word) for word in words if word.startswith(incomplete)]


def _item(value: str, told: str) -> CompletionItem[str]:
    """Returns a completion whose description is one short line without control characters."""
    line = visible(" ".join(told.split()))
    return CompletionItem(value, help=line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…")


def _kinds() -> list[str]:
    """Returns the kinds of ids that events' fields hold, as tags name the kinds, in alphabetical order."""
    from projections.subjects import kinds_of_tags

    return kinds_of_tags()


def _choices(field: str) -> list[str]:
    """Returns the words of the list that fields of this name take, such as every seat, in the order of the events."""
    from ledger.events import EVENTS
    from ledger.events.shape import fields_of

    shapes = (one.shape for event in EVENTS.values() for one in fields_of(event) if one.name == field)
    return [*dict.fromkeys(str(word) for shape in shapes for word in shape.choices)]


def _known(ctx: click.Context, kind: str, begun: str) -> dict[str, str]:
    """Returns the ids of a kind that begin with `begun`, each with its description, from the ledger that the command
    line names.
    """
    from ledger.store.sqlite.glance import glance

    place = ctx.params.get("location")
    if not isinstance(place, str) or not _BEGUN.fullmatch(begun):
        return {}
    with glance(os.path.expandvars(os.path.expanduser(place))) as seen:  # noqa: PTH111 - a home that is not there is no error
        if kind == "party":
            return {one: name for one, name in _parties(seen) if one.startswith(begun)}
        found = [tag for tag in seen.tags(f"{kind}:{begun}") if _ID.fullmatch(tag.partition(":")[2])]
        told = _names(seen, found) if kind == "person" else _meanings(seen, kind, found)
    return {tag.partition(":")[2]: told.get(tag, "") for tag in found}


def _names(seen: Glance, persons: list[str]) -> dict[str, str]:
    """Returns the latest names of persons, by the persons' tags, without names that are disposed of."""
    from ledger.events.record import PersonalDataDisposed
    from ledger.names import disclosed

    found = {}
    for tag, disclosure in seen.disclosures(persons, PersonalDataDisposed.event_name).items():
        try:
            found[tag] = disclosed(disclosure)
        except (ValueError, TypeError):  # the file may be foreign or damaged
            continue
    return found


def _meanings(seen: Glance, kind: str, tags: list[str]) -> dict[str, str]:
    """Maps the tag of each id to a description of what the id names. A description comes from the latest entry that
    states it.
    """
    from ledger.events.groups import GroupChanged, GroupCreated
    from ledger.events.meetings import MeetingCalled, MeetingHeld, MeetingMoved
    from recording.fields import TOLD_BY

    told_by: dict[str, tuple[tuple[type[Event], ...], str]] = {
        **TOLD_BY,
        "group": ((GroupCreated, GroupChanged), "name"),
        "meeting": ((MeetingCalled, MeetingMoved, MeetingHeld), "meets_on"),
    }
    events_, field = told_by.get(kind, ((), ""))
    types = [event.event_name for event in events_]
    found = {}
    for tag in tags if types else ():
        data = seen.data_with_tag(tag, types, MENTIONS)
        said = (_text(one, "fields", field) or (_text(one, "valid_on") if kind == "meeting" else "") for one in data)
        found[tag] = next(filter(None, said), "")
    return found


def _parties(seen: Glance) -> Iterator[tuple[str, str]]:
    """Yields the id and name of each party in every version of the agreement, from the oldest version to the latest."""
    from ledger.events.agreement import AgreementProposed

    for data in reversed(seen.data_of_type(AgreementProposed.event_name, VERSIONS)):
        for party in _inside(data, "fields", "terms", "parties") or ():
            if _ID.fullmatch(party["id"]):
                yield party["id"], party["name"]


def _text(data: bytes, *path: str) -> str:
    """Returns the text at a path in a stored entry, or "" if there is no text at the path."""
    found = _inside(data, *path)
    return found if isinstance(found, str) else ""


def _inside(data: bytes, *path: str) -> Any:
    """Returns the value at a path in a stored entry, or None if there is no value, as in a file that is no ledger."""
    import orjson

    try:
        found = orjson.loads(data)
        for name in path:
            found = found[name]
    except (ValueError, LookupError, TypeError):
        return None
    return found
