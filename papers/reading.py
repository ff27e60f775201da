"""Reads the attachments and the pages of a PDF that anybody may have made, within limits of number and size.

Only the older form of a PDF is read, which typst writes: a table of its objects, none of them packed. So nothing is
unpacked but the attachments, each up to a limit.
"""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

import pikepdf

from ledger.messages import filled, marked, msg

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_FILES, MOST_BYTES, MOST_IN_ALL = 5000, 2**24, 2**26
MOST_PAGES, MOST_PAIRS = 5000, 200_000
# What qpdf's own readers raise for a PDF that is none, or whose objects are of other kinds than they should be.
BROKEN = (pikepdf.PdfError, ArithmeticError, AttributeError, LookupError, NotImplementedError, RuntimeError, TypeError,
          ValueError, zlib.error)  # fmt: skip
_END = re.compile(rb"startxref\s+([0-9]{1,10})\s+%%EOF\s*\Z")
_ELSEWHERE = re.compile(rb"/Prev|/XRefStm|/Encrypt|#")  # in what follows the objects: there is more than is said here
_TABLE = re.compile(rb"xref\s+0 [0-9]{1,7}\s+(?:[0-9]{10} [0-9]{5} [nf](?: \r| \n|\r\n))++\s*trailer")
_PLACE = re.compile(rb"([0-9]{10}) [0-9]{5} n")
_TEXT = rb"\((?:[^()\\]|\\.)*+\)"
# The dictionary of a stream, up to the stream's first byte: nothing in a text or a comment is taken for its end.
_HEAD = re.compile(
    rb"[0-9]+ [0-9]+ obj(?:[^()<>%]++|<<|>>(?!\s*stream)|<[0-9A-Fa-f]*>|" + _TEXT + rb")*+>>\s*stream\r?\n", re.DOTALL
)
_BRACKETS, _TEXTS = re.compile(rb"<<|>>|\[|\]"), re.compile(_TEXT, re.DOTALL)
_CLOSES = {b">>": b"<<", b"]": b"["}
_AROUND, LONGEST_HEAD, LONGEST_TABLE, MOST_MARKS = b" \n\r\t\f\0/[]<>()", 2**13, 2**20, 1_300_000
_ID = re.compile(rb"/ID\s*\[\([0-9A-Za-z+/=]*\)\([0-9A-Za-z+/=]*\)\]")


class Unreadable(ValueError):
    """A PDF whose attachments cannot be read; the text says why."""


class NoExtract(ValueError):
    """A PDF that carries no answer, so that it is no extract."""


class File(NamedTuple):
    """An attachment, with what the PDF says of it."""

    name: str
    data: bytes
    about: str
    relationship: str


def opened(data: bytes) -> pikepdf.Pdf:
    """Returns a PDF. Raises Unreadable for one that is damaged, encrypted, or written by another program."""
    end = _END.search(data[-64:])
    table = data[int(end[1]) :] if end else b""
    elsewhere = _ELSEWHERE.search(_ID.sub(b"", table))
    if data.count(b"%%EOF") > 1 and elsewhere:
        raise Unreadable(msg("something was added to it after it was made, such as a signature or a note"))
    if not table.startswith(b"xref") or elsewhere:
        raise Unreadable(msg("it is damaged, or another program has saved it, or encrypted it"))
    if (marks := _marks(data, len(data) - len(table))) is None or marks > MOST_MARKS:
        raise Unreadable(msg("it is damaged, or another program has saved it, or encrypted it"))
    try:
        return pikepdf.open(
            BytesIO(data), attempt_recovery=False, suppress_warnings=True, inherit_page_attributes=False
        )  # pages that inherit are all read, and copied where they come again
    except BROKEN:
        raise Unreadable(msg("it is damaged")) from None


def is_readable(data: bytes) -> bool:
    """Returns whether a PDF is one that `opened` opens."""
    try:
        opened(data).close()
    except Unreadable:
        return False
    return True


