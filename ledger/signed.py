"""Acts as they enter the log: names sealed, and signed; and the check of their signatures, where an act is recorded and
where a ledger is verified.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING, Any

import orjson
from msgspec import structs

from ledger.encoding import Signature, act_document, decode
from ledger.errors import BadInput
from ledger.events.record import EntryAnnulled, RegistrarAuthorised
from ledger.messages import marked, msg
from ledger.names import digest, disclose, disclosed, is_disclosure_of
from ledger.proof.act import ACT, REGISTRAR, act_text, registrar_text
from ledger.proof.note import base64_of, unbase64
from ledger.proof.ssh import check_signature, parse_public_key
from ledger.rules.finding import breach
from ledger.state.record import (
    KEPT_OUTSIDE,
    OF_REGISTRARS,
    kept_outside,
    registrar_among,
    registrar_in,
    registrar_of,
)
from ledger.sweden import recorded_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline

    # Returns the authorisation under which a registrar may record the entry at a position on a day, or None.
    Authorised = Callable[[str, int, date], Entry[RegistrarAuthorised] | None]

ABOUT_REGISTRARS = (*OF_REGISTRARS, EntryAnnulled)  # what `Acts` must be given, signed or not
NONE: Mapping[int, str] = {}
Sign = Callable[[list[bytes]], list[bytes]]  # returns the signature of each text, as the blob of an SSHSIG


def sealed(events: Sequence[Event], outside: Mapping[int, str] = NONE) -> tuple[list[Event], dict[int, str]]:
    """Returns the events as they enter the log, and by event index the disclosures of the names and accounts in them.

    `outside` holds the disclosures that were made before. Raises BadInput for one that is not of its event.
    """
    found, kept = list(events), dict(outside)
    for place, text in kept.items():
        if not (0 <= place < len(events) and is_of(events[place], text)):
            what = msg("a name that is given beside the act is not the one whose digest the act holds")
            raise BadInput([(None, what)])
    for place, event in enumerate(events):
        held = kept_outside(event)
        if held is not None and held.text is not None:
            field = KEPT_OUTSIDE[type(event)]
            kept[place] = kept.get(place) or disclose(held.text, field=field)
            found[place] = structs.replace(event, **{field: type(held)(None, digest(kept[place]))})
    return found, kept


def is_of(event: Event, disclosure: str) -> bool:
    """Returns whether a disclosure is of the name, or the account, that an event holds as text or as a digest."""
    held = kept_outside(event)
    if held is None or held.text is None:
        return held is not None and is_disclosure_of(disclosure, held.digest)
    try:
        return disclosed(disclosure, field=KEPT_OUTSIDE[type(event)]) == held.text
    except ValueError:
        return False


def refuse_unkept(events: Sequence[Event], outside: Mapping[int, str]) -> None:
    """Raises BadInput if an event, as it enters the log, holds a digest of which `outside` has no disclosure: the name
    or the account would be lost for good.
    """
    if any(kept_outside(event) is not None and place not in outside for place, event in enumerate(events)):
        what = msg("the name or the account whose digest the act holds is not given beside it, in FILE.names")
        raise BadInput([(None, what)])


def texts_of(acts: Sequence[Event], ledger_id: str, registrar: str, key: str) -> list[bytes]:
    """Returns the text of each act of an append, which `registrar` signs."""
    documents = map(act_document, acts)
    return [act_text(ledger_id, registrar, key, (place, len(acts)), one) for place, one in enumerate(documents, 1)]


def signatures(acts: Sequence[Event], ledger_id: str, registrar: str, key: str, sign: Sign) -> list[Signature]:
    """Returns the signatures that `sign` makes of the acts of an append."""
    blobs = sign(texts_of(acts, ledger_id, registrar, key))
    return [Signature(registrar=registrar, ssh=base64_of(blob)) for blob in blobs]


def signatures_among(
    blobs: Mapping[str, bytes], acts: Sequence[Event], ledger_id: str, registrars: Iterable[str], key: str
) -> tuple[list[Signature | None], list[str]]:
    """Returns the signature of each act of an append, or None, and the names of the blobs that are of none of them.

    `blobs` maps the SHA-256 of a text, in hexadecimal, to the blob of the signature over it. The text of an act is
    tried for each of the `registrars`. The signatures are not checked.
    """
    found: list[Signature | None] = [None] * len(acts)
    unused = dict.fromkeys(blobs)
    for registrar in registrars if blobs else ():
        for place, text in enumerate(texts_of(acts, ledger_id, registrar, key)):
            name = sha256(text).hexdigest()
            if name in unused:
                found[place] = Signature(registrar=registrar, ssh=base64_of(blobs[name]))
                del unused[name]
    return found, sorted(unused)


def unsound(rows: Iterable[tuple[int, bytes]], ledger_id: str, authorised: Authorised) -> Iterator[tuple[int, str]]:
    """Yields (position, why) for each entry whose signature, or proof of a registrar's key, does not hold.

    `rows` holds the stored bytes of whole appends, in order of position. Raises Damaged for bytes that are no entry.
    """
    entries = ((decode(data, position), data) for position, data in rows)
    for _, of_key in groupby(entries, key=lambda one: one[0].key):
        append = list(of_key)
        for place, (entry, data) in enumerate(append, 1):
            if why := unsound_act(entry, data, ledger_id, (place, len(append)), authorised):
                yield entry.position, why


def unsound_act(
    entry: Entry[Any], data: bytes, ledger_id: str, place: tuple[int, int], authorised: Authorised
) -> str | None:
    """Returns a sentence if an entry's signature, or its proof of a registrar's key, does not hold, or None.

    `data` are the entry's stored bytes, and `place` is (n, m): it is the n-th of the m entries of its append.
    """
    try:
        if entry.signature is not None:
            who = entry.signature.registrar
            by = authorised(who, entry.position, recorded_on(entry.recorded_at))
            text = act_text(ledger_id, who, entry.key, place, orjson.loads(data))
            _check(entry.signature, text, by)
        if isinstance(entry.event, RegistrarAuthorised) and entry.event.proof is not None:
            _check_proof(entry.event, entry.event.proof, ledger_id)
    except ValueError as error:
        return str(error)
    return None


class Acts:
    """Checks signatures while a log is read once, entry by entry, in order of position."""

    def __init__(self, ledger_id: str) -> None:
        self.ledger_id = ledger_id
        self._said: dict[str, list[Entry[Any]]] = {}  # the authorisations, releases and annulments, by registrar
        self._told: dict[int, str] = {}  # their positions → the registrar
        self._key, self._first, self._last = "", 1, 0  # the append that is being read
        self._append: list[tuple[Entry[Any], bytes]] = []  # what is to be checked of it
        self._keys: dict[str, int] = {}  # the key of each append → the position of the first entry with it
        self._signed: set[str] = set()  # the keys of appends with signed acts

    def take(self, position: int, key: str, data: bytes | None) -> Iterator[tuple[int, str]]:
        """Takes the next entry, and yields (position, why) for each entry of the append before that does not hold.

        `data` is None for an entry that neither is signed nor speaks of registrars. Entries may be left out, but not
        of an append with one that is either, nor of another append with the key of such an append. The caller must
        exhaust the iterator.
        """
        if key != self._key or position != self._last + 1:
            yield from self.end()
            self._key, self._first = key, position
        self._last = position
        if data is None:
            return
        entry = decode(data, position)
        if (registrar := registrar_in(entry, self._told)) is not None:
            self._said.setdefault(registrar, []).append(entry)
        if entry.signature is not None or isinstance(entry.event, RegistrarAuthorised):
            self._append.append((entry, data))

    def end(self) -> Iterator[tuple[int, str]]:
        """Yields (position, why) for each entry of the append that was read last that does not hold."""
        many, authorised = self._last - self._first + 1, partial(registrar_among, self._said)
        for entry, data in self._append:
            place = (entry.position - self._first + 1, many)
            if why := unsound_act(entry, data, self.ledger_id, place, authorised):
                yield entry.position, why
            if entry.signature is not None:
                self._signed.add(entry.key)
        self._append = []
        before = self._keys.setdefault(self._key, self._first)
        if before != self._first and self._key in self._signed:
            what = msg("its append has the key of the append of entry {entry}, and an act that is signed has that key",
                       entry=before)  # fmt: skip
            yield self._first, what


def cannot_sign(registrar: str, by: Entry[RegistrarAuthorised] | None) -> str | None:
    """Returns why no signature of a registrar can be checked under the authorisation `by`, or None if one can."""
    if by is None:
        return msg("{registrar} signed it, and was not authorised on that day", registrar=registrar)
    if by.event.public_key is None:
        return msg("{registrar} signed it, and has no key by entry {entry}", registrar=registrar, entry=by.position)
    return None


def unsignable(entries: Iterable[Entry[Any]], timeline: Timeline) -> list[Finding]:
    """Returns the findings with which entries would be refused because of who signs them, whatever the signature."""
    found = []
    for entry in entries:
        if entry.signature is not None:
            who = entry.signature.registrar
            by = registrar_of(timeline, who, entry.position, recorded_on(entry.recorded_at))
            if why := cannot_sign(who, by):
                found.append(refusing(why, entry.position))
    return found


def refusing(why: str, entry: int) -> Finding:
    """Returns the finding with which an entry is refused whose signature, or proof of a key, does not hold."""
    found = breach(marked("the signature cannot be checked: {why}"), why=why, entries=(entry,))
    return structs.replace(found, provision="recorded-by")


def of_no_act(name: str) -> Finding:
    """Returns the finding with which an append is refused that comes with a signature of none of its acts."""
    message = marked("{name} is a signature of no act here: another act was signed, or another place, key or registrar")
    return structs.replace(breach(message, name=name), provision="recorded-by")


def _check(signature: Signature, text: bytes, by: Entry[RegistrarAuthorised] | None) -> None:
    """Raises ValueError, which says why, unless `signature` is over `text` by the key of the authorisation `by`."""
    if why := cannot_sign(signature.registrar, by):
        raise ValueError(why)
    assert by, "whoever can sign is authorised"
    check_signature(unbase64(signature.ssh), text, ACT, parse_public_key(by.event.public_key or ""))


def _check_proof(event: RegistrarAuthorised, proof: str, ledger_id: str) -> None:
    """Raises ValueError, which says why, unless the key that an authorisation names signed the authorisation."""
    key = event.public_key or ""
    text = registrar_text(ledger_id, event.registrar, event.party, key)
    try:
        check_signature(unbase64(proof), text, REGISTRAR, parse_public_key(key))
    except ValueError as error:
        raise ValueError(msg("the proof of the registrar's key does not hold: {why}", why=error)) from None
