"""An extract with proof (utdrag med bevis): an answer, the entries behind it, and what shows that they are in the log.

The pages are made of `paper.json` and the other attachments alone, so that whoever checks an extract makes them again.
"""

from __future__ import annotations

import re
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from io import BytesIO
from itertools import chain
from typing import TYPE_CHECKING, Any

import msgspec
import orjson
from msgspec import Struct

from ledger.canonical import is_shallow
from ledger.encoding import decode
from ledger.errors import BadInput
from ledger.events.record import EntryAnnulled
from ledger.events.seats import PersonRegistered
from ledger.integrity.keys import key_for, opened, signing_keys
from ledger.integrity.receipts import receipt_under
from ledger.messages import filled, marked, msg, showing
from ledger.names import disclosed
from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.note import base64_of, format_vkey, parse_note
from ledger.proof.receipt import format_receipt, parse_receipt
from ledger.proof.tiles import tiled
from ledger.proof.tree import prove_consistency
from papers.blocks import AnyBlock
from papers.paper import Foot, Letterhead, Paper, Preformatted, foot_of, letterhead
from papers.pdf import Attached, data_of, set_in_type
from papers.reading import MOST_BYTES, MOST_IN_ALL, is_readable
from presentation.blocks import columns, entries, in_role, open_, text, title, whole
from presentation.language import current, speaking
from presentation.phrases import PERSON, called, naming, parties
from presentation.render.json import json_pieces
from presentation.words import ON_PAPER, entry_line, source_line
from projections.history import told_alone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from papers.paper import Ordered, Piece
    from presentation.blocks import Words
    from projections.history import ToldEntry

ANSWER, PAPER, CHECKPOINT, VKEY = "answer.json", "paper.json", "checkpoint.txt", "vkey.txt"
NAMES, VERIFIER, READ_ME = "names.jsonl", "verify_ledger.py", "README.txt"
BESIDE = (READ_ME, ANSWER, PAPER, CHECKPOINT, VKEY, NAMES, VERIFIER)  # every attachment but the receipts
MOST_ENTRIES = 2000
TOO_LONG = marked("the answer and its entries are too long for an extract: ask about less")
# Bytes of attachments, and arrays and objects in the answer and in `paper.json`: no reader needs much memory for them.
# verify_ledger.py has the same limits.
MOST_RECEIPT, MOST_VALUES, MOST_SET = 2**22, 2**17, 2**15
MOST_OF = {PAPER: 2**20, ANSWER: 2**22, CHECKPOINT: 2**16, VKEY: 2**12}
# The keys under which an answer's JSON names entries, by position or in a list of positions.
POSITIONS = frozenset({"entries", "entry", "uncertain", "position", "annulled_by", "appealed_by"})

Shown = frozenset[tuple[str, str]]  # persons, each with the name under which it is shown


