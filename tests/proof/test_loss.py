"""Tests the line of a note in which the ledger's key signs a loss."""

from __future__ import annotations

import pytest

from ledger.proof.loss import Lost, check_loss, loss_in, sign_loss
from ledger.proof.note import Signature, Signer

KEY, OTHER = (Signer("liggare/test", bytes([number]) * 32) for number in (1, 2))
LOST = Lost(9, 5, bytes(range(32)))
LINE = sign_loss(KEY, LOST)


def test_what_was_lost_is_signed_and_read_again() -> None:
    assert loss_in(LINE) == LOST
    assert check_loss(LINE, KEY.verifier) is True


@pytest.mark.parametrize(
    "line",
    [
        LINE._replace(name="lost/9"),
        LINE._replace(name="liggare/test"),
        LINE._replace(name="lost/9/4"),
        LINE._replace(data=LINE.data[:-1]),
        LINE._replace(data=LINE.data[:-1] + bytes(1)),
        Signature(LINE.name, LINE.id, b""),
        sign_loss(OTHER, LOST),
    ],
)
def test_a_loss_that_the_key_did_not_sign_does_not_count(line: Signature) -> None:
    assert check_loss(line, KEY.verifier) is False
