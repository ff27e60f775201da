"""The controls of a form, made from the fields of an event: what each asks, how it is filled in, and what was typed."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, get_args

from ledger.errors import BadInput
from ledger.events.shape import fields_of, parts_of
from ledger.messages import filled, in_language, marked, msg, term
from ledger.state.agreement import terms_on
from ledger.state.seats import members_on
from ledger.values import Organ
from presentation.words import LAST_LETTERS
from recording.amounts import whole
from recording.choices import Known, is_new, word, yes_or_no
from recording.fields import COMMON, IN_KRONOR, KRONOR_ALONE, SOURCE, bare_meanings, leaf_of, meaning_of
from web.record.typed import AS_JSON, DOCUMENT, NUMBER, OPTIONS
from web.spoken import spoken_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.events import Event
    from ledger.events.shape import Field, Shape
    from recording.choices import Choice
    from web.record.typed import Typed

MOST_CHOSEN = 300  # choices that a list to choose from shows; of more, an id is typed
MOST_UNFOLDED = 15  # choices to tick that a form shows at once where none is needed
MOST_ROWS = 200  # of a list, unless more are filled in
SPARE = 2  # empty rows and lines after those that are filled in
LONG = ("text", "background", "matter", "summary", "assignment", "composition", "working_forms", "reason", "decision",
        "reservation", "description", "public_key", "proof")  # fmt: skip
LABELS: Mapping[str, str] = {  # the fields that all events have, and those of a correction → how they are called
    "on": marked("Day"),
    "organ": marked("Organ"),
    "decided_on": marked("Decided on"),
    "paragraph": marked("Paragraph"),
    "dnr": marked("Registration number"),
    "document": marked("Document"),
    "_reason": marked("Why it is annulled"),
    "_on": marked("The day the error was found"),
}
EXAMPLES = {
    "day": "2025-06-01", "date": "2025-06-01", "money": "1 234,50", "half_year": "2025H1",
    "paragraph": "§ 12", "dnr": "KS 2023/45",
}  # fmt: skip
_BRACES = re.compile(r":? ?\{[^}]*\}")  # in the meaning of a list of objects: its parts, which the form shows
_NOUN = re.compile(r"(?:the |an? )?[a-z]+(?:: \{.*\})?")  # a meaning in English that names the field once more
_NAMED = re.compile(r"`([a-z_]+)`", re.ASCII)  # a field or an organ, in a meaning

# event and field → a hint in place of the meaning that the field has elsewhere
HINTS: Mapping[tuple[str, str], str] = {
    **IN_KRONOR,
    ("meeting-called", "agenda"): marked("the items in their order; several that are concerned have commas between"),
}
KEYS = {"seats": "political_party"}  # a map in rows → the field that its keys are called after


class Control(NamedTuple):
    """A control of a form.

    `kind` is how it is filled in: text, long, json, choice, ticks, lines, rows, parts or file. `values` are the texts
    typed, `choices` the values that it may have and `offers` values that may be typed among others, each with its
    words. `rows` holds the controls of each row, or of the parts of an object as one row. `fault` says what is wrong
    with what was typed.
    """

    name: str
    label: str
    hint: str = ""
    kind: str = "text"
    required: bool = False
    values: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    offers: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[Control, ...], ...] = ()
    fault: str = ""

    @property
    def value(self) -> str:
        """The text typed, or ""."""
        return self.values[0] if self.values else ""

    @property
    def folded(self) -> bool:
        """Whether the choices are shown on request: there are many of them, and the field may be left out."""
        return len(self.choices) > MOST_UNFOLDED and not (self.required or self.values or self.fault)

    @property
    def more(self) -> str:
        """What the button asks for that gives a list more rows."""
        return f"{self.name}:{len(self.rows) + SPARE}"


class Filled(NamedTuple):
    """A form as it was filled in: what was typed, what is wrong with it, what the ledger knows, and today's day."""

    event: type[Event]
    typed: Typed
    faults: Mapping[str, str]
    known: Known
    today: date
    more: str = ""  # the list that is to have more rows, and how many: `agenda:6`


def controls(form: Filled) -> list[Control]:
    """Returns the controls of an event's own fields."""
    told = bare_meanings(form.event)
    return [_control(form, field, field.name, told[field.name]) for field in fields_of(form.event)]


def common_controls(form: Filled) -> list[Control]:
    """Returns the controls of the fields that every event has: its day, and where it is documented."""
    told = bare_meanings(form.event)
    found = []
    for name in COMMON:
        kind = {"organ": "choice", DOCUMENT: "file"}.get(name, "text")
        choices = _with_others(form, name, _words(form.known.of(form.event, name, {}))) if name == "organ" else ()
        example = EXAMPLES.get(name, EXAMPLES["day"] if name in {"on", "decided_on"} else "")
        hint = "" if name == "organ" else _with_example(told[name], example)
        required = name in {"on", "organ"}
        found.append(_filled(form, Control(name, filled(LABELS[name], {}), hint, kind, required, choices=choices)))
    return found


