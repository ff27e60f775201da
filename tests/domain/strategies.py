"""Defines Hypothesis strategies for events, derived from the event classes: every value that a field may have, and no
other.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import strategies as st
from msgspec import NODEFAULT
from msgspec import inspect as ms

from ledger.events import EVENTS
from ledger.proof.note import Verifier, format_vkey
from ledger.values import EARLIEST, LATEST, Day, day

if TYPE_CHECKING:
    from ledger.events import Event

Json = Any
DATES = st.dates(EARLIEST, LATEST).map(date.isoformat)
SPANS = st.tuples(DATES, DATES).map(lambda ends: "/".join(sorted(ends)))
DAYS = DATES | DATES.map(lambda text: text[:7]) | DATES.map(lambda text: text[:4]) | SPANS
NAMES = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=20).filter(str.strip)
TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n\t"), min_size=1, max_size=20)
PATTERNS = {  # the start of a regular expression in ledger.values → a strategy for texts that match the expression
    "^[^\\x00": TEXTS,
    "^[a-z0-9-]{1,64}$": st.text("abc019-", min_size=1, max_size=64),
    "^[a-z0-9-]{1,64}/": st.tuples(st.text("abc019-", min_size=1, max_size=64), st.integers(0, 999_999_999)).map(
        "{0[0]}/{0[1]}".format
    ),
    "^([01]": st.times().map(lambda time: time.strftime("%H:%M")),
    "^-?[0-9]{1,3}": st.decimals(-999, 999, places=2).map(lambda number: f"{number:.2f}"),
    "^[0-9]{1,9}/": st.tuples(st.integers(0, 10**9 - 1), st.integers(1, 10**9 - 1)).map("{0[0]}/{0[1]}".format),
    "^[0-9]{2}-": DATES.map(lambda text: text[5:]),
    "^[0-9]{4}H": st.tuples(st.integers(1000, 9999), st.sampled_from("12")).map("{0[0]}H{0[1]}".format),
    "^[^+\\x00": st.binary(min_size=32, max_size=32).map(lambda key: format_vkey(Verifier("liggare/test", key))),
    "^[0-9a-f]{64}": st.text("0123456789abcdef", min_size=64, max_size=64),
}


def plain_events(name: str) -> st.SearchStrategy[dict[str, Json]]:
    """Draws events of one name as an import file holds them. The fields of one event need not agree with each other."""
    return _fields(EVENTS[name]).map(lambda fields: {"event": name, **fields})


def events(name: str) -> st.SearchStrategy[Event]:
    """Draws events of one name as the log holds them, with the digest of a person's name instead of the name."""
    return plain_events(name).map(lambda raw: _stored(name, raw))


def _stored(name: str, raw: dict[str, Json]) -> Event:
    fields = {key: value for key, value in raw.items() if key != "event"}
    return msgspec.convert(
        fields, EVENTS[name], dec_hook=lambda kind, text: day(text) if kind is Day else kind(None, text)
    )


@cache
def _fields(event: type[Event]) -> st.SearchStrategy[Json]:
    return _plain(ms.type_info(event))


def _plain(info: ms.Type) -> st.SearchStrategy[Json]:  # noqa: C901 (a case for each kind of type)
    match info:
        case ms.Metadata(type=inner):
            return _plain(inner)
        case ms.UnionType(types=types):
            return st.one_of(*(_plain(kind) for kind in types))
        case ms.NoneType():
            return st.none()
        case ms.CustomType(cls=cls):
            return DAYS if cls is Day else NAMES
        case ms.LiteralType(values=values):
            return st.sampled_from(values)
        case ms.StrType(pattern=pattern):
            return next(fitting for start, fitting in PATTERNS.items() if (pattern or "^[^\\x00").startswith(start))
        case ms.IntType(ge=least, gt=above, le=most):
            return st.integers(above + 1 if above is not None else least, most)
        case ms.BoolType():
            return st.booleans()
        case ms.DateType():
            return DATES
        case ms.VarTupleType(item_type=item, min_length=least):
            return st.lists(_plain(item), min_size=least or 0, max_size=3, unique_by=repr)
        case ms.DictType(key_type=key, value_type=value):
            return st.dictionaries(_plain(key), _plain(value), max_size=3)
        case ms.StructType(fields=fields):
            return st.fixed_dictionaries(
                {field.encode_name: _plain(field.type) for field in fields if field.required},
                optional={field.encode_name: _plain(field.type) for field in fields if field.default is not NODEFAULT},
            )
    raise AssertionError(info)
