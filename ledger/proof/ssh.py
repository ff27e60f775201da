"""SSHSIG: signatures by OpenSSH keys over texts (OpenSSH, PROTOCOL.sshsig). Nothing here signs, and no files are read.

The kinds of key in KINDS are accepted: Ed25519, ECDSA and RSA, also those that a security key (FIDO, `sk-`) holds.
"""

from __future__ import annotations

from hashlib import sha256, sha512
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.messages import msg
from ledger.proof.note import LOW_ORDER, base64_of, unbase64

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BEGIN, END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
WIDTH = 70  # characters of a line between BEGIN and END, as ssh-keygen writes it
LONGEST = 16_384  # characters of a public key or of a signature file; a key of RSA_BITS needs fewer
RSA_BITS = range(2_048, 16_384 + 1)

# Each accepted kind of key → the kinds of signature it makes, each with the hash that it signs (RFC 8332 section 3,
# RFC 5656 section 6.2.1, OpenSSH's PROTOCOL.u2f). Ed25519 hashes by itself.
KINDS = {
    "ssh-ed25519": {"ssh-ed25519": ""},
    "ecdsa-sha2-nistp256": {"ecdsa-sha2-nistp256": "SHA256"},
    "ecdsa-sha2-nistp384": {"ecdsa-sha2-nistp384": "SHA384"},
    "ecdsa-sha2-nistp521": {"ecdsa-sha2-nistp521": "SHA512"},
    "ssh-rsa": {"rsa-sha2-256": "SHA256", "rsa-sha2-512": "SHA512"},
    "sk-ssh-ed25519@openssh.com": {"sk-ssh-ed25519@openssh.com": ""},
    "sk-ecdsa-sha2-nistp256@openssh.com": {"sk-ecdsa-sha2-nistp256@openssh.com": "SHA256"},
}

_PREAMBLE, _VERSION = b"SSHSIG", (1).to_bytes(4, "big")
_HASHES: dict[str, Callable[[bytes], Any]] = {"sha256": sha256, "sha512": sha512}
_PRESENT = 0x01  # the flag of a security key that somebody was present and touched it (PROTOCOL.u2f)


class PublicKey(NamedTuple):
    """An OpenSSH public key: its kind, one of KINDS, and its blob (RFC 4253 section 6.6)."""

    kind: str
    blob: bytes

    @property
    def text(self) -> str:
        """The key as a line of a `.pub` file, without a comment."""
        return f"{self.kind} {base64_of(self.blob)}"

    @property
    def fingerprint(self) -> str:
        """The fingerprint that `ssh-keygen -l` shows: `SHA256:` and the SHA-256 of the blob in base64, unpadded."""
        return "SHA256:" + base64_of(sha256(self.blob).digest()).rstrip("=")


class SshSignature(NamedTuple):
    """What the blob of a signature states (PROTOCOL.sshsig section 2). `hash` is the name of the hash of the text, and
    `made` holds the kind of the signature and its bytes.
    """

    key: PublicKey
    namespace: str
    reserved: bytes
    hash: str
    made: bytes


def fingerprint_of(line: str) -> str:
    """Returns the fingerprint of the key in a line of a `.pub` file; a line that is none, which a damaged entry may
    hold, as it is.
    """
    kind, _, rest = line.strip().partition(" ")
    try:
        return PublicKey(kind, unbase64(rest.partition(" ")[0])).fingerprint
    except ValueError:
        return line


def parse_public_key(line: str) -> PublicKey:
    """Returns the key in a line as in a `.pub` file: kind, base64 and perhaps a comment.

    Raises ValueError for any other text, and for a key that is not accepted.
    """
    kind, _, rest = line.strip().partition(" ")
    if len(line) > LONGEST or "\n" in line.strip():
        raise ValueError(msg("a public key is one line of at most {most} characters", most=LONGEST))
    key = PublicKey(kind, unbase64(rest.partition(" ")[0]))
    _loaded(key)
    return key


def parse_signature_file(text: str) -> bytes:
    """Returns the blob in a signature file as `ssh-keygen -Y sign` writes it (PROTOCOL.sshsig section 1).

    Lines may end in CR LF, and there may be blanks before and after. Raises ValueError for any other text.
    """
    lines = text.split() if len(text) <= LONGEST else []
    head, foot = BEGIN.split(), END.split()
    if lines[: len(head)] != head or lines[-len(foot) :] != foot:
        raise ValueError(msg("a signature file begins with {begin} and ends with {end}", begin=BEGIN, end=END))
    return unbase64("".join(lines[len(head) : -len(foot)]))


def signature_file(blob: bytes) -> str:
    """Returns a signature as a file that `ssh-keygen -Y verify` reads (PROTOCOL.sshsig section 1)."""
    text = base64_of(blob)
    return "\n".join([BEGIN, *(text[at : at + WIDTH] for at in range(0, len(text), WIDTH)), END, ""])


def parse_signature(blob: bytes) -> SshSignature:
    """Returns what the blob of a signature states, without checking the signature (PROTOCOL.sshsig section 2).

    Raises ValueError for a malformed blob, another version, or a key or hash that is not accepted.
    """
    head = _PREAMBLE + _VERSION
    if not blob.startswith(head):
        raise ValueError(msg("it is not an SSH signature of version 1"))
    try:
        key, namespace, reserved, hashed, made = _strings(blob[len(head) :])
        kind, hash_name = _string_of(key)[0].decode("ascii"), hashed.decode("ascii")
        found = SshSignature(PublicKey(kind, key), namespace.decode("utf-8"), reserved, hash_name, made)
    except ValueError:
        raise ValueError(msg("the SSH signature is malformed")) from None
    if hash_name not in _HASHES:
        raise ValueError(msg("the text is hashed with {hash}, not with sha256 or sha512", hash=ascii(hash_name)))
    _loaded(found.key)
    return found


