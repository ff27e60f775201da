"""Acts signed from the command line: with a key at hand, or on another machine with `ssh-keygen` alone; and what is
refused in one line, with the ledger as it was.
"""

from __future__ import annotations

import csv
import io
import os
import stat
import subprocess
from typing import TYPE_CHECKING

import orjson
import pytest
from eventsourcing.dcb.api import DCBEvent

from ledger.encoding import decode
from ledger.events import EVENTS
from ledger.names import digest, disclose
from ledger.store import open_store
from tests.desk import at_a_desk, event

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk

IN_SALA = ("--party", "sala", "--on", "2025-02-02", "--organ", "assembly")
WITHDRAWAL = ("withdrawal-decided", *IN_SALA, "--ends-on", "2027-01-01")
NAMED = (
    "person-registered",
    "--person",
    "p999",
    "--name",
    "Testa Testdotter",
    "--on",
    "2025",
    "--organ",
    "secretariat",
)


@pytest.fixture
def sala(desk: Desk) -> Desk:
    """Returns a desk with a ledger in which Sala has a registrar, whose key is in the file `sala.key`."""
    run = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(desk.folder / "sala.key")]
    subprocess.run(run, check=True, timeout=60)
    public = (desk.folder / "sala.key.pub").read_text().strip()
    desk.does("init")
    for party in ("arboga", "fagersta", "hallstahammar", "koping", "kungsor", "norberg", "region", "sala",
                  "skinnskatteberg", "surahammar", "vasteras"):  # fmt: skip
        desk.does("record", "agreement-adopted", "--version", "1", "--assembly", party, "--on", "2023-02-01",
                  "--organ", "assembly")  # fmt: skip
    fixed = ("--version", "1", "--in-force-from", "2023-03-01", "--on", "2023-02-02", "--organ", "body")
    desk.does("record", "entry-into-force-fixed", *fixed)
    desk.does("record", "registrar-authorised", "--registrar", "tester", "--roles", "secretariat", "--on", "2023",
              "--organ", "secretariat")  # fmt: skip
    desk.does("record", "registrar-authorised", "--registrar", "sala-reg", "--party", "sala", "--roles", "party",
              "--public-key", public, "--on", "2023", "--organ", "assembly", "--paragraph", "§ 9")  # fmt: skip
    return desk


def head(desk: Desk) -> int:
    return len(desk.asks("history")["entries"])


def sign(desk: Desk, file: str) -> None:
    run = ["ssh-keygen", "-q", "-Y", "sign", "-n", "liggare-act@v1", "-f", str(desk.folder / "sala.key"), file]
    subprocess.run(run, check=True, timeout=60, cwd=desk.folder, stderr=subprocess.DEVNULL)


def test_the_line_of_a_public_key_file_is_taken_and_its_comment_is_not(sala: Desk) -> None:
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHYzNJ3J/zTnX+Z0OYoJk41ePkG7ujIk3R5qEgFcOxci"
    said = ("record", "registrar-authorised", "--registrar", "koping-reg", "--party", "koping", "--roles", "party",
            "--on", "2025", "--organ", "assembly", "--paragraph", "§ 9", "--public-key")  # fmt: skip

    recorded = sala.does(*said, f"{key} testa@dator", "--json").json

    assert recorded["entries"][0]["fields"]["public_key"] == key
    acts = [event("registrar-authorised", "2025", "assembly", registrar="x", roles=["auditor"], public_key=f"{key} t")]
    assert "leave out the comment" in sala("import", sala.writes("x.jsonl", acts)).err


def test_a_key_is_told_by_its_fingerprint_and_an_account_not_at_all(sala: Desk) -> None:
    run = ["ssh-keygen", "-l", "-f", str(sala.folder / "sala.key.pub")]
    shown = subprocess.run(run, check=True, capture_output=True, text=True, timeout=60).stdout.split()[1]
    sala.does("record", "registrar-authorised", "--registrar", "tester", "--roles", "secretariat", "--on", "2024",
              "--organ", "secretariat", "--account", "https://inloggning.example/ 8f1c")  # fmt: skip

    told = sala.does("history", "--event", "registrar-authorised").out

    assert f"roles: [party], public_key: {shown}\n" in told
    assert "roles: [secretariat], account: (not shown)\n" in told
    assert "public_key: ssh-ed25519 AAAA" in sala.does("history", "--csv").out


