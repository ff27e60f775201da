"""Events that correct the record itself: annulments, disposals of names, signing key changes and restored logs."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from ledger.events.base import Event
from ledger.values import LARGEST_INTEGER, EntryNumber, Person, PublicKey, Text, about


class EntryAnnulled(Event, frozen=True, kw_only=True):
    """An entry was annulled and no longer has any effect: it was recorded wrongly, or a court quashed its decision."""

    valid_on_is = "the day established"
    provision = ""
    example = {"organ": "secretariat", "entry": 31, "cause": "recording-error", "reason": "fel belopp"}

    entry: EntryNumber
    cause: Annotated[Literal["recording-error", "quashed"], about("the cause")]
    reason: Annotated[Text, about("the reason, in words")]


class PersonalDataDisposed(Event, frozen=True, kw_only=True):
    """A person's name was disposed of (gallring): erased, while the log's proofs stay valid."""

    valid_on_is = "the disposal"
    provision = ""
    example = {"organ": "secretariat", "person": "p7", "decision": "Gallringsbeslut 2031-04"}

    person: Person
    decision: Annotated[Text, about("the decision that orders it")]


class SigningKeyChanged(Event, frozen=True, kw_only=True):
    """The signing key was changed: another key signs the ledger's checkpoints from this entry on."""

    v = 2  # version 1 had neither `proof` nor `lost`
    valid_on_is = "first day with"
    provision = ""
    example = {
        "organ": "secretariat",
        "public_key": "liggare/0123456789abcdef0123456789abcdef+f49d54f6+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
    }
    only_by = "rotate-key"

    public_key: Annotated[PublicKey, about("the public key that checks them, as NAME+ID+KEY")]
    proof: Annotated[Text | None, about("the old key's signature over the change, in base64")] = None
    lost: Annotated[bool | None, about("whether the old key is lost, so it did not sign the change")] = None
    reason: Annotated[Text | None, about("the reason, in words")] = None


class LogRestored(Event, frozen=True, kw_only=True):
    """The ledger was restored from an older copy, and entries that had been signed are lost."""

    valid_on_is = "the restore"
    provision = ""
    example = {
        "organ": "secretariat",
        "restored_from": 12,
        "lost_size": 20,
        "lost_root": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    }
    only_by = "checkpoint --after-restore"

    restored_from: Annotated[
        int, Meta(ge=0, le=LARGEST_INTEGER, description="how many entries are known to be the same")
    ]
    lost_size: Annotated[
        int, Meta(ge=1, le=LARGEST_INTEGER, description="how many entries the lost log had when last signed")
    ]
    lost_root: Annotated[Text, about("the root of the lost log, in base64, as it was signed")]


EVENTS: dict[str, type[Event]] = {
    "entry-annulled": EntryAnnulled,
    "personal-data-disposed": PersonalDataDisposed,
    "signing-key-changed": SigningKeyChanged,
    "log-restored": LogRestored,
}
