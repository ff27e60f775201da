"""C2SP signed-note: texts with signature lines, and Ed25519 keys in text form. No other kind of key, and no files."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from ledger.messages import filled, marked, msg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

ED25519 = 0x01  # C2SP signed-note, "Signature types"
KEY_BYTES, ID_BYTES = 32, 4
MOST_SIGNATURES = 100
LONGEST = 1_000_000  # limit in bytes of a note, and of a document with a note, as in golang.org/x/mod/sumdb/note
LONGEST_KEY = 1_000  # limit in characters of a public key in text form
DASH = "\N{EM DASH} "

_BOM = b"\xef\xbb\xbf"
_TYPED_DASH = re.compile(r"^(?:--?|\N{EN DASH}) ", re.MULTILINE)

# Points of low order. RFC 8032 section 5.1.7 accepts such a point as a public key, although one signature by a key of
# low order verifies many texts.
_LOW = (
    *("00" * 32, "01" + "00" * 31, "ec" + "ff" * 30 + "7f", "ed" + "ff" * 30 + "7f", "ee" + "ff" * 30 + "7f"),
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
)
LOW_ORDER = frozenset(
    bytes.fromhex(low)[:31] + bytes([bytes.fromhex(low)[31] | sign]) for low in _LOW for sign in (0, 0x80)
)


class Verifier(NamedTuple):
    """An Ed25519 public key, and the name under which its private key signs."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The four-byte key id that signature lines carry (C2SP signed-note, "Signatures")."""
        return sha256(self.name.encode() + b"\n" + bytes([ED25519]) + self.public).digest()[:ID_BYTES]


class Signer(NamedTuple):
    """An Ed25519 private key (the 32-byte seed of RFC 8032), and the name under which the key signs."""

    name: str
    seed: bytes

    @property
    def verifier(self) -> Verifier:
        """The public key of this private key, under the same name."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return Verifier(self.name, public)


class Signature(NamedTuple):
    """A signature line of a note: the name and id of a key, and signature bytes of any kind."""

    name: str
    id: bytes
    data: bytes


class Note(NamedTuple):
    """A text that ends with a newline, and the signature lines below the text."""

    text: str
    signatures: tuple[Signature, ...]


def format_note(note: Note) -> str:
    """Returns the note as one document: text, blank line, signature lines (C2SP signed-note, "Format")."""
    lines = (f"{DASH}{one.name} {base64_of(one.id + one.data)}\n" for one in note.signatures)
    return f"{note.text}\n{''.join(lines)}"


def repaired(document: bytes) -> tuple[str, tuple[str, ...]]:
    """Undoes what an editor, a printer or a typist may have changed in a note, or in a receipt that ends in a note.

    Returns the repaired text, and one phrase for each repair made. Raises ValueError if the document is longer than a
    million bytes or is not UTF-8. Only the repairs listed here are made, because the repaired text is checked byte by
    byte afterwards.

    The repairs are listed in the order in which they are made. A byte order mark (EF BB BF) at the start is removed,
    and the rest is decoded as UTF-8. CR LF and a lone CR become LF. Spaces and tabs at the ends of lines are removed,
    so that a line of only spaces becomes a blank line. Blank lines at the end are removed, and a missing newline at the
    end is added. In the lines after the last blank line, a hyphen, two hyphens or an en dash at the start of a line
    becomes an em dash if a space follows.
    """
    if len(document) > LONGEST:
        raise ValueError(msg("it is longer than {most} bytes", most=LONGEST))
    whats = list[str]()
    if document.startswith(_BOM):
        document = document.removeprefix(_BOM)
        whats.append(msg("a byte order mark at its start"))
    try:
        text = document.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError(msg("it is not text in UTF-8")) from None
    for what, repair in _REPAIRS:
        if (better := repair(text)) != text:
            whats.append(filled(what, {}))
            text = better
    return text, tuple(whats)


def _dashes(text: str) -> str:
    above, blank, signatures = text.rpartition("\n\n")
    return above + blank + _TYPED_DASH.sub(DASH, signatures) if blank else text


_REPAIRS: tuple[tuple[str, Callable[[str], str]], ...] = (
    (marked("line ends of another system (CR)"), lambda text: text.replace("\r\n", "\n").replace("\r", "\n")),
    (marked("spaces at the ends of lines"), lambda text: "\n".join(line.rstrip(" \t") for line in text.split("\n"))),
    (marked("blank lines at its end"), lambda text: f"{text.rstrip(chr(10))}\n" if text.endswith("\n\n") else text),
    (marked("a last line that was not ended"), lambda text: text if text.endswith("\n") else f"{text}\n"),
    (marked("hyphens in place of the dash before a signature"), _dashes),
)


def parse_note(document: str) -> Note:
    """Returns the text and signature lines of a note, without checking any signature.

    Raises ValueError if the document is not a note or is longer than a million bytes (C2SP signed-note, "Format").
    """
    if len(document.encode("utf-8")) > LONGEST:
        raise ValueError(msg("a note has at most {most} bytes", most=LONGEST))
    if any(ord(sign) < 0x20 and sign != "\n" for sign in document):
        raise ValueError(msg("a note has no control characters"))
    text, blank, rest = document.rpartition("\n\n")
    if not blank or not rest.endswith("\n"):
        raise ValueError(msg("a note has a text, a blank line and signatures, and every line ends with a newline"))
    lines = rest[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise ValueError(msg("a note has at most {most} signatures", most=MOST_SIGNATURES))
    return Note(f"{text}\n", tuple(map(_signature, lines)))


def _signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(DASH).partition(" ")
    if not line.startswith(DASH) or not space or not is_name(name):
        raise ValueError(msg("a note's signature is a dash, a name and base64"))
    data = unbase64(encoded)
    if len(data) <= ID_BYTES:
        raise ValueError(msg("a note's signature is cut off"))
    return Signature(name, data[:ID_BYTES], data[ID_BYTES:])


def sign_note(text: str, *signers: Signer) -> Note:
    """Returns the text as a note signed by every signer (C2SP signed-note, "Ed25519 signatures")."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    made = (
        Signature(one.name, one.verifier.id, Ed25519PrivateKey.from_private_bytes(one.seed).sign(text.encode()))
        for one in signers
    )
    return Note(text, tuple(made))


