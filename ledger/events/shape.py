"""Derives the fields of an event from the event's class.

Options, the event reference, the JSON schema, tags and the rules on references are all made from these fields.
"""

from __future__ import annotations

from functools import cache
from operator import attrgetter
from sys import intern
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import NODEFAULT, Struct, structs
from msgspec import inspect as ms

from ledger.values import Account, Day, Name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ledger.events.base import Event

Kind = Literal["text", "integer", "boolean", "date", "day", "choice", "list", "map", "object"]


class Shape(Struct, frozen=True, kw_only=True):
    """The shape of a value.

    `item` is the shape of what a list or a map holds, and `key` the shape of a map's keys.
    `tag` is the kind of id that the value is, such as `person`, or "" if the value is no id.
    """

    kind: Kind
    meaning: str = ""
    choices: tuple[str | int, ...] = ()
    item: Shape | None = None
    key: Shape | None = None
    tag: str = ""
    weak: bool = False  # an id that need not be in the ledger
    assembly: bool = False
    municipality: bool = False
    money: bool = False  # in whole öre
    half_year: bool = False
    also: str = ""  # a word that may be given instead of an id, such as `body`
    inside: tuple[tuple[str, Shape], ...] = ()  # an object's fields that hold an id, with their shapes


class Field(Struct, frozen=True, kw_only=True):
    """A field of an event.

    `default` is the value of the field if it is left out, or None if there is no such value or the value is empty.
    """

    name: str
    shape: Shape
    required: bool
    default: object = None


class Mention(Struct, frozen=True):
    """An id that an event names, with the name of the event's field and the shape of the id."""

    field: str
    shape: Shape
    id: str | int


@cache
def fields_of(event: type[Event]) -> tuple[Field, ...]:
    """Returns the fields of an event in the order of its class, without `valid_on` and `source`."""
    return tuple(one for one in _fields(ms.type_info(event)) if one.name not in {"valid_on", "source"})


@cache
def parts_of(event: type[Event], field: str) -> tuple[Field, ...]:
    """Returns the fields of the object that a field of an event holds, or holds a list of; () if it holds neither."""
    info = ms.type_info(event)
    assert isinstance(info, ms.StructType)
    held = next(one.type for one in info.fields if one.name == field)
    while not isinstance(held, ms.StructType):
        match held:
            case ms.Metadata(type=inner) | ms.VarTupleType(item_type=inner):
                held = inner
            case ms.UnionType(types=types):
                held = next(one for one in types if not isinstance(one, ms.NoneType))
            case _:
                return ()
    return _fields(held)


def _fields(info: ms.Type) -> tuple[Field, ...]:
    assert isinstance(info, ms.StructType)
    return tuple(
        Field(
            name=field.encode_name,
            shape=_shape(field.type),
            required=field.required,
            default=None if field.default in {NODEFAULT, ()} else field.default,
        )
        for field in info.fields
    )


def _shape(info: ms.Type, **known: Any) -> Shape:
    match info:
        case ms.Metadata(type=inner):
            schema, extra = info.extra_json_schema or {}, info.extra or {}
            extra = {key: value for key, value in extra.items() if key in Shape.__struct_fields__}
            return _shape(inner, **{"meaning": schema.get("description", ""), **extra, **known})
        case ms.UnionType(types=types):
            return _shape(next(kind for kind in types if not isinstance(kind, ms.NoneType)), **known)
        case ms.VarTupleType(item_type=item):
            also = known.pop("also", "")
            return Shape(kind="list", item=_shape(item, **({"also": also} if also else {})), **known)
        case ms.DictType(key_type=key, value_type=value):
            return Shape(kind="map", key=_shape(key), item=_shape(value), **known)
        case ms.LiteralType(values=values):
            return Shape(kind="choice", choices=tuple(one for one in values if isinstance(one, str | int)), **known)
        case ms.CustomType(cls=cls):
            return Shape(kind="day" if cls is Day else "text", **known)
        case ms.StructType(fields=fields):
            shapes = ((field.name, _shape(field.type)) for field in fields)
            return Shape(kind="object", inside=tuple((name, one) for name, one in shapes if one.tag), **known)
    kinds: dict[type, Kind] = {
        ms.StrType: "text",
        ms.IntType: "integer",
        ms.BoolType: "boolean",
        ms.DateType: "date",
    }
    return Shape(kind=kinds[type(info)], **known)


@cache
def _tagged(event: type[Event]) -> tuple[tuple[str, Shape, Shape, str], ...]:
    """Returns (field, shape of the field, shape of the id, inner field) for each field of an event that holds ids.

    If the field is a list of objects, the inner field is the field of each object that holds the id. If the field is
    not a list of objects, the inner field is "".
    """
    found = []
    for field in fields_of(event):
        leaf = (field.shape.item if field.shape.kind == "list" else field.shape.key) or field.shape
        if leaf.tag:
            found.append((field.name, field.shape, leaf, ""))
        elif field.shape.kind == "list":
            found += [(field.name, field.shape, shape, name) for name, shape in leaf.inside]
    return tuple(found)


