"""Every error of the ledger. Each class takes values and builds the error's sentence; the exit codes are in `cli`."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from ledger.messages import filled, marked, msg

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from ledger.rules.finding import Finding


MOST_TOLD = 100  # the largest number of faults in an input that are listed one by one
LONGEST = 400  # the most characters of a sentence that quotes text from outside the ledger
FORBIDDEN = {  # by what a file, a directory or a ledger may not be used for
    "create": marked("no permission to create {where}"),
    "do that in": marked("no permission to do that in {where}"),
    "list": marked("no permission to list {where}"),
    "look for": marked("no permission to look for {where}"),
    "make files beside": marked("no permission to make files beside {where}"),
    "open, or make files beside,": marked("no permission to open, or make files beside, {where}"),
    "read": marked("no permission to read {where}"),
    "use": marked("no permission to use {where}"),
    "write": marked("no permission to write {where}"),
    "write in": marked("no permission to write in {where}"),
    "write to": marked("no permission to write to {where}"),
}


def shortened(sentence: str, most: int = LONGEST) -> str:
    """Returns a sentence that quotes text from outside the ledger, cut after `most` characters."""
    return sentence if len(sentence) <= most else f"{sentence[:most]}…"


def unrecorded(reason: str, advice: str = "") -> str:
    """Returns the sentence that gives the reason why nothing was recorded, and then the advice, if any."""
    if advice:
        return msg("{reason}; nothing was recorded. {advice}", reason=reason, advice=advice)
    return msg("{reason}; nothing was recorded", reason=reason)


class LedgerError(Exception):
    """The base class of all errors: something that the ledger refuses or cannot do.

    `str()` of an error is a sentence for the user. `afterwards` is the sentence for an error after the act itself was
    recorded, which does not say that nothing was recorded.
    """

    def __init__(self, sentence: str = "", afterwards: str | None = None) -> None:
        super().__init__(sentence)
        self.afterwards = sentence if afterwards is None else afterwards


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
        self.errors = (*told, *([(None, msg("and {more:grouped} more", more=self.unsaid))] if self.unsaid else []))
        super().__init__(
            "\n".join(
                what if line is None else msg("line {line}: {what}", line=line, what=what) for line, what in self.errors
            )
        )


class KeyTaken(BadInput):
    """The idempotency key was used before, to record something else."""

    def __init__(self, key: str, positions: Sequence[int]) -> None:
        told = msg(
            "key {key} already recorded other events, in {entries:?entry|entries} {entries}; choose another key",
            key=key, entries=tuple(positions),
        )  # fmt: skip
        super().__init__([(None, told)])


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
        super().__init__(msg("refused for {findings:reason}", findings=len(self.findings)))


class Contended(LedgerError):
    """Other writers kept the ledger busy. Nothing was recorded, and a retry may succeed."""

    def __init__(self, reason: str) -> None:
        again = msg("{reason}; nothing was recorded, try again", reason=reason)
        super().__init__(again, msg("{reason}, try again", reason=reason))


class LogMoved(Contended):
    """At every attempt, another writer recorded between this writer's reading and its appending."""

    def __init__(self, tries: int) -> None:
        super().__init__(msg("others recorded in between {tries:time}", tries=tries))


class LockBusy(Contended):
    """Another program held the ledger's write lock for longer than this program waits."""

    def __init__(self, seconds: float) -> None:
        super().__init__(msg("another program held the ledger's lock for {seconds} s", seconds=f"{seconds:g}"))


class KeyBusy(Contended):
    """Another program held the lock on the signing key's directory for longer than this program waits."""

    def __init__(self, folder: object, seconds: float) -> None:
        told = msg(
            "another program held the lock on {folder}, the signing key's folder, for {seconds} s; nothing was"
            " signed, try again. If no program is signing: anyone who may read the folder can hold the lock;"
            " chmod 700 it",
            folder=folder, seconds=f"{seconds:g}",
        )  # fmt: skip
        LedgerError.__init__(self, told)