class Told(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The content of `paper.json`: what the pages say beside what the other attachments hold.

    `body` is the answer as the template reads it, below the sentences that stand beside it. `entries` are the positions
    of the entries behind the answer. `consistency` is the proof that the checkpoint goes on from the first `foot.size`
    entries (RFC 6962 section 2.1.2), and `files` maps every other attachment to its SHA-256 in hex.
    """

    typst: str
    language: str
    question: str
    foot: Foot
    sender: dict[str, str | None]
    body: list[AnyBlock]
    entries: tuple[int, ...]
    consistency: tuple[str, ...]
    files: dict[str, str]

    def letterhead(self) -> Letterhead:
        """Returns the letterhead of the pages. Raises TypeError if it lacks a part."""
        return Letterhead(**self.sender)  # type: ignore[arg-type]


def typst_version() -> str:
    """Returns the version of the program that sets the pages: another may set them otherwise."""
    return version("typst")


def extract(ordered: Ordered) -> bytes:
    """Returns the extract of a question, as PDF. Raises BadInput where its answer rests on too many entries."""
    assert ordered.proved is not None, "an extract is ordered with the answer that it is of"
    asked, store, proved = ordered.asked, ordered.ledger.store, ordered.proved
    foot, head = foot_of(ordered), letterhead(ordered, None)
    body, shown = _body(ordered, foot, head)
    answer = b"".join(chain.from_iterable(map(json_pieces, proved.again().documents(asked.assumed))))
    _refuse_long({ANSWER: answer})
    shown |= names_in(answer)
    behind = _behind(ordered, answer, shown)
    keys = signing_keys(store)
    checkpoint = opened(proved.note, keys)
    key = key_for(keys, checkpoint.size)
    assert key is not None, "a note that was opened is signed by the key for its size"
    receipts = {receipt_name(one): receipt_under(store, one, proved.note, keys) for one in behind}
    held = {
        READ_ME: read_me(),
        ANSWER: answer,
        CHECKPOINT: proved.note.encode(),
        VKEY: f"{format_vkey(key)}\n".encode(),
        NAMES: _disclosures(ordered, behind),
        VERIFIER: verifier(),
        **{name: format_receipt(receipt).encode() for name, receipt in receipts.items()},
    }
    told = Told(
        typst=typst_version(),
        language=current(),
        question=ordered.which,
        foot=foot,
        sender=head._asdict(),
        body=body,
        entries=tuple(behind),
        consistency=tuple(map(base64_of, prove_consistency(foot.size, checkpoint.size, tiled(store.tile)))),
        files={name: sha256(data).hexdigest() for name, data in held.items()},
    )
    return _set(told, {**held, PAPER: written(told)})


def _set(told: Told, held: Mapping[str, bytes]) -> bytes:
    """Returns the PDF of an extract. Raises BadInput for one that whoever checks it would not read."""
    _refuse_long(held)
    made = set_again(told, held)
    if not is_readable(made):
        raise BadInput([(None, filled(TOO_LONG, {}))])
    return made


def _refuse_long(held: Mapping[str, bytes]) -> None:
    """Raises BadInput for attachments that whoever checks the extract would not read."""
    if (
        sum(map(len, held.values())) > MOST_IN_ALL
        or any(len(data) > most_of(name) for name, data in held.items())
        or not all(
            is_shallow(held[name], most) for name, most in ((ANSWER, MOST_VALUES), (PAPER, MOST_SET)) if name in held
        )
    ):
        raise BadInput([(None, filled(TOO_LONG, {}))])


def most_of(name: str) -> int:
    """Returns the most bytes that an attachment may have."""
    return MOST_OF.get(name, MOST_RECEIPT if position_of(name) else MOST_BYTES)


def written(told: Told) -> bytes:
    """Returns the bytes of `paper.json`."""
    return orjson.dumps(msgspec.to_builtins(told), option=orjson.OPT_APPEND_NEWLINE)


def receipt_name(position: int) -> str:
    """Returns the name of the attachment with the receipt of an entry."""
    return f"entry-{position}.tlog-proof"


def read_me() -> bytes:
    """Returns the attachment that says how an extract is checked without us."""
    return (files("papers") / "templates" / "extract.txt").read_bytes()


def verifier() -> bytes:
    """Returns the attachment that checks an extract with nothing but Python."""
    return (files("ledger.integrity.export") / VERIFIER).read_bytes()


def _body(ordered: Ordered, foot: Foot, head: Letterhead) -> tuple[list[AnyBlock], Shown]:
    """Returns the answer as the template reads it, and the persons that it shows by name."""
    assert ordered.proved is not None, "an extract is ordered with the answer that it is of"
    asked, shown, before = ordered.asked, set(), PERSON.get()

    def heard(person: str, name: str | None) -> str:
        if name:
            shown.add((person, name))
        return before(person, name)

    hearing, lines = PERSON.set(heard), ON_PAPER.set(True)
    try:
        with naming(asked.timeline, asked.on, asked.names):
            parts = chain.from_iterable(ordered.proved.answer.pieces(asked.assumed))
            paper = Paper(kind="extract", title="", body=(*map(open_, ordered.proved.warnings), *parts))
            return msgspec.convert(data_of(paper, foot, head)["body"], list[AnyBlock]), frozenset(shown)
    finally:
        PERSON.reset(hearing)
        ON_PAPER.reset(lines)


def positions_in(answer: bytes) -> set[int]:
    """Returns the positions of the entries that an answer names, from its JSON: one document, or one a line."""
    return {
        one
        for key, value in _values(answer)
        if key in POSITIONS
        for one in (value if isinstance(value, list) else [value])
        if isinstance(one, int) and not isinstance(one, bool)
    }


def names_in(answer: bytes) -> Shown:
    """Returns the persons that an answer shows by name, from its JSON."""
    objects = (value for _, value in _values(answer) if isinstance(value, dict))
    pairs = ((one.get("person", one.get("who")), one.get("name")) for one in objects)
    return frozenset((person, name) for person, name in pairs if isinstance(person, str) and isinstance(name, str))


def _values(answer: bytes) -> Iterator[tuple[str, Any]]:
    """Yields every value in the JSON of an answer with its key; an item of a list has the list's key.

    Raises ValueError for what is not JSON, or has too many arrays and objects, or has them too deep.
    """
    if not is_shallow(answer, MOST_VALUES):
        raise ValueError(answer[:0])
    for line in BytesIO(answer):
        waiting: list[tuple[str, Any]] = [("", orjson.loads(line))]
        while waiting:
            key, value = waiting.pop()
            yield key, value
            if isinstance(value, dict):
                waiting += value.items()
            elif isinstance(value, list):
                waiting += ((key, one) for one in value if isinstance(one, dict | list))


def _behind(ordered: Ordered, answer: bytes, shown: Shown) -> list[int]:
    """Returns the positions of the entries behind an answer: those that it names, the registrations of the names that
    it shows, and the annulments of any of them.
    """
    timeline, names = ordered.asked.timeline, ordered.asked.names()
    found = {one for one in positions_in(answer) if 1 <= one <= timeline.head}
    registered = ((one.position, one.event.person) for one in timeline.all_of(PersonRegistered)) if shown else ()
    found |= {position for position, person in registered if (person, names.get(position)) in shown}
    found |= {timeline.annulled_by[one] for one in found if one in timeline.annulled_by}
    if len(found) > MOST_ENTRIES:
        what = msg(
            "the answer rests on {count:entry|entries}, and an extract holds at most {most}: ask about less",
            count=len(found), most=MOST_ENTRIES,
        )  # fmt: skip
        raise BadInput([(None, what)])
    return sorted(found)


def _disclosures(ordered: Ordered, behind: Iterable[int]) -> bytes:
    """Returns the disclosures of the names registered by the entries behind an answer, as an export holds them."""
    kept = ordered.ledger.store.disclosures()
    lines = ({"disclosure": kept[one], "position": one} for one in behind if one in kept)
    return b"".join(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in lines)


def set_again(told: Told, held: Mapping[str, bytes]) -> bytes:
    """Returns the PDF of an extract from its attachments by name, `told` being what its `paper.json` says.

    Raises BadInput where the pages cannot be set, and an error of `decode` for an entry that cannot be read.
    """
    with speaking(told.language):
        told_entries = [*_entries(told, held)]
        registered = [one.fields for one in told_entries if one.event == PersonRegistered.event_name]
        names = {fields["person"]: fields["name"] for fields in registered if fields["name"]}
        with showing(called(names), parties(dict)):  # by id: nothing here proves the names of parties
            paper = Paper(
                kind="extract",
                title=msg("Extract with proof"),
                facts=tuple(_facts(told, held)),
                body=(*_behind_it(told_entries), *_proof(held)),
            )
            head = told.letterhead()
            data = data_of(paper, told.foot, head)
            apart = data_of(Paper(kind="extract", title="", body=(title(msg("The answer")),)), told.foot, head)["body"]
        answer = {"kind": "beside", "blocks": msgspec.to_builtins(told.body)}
        data["body"] = [*apart, answer, *data["body"]]
        return set_in_type(data, attached=[*_attached(held)])


def _entries(told: Told, held: Mapping[str, bytes]) -> Iterator[ToldEntry]:
    """Yields the entries in the receipts in order. What is annulled is so by one of these entries."""
    names = disclosed_names(held[NAMES])
    found = [decode(parse_receipt(held[receipt_name(position)].decode()).extra, position) for position in told.entries]
    annulled = {one.event.entry: one.position for one in found if isinstance(one.event, EntryAnnulled)}
    yield from (told_alone(one, names, annulled.get(one.position)) for one in found)


def disclosed_names(lines: bytes) -> dict[int, str]:
    """Returns the names in `names.jsonl` by the position of their registration. Raises an error for other lines."""
    return {one["position"]: disclosed(one["disclosure"]) for one in map(orjson.loads, lines.splitlines())}


def _facts(told: Told, held: Mapping[str, bytes]) -> Iterator[tuple[str, str | Words]]:
    foot, size = told.foot, _size(held)
    yield msg("Question"), told.question
    yield msg("Day"), msg("{day:long}", day=foot.on)
    yield msg("Known at"), msg("@{size}, recorded {at:utc} UTC", size=foot.size, at=told.foot.moment.isoformat())
    yield msg("Proved"), msg(
        "{count:entry|entries}, under the checkpoint of {size}", count=len(told.entries), size=size
    )  # fmt: skip


def _size(held: Mapping[str, bytes]) -> int:
    return parse_checkpoint(parse_note(held[CHECKPOINT].decode()).text).size


def _behind_it(found: Sequence[ToldEntry]) -> Iterator[Piece]:
    yield title(msg("The entries behind the answer"))
    if not found:
        yield msg("The answer names no entry.")
        return
    rows = [(str(one.position), _line(one), _recorded(one)) for one in found]
    yield columns(entries("Entry", right=False), text("Event"), text("Recorded"), rows=rows)


def _line(one: ToldEntry) -> Words:
    line = in_role(entry_line(one), "struck" if one.annulled_by else "")
    if one.annulled_by:
        line += in_role(" – " + msg("annulled by entry {entry}", entry=one.annulled_by), "wrong")
    return line


def _recorded(one: ToldEntry) -> str:
    return "; ".join(part for part in (source_line(one), "" if one.signed_by else msg("unsigned")) if part)


def _proof(held: Mapping[str, bytes]) -> Iterator[Piece]:
    """Yields what the extract proves and what not, how to check it, and what it carries."""
    yield title(msg("What this extract proves"))
    yield msg(
        "Each entry in the table above stands in the log of the ledger, at its place and with the bytes that its "
        "receipt holds: the receipts lead to one checkpoint, which the key below has signed. The names of persons in "
        "the table are those that the log holds digests of. What stands beside the line is no part of the table."
    )
    yield title(msg("What it does not prove"))
    yield msg(
        "What stands beside the line is the answer as whoever made this extract wrote it, and so are the question, the "
        "day and the letterhead."
    )
    yield msg(
        "That the answer follows from all entries is proved by replaying the whole export (liggare export, liggare "
        "audit), and not by this extract. Nor does it prove that what was recorded is true, that nothing was recorded "
        "after, or that others were shown the same log. That an act is signed is told as its entry holds it: the "
        "signature is checked in the export."
    )
    yield msg("One signer; no witness. The key below is the extract's own: compare it with one had from elsewhere.")
    yield title(msg("How to check it"))
    yield msg(
        "liggare audit FILE --vkey KEY checks all of this file, and makes its pages again. Without the program, save "
        "the attachments to a folder of their own and run there: python3 -I verify_ledger.py. README.txt says more."
    )
    yield Preformatted(msg("The checkpoint (checkpoint.txt)"), held[CHECKPOINT].decode().rstrip("\n"))
    yield Preformatted(msg("The key (vkey.txt)"), held[VKEY].decode().rstrip("\n"))
    yield title(msg("Attachments"))
    rows = [(name, about, sha256(held[name]).hexdigest()) for name, about in _abouts().items() if name != PAPER]
    yield columns(whole("File"), text("Holds"), text("Digest (SHA-256)"), rows=rows)
    yield msg("{name}: what these pages are made of. entry-N.tlog-proof: the receipt of entry N.", name=PAPER)


def _abouts() -> dict[str, str]:
    """Returns what each attachment is, but for the receipts."""
    return {
        READ_ME: msg("how this extract is checked"),
        ANSWER: msg("the answer as JSON"),
        PAPER: msg("what these pages are made of"),
        CHECKPOINT: msg("the checkpoint that the receipts lead to"),
        VKEY: msg("the key that signed it"),
        NAMES: msg("the names of the persons shown, with their salts"),
        VERIFIER: msg("checks the receipts with Python alone"),
    }


MIME = {
    ANSWER: ("application/json", "data"),
    PAPER: ("application/json", "source"),
    NAMES: ("application/x-ndjson", "supplement"),
    VERIFIER: ("text/x-python", "supplement"),
}


def _attached(held: Mapping[str, bytes]) -> Iterator[Attached]:
    """Yields the attachments in order: those beside the receipts, and the receipts by position."""
    abouts = _abouts()
    for name in (*BESIDE, *sorted((one for one in held if one not in BESIDE), key=position_of)):
        mime, relationship = MIME.get(name, ("text/plain", "supplement"))
        about = abouts.get(name) or msg("the receipt of entry {entry}", entry=position_of(name))
        yield Attached(name, held[name], about, mime, relationship)


def position_of(name: str) -> int:
    """Returns the position of the entry whose receipt has a name, or 0 for the name of no receipt."""
    found = _RECEIPT.fullmatch(name)
    return int(found[1]) if found else 0


_RECEIPT = re.compile(r"entry-([1-9][0-9]{0,14})\.tlog-proof", re.ASCII)
