"""Tests verify_ledger.py on signed acts: signatures by `ssh-keygen` hold, and no change goes unnoticed, even in a log
whose hashes, root and checkpoint are made anew. `liggare audit` says the same of each.
"""

from __future__ import annotations

import subprocess
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from ledger.proof.act import act_text
from ledger.proof.note import Signer, base64_of, unbase64
from ledger.proof.ssh import parse_signature_file
from ledger.sweden import recorded_on
from tests.desk import at_a_desk, event
from tests.export.given import entries_of, exported, forged, program, whats
from tests.export.test_agreement import by_the_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.desk import Desk

VERIFY = program()
KEYS = {"sala": "ed25519", "koping": "ed25519", "norberg": "ecdsa"}
ORDINARY, ALONE, FIRST, SECOND, OTHER_KIND = 5, 6, 7, 8, 9  # the positions of an unsigned act and of the signed ones
ADOPTED = ("agreement-adopted", "--version", "1", "--on", "2022-11-02", "--organ", "assembly")
Entry = dict[str, Any]


def signature(folder: Path, name: str, text: bytes, namespace: str = "liggare-act@v1") -> str:
    """Returns the signature that `ssh-keygen` makes with the key in a file, as an entry holds it."""
    run = ["ssh-keygen", "-Y", "sign", "-q", "-n", namespace, "-f", str(folder / name)]
    done = subprocess.run(run, input=text, capture_output=True, check=True, timeout=60)
    return base64_of(parse_signature_file(done.stdout.decode()))


def authorise(desk: Desk, party: str, *more: str) -> None:
    public = (desk.folder / f"{party}.pub").read_text().strip()
    desk.does("record", "registrar-authorised", "--registrar", f"{party}-reg", "--party", party, "--roles", "party",
              "--public-key", public, "--on", "2025-12", "--organ", "assembly", "--paragraph", "§ 9",
              *more)  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Yields a desk whose ledger has acts signed by Sala, one alone and two in one append, and one by Norberg, whose
    key is no Ed25519 key. Köping proved its key, and signed nothing.
    """
    with at_a_desk(tmp_path_factory.mktemp("signed")) as desk:
        for name, kind in KEYS.items():
            run = ["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "", "-f", str(desk.folder / name)]
            subprocess.run(run, check=True, timeout=60)
        desk.does("init")
        public = (desk.folder / "koping.pub").read_text().strip()
        ledger_id = desk.does("checkpoint").out.split("\n")[0].removeprefix("liggare/")
        text = f"liggare-registrar@v1\n{ledger_id}\nkoping-reg\nkoping\n{public}\n".encode()
        authorise(desk, "sala")
        authorise(desk, "koping", "--proof", signature(desk.folder, "koping", text, "liggare-registrar@v1"))
        authorise(desk, "norberg")
        desk.does("record", "activity-held", "--on", "2025-01-01", "--organ", "official", "--kind", "conference",
                  "--title", "Konferens", "--place", "Köping", "--organisers", "koping")  # fmt: skip
        by = ("--as", "sala-reg", "--sign-with", desk.folder / "sala")
        desk.does("record", *ADOPTED, "--assembly", "sala", "--key", "alone", *by)
        held = {"kind": "seminar", "place": "Sala", "organisers": ["sala"]}
        two = [event("activity-held", "2025-01-02", "official", title=title, **held) for title in ("Ett", "Två")]
        desk.does("import", desk.writes("two.jsonl", two), "--key", "together", *by)
        desk.does("record", *ADOPTED, "--assembly", "norberg", "--as", "norberg-reg", "--sign-with",
                  desk.folder / "norberg")  # fmt: skip
        yield desk


@pytest.fixture(scope="module")
def export(desk: Desk) -> Path:
    return exported(desk)


def ledger_id(export: Path) -> str:
    return str(orjson.loads((export / "export.json").read_bytes())["ledger_id"])


def rewritten(export: Path, to: Path, change: Callable[[list[Entry]], object]) -> Path:
    """Returns a copy of the export in which the entries are changed, and everything else fits them, signed anew."""
    entries: list[Entry] = [orjson.loads(data) for data in entries_of(export)]
    change(entries)
    forger = Signer(f"liggare/{ledger_id(export)}", bytes([7]) * 32)
    data = [orjson.dumps(entry, option=orjson.OPT_SORT_KEYS) for entry in entries]
    return forged(export, to / "forged", data, forger)


def signed_anew(desk: Desk, export: Path, entry: Entry, place: tuple[int, int], name: str, **said: Any) -> None:
    """Signs an entry as it now stands with the key of a party."""
    text = act_text(ledger_id(export), entry["signature"]["registrar"], entry["key"], place, entry)
    entry["signature"]["ssh"] = signature(desk.folder, name, text, **said)


def test_signatures_of_ed25519_keys_hold_and_others_are_counted(export: Path) -> None:
    code, told = by_the_program(export)

    assert (code, whats(export)) == (0, [])
    assert (
        "\nSigned acts: 4. Signatures of registrars' Ed25519 keys that were checked, and hold: 4.\n"
        "Signatures of other kinds of key, not checked here: 1. liggare audit checks them.\n"
    ) in told


def test_an_export_without_registrars_says_nothing_of_them(golden: Path) -> None:
    code, told = by_the_program(golden)

    assert code == 0
    assert "Signed acts" not in told


def at(position: int, **changed: Any) -> Callable[[list[Entry]], object]:
    return lambda entries: entries[position - 1].update(changed)


def within(position: int, member: str, **changed: Any) -> Callable[[list[Entry]], object]:
    return lambda entries: entries[position - 1][member].update(changed)


def swap(entries: list[Entry]) -> None:
    entries[FIRST - 1]["signature"], entries[SECOND - 1]["signature"] = (
        entries[SECOND - 1]["signature"], entries[FIRST - 1]["signature"],
    )  # fmt: skip


def with_the_key_of_another(entries: list[Entry]) -> None:
    entries[1]["fields"]["public_key"] = entries[2]["fields"]["public_key"]


def flipped(position: int) -> Callable[[list[Entry]], object]:
    """Changes one letter in the middle of a signature's base64, which then encodes another Ed25519 signature."""

    def change(entries: list[Entry]) -> None:
        held = entries[position - 1]["signature"]
        held["ssh"] = held["ssh"][:-20] + ("A" if held["ssh"][-20] != "A" else "B") + held["ssh"][-19:]

    return change


