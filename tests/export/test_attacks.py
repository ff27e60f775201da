"""Tests exports whose maker changed past entries and made everything else fit: which reader refuses each export, and
the words of the refusal.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from hashlib import sha256
from typing import TYPE_CHECKING

import orjson
import pytest

from ledger.integrity.export.check import check_export
from ledger.proof.note import Signer, format_vkey
from tests.desk import event
from tests.export.given import PROGRAM, entries_of, exported, forged, program, put, record_a_past, reseal, whats
from tests.export.making import ORIGIN, PAST, changed, laid, made, note

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.desk import Desk

VERIFY = program()
OTHER_KEY = b"\x05" * 32


def wrong(export: Path) -> list[str]:
    found = VERIFY.Export(str(export))
    found.check(None, "")
    faults: list[str] = found.faults
    return faults


def edited(entries: list[bytes]) -> list[bytes]:
    return [*entries[:11], entries[11].replace(b"Sala", b"Arla"), *entries[12:]]


def dated_back(entries: list[bytes]) -> list[bytes]:
    return [*entries[:11], entries[11].replace(b"2024-0", b"2023-0"), *entries[12:]]


def deleted(entries: list[bytes]) -> list[bytes]:
    return entries[:11] + entries[12:]


def inserted(entries: list[bytes]) -> list[bytes]:
    return [*entries[:12], entries[11].replace(b"Z", b"1Z").replace(b"1Z", b"Z"), *entries[12:]]


def swapped(entries: list[bytes]) -> list[bytes]:
    return [*entries[:11], entries[12], entries[11], *entries[13:]]


def cut(entries: list[bytes]) -> list[bytes]:
    return entries[:-1]


ATTACKS = (edited, dated_back, deleted, inserted, swapped, cut)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_changed_past_is_not_what_was_signed(
    golden: Path, tmp_path: Path, attack: Callable[[list[bytes]], list[bytes]]
) -> None:
    past = entries_of(golden)
    assert attack(past) != past

    copy = forged(golden, tmp_path / "forged", attack(past))

    assert [fault for fault in wrong(copy) if fault.startswith("checkpoint: ") or "not a bundle of 21" in fault]
    assert [what for what in whats(copy) if what.startswith("checkpoint: ") or "does not hold 21 entries" in what]


@pytest.mark.parametrize("attack", [edited, dated_back, swapped])
def test_a_log_rebuilt_with_another_key_is_detected_with_a_kept_checkpoint_or_key(
    desk: Desk, attack: Callable[[list[bytes]], list[bytes]]
) -> None:
    desk.does("init")
    for number in range(3):
        lines = [
            event("activity-held", f"2024-0{month}-01", "official", kind="seminar", title=f"Nr {number}.{month}",
                  place="Sala", organisers=["sala"])
            for month in range(1, 10)
        ]  # fmt: skip
        desk.does("import", desk.writes(f"{number}.jsonl", lines), "--key", f"k{number}")
    honest = exported(desk)
    about = json.loads((honest / "export.json").read_bytes())
    signer = Signer(f"liggare/{about['ledger_id']}", OTHER_KEY)

    anew = forged(honest, desk.folder / "anew", attack(entries_of(honest)), signer)
    alone = desk("audit", anew, "--no-replay")
    kept = desk("audit", anew, "--no-replay", "--since", honest / "checkpoint")
    known = desk("audit", anew, "--no-replay", "--vkey", about["vkeys"][0])

    if attack is not swapped:  # after the swap, the recording times of the two entries no longer rise
        assert (alone.code, alone.err) == (0, "")
        assert "may have made the whole log anew" in alone.out
    assert kept.code == known.code == 4
    assert "the checkpoint given: the first 28 entries are not those that it was signed for" in kept.errors
    assert f"the key given, {about['vkeys'][0]}, signs for nothing that is here; the keys that do are: " in known.err


def test_two_exports_of_a_copy_that_went_two_ways_disagree(desk: Desk) -> None:
    desk.does("init")
    desk.does("copy", desk.ledger, "other.db")
    [key] = desk.folder.glob("*.key")
    shutil.copy(key, "other.db.key")
    shutil.copy(f"{key}.signed", "other.db.key.signed")
    for ledger, place in ((desk.ledger, "Sala"), ("other.db", "Köping")):
        desk.does("record", "activity-held", "--ledger", ledger, "--on", "2025-01-01", "--organ", "official", "--kind",
                  "seminar", "--title", "T", "--place", place, "--organisers", "sala")  # fmt: skip
    one, other = exported(desk, "one"), exported(desk, "two", "--ledger", "other.db")

    assert desk("audit", one).code == desk("audit", other).code == 0
    for shown, held in ((one, other), (other, one)):
        refused = desk("audit", shown, "--since", held / "checkpoint")
        assert refused.code == 4
        assert refused.errors == ["the checkpoint given: the first 2 entries are not those that it was signed for"]


def test_an_older_copy_shown_as_the_newest_lacks_what_was_signed(desk: Desk) -> None:
    desk.does("init")
    older = exported(desk, "older")
    desk.does("record", "person-registered", "--person", "p1", "--name", "N", "--on", "2025-01-01", "--organ", "chair")
    newer = exported(desk, "newer")

    assert desk("audit", older, "--since", newer / "checkpoint").errors == [
        "the checkpoint given: it was signed for 2 entries, and this log has 1"
    ]
    assert desk("audit", newer, "--since", older / "checkpoint").code == 0


def test_a_checkpoint_of_another_ledger_says_nothing_of_this_one(desk: Desk) -> None:
    desk.does("init")
    desk.does("init", "--ledger", "other.db")
    one, other = exported(desk, "one"), exported(desk, "two", "--ledger", "other.db")

    refused = desk("audit", one, "--since", other / "checkpoint")

    assert refused.code == 4
    assert "the checkpoint given: it is of another ledger" in refused.errors


def test_whoever_holds_the_first_key_is_led_to_the_one_that_signs_now(desk: Desk) -> None:
    record_a_past(desk)
    export = exported(desk)
    first, last = json.loads((export / "export.json").read_bytes())["vkeys"]

    assert first != last
    assert desk("audit", export, "--vkey", first).code == desk("audit", export, "--vkey", last).code == 0


def test_a_key_that_nobody_signed_for_leads_nowhere(desk: Desk) -> None:
    desk.does("init")
    desk.does("rotate-key", "--lost")
    export = exported(desk)
    first, last = json.loads((export / "export.json").read_bytes())["vkeys"]

    assert desk("audit", export, "--vkey", last).code == 0
    for known in ((), ("--vkey", first)):
        [told] = desk("audit", export, *known).errors
        assert told.startswith(f"entry 2: it changes the signing key to {last}, and the key before it does not vouch")


def test_answers_that_are_not_those_of_the_log_are_seen_when_it_is_replayed(desk: Desk) -> None:
    record_a_past(desk)
    export = exported(desk)
    about = json.loads((export / "export.json").read_bytes())
    about["state"]["answers"]["council"] = "0" * 64
    reseal(export, about)

    assert desk("audit", export, "--no-replay").code == 0
    assert desk("audit", export).errors == ["export.json: replayed, the answers differ from the exporter's in council"]


def restated(export: Path, answers: dict[str, str]) -> None:
    """Puts other digests of answers into an export, and makes the digest over them and the seal fit."""
    about = json.loads((export / "export.json").read_bytes())
    whole = sha256(orjson.dumps(answers, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)).hexdigest()
    about["state"] |= {"answers": answers, "digest": whole}
    reseal(export, about)


def answers_in(export: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads((export / "export.json").read_bytes())["state"]["answers"]
    return found


def test_questions_that_one_side_alone_answers_are_named_and_the_others_compared(desk: Desk) -> None:
    record_a_past(desk)
    export = exported(desk)
    whole = answers_in(export)
    without = {question: digest for question, digest in whole.items() if question != "council"}
    same = "Answers to a replay: the same as the exporter's in every question compared; "
    for answers, said, ours, theirs in (
        (without, "the export holds no digest of 'council'", ["council"], []),
        (whole | {"travels": "0" * 64}, "this program does not answer 'travels'", [], ["travels"]),
        (
            without | {"travels": "0" * 64},
            "the export holds no digest of 'council', and this program does not answer 'travels'",
            ["council"],
            ["travels"],
        ),
    ):
        restated(export, answers)

        assert f"{same}{said}." in desk.does("audit", export).out
        told = desk.asks("audit", export)["compared"]
        assert (told["only_ours"], told["only_theirs"], told["differ"]) == (ours, theirs, [])
        assert told["both"] == sorted(whole.keys() & answers.keys())


def test_a_question_that_one_side_alone_answers_hides_no_difference_in_another(desk: Desk) -> None:
    record_a_past(desk)
    export = exported(desk)
    whole = answers_in(export)
    restated(export, {**whole, "council": "0" * 64, "travels": "0" * 64})

    assert desk("audit", export).errors == ["export.json: replayed, the answers differ from the exporter's in council"]


def test_a_digest_that_was_taken_out_of_the_digest_over_all_is_seen(desk: Desk) -> None:
    record_a_past(desk)
    export = exported(desk)
    about = json.loads((export / "export.json").read_bytes())
    del about["state"]["answers"]["council"]
    reseal(export, about)

    told = desk("audit", export)
    assert (told.code, told.errors) == (
        4,
        ["export.json: replayed, the answers differ from the exporter's in their digest"],
    )


def test_an_export_without_a_digest_of_any_question_is_not_said_to_have_the_same_answers(desk: Desk) -> None:
    record_a_past(desk)
    export = exported(desk)
    for answers in ({}, {f"q{number}": "0" * 64 for number in range(30)}):
        restated(export, answers)

        assert desk.asks("audit", export)["answers"] == (
            "not compared: the export holds no digest of a question that this program answers"
        )


def test_many_unknown_questions_are_named_in_one_short_line(desk: Desk) -> None:
    record_a_past(desk)
    export = exported(desk)
    restated(export, answers_in(export) | {f"{number:03}\x1b" * 1000: "0" * 64 for number in range(100)})

    said = desk.asks("audit", export)["answers"]
    assert len(said) < 2000
    assert said.endswith("…")
    assert "\x1b" not in said


def test_a_digest_of_the_answers_that_is_not_theirs_is_seen(desk: Desk) -> None:
    record_a_past(desk)
    export = exported(desk)
    about = json.loads((export / "export.json").read_bytes())
    about["state"]["digest"] = "0" * 64
    reseal(export, about)

    assert desk("audit", export).errors == [
        "export.json: replayed, the answers differ from the exporter's in their digest"
    ]


def test_an_export_without_a_replay_is_not_compared(desk: Desk) -> None:
    record_a_past(desk)
    desk.does("checkpoint")
    desk.does("export", "unanswered", "--no-replay")

    assert json.loads((desk.folder / "unanswered" / "export.json").read_bytes())["state"] is None
    assert desk.asks("audit", "unanswered")["answers"] == "not compared: the export holds no digests of them"


def test_answers_of_another_version_are_not_held_against_it(desk: Desk) -> None:
    record_a_past(desk)
    export = exported(desk)
    about = json.loads((export / "export.json").read_bytes())
    about["state"]["answers"]["council"], about["version"] = "0" * 64, "0.0.1"
    reseal(export, about)

    assert (
        desk.does("audit", export, "--json").json["answers"].startswith("not compared: the exporter used liggare 0.0.1")
    )


def test_a_name_in_the_place_of_another_is_not_the_one_registered(golden: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(golden, tmp_path / "copy")
    lines = (copy / "names.jsonl").read_bytes().splitlines(keepends=True)
    first, second = (json.loads(line) for line in lines[:2])
    first["disclosure"], second["disclosure"] = second["disclosure"], first["disclosure"]
    put(
        copy / "names.jsonl",
        b"".join(json.dumps(one, separators=(",", ":")).encode() + b"\n" for one in (first, second)),
    )

    assert [what for what in whats(copy) if "the name is not the one that was registered" in what]
    assert [fault for fault in wrong(copy) if fault.startswith("names.jsonl: entry 2")]


@pytest.mark.parametrize(("v", "code"), [(1, 0), (2, 4)])
def test_a_checkpoint_vouches_for_a_key_only_in_entries_that_held_no_proof(tmp_path: Path, v: int, code: int) -> None:
    """A signer may sign a checkpoint with the old key without noticing that the checkpoint covers a change of key. If
    the entry of the change has version 2 or later, the old key's signature on the checkpoint does not vouch for the new
    key.
    """
    old, new = Signer(ORIGIN, b"\x01" * 32), Signer(ORIGIN, b"\x02" * 32)
    entries = [*PAST, changed(len(PAST) + 1, new, v=v)]
    export = laid(made(entries, [note(entries, old, new)], old, new), tmp_path / "export")

    told = check_export(export, key=old.verifier)
    assert bool(told.problems) is (code == 4), told.problems
    run = [sys.executable, "-I", str(PROGRAM), str(export), "--vkey", format_vkey(old.verifier)]
    assert subprocess.run(run, capture_output=True, check=False).returncode == code