class Damaged(LedgerError):
    """The ledger's file or an entry differs from what was written."""

    def __init__(self, where: object, what: str) -> None:
        told = msg(
            "{where} is damaged: {what}; restore a backup, and keep this file as evidence",
            where=where, what=shortened(what),
        )  # fmt: skip
        super().__init__(told)


class NoMoment(Damaged):
    """An entry's recorded time is not valid, or is later than the last moment at which an entry may be recorded."""

    def __init__(self, position: int, what: str) -> None:
        super().__init__(msg("entry {position}", position=position), what)
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
        now = msg("another entry is in its place") if head >= known else msg("the last entry now is {head}", head=head)
        reason = msg("the log went back: entry {known} was read here before, and {now}", known=known, now=now)
        advice = msg(
            "Keep both logs as evidence and restore the newer one; `liggare checkpoint --after-restore` goes on from"
            " an older one"
        )
        super().__init__(unrecorded(reason, advice))
        self.afterwards = msg("{reason}. {advice}", reason=reason, advice=advice)


class NotUpgraded(Damaged):
    """The entries are whole, but the tables or triggers that guard them, named by `lacking`, were removed."""

    def __init__(self, where: object, *lacking: str) -> None:
        told = msg(
            "{where} is damaged: it lacks {lacking}; find out who took that away, then run `liggare upgrade`",
            where=where, lacking=lacking,
        )  # fmt: skip
        LedgerError.__init__(self, told)


class OutcomeUnknown(LedgerError):
    """It is unknown whether the commit took effect.

    A retry with the same key records the acts once, whether or not the first commit took effect.
    """

    def __init__(self, what: str) -> None:
        super().__init__(
            msg("cannot tell whether this was recorded ({what}); run it again with the same key", what=what)
        )
        self.what = what


class Unusable(LedgerError):
    """There is no usable ledger at the place named."""


class LedgerMissing(Unusable):
    def __init__(self, where: object) -> None:
        super().__init__(msg("there is no ledger at {where}; `liggare init` makes one", where=where))


class LedgerClosed(Unusable):
    """A Python program asked a ledger that it had closed."""

    def __init__(self, where: object) -> None:
        super().__init__(msg("{where} is closed", where=where))


class ClockAstray(Unusable):
    def __init__(self, now: datetime) -> None:
        super().__init__(msg("this computer's clock is set to {day}: set it right, and try again", day=now.date()))


class DirectoryGone(Unusable):
    def __init__(self) -> None:
        super().__init__(msg("the working directory is gone: change to another one, and try again"))


class LedgerExists(Unusable):
    """A ledger cannot be created at the place, because something is there already."""

    def __init__(self, where: object) -> None:
        super().__init__(msg("{where} is already there; nothing was overwritten", where=where))


class ExportMissing(Unusable):
    def __init__(self, where: object) -> None:
        super().__init__(msg("there is no export at {where}; `liggare export` makes one", where=where))


class NotALedger(Unusable):
    """The place named holds something other than a ledger."""

    def __init__(self, where: object) -> None:
        super().__init__(msg("{where} is not a ledger", where=where))


class OlderLedger(Unusable):
    """The ledger has an earlier schema than this program uses."""

    def __init__(self, where: object, found: int, known: int) -> None:
        told = msg(
            "{where} has schema {found}, this program uses {known}; `liggare upgrade` copies and upgrades it",
            where=where, found=found, known=known,
        )  # fmt: skip
        super().__init__(told)


class NewerLedger(Unusable):
    """The ledger, or an entry in it, was written by a newer program."""

    def __init__(self, where: object, what: str) -> None:
        told = msg(
            "{where} was written by a newer liggare ({what}); upgrade this program", where=where, what=shortened(what)
        )
        super().__init__(told)


class NoSigningKey(Unusable):
    """The signing key is missing, or is not the key that signs for this ledger."""


