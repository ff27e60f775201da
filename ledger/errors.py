"""Every error of the ledger. Each class takes values and builds the error's sentence; the exit codes are in `cli`."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from ledger.rules.finding import Finding


MOST_TOLD = 100  # the largest number of faults in an input that are listed one by one
LONGEST = 400  # the most characters of a sentence that quotes text from outside the ledger


def shortened(sentence: str, most: int = LONGEST) -> str:
    """Returns a sentence that quotes text from outside the ledger, cut after `most` characters."""
    return sentence if len(sentence) <= most else f"{sentence[:most]}…"


def counted(number: int, one: str, many: str = "") -> str:
    """Returns a number with its noun, such as `1 entry` or `2 entries`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def grouped(number: int) -> str:
    """Returns a whole number with its thousands separated by spaces, such as 10 000."""
    return f"{number:,}".replace(",", " ")


def in_entries(number: int) -> str:
    """Returns the length of a log in words, such as `1 entry` or `2 entries`."""
    return counted(number, "entry", "entries")


def entries_named(positions: Sequence[int]) -> str:
    """Returns positions in words, such as `entry 12` or `entries 12, 15`."""
    return f"{'entry' if len(positions) == 1 else 'entries'} {', '.join(map(str, positions))}"


def not_those(size: int) -> str:
    """Returns the beginning of a sentence that says that the first `size` entries of a log have changed."""
    return "the first entry is not the one" if size == 1 else f"the first {size} entries are not those"


class LedgerError(Exception):
    """The base class of all errors: something that the ledger refuses or cannot do.

    `str()` of an error is a sentence for the user.
    """


class BadInput(LedgerError, ValueError):
    """Input that cannot be read.

    `errors` holds one (line, message) per fault, for at most MOST_TOLD faults, and then one with the number of further
    faults. The line is None for a fault that is not in a file. `faults` holds the (line, message) pairs of the listed
    faults alone. `unsaid` is the number of faults that are counted but not listed.
    """

    def __init__(self, errors: Iterable[tuple[int | None, str]], unsaid: int = 0) -> None:
        rest = iter(errors)
        told = list(islice(rest, MOST_TOLD))
        self.unsaid = unsaid + sum(1 for _ in rest)
        self.faults = tuple(told)
        self.errors = (*told, *([(None, f"and {grouped(self.unsaid)} more")] if self.unsaid else []))
        super().__init__("\n".join(what if line is None else f"line {line}: {what}" for line, what in self.errors))


class KeyTaken(BadInput):
    """The idempotency key was used before, to record something else."""

    def __init__(self, key: str, positions: Sequence[int]) -> None:
        where = entries_named(positions)
        super().__init__([(None, f"key {key} already recorded other events, in {where}; choose another key")])


class Refused(LedgerError):
    """The acts have no effect under the agreement, so nothing was written.

    `findings` holds every reason for the refusal. `people` maps the id of each person in the findings to a name, or to
    None if the name is not stored, and `parties` the id of each party to its name. `places` maps each position that
    would have been recorded to its line in the input file, if there was a file. `said` and `more` hold what else to
    report about the refusal, as text for people and as data for programs.
    """

    def __init__(
        self,
        findings: Sequence[Finding],
        people: Mapping[str, str | None] | None = None,
        parties: Mapping[str, str] | None = None,
    ) -> None:
        self.findings, self.people, self.parties = tuple(findings), people or {}, parties or {}
        self.places: Mapping[int, int] = {}
        self.said = ""
        self.more: Mapping[str, Any] = {}
        super().__init__(f"refused for {counted(len(self.findings), 'reason')}")


class Contended(LedgerError):
    """Other writers kept the ledger busy. Nothing was recorded, and a retry may succeed."""


class LogMoved(Contended):
    """At every attempt, another writer recorded between this writer's reading and its appending."""

    def __init__(self, tries: int) -> None:
        super().__init__(f"others recorded in between {counted(tries, 'time')}; nothing was recorded, try again")


