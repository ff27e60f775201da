"""Tests verify_ledger.py on whole exports, within the test's process: its exact words about checkpoints, signing keys
and restores, and its exit codes.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from ledger.proof.checkpoint import Checkpoint, sign_checkpoint
from ledger.proof.note import Signer, format_note, parse_note
from tests.export.both import compare, in_swedish
from tests.export.making import (
    FORGER,
    ORIGIN,
    PAST,
    REAL,
    SECOND,
    THIRD,
    changed,
    covered,
    held,
    laid,
    made,
    note,
    resealed,
    restored,
    root_of,
)
from tests.export.wholes import (
    ELSEWHERE,
    FORGED_KEY,
    NOT_LISTED,
    REAL_KEY,
    ROTATED,
    SECOND_KEY,
    THIRD_KEY,
    TURNED,
    VERIFY,
    about,
    check,
    headed,
    keyed,
    listed,
    plain,
    rotated,
    without,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.export.making import Files


def not_first(size: int, origin: str = ORIGIN) -> str:
    return f"of {origin}, of size {size}, and not how the entries here begin"


def unvouched(key: str) -> str:
    return f"it changes the key to {key}, and the key before it does not vouch for that"


def went_back(kept: int, lost: int) -> str:
    return f"the ledger was restored as it was after entry {kept}, and lost what was signed up to entry {lost}"


# Checkpoints.
def false(*signers: Signer, at: int) -> str:
    """Returns a checkpoint of the whole log whose signatures are true, except for the signature at index `at`."""
    read = parse_note(note(ROTATED, *signers))
    lines = [line._replace(data=bytes(64)) if place == at else line for place, line in enumerate(read.signatures)]
    return format_note(read._replace(signatures=tuple(lines)))


UNKNOWN = f"— {ORIGIN} {b64encode(bytes(68)).decode()}\n— x {b64encode(bytes(68)).decode()}\n"


@pytest.mark.parametrize(
    "text", [note(ROTATED, SECOND) + UNKNOWN, note(ROTATED, REAL, SECOND), false(SECOND, SECOND, at=1)]
)
def test_lines_of_others_under_a_checkpoint_are_left_alone(text: str, tmp_path: Path) -> None:
    assert check(headed(text), tmp_path / "export").faults == []


@pytest.mark.parametrize(
    ("files", "places", "key"),
    [
        (rotated({21: (REAL,)}), ["checkpoint", "checkpoints/21"], SECOND_KEY),
        (headed(false(SECOND, REAL, at=1)), ["checkpoint", "checkpoints/21"], SECOND_KEY),
        (headed(false(SECOND, REAL, at=0)), ["checkpoint", "checkpoints/21"], SECOND_KEY),
        (headed(false(SECOND, SECOND, at=0)), ["checkpoint", "checkpoints/21"], SECOND_KEY),
        (rotated({20: (REAL,), 21: (SECOND,)}), ["checkpoints/20"], SECOND_KEY),
        (rotated({19: (SECOND,), 21: (SECOND,)}), ["checkpoints/19"], REAL_KEY),
        (rotated({5: (FORGER,), 21: (SECOND,)}), ["checkpoints/5"], REAL_KEY),
    ],
)
def test_a_checkpoint_is_signed_by_the_key_for_its_size(
    files: Files, places: list[str], key: str, tmp_path: Path
) -> None:
    assert check(files, tmp_path / "export").faults == [f"{place}: not signed by {key}" for place in places]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (note(ROTATED[:5][::-1], REAL), not_first(5)),
        (note(ROTATED[:5], REAL, origin="liggare/x"), not_first(5, "liggare/x")),
        (sign_checkpoint(Checkpoint(ORIGIN, 0, sha256().digest()), REAL), not_first(0)),
        (sign_checkpoint(Checkpoint(ORIGIN, 0, b"\0" * 32), REAL), not_first(0)),
        (note([*ROTATED, held(22)], SECOND), not_first(22)),
        (sign_checkpoint(Checkpoint(ORIGIN, 22, root_of(ROTATED)), SECOND), not_first(22)),
    ],
)
def test_a_checkpoint_is_of_the_first_entries_here(text: str, wrong: str, tmp_path: Path) -> None:
    assert check(TURNED, tmp_path / "export", since=text).faults == [f"the checkpoint given: {wrong}"]


def test_a_checkpoint_lies_under_its_size(tmp_path: Path) -> None:
    for name, wrong in (("6", "not named by its size"), ("4-2", "not named by its size"), ("5-1", NOT_LISTED),
                        ("05", NOT_LISTED), ("x", NOT_LISTED), ("5-10", ""), ("5-02", NOT_LISTED)):  # fmt: skip
        path = f"checkpoints/{name}"
        found = check(listed(TURNED, **{path: TURNED["checkpoints/5"]}), tmp_path / name).faults
        assert found == ([f"{path}: {wrong}"] if wrong else [])


def test_the_checkpoint_is_among_those_that_were_published(tmp_path: Path) -> None:
    files = listed(without(TURNED, "checkpoints/21"))

    assert check(files, tmp_path / "export").faults == ["checkpoint: none of those in checkpoints/"]


# Keys.
CHANGES = {
    "the proof in entry 20 is not the old key's signature over the new one": (
        covered(20, THIRD, SECOND),
        (REAL, SECOND),
    ),
    "not canonical base64": (changed(20, SECOND, proof="AB=="), (REAL, SECOND)),
    "a key that signed before": (covered(20, REAL, REAL), (REAL, REAL)),
    "a key of another log": (covered(20, REAL, ELSEWHERE), (REAL, ELSEWHERE)),
}


@pytest.mark.parametrize("wrong", CHANGES)
def test_a_key_follows_a_key(wrong: str, tmp_path: Path) -> None:
    change, keys = CHANGES[wrong]
    files = keyed(change, keys=keys, signed={20: keys[1:]})

    assert check(files, tmp_path / "export").faults == [f"the keys that sign: {wrong}"]


LOST = unvouched(SECOND_KEY)
NONE = "signs for nothing that is here; those that do are "
LED = "only that key, or a later one, as --vkey shows that it is right"


@pytest.mark.parametrize(
    ("change", "signed", "vouched"),
    [
        (changed(20, SECOND, v=1), {20: (REAL, SECOND), 21: (SECOND,)}, True),
        (changed(20, SECOND, v=1), {21: (REAL, SECOND)}, True),
        (changed(20, SECOND, v=1), {19: (REAL,), 21: (SECOND,)}, False),
        (changed(20, SECOND, v=1), {21: (SECOND,)}, False),
        (changed(20, SECOND, v=2), {20: (REAL, SECOND), 21: (SECOND,)}, False),
        (changed(20, SECOND, v=0), {20: (REAL, SECOND), 21: (SECOND,)}, False),
        (changed(20, SECOND, v=1, lost=True), {20: (REAL, SECOND), 21: (SECOND,)}, False),
    ],
)
def test_a_key_that_the_one_before_it_does_not_vouch_for_asks_for_itself_or_a_later_one(
    change: bytes, signed: dict[int, tuple[Signer, ...]], vouched: bool, tmp_path: Path
) -> None:
    files = keyed(change, held(21), keys=(REAL, SECOND), signed=signed)

    for vkey in ("", REAL_KEY):
        told = check(files, tmp_path / "export", vkey=vkey)
        assert told.faults == ([] if vouched else [f"entry 20: {LOST}; {LED}"])
    told = check(files, tmp_path / "export", vkey=SECOND_KEY)
    assert told == ([], ([] if vouched else [f"Entry 20: {LOST}."]) + told.told[-1:])


def test_a_change_of_key_in_the_older_form_after_a_newer_one_needs_a_proof(tmp_path: Path) -> None:
    """After a change of key in the newer form, a log never returns to the older form, for which a checkpoint signed by
    the old key would suffice.
    """
    files = keyed(covered(20, REAL, SECOND), changed(21, THIRD, v=1), keys=(REAL, SECOND, THIRD),
                  signed={21: (THIRD, SECOND)})  # fmt: skip

    assert check(files, tmp_path / "export").faults == [f"entry 21: {unvouched(THIRD_KEY)}; {LED}"]


def test_a_key_that_the_first_entry_names_is_vouched_for_by_none(tmp_path: Path) -> None:
    entries = [changed(1, SECOND, v=1)]
    files = made(entries, [note(entries, SECOND)], REAL, SECOND, names=b"", documents=())

    assert check(files, tmp_path / "export").faults == [f"entry 1: {LOST}; {LED}"]


def test_a_key_leads_to_those_before_it_and_one_of_no_use_here_to_none(tmp_path: Path) -> None:
    files = keyed(changed(20, SECOND, lost=True), covered(21, SECOND, THIRD), keys=(REAL, SECOND, THIRD),
                  signed={21: (THIRD,)})  # fmt: skip

    assert check(files, tmp_path / "export", vkey=THIRD_KEY).told[:-1] == [f"Entry 20: {LOST}."]
    assert check(files, tmp_path / "export", vkey=FORGED_KEY).faults == [
        f"the key given: {NONE}{REAL_KEY}, {SECOND_KEY}, {THIRD_KEY}",
        f"entry 20: {LOST}; {LED}",
    ]
    assert check(TURNED, tmp_path / "other", vkey=FORGED_KEY).faults == [
        f"the key given: {NONE}{REAL_KEY}, {SECOND_KEY}"
    ]


# Restores.
def test_a_restored_ledger_asks_for_a_checkpoint_of_what_was_kept(tmp_path: Path) -> None:
    entries = [*PAST, restored(20, 10, 19)]
    files = plain(entries[-1])
    only = "only --since, of size 10 at most, shows what was kept"

    for since in ("", note(entries[:11], REAL)):
        assert check(files, tmp_path / "export", since=since).faults == [f"entry 20: {went_back(10, 19)}; {only}"]
    for size in (1, 9, 10):
        told = check(files, tmp_path / "export", since=note(entries[:size], REAL))
        assert (told.faults, told.told[:-1]) == ([], [f"Entry 20: {went_back(10, 19)}."])
    assert check(plain(restored(20, 19, 19)), tmp_path / "at-once", note(PAST, REAL)).faults == []
    assert check(plain(restored(20, 0, 19)), tmp_path / "all").faults != []


# export.json.
def said(sealing: bool = True, **of: Any) -> Files:
    files = {**about(), **of}
    if sealing:
        return resealed(TURNED, files)
    return {**TURNED, "export.json": orjson.dumps(files, option=orjson.OPT_SORT_KEYS)}


@pytest.mark.parametrize(
    "files",
    [
        said(ledger_id="x"), said(entries=20), said(root="x"), said(sealing=False, sha256="x"),
        *(said(vkeys=[REAL_KEY, *more]) for more in ([], [THIRD_KEY], [SECOND_KEY, THIRD_KEY])),
        said(sealing=False, version="2"),
        {**TURNED, "export.json": orjson.dumps({**about(), "sha256": None}, option=orjson.OPT_SORT_KEYS)},
    ],
)  # fmt: skip
def test_an_export_says_what_checkpoint_and_log_say(files: Files, tmp_path: Path) -> None:
    assert check(files, tmp_path / "export").faults == [
        "export.json: not what was written, or not what the checkpoint and the log say"
    ]


@pytest.mark.parametrize(
    ("files", "place"),
    [
        (said(public=5), "export.json"), (said(languages=[{}] * 998), "export.json"),
        ({**TURNED, "export.json": b"x"}, "export.json"), ({**TURNED, "export.json": b"[]"}, "export.json"),
        ({**TURNED, "checkpoint": b"x"}, "checkpoint"), ({**TURNED, "checkpoints/5": b"x"}, "checkpoints/5"),
    ],
)  # fmt: skip
def test_an_export_that_does_not_say_what_it_is_is_not_checked_further(
    files: Files, place: str, tmp_path: Path
) -> None:
    [wrong] = check(files, tmp_path / "export").faults

    assert wrong.startswith(f"{place}: not what was written; nothing else was checked (")


def test_without_a_key_an_export_is_signed_by_nobody(tmp_path: Path) -> None:
    assert (
        check(plain(vkeys=[]), tmp_path / "export").faults[-1] == "the keys that sign: not an Ed25519 key, NAME+ID+KEY"
    )


# Arguments, output and exit codes.
PROVED = """21 entries of {origin}, the last recorded at 2031-01-01T00:00:21.000000Z, signed for by {key}
Proved: these are the entries that this key signed for, each with its bytes, place and time. All earlier checkpoints
here are of the same log. The names and documents here are those that the log holds digests of.
Not proved: that what was recorded is true; that nothing was recorded after; that others were shown the same log.
Of what entries name, documents: 1 of 1 named are here.
"""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Returns a function that runs verify_ledger.py and returns its exit code, stdout and stderr. Each run is compared
    with one in Swedish.
    """

    def called(*args: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["verify_ledger.py", *map(str, args)])
        done = code(), *capsys.readouterr()
        with in_swedish(VERIFY):
            swedish = code(), *capsys.readouterr()
        assert swedish[0] == done[0]
        compare(done[1:], swedish[1:])
        return done

    def code() -> int:
        try:
            return int(VERIFY.main())
        except SystemExit as ended:
            return int(str(ended.code))

    return called