def weak(position: int) -> Callable[[list[Entry]], object]:
    """Replaces the key of an authorisation with one of low order, under which anybody can sign."""

    def change(entries: list[Entry]) -> None:
        blob = b"".join(len(one).to_bytes(4, "big") + one for one in (b"ssh-ed25519", bytes(32)))
        entries[position - 1]["fields"]["public_key"] = f"ssh-ed25519 {base64_of(blob)}"
        act = entries[ALONE - 1]["signature"]
        made = unbase64(act["ssh"])
        before, after = made[:10], made[10 + 4 + len(blob) :]  # an Ed25519 key has this length
        act["ssh"] = base64_of(before + len(blob).to_bytes(4, "big") + blob + after)

    return change


def replaced(position: int, entry: Entry) -> Callable[[list[Entry]], object]:
    """Puts another entry, recorded at the same moment under the same key, in place of one."""

    def change(entries: list[Entry]) -> None:
        entries[position - 1] = {**entries[position - 1], "source": {"organ": "secretariat"}, **entry}

    return change


ANNULLED: Entry = {
    "event": "entry-annulled",
    "fields": {"cause": "recording-error", "entry": 2, "reason": "fel"},
    "v": 1,
}
RELEASED: Entry = {"event": "registrar-released", "fields": {"registrar": "sala-reg"}, "v": 1}
FORGERIES: dict[str, tuple[Callable[[list[Entry]], object], int]] = {
    "another day": (at(ALONE, valid_on="2022-11-03"), ALONE),
    "another field": (within(ALONE, "fields", assembly="arboga"), ALONE),
    "another source": (within(ALONE, "source", organ="executive"), ALONE),
    "another event": (at(ALONE, event="agreement-rejected"), ALONE),
    "another idempotency key": (at(ALONE, key="other"), ALONE),
    "another registrar": (within(ALONE, "signature", registrar="koping-reg"), ALONE),
    "an unknown registrar": (within(ALONE, "signature", registrar="nobody"), ALONE),
    "a changed signature": (flipped(ALONE), ALONE),
    "a signature of no strings": (within(ALONE, "signature", ssh=base64_of(b"SSHSIG\0\0\0\1")), ALONE),
    "a signature that is cut off": (within(ALONE, "signature", ssh=base64_of(b"SSHSIG\0\0\0\1\0\0\0\x05ab")), ALONE),
    "a signature with more beside it": (within(ALONE, "signature", more="x"), ALONE),
    "a key under which anybody can sign": (weak(2), ALONE),
    "an authorisation on no day": (at(2, valid_on="soon"), 2),
    "the second of two": (within(SECOND, "fields", title="Tre"), SECOND),
    "two that change places": (swap, FIRST),
    "one of two left out": (lambda entries: entries.pop(SECOND - 1), FIRST),
    "the same act twice": (lambda entries: entries.insert(ALONE, {**entries[ALONE - 1]}), ALONE),
    "another key of the registrar": (with_the_key_of_another, ALONE),
    "no key of the registrar": (lambda entries: entries[1]["fields"].pop("public_key"), ALONE),
    "an authorisation removed": (replaced(2, RELEASED), ALONE),
    "an authorisation annulled": (replaced(ORDINARY, ANNULLED), ALONE),
    "a registrar released": (replaced(ORDINARY, RELEASED), ALONE),
    "an authorisation from a later day": (at(2, valid_on="2026-01-16"), ALONE),
    "an authorisation from some day of the month": (at(2, valid_on="2026-01"), ALONE),
    "an act recorded before the authorisation": (lambda entries: entries.insert(1, entries.pop(ALONE - 1)), 2),
    "the proof of a key": (within(3, "fields", registrar="other-reg"), 3),
    "another party's proof": (within(3, "fields", party="sala"), 3),
    "another registrar of another kind of key": (within(OTHER_KIND, "signature", registrar="sala-reg"), OTHER_KIND),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_whatever_is_changed_in_a_log_made_anew_is_reported_by_both(export: Path, tmp_path: Path, name: str) -> None:
    change, position = FORGERIES[name]

    def and_times(entries: list[Entry]) -> None:
        times = [entry["recorded_at"] for entry in entries]
        change(entries)
        for entry, time in zip(entries, [*times, "2026-01-15T20:00:00.000000Z"], strict=False):
            entry["recorded_at"] = time

    copy = rewritten(export, tmp_path, and_times)

    code, told = by_the_program(copy)
    assert (code, f"WRONG  entry {position}: " in told) == (4, True), told
    assert any(what.startswith(f"{position}: ") for what in whats(copy)), whats(copy)


@pytest.mark.parametrize(
    "change",
    [
        at(ALONE, recorded_by="somebody-else"),
        replaced(ORDINARY, {**ANNULLED, "fields": {"cause": "recording-error", "entry": 1, "reason": "fel"}}),
    ],
    ids=["another recorder", "an annulment of what says nothing of registrars"],
)
def test_nothing_else_in_a_log_made_anew_is_reported(
    export: Path, tmp_path: Path, change: Callable[[list[Entry]], object]
) -> None:
    copy = rewritten(export, tmp_path, change)

    assert (by_the_program(copy)[0], whats(copy)) == (0, [])


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, None),
        ({"namespace": "file"}, "not for liggare-act@v1"),
        ({"namespace": "liggare-registrar@v1"}, "not for liggare-act@v1"),
    ],
)
def test_a_signature_for_another_purpose_is_reported(
    desk: Desk, export: Path, tmp_path: Path, said: dict[str, str], why: str | None
) -> None:
    copy = rewritten(
        export, tmp_path, lambda entries: signed_anew(desk, export, entries[ALONE - 1], (1, 1), "sala", **said)
    )

    code, told = by_the_program(copy)
    assert (code, [what[:2] for what in whats(copy)]) == ((0, []) if why is None else (4, [f"{ALONE}:"]))
    assert (why or "hold: 4") in told