def _marks(data: bytes, end: int) -> int | None:
    """Returns how many signs between or around values stand outside the streams of a PDF whose table begins at `end`:
    at least as many as it has values. Returns None for a table of another form.

    A value takes some 150 bytes of memory once qpdf has read it. No object begins within what is taken for a stream.
    """
    table = _TABLE.match(data, end, end + LONGEST_TABLE)
    if table is None:
        return None
    starts = sorted({int(one) for one in _PLACE.findall(table[0])})
    found = 0
    for start, after in zip(starts, [*starts[1:], end], strict=False):
        head = _HEAD.match(data, start, min(after, start + LONGEST_HEAD))
        plain = head[0] if head and _is_closed(head[0]) else data[start:after]
        found += len(plain) - len(plain.translate(None, _AROUND))
    return found


def _is_closed(head: bytes) -> bool:
    """Returns whether every dictionary and array is closed by the end, so that qpdf ends there, too."""
    inside = list[bytes]()
    for one in _BRACKETS.findall(_TEXTS.sub(b"", head)):
        if one not in _CLOSES:
            inside.append(one)
        elif not inside or inside.pop() != _CLOSES[one]:
            return False
    return not inside


def attachments(pdf: pikepdf.Pdf) -> list[File]:
    """Returns the attachments of a PDF in the order of its names; a name may come twice.

    Raises Unreadable for attachments that are too many, too large, or cannot be read.
    """
    found: list[File] = []
    room = MOST_IN_ALL
    try:
        for name, entry in _named(pdf):
            room -= len(name) + len(entry.EF.F.read_raw_bytes())  # one large object may be named thousands of times
            found.append(_file(name, entry, min(MOST_BYTES, room)))
            room -= len(found[-1].data) + len(found[-1].about)
    except Unreadable:
        raise
    except BROKEN:
        raise Unreadable(msg("its attachments are damaged")) from None
    return found


def _file(name: str, entry: Any, most: int) -> File:
    """Returns an attachment from its file specification. Raises Unreadable if another reader may save another file."""
    files = {key: one.objgen for key, one in entry.EF.items()}
    if not {*files} <= {"/F", "/UF"} or len({*files.values()}) > 1:
        raise Unreadable(msg("its attachments are damaged"))
    if {str(entry[key]) for key in ("/F", "/UF") if key in entry} - {name}:
        raise Unreadable(msg("its attachments are damaged"))
    return File(name, _unpacked(entry.EF.F, most), str(entry.get("/Desc", "")), str(entry.get("/AFRelationship", "")))


def _named(pdf: pikepdf.Pdf) -> Iterator[tuple[str, Any]]:
    """Yields the name and the file specification of each attachment (ISO 32000-1 sections 7.9.6 and 7.11.4)."""
    if "/Names" not in pdf.Root or "/EmbeddedFiles" not in pdf.Root.Names:
        return
    waiting, room = [pdf.Root.Names.EmbeddedFiles], MOST_FILES
    while waiting:
        node = waiting.pop()
        kids, names = node.get("/Kids", pikepdf.Array()), node.get("/Names", pikepdf.Array())
        room -= 1 + len(kids) + len(names) // 2  # nodes count too: a hostile tree may come back to itself
        if room < 0:
            raise Unreadable(msg("it has more than {most} attachments", most=MOST_FILES))
        waiting += reversed([*kids])
        for at in range(0, len(names) - 1, 2):
            yield str(names[at]), names[at + 1]


def _unpacked(stream: Any, most: int) -> bytes:
    """Returns the content of a stream. Raises Unreadable for more than `most` bytes, and for another packing."""
    if most < 0:
        raise Unreadable(msg("its attachments are too large"))
    data, packing = bytes(stream.read_raw_bytes()), stream.get("/Filter")
    if packing == pikepdf.Name.FlateDecode and "/DecodeParms" not in stream:
        unpacking = zlib.decompressobj()
        data = unpacking.decompress(data, most + 1)
        if unpacking.unused_data or (not unpacking.eof and data and len(data) <= most):
            raise Unreadable(msg("its attachments are damaged"))
    elif packing is not None:
        raise Unreadable(msg("its attachments are damaged"))
    if len(data) > most:
        raise Unreadable(msg("its attachments are too large"))
    return data