def label_in(name: str) -> str:
    """Returns what a field of an event is called, in the language of the page."""
    of = name.rpartition(".")[2]
    if of in LABELS:
        return filled(LABELS[of], {})
    return as_label(term("field", SOURCE.get(of, of)))


def as_label(told: str) -> str:
    """Returns the name of a field in the form of a label."""
    told = told.replace("_", " ")
    return f"{told[:1].upper()}{told[1:]}"


def of_a_correction(hidden: Mapping[str, str], faults: Mapping[str, str]) -> list[Control]:
    """Returns the controls that say what is wrong with an entry, as they were filled in."""
    empty = [
        Control("_reason", label_in("_reason"), required=True),
        Control("_on", label_in("_on"), msg("left out: today")),
    ]
    return [one._replace(values=(hidden.get(one.name, ""),), fault=faults.get(one.name, "")) for one in empty]


def _filled(form: Filled, control: Control) -> Control:
    """Returns a control with what was typed in it, and what is wrong with that."""
    typed, fault = tuple(form.typed.get(control.name, ())), form.faults.get(control.name, "")
    several_lines = control.kind == "text" and any("\n" in one for one in typed)  # a line of a form would join them
    return control._replace(values=typed, fault=fault, kind="long" if several_lines else control.kind)


def _control(form: Filled, field: Field, name: str, hint: str) -> Control:
    """Returns the control of a field of the event, which the form calls `name`."""
    shape, parts = field.shape, parts_of(form.event, field.name)
    empty = Control(name, label_in(name), _hint(form, field, hint), required=field.required)
    if name == AS_JSON:
        return _filled(form, empty._replace(kind="json"))
    if shape.kind == "list" and parts:
        return _filled(form, empty._replace(kind="rows", rows=_rows(form, name, parts)))
    if parts:
        row = tuple(_part(form, one, f"{name}.{one.name}") for one in parts)
        return _filled(form, empty._replace(kind="parts", rows=(row,)))
    if shape.kind == "map":
        return _filled(form, _map(form, empty, shape))
    return _filled(form, _chosen(form, field, empty))


def _hint(form: Filled, field: Field, told: str) -> str:
    """Returns what helps to fill in a field whose meaning is `told`, or "" where the meaning says no more than the
    label.
    """
    shape = field.shape
    leaf = leaf_of(shape)
    other = HINTS.get((form.event.event_name, field.name), KRONOR_ALONE if leaf.money else "")
    if other:
        return _with_example(in_language(other), _example(field))
    chosen_by_name = leaf.tag and not leaf.weak and not is_new(form.event, field.name)
    if (chosen_by_name and told == in_language(meaning_of(leaf))) or _NOUN.fullmatch(meaning_of(shape)):
        return _with_example("", _example(field))
    if told.casefold() == label_in(field.name).casefold():
        return ""
    told = _BRACES.sub("", told.rpartition(" = ")[2] if shape.kind == "map" else told)
    return _with_example(in_words(told), _example(field))


def _with_example(hint: str, example: str) -> str:
    """Returns a hint with an example of what may be typed, unless the hint has one."""
    if not example or example in hint:
        return hint
    return (
        msg("{hint}, such as {example}", hint=hint, example=example)
        if hint
        else msg("such as {example}", example=example)
    )


def in_words(told: str) -> str:
    """Returns a text in which each field and each organ that it names as the log does is called as the form does."""

    def called(found: re.Match[str]) -> str:
        name = found[1]
        return msg(
            "“{word}”", word=term("organ", name) if name in get_args(Organ) else label_in(OPTIONS.get(name, name))
        )

    return _NAMED.sub(called, told)


def _chosen(form: Filled, field: Field, empty: Control) -> Control:
    """Returns the control of a field without parts, with what there is to choose from."""
    shape = field.shape
    several = shape.kind == "list"
    new = is_new(form.event, field.name)
    choices = () if new else _words(_in_order(form, field))
    if choices and len(choices) <= MOST_CHOSEN:
        return empty._replace(kind="ticks" if several else "choice", choices=_with_others(form, empty.name, choices))
    if several:
        return empty._replace(kind="lines", offers=choices, rows=((),) * _lines(form, empty.name))
    return empty._replace(kind="long" if field.name in LONG and shape.kind == "text" else "text", offers=choices)


def _in_order(form: Filled, field: Field) -> list[Choice]:
    """Returns what there is to choose from: of persons, first the members of the body on the day of the act, or today;
    of meetings, first the last called; after ids, the word that may be given instead of one.
    """
    found = form.known.of(form.event, field.name, form.typed)
    leaf = leaf_of(field.shape)
    if leaf.tag == "person":
        seated = {one.person for one in members_on(form.known.timeline, _day(form))}
        return sorted(found, key=lambda one: (one.id not in seated, one.meaning.lower().translate(LAST_LETTERS)))
    if leaf.tag == "meeting":
        return [_of_meeting(one) for one in reversed(found)]
    return [*found, word("organ", leaf.also)] if leaf.also else found


