"""The Ed25519 code in verify_ledger.py accepts exactly the signatures that the library `cryptography` accepts,
including the edge cases of published test vectors.
"""

from __future__ import annotations

from itertools import product

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.proof.note import LOW_ORDER
from tests.export.given import program
from tests.proof.vectors import VECTORS

VERIFY = program()
SECRET = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
PUBLIC = SECRET.public_key().public_bytes_raw()
LOW = sorted(LOW_ORDER)
# The public key MIXED_KEY is a point of mixed order, from C2SP/CCTV ed25519.
MIXED_KEY = "10eb7c3acfb2bed3e0d6ab89bf5a3d6afddd1176ce4812e38d9fd485058fdb1f"
R_OF_7 = "36684ea91032ba5b1dbab2d02f4debc74c3327f2b3802e2e4d371aa42b12b56b"
MIXED = {  # number of the vector: signature, message, whether Go and `cryptography` accept it
    4: ("00" * 32 + "5e176f12cfb0d4e6eb6929b19ae4c998ef05c1c2cf628a9b1fa1c21312627108", "ed25519vectors 7", False),
    5: ("00" * 32 + "9472a69cd9a701a50d130ed52189e2455b23767db52cacb8716fb896ffeeac09", "ed25519vectors 3", True),
    7: (R_OF_7 + "bbfd00bd9c259d8d222d15e67a3d8228585050dbb9b9585be20d8fadc721da03", "ed25519vectors", True),
}


def accepted(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@pytest.mark.parametrize("case", VECTORS["rfc8032_ed25519"]["cases"])
def test_the_rfcs_signatures_are_accepted(case: dict[str, str]) -> None:
    public, message, signature = (bytes.fromhex(case[name]) for name in ("public", "msg", "sig"))

    assert VERIFY.signed(public, message, signature)
    assert not VERIFY.signed(public, message + b"x", signature)


@pytest.mark.parametrize("number", MIXED)
def test_points_of_mixed_order_are_weighed_without_the_cofactor(number: int) -> None:
    signature, message, fits = MIXED[number]
    signed = bytes.fromhex(MIXED_KEY), message.encode(), bytes.fromhex(signature)

    assert (VERIFY.signed(*signed), accepted(*signed)) == (fits, fits)


def test_keys_and_points_of_low_order_are_weighed_as_elsewhere() -> None:
    for key, point in product(LOW, LOW):
        for message in (b"a", b"b", b"c", b"d"):
            signed = key, message, point + bytes(32)
            assert VERIFY.signed(*signed) == accepted(*signed), signed


def test_every_flipped_bit_of_a_signature_is_refused() -> None:
    signature = SECRET.sign(b"message")

    assert VERIFY.signed(PUBLIC, b"message", signature)
    for bit in range(0, 512, 3):
        flipped = (int.from_bytes(signature, "little") ^ 1 << bit).to_bytes(64, "little")
        assert not VERIFY.signed(PUBLIC, b"message", flipped)


def test_a_scalar_has_one_spelling() -> None:
    signature = SECRET.sign(b"message")
    larger = int.from_bytes(signature[32:], "little") + VERIFY.ORDER

    assert not VERIFY.signed(PUBLIC, b"message", signature[:32] + larger.to_bytes(32, "little"))
    assert not VERIFY.signed(PUBLIC, b"message", signature + b"\0")


@pytest.mark.parametrize("key", LOW)
def test_a_key_of_low_order_is_no_key(key: bytes) -> None:
    data = b"\x01" + key
    id_ = VERIFY.sha256(b"a\n" + data).digest()[:4].hex()

    with pytest.raises(ValueError, match="proves nothing"):
        VERIFY.key_of(f"a+{id_}+{VERIFY.b64encode(data).decode()}")


def test_published_checkpoints_are_read_and_their_signatures_hold() -> None:
    log = VECTORS["tessera_testlog"]
    key = VERIFY.key_of(log["vkey"])
    for size, text in log["checkpoints"].items():
        if size != "0":  # a checkpoint of size 0 is refused, because a ledger has at least one entry
            found = VERIFY.checkpoint_of(text.encode())
            assert (found.origin, found.size) == (log["origin"], int(size))
            assert [VERIFY.signed(key.public, found.text, data) for _, _, data in found.signatures] == [True]


@pytest.mark.parametrize(
    "text", [*VECTORS["checkpoint_parse"]["must_fail"], *VECTORS["signed_note"]["malformed_notes"]]
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an origin"):
        VERIFY.checkpoint_of(text.encode())