def signed_by(note: Note, verifiers: Iterable[Verifier]) -> tuple[Verifier, ...]:
    """Returns the verifiers that signed the note, in the order given.

    For each verifier, only the first line with its name and id is checked. Raises ValueError if a verifier's first line
    has a false signature. Lines of unknown keys are ignored (C2SP signed-note, "Signatures").
    """
    found = []
    for verifier in verifiers:
        by_it = (one.data for one in note.signatures if (one.name, one.id) == (verifier.name, verifier.id))
        if (signature := next(by_it, None)) is not None:
            _check_signature(verifier, signature, note.text)
            found.append(verifier)
    return tuple(found)


def misnamed(note: Note, name: str, verifiers: Sequence[Verifier]) -> tuple[Signature, ...]:
    """Returns the signature lines whose name or key id appears to have been altered. An altered line proves nothing.

    All verifiers must have the name `name`. A line with the name `name` is returned if its id belongs to none of the
    verifiers. A line with another name is returned if its signature is valid under the key of one of the verifiers.
    """
    known = {(one.name, one.id) for one in verifiers}
    others = (line for line in note.signatures if (line.name, line.id) not in known)
    return tuple(line for line in others
                 if line.name == name or any(_is_by(one, line.data, note.text) for one in verifiers))  # fmt: skip


def _is_by(verifier: Verifier, signature: bytes, text: str) -> bool:
    try:
        _check_signature(verifier, signature, text)
    except ValueError:
        return False
    return True


def _check_signature(verifier: Verifier, signature: bytes, text: str) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(verifier.public).verify(signature, text.encode())
    except InvalidSignature:
        what = msg("the signature of {name} is not by its key {key}", name=verifier.name, key=verifier.id.hex())
        raise ValueError(what) from None


def format_vkey(verifier: Verifier) -> str:
    """Returns a public key as text: NAME+ID+KEY (golang.org/x/mod/sumdb/note, "Verifying keys")."""
    return f"{verifier.name}+{verifier.id.hex()}+{base64_of(bytes([ED25519]) + verifier.public)}"


def parse_vkey(text: str) -> Verifier:
    """Returns the Ed25519 public key in a NAME+ID+KEY text. Raises ValueError for other texts and low-order keys."""
    if len(text) > LONGEST_KEY:
        raise ValueError(msg("a public key has at most {most} characters", most=LONGEST_KEY))
    name, key_id, encoded = [*text.split("+", 2), "", ""][:3]
    data = unbase64(encoded)
    verifier = Verifier(name, data[1:])
    if not is_name(name) or data[:1] != bytes([ED25519]) or len(verifier.public) != KEY_BYTES:
        raise ValueError(msg("a public key is NAME+ID+KEY, of Ed25519"))
    if key_id != verifier.id.hex():
        raise ValueError(msg("the id in a public key is not that of its name and key"))
    if verifier.public in LOW_ORDER:
        raise ValueError(msg("a public key of low order proves nothing"))
    return verifier


def format_skey(signer: Signer) -> str:
    """Returns a private key as text: PRIVATE+KEY+NAME+ID+SEED (golang.org/x/mod/sumdb/note, "Signing keys")."""
    return f"PRIVATE+KEY+{signer.name}+{signer.verifier.id.hex()}+{base64_of(bytes([ED25519]) + signer.seed)}"


def parse_skey(text: str) -> Signer:
    """Returns the private key in a PRIVATE+KEY+NAME+ID+SEED text.

    Raises ValueError for any other text. The error message never contains the text, which may hold a secret.
    """
    private, key, name, key_id, encoded = [*text.split("+", 4), "", "", "", "", ""][:5]
    data = unbase64(encoded)
    if (private, key) != ("PRIVATE", "KEY") or data[:1] != bytes([ED25519]) or len(data) != 1 + KEY_BYTES:
        raise ValueError(msg("a private key is PRIVATE+KEY+NAME+ID+SEED, of Ed25519"))
    signer = Signer(name, data[1:])
    if not is_name(name) or key_id != signer.verifier.id.hex():
        raise ValueError(msg("the id in a private key is not that of its name and key"))
    return signer


def is_name(text: str) -> bool:
    """Whether a text is a valid key name: not empty, no whitespace, no plus sign (C2SP signed-note, "Format")."""
    return bool(text) and "+" not in text and not any(sign.isspace() for sign in text)


def base64_of(data: bytes) -> str:
    """Returns the bytes in standard base64 with padding (RFC 4648 section 4)."""
    return b64encode(data).decode("ascii")


def unbase64(text: str) -> bytes:
    """Returns the bytes in a base64 text (RFC 4648 section 4). Raises ValueError if the text is not canonical."""
    try:
        data = b64decode(text)
    except ValueError:  # the message below replaces the library's message
        data = b""
    if base64_of(data) != text:
        raise ValueError(msg("it is not canonical base64"))
    return data