@pytest.mark.parametrize(("place", "holds"), [((1, 2), True), ((1, 1), False), ((2, 2), False), ((1, 3), False)])
def test_an_act_is_signed_for_its_place_in_its_append(
    desk: Desk, export: Path, tmp_path: Path, place: tuple[int, int], *, holds: bool
) -> None:
    copy = rewritten(export, tmp_path, lambda entries: signed_anew(desk, export, entries[FIRST - 1], place, "sala"))

    assert by_the_program(copy)[0] == (0 if holds else 4)
    assert (whats(copy) == []) is holds


@pytest.mark.parametrize("kept", [ALONE, ORDINARY])
def test_a_key_of_a_signed_act_that_two_appends_have_is_reported(export: Path, tmp_path: Path, kept: int) -> None:
    """The other append has no signed act, and stands after the signed one, or before it."""

    def change(entries: list[Entry]) -> None:
        if kept == ALONE:
            entries[OTHER_KIND - 1] = {**entries[ORDINARY - 1], "key": "alone",
                                       "recorded_at": entries[OTHER_KIND - 1]["recorded_at"]}  # fmt: skip
        else:
            entries[3] = {**entries[ORDINARY - 1], "key": "alone", "recorded_at": entries[3]["recorded_at"]}
            del entries[OTHER_KIND - 1]

    copy, second = rewritten(export, tmp_path, change), OTHER_KIND if kept == ALONE else ALONE

    code, told = by_the_program(copy)
    first = ALONE if kept == ALONE else 4
    assert (code, f"entry {second}: its key is that of the append of entry {first}" in told) == (4, True), told
    assert [what.partition(":")[0] for what in whats(copy) if "has the key of the append" in what] == [str(second)]


MOMENTS = [
    f"{year}-{month:02}-{day:02}T{hour:02}:59:59.999999Z"
    for year in (2022, 2026, 2199)
    for month, days in ((1, [31]), (3, range(24, 32)), (7, [1]), (10, range(24, 32)), (12, [31]))
    for day in days
    for hour in (0, 1, 2, 21, 22, 23)
]


def test_the_day_in_sweden_is_that_of_the_program() -> None:
    for moment in MOMENTS:
        assert VERIFY.day_after(moment) == (recorded_on(moment) + timedelta(days=1)).isoformat(), moment
