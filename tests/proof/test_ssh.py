"""SSHSIG: the published signatures, those of the real `ssh-keygen` both ways, and what is refused."""

from __future__ import annotations

import subprocess
from base64 import b64decode, b64encode
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.ssh import (
    KINDS,
    check_signature,
    fingerprint_of,
    parse_public_key,
    parse_signature,
    parse_signature_file,
    signature_file,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

VECTORS: dict[str, Any] = orjson.loads(Path(__file__).with_name("sshsig.json").read_bytes())
TEXT, NAMESPACE = VECTORS["text"].encode(), VECTORS["namespace"]
MADE = {"ed25519": ["-t", "ed25519"], "ecdsa-521": ["-t", "ecdsa", "-b", "521"], "rsa": ["-t", "rsa", "-b", "2048"]}


def told(wrong: Any) -> str:
    with pytest.raises(ValueError) as raised:
        wrong()
    return str(raised.value)


@pytest.mark.parametrize("case", VECTORS["cases"].values(), ids=VECTORS["cases"])
def test_a_published_signature_is_accepted_and_no_other_text_key_or_namespace(case: dict[str, str]) -> None:
    blob, key = b64decode(case["signature"]), parse_public_key(case["key"])
    other = next(one for one in VECTORS["cases"].values() if one is not case)

    check_signature(blob, TEXT, NAMESPACE, key)

    assert parse_signature_file(signature_file(blob)) == blob
    assert "not by this key" in told(lambda: check_signature(blob, TEXT + b"\n", NAMESPACE, key))
    assert "is for 'unittest'" in told(lambda: check_signature(blob, TEXT, "file", key))
    assert "is by the key" in told(lambda: check_signature(blob, TEXT, NAMESPACE, parse_public_key(other["key"])))


@pytest.mark.parametrize("line", ["ssh-ed25519 AAAA=", "ssh-ed25519 å", "no key at all"])
def test_a_line_that_holds_no_key_is_its_own_fingerprint(line: str) -> None:
    assert fingerprint_of(line) == line
    assert fingerprint_of(next(iter(VECTORS["cases"].values()))["key"]).startswith("SHA256:")


def flipped(data: bytes) -> Iterator[bytes]:
    """Yields `data` with each of its bits flipped in turn."""
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        yield bytes(changed)


@pytest.mark.parametrize("case", VECTORS["cases"].values(), ids=VECTORS["cases"])
def test_any_flipped_bit_of_a_signature_is_refused_in_words(case: dict[str, str]) -> None:
    key = parse_public_key(case["key"])

    for blob in flipped(b64decode(case["signature"])):
        assert told(partial(check_signature, blob, TEXT, NAMESPACE, key))


@pytest.mark.parametrize("case", VECTORS["cases"].values(), ids=VECTORS["cases"])
def test_any_flipped_bit_of_a_key_makes_another_key_or_is_refused_in_words(case: dict[str, str]) -> None:
    kind, data = case["key"].split()[:2]
    right = parse_public_key(case["key"])

    for other in flipped(b64decode(data)):
        with suppress(ValueError):
            assert parse_public_key(f"{kind} {b64encode(other).decode()}") != right


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_in_words(data: bytes) -> None:
    assert told(lambda: parse_signature(data))
    assert told(lambda: parse_signature(b"SSHSIG\0\0\0\1" + data))


@given(st.text(max_size=200))
def test_any_text_is_no_key_and_no_file(text: str) -> None:
    assert told(lambda: parse_public_key(text))
    assert told(lambda: parse_public_key(f"ssh-ed25519 {text}"))
    assert told(lambda: parse_signature_file(text))


def test_a_security_key_that_nobody_touched_is_refused() -> None:
    case = VECTORS["cases"]["ed25519-sk"]
    blob = bytearray(b64decode(case["signature"]))
    blob[-5] = 0

    assert "nobody touched" in told(
        lambda: check_signature(bytes(blob), TEXT, NAMESPACE, parse_public_key(case["key"]))
    )


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("ssh-dss AAAAB3NzaC1kc3MAAACBAA==", "no kind of OpenSSH key"),
        (VECTORS["webauthn"]["key"], "malformed"),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "low order"),
        ("ssh-ed25519 AAAAB3NzaC1yc2EAAAADAQAB", "malformed"),
        (VECTORS["cases"]["ed25519"]["key"] + "\n" + VECTORS["cases"]["rsa"]["key"], "one line"),
        ("ssh-ed25519", "malformed"),
        ("x" * 20_000, "at most"),
    ],
)
def test_a_key_that_is_not_accepted_is_refused_in_words(line: str, why: str) -> None:
    assert why in told(lambda: parse_public_key(line))


@pytest.mark.parametrize("made", MADE)
@pytest.mark.parametrize("hashed", ["sha256", "sha512"])
def test_ssh_keygen_signs_and_this_program_checks_and_the_other_way(tmp_path: Path, made: str, hashed: str) -> None:
    key, text = tmp_path / "key", tmp_path / "act"
    text.write_bytes(TEXT)
    run = ["ssh-keygen", "-q", *MADE[made], "-N", "", "-f", str(key)]
    subprocess.run(run, check=True, timeout=60)
    run = [
        "ssh-keygen",
        "-Y",
        "sign",
        "-q",
        "-n",
        "liggare-act@v1",
        "-O",
        f"hashalg={hashed}",
        "-f",
        str(key),
        str(text),
    ]
    subprocess.run(run, check=True, timeout=60, stderr=subprocess.DEVNULL)
    public = parse_public_key((tmp_path / "key.pub").read_text())

    blob = parse_signature_file((tmp_path / "act.sig").read_text().replace("\n", "\r\n"))
    check_signature(blob, TEXT, "liggare-act@v1", public)

    assert public.kind in KINDS
    assert (tmp_path / "key.pub").read_text().startswith(public.text)
    shown = subprocess.run(
        ["ssh-keygen", "-l", "-f", f"{key}.pub"], check=True, capture_output=True, text=True, timeout=60
    )
    assert public.fingerprint in shown.stdout
    (tmp_path / "again.sig").write_text(signature_file(blob))
    (tmp_path / "allowed").write_text(f"sala-reg {public.text}\n")
    run = ["ssh-keygen", "-Y", "verify", "-n", "liggare-act@v1", "-I", "sala-reg", "-f", str(tmp_path / "allowed"),
           "-s", str(tmp_path / "again.sig")]  # fmt: skip
    assert "Good" in subprocess.run(run, check=True, capture_output=True, input=TEXT, timeout=60).stdout.decode()


def test_a_weak_rsa_key_is_refused(tmp_path: Path) -> None:
    run = ["ssh-keygen", "-q", "-t", "rsa", "-b", "1024", "-N", "", "-f", str(tmp_path / "key")]
    subprocess.run(run, check=True, timeout=60)

    assert "2048" in told(lambda: parse_public_key((tmp_path / "key.pub").read_text()))


@pytest.mark.parametrize("place", [1, 2])
def test_an_rsa_key_is_written_in_one_way_only(place: int) -> None:
    blob = parse_public_key(VECTORS["cases"]["rsa"]["key"]).blob
    rest, parts = blob, list[bytes]()
    while rest:
        end = 4 + int.from_bytes(rest[:4], "big")
        parts, rest = [*parts, rest[4:end]], rest[end:]
    parts[place] = b"\0" + parts[place]  # the same exponent, or the same modulus
    other = b"".join(len(part).to_bytes(4, "big") + part for part in parts)

    assert "malformed" in told(lambda: parse_public_key(f"ssh-rsa {b64encode(other).decode()}"))
