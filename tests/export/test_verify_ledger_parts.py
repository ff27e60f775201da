"""Tests the functions of verify_ledger.py one by one, within the test's process: what each function takes, returns and
refuses, with boundary values.
"""

from __future__ import annotations

import os
from base64 import b64encode, urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ledger.proof.checkpoint import LARGEST_SIZE, Checkpoint, sign_checkpoint
from ledger.proof.note import Verifier, format_vkey
from ledger.proof.receipt import Receipt, format_receipt
from ledger.proof.tiles import Tile, tile_path
from ledger.proof.tree import leaf_hash, subtrees, tree_root
from tests.export.given import program
from tests.export.making import PAST, REAL, note
from tests.proof.vectors import VECTORS

VERIFY = program()
BASE = VERIFY.summed(VERIFY.BASE, 1, VERIFY.BASE, 0)
NEUTRAL = (1).to_bytes(32, "little")
NOTE = note(PAST, REAL)
LEAVES = [leaf_hash(b"%d" % at) for at in range(600)]
LOG = VECTORS["tessera_testlog"]
STATE = {"on": "2026-01-01", "known_at": "@1", "digest": "x", "answers": {"council": "x"}}


# Ed25519.
def test_the_base_point_is_that_of_the_rfc_and_has_its_order() -> None:
    assert BASE.hex() == "58" + "66" * 31
    assert VERIFY.summed(VERIFY.BASE, VERIFY.ORDER, VERIFY.BASE, 0) == NEUTRAL
    assert VERIFY.summed(VERIFY.BASE, 5, VERIFY.BASE, VERIFY.ORDER - 4) == BASE


def test_the_highest_bit_of_a_point_says_which_of_two_it_is() -> None:
    x, y, _, _ = VERIFY.point(BASE)
    other = BASE[:31] + bytes([BASE[31] | 0x80])

    assert (x % 2, VERIFY.point(other)[:2]) == (0, (VERIFY.P - x, y))
    assert VERIFY.summed(VERIFY.point(other), 1, VERIFY.BASE, 1) == NEUTRAL
    assert VERIFY.summed(VERIFY.point(other), 1, VERIFY.BASE, 0) == other


def test_a_y_of_p_or_more_is_taken_and_one_of_no_point_is_not() -> None:
    assert VERIFY.point((VERIFY.P + 1).to_bytes(32, "little")) == VERIFY.point(NEUTRAL) == (0, 1, 1, 0)
    assert VERIFY.point((2).to_bytes(32, "little")) is None


@pytest.mark.parametrize("case", VECTORS["rfc8032_ed25519"]["cases"])
def test_a_signature_is_of_one_key_and_message(case: dict[str, str]) -> None:
    public, message, signature = (bytes.fromhex(case[name]) for name in ("public", "msg", "sig"))

    assert VERIFY.signed(public, message, signature) is True
    for other in (
        (public, message + b"x", signature),
        (BASE, message, signature),
        (public, message, signature[:63]),
        (public, message, signature + b"\0"),
        ((2).to_bytes(32, "little"), message, signature),
    ):
        assert VERIFY.signed(*other) is False


@pytest.mark.parametrize(("scalar", "fits"), [(0, True), (VERIFY.ORDER, False), (VERIFY.ORDER - 1, False)])
def test_the_scalar_of_a_signature_is_below_the_order(scalar: int, fits: bool) -> None:
    assert VERIFY.signed(NEUTRAL, b"any", NEUTRAL + scalar.to_bytes(32, "little")) is fits


# Keys.
def vkey(name: str, data: bytes) -> str:
    key_id = sha256(name.encode() + b"\n" + data).digest()[:4]
    return f"{name}+{key_id.hex()}+{b64encode(data).decode()}"


def test_a_key_is_its_name_id_and_public_half() -> None:
    with_plus = Verifier("a", b"\xfb" * 32)
    for verifier in (REAL.verifier, with_plus):
        text = format_vkey(verifier)
        assert VERIFY.key_of(text) == (text, verifier.name, verifier.id, verifier.public)
    assert format_vkey(with_plus).count("+") > 2


@pytest.mark.parametrize(
    "text",
    [
        "", "a", "a+b", "+".join("abc"), vkey("", b"\x01" + BASE), vkey("a b", b"\x01" + BASE),
        vkey("a", b"\x02" + BASE), vkey("a", b"\x01" + BASE[:31]), vkey("a", b"\x01" + BASE + b"\0"),
        vkey("a", b"\x01" + BASE).replace("a+", "b+"), vkey("a", b"\x01" + BASE) + "=",
        vkey("x" * 947, b"\x01" + BASE), vkey("a", b"\x01" + NEUTRAL),
        vkey("a", b"\x01" + (VERIFY.P - 1).to_bytes(32, "little")), "a+00000000+AQ==",
    ],
)  # fmt: skip
def test_another_text_is_no_key(text: str) -> None:
    with pytest.raises(ValueError):
        VERIFY.key_of(text)


