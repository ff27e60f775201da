"""Words for people: findings, entries, provisions and parties as text."""

from __future__ import annotations

import json
import re
from contextvars import ContextVar
from datetime import date
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from ledger.messages import filled, grouped, kronor, listed, msg, term, together, who

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ledger.events.shape import Shape
    from ledger.rules.finding import Finding
    from projections.history import ToldEntry


LAST_LETTERS = str.maketrans("åäö", "{|}")  # signs that come after z, in order
ON_A_PAGE: ContextVar[bool] = ContextVar("on a page", default=False)  # where there are links and forms, and no options
ON_PAPER: ContextVar[bool] = ContextVar("on paper", default=False)  # where a text may have lines of its own
CLOSED_BY = {"[": "]", "{": "}"}
_ATOMS = re.compile("\ufdd1[^\ufdd1\ufdd3]*\ufdd3|.", re.DOTALL)  # a letter, or a person as `render.html` marks one
TITLED = ("number", "title")  # the fields of an object by which one knows it
LONGEST = 60  # the greatest length, in characters, at which a field of an entry is shown
# Control characters, characters that change the direction of writing, and characters that XML forbids: a terminal obeys
# them instead of showing them.
_STEERING = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    r"\U000e0000-\U000e007f]"
)
_WITHIN = re.compile(r"(?<=\d) (?=\d{3}(?!\d)|kr\b)")  # the blanks within an amount, at which no line may end
_BELOW_ZERO = re.compile(r"(?<![\w.@-])-(?=\d[\d ]*,\d{2} kr\b)")  # the hyphen that is to be a minus sign


def visible(text: str) -> str:
    """Returns text of one line in which each character that controls a terminal is replaced by its escape code."""
    if text.isprintable():  # the fast path: no character of `_STEERING` is printable
        return text
    return _STEERING.sub(lambda found: repr(found[0])[1:-1], text)


def visible_lines(text: str) -> str:
    """Returns text as `visible` does, but with its line breaks."""
    return "\n".join(map(visible, text.split("\n")))


def in_lines(text: str) -> str:
    """Returns text as `visible` does, of one line, but on paper with its own lines, and with a space for each tab."""
    if text.isprintable() or not ON_PAPER.get():
        return visible(text)
    return "\n".join(visible(line.replace("\t", " ")) for line in text.split("\n"))


def minus_signs(text: str) -> str:
    """Returns text in which the amounts below zero have a minus sign instead of a hyphen."""
    return _BELOW_ZERO.sub("\N{MINUS SIGN}", text)


def typeset(text: str) -> str:
    """Returns text as it is set on a page or a paper: amounts with minus signs, and on one line each."""
    return _WITHIN.sub("\u00a0", minus_signs(text))


def sentence(found: Finding) -> str:
    """Returns the sentence of a finding with its values. The sentence names the entries behind the verdict whose days
    are inexact.
    """
    said = filled(found.message, {**found.values, **found.said})
    if not found.loose:
        return said
    loose = together(msg("entry {entry}, known only as {day}", entry=entry, day=day) for entry, day in found.loose)
    if found.verdict == "cannot-tell":
        return msg("it depends on {entries}: on one of those days, {sentence}", entries=loose, sentence=said)
    return msg("{sentence}, taking {entries}, at the latest of its days", entries=loose, sentence=said)


def of_entries(positions: Sequence[int]) -> str:
    """Returns entry positions as text, such as `entry 12` or `entries 12, 15`."""
    return msg("{entries:?entry|entries} {entries}", entries=tuple(positions))


def refusal(found: Finding, line: int | None = None) -> str:
    """Returns the reason for a refusal in the form SLUG (SECTION): sentence."""
    said = f"{provision_line(found.provision, found.section)}: {sentence(found)}"
    return msg("{refusal} [line {line}]", refusal=said, line=line) if line else said


def hint(option: str, page: str, **values: Any) -> str:
    """Returns the message that says how to ask further: the one that names an option or, on a page, the other."""
    return filled(page if ON_A_PAGE.get() else option, values)


def provision_line(provision: str, section: str | None) -> str:
    """Returns a provision with its section, such as `notice (2.3)`, or the provision alone when `section` is None.

    A language may name the provision by other words than its slug.
    """
    if section:
        return msg("{provision} ({section})", provision=provision, section=section)
    return msg("{provision}", provision=provision)


def provision_head(provision: str, section: str | None) -> str:
    """Returns a provision as `provision_line` does, as a heading: the slug is there in every language."""
    if section:
        return msg("{slug} ({section})", slug=provision, section=section)
    return msg("{slug}", slug=provision)