def test_an_act_is_written_signed_elsewhere_and_recorded_once(sala: Desk) -> None:
    before = head(sala)
    written = sala.does("act", *WITHDRAWAL, "--as", "sala-reg", "--out", "w.act")
    assert "nothing is recorded yet" in written.out
    assert head(sala) == before
    sign(sala, "w.act")

    recorded = sala.does("record", "--signed", "w.act.sig", "--json").json

    [entry] = recorded["entries"]
    assert (entry["recorded_by"], entry["signed_by"], entry["signed_for"]) == ("tester", "sala-reg", "sala")
    assert recorded["flagged"] == []
    row = list(csv.DictReader(io.StringIO(sala.does("history", "--csv").out)))[-1]
    assert [row[name] for name in ("By", "Signed by", "Signed for", "Binds")] == ["tester", "sala-reg", "sala", "sala"]
    again = sala.does("record", "--signed", "w.act.sig", "--json").json
    assert (again["again"], head(sala)) == (True, before + 1)
    told = sala.does("history", "--entry", str(entry["position"])).out
    assert "; signed by sala's registrar sala-reg" in told


def test_an_act_signed_with_a_key_at_hand_is_no_finding_and_one_unsigned_is(sala: Desk) -> None:
    signed = sala.does("record", *WITHDRAWAL, "--as", "sala-reg", "--sign-with", "sala.key", "--dry-run", "--json").json
    unsigned = sala.does("record", *WITHDRAWAL, "--as", "sala-reg", "--dry-run", "--json").json
    assert signed["flagged"] == []
    assert [(one["provision"], one["advisory"]) for one in unsigned["flagged"]] == [("recorded-by", True)]

    sala.does("record", *WITHDRAWAL, "--as", "sala-reg", "--sign-with", "sala.key")
    sala.does("record", "withdrawal-revoked", *IN_SALA)
    told = sala.does("history", "--about", "party:sala").out
    assert "signed by sala's registrar sala-reg" in told
    assert "recorded 20" in told
    assert told.rstrip().splitlines()[-3].endswith("by tester; unsigned by sala")


def test_a_name_stands_beside_its_act_for_its_owner_alone(sala: Desk) -> None:
    sala.does("act", "person-registered", "--person", "p1", "--name", "Testa Testdotter", "--on", "2025", "--organ",
              "secretariat", "--as", "sala-reg", "--out", "p.act")  # fmt: skip
    beside = sala.folder / "p.act.names"
    assert b"Testa" not in (sala.folder / "p.act").read_bytes()
    assert stat.S_IMODE(beside.stat().st_mode) == 0o600
    sign(sala, "p.act")

    kept = beside.read_bytes()
    beside.write_bytes(kept.replace(b'"act":0', b'"act":1'))
    assert sala("record", "--signed", "p.act.sig").code == 2
    beside.write_bytes(kept)
    for more in (["--dry-run"], [], []):
        told = sala.does("record", "--signed", "p.act.sig", "--json", *more).json
        assert told["entries"][0]["fields"]["name"] == "Testa Testdotter"
    assert sala.asks("history", "--about", "person:p1")["entries"][0]["fields"]["name"] == "Testa Testdotter"


def test_an_act_whose_name_is_missing_beside_it_is_not_recorded(sala: Desk) -> None:
    sala.does("act", "person-registered", "--person", "p1", "--name", "Testa Testdotter", "--on", "2025", "--organ",
              "secretariat", "--as", "sala-reg", "--out", "p.act")  # fmt: skip
    sign(sala, "p.act")
    beside, before = sala.folder / "p.act.names", head(sala)
    kept = beside.read_bytes()

    for rest in (b"", None):
        beside.write_bytes(rest) if rest is not None else beside.unlink()
        done = sala("record", "--signed", "p.act.sig")
        assert (done.code, "is not given beside it" in done.err, head(sala)) == (2, True, before)
    beside.write_bytes(kept)
    sala.does("record", "--signed", "p.act.sig")
    sala.does("verify")
    beside.unlink()
    assert sala.does("record", "--signed", "p.act.sig", "--json").json["again"] is True