def test_a_key_has_a_thousand_signs_at_most_and_need_not_be_a_point() -> None:
    longest = vkey("x" * 946, b"\x01" + BASE)

    assert (len(longest), VERIFY.key_of(longest).vkey) == (1_000, longest)
    assert VERIFY.key_of(vkey("a", b"\x01" + (2).to_bytes(32, "little"))).name == "a"


# Checkpoints and receipts.
def noted(size: object = 5, signatures: str = "— x AAAAAAA=\n", origin: str = "liggare/x") -> bytes:
    return f"{origin}\n{size}\n{b64encode(bytes(32)).decode()}\n\n{signatures}".encode()


def test_a_checkpoint_says_whose_it_is_how_large_and_who_signed() -> None:
    read = VERIFY.checkpoint_of(noted(5, f"— x AAAAAAA=\n— y {b64encode(bytes(range(68))).decode()}\n"))

    assert (read.origin, read.size, read.root) == ("liggare/x", 5, bytes(32))
    assert read.text == noted().split(b"\n\n")[0] + b"\n"
    assert read.signatures == [("x", bytes(4), b"\0"), ("y", bytes(range(4)), bytes(range(4, 68)))]


def test_a_checkpoint_has_a_hundred_signatures_63_bits_and_a_million_bytes_at_most() -> None:
    line = "— x AAAAAAA=\n"
    origin = "x" * (1_000_000 - len(noted(origin="")))

    assert len(VERIFY.checkpoint_of(noted(signatures=line * 100)).signatures) == 100
    assert VERIFY.checkpoint_of(noted(LARGEST_SIZE)).size == LARGEST_SIZE
    assert VERIFY.checkpoint_of(noted(origin=origin)).origin == origin
    for larger in (noted(signatures=line * 101), noted(LARGEST_SIZE + 1), noted(origin=f"{origin}x")):
        with pytest.raises(ValueError):
            VERIFY.checkpoint_of(larger)


@pytest.mark.parametrize(
    "signatures",
    [
        "",
        "— x AAAAAA==\n",
        "— x AAAAAAA=",
        "- x AAAAAAA=\n",
        "— x AAAAAAB=\n",
        "— x AAAAAAA=\n— y AAAAAA==\n",
        "—  A\n",
    ],
)
def test_a_checkpoint_with_malformed_signatures_is_refused(signatures: str) -> None:
    with pytest.raises(ValueError):
        VERIFY.checkpoint_of(noted(signatures=signatures))


@pytest.mark.parametrize(
    "typed",
    [
        "\ufeff" + NOTE, NOTE.replace("\n", "\r\n"), NOTE.replace("\n", "\r"), NOTE.replace("\n", " \t\n"),
        NOTE + "\n\n", NOTE.rstrip("\n"), NOTE.replace("— ", "- "), NOTE.replace("— ", "-- "), NOTE.replace("— ", "– "),
    ],
)  # fmt: skip
def test_what_an_editor_does_to_a_checkpoint_is_repaired_and_reported(
    typed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "typed").write_bytes(typed.encode())

    assert VERIFY.given_in(str(tmp_path / "typed")) == VERIFY.checkpoint_of(NOTE.encode())
    assert capsys.readouterr().err == f"{tmp_path / 'typed'} was repaired before it was read\n"


def test_what_stands_in_a_checkpoint_as_it_was_signed_is_read_without_a_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "note"
    dashed = sign_checkpoint(Checkpoint("- x", 5, bytes(32)), REAL)
    receipts = [format_receipt(Receipt(at, (bytes(32),) * levels, NOTE, extra))
                for at, levels, extra in ((0, 0, b""), (LARGEST_SIZE, 63, b"x"), (7, 1, b""))]  # fmt: skip
    for text in (NOTE, dashed, *receipts):
        path.write_bytes(text.encode())
        assert VERIFY.given_in(str(path)) == VERIFY.checkpoint_of((dashed if text == dashed else NOTE).encode())
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "text",
    [
        "", "x",
        format_receipt(Receipt(LARGEST_SIZE + 1, (), NOTE)), format_receipt(Receipt(0, (bytes(32),) * 64, NOTE)),
        format_receipt(Receipt(0, (bytes(31),), NOTE)), format_receipt(Receipt(0, (), "x")),
        format_receipt(Receipt(0, (), NOTE, b"x")).replace("eA==", "eB=="),
        format_receipt(Receipt(0, (), NOTE, b"x")).replace("eA==", "eA"),
        format_receipt(Receipt(0, (bytes(32),), NOTE)).replace("AAA=", "AAB="),
    ],
)  # fmt: skip
def test_a_file_of_something_else_holds_no_checkpoint(text: str, tmp_path: Path) -> None:
    (tmp_path / "given").write_bytes(text.encode())

    with pytest.raises(ValueError):
        VERIFY.given_in(str(tmp_path / "given"))