class NotTheSigner(NoSigningKey):
    """An entry is not under a checkpoint yet, and the key that could sign one is not available here."""

    def __init__(self, key_file: object, role: str, size: int) -> None:
        if role:
            told = msg(
                "the signing key {key_file} is not there, or may not be read; a backup does not hold it. The newest"
                " checkpoint is of {size:entry|entries}: the role {role} signs the next with liggare checkpoint, or"
                " give the key's place with --key-file",
                key_file=key_file, size=size, role=role,
            )  # fmt: skip
        else:
            told = msg(
                "the signing key {key_file} is not there, or may not be read; a backup does not hold it. The newest"
                " checkpoint is of {size:entry|entries}: whoever has the key signs the next with liggare checkpoint,"
                " or give the key's place with --key-file",
                key_file=key_file, size=size,
            )  # fmt: skip
        super().__init__(told)


class CannotSign(Unusable):
    """The signing key is available, but the log in its present state must not be signed."""


class MustOutgrow(CannotSign):
    """The log is not longer than a lost log was when last signed. A size signed in a lost log is never signed again."""

    def __init__(self, size: int, highest: int) -> None:
        told = msg(
            "nothing was signed: the log that was lost had been signed up to entry {highest}, and this one has"
            " {size:entry|entries}; it can be signed from entry {first} on",
            highest=highest, size=size, first=highest + 1,
        )  # fmt: skip
        super().__init__(told)


class AheadOfClock(CannotSign):
    """An entry is dated ahead of the clock.

    Signing the entry would fix its time for ever, and no earlier time could be recorded after it.
    """

    def __init__(self, position: int, recorded_at: str, now: datetime) -> None:
        told = msg(
            "entry {position} was recorded at {recorded_at}, far ahead of this computer's clock, which says {now};"
            " nothing was signed. If this clock is wrong, set it right. Otherwise whoever keeps the ledger restores a"
            " copy from before the first entry that is dated ahead (liggare history), and records again what came"
            " after it",
            position=position, recorded_at=f"{recorded_at[:19]}Z", now=f"{now:%Y-%m-%dT%H:%M:%SZ}",
        )  # fmt: skip
        super().__init__(told)


class NoTimeLeft(Unusable):
    """The last entry or the clock is so late that a new entry would be recorded after the last possible moment."""

    def __init__(self, now: str, last: str) -> None:
        reason = msg("it would be recorded at {now}, and no ledger records after {last}", now=now, last=last)
        advice = msg(
            "Whoever keeps the ledger restores a copy from before the first entry that is dated ahead (liggare history)"
        )
        super().__init__(unrecorded(reason, advice), msg("{reason}. {advice}", reason=reason, advice=advice))


class NotPermitted(Unusable):
    def __init__(self, where: object, what: str) -> None:
        super().__init__(filled(FORBIDDEN[what], {"where": where}))


class MayNotLast(Unusable):
    """The operation was done and is not undone, but the disk did not confirm that the result is durable."""

    def __init__(self, where: object, what: str) -> None:
        told = msg(
            "{where} is in place, but may not outlive a power cut ({what}); look after the disk", where=where, what=what
        )
        super().__init__(told)


class MayNotSign(NotPermitted):
    def __init__(self, where: object, what: str) -> None:
        reason = msg("no permission to sign in {where}: {what}", where=where, what=what)
        LedgerError.__init__(self, unrecorded(reason), reason)


class DiskFull(Unusable):
    def __init__(self, where: object) -> None:
        reason = msg("the disk that holds {where} is full", where=where)
        super().__init__(unrecorded(reason), reason)


class ServerAway(Unusable):
    """The database server cannot be used.

    Acts whose commit was acknowledged stay recorded. Acts whose transaction had not reached COMMIT are not recorded.
    """

    def __init__(self, where: object, what: str) -> None:
        reason = msg("the server of {where} cannot be used: {what}", where=where, what=what)
        super().__init__(unrecorded(reason), reason)


class OnlyRead(Unusable):
    def __init__(self, where: object) -> None:
        reason = msg("{where} is a standby, or may only be read", where=where)
        super().__init__(unrecorded(reason), reason)


class DriverMissing(Unusable):
    def __init__(self) -> None:
        super().__init__(msg("a ledger on PostgreSQL needs psycopg: pip install 'liggare[postgres]'"))
