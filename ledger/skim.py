"""Recognizes stored entries by one regular expression per event class, which is made from the class.

A check of a whole log needs only a few values of each entry, and reads them here several times faster than by `decode`.
Only entries that are written in the usual way are recognized. All others are left to `decode`.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache, partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import orjson
from msgspec import Struct
from msgspec import inspect as ms

from ledger.events import EVENTS
from ledger.events.seats import PersonRegistered
from ledger.events.shape import fields_of, tags_of
from ledger.values import EARLIEST, LARGEST_INTEGER, LATEST, Day, Digest, Name, Source, Text, day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ledger.encoding import Entry
    from ledger.events import Event

    Groups = tuple[Any, ...]  # the groups of a match: texts, or None for a field that is left out

Role = Literal["", "id", "ids", "day", "name", "document", "documents", "inner"]
_TOGETHER: dict[Role, Role] = {"": "", "id": "ids", "document": "documents"}  # role of a value → of a list of them

REMEMBERED = 4_096  # so many combinations of values are kept for each class, with their tags, and so many days in all
_BEFORE_NAME = len('{"event":"')
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_KEY = r'"([!#-\[\]-~]{1,200})"'
_MOMENT = rf'"(({_DATE})T(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){{2}}\.[0-9]{{6}}Z)"'
_LOOSE = "[0-9/-]{4,21}"  # `day` tells which of these texts are days
_UNESCAPED = r'[^"\\\x00-\x1f\x7f-\x9f]'  # the characters of a Text that JSON writes as they are
_NUMBERS: dict[
    tuple[int | None, int | None], str
] = {  # (least, most) of a type of number → a pattern of such numbers, at least of those with up to 15 digits
    (0, LARGEST_INTEGER): "(?:0|[1-9][0-9]{0,14})",
    (1, LARGEST_INTEGER): "[1-9][0-9]{0,14}",
    (-LARGEST_INTEGER, LARGEST_INTEGER): "(?:0|-?[1-9][0-9]{0,14})",
    (EARLIEST.year, LATEST.year): "(?:19|20|21)[0-9]{2}",
}
_BODY = re.compile(r"\^([^^]+)\$\(\?!\\n\)(.*)")  # the pattern of a type of text, if it negates no set of characters
_DOCUMENT = re.compile(r'"document":"([0-9a-f]{64})"')
_DAYS: set[str | None] = {None}  # texts that are days, or no text
_GROUP = re.compile(r"(?<!\\)\((?!\?)")


class Outline(Struct, frozen=True, gc=False):
    """The values of an entry with which other entries, the index and the database must agree."""

    recorded_at: str
    key: str
    tags: tuple[str, ...]  # of the event, without that of the key
    documents: tuple[str, ...]  # the digests of the documents that the entry names
    name: tuple[str, str] | None  # the person registered, and the digest of the person's name


def outline(entry: Entry[Event]) -> Outline:
    """Returns the outline of an entry that was decoded."""
    event = entry.event
    documents = (one.document for one in (event.source, *(getattr(event, "documents", None) or ())))
    return Outline(
        entry.recorded_at,
        entry.key,
        tuple(tags_of(event)),
        tuple(document for document in documents if document is not None),
        (event.person, event.name.digest or "") if isinstance(event, PersonRegistered) else None,
    )


class _Form(NamedTuple):
    """The form of the entries with events of one class, and the functions that read the groups of a match."""

    match: Callable[[str], re.Match[str] | None]
    days: Callable[[Groups], Iterable[str | None]]
    tags: Callable[[Groups], tuple[str, ...]]
    documents: int | None  # the place of a group that lists documents
    name: Callable[[Groups], tuple[str, str]] | None  # None for a class that registers no person


class _Tagged(NamedTuple):
    """The group of a field that holds ids, and the texts that are put before each id, which makes it a tag."""

    place: int
    many: bool
    prefixes: tuple[str, ...]
    also: str  # a word that may stand instead of an id, and gives no tag


def skim(kind: Any, data: bytes) -> Outline | None:
    """Returns the outline of an entry whose event is named `kind`, or None if the entry is not recognized.

    A recognized entry is as `is_as_written` demands, and `decode` accepts it.
    """
    event = EVENTS.get(kind)
    if event is None or (form := _form(event)) is None:
        return None
    match, days, tags, listing, name = form
    try:
        found = match(data.decode())
        if found is None:
            return None
        groups = found.groups()
        if not _DAYS.issuperset(told := days(groups)):
            _learn(told)
    except ValueError:
        return None
    key, recorded_at, document = groups[-6], groups[-5], groups[-2]
    documents: tuple[str, ...] = () if document is None else (document,)
    if listing is not None and (listed := groups[listing]):
        documents += tuple(_DOCUMENT.findall(listed))
    return Outline(recorded_at, key, tags(groups[:-6]), documents, name and name(groups))


def _learn(texts: Iterable[str | None]) -> None:
    """Adds days to those that are known to be days. Raises ValueError if one of them is not."""
    if len(_DAYS) > REMEMBERED:
        _DAYS.clear()
        _DAYS.add(None)
    for text in texts:
        if text is not None:
            day(text)
            _DAYS.add(text)


def event_name(data: bytes) -> str:
    """Returns the name of an entry's event, or some other text if the entry is not as a ledger writes it."""
    return data[_BEFORE_NAME : data.find(b'"', _BEFORE_NAME)].decode("ascii", "replace")