def test_it_ends_with_0_says_what_is_proved_and_what_it_was_not_given(run: Any, tmp_path: Path) -> None:
    export, proved = laid(TURNED, tmp_path / "export"), PROVED.format(origin=ORIGIN, key=SECOND_KEY)
    none = "No checkpoint given (--since): the log may have been made anew."
    nobody = "No key given (--vkey): anyone may have made this one and signed."
    on, by = "It goes on from the checkpoint given.", "The key given signs for it."

    assert run(export) == (0, f"{proved}{none}\n{nobody}\n", "")
    assert run(export, "--since", export / "checkpoints" / "5") == (0, f"{proved}{on}\n{nobody}\n", "")
    assert run(export, "--vkey", REAL_KEY) == (0, f"{proved}{none}\n{by}\n", "")
    assert run(export, "--vkey", SECOND_KEY, "--since", export / "checkpoint") == (0, f"{proved}{on}\n{by}\n", "")


def test_a_ledger_of_one_entry_is_reported_as_that(run: Any, tmp_path: Path) -> None:
    code, out, _ = run(laid(plain(past=PAST[:1], names=b""), tmp_path / "export"))

    assert (code, out.partition(",")[0]) == (0, f"1 entry of {ORIGIN}")


def test_it_ends_with_4_and_says_what_is_wrong(run: Any, tmp_path: Path) -> None:
    export = laid({**TURNED, "x\x1b": b""}, tmp_path / "export")

    assert run(export) == (4, f"WRONG  x?: {NOT_LISTED}\n", "")
    for number in range(101):
        (export / f"x{number}").write_bytes(b"")
    code, out, _ = run(export)
    assert (code, len(out.splitlines()), out.splitlines()[-1]) == (4, 101, "and 2 more")


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["none"], "there is no export at none"), (["export", "--since", "none"], "No such file or directory: 'none'"),
        (["export", "--vkey", "x"], "not an Ed25519 key, NAME+ID+KEY"),
        (["export", "--vkey", ""], "not an Ed25519 key"), (["export", "more"], "unrecognized arguments: more"),
        (["export", "--since", "export/agreement.txt"], "not an origin, a size, a root and signatures, a line each"),
        (["export", "--since", ""], "No such file or directory: ''"),
    ],
)  # fmt: skip
def test_a_call_that_is_wrong_ends_with_2(
    run: Any, args: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid(TURNED, tmp_path / "export")
    monkeypatch.chdir(tmp_path)

    code, out, err = run(*args)

    assert (code, out) == (2, "")
    assert f"verify_ledger.py: error: {told}" in err.replace("[Errno 2] ", "")


def test_a_folder_with_a_checkpoint_or_with_tiles_is_an_export(run: Any, tmp_path: Path) -> None:
    (tmp_path / "tiled" / "tile").mkdir(parents=True)
    laid({"checkpoint": b""}, tmp_path / "signed")

    assert (run(tmp_path / "tiled")[0], run(tmp_path / "signed")[0], run(tmp_path)[0]) == (4, 4, 2)


def test_the_export_that_it_lies_in_is_the_one_it_checks_unless_told(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(VERIFY, "__file__", str(laid(TURNED, tmp_path / "export") / "verify_ledger.py"))

    assert run()[0] == 0
