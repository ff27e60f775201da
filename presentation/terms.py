"""The closed sets of words that answers show: events, seats, posts, outcomes and the like.

`term` of `ledger.messages` gives a word of a set in the current language; in English, that is the word itself. A
message shows a word of a set by the set's name as a format, such as `{seat:seat}`.
"""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, get_args

from msgspec import inspect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.events.shape import Shape

# The sets of fields with a choice, such as `seat`, bear the field's name. `sets` gives the words of each set.
SETS = frozenset({
    "agreement-status", "answer", "bloc", "cause", "column", "duty", "error", "event", "field", "fraction", "how",
    "instalment-status", "kind", "meeting-status", "metavar", "of-party", "office", "organ", "outcome", "post",
    "provision", "purpose", "report-status", "roles", "rule", "seat", "section", "series", "silence", "topic", "type",
})  # fmt: skip
FRACTIONS = ("1/2", "1/3", "1/4", "1/5", "2/3", "3/4")  # the shares of the members who may request a meeting
STATUS = {  # the sets of statuses that no type lists
    "agreement-status": ("none", "proposed", "in-force", "ended"),
    "meeting-status": ("called", "held", "cancelled"),
    "report-status": ("received", "late", "missing", "not-due", "not-owed"),
}
# The headings of the attendance for payroll.
PAYROLL = ("half_year", "party", "person", "name", "day", "meeting", "group", "remote", "entry", "known_at")
METAVARS = (  # the words that stand for a value in the help of commands
    "@A", "@B", "A..B", "A..B|DAY", "A..B|WHEN", "ADDRESS:PORT", "AMOUNT", "CHOICE", "COMMAND [ARGS]...", "COMMITMENT",
    "DATE", "DAY", "DAYS", "DIR", "DIR|FILE", "EMAIL", "ENTRY", "EVENT [OPTIONS]", "EVENT", "EVENT|LIST", "FILE",
    "FILE|-|DIR", "FROM", "GROUP", "HALF_YEAR", "ID", "INTEGER", "IPS", "JSON|@FILE", "KEY", "KIND:ID",
    "MEETING", "N", "NAME", "NAME=AMOUNT", "NAME=VALUE", "NUMBER", "OLD-CHECKPOINT", "ORGAN", "PARTY", "PERSON",
    "PROJECT", "PROVISION", "QUESTION", "QUESTION=READING", "URL",
    "RECOMMENDATION", "REGISTRAR", "REQUEST", "ROLE", "SLUG", "TAG", "TEXT", "TO", "URL|FILE", "VERSION", "VKEY",
    "WHEN", "YEAR", "[DIR]", "[ID]", "[NAME]", "[OPTIONS]", "[PERSON]", "[YEAR]", "{1|2}",
)  # fmt: skip
CHOSEN = ("INSTALMENT", "SHELL")  # the words that stand in errors for an argument that is one of a few choices
# The errors that a file system, a pipe or a terminal may give, whose reasons people read.
ERRORS = (
    errno.EACCES, errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EBADF, errno.EBUSY, errno.EDQUOT, errno.EEXIST,
    errno.EFBIG, errno.EINVAL, errno.EIO,
    errno.EISDIR, errno.ELOOP, errno.EMFILE, errno.ENAMETOOLONG, errno.ENFILE, errno.ENODEV, errno.ENOENT,
    errno.ENOMEM, errno.ENOSPC, errno.ENOTDIR, errno.ENOTEMPTY, errno.ENXIO, errno.EPERM, errno.EPIPE, errno.EROFS,
    errno.ETXTBSY, errno.EXDEV,
)  # fmt: skip


def sets() -> Mapping[str, frozenset[str]]:
    """Returns every set by name, with its words, taken from the types and tables that define them."""
    from ledger.events import EVENTS
    from ledger.events.meetings import Topic
    from ledger.profile import load_profile
    from ledger.rules.provisions import OURS, PROVISIONS
    from ledger.rules.silences import SILENCES
    from ledger.rules.tables import DERIVED, LASTING, ROWS, STANDING
    from ledger.state.costs.dues import Status
    from ledger.terms import PartyTerms
    from ledger.values import Organ, Source

    found: dict[str, set[str]] = {name: {*STATUS.get(name, ())} for name in SETS}
    for name, event in EVENTS.items():
        found["event"].add(name)
        for field, words in _fields(inspect.type_info(event)):
            found["field"].add(field)
            if words:
                found[field] |= words
    found["field"] |= {field for field, _ in _fields(inspect.type_info(Source))}
    found["of-party"] |= {word for _, words in _fields(inspect.type_info(PartyTerms)) for word in words}
    found["organ"] |= {*get_args(Organ)}
    found["topic"] |= {*get_args(Topic)}
    found["post"].add("chair")  # whoever holds the seat of the board's chair; nobody is appointed to the post
    found["column"] |= {*PAYROLL}
    found["fraction"] |= {*FRACTIONS}
    found["instalment-status"] |= {*get_args(Status)}
    found["provision"] |= {*OURS, *PROVISIONS, *SILENCES}
    found["section"] |= {
        section for section in load_profile("vastmanland").terms.sections.values() if "head" in section
    }
    found["silence"] |= {what for what, _ in SILENCES.values()}
    found["how"] |= {*ROWS, "standing", "derived"}
    rules = [*(row[1] for rows in ROWS.values() for row in rows), *(row[1] for row in (*STANDING, *LASTING, *DERIVED))]
    found["rule"] |= {rule_text(rule.__name__) for rule in rules}
    found["type"] |= _types()
    found["metavar"] |= {*METAVARS, *CHOSEN}
    found["error"] |= {os.strerror(one) for one in ERRORS}
    return {name: frozenset(words) for name, words in found.items()}


def rule_text(name: str) -> str:
    """Returns the name of a rule as words, as the set `rule` holds it."""
    return name.replace("_", " ")


def _fields(of: inspect.Type) -> Iterator[tuple[str, set[str]]]:
    """Yields (name, words of its choice, if any) for each field of a struct and of the structs inside its fields."""
    for part in _parts(of):
        if isinstance(part, inspect.StructType):
            for field in part.fields:
                yield field.encode_name, _choice(field.type)
                yield from _fields(field.type)


def _parts(of: inspect.Type) -> Iterator[inspect.Type]:
    """Yields the types of a field, or of the items in a field, without what is around them."""
    match of:
        case inspect.Metadata(type=inner):
            yield from _parts(inner)
        case inspect.UnionType(types=types):
            for one in types:
                yield from _parts(one)
        case inspect.VarTupleType(item_type=inner) | inspect.DictType(value_type=inner):
            yield from _parts(inner)
        case _:
            yield of


def _choice(of: inspect.Type) -> set[str]:
    """Returns the words of a field with a choice of words, also of a list of such words; otherwise, an empty set."""
    literals = [part for part in _parts(of) if isinstance(part, inspect.LiteralType)]
    return {one for part in literals for one in part.values if isinstance(one, str)}


def _types() -> set[str]:
    """Returns the words by which `liggare events` names the types of fields: kinds of ids and of values."""
    from ledger.events import EVENTS
    from ledger.events.shape import fields_of

    shapes = [field.shape for event in EVENTS.values() for field in fields_of(event)]
    return {"amount", *(one.tag or one.kind for shape in shapes for one in _leaves(shape) if not one.choices)}


def _leaves(shape: Shape) -> Iterator[Shape]:
    inner = [one for one in (shape.key, shape.item) if one]
    if not inner:
        yield shape
    for one in inner:
        yield from _leaves(one)
