"""Tests verify_ledger.py on the attachments of an extract: like `liggare audit`, it accepts what was made and refuses
what was changed, in both languages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.integrity.keyfile import new_key
from ledger.proof.note import format_vkey
from ledger.proof.tree import leaf_hash, prove_inclusion, subtrees, tree_root
from papers.extract import BESIDE, CHECKPOINT, NAMES, PAPER, VKEY, receipt_name
from tests.desk import Desk, at_a_desk
from tests.export.both import compare, in_swedish
from tests.export.given import program
from tests.papers.extracts import attachments, audited, exchanged, listing, made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

VERIFY = program()
KEY = format_vkey(new_key("liggare/another").verifier)


@pytest.fixture(scope="module")
def played(demo: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with at_a_desk(tmp_path_factory.mktemp("played")) as desk:
        yield desk.goes_on(demo).began("2026-04-14")


@pytest.fixture(scope="module")
def council(played: Desk) -> bytes:
    return made(played, "council --on 2024-06-01").read_bytes()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., Any]:
    """Returns a function that lays attachments in a folder, checks it in both languages, and returns the exit code and
    what is printed.
    """

    def called(held: Mapping[str, bytes], *args: object) -> tuple[int, str]:
        folder = tmp_path / "saved"
        for path in folder.iterdir() if folder.exists() else ():
            path.unlink()
        folder.mkdir(exist_ok=True)
        for name, data in held.items():
            (folder / name).write_bytes(data)
        monkeypatch.setattr("sys.argv", ["verify_ledger.py", str(folder), *map(str, args)])
        done = VERIFY.main(), *capsys.readouterr()
        with in_swedish(VERIFY):
            swedish = VERIFY.main(), *capsys.readouterr()
        assert swedish[0] == done[0]
        compare(done[1:], swedish[1:])
        return done[0], done[1]

    return called


def test_what_was_made_holds(run: Any, council: bytes, tmp_path: Path) -> None:
    held = attachments(council)
    key, note = held[VKEY].decode().strip(), tmp_path / "note"
    note.write_bytes(held[CHECKPOINT])

    code, out = run(held)
    assert (code, out.splitlines()[-1]) == (0, "No key given (--vkey): the key is the extract's own.")
    code, out = run({**held, ".DS_Store": b"x"}, "--vkey", key, "--since", note)
    assert code == 0
    assert out.splitlines()[-3:] == [
        ".DS_Store is no part of an export and was passed over.",
        "Its checkpoint is the one given.",
        "The key given signs for it.",
    ]


@pytest.mark.parametrize("name", [*BESIDE, receipt_name(16)])
def test_an_attachment_that_is_changed_or_missing_is_named(run: Any, council: bytes, name: str) -> None:
    held = attachments(council)
    for data in (b"", held[name] + b"\n", held[name][:-1], b"\xff" + held[name], b"[" * 9999, b"{}", b"null"):
        code, out = run({**held, name: data})
        if name == PAPER and data.strip() == held[name].strip():  # nothing names paper.json, and blanks say nothing
            continue
        assert (code, name in out) == (4, True)
    gone = {one: data for one, data in held.items() if one != name}
    code, out = run(gone)
    # without paper.json it is no extract
    assert (code, name in out) == (4, True)


def test_a_file_too_many_is_named(run: Any, council: bytes) -> None:
    for name in ("more.txt", "entry-17.tlog-proof", "extract.pdf"):
        code, out = run({**attachments(council), name: b"more"})
        assert (code, f"WRONG  {name}: " in out) == (4, True)
    assert run({**attachments(council), "entry-017.tlog-proof": b""})[0] == 4


def test_another_key_or_checkpoint_is_told(run: Any, council: bytes, tmp_path: Path) -> None:
    held = attachments(council)
    note = tmp_path / "note"
    note.write_bytes(held[CHECKPOINT].replace(b"\n246\n", b"\n245\n"))

    code, out = run(held, "--since", note)
    assert (code, "not the checkpoint given" in out) == (4, True)
    code, out = run(held, "--vkey", KEY)
    assert (code, "signs for nothing that is here" in out) == (4, True)


def test_both_checks_agree_on_forgeries_that_are_listed_anew(run: Any, council: bytes, played: Desk) -> None:
    held = attachments(council)
    first, second, *rest = held[NAMES].splitlines(keepends=True)
    forgeries = [
        {receipt_name(16): held[receipt_name(18)]},
        {receipt_name(16): held[receipt_name(16)].replace(b"index 15\n", b"index 17\n")},
        {receipt_name(16): held[receipt_name(16)].replace(b"extra ey", b"extra ez")},
        {CHECKPOINT: held[CHECKPOINT].replace(b"\n246\n", b"\n245\n")},
        {CHECKPOINT: held[CHECKPOINT][:-8] + b"AAAAAA=\n"},
        {VKEY: held[VKEY][:-9] + b"AAAAAAAA\n"},
        {VKEY: held[VKEY] * 2},
        {NAMES: b"".join([second, first, *rest])},
        {NAMES: b"".join([first.replace(b'"position":15', b'"position":17'), *rest])},
        {NAMES: b"".join([first.replace(b'"position":15', b'"position":16'), second, *rest])},
        {NAMES: b"\n"},
    ]
    for forged in forgeries:
        name = next(iter(forged))
        data = listing({**held, **forged})
        code, out = run(data)
        assert (code, "WRONG" in out) == (4, True), forged
        assert name in out or "checkpoint" in out or "key" in out
        assert f"liggare: {name}" in audited(played, exchanged(council, data)).err
    fewer = listing({**held, NAMES: b"".join(rest)})
    assert run(fewer)[0] == 0


def test_a_path_leads_to_the_root_of_its_own_leaf_alone() -> None:
    leaves = [leaf_hash(bytes([number])) for number in range(20)]
    for size in range(1, 21):
        subtree = subtrees(leaves[:size])
        root = tree_root(size, subtree)
        for index in range(size):
            path = [*prove_inclusion(index, size, subtree)]
            assert VERIFY.root_over(leaves[index], index, size, path) == root
            assert VERIFY.root_over(leaves[index - 1], index, size, path) != root or size == 1
            assert VERIFY.root_over(leaves[index], index, size, [*path, root]) != root
            assert VERIFY.root_over(leaves[index], index, size, path[:-1]) != root or not path
            assert VERIFY.root_over(leaves[index], size + index, size, path) != root
            for other in range(size):
                assert (VERIFY.root_over(leaves[index], other, size, path) == root) is (other == index)