class LockBusy(Contended):
    """Another program held the ledger's write lock for longer than this program waits."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"another program held the ledger's lock for {seconds:g} s; nothing was recorded, try again")


class KeyBusy(Contended):
    """Another program held the lock on the signing key's directory for longer than this program waits."""

    def __init__(self, folder: object, seconds: float) -> None:
        super().__init__(
            f"another program held the lock on {folder}, the signing key's folder, for {seconds:g} s; nothing was"
            " signed, try again. If no program is signing: anyone who may read the folder can hold the lock;"
            " chmod 700 it"
        )


class Damaged(LedgerError):
    """The ledger's file or an entry differs from what was written."""

    def __init__(self, where: object, what: str) -> None:
        super().__init__(f"{where} is damaged: {shortened(what)}; restore a backup, and keep this file as evidence")


class NoMoment(Damaged):
    """An entry's recorded time is not valid, or is later than the last moment at which an entry may be recorded."""

    def __init__(self, position: int, what: str) -> None:
        super().__init__(f"entry {position}", what)
        self.what = what


class Tampered(Damaged):
    """The ledger differs from what was signed, or is not the ledger that a given key or checkpoint belongs to.

    `whats` holds the reasons, one sentence each.
    """

    def __init__(self, *whats: str) -> None:
        self.whats = whats
        LedgerError.__init__(self, "\n".join(whats))


class WentBack(Tampered):
    """The log of an open ledger no longer holds entry `known` as this program had read or recorded it."""

    def __init__(self, known: int, head: int) -> None:
        now = "another entry is in its place" if head >= known else f"the last entry now is {head}"
        super().__init__(
            f"the log went back: entry {known} was read here before, and {now}; nothing was recorded. Keep both logs as"
            " evidence and restore the newer one; `liggare checkpoint --after-restore` goes on from an older one"
        )


class NotUpgraded(Damaged):
    """The entries are whole, but tables or triggers that guard them are missing, so the ledger is not used.

    If `lacking` names the missing guards, somebody has removed them. If `lacking` is empty, an earlier program never
    made the guards.
    """

    def __init__(self, where: object, *lacking: str) -> None:
        if lacking:
            what = f"is damaged: it lacks {', '.join(lacking)}; find out who took that away, then run `liggare upgrade`"
        else:
            what = "was made by an earlier liggare; run `liggare upgrade`"
        LedgerError.__init__(self, f"{where} {what}")


class OutcomeUnknown(LedgerError):
    """It is unknown whether the commit took effect.

    A retry with the same key records the acts once, whether or not the first commit took effect.
    """

    def __init__(self, what: str) -> None:
        super().__init__(f"cannot tell whether this was recorded ({what}); run it again with the same key")


class Unusable(LedgerError):
    """There is no usable ledger at the place named."""


class LedgerMissing(Unusable):
    def __init__(self, where: object) -> None:
        super().__init__(f"there is no ledger at {where}; `liggare init` makes one")


class ClockAstray(Unusable):
    def __init__(self, now: datetime) -> None:
        super().__init__(f"this computer's clock is set to {now:%Y-%m-%d}: set it right, and try again")


class DirectoryGone(Unusable):
    def __init__(self) -> None:
        super().__init__("the working directory is gone: change to another one, and try again")


class LedgerExists(Unusable):
    """A ledger cannot be created at the place, because something is there already."""

    def __init__(self, where: object) -> None:
        super().__init__(f"{where} is already there; nothing was overwritten")


class ExportMissing(Unusable):
    def __init__(self, where: object) -> None:
        super().__init__(f"there is no export at {where}; `liggare export` makes one")


class NotALedger(Unusable):
    """The place named holds something other than a ledger."""

    def __init__(self, where: object) -> None:
        super().__init__(f"{where} is not a ledger")


