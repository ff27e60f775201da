"""Reads the entries of a log from their bytes, and collects times, names, documents, key changes and restores.

Problems are reported and never stop the reading. An entry with an unknown event is no problem.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.canonical import NOT_AS_WRITTEN, document, has_keys_of_an_entry, misplaced, no_moment
from ledger.errors import LedgerError, NewerLedger
from ledger.messages import filled, msg
from ledger.names import digest, disclosed
from ledger.proof.checkpoint import parse_root
from ledger.signed import ABOUT_REGISTRARS, Acts
from ledger.skim import event_name, skim

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# The events of which fields are read that `skim` does not return.
HEEDED = frozenset({"personal-data-disposed", "signing-key-changed", "log-restored"})
OF_REGISTRARS = frozenset(event.event_name for event in ABOUT_REGISTRARS)


class Change(NamedTuple):
    """An entry that changes the signing key.

    `proof` is the old key's signature in base64, and `lost` is true if the old key was lost. `of_before` is true if
    this change and all earlier changes have shape 1, which holds no proof; for such a change, a checkpoint may vouch.
    """

    vkey: str
    proof: str | None
    lost: bool
    of_before: bool


class Restore(NamedTuple):
    """An entry that records a restore: `restored_from` entries were kept of `lost_size` that had been signed."""

    restored_from: int
    lost_size: int


class Account:
    """The facts collected from the entries that were read so far. Positions count from 1."""

    def __init__(self, ledger_id: str) -> None:
        self.head, self.latest = 0, ""
        self.acts = Acts(ledger_id)
        self.unsound: list[tuple[int, str]] = []
        self.registered: dict[int, tuple[str, str]] = {}  # position → person, digest of the name
        self.disposed: dict[str, int] = {}  # person → position of the last disposal
        self.documents: dict[str, int] = {}  # digest → position of the first entry that names the document
        self.changes: dict[int, Change] = {}  # position → key change
        self.restores: dict[int, Restore] = {}
        self._of_before = True  # every key change read so far has shape 1

    def take(self, data: bytes) -> Iterator[str]:
        """Reads the next entry, and yields its problems. The caller must exhaust the iterator."""
        self.head += 1
        read = None if (kind := event_name(data)) in HEEDED else skim(kind, data)
        if read is None or read.recorded_at <= self.latest:
            yield from self._unusual(data)
            return
        self._sign(read.key, data if kind in OF_REGISTRARS else None)
        self.latest = read.recorded_at
        for named in read.documents:
            self.documents.setdefault(named, self.head)
        if read.name:
            self.registered[self.head] = read.name

    def _unusual(self, data: bytes) -> Iterator[str]:
        """Reads an entry that `skim` does not recognize, or whose other fields matter, and yields its problems."""
        entry = document(data)
        if entry is None or not has_keys_of_an_entry(entry):
            yield filled(NOT_AS_WRITTEN, {})
            return
        moment = entry["recorded_at"]
        if not isinstance(moment, str):
            yield msg("it does not say when it was recorded")
        elif problem := no_moment(moment) or misplaced(moment, self.latest):
            yield problem
        else:
            self.latest = moment
        try:
            self._heed(entry["event"], entry["fields"], entry["source"], entry["v"])
        except (AttributeError, LookupError, TypeError, ValueError):
            yield msg("it lacks a field that such an entry has, or holds a wrong value")
            return
        try:
            is_read = "signature" in entry or _text(entry["event"]) in OF_REGISTRARS
            self._sign(_text(entry["key"]), data if is_read else None)
        except NewerLedger:
            return  # an event of a newer program is not checked
        except (LedgerError, TypeError):
            yield msg("its bytes are no event that this program knows")

    def _sign(self, key: str, data: bytes | None) -> None:
        """Checks the signatures of the append before, if the entry begins another. `data` is None for an entry that is
        not signed and does not speak of registrars.
        """
        self.unsound += self.acts.take(self.head, key, data)

    def heed_alone(self, position: int, entry: Mapping[str, Any] | None) -> str | None:
        """Collects what an entry that stands alone, as in an extract, says of names. Returns a sentence if the entry is
        not as a ledger writes it. Its signature is not checked.
        """
        self.head = position
        try:
            if entry is None or no_moment(_text(entry["recorded_at"])):
                return filled(NOT_AS_WRITTEN, {})
            self._heed(entry["event"], entry["fields"], entry["source"], entry["v"])
        except (AttributeError, LookupError, TypeError, ValueError):
            return filled(NOT_AS_WRITTEN, {})
        return None

    def wrong_signatures(self) -> list[tuple[int, str]]:
        """Returns (position, problem) for each act whose signature, or proof of a registrar's key, does not hold."""
        return [*self.unsound, *self.acts.end()]

    def _heed(self, event: str, fields: Mapping[str, Any], source: Mapping[str, Any], v: Any) -> None:
        match event:
            case "person-registered":
                self.registered[self.head] = _text(fields["person"]), _text(fields["name"]["sha-256"])
            case "personal-data-disposed":
                person = fields.get("person")  # a disposal without one is of a registrar's account, which no export has
                if person is None:
                    _text(fields["registrar"])
                else:
                    self.disposed[_text(person)] = self.head
            case "signing-key-changed":
                proof, lost = fields.get("proof"), fields.get("lost")
                if lost is not None and not isinstance(lost, bool):
                    raise TypeError(lost)
                of_before = _count(v) == 1 and self._of_before
                self.changes[self.head] = Change(
                    _text(fields["public_key"]), None if proof is None else _text(proof), lost is True, of_before
                )
                self._of_before = of_before
            case "log-restored":
                kept, lost_size = _count(fields["restored_from"]), _count(fields["lost_size"])
                if not kept < self.head or not lost_size:
                    raise TypeError(fields)
                parse_root(_text(fields["lost_root"]))
                self.restores[self.head] = Restore(kept, lost_size)
        for one in (source, *fields.get("documents", ())):
            if (found := one.get("document")) is not None:
                self.documents.setdefault(_text(found), self.head)

    def wrong_names(self, disclosures: Mapping[int, object]) -> Iterator[tuple[int, str]]:
        """Yields (position, problem) for each name in the log that `disclosures` treats wrongly.

        A name is wrong if it is missing, differs from the registered name, or is present although it was disposed of.
        """
        for position, text in disclosures.items():
            person, registered = self.registered.get(position, ("", ""))
            if not registered or not _discloses(text, registered):
                yield position, msg("the name is not the one that was registered")
            elif self._gone(position):
                yield position, msg("the name of {person} was disposed of, and is still here", person=person)
        for position, (person, _) in self.registered.items():
            if position not in disclosures and not self._gone(position):
                yield position, msg("the name of {person} is missing, and was not disposed of", person=person)

    def is_named(self, position: int, disclosure: object) -> bool:
        """Returns whether an entry registers the name in a disclosure, and no entry read disposes of the name."""
        _, registered = self.registered.get(position, ("", ""))
        return bool(registered) and _discloses(disclosure, registered) and not self._gone(position)

    def _gone(self, position: int) -> bool:
        return self.disposed.get(self.registered[position][0], 0) > position


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError(value)
    return value


def _discloses(text: object, registered: str) -> bool:
    """Whether a text is a name disclosure in the form that a ledger writes, and hashes to the digest `registered`.

    See RFC 9901 section 4.2.
    """
    if not isinstance(text, str):
        return False
    with suppress(ValueError):
        disclosed(text)
        return digest(text) == registered
    return False