def differences(data: bytes, made: bytes) -> Iterator[str]:
    """Yields sentences that say where a PDF differs from `made`, the one that it should be: at least one, if it does.

    Raises Unreadable for a PDF whose pages cannot be read.
    """
    if data == made:
        return
    with opened(data) as theirs, opened(made) as ours:
        try:
            told = [*_told(theirs, ours)]
        except BROKEN:
            raise Unreadable(msg("its pages are damaged")) from None
    yield from told
    if not told:
        same = next((at for at, pair in enumerate(zip(data, made, strict=False)) if pair[0] != pair[1]), None)
        byte = 1 + (min(len(data), len(made)) if same is None else same)
        yield msg("another program has saved it, or changed it, from byte {byte} on", byte=byte)


def _told(theirs: pikepdf.Pdf, ours: pikepdf.Pdf) -> Iterator[str]:
    if [one._replace(data=b"") for one in attachments(theirs)] != [one._replace(data=b"") for one in attachments(ours)]:
        yield msg("what it says of its attachments is not what this version says of them")
    _refuse_many(theirs.Root.Pages)
    shown, right = len(theirs.pages), len(ours.pages)
    if shown != right:
        yield msg("it has {shown:page|pages}, and its attachments make {right}", shown=shown, right=right)
    for number in range(min(shown, right, MOST_PAGES)):
        if not _is_same(theirs.pages[number].obj, ours.pages[number].obj):
            yield msg("page {number} is not the one that its attachments make", number=number + 1)
    for part, what in _PARTS.items():
        if not _is_same(theirs.Root.get(part), ours.Root.get(part)):
            yield filled(what, {})
    if not _is_same(theirs.trailer.get("/Info"), ours.trailer.get("/Info")):
        yield filled(_PARTS["/Metadata"], {})


def _refuse_many(tree: Any) -> None:
    """Raises Unreadable for a tree of pages with too many: qpdf copies a page that comes again before it counts."""
    waiting, room = [tree], MOST_PAGES
    while waiting:
        kids = waiting.pop().get("/Kids", pikepdf.Array())
        room -= len(kids)
        if room < 0:
            raise Unreadable(msg("its pages are damaged"))
        waiting += [*kids]


_PARTS = {
    "/Metadata": marked("its metadata, such as its title and date, are not those that this version writes"),
    "/StructTreeRoot": marked("what it tells a screen reader is not what its attachments make"),
}
_UPWARDS = {"/Parent", "/P", "/Pg"}  # the keys by which an object names what holds it
_PACKING = {"/Length", "/Filter", "/DecodeParms"}


def _is_same(one: Any, other: Any) -> bool:
    """Returns whether two objects of two PDFs are the same, with all that they refer to, however they are numbered."""
    waiting, seen, room = [(one, other)], set[tuple[Any, Any]](), MOST_PAIRS
    while waiting:
        left, right = waiting.pop()
        pair = (getattr(left, "objgen", None), getattr(right, "objgen", None))
        if pair in seen:
            continue
        if all(number not in {None, (0, 0)} for number in pair):
            seen.add(pair)
        inside, room = _inside(left, right), room - 1
        if inside is None or not room:
            return False
        waiting += inside
    return True


def _inside(left: Any, right: Any) -> list[tuple[Any, Any]] | None:
    """Returns what two objects hold, in pairs, or None if they are not the same themselves."""
    kind = next((one for one in (pikepdf.Array, pikepdf.Stream, pikepdf.Dictionary) if isinstance(left, one)), None)
    if kind is None:
        return [] if type(left) is type(right) and left == right else None
    if not isinstance(right, kind):
        return None
    if kind is pikepdf.Array:
        return [*zip(left, right, strict=True)] if len(left) == len(right) else None
    without = _UPWARDS | (_PACKING if kind is pikepdf.Stream else set())
    keys = left.keys() - without
    if keys != right.keys() - without:
        return None
    if kind is pikepdf.Stream and _unpacked(left, MOST_BYTES) != _unpacked(right, MOST_BYTES):
        return None
    return [(left[key], right[key]) for key in keys]