def check_signature(blob: bytes, text: bytes, namespace: str, key: PublicKey) -> None:
    """Checks that a signature is by `key`, over `text`, for `namespace` (PROTOCOL.sshsig section 3).

    Raises ValueError that says what is wrong.
    """
    found = parse_signature(blob)
    if found.namespace != namespace:
        what = msg("the signature is for {found}, not for {wanted}", found=ascii(found.namespace), wanted=namespace)
        raise ValueError(what)
    if found.key != key:
        by, wanted = found.key.fingerprint, key.fingerprint
        raise ValueError(msg("the signature is by the key {found}, not by {wanted}", found=by, wanted=wanted))
    hashed = _HASHES[found.hash](text).digest()
    parts = (namespace.encode(), found.reserved, found.hash.encode(), hashed)
    if not _is_by(key, found.made, _PREAMBLE + b"".join(len(one).to_bytes(4, "big") + one for one in parts)):
        raise ValueError(msg("the signature is not by this key over this text"))


def _is_by(key: PublicKey, made: bytes, signed: bytes) -> bool:
    """Whether `made`, a kind of signature and its bytes, is the key's signature over `signed`.

    Raises ValueError if the key makes no signature of that kind or form (RFC 4253 section 6.6, PROTOCOL.u2f).
    """
    from cryptography.exceptions import InvalidSignature

    try:
        kind, rest = _string_of(made)
        raw, rest = _string_of(rest)
    except ValueError:
        raise ValueError(msg("the SSH signature is malformed")) from None
    if (hashed := KINDS[key.kind].get(kind.decode("ascii", "replace"))) is None:
        what = msg("a key of the kind {key} makes no signature of the kind {kind}", key=key.kind, kind=ascii(kind))
        raise ValueError(what)
    if key.kind.startswith("sk-"):
        signed = _by_security_key(key, rest, signed)
    elif rest:
        raise ValueError(msg("the SSH signature is malformed"))
    try:
        _verify(_loaded(key), raw, signed, hashed)
    except InvalidSignature:
        return False
    return True


def _by_security_key(key: PublicKey, flags_and_counter: bytes, signed: bytes) -> bytes:
    """Returns the bytes that a security key signs for `signed` (PROTOCOL.u2f, "SSH U2F Signatures").

    Raises ValueError unless somebody touched the security key.
    """
    if len(flags_and_counter) != 5:
        raise ValueError(msg("the SSH signature is malformed"))
    if not flags_and_counter[0] & _PRESENT:
        raise ValueError(msg("nobody touched the security key when it signed"))
    *_, application = _strings(key.blob)
    return sha256(application).digest() + flags_and_counter + sha256(signed).digest()


def _verify(public: Any, raw: bytes, signed: bytes, hashed: str) -> None:
    """Raises InvalidSignature unless `raw` is a signature over `signed` by a key of `cryptography`."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, utils

    match public:
        case ed25519.Ed25519PublicKey():
            public.verify(raw, signed)
        case ec.EllipticCurvePublicKey():
            try:
                r, s = (int.from_bytes(one, "big") for one in _strings(raw))
            except ValueError:
                raise InvalidSignature from None
            public.verify(utils.encode_dss_signature(r, s), signed, ec.ECDSA(getattr(hashes, hashed)()))
        case _:
            public.verify(raw, signed, padding.PKCS1v15(), getattr(hashes, hashed)())


def _loaded(key: PublicKey) -> Any:
    """Returns the key as `cryptography` has it. Raises ValueError if the key is not accepted."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_ssh_public_key

    if key.kind not in KINDS:
        raise ValueError(msg("{kind} is no kind of OpenSSH key that is accepted", kind=ascii(key.kind[:64])))
    try:
        public = load_ssh_public_key(key.text.encode("ascii"))
    except (ValueError, UnsupportedAlgorithm, NotImplementedError):  # the last of a compressed point
        raise ValueError(msg("the OpenSSH public key is malformed")) from None
    if isinstance(public, rsa.RSAPublicKey):
        if public.key_size not in RSA_BITS:
            fewest, most = RSA_BITS[0], RSA_BITS[-1]
            raise ValueError(msg("an RSA key must have {fewest} to {most} bits", fewest=fewest, most=most))
        if public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH) != key.text.encode("ascii"):
            # Leading zeros make other bytes of the same key.
            raise ValueError(msg("the OpenSSH public key is malformed"))
    if isinstance(public, ed25519.Ed25519PublicKey) and public.public_bytes_raw() in LOW_ORDER:
        raise ValueError(msg("a public key of low order proves nothing"))
    return public


def _strings(data: bytes) -> Iterator[bytes]:
    """Yields the strings that `data` consists of (RFC 4251 section 5). Raises ValueError if one is cut off."""
    while data:
        one, data = _string_of(data)
        yield one


def _string_of(data: bytes) -> tuple[bytes, bytes]:
    """Returns the first string in `data` and the bytes after it. Raises ValueError if the string is cut off."""
    end = 4 + int.from_bytes(data[:4], "big")
    if len(data) < max(4, end):
        raise ValueError(msg("the SSH signature is malformed"))
    return data[4:end], data[end:]
