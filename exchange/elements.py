"""Reads XML of another program, element by element, so that no file harms: a DOCTYPE, and with it every entity, is
refused before it is read, and what is kept of the file at any time is bounded.

Source: Extensible Markup Language (XML) 1.0, fifth edition, and Namespaces in XML 1.0, third edition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from xml.etree import ElementTree as ET
from xml.parsers import expat

from ledger.errors import BadInput
from ledger.messages import msg

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from xml.etree.ElementTree import Element

    Path = tuple[str, ...]

CHUNK = 64 * 1024  # bytes that are read at a time
DEEPEST = 40  # elements within each other
BLOCK = 32 * 1024  # bytes, in each of which an element begins or ends
MOST_KEPT = 10_000  # elements that are kept at a time


class _Begun(Exception):
    """The first element has begun."""


def root_of(data: bytes) -> tuple[str, str]:
    """Returns the namespace and the name of the first element of XML. Raises BadInput for a DOCTYPE, for a file that
    does not begin as XML does, and for one with a tag or a text so long that it would take much memory.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:4]:
        raise BadInput([(None, msg("it is in UTF-16 or UTF-32, and the files of banks are in UTF-8"))])
    if any(b"<" not in data[start : start + BLOCK] for start in range(0, len(data) - BLOCK + 1, BLOCK)):
        raise BadInput([(None, msg("it holds a tag or a text of more than {most} bytes", most=BLOCK))])
    found = ""

    def begins(name: str, _: object) -> None:
        nonlocal found
        found = name
        raise _Begun

    def refuses(*_: object) -> None:
        what = msg("it has a DOCTYPE, which no file of a bank has: it is not read")
        raise BadInput([(guard.CurrentLineNumber, what)])

    guard = expat.ParserCreate(namespace_separator=" ")
    guard.StartElementHandler, guard.StartDoctypeDeclHandler = begins, refuses
    try:
        for start in range(0, len(data), CHUNK):
            guard.Parse(data[start : start + CHUNK], False)
        guard.Parse(b"", True)
    except _Begun:
        pass
    except expat.ExpatError as error:
        raise _unreadable(error.lineno, error.offset) from None
    except (LookupError, ValueError) as error:
        if isinstance(error, BadInput):
            raise
        raise _unreadable(1, 0) from None
    namespace, _, name = found.rpartition(" ")
    return namespace, name


def finished(data: bytes, namespace: str, paths: Collection[Path]) -> Iterator[tuple[Path, Element]]:
    """Yields (path, element) for each element with one of `paths`, at its end, and then forgets the element.

    A path is the names from the first element on. The names of the namespace stand without it, and those of another as
    {namespace}name. Raises BadInput for XML that is not well-formed or is cut off, for elements within each other more
    deeply than `DEEPEST`, and where more than `MOST_KEPT` would have to be kept.
    """
    own, names = f"{{{namespace}}}", {path[-1] for path in paths}
    open_: list[tuple[Element, int]] = []  # those that have begun, and what was kept before each
    path: list[str] = []
    kept = 0
    try:
        for event, element in _events(data):
            if event == "start":
                element.tag = element.tag.removeprefix(own)
                open_.append((element, kept))
                path.append(element.tag)
                kept += 1
                if len(path) > DEEPEST or kept > MOST_KEPT:
                    raise _too_much(path)
            else:
                _, before = open_.pop()
                if element.tag in names and (here := tuple(path)) in paths:
                    yield here, element
                    kept = before
                    element.clear()
                    if open_:
                        open_[-1][0].remove(element)
                path.pop()
    except ET.ParseError as error:
        raise _unreadable(*error.position) from None
    except (LookupError, UnicodeError):
        raise _unreadable(1, 0) from None


def _events(data: bytes) -> Iterator[tuple[str, Element]]:
    parser: ET.XMLPullParser[Element] = ET.XMLPullParser(("start", "end"))
    for start in range(0, len(data), CHUNK):
        parser.feed(data[start : start + CHUNK])
        yield from cast("Iterator[tuple[str, Element]]", parser.read_events())
    parser.close()
    yield from cast("Iterator[tuple[str, Element]]", parser.read_events())


def _too_much(path: list[str]) -> BadInput:
    if len(path) > DEEPEST:
        return BadInput([(None, msg("more than {most} elements stand within each other", most=DEEPEST))])
    what = msg("{place} holds more than {most:grouped} elements", place="/".join(path[:-1])[:80], most=MOST_KEPT)
    return BadInput([(None, what)])


def _unreadable(line: int, column: int) -> BadInput:
    return BadInput([(line, msg("it is no whole XML: it cannot be read on from column {column}", column=column + 1))])
