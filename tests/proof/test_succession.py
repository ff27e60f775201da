"""Tests the succession of signing keys: what an old key signs, and which later keys can be trusted because an old key
is trusted.
"""

from __future__ import annotations

import pytest

from ledger.proof.note import Signer, base64_of, format_note, format_vkey, sign_note, unbase64
from ledger.proof.succession import (
    SigningKey,
    check_succession,
    format_succession,
    lost,
    parse_succession,
    prove_succession,
    succession_text,
)

ORIGIN = "liggare/0123456789abcdef0123456789abcdef"
OLD, NEW, OTHER = (Signer(ORIGIN, bytes([number]) * 32) for number in (1, 2, 3))
FIRST, COVERED, LOST, AFTER = (
    SigningKey(0, OLD.verifier),
    SigningKey(5, NEW.verifier),
    SigningKey(9, OTHER.verifier, covered=False),
    SigningKey(12, Signer(ORIGIN, bytes([4]) * 32).verifier),
)


def test_the_text_names_log_place_and_key_a_line_each() -> None:
    vkey = f"{ORIGIN}+{NEW.verifier.id.hex()}+{base64_of(bytes([1]) + NEW.verifier.public)}"

    assert succession_text(ORIGIN, 5, NEW.verifier) == f"liggare-key@v1\n{ORIGIN}\n5\n{vkey}\n"


def test_the_old_key_vouches_for_this_change_alone() -> None:
    proof = prove_succession(OLD, ORIGIN, 5, NEW.verifier)

    assert len(unbase64(proof)) == 64
    assert check_succession(proof, OLD.verifier, ORIGIN, 5, NEW.verifier)
    assert not check_succession(proof, OTHER.verifier, ORIGIN, 5, NEW.verifier)
    assert not check_succession(proof, OLD.verifier, ORIGIN.replace("0", "1"), 5, NEW.verifier)
    assert not check_succession(proof, OLD.verifier, ORIGIN, 6, NEW.verifier)
    assert not check_succession(proof, OLD.verifier, ORIGIN, 5, OTHER.verifier)


def test_a_proof_with_a_flipped_bit_is_invalid() -> None:
    proof = unbase64(prove_succession(OLD, ORIGIN, 5, NEW.verifier))
    for bit in range(len(proof) * 8):
        flipped = bytearray(proof)
        flipped[bit // 8] ^= 1 << bit % 8
        assert not check_succession(base64_of(bytes(flipped)), OLD.verifier, ORIGIN, 5, NEW.verifier)


@pytest.mark.parametrize("proof", ["", "A", "AAAA", "A" * 86 + "==", "å", "A" * 10_000])
def test_what_is_no_signature_is_no_proof(proof: str) -> None:
    assert check_succession(proof, OLD.verifier, ORIGIN, 5, NEW.verifier) is False


def test_a_change_says_by_itself_which_key_follows_and_what_the_old_one_signed() -> None:
    text = succession_text(ORIGIN, 5, NEW.verifier)
    note = format_succession(prove_succession(OLD, ORIGIN, 5, NEW.verifier), OLD.verifier, ORIGIN, 5, NEW.verifier)

    assert note == format_note(sign_note(text, OLD))
    assert parse_succession(note)[1:] == (NEW.verifier, sign_note(text, OLD))


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n5\n{base64_of(bytes(32))}\n{format_vkey(NEW.verifier)}\n",
        succession_text(ORIGIN, 5, NEW.verifier) + "more\n",
        succession_text(ORIGIN, 5, NEW.verifier).replace(format_vkey(NEW.verifier), "x"),
    ],
    ids=["a checkpoint with a further line", "a line more", "no key"],
)
def test_no_other_text_that_the_old_key_signed_is_a_change(text: str) -> None:
    with pytest.raises(ValueError, match=r"four lines|key"):
        parse_succession(format_note(sign_note(text, OLD)))


def test_a_trusted_key_leads_to_all_that_follow_it_covered() -> None:
    chain = (FIRST, COVERED, LOST, AFTER)

    assert lost(chain, None) == [LOST]
    assert lost(chain, FIRST.verifier) == [LOST]
    assert lost(chain, COVERED.verifier) == [LOST]
    assert lost(chain, LOST.verifier) == []
    assert lost(chain, AFTER.verifier) == []
    assert lost(chain[:2], FIRST.verifier) == []


def test_a_foreign_key_leads_to_no_other_key() -> None:
    assert lost((FIRST, COVERED, LOST), AFTER.verifier) == [LOST]
