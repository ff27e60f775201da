"""Acts of an import that are signed on another machine, with `ssh-keygen` alone, and recorded as they were signed."""

from __future__ import annotations

import base64
import errno
import json
import os
import stat
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.cli.test_signing import head, sala
from tests.desk import event

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk

__all__ = ["sala"]
ACTS = [
    event("withdrawal-decided", "2025-02-02", "assembly", party="sala", ends_on="2027-01-01"),
    event("person-registered", "2025-02-02", "secretariat", person="p1", name="Testa Testdotter"),
    event("withdrawal-revoked", "2025-02-03", "assembly", party="sala"),
]


@pytest.fixture
def written(sala: Desk) -> Desk:
    """Returns the desk with the acts of an import written to the folder `acts`, and signed there."""
    sala.writes("acts.jsonl", ACTS)
    sala.does("import", "acts.jsonl", "--as", "sala-reg", "--write-acts", "acts")
    sign(sala.folder)
    return sala


def texts(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "acts").iterdir() if len(path.name) == 64)


def sign(folder: Path) -> None:
    run = ["ssh-keygen", "-q", "-Y", "sign", "-n", "liggare-act@v1", "-f", str(folder / "sala.key")]
    subprocess.run([*run, *map(str, texts(folder))], check=True, timeout=60, stderr=subprocess.DEVNULL)


def test_an_import_is_written_signed_elsewhere_and_recorded_once(sala: Desk) -> None:
    sala.writes("acts.jsonl", ACTS)
    before = head(sala)

    told = sala.does("import", "acts.jsonl", "--as", "sala-reg", "--write-acts", "acts").out

    assert head(sala) == before
    assert "to sign:    ssh-keygen -Y sign -n liggare-act@v1 -f KEY acts/*[0-9a-f]" in told
    beside = sala.folder / "acts" / "acts.names"
    assert stat.S_IMODE(beside.stat().st_mode) == 0o600
    assert len(texts(sala.folder)) == 3
    assert all(b"Testa" not in path.read_bytes() for path in texts(sala.folder))
    line = next(line for line in told.splitlines() if line.startswith("to record:"))
    command = line.partition("liggare ")[2].split()
    sign(sala.folder)

    recorded = sala.does(*command, "--json").json

    assert [one["signed_by"] for one in recorded["entries"]] == ["sala-reg"] * 3
    assert {one["recorded_by"] for one in recorded["entries"]} == {"tester"}
    assert recorded["entries"][1]["fields"]["name"] == "Testa Testdotter"
    again = sala.does("import", "acts.jsonl", "--signatures", "acts", "--json").json
    assert (again["again"], head(sala)) == (True, before + 3)
    sala.does("verify")


def test_signatures_suffice_without_the_texts_that_were_signed(written: Desk) -> None:
    for text in texts(written.folder):
        text.unlink()

    written.does("import", "acts.jsonl", "--signatures", "acts")

    assert written.does("verify", "--json").json["problems"] == []


def test_a_line_carries_its_signature(written: Desk) -> None:
    """The first act is signed for its place among three; the others are recorded unsigned, which is flagged."""
    text = next(path for path in texts(written.folder) if b"\n1/3\n" in path.read_bytes())
    armour = text.with_name(f"{text.name}.sig").read_text().splitlines()
    signature = {"registrar": "sala-reg", "ssh": "".join(armour[1:-1])}
    written.writes("signed.jsonl", [{**ACTS[0], "signature": signature}, *ACTS[1:]])
    key = text.read_text().split("\n")[3]

    recorded = written.does("import", "signed.jsonl", "--key", key, "--as", "sala-reg", "--json").json

    assert [one.get("signed_by") for one in recorded["entries"]] == ["sala-reg", None, None]
    assert {tuple(one["entries"]) for one in recorded["flagged"] if one["provision"] == "recorded-by"} != set()
    written.does("verify")


def test_a_dry_run_checks_the_signatures_that_acts_come_with(written: Desk) -> None:
    before = head(written)
    assert written("import", "acts.jsonl", "--signatures", "acts", "--dry-run").code == 0
    assert written("import", "acts.jsonl", "--signatures", "acts", "--key", "other", "--dry-run").code == 1
    assert head(written) == before


