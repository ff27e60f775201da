"""Tests C2SP tlog-proof with the published receipts, and with many receipts that are refused because one field was
changed.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from ledger.proof.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from ledger.proof.note import Signer, format_note, parse_note, parse_vkey
from ledger.proof.receipt import HEAD, Receipt, check_receipt, format_receipt, parse_receipt
from ledger.proof.tree import leaf_hash, prove_inclusion, subtrees, tree_root
from tests.proof.vectors import VECTORS

if TYPE_CHECKING:
    from collections.abc import Iterator

RECEIPTS = 1_000 if os.environ.get("LIGGARE_SOAK") else 250
COSIGNED = VECTORS["cosigned_checkpoint"]
PUBLISHED = COSIGNED["tlog_proofs"]
LOG = Signer("liggare/test", bytes(range(32)))
LEAVES = [leaf_hash(b"%d" % at) for at in range(700)]


def published_entry(index: int) -> bytes:
    payload = {"seq": index, "type": "motion.recorded", "actor": f"m{index % 10}", "payload": {"x": index}}
    return json.dumps(payload, separators=(",", ":"), sort_keys=True).encode()


@pytest.mark.parametrize("index", [0, 69_999])
def test_a_published_receipt_holds_for_its_entry_alone(index: int) -> None:
    document, key = PUBLISHED[str(index)], parse_vkey(COSIGNED["log_vkey"])
    receipt = parse_receipt(document)

    assert receipt.index == index
    assert format_receipt(receipt) == document
    assert check_receipt(receipt, published_entry(index), key) == open_checkpoint(COSIGNED["checkpoint"], key)
    with pytest.raises(ValueError, match=f"the entry is not number {index + 1} of the 70000 in the checkpoint"):
        check_receipt(receipt, published_entry(index) + b" ", key)


def test_extra_data_goes_along_unsigned() -> None:
    receipt = Receipt(3, (bytes(32),), "note\n\n— a b\n", b"what the entry says")

    assert format_receipt(receipt).splitlines()[1] == f"extra {b64encode(receipt.extra).decode()}"
    assert parse_receipt(format_receipt(receipt)) == receipt


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tlog-proof@v1", "tlog-proof@v2"),
        ("index 0", "index 00"),
        ("index 0", "index -1"),
        ("index 0", "Index 0"),
        ("index 0\n", ""),
        ("index 0", "extra \nindex 0"),
        ("index 0", "extra AA\nindex 0"),
        ("UYPal7o6", "UYPal7o"),
        ("UYPal7o6", "UYPal7o6AAAA"),
        ("q9u8=", "q9u8=\n"),
        ("\n\n", "\n"),
    ],
)
def test_another_text_is_no_receipt(old: str, new: str) -> None:
    document, key = PUBLISHED["0"], parse_vkey(COSIGNED["log_vkey"])

    assert old in document
    with pytest.raises(ValueError):
        check_receipt(parse_receipt(document.replace(old, new)), published_entry(0), key)


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ("", "not a C2SP tlog-proof"), (HEAD, "not a C2SP tlog-proof"), (f"{HEAD}\n\nnote", "not a C2SP tlog-proof"),
        (f"{HEAD}\nindex 0\nnote", "not a C2SP tlog-proof"), ("x\nindex 0\n\nnote", "not a C2SP tlog-proof"),
        (f"{HEAD}\nextra \nindex 0\n\nnote", "without extra data has no line for it"),
        (f"{HEAD}\nextra AA==\n\nnote", "with its index"), (f"{HEAD}\nindex: 0\n\nnote", "with its index"),
        (f"{HEAD}\n0\n\nnote", "with its index"), (f"{HEAD}\nindex 00\n\nnote", "a number is written in digits"),
        (f"{HEAD}\nindex 0\nAAAA\n\nnote", "hashes of 32 bytes"),
        (f"{HEAD}\nindex 0\n{b64encode(bytes(33)).decode()}\n\nnote", "hashes of 32 bytes"),
        (f"{HEAD}\nindex 0\n{b64encode(bytes(32)).decode()}\nAAAA\n\nnote", "hashes of 32 bytes"),
    ],
)  # fmt: skip
def test_the_error_for_an_invalid_receipt_names_the_fault(document: str, told: str) -> None:
    assert parse_receipt(f"{HEAD}\nindex 0\n\nnote") == Receipt(0, (), "note")
    assert parse_receipt(f"{HEAD}\nextra AA==\nindex 7\n\nnote\n\nmore") == Receipt(7, (), "note\n\nmore", b"\0")
    with pytest.raises(ValueError, match=told):
        parse_receipt(document)


@dataclass(frozen=True)
class Handed:
    """A receipt, and the entry that the receipt proves."""

    data: bytes
    document: str


def handed(random: Random) -> Handed:
    size = random.randint(1, len(LEAVES))
    index, subtree = random.randrange(size), subtrees(LEAVES[:size])
    note = sign_checkpoint(Checkpoint(LOG.name, size, tree_root(size, subtree)), LOG)
    return Handed(b"%d" % index, format_receipt(Receipt(index, prove_inclusion(index, size, subtree), note)))


def flipped(encoded: str, random: Random) -> str:
    data = bytearray(b64decode(encoded))
    data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    return b64encode(bytes(data)).decode()


def mutated(given: Handed, random: Random) -> Iterator[tuple[str, Handed]]:
    """Yields, for each field, its name and the receipt and entry with this field changed at random."""
    receipt = parse_receipt(given.document)
    note = parse_note(receipt.note)
    origin, size, root, _ = note.text.split("\n")
    [signature] = note.signatures

    def changed(what: str, **fields: Any) -> tuple[str, Handed]:
        return what, Handed(given.data, format_receipt(structs.replace(receipt, **fields)))

    def resaid(what: str, text: str) -> tuple[str, Handed]:
        return changed(what, note=format_note(note._replace(text=text)))

    yield "entry", Handed(given.data + b"0", given.document)
    yield changed("index", index=receipt.index ^ 1 << random.randrange(12))
    for at, one in enumerate(receipt.path):
        other = b64decode(flipped(b64encode(one).decode(), random))
        yield changed("path", path=(*receipt.path[:at], other, *receipt.path[at + 1 :]))
    yield changed("path, longer", path=(*receipt.path, random.randbytes(32)))
    yield resaid("origin", f"{origin}0\n{size}\n{root}\n")
    yield resaid("size", f"{origin}\n{int(size) ^ 1 << random.randrange(12)}\n{root}\n")
    yield resaid("root", f"{origin}\n{size}\n{flipped(root, random)}\n")
    yield resaid("extension", f"{note.text}more\n")
    for what, signed in (
        ("name", signature._replace(name=f"{signature.name}x")),
        ("id", signature._replace(id=random.randbytes(4))),
        ("data", signature._replace(data=random.randbytes(64))),
    ):
        yield changed(f"signature's {what}", note=format_note(note._replace(signatures=(signed,))))
    at = random.randrange(len(given.document))
    sign = chr(random.randrange(32, 127))
    if sign != given.document[at]:
        yield f"sign {at}", Handed(given.data, given.document[:at] + sign + given.document[at + 1 :])


def holds(given: Handed) -> bool:
    try:
        check_receipt(parse_receipt(given.document), given.data, LOG.verifier)
    except ValueError:
        return False
    return True


def test_every_changed_field_of_many_receipts_is_refused() -> None:
    random = Random(6962)  # noqa: S311 - the same ones each time

    for _ in range(RECEIPTS):
        given = handed(random)
        assert holds(given)
        assert [what for what, other in mutated(given, random) if holds(other)] == []


def test_a_path_has_sixty_three_hashes_at_most() -> None:
    receipt = Receipt(0, (bytes(32),) * 63, "note")

    assert parse_receipt(format_receipt(receipt)) == receipt
    with pytest.raises(ValueError, match="at most 63 hashes of 32 bytes"):
        parse_receipt(format_receipt(Receipt(0, (bytes(32),) * 64, "note")))


@pytest.mark.parametrize(
    "document",
    [HEAD, f"{HEAD}\n", f"{HEAD}\nindex 0", f"{HEAD}\nindex 0\n", f"{HEAD}\n\nnote", f"{HEAD}\n{'A' * 43}=\n\nnote",
     f"{HEAD}\nextra AAAA\n\nnote", f"{HEAD}\nextra \nindex 0\n\nnote", f"{HEAD}\nindex 0\nAAAA\n\nnote"],
)  # fmt: skip
def test_a_text_that_lacks_a_part_is_no_receipt(document: str) -> None:
    with pytest.raises(ValueError):
        parse_receipt(document)