def _of_meeting(one: Choice) -> Choice:
    """Returns a meeting to choose, with its id and its day."""
    day = date.fromisoformat(one.meaning) if one.meaning else None
    return one._replace(meaning=msg("{meeting}, {day:long}", meeting=one.id, day=day)) if day else one


def _day(form: Filled) -> date:
    """Returns the day that was typed as that of the act, or today where none was, or one that cannot be read."""
    with suppress(BadInput, IndexError):
        return spoken_day(form.typed.get("on", ())[0], form.today, "")
    return form.today


def _with_others(form: Filled, name: str, choices: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Returns the choices, and after them each text that was typed and is none of them, so that nothing is lost. Texts
    in another order than that of the choices come first, since ticks are sent in the order in which they stand.
    """
    typed, words = dict.fromkeys(form.typed.get(name, ())), dict(choices)
    found = (*choices, *((one, one) for one in typed if one not in words))
    if [one for one, _ in found if one in typed] == [*typed]:
        return found
    return (*((one, words.get(one, one)) for one in typed), *(pair for pair in found if pair[0] not in typed))


def _lines(form: Filled, name: str) -> int:
    return _room(form, name, len(form.typed.get(name, ())))


def _room(form: Filled, name: str, typed: int) -> int:
    """Returns how many rows or lines a list has: those that were typed and some empty ones, or as many as asked for."""
    of, _, asked = form.more.rpartition(":")
    return max(typed + SPARE, min(whole(asked) or 0, MOST_ROWS) if of == name else 0)


def _rows(form: Filled, name: str, parts: Sequence[Field]) -> tuple[tuple[Control, ...], ...]:
    places = {one.split(".")[1] for one in form.typed if one.startswith(f"{name}.")}
    number = _room(form, name, len(places))
    return tuple(tuple(_part(form, one, f"{name}.{place}.{one.name}") for one in parts) for place in range(number))


def _part(form: Filled, part: Field, name: str) -> Control:
    """Returns the control of a part of an object."""
    given = form.known.of_an_item() if name.startswith("agenda.") else {}
    if part.shape.kind == "boolean" or part.shape.choices or part.shape.tag:
        choices = _words(given.get(part.name) or _of_shape(form, part))
    else:
        choices = ()
    required = part.required and part.name != NUMBER
    kind = "file" if part.name == DOCUMENT else "text"
    empty = Control(name, label_in(name), kind=kind, required=required)
    if choices and part.shape.kind != "list" and len(choices) <= MOST_CHOSEN:
        return _filled(form, empty._replace(kind="choice", choices=_with_others(form, name, choices)))
    return _filled(form, empty._replace(offers=choices))


def _of_shape(form: Filled, part: Field) -> Sequence[Choice]:
    if part.shape.kind == "boolean":
        return yes_or_no()
    return [word(part.name, str(one)) for one in part.shape.choices] or form.known.named(part.shape)


def _map(form: Filled, empty: Control, shape: Shape) -> Control:
    """Returns the control of a map: an amount for each party, or else rows of a key and a value."""
    assert shape.key is not None, "a map has a shape of its keys"
    if shape.key.tag == "party":
        terms = terms_on(form.known.timeline, form.today)
        names = {one.id: one.meaning for one in form.known.parties()}
        kinds = {"municipality"} if shape.key.municipality else {"municipality", "region"}
        parties = [one.id for one in terms.parties if one.kind in kinds] if terms else [*names]
        typed = [one.partition(".")[2] for one in form.typed if one.startswith(f"{empty.name}.")]
        keys = dict.fromkeys([*parties, *typed])
        row = tuple(_filled(form, Control(f"{empty.name}.{key}", names.get(key, key))) for key in keys)
        return empty._replace(kind="parts", rows=(row,))
    places = {one.split(".")[1] for one in form.typed if one.startswith(f"{empty.name}.")}
    number = _room(form, empty.name, len(places))
    rows = tuple(
        (
            _filled(form, Control(f"{empty.name}.{place}.key", label_in(KEYS.get(empty.name, "name")))),
            _filled(form, Control(f"{empty.name}.{place}.value", empty.label)),
        )
        for place in range(number)
    )
    return empty._replace(kind="rows", rows=rows)


def _words(choices: Sequence[Choice]) -> tuple[tuple[str, str], ...]:
    """Returns each choice with its words; of namesakes, each with its id, too."""
    times = Counter(one.meaning for one in choices)
    shown = {one.id: one.meaning or one.id.replace("-", " ") for one in choices}
    return tuple((one, f"{words} ({one})" if times[words] > 1 else words) for one, words in shown.items())


def _example(field: Field) -> str:
    leaf = leaf_of(field.shape)
    if leaf.money:
        return EXAMPLES["money"]
    return EXAMPLES["half_year"] if leaf.half_year else EXAMPLES.get(field.name, EXAMPLES.get(leaf.kind, ""))