def test_a_file_of_a_million_bytes_may_hold_a_checkpoint_and_a_larger_one_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "note"
    path.write_bytes(NOTE.encode().ljust(1_000_000, b"\n"))
    assert VERIFY.given_in(str(path)) == VERIFY.checkpoint_of(NOTE.encode())

    path.write_bytes(NOTE.encode().ljust(1_000_001, b"\n"))
    with pytest.raises(ValueError, match="1000000"):
        VERIFY.given_in(str(path))


@pytest.mark.parametrize("text", ["A", "AA", "AA=", "AA==A", "AB==", "AA ==", "AA==\n", "A-==", "Å"])
def test_base64_has_one_spelling(text: str) -> None:
    with pytest.raises(ValueError, match="not canonical base64"):
        VERIFY.unbase64(text)


# The tree and its tiles.
@pytest.mark.parametrize("size", [1, 2, 3, 255, 256, 257, 300, 511, 512, 513, 600])
def test_a_root_is_that_of_the_tree_however_it_is_put_together(size: int) -> None:
    root = tree_root(size, subtrees(LEAVES))
    tiles = b"".join(tree_root(256, subtrees(LEAVES[at : at + 256])) for at in (0, 256))

    assert VERIFY.root_of(b"".join(LEAVES[:size])) == root
    assert VERIFY.root_at(size, [b"".join(LEAVES), tiles]) == root


@pytest.mark.parametrize("number", [0, 1, 999, 1_000, 1_234_067, 256_999_999])
def test_a_tile_lies_where_tlog_tiles_has_it(number: int) -> None:
    for level, width in ((0, 256), (3, 1), (None, 255), (None, 256)):
        path = VERIFY.tile_path("entries" if level is None else level, number, width)
        assert path == tile_path(Tile(level, number, width))


# Files.
def test_a_file_is_read_if_it_is_regular_and_no_larger_than_it_may_be(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    os.mkfifo(tmp_path / "pipe")

    assert VERIFY.read_regular(str(path), 5) == b"12345"
    for at, most in ((path, 4), (tmp_path / "pipe", 5)):
        with pytest.raises(ValueError, match=f"not a regular file of at most {most} bytes"):
            VERIFY.read_regular(str(at), most)
    with pytest.raises(OSError, match="Is a directory"):
        VERIFY.read_regular(str(tmp_path), 5)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="/proc/self/status is missing")
def test_a_file_that_holds_more_than_it_says_is_not_read() -> None:
    assert Path("/proc/self/status").stat().st_size == 0
    with pytest.raises(ValueError, match="of at most 9 bytes"):
        VERIFY.read_regular("/proc/self/status", 9)


def test_what_is_shown_holds_no_sign_that_a_terminal_would_obey() -> None:
    assert VERIFY.shown("å\x1b[2J\n—") == "å?[2J?—"


# Documents.
def nested(depth: int, wide: int = 1) -> bytes:
    return b"[" + b",".join([b"[" * (depth - 1) + b"]" * (depth - 1)] * wide) + b"]"


@pytest.mark.parametrize(
    "data",
    [
        b"1", b"null", b'"x"', b'{"a":1,"b":[true,null]}', b"9007199254740992", b"-9007199254740992", nested(64),
        nested(64, wide=2), b'"%b"' % (b"[" * 100), b'["%b"]' % (b'\\"[{' * 100), b'["%b\\\\"]' % (b"[" * 70),
        b'{"a":"%b","b":[{"c":"}"}]}' % (b"[" * 70), '"å"'.encode(),
    ],
)  # fmt: skip
def test_a_document_is_what_a_ledger_writes(data: bytes) -> None:
    assert VERIFY.written(data) == VERIFY.json.loads(data)


@pytest.mark.parametrize(
    "data",
    [
        b"", b" 1", b"1 ", b"1.0", b"1e5", b"NaN", b"-Infinity", b"9007199254740993", b"-9007199254740993", b"-0",
        b'{"b":1,"a":2}', b'{"a":1,"a":1}', b"[1, 2]", b'"\\u0041"', b"\xff", b"1" * 5_000, nested(65),
        nested(2)[:-1] + b"," + nested(64) + b"]", b"[" * 66 + b"]", b'{"a":' * 65 + b"1" + b"}" * 65,
        b'["x",%b]' % nested(64), b'["\\\\",%b]' % nested(64), b'["\\"",%b]' % nested(64),
    ],
)  # fmt: skip
def test_what_a_ledger_would_write_otherwise_is_no_document(data: bytes) -> None:
    assert VERIFY.written(data) is None