def in_order(parties: Iterable[str]) -> list[str]:
    """Returns parties in alphabetical order of the texts that tables show, å, ä and ö last.

    The last party stays last if it is not in order of its id, as the Region after the municipalities.
    """
    ids = [*parties]
    apart = ids[-1:] if len(ids) > 1 and ids[-1] < ids[-2] else []
    return [*sorted(ids[: len(ids) - len(apart)], key=alphabetical), *apart]


def alphabetical(party: str) -> str:
    """Returns the key that sorts parties by the texts that tables show, in the Swedish alphabet."""
    return party_text(party).lower().translate(LAST_LETTERS)


def party_text(party: str) -> str:
    """Returns a party as tables show it: by its id, or in a language that names parties, by its name."""
    return msg("{party}", party=party)


def entry_line(told: ToldEntry, *, whole: bool = False) -> str:
    """Returns the event of an entry as a line: the event's name, its day and its fields.

    Long values are cut short, unless the line is to be `whole`. On a page, an empty list or map is left out.
    """
    shapes, page = _shapes(told.event), ON_A_PAGE.get()
    given = {name: value for name, value in told.fields.items() if not (page and value in ([], {}))}
    values = [(name, _value(name, value, shapes[name])) for name, value in given.items()]
    fields = ", ".join(f"{term('field', name)}: {value if whole else _short(value)}" for name, value in values)
    return msg("{event} on {day}: {fields}", event=told.event, day=told.valid_on, fields=fields)


def fields_text(told: ToldEntry) -> str:
    """Returns the fields of an entry as one text, in which nothing is cut; lists and maps are JSON."""
    shapes = _shapes(told.event)
    return "; ".join(
        f"{term('field', name)}: {_whole(name, value, shapes[name])}" for name, value in told.fields.items()
    )


def field_rows(told: ToldEntry) -> list[tuple[str, str]]:
    """Returns the name and the value of each field of an entry that is not empty, in which nothing is cut. The objects
    of a list have a row each, numbered. A key is told by its fingerprint.
    """
    shapes, rows = _shapes(told.event), []
    for name, value in told.fields.items():
        label, shape = term("field", name), shapes[name]
        if isinstance(value, list) and value and isinstance(value[0], dict):
            inside = _parts(told.event, name)
            rows += [(f"{label} {number}", _object(one, inside)) for number, one in enumerate(value, 1)]
        elif value not in ([], {}):
            rows.append((label, _items(name, value, shape)))
    return rows


def _object(value: Mapping[str, Any], inside: Mapping[str, Shape]) -> str:
    """Returns the fields of an object that are not empty, in which nothing is cut."""
    shown = ((name, _items(name, one, inside[name])) for name, one in value.items() if one not in (None, []))
    return ", ".join(f"{term('field', name)}: {text}" for name, text in shown)


def _items(name: str, value: Any, shape: Shape) -> str:
    """Returns a value as `_value` does, but a list without brackets."""
    if isinstance(value, list):
        return together(_value(name, one, shape.item or shape) for one in value)
    return _value(name, value, shape)


def source_line(told: ToldEntry) -> str:
    """Returns the source of an entry as a line: the organ, the minutes or register, and when and by whom it was
    recorded.
    """
    organ, decided = told.source["organ"], told.source["decided_on"]
    source = [term("organ", organ) if organ else "", told.source["paragraph"], told.source["registration_number"]]
    source.append(msg("decided on {day}", day=date.fromisoformat(decided)) if decided else "")
    recorded = msg(
        "{source}; recorded {at:utc} UTC by {who}",
        source=", ".join(one for one in source if one), at=told.recorded_at, who=told.recorded_by,
    )  # fmt: skip
    return "; ".join(one for one in (recorded, signature_line(told)) if one)


def signature_line(told: ToldEntry) -> str:
    """Returns who signed an act, and that the party that it binds did not sign it, or "" if nobody had
    been authorised to sign when it was recorded.
    """
    found = []
    if told.signed_by and told.signed_for:
        found.append(msg("signed by {party}'s registrar {who}", party=party_text(told.signed_for), who=told.signed_by))
    elif told.signed_by:
        found.append(msg("signed by {who}", who=told.signed_by))
    if told.binds and told.binds != told.signed_for:
        found.append(msg("unsigned by {party}", party=party_text(told.binds)))
    return "; ".join(found)


@cache
def _shapes(event: str) -> Mapping[str, Shape]:
    """Returns the shape of each field of an event, by the field's name."""
    from ledger.events import EVENTS
    from ledger.events.shape import fields_of

    return {one.name: one.shape for one in fields_of(EVENTS[event])}


@cache
def _parts(event: str, field: str) -> Mapping[str, Shape]:
    """Returns the shape of each field of the objects in a field of an event, by its name."""
    from ledger.events import EVENTS
    from ledger.events.shape import parts_of

    return {one.name: one.shape for one in parts_of(EVENTS[event], field)}


