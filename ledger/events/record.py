"""Events about the record itself: annulments, registrars, disposals of names, keys, restored logs, issued papers."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from ledger.events.base import Event
from ledger.values import LARGEST_INTEGER, Account, EntryNumber, Party, Person, PublicKey, Registrar, Text, about

Role = Literal["secretariat", "party", "treasurer", "adjuster", "auditor"]
PaperKind = Literal[
    "notice",
    "minutes",
    "minutes-extract",
    "report",
    "claim",
    "account",
    "settlement",
    "council",
    "year",
    "extract",
]


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

    v = 2  # version 1 could not name a registrar
    valid_on_is = "the disposal"
    provision = ""
    example = {"organ": "secretariat", "person": "p7", "decision": "Gallringsbeslut 2031-04"}

    person: Person | None = None
    registrar: Registrar | None = None
    decision: Annotated[Text, about("the decision that orders it")]


class RegistrarAuthorised(Event, frozen=True, kw_only=True):
    """A registrar may record from this day on. A later authorisation of the same id replaces the earlier one."""

    valid_on_is = "first day"
    provision = "recorded-by"
    example = {
        "organ": "assembly",
        "registrar": "sala-reg",
        "party": "sala",
        "roles": ["party"],
        "public_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIlizSIN3DQV78VPNjVvvwjgf+P5HqbPYCYu3BOMdjAE",
    }

    registrar: Registrar
    party: Annotated[Party | None, about("the party whose registrar it is; left out: the secretariat's own")] = None
    person: Annotated[Person | None, about("who it is; needed for an adjuster")] = None
    roles: Annotated[tuple[Role, ...], Meta(min_length=1, description="what the registrar may do")]
    public_key: Annotated[
        Text | None, about("the OpenSSH public key with which the registrar signs, as in its .pub file")
    ] = None
    proof: Annotated[Text | None, about("an SSH signature by that key over the authorisation, in base64")] = None
    account: Annotated[
        Account | None,
        about("the sign-in, as ISSUER SUBJECT; kept outside the log, which holds a salted digest"),
    ] = None


class RegistrarReleased(Event, frozen=True, kw_only=True):
    """A registrar may no longer record."""

    valid_on_is = "first day without"
    provision = "recorded-by"
    example = {"organ": "secretariat", "registrar": "sala-reg"}

    registrar: Registrar


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


class PaperIssued(Event, frozen=True, kw_only=True):
    """A paper was issued, such as a notice or a claim. The digest of its file is the source's document."""

    valid_on_is = "the issue"
    provision = ""
    example = {"organ": "secretariat", "kind": "notice", "subject": "srb-1", "size": 12}

    kind: Annotated[PaperKind, about("the kind of paper")]
    subject: Annotated[Text, about("what it is about, such as a meeting's id")]
    size: Annotated[
        int, Meta(ge=1, le=LARGEST_INTEGER, description="of how many entries it was made: the N of its known-at @N")
    ]


EVENTS: dict[str, type[Event]] = {
    "entry-annulled": EntryAnnulled,
    "registrar-authorised": RegistrarAuthorised,
    "registrar-released": RegistrarReleased,
    "personal-data-disposed": PersonalDataDisposed,
    "signing-key-changed": SigningKeyChanged,
    "log-restored": LogRestored,
    "paper-issued": PaperIssued,
}