class OlderLedger(Unusable):
    """The ledger has an earlier schema than this program uses."""

    def __init__(self, where: object, found: int, known: int) -> None:
        super().__init__(
            f"{where} has schema {found}, this program uses {known}; `liggare upgrade` copies and upgrades it"
        )


class NewerLedger(Unusable):
    """The ledger, or an entry in it, was written by a newer program."""

    def __init__(self, where: object, what: str) -> None:
        super().__init__(f"{where} was written by a newer liggare ({shortened(what)}); upgrade this program")


class NoSigningKey(Unusable):
    """The signing key is missing, or is not the key that signs for this ledger."""


class NotTheSigner(NoSigningKey):
    """An entry is not under a checkpoint yet, and the key that could sign one is not available here."""

    def __init__(self, key_file: object, role: str, size: int) -> None:
        whom = f"the role {role} signs" if role else "whoever has the key signs"
        super().__init__(
            f"the signing key {key_file} is not there, or may not be read; a backup does not hold it. The newest"
            f" checkpoint is of {in_entries(size)}: {whom} the next with liggare checkpoint, or give the key's place"
            " with --key-file"
        )


class CannotSign(Unusable):
    """The signing key is available, but the log in its present state must not be signed."""


class MustOutgrow(CannotSign):
    """The log is not longer than a lost log was when last signed. A size signed in a lost log is never signed again."""

    def __init__(self, size: int, highest: int) -> None:
        super().__init__(
            f"nothing was signed: the log that was lost had been signed up to entry {highest}, and this one has"
            f" {in_entries(size)}; it can be signed from entry {highest + 1} on"
        )


class AheadOfClock(CannotSign):
    """An entry is dated ahead of the clock.

    Signing the entry would fix its time for ever, and no earlier time could be recorded after it.
    """

    def __init__(self, position: int, recorded_at: str, now: datetime) -> None:
        super().__init__(
            f"entry {position} was recorded at {recorded_at[:19]}Z, far ahead of this computer's clock, which says"
            f" {now:%Y-%m-%dT%H:%M:%SZ}; nothing was signed. If this clock is wrong, set it right. Otherwise whoever"
            " keeps the ledger restores a copy from before the first entry that is dated ahead (liggare history), and"
            " records again what came after it",
        )


class NoTimeLeft(Unusable):
    """The last entry or the clock is so late that a new entry would be recorded after the last possible moment."""

    def __init__(self, now: str, last: str) -> None:
        super().__init__(
            f"it would be recorded at {now}, and no ledger records after {last}; nothing was recorded. Whoever keeps"
            " the ledger restores a copy from before the first entry that is dated ahead (liggare history)"
        )


class NotPermitted(Unusable):
    def __init__(self, where: object, what: str) -> None:
        super().__init__(f"no permission to {what} {where}")


class MayNotLast(Unusable):
    """The operation was done and is not undone, but the disk did not confirm that the result is durable."""

    def __init__(self, where: object, what: str | None) -> None:
        super().__init__(f"{where} is in place, but may not outlive a power cut ({what}); look after the disk")


class MayNotSign(NotPermitted):
    def __init__(self, where: object, what: str) -> None:
        LedgerError.__init__(self, f"no permission to sign in {where}: {what}; nothing was recorded")


class DiskFull(Unusable):
    def __init__(self, where: object) -> None:
        super().__init__(f"the disk that holds {where} is full; nothing was recorded")


class ServerAway(Unusable):
    """The database server cannot be used.

    Acts whose commit was acknowledged stay recorded. Acts whose transaction had not reached COMMIT are not recorded.
    """

    def __init__(self, where: object, what: str) -> None:
        super().__init__(f"the server of {where} cannot be used: {what}; nothing was recorded")


class OnlyRead(Unusable):
    def __init__(self, where: object) -> None:
        super().__init__(f"{where} is a standby, or may only be read; nothing was recorded")


class DriverMissing(Unusable):
    def __init__(self) -> None:
        super().__init__("a ledger on PostgreSQL needs psycopg: pip install 'liggare[postgres]'")