@cache
def _form(event: type[Event]) -> _Form | None:
    """Returns the form of the entries with events of a class, or None if no such entry can be recognized."""
    own, source = [one for one in _fields(event) if one.name not in {"source", "valid_on"}], _fields(Source)
    fields, where = _object(own, grouped=True), _object(source, grouped=True)
    if fields is None or where is None:
        return None
    whole = re.compile(
        rf'\{{"event":"{event.event_name}","fields":{fields},"key":{_KEY},"recorded_at":{_MOMENT},'
        rf'"recorded_by":"[a-z0-9-]{{1,64}}","source":{where},"v":{event.v},"valid_on":"({_LOOSE})"\}}'
    )
    places = {name: place - 1 for name, place in whole.groupindex.items()}
    roles = {one.name: _role(one.type) for one in own}
    days = (place for name, place in places.items() if roles.get(name) == "day")
    of_role = {roles[name]: place for name, place in places.items() if name in roles}
    return _Form(
        match=whole.fullmatch,
        days=itemgetter(*days, -4, -3, -1),
        tags=lru_cache(REMEMBERED)(partial(_tags, tuple(_tagged(event, places)))),
        documents=of_role.get("documents"),
        name=itemgetter(places["person"], of_role["name"]) if "name" in of_role else None,
    )


def _tagged(event: type[Event], places: Mapping[str, int]) -> Iterable[_Tagged]:
    """Yields the groups that hold ids, in the order of the class."""
    for field in fields_of(event):
        leaf = field.shape.item or field.shape
        if leaf.tag and field.name in places:
            prefixes = (*(["assembly:"] if leaf.assembly else []), f"{leaf.tag}:")
            yield _Tagged(places[field.name], field.shape.kind == "list", prefixes, leaf.also)


def _tags(tagged: tuple[_Tagged, ...], groups: Groups) -> tuple[str, ...]:
    """Returns the tags that `tags_of` gives for an event, from the groups of its fields."""
    tags = []
    for place, many, prefixes, also in tagged:
        value = groups[place]
        ids = () if not value else value[1:-1].split('","') if many else (value,)
        tags += [prefix + one for one in ids if one != also for prefix in prefixes]
    return tuple(dict.fromkeys(tags))


def _fields(struct: type[Struct]) -> list[ms.Field]:
    """Returns the fields of a class in the order in which JSON writes them."""
    info = ms.type_info(struct)
    assert isinstance(info, ms.StructType)
    return sorted(info.fields, key=lambda field: field.encode_name)