def test_an_authorisation_with_an_account_is_signed_elsewhere(sala: Desk) -> None:
    sala.does("act", "registrar-authorised", "--registrar", "sala-2", "--party", "sala", "--roles", "party",
              "--account", "https://inloggning.example/ 8f1c", "--on", "2025", "--organ", "assembly", "--paragraph",
              "§ 9", "--as", "sala-reg", "--out", "r.act")  # fmt: skip
    sign(sala, "r.act")

    assert sala.does("record", "--signed", "r.act.sig", "--json").json["flagged"] == []
    sala.does("verify")


def test_an_import_and_an_annulment_are_signed_act_by_act(sala: Desk) -> None:
    acts = [
        event("withdrawal-decided", "2025-02-02", "assembly", party="sala", ends_on="2027-01-01"),
        event("withdrawal-revoked", "2025-02-03", "assembly", party="sala"),
    ]
    sala.writes("acts.jsonl", acts)
    entries = sala.does("import", "acts.jsonl", "--as", "sala-reg", "--sign-with", "sala.key", "--json").json["entries"]
    assert [one["signed_by"] for one in entries] == ["sala-reg", "sala-reg"]

    undone = ("--cause", "recording-error", "--reason", "fel", "--as", "sala-reg", "--sign-with", "sala.key")
    assert sala.does("annul", str(entries[1]["position"]), *undone, "--json").json["flagged"] == []
    sala.does("verify")


def test_a_file_with_a_space_in_its_name_is_quoted_in_the_commands_to_type(sala: Desk) -> None:
    told = sala.does("act", *WITHDRAWAL, "--as", "sala-reg", "--out", "sala avslutar.act").out

    assert "-f KEY 'sala avslutar.act'\n" in told
    assert "liggare record --signed 'sala avslutar.act.sig'\n" in told


@pytest.mark.parametrize("asked", ["--help", "-h"])
def test_the_help_of_an_act_that_was_signed_elsewhere_is_that_of_its_own_command(sala: Desk, asked: str) -> None:
    told = sala.does("record", "--signed", asked).out

    assert told.startswith("Usage: liggare record --signed [OPTIONS]\n")
    assert sala.does("record", "--signed", "w.act.sig", asked).out == told