def test_of_objects_and_lists_there_are_as_many_as_a_reader_says() -> None:
    flat = b"[" + b",".join([b"{}"] * 99) + b"]"

    assert VERIFY.written(flat, 100) == [{}] * 99
    assert VERIFY.written(flat, 99) is None
    assert VERIFY.written(b"[" + b",".join([b"[{}]"] * 50) + b"]", 101) == [[{}]] * 50
    assert VERIFY.written(b"[" + b",".join([b"[[]]"] * 50) + b"]", 100) is None


def test_texts_and_numbers_are_of_their_own_kind() -> None:
    assert (VERIFY.text("x"), VERIFY.text(""), VERIFY.number(0), VERIFY.number(5)) == ("x", "", 0, 5)
    for function, value in (
        (VERIFY.text, 5),
        (VERIFY.text, None),
        *((VERIFY.number, it) for it in (-1, True, "5", 1.0)),
    ):
        with pytest.raises(TypeError):
            function(value)


def disclosed(array: bytes) -> str:
    return urlsafe_b64encode(array).decode().rstrip("=")


def test_the_digest_of_a_name_is_that_of_its_disclosure() -> None:
    for salt in ("s", "sa", "salt", ""):
        text = disclosed(b'["%b","name","\xc3\xa5?>"]' % salt.encode())
        assert VERIFY.name_in(text) == urlsafe_b64encode(sha256(text.encode()).digest()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        disclosed(b'["s","nome","N"]'), disclosed(b'["s","name",5]'), disclosed(b'[5,"name","N"]'),
        disclosed(b'["s","name"]'), disclosed(b'["s","name","N","x"]'), disclosed(b'["s", "name","N"]'),
        disclosed(b'["s","name","NN"]') + "=", disclosed(b'["s","name","N"]') + "\n",
        disclosed(b'["s","name","NN"]')[:-1] + "R", "+" + disclosed(b'["s","name","N"]'),
        disclosed(b'{"a":1,"name":2,"z":3}'), "",
    ],
)  # fmt: skip
def test_another_text_is_no_disclosure(text: str) -> None:
    with pytest.raises((TypeError, ValueError)):
        VERIFY.name_in(text)


def about(**said: Any) -> dict[str, Any]:
    return {"ledger_id": "x", "entries": 1, "root": "x", "vkeys": ["x"], "public": True, "files": {"x": "x"},
            "state": STATE, "version": "1", "languages": ["en"], **said}  # fmt: skip


@pytest.mark.parametrize("on", ["1900-01-01", "2026-01-01", "2199-12-31"])
def test_an_export_says_of_itself_what_it_should(on: str) -> None:
    assert VERIFY.check_about(about(state={**STATE, "on": on})) is None
    assert VERIFY.check_about(about(state=None)) is None


@pytest.mark.parametrize(
    "said",
    [
        {"ledger_id": 5}, {"entries": True}, {"entries": "1"}, {"root": None}, {"vkeys": "x"}, {"vkeys": [5]},
        {"public": 1}, {"files": ["x"]}, {"files": {"x": 5}}, {"version": 1}, {"languages": [None]}, {"languages": {}},
        *({"state": {**STATE, "on": on}} for on in ("1899-12-31", "2200-01-01", "20260101", "2026-02-30", 5, None)),
        *({"state": {**STATE, name: 5}} for name in ("known_at", "digest", "answers")), {"state": []},
        {"state": {**STATE, "answers": {"council": 5}}},
    ],
)  # fmt: skip
def test_an_export_that_says_anything_else_of_itself_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises((AttributeError, LookupError, TypeError, ValueError)):
        VERIFY.check_about(about(**said))


@pytest.mark.parametrize("name", [*VERIFY.ABOUT, "state"])
def test_an_export_that_does_not_say_all_is_refused(name: str) -> None:
    with pytest.raises(KeyError):
        VERIFY.check_about({key: value for key, value in about().items() if key != name})


@pytest.mark.parametrize("cut", [b"\0", b"\0\0\0", b"\0\0\0\1", b"\0\0\0\5abcd", b"\xff\xff\xff\xffa"])
def test_strings_that_are_cut_off_too_many_or_too_few_are_malformed(cut: bytes) -> None:
    whole = b"\0\0\0\2ab\0\0\0\0"

    assert VERIFY.strings(whole, 2) == [b"ab", b""]
    for data, many in ((whole + cut, 2), (whole + cut, 3), (cut, 1), (whole, 1), (whole, 3)):
        with pytest.raises(ValueError, match="malformed"):
            VERIFY.strings(data, many)