def _object(fields: Iterable[ms.Field], *, grouped: bool = False) -> str | None:
    """Returns a pattern of a JSON object with these fields, or None if there is none.

    An optional field without a pattern is left out, so that no object with the field is matched. If `grouped` is true,
    the values that have a role are groups with the names of their fields.
    """
    parts: list[str] = []
    begun = False  # whether a required field came before, so that a comma stands before each field and not after it
    for field in sorted(fields, key=lambda field: field.encode_name):
        value = _value(field.type, field.name if grouped and _role(field.type) else "")
        if value is None and field.required:
            return None
        if value is not None:
            pair = f'"{field.encode_name}":{value}'
            if field.required:
                parts.append(f",{pair}" if begun else pair)
                begun = True
            else:
                # For Python's `re`, an alternative that is empty costs less than a group that may be left out.
                parts.append(f"(?:,{pair}|)" if begun else f"(?:{pair},|)")
    return rf"\{{{''.join(parts)}\}}" if begun else None


def _role(info: ms.Type) -> Role:
    """Returns what is read from a value, or "" if only its form matters. What has the role "inner" is not matched."""
    match info:
        case ms.Metadata(type=inner, extra=extra):
            return "id" if extra and "tag" in extra else _role(inner)
        case ms.UnionType(types=types):
            return next(role for kind in types if not isinstance(kind, ms.NoneType) for role in [_role(kind)])
        case ms.StrType() if info == _bare(Digest):
            return "document"
        case ms.DateType():
            return "day"
        case ms.CustomType(cls=cls):
            return "day" if cls is Day else "name" if cls is Name else "inner"
        case ms.VarTupleType(item_type=item):
            return _TOGETHER.get(_role(item), "inner")
        case ms.StructType(fields=fields):
            roles = {_role(field.type) for field in fields} - {""}
            return "" if not roles else "document" if roles == {"document"} else "inner"
    return ""


def _value(info: ms.Type, group: str = "") -> str | None:
    """Returns a pattern of a JSON value, or None if there is none. The pattern has a group, if a name is given."""
    opened = f"(?P<{group}>" if group else "(?:"
    match info:
        case ms.Metadata(type=inner):
            return _value(inner, group)
        case ms.UnionType(types=types):
            return next(_value(kind, group) for kind in types if not isinstance(kind, ms.NoneType))
        case ms.VarTupleType(item_type=item, min_length=None | 1 as least, max_length=None) if _role(info) != "inner":
            one = _value(item)
            return one and rf"\[{opened}(?:{one}(?:,{one})*){'' if least else '?'})\]"
        case ms.StructType(fields=fields) if _role(info) != "inner":
            return _object(fields)
        case ms.CustomType(cls=cls) if cls is Name:
            return rf'\{{"sha-256":"{opened}[0-9A-Za-z_-]{{1,200}})"\}}'
        case ms.IntType(gt=above, ge=least, lt=None, le=most, multiple_of=None):
            number = _NUMBERS.get((least if above is None else above + 1, most))
            return number and f"{opened}{number})"
        case ms.LiteralType() | ms.BoolType():
            values = info.values if isinstance(info, ms.LiteralType) else (True, False)
            return f"(?:{'|'.join(re.escape(orjson.dumps(one).decode()) for one in values)})"
    text = _text(info)
    return text and f'"{opened}{text})"'


def _text(info: ms.Type) -> str | None:
    """Returns a pattern of the characters of a JSON string, or None if there is none."""
    match info:
        case ms.DateType():
            return _DATE
        case ms.CustomType(cls=cls) if cls is Day:
            return _LOOSE
        case ms.StrType() if info == _bare(Text):
            return f"{_UNESCAPED}{{1,10000}}"
        case ms.StrType(min_length=None, max_length=None, pattern=str(pattern)):
            found = _BODY.fullmatch(pattern)
            return found and _GROUP.sub("(?:", found[1]) + found[2]
    return None


def _bare(kind: Any) -> ms.Type:
    """Returns what msgspec knows of an annotated type, without its description."""
    info = ms.type_info(kind)
    return info.type if isinstance(info, ms.Metadata) else info