def test_who_signs_an_act_is_said_and_never_taken_from_the_first_entry(
    sala: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    help_of_as = sala.does("act", "withdrawal-decided", "--help").out.partition("--as ID")[2].partition("  --")[0]

    assert "whoever recorded entry 1" not in help_of_as
    monkeypatch.delenv("LIGGARE_ACTOR")
    assert "--as is missing" in sala("act", *WITHDRAWAL, "--out", "w.act").err


@pytest.mark.parametrize(
    ("args", "code", "lines", "why"),
    [
        (("record", *WITHDRAWAL, "--as", "sala-reg", "--sign-with", "nothing"), 2, 1, "ssh-keygen did not sign"),
        (("record", *WITHDRAWAL, "--as", "tester", "--sign-with", "sala.key"), 1, 1, "and has no key"),
        (("record", *WITHDRAWAL, "--as", "nobody", "--sign-with", "sala.key"), 1, 1, "was not authorised on that day"),
        (("record", *WITHDRAWAL, "--as", "sala-reg", "--sign-with", "pipe"), 2, 1, "it is not a regular file"),
        (("record", *WITHDRAWAL, "--as", "sala-reg", "--sign-with", "large"), 2, 1, "it is longer than 1000000 bytes"),
        (("record", *WITHDRAWAL, "--as", "sala-reg", "--sign-with", "."), 2, 1, "it is a directory"),
        (("record", "--signed", "sala.key"), 2, 1, "ends with .sig"),
        (("record", "--signed", "nothing.sig"), 2, 1, "--signed: nothing.sig cannot be read"),
        (("record", "--signed", "text.sig"), 2, 1, "--signed: text.sig: a signature file begins with"),
        (("record", "--signed", "alone.sig"), 2, 1, "--signed: alone cannot be read"),
        (("act", *WITHDRAWAL, "--as", "sala-reg", "--out", "sala.key"), 2, 1, "cannot be written"),
        (("act", *NAMED, "--as", "sala-reg", "--out", "."), 2, 1, "--out: . cannot be written"),
        (("act", *NAMED, "--as", "sala-reg", "--out", "/"), 2, 1, "--out: / cannot be written"),
        (("act", "withdrawal-decided", "--as", "sala-reg", "--out", "x.act"), 2, 3, "missing"),
        (("act", "seat-vacated", "--person", "p9", "--on", "2025", "--organ", "assembly", "--as", "s", "--out", "x"), 1,
         2, "p9"),
        (("act", "withdrawal", "--out", "x"), 2, 1, "There is no event"),
    ],
)  # fmt: skip
def test_what_cannot_be_signed_is_refused_in_one_line_for_each_fault(
    sala: Desk, args: tuple[str, ...], code: int, lines: int, why: str
) -> None:
    (sala.folder / "text.sig").write_text("no signature")
    (sala.folder / "alone").write_text("text")
    sign(sala, "alone")
    (sala.folder / "alone").unlink()
    os.mkfifo(sala.folder / "pipe")
    (sala.folder / "large").touch()
    os.truncate(sala.folder / "large", 10**8)
    before = head(sala)

    done = sala(*args)

    assert done.code == code
    assert why in done.err
    assert len(done.err.splitlines()) == lines
    assert head(sala) == before


def test_no_file_of_an_act_is_left_where_one_cannot_be_written(sala: Desk) -> None:
    (sala.folder / "p.act.names").mkdir()

    done = sala("act", "person-registered", "--person", "p1", "--name", "Testa Testdotter", "--on", "2025", "--organ",
                "secretariat", "--as", "sala-reg", "--out", "p.act")  # fmt: skip

    assert (done.code, "p.act.names cannot be written" in done.err) == (2, True)
    assert not (sala.folder / "p.act").exists()


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("2025-02-02", "2025-02-03", "the signature is not by this key over this text"),
        ('"sala"', '"koping"', "the signature is not by this key over this text"),
        ("\nsala-reg\n", "\ntester\n", "has no key"),
        ("\n1/1\n", "\n1/2\n", "is no act"),
        ("liggare-act@v1", "liggare-act@v2", "is no act"),
        ('{"ends_on"', '{ "ends_on"', "is not an act as"),
        ('"party":"sala"', '"party":"sala","more":1', "is no act"),
        ("2025-02-02", "2025-02-30", "is no act"),
    ],
)
def test_an_act_that_is_changed_after_signing_is_refused(sala: Desk, old: str, new: str, why: str) -> None:
    sala.does("act", *WITHDRAWAL, "--as", "sala-reg", "--out", "w.act")
    sign(sala, "w.act")
    file, before = sala.folder / "w.act", head(sala)
    file.write_text(file.read_text().replace(old, new))

    done = sala("record", "--signed", "w.act.sig")

    assert done.code in {1, 2}
    assert why in done.err
    assert head(sala) == before


def test_an_act_for_another_ledger_is_refused(sala: Desk) -> None:
    sala.does("act", *WITHDRAWAL, "--as", "sala-reg", "--out", "w.act")
    sign(sala, "w.act")
    sala.does("init", "--ledger", "other.db")

    done = sala("record", "--signed", "w.act.sig", "--ledger", "other.db")

    assert done.code == 2
    assert "the act is of another ledger" in done.err