def _whole(name: str, value: Any, shape: Shape) -> str:
    """Returns the value of a field as text, a key as it is stored; lists and maps are JSON, with amounts in kronor."""
    if name == "public_key":
        return str(value)
    if isinstance(value, dict) and shape.item and shape.item.money:
        value = {key: kronor(amount) for key, amount in value.items()}
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else _value(name, value, shape)


def _short(text: str) -> str:
    """Returns a text of at most LONGEST letters. A person who will be a link on a page is kept whole or left out."""
    atoms = _ATOMS.findall(text)
    lengths = [max(0, len(one.partition("\ufdd2")[2]) - 1) if one[0] == "\ufdd1" else 1 for one in atoms]
    if sum(lengths) <= LONGEST:
        return text
    ends = accumulate(lengths)
    kept = "".join(one for one, end in zip(atoms, ends, strict=True) if end < LONGEST)
    left: list[str] = []  # the brackets that are still open
    for sign in kept:
        if sign in CLOSED_BY:
            left.append(CLOSED_BY[sign])
        elif left and sign == left[-1]:
            left.pop()
    return f"{kept}…{''.join(reversed(left))}"


def _value(name: str, value: Any, shape: Shape) -> str:
    """Returns the value of a field as text: a list in brackets, and a map or an object in braces. On a page these have
    none.
    """
    if isinstance(value, str):
        return _word(name, value, shape)
    if isinstance(value, list | tuple):
        between = "; " if ON_A_PAGE.get() and any(isinstance(one, dict) for one in value) else ", "
        return f"[{between.join(_value(name, one, shape.item or shape) for one in value)}]"
    if isinstance(value, dict) and shape.key and shape.item:
        key, item = shape.key, shape.item
        if ON_A_PAGE.get():
            return listed(f"{_value(name, one, key)} {_counted(name, value[one], item)}" for one in value)
        return f"{{{', '.join(f'{_value(name, one, key)}: {_value(name, value[one], item)}' for one in value)}}}"
    if name == "account":
        return msg("(not shown)")
    if isinstance(value, dict):
        return ", ".join(_titled(value, shape)) if ON_A_PAGE.get() else f"{{{', '.join(_inside(value, shape))}}}"
    if value is None:
        return msg("(disposed of)")
    if isinstance(value, bool):
        return msg("true") if value else msg("false")
    return kronor(value) if shape.money else str(value)


def _counted(name: str, value: Any, shape: Shape) -> str:
    """Returns a value of a map as text, with the thousands of a count apart."""
    count = isinstance(value, int) and not isinstance(value, bool) and not shape.money
    return grouped(value) if count else _value(name, value, shape)


def _titled(value: Mapping[str, Any], shape: Shape) -> Iterator[str]:
    """Yields the fields of an object, of which the number and the title need no label."""
    number, title = value.get("number"), value.get("title")
    if title is not None:
        yield f"{number}. {title}" if number is not None else str(title)
    yield from _inside({name: one for name, one in value.items() if title is None or name not in TITLED}, shape)


def _is_deep(value: object) -> bool:
    """Returns whether a value holds others that have no room in a line: on a page, a list of texts has."""
    if isinstance(value, list) and ON_A_PAGE.get():
        return any(isinstance(one, dict | list) for one in value)
    return isinstance(value, dict | list)


def _inside(value: Mapping[str, Any], shape: Shape) -> Iterator[str]:
    """Yields each field of an object as text; of an object that holds lists or objects, only the fields' names."""
    inside = dict(shape.inside)
    nested = any(map(_is_deep, value.values()))
    for name, one in value.items():
        label = term("field", name)
        if nested:
            yield label
        elif name in inside:
            yield f"{label}: {_value(name, one, inside[name])}"
        else:
            yield f"{label}: {term(name, one) if isinstance(one, str) else one}"


def _word(name: str, value: str, shape: Shape) -> str:
    """Returns a text of a field: a word of a closed set, a party and a person as the current language shows them, and
    an OpenSSH public key by its fingerprint.
    """
    if value and value == shape.also:
        return term("organ", value)
    if shape.choices:
        return term(name, value)
    if shape.tag == "party" or (name in {"concerns", "funder", "to"} and not shape.tag):  # a party, or another by name
        return party_text(value)
    if shape.tag == "person":
        return who(value) if ON_A_PAGE.get() else msg("{person}", person=value)
    if shape.kind in {"day", "date"}:
        return msg("{day}", day=value)
    if name == "public_key" and " " in value:  # the ledger's own keys hold no blank
        from ledger.proof.ssh import fingerprint_of

        return fingerprint_of(value)
    return msg("{percent:decimal}", percent=value) if name == "percent" else value
