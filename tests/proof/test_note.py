"""Tests C2SP signed-note and tlog-checkpoint with the published keys, signatures and texts, and with malformed input
that is refused.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest

from ledger.proof.checkpoint import (
    Checkpoint,
    format_checkpoint,
    number,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
)
from ledger.proof.note import (
    Note,
    Signature,
    Signer,
    Verifier,
    format_note,
    format_skey,
    format_vkey,
    parse_note,
    parse_skey,
    parse_vkey,
    repaired,
    sign_note,
    signed_by,
)
from ledger.proof.receipt import HEAD, parse_receipt
from ledger.proof.tree import Frontier, leaf_hash
from tests.counting import in_processor_seconds
from tests.proof.vectors import VECTORS

NOTE, CHECKPOINTS, LOG, COSIGNED = (
    VECTORS[name] for name in ("signed_note", "checkpoint_parse", "tessera_testlog", "cosigned_checkpoint")
)
NEUMANN, ROOT, FOO = map(parse_vkey, NOTE["vkeys"])
SIGNER = parse_skey(NOTE["skey"])
TEXT = NOTE["text"]
BOTH = TEXT + "\n" + "".join(NOTE["sig_lines"])


@pytest.mark.parametrize("case", VECTORS["rfc8032_ed25519"]["cases"], ids=["test 1", "test 2"])
def test_keys_and_signatures_are_those_of_rfc_8032(case: dict[str, Any]) -> None:
    signer = Signer("key", bytes.fromhex(case["secret"]))
    note = sign_note(bytes.fromhex(case["msg"]).decode("ascii"), signer)

    assert signer.verifier.public.hex() == case["public"]
    assert note.signatures[0].data.hex() == case["sig"]


@pytest.mark.parametrize("vkey", [*NOTE["vkeys"], NOTE["sumdb_key"], LOG["vkey"], COSIGNED["log_vkey"]])
def test_a_public_key_is_read_and_written_alike(vkey: str) -> None:
    assert format_vkey(parse_vkey(vkey)) == vkey


@pytest.mark.parametrize("skey", [NOTE["skey"], LOG["skey"]])
def test_a_private_key_is_read_and_written_alike(skey: str) -> None:
    assert format_skey(parse_skey(skey)) == skey


def test_a_private_key_has_its_public_one() -> None:
    assert format_vkey(parse_skey(LOG["skey"]).verifier) == LOG["vkey"]


@pytest.mark.parametrize(
    "vkey",
    [*NOTE["bad_vkeys"], "", "+", "a+b", NOTE["vkeys"][0][:-1], " " + NOTE["vkeys"][0], COSIGNED["witness_vkeys"][0]],
)
def test_another_text_is_no_public_key(vkey: str) -> None:
    with pytest.raises(ValueError):
        parse_vkey(vkey)


@pytest.mark.parametrize("public", VECTORS["low_order_public_keys"]["keys"])
def test_a_public_key_of_low_order_is_refused(public: str) -> None:
    with pytest.raises(ValueError, match="low order"):
        parse_vkey(format_vkey(Verifier("example.com/foo", bytes.fromhex(public))))


@pytest.mark.parametrize(
    "skey", ["", "PRIVATE+KEY", NOTE["skey"][:-1], NOTE["skey"].replace("c74f", "c74e"), NOTE["vkeys"][0]]
)
def test_another_text_is_no_private_key(skey: str) -> None:
    with pytest.raises(ValueError):
        parse_skey(skey)


def test_a_note_is_signed_as_published() -> None:
    assert format_note(sign_note(TEXT, SIGNER)) == f"{TEXT}\n{NOTE['sig_lines'][0]}"


def test_those_who_signed_are_reported() -> None:
    note = parse_note(BOTH)

    assert signed_by(note, [NEUMANN, ROOT, FOO]) == (NEUMANN, ROOT)
    assert signed_by(note, [FOO]) == ()
    assert format_note(note) == BOTH
    assert signed_by(parse_note(NOTE["c2sp_example_note"]), [FOO]) == (FOO,)


def test_of_two_lines_by_one_key_the_first_counts() -> None:
    good = parse_note(BOTH).signatures[0]
    bad = good._replace(data=bytes(64))

    assert signed_by(Note(TEXT, (good, bad)), [NEUMANN]) == (NEUMANN,)
    with pytest.raises(ValueError, match="not by its key"):
        signed_by(Note(TEXT, (bad, good)), [NEUMANN])


def test_a_known_key_that_did_not_sign_spoils_the_note() -> None:
    note = parse_note(BOTH)

    with pytest.raises(ValueError, match="EnochRoot is not by its key"):
        signed_by(note._replace(text=TEXT.replace("answer", "Answer")), [ROOT])
    with pytest.raises(ValueError, match="not by its key"):
        signed_by(Note(TEXT, (Signature(NEUMANN.name, NEUMANN.id, b"short"),)), [NEUMANN])


@pytest.mark.parametrize(
    "document", [*NOTE["malformed_notes"], "", "\n\n", BOTH[:-1], BOTH + "\n", BOTH.replace("x08", "x0 8")]
)
def test_another_text_is_no_note(document: str) -> None:
    with pytest.raises(ValueError):
        signed_by(parse_note(document), [NEUMANN])


def test_bytes_that_are_no_text_are_no_note() -> None:
    for malformed in NOTE["malformed_note_bytes_hex"]:
        with pytest.raises(UnicodeDecodeError):
            parse_note(bytes.fromhex(malformed).decode())


def test_a_note_holds_a_hundred_signatures_and_no_more() -> None:
    assert len(parse_note(TEXT + "\n" + NOTE["sig_lines"][0] * 100).signatures) == 100
    with pytest.raises(ValueError, match="at most 100"):
        parse_note(TEXT + "\n" + NOTE["sig_lines"][0] * 101)


@pytest.mark.parametrize("text", CHECKPOINTS["must_pass"])
def test_a_checkpoint_is_read_and_written_alike(text: str) -> None:
    assert format_checkpoint(parse_checkpoint(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        *CHECKPOINTS["must_fail"],
        *CHECKPOINTS["spec_only_must_fail"],
        CHECKPOINTS["must_pass"][0] + "an extension line\n",
        CHECKPOINTS["must_pass"][0].replace("20852163", "9223372036854775808"),
        CHECKPOINTS["must_pass"][0].replace("20852163", "١"),
        CHECKPOINTS["must_pass"][0].replace("I=", "J="),
    ],
)
def test_another_text_is_no_checkpoint(text: str) -> None:
    with pytest.raises(ValueError):
        parse_checkpoint(text)


@pytest.mark.parametrize("size", range(16))
def test_the_checkpoints_of_a_real_log_are_made_and_opened(size: int) -> None:
    grown = Frontier()
    grown.add(leaf_hash(entry.encode()) for entry in LOG["entries"][:size])
    published = LOG["checkpoints"][str(size)]
    checkpoint = Checkpoint(LOG["origin"], size, grown.root())

    assert sign_checkpoint(checkpoint, parse_skey(LOG["skey"])) == published
    assert open_checkpoint(published, parse_vkey(LOG["vkey"])) == checkpoint


def test_a_checkpoint_with_cosignatures_is_opened_by_the_logs_key() -> None:
    document = COSIGNED["checkpoint"]

    checkpoint = open_checkpoint(document, parse_vkey(COSIGNED["log_vkey"]))

    assert (checkpoint.origin, checkpoint.size) == (COSIGNED["origin"], 70_000)
    assert len(parse_note(document).signatures) == 12
    assert format_note(parse_note(document)) == document


def test_a_checkpoint_by_another_key_is_refused() -> None:
    with pytest.raises(ValueError, match=r"by none of the keys known here, but by example\.com/log/testdata 33d7b496"):
        open_checkpoint(LOG["checkpoints"]["3"], parse_vkey(COSIGNED["log_vkey"]))


@pytest.mark.parametrize("document", [BOTH, TEXT, "", "\n", "a  b\n- c\n"])
def test_what_needs_no_repair_or_cannot_be_repaired_keeps_its_lines(document: str) -> None:
    text, _ = repaired(document.encode())

    assert text == (document or "\n")


def test_only_lines_after_the_last_blank_line_have_their_dash_repaired() -> None:
    text, whats = repaired(b"- a\n\n- b\n\n- c d\n-- e f\n--- g\n")

    assert text == "- a\n\n- b\n\n— c d\n— e f\n--- g\n"
    assert whats == ("hyphens in place of the dash before a signature",)


def test_all_repairs_together_give_the_note_that_was_signed() -> None:
    spoilt = b"\xef\xbb\xbf" + BOTH.replace("\n", " \r\n").replace("— ", "-- ").encode() + b"\r\n\t"

    text, whats = repaired(spoilt)

    assert (text, len(whats)) == (BOTH, 5)


@pytest.mark.parametrize(
    "document", [b"\xff", "x".encode("utf-16"), b"x" * 1_000_001], ids=["no text", "UTF-16", "a million and one"]
)
def test_what_is_no_text_or_too_long_is_not_repaired(document: bytes) -> None:
    with pytest.raises(ValueError, match="it is"):
        repaired(document)


def test_a_million_spaces_are_repaired_in_no_time() -> None:
    spaces = b" " * 333_000
    with in_processor_seconds(0.5):
        repaired(spaces + b"x" + spaces + b"x" + spaces)


@pytest.mark.parametrize("length", [1_000_001, 5_000_000])
def test_a_note_or_receipt_or_key_of_any_length_is_read_no_further_than_its_limit(length: int) -> None:
    with in_processor_seconds(0.5):
        with pytest.raises(ValueError, match="at most 1000000 bytes"):
            parse_note(BOTH + "x" * length)
        with pytest.raises(ValueError, match="at most 1000000 bytes"):
            parse_note("ö" * 500_001)
        with pytest.raises(ValueError, match="at most 1000000 bytes"):
            parse_receipt(HEAD + "x" * length)
        with pytest.raises(ValueError, match="at most 1000 characters"):
            parse_vkey("x" * length)


@pytest.mark.parametrize(
    "text",
    [
        "log\n1\n{root}",
        "log\n1\n{root}\nmore",
        "log\n1\n{root}\nmore\n",
        "\n1\n{root}\n",
        "log\n\n{root}\n",
        "log\n1\n\n",
    ],
)
def test_a_checkpoint_is_three_lines_each_ended_and_none_empty(text: str) -> None:
    root = "A" * 43 + "="

    assert parse_checkpoint(f"log\n1\n{root}\n") == Checkpoint("log", 1, bytes(32))
    with pytest.raises(ValueError):
        parse_checkpoint(text.format(root=root))


def test_the_largest_number_is_that_of_63_bits() -> None:
    assert number(str(2**63 - 1)) == 2**63 - 1
    with pytest.raises(ValueError):
        number(str(2**63))


def test_a_note_and_a_receipt_of_a_million_bytes_are_read() -> None:
    signed = BOTH[len(TEXT) :]
    text = "ö" * ((1_000_000 - len(signed.encode())) // 2 - 1) + "x\n"
    document = text + signed
    assert len(document.encode()) in {999_999, 1_000_000}

    assert parse_note(document + "" if len(document.encode()) == 1_000_000 else "x" + document).signatures
    assert repaired(b"x" * 999_999 + b"\n") == ("x" * 999_999 + "\n", ())
    head = f"{HEAD}\nindex 0\n\n"
    assert parse_receipt(head + "x" * (1_000_000 - len(head))).index == 0
    name = "x" * (1_000 - len(format_vkey(Verifier("", bytes(range(32))))))
    vkey = format_vkey(Verifier(name, bytes(range(32))))
    assert (len(vkey), parse_vkey(vkey).name) == (1_000, name)
    with pytest.raises(ValueError):
        parse_vkey(format_vkey(Verifier(f"{name}x", bytes(range(32)))))


LINE = "— x AAAAAAA=\n"


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (f"a\tb\n\n{LINE}", "a note has no control characters"),
        (f"a\x00\n\n{LINE}", "a note has no control characters"),
        (LINE, "a note has a text, a blank line and signatures"),
        (f"a\n{LINE}", "a note has a text, a blank line and signatures"),
        ("a\n\n", "a note has a text, a blank line and signatures"),
        (f"a\n\n{LINE}".rstrip("\n"), "a note has a text, a blank line and signatures"),
        ("a\n\n- x AAAAAAA=\n", "a dash, a name and base64"),
        ("a\n\n—\N{NO-BREAK SPACE}x AAAAAAA=\n", "a dash, a name and base64"),
        ("a\n\nx AAAAAAA=\n", "a dash, a name and base64"),
        ("a\n\n— x\n", "a dash, a name and base64"),
        ("a\n\n— x+y AAAAAAA=\n", "a dash, a name and base64"),
        ("a\n\n—  AAAAAAA=\n", "a dash, a name and base64"),
        ("a\n\n— x AAAAAA==\n", "a note's signature is cut off"),
        ("a\n\n— x \n", "a note's signature is cut off"),
    ],
)
def test_the_error_for_an_invalid_note_names_the_fault(document: str, told: str) -> None:
    assert parse_note(f"a\n\n{LINE}") == Note("a\n", (Signature("x", bytes(4), b"\0"),))
    assert parse_note(f"a\x20\x7f\n\n{LINE}").text == "a \x7f\n"
    with pytest.raises(ValueError, match=told):
        parse_note(document)


PUBLIC = bytes(range(32))


def vkey(name: str, data: bytes, key_id: str = "") -> str:
    key_id = key_id or sha256(f"{name}\n".encode() + data).digest()[:4].hex()
    return f"{name}+{key_id}+{b64encode(data).decode()}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is NAME"), ("x", "is NAME"), ("x+y", "is NAME"), ("x+y+", "is NAME"), ("x++AQ==", "is NAME"),
        (vkey("", b"\x01" + PUBLIC), "is NAME"), (vkey("x y", b"\x01" + PUBLIC), "is NAME"),
        (vkey("x", b"\x02" + PUBLIC), "is NAME"), (vkey("x", b"\x01" + PUBLIC[:31]), "is NAME"),
        (vkey("x", b"\x01" + PUBLIC + b"\0"), "is NAME"), (vkey("x", b"\x01" + PUBLIC, "00000000"), "the id"),
        (vkey("x", b"\x01" + PUBLIC).upper(), "base64|the id"), (vkey("x", b"\x01" + bytes(32)), "of low order"),
    ],
)  # fmt: skip
def test_the_error_for_an_invalid_public_key_names_the_fault(text: str, told: str) -> None:
    assert parse_vkey(vkey("x", b"\x01" + PUBLIC)) == Verifier("x", PUBLIC)
    # The base64 of this public key contains a plus sign.
    assert parse_vkey(vkey("x", b"\x01" + b"\xfb" * 32)).public == b"\xfb" * 32
    with pytest.raises(ValueError, match=told):
        parse_vkey(text)


def skey(name: str, data: bytes, key_id: str = "", start: str = "PRIVATE+KEY") -> str:
    key_id = key_id or Signer(name, PUBLIC).verifier.id.hex()
    return f"{start}+{name}+{key_id}+{b64encode(data).decode()}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is PRIVATE"), ("PRIVATE+KEY+x+y", "is PRIVATE"), ("PRIVATE+KEY+x+y+", "is PRIVATE"),
        (skey("x", b"\x01" + PUBLIC, start="PUBLIC+KEY"), "is PRIVATE"), (skey("x", b"\x02" + PUBLIC), "is PRIVATE"),
        (skey("x", b"\x01" + PUBLIC, start="PRIVATE+KAY"), "is PRIVATE"), (skey("x", PUBLIC), "is PRIVATE"),
        (skey("x", b"\x01" + PUBLIC[:31]), "is PRIVATE"), (skey("x", b"\x01" + PUBLIC + b"\0"), "is PRIVATE"),
        (skey("x", b"\x01" + PUBLIC, "00000000"), "the id"), (skey("x y", b"\x01" + PUBLIC), "the id"),
        (skey("", b"\x01" + PUBLIC), "the id"),
    ],
)  # fmt: skip
def test_the_error_for_an_invalid_private_key_names_the_fault(text: str, told: str) -> None:
    assert parse_skey(skey("x", b"\x01" + PUBLIC)) == Signer("x", PUBLIC)
    plus = b"\xfb" * 32  # the base64 of these bytes contains a plus sign
    assert parse_skey(skey("x", b"\x01" + plus, Signer("x", plus).verifier.id.hex())).seed == plus
    with pytest.raises(ValueError, match=told) as refused:
        parse_skey(text)
    assert b64encode(PUBLIC[:24]).decode()[2:] not in str(refused.value)


ZEROES = b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"x\n5\n{ZEROES}", "is three lines"), (f"x\n5\n{ZEROES}\nmore", "is three lines"),
        (f"x\n5\n{ZEROES}\n\n", "is three lines"), (f"\n5\n{ZEROES}\n", "is three lines"), ("", "is three lines"),
        (f"x\n5\n{b64encode(bytes(31)).decode()}\n", "has 32 bytes"), ("x\n5\n\n", "has 32 bytes"),
        (f"x\n5\n{b64encode(bytes(33)).decode()}\n", "has 32 bytes"), (f"x\n05\n{ZEROES}\n", "in digits"),
        (f"x\n\n{ZEROES}\n", "in digits"), (f"x\n5 \n{ZEROES}\n", "in digits"),
        (f"x\n9{'9' * 18}\n{ZEROES}\n", "in digits"),
        (f"x\n1{'0' * 19}\n{ZEROES}\n", "in digits"), (f"x\n5\n{ZEROES[:-2]}B=\n", "canonical base64"),
        (f"x\n5\n {ZEROES}\n", "canonical base64"),
    ],
)  # fmt: skip
def test_the_error_for_an_invalid_checkpoint_names_the_fault(text: str, told: str) -> None:
    assert parse_checkpoint(f"x\n5\n{ZEROES}\n") == Checkpoint("x", 5, bytes(32))
    with pytest.raises(ValueError, match=told):
        parse_checkpoint(text)