@pytest.mark.parametrize(
    ("lines", "options", "why"),
    [
        ([{**ACTS[0], "ends_on": "2028-01-01"}, *ACTS[1:]], (), "is a signature of no act here"),
        ([ACTS[2], ACTS[1], ACTS[0]], (), "is a signature of no act here"),
        (ACTS[:2], (), "is a signature of no act here"),
        (ACTS, ("--key", "other"), "is a signature of no act here"),
    ],
)
def test_acts_that_are_not_as_they_were_signed_are_refused(
    written: Desk, lines: list[dict[str, object]], options: tuple[str, ...], why: str
) -> None:
    key = texts(written.folder)[0].read_text().split("\n")[3]
    written.writes("other.jsonl", lines)
    before = head(written)

    done = written("import", "other.jsonl", "--signatures", "acts", *(options or ("--key", key)))

    assert (done.code, head(written)) == (1, before)
    assert "liggare: recorded-by" in done.err
    assert why in done.err


def test_a_signature_that_does_not_hold_is_refused_with_its_line(written: Desk) -> None:
    ours, other = (path.with_name(f"{path.name}.sig") for path in texts(written.folder)[:2])
    ours.write_bytes(other.read_bytes())
    before = head(written)

    done = written("import", "acts.jsonl", "--signatures", "acts")

    assert (done.code, head(written)) == (1, before)
    assert (
        "liggare: recorded-by: the signature cannot be checked: the signature is not by this key over this" in done.err
    )
    assert "[line " in done.err


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("--signatures", "nowhere"), "nowhere cannot be read"),
        (("--signatures", "empty"), "there is no signature in empty"),
        (("--signatures", "acts", "--sign-with", "sala.key", "--as", "sala-reg"), "come with signatures"),
        (("--signatures", "acts", "--write-acts", "more", "--as", "sala-reg"), "not signed yet"),
        (("--write-acts", "acts", "--as", "sala-reg"), "acts cannot be written"),
        (("--write-acts", "no/acts", "--as", "sala-reg"), "no/acts cannot be written"),
        (("--signatures", "broken"), "broken/x.sig: a signature file begins with"),
    ],
)
def test_what_cannot_be_signed_or_read_is_refused_in_one_line(written: Desk, args: tuple[str, ...], why: str) -> None:
    (written.folder / "empty").mkdir()
    (written.folder / "broken").mkdir()
    (written.folder / "broken" / "x.sig").write_text("no signature")
    before = head(written)

    done = written("import", "acts.jsonl", *args)

    assert (done.code, len(done.err.splitlines()), head(written)) == (2, 1, before), done
    assert why in done.err


@pytest.mark.parametrize("signature", [1, "x", {}, {"registrar": "sala-reg"}, {"registrar": "a", "ssh": "b", "c": "d"}])
def test_a_line_with_a_faulty_signature_is_refused_by_its_number(sala: Desk, signature: object) -> None:
    sala.writes("acts.jsonl", [ACTS[0], {**ACTS[2], "signature": signature}])

    done = sala("import", "acts.jsonl")

    assert done.code == 2
    assert done.errors == ["line 2: signature is an object of registrar, an id, and ssh, the signature in base64"]


@pytest.mark.parametrize("ssh", ["", "x", base64.b64encode(b"SSHSIG\0\0\0\1").decode()])
def test_a_line_with_a_malformed_signature_is_refused(sala: Desk, ssh: str) -> None:
    sala.writes("acts.jsonl", [{**ACTS[0], "signature": {"registrar": "sala-reg", "ssh": ssh}}])
    before = head(sala)

    done = sala("import", "acts.jsonl", "--json")

    [found] = json.loads(done.out)["refused"]
    assert (done.code, found["provision"], found["line"], head(sala)) == (1, "recorded-by", 1, before)


def test_a_name_that_is_not_the_one_signed_is_refused(written: Desk) -> None:
    lines = [ACTS[0], {**ACTS[1], "name": "Provia Provsson"}, ACTS[2]]
    key = texts(written.folder)[0].read_text().split("\n")[3]
    written.writes("other.jsonl", lines)

    done = written("import", "other.jsonl", "--signatures", "acts", "--key", key)

    assert (done.code, "a name that is given beside the act" in done.err) == (2, True)


def test_no_folder_is_left_where_its_acts_cannot_be_written(sala: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    sala.writes("acts.jsonl", ACTS)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr("cli.signing.os.fdopen", full)
        done = sala("import", "acts.jsonl", "--as", "sala-reg", "--write-acts", "acts")

    assert done.code == 2
    assert "No space left on device" in done.err
    assert not (sala.folder / "acts").exists()
    sala.does("import", "acts.jsonl", "--as", "sala-reg", "--write-acts", "acts")