def mentions(event: Event) -> Iterator[Mention]:
    """Yields every id that the event names, in the order of its fields.

    The ids in the keys of a map are sorted, as they are stored.
    """
    for name, shape, leaf, inner in _tagged(type(event)):
        for one in _ids(getattr(event, name), shape.kind, inner):
            if one != leaf.also:
                yield Mention(name, leaf, one)


def tags_of(event: Event) -> list[str]:
    """Returns the tags (`kind:id`) by which an event can be looked up, each once, in the order of its fields."""
    kinds, values = _single_tags(type(event))
    if kinds:
        tags = [f"{kind}:{one}" for kind, one in zip(kinds, values(event), strict=True) if one is not None]
        return tags if len(tags) == 1 else list(dict.fromkeys(tags))
    tags = []
    for name, shape, leaf, inner in _tagged(type(event)):
        if (value := getattr(event, name)) is not None:
            ids = [one for one in _ids(value, shape.kind, inner) if one != leaf.also]
            kinds = ("assembly", leaf.tag) if leaf.assembly else (leaf.tag,)
            tags += [f"{kind}:{one}" for one in ids for kind in kinds]
    return list(dict.fromkeys(tags))


@cache
def _single_tags(event: type[Event]) -> tuple[tuple[str, ...], Callable[[Event], tuple[Any, ...]]]:
    """Returns the kinds of an event's tags and a function to their ids, if each field of the event holds at most one id
    and no word instead. Otherwise the kinds are empty.
    """
    pairs = [
        (kind, name) for name, leaf in single_ids(event) or () for kind in ("assembly",) * leaf.assembly + (leaf.tag,)
    ]
    return tuple(kind for kind, _ in pairs), values_of(*(name for _, name in pairs))


@cache
def single_ids(event: type[Event]) -> tuple[tuple[str, Shape], ...] | None:
    """Returns (field, shape of the id) for each field of an event that holds an id, if each holds at most one id and no
    word instead. Otherwise returns None: the ids are those of `mentions`.
    """
    rows = _tagged(event)
    if any(shape.kind in {"list", "map"} or leaf.also for _, shape, leaf, _ in rows):
        return None
    return tuple((name, leaf) for name, _, leaf, _ in rows)


def share_ids(event: Event) -> None:
    """Replaces the ids in an event's own fields by equal texts that other events have, too, which saves memory. No
    other thread may have the event yet.
    """
    for name in _named_by_text(type(event)):
        value = getattr(event, name)
        if type(value) is str:
            structs.force_setattr(event, name, intern(value))
        elif value:
            structs.force_setattr(event, name, tuple(map(intern, value)))


@cache
def _named_by_text(event: type[Event]) -> tuple[str, ...]:
    """Returns the fields of an event that hold one id that is text, or a list of such ids."""
    rows = [(name, shape) for name, shape, leaf, inner in _tagged(event) if not inner and leaf.kind == "text"]
    return tuple(name for name, shape in rows if shape.kind in {"text", "list"})


def tag_kinds(event: type[Event]) -> set[str]:
    """Returns the kinds of tags that an event of a class can have, such as `person`."""
    leaves = [leaf for _, _, leaf, _ in _tagged(event)]
    return {leaf.tag for leaf in leaves} | ({"assembly"} if any(leaf.assembly for leaf in leaves) else set())


def _ids(value: Any, kind: Kind, inner: str) -> Iterable[str | int]:
    if value is None:
        return ()
    if inner:
        return (getattr(one, inner) for one in value)
    return value if kind == "list" else sorted(value) if kind == "map" else (value,)


def values_of(*names: str) -> Callable[[Any], tuple[Any, ...]]:
    """Returns a function from an object to the values of its attributes `names`, as a tuple, whatever their number."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda one: tuple(getattr(one, name) for name in names)


def json_schema(events: dict[str, type[Event]]) -> dict[str, Any]:
    """Returns the JSON Schema (2020-12) of one line of an import file. A line holds one event, of any class in
    `events`.
    """
    _, components = msgspec.json.schema_components(
        list(events.values()), schema_hook=_custom_schema, ref_template="#/$defs/{name}"
    )
    for name, event in events.items():
        schema = components[event.__name__]
        schema["properties"] = {"event": {"const": name}, **schema["properties"]}
        schema["required"] = ["event", *schema["required"]]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "One line of a liggare import file",
        "oneOf": [{"$ref": f"#/$defs/{event.__name__}"} for event in events.values()],
        "$defs": components,
    }


def _custom_schema(cls: type) -> dict[str, Any]:
    if cls is Day:
        exact = r"\d{4}-\d{2}-\d{2}"
        return {"type": "string", "pattern": rf"^(\d{{4}}|\d{{4}}-\d{{2}}|{exact}|{exact}/{exact})$"}
    assert issubclass(cls, Name), cls
    return {"type": "string", "minLength": 1, "maxLength": 500 if cls is Account else 200}