def test_a_program_without_ssh_keygen_says_so(sala: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    done = sala("record", *WITHDRAWAL, "--as", "sala-reg", "--sign-with", "sala.key")

    assert done.code == 2
    assert "there is no ssh-keygen here" in done.err


@pytest.mark.parametrize("said", ["true", "echo no signature", "head -c 1000 /dev/zero", "head -c 40000 /dev/urandom"])
def test_an_ssh_keygen_that_makes_no_signature_is_told(sala: Desk, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    program = sala.folder / "bin" / "ssh-keygen"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{said}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    before = head(sala)

    done = sala("record", *WITHDRAWAL, "--as", "sala-reg", "--sign-with", "sala.key")

    assert (done.code, head(sala)) == (2, before)
    assert [line.partition(": a signature file")[0] for line in done.errors] == ["--sign-with: ssh-keygen did not sign"]


@pytest.mark.on_file
@pytest.mark.parametrize(
    "args",
    [("act", *NAMED, "--out", "made"), ("import", "acts.jsonl", "--write-acts", "made")],
    ids=["act", "import"],
)
def test_acts_are_written_in_a_long_ledger_that_has_no_registrars(
    demo: Desk, tmp_path: Path, args: tuple[str, ...]
) -> None:
    with at_a_desk(tmp_path) as desk:
        desk.goes_on(demo)
        desk.writes("acts.jsonl", [event("person-registered", "2025", "secretariat", person="p999", name="Testa")])
        before = head(desk)

        written = desk.does(*args, "--as", "sala-reg")

        assert written.out.startswith("written: made")
        refused = "breach the signature cannot be checked: sala-reg signed it, and was not authorised on that day"
        assert refused in " ".join(written.out.split())
        assert (written.err, head(desk), (tmp_path / "made").exists()) == ("", before, True)


def test_an_authorisation_with_an_account_is_written_signed_and_recorded_once(sala: Desk) -> None:
    sala.does("act", "registrar-authorised", "--registrar", "sala-2", "--party", "sala", "--roles", "party",
              "--account", "https://inloggning.example/ 8f1c", "--on", "2025", "--organ", "assembly",
              "--as", "sala-reg", "--out", "a.act")  # fmt: skip
    sign(sala, "a.act")

    recorded = sala.does("record", "--signed", "a.act.sig", "--json").json

    assert (recorded["flagged"], recorded["again"]) == ([], False)
    assert sala.does("record", "--signed", "a.act.sig", "--json").json["again"]
    sala.does("verify")


NO_KEY = "liggare/0123456789abcdef0123456789abcdef+f49d54f6+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"


@pytest.mark.parametrize(
    ("name", "fields", "beside", "why"),
    [
        ("signing-key-changed", {"lost": True, "public_key": NO_KEY}, None, "by `liggare rotate-key` alone"),
        ("log-restored", {"lost_root": "A" * 43 + "=", "lost_size": 50, "restored_from": 1}, None, "after-restore"),
        ("entry-annulled", {"cause": "recording-error", "entry": 3, "reason": "fel\u202e"}, None, "reason"),
        ("entry-annulled", {"cause": "recording-error", "entry": 3, "reason": " fel"}, None, "is no act"),
        ("entry-annulled", {"cause": "recording-error", "entry": 3, "reason": []}, None, "is no act"),
        ("person-registered", {"person": "p1"}, None, "is not given beside it"),
        ("person-registered", {"person": "p1"}, "garbage", "--signed: "),
        (
            "person-registered",
            {"person": "p1"},
            disclose("Testa", b"s", field="account"),
            "not the disclosure of a name",
        ),
        ("person-registered", {"person": "p1"}, disclose("\x1b[31mTesta", b"s"), "no control characters"),
        ("person-registered", {"person": "p1"}, disclose("T" * 201, b"s"), "1 to 200 characters"),
        ("person-registered", {"person": "p1"}, disclose("Testa", b"s") + "=", "not the disclosure of a name"),
    ],
)
def test_an_act_that_record_would_refuse_is_refused_signed(
    sala: Desk, name: str, fields: dict[str, object], beside: str | None, why: str
) -> None:
    sala.does("act", *WITHDRAWAL, "--as", "sala-reg", "--out", "w.act")
    start = (sala.folder / "w.act").read_bytes().split(b"withdrawal-decided")[0]
    if name == "person-registered":
        fields = {"name": {"sha-256": digest(beside or "")}, **fields}
    rest = [
        name.encode(),
        str(EVENTS[name].v + 1).encode(),
        b"2025-02-02",
        b'{"organ":"secretariat"}',
        orjson.dumps(fields),
        b"",
    ]
    (sala.folder / "x.act").write_bytes(start + b"\n".join(rest))
    if beside is not None:
        (sala.folder / "x.act.names").write_bytes(orjson.dumps({"act": 0, "disclosure": beside}))
    sign(sala, "x.act")
    before = head(sala)

    done = sala("record", "--signed", "x.act.sig")

    assert (done.code, head(sala)) == (2, before)
    assert why in done.err


def test_an_act_nested_too_deeply_is_refused(sala: Desk) -> None:
    sala.does("act", *WITHDRAWAL, "--as", "sala-reg", "--out", "w.act")
    text = (sala.folder / "w.act").read_bytes()
    (sala.folder / "x.act").write_bytes(text.replace(b'"sala"', b"[" * 900 + b"]" * 900))
    sign(sala, "x.act")

    assert "is no act" in sala("record", "--signed", "x.act.sig").err


def test_the_key_of_a_signed_act_in_another_append_is_reported(sala: Desk) -> None:
    signed = ("--as", "sala-reg", "--sign-with", "sala.key", "--key", "k1")
    sala.does("record", *WITHDRAWAL, *signed)
    sala.does("record", "withdrawal-revoked", *IN_SALA)
    with open_store(sala.ledger) as store:
        [(at, data)] = store.data(head(sala) - 1, head(sala))
        again = data.replace(decode(data, at).key.encode(), b"k1").replace(b".000000Z", b".000001Z")
        tags = ["party:sala", "key:k1"]
        store.append([DCBEvent(type="withdrawal-revoked", data=again, tags=tags)])

    done = sala("verify", "--json")

    [problem] = [one for one in done.json["problems"] if "has the key of the append of entry" in one["what"]]
    assert (done.code, problem["position"]) == (4, at + 1)


@pytest.mark.parametrize(
    ("by", "flagged", "refused"),
    [
        ("sala-reg", [], []),
        ("tester", [], ["tester signed it, and has no key by entry 14"]),
        ("nobody", ["nobody recorded it without being authorised to record on 2026-01-15"],
         ["nobody signed it, and was not authorised on that day"]),
        ("koping-reg", ["koping-reg, a registrar of koping, recorded an act of sala"], []),
    ],
)  # fmt: skip
def test_an_act_is_written_with_what_is_irregular_about_it(
    sala: Desk, by: str, flagged: list[str], refused: list[str]
) -> None:
    public = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIlizSIN3DQV78VPNjVvvwjgf+P5HqbPYCYu3BOMdjAE"
    sala.does("record", "registrar-authorised", "--registrar", "koping-reg", "--party", "koping", "--roles", "party",
              "--public-key", public, "--on", "2023", "--organ", "assembly", "--paragraph", "§ 9")  # fmt: skip

    told = sala.does("act", *WITHDRAWAL, "--as", by, "--out", "w.act").out
    found = sala.does("act", *WITHDRAWAL, "--as", by, "--out", "x.act", "--json").json

    assert [one["text"] for one in found["flagged"]] == flagged
    assert [one["text"] for one in found["refused"]] == [f"the signature cannot be checked: {why}" for why in refused]
    for text in (*flagged, *refused):
        assert text in " ".join(told.split())
    assert ("it would be refused once it is signed" in told) is bool(refused)


def test_a_dry_run_checks_the_signature_of_an_act(sala: Desk) -> None:
    sala.does("act", *WITHDRAWAL, "--as", "sala-reg", "--out", "w.act")
    sign(sala, "w.act")
    assert sala.does("record", "--signed", "w.act.sig", "--dry-run", "--json").json["flagged"] == []
    (sala.folder / "w.act").write_text((sala.folder / "w.act").read_text().replace("2025-02-02", "2025-02-03"))

    assert sala("record", "--signed", "w.act.sig", "--dry-run").code == 1
