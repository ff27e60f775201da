"""Copies of a ledger are no more readable than the ledger itself, and no partial copy is left behind."""

from __future__ import annotations

import signal
import stat
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.processes import PROGRAM, environment
from tests.desk import at_a_desk, event
from tests.tracing import need_strace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.desk import Desk

NAME = "Majken Exempelström"


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[Desk]:
    with at_a_desk(tmp_path) as desk:
        desk.does("init")
        desk.does("import", desk.writes("p.jsonl", [
            event("person-registered", "2023", "secretariat", person=f"p{n}", name=f"{NAME} {n}") for n in range(3)
        ]))  # fmt: skip
        (tmp_path / "p.jsonl").unlink()
        yield desk


def modes(folder: Path) -> set[tuple[bool, int]]:
    """Returns (whether a path is a folder, the path's permissions) for the folder and for every path in it."""
    every = [folder, *folder.rglob("*")]
    return {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in every}


def holding(folder: Path, text: str) -> list[str]:
    """Returns the files whose bytes contain the text. A copy of the ledger, or of a part of an export, would contain a
    text of the ledger.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return [path.relative_to(folder).as_posix() for path in files if text.encode() in path.read_bytes()]


@pytest.mark.parametrize(("mode", "files", "folders"), [(0o600, 0o600, 0o700), (0o644, 0o644, 0o755)])
def test_nothing_becomes_more_readable_than_the_ledger(begun: Desk, mode: int, files: int, folders: int) -> None:
    (begun.folder / "liggare.db").chmod(mode)

    for args in (
        ("backup", "backup.db"),
        ("copy", "liggare.db", "copy.db"),
        ("export", "export"),
        ("import", "--log", "export", "--ledger", "made.db"),
    ):
        begun.does(*args)

    for name in ("backup.db", "copy.db", "made.db"):
        assert stat.S_IMODE((begun.folder / name).stat().st_mode) == files
    assert modes(begun.folder / "export") == {(True, folders), (False, files)}


def killed_at(call: str, number: int, *args: str) -> None:
    """Runs the program under strace, and kills the program at a system call."""
    need_strace()
    done = subprocess.run(
        ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", "signal=none",
         "-e", f"inject={call}:signal=KILL:when={number}", *PROGRAM, *args],
        env=environment(), capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode in {-signal.SIGKILL, 128 + signal.SIGKILL}


@pytest.mark.parametrize("args", [("backup", "elsewhere/x.db"), ("copy", "liggare.db", "elsewhere/x.db")])
@pytest.mark.parametrize("again", [True, False])
def test_a_killed_copy_is_removed_by_the_next_and_by_a_disposal(
    begun: Desk, args: tuple[str, ...], again: bool
) -> None:
    elsewhere = begun.folder / "elsewhere"
    elsewhere.mkdir()
    killed_at("link", 1, *args)
    assert len(holding(elsewhere, "person-registered")) == 1

    if again:
        begun.does(*args)
        assert [path.name for path in elsewhere.iterdir()] == ["x.db"]
    else:
        told = begun.does("dispose", "p1", "--decision", "Gallring 1").out
        assert "elsewhere/." in told
        assert "which a killed command left unfinished" in told
        assert list(elsewhere.iterdir()) == []
    assert not [path for path in begun.folder.iterdir() if "building" in path.name]


def test_a_killed_export_is_removed_by_a_disposal(begun: Desk) -> None:
    (begun.folder / "elsewhere").mkdir()
    begun.does("checkpoint")
    killed_at("rename", 1, "export", "elsewhere/x")
    assert len(holding(begun.folder / "elsewhere", "names.jsonl")) >= 1

    begun.does("dispose", "p1", "--decision", "Gallring 1")

    assert list((begun.folder / "elsewhere").iterdir()) == []


def test_a_disposal_names_the_copies_that_are_seen_from_the_ledger(begun: Desk) -> None:
    begun.does("backup", "copy.db")
    begun.does("export", "export")
    begun.does("export", "--public", "public")

    told = begun.does("dispose", "p1", "--decision", "Gallring 1").out

    for name in ("copy.db", "export"):
        assert f"{name} is an earlier copy, and may hold the name\n" in told
    assert "public is" not in told
    assert "liggare.db is" not in told


def test_a_disposal_of_an_account_names_the_copies_that_can_hold_one(begun: Desk) -> None:
    authorised = ("registrar-authorised", "--registrar", "sec", "--roles", "secretariat", "--on", "2023", "--organ",
                  "secretariat", "--account", "https://inloggning.example/ 8f1c")  # fmt: skip
    begun.does("record", *authorised)
    begun.does("backup", "copy.db")
    begun.does("export", "export")

    told = begun.does("dispose", "--registrar", "sec", "--decision", "Gallring 1").out

    assert "copy.db is an earlier copy, and may hold the account\n" in told
    assert "export is" not in told
    assert "The account is gone from this ledger. Earlier backups and copies still hold it" in told
    assert "name" not in told


def test_a_disposal_through_a_link_names_the_copies_beside_the_file_too_each_once(begun: Desk) -> None:
    ledger, desk = begun.folder / "liggare.db", begun.folder / "desk"
    desk.mkdir()
    begun.does("backup", "desk/beside the link.db")
    begun.does("backup", "beside the file.db")
    begun.does("export", "export")
    (desk / "beside the file again.db").symlink_to("../beside the file.db")
    (desk / "liggare.db").symlink_to(ledger)
    (desk / "ledger again.db").hardlink_to(ledger)
    (begun.folder / "itself.db").symlink_to(ledger)
    (desk / "gone.db").symlink_to("nowhere")
    half_made = begun.folder / ".0123456789abcdef.building"
    half_made.write_bytes(b"x")

    for place in ("desk/liggare.db", desk / "liggare.db", f"sqlite:///{desk}/liggare.db", ledger):
        person = {"desk/liggare.db": "p0", ledger: "p2"}.get(place, "p1")
        order = ("dispose", person, "--decision", "D", "--key", f"{person}-key", "--ledger", place)
        said = begun.does(*order).out
        elsewhere = begun.does(*order, "--json").json["elsewhere"]
        seen = sorted(Path(path).name for path in elsewhere["copies"])
        beside_the_link = [] if place == ledger else ["beside the file again.db", "beside the link.db"]
        assert seen == sorted([*beside_the_link, "export", *(["beside the file.db"] if place == ledger else [])])
        assert [line for line in said.splitlines() if line.endswith("may hold the name")] == [
            f"{path} is an earlier copy, and may hold the name" for path in elsewhere["copies"]
        ]
        assert elsewhere["out_of_reach"].startswith("The name is gone from this ledger. Earlier backups, exports and")
    assert not half_made.exists()


def test_a_disposal_on_a_server_says_what_it_sees_and_that_it_does_not_know_the_rest(
    tmp_path: Path, new_place: Callable[[], str]
) -> None:
    place = new_place()
    with at_a_desk(tmp_path, place) as desk:
        desk.does("init")
        people = [event("person-registered", "2023", "secretariat", person=f"p{n}", name=f"{NAME} {n}") for n in (1, 2)]
        desk.does("import", desk.writes("p.jsonl", people))
        desk.does("backup", "copy.db")
        # On a server, the backup gets the name of the ledger's schema.
        desk.does("backup", place.partition("schema=")[2])
        desk.does("export", "export")
        desk.does("export", "--public", "public")

        told = desk.does("dispose", "p1", "--decision", "Gallring 1").out
        found = desk.does("dispose", "p2", "--decision", "Gallring 1", "--json").json["elsewhere"]

    copies = ["copy.db", "export", place.partition("schema=")[2]]
    assert [line for line in told.splitlines() if line.endswith("may hold the name")] == [
        f"{name} is an earlier copy, and may hold the name" for name in copies
    ]
    assert "This program cannot see which copies the server keeps: backups,\narchives, dumps" in told
    assert found.pop("out_of_reach").startswith(
        "The name is gone from this ledger's tables. This program cannot see which copies the server"
    )
    assert found == {"removed": [], "being_made": [], "copies": copies}


def test_a_disposal_that_is_only_tried_says_nothing_of_copies(begun: Desk) -> None:
    begun.does("backup", "copy.db")
    order = ("dispose", "p1", "--decision", "Gallring 1", "--dry-run")
    assert "elsewhere" not in begun.does(*order, "--json").json
    assert "copy" not in begun.does(*order).out


@pytest.mark.parametrize("call", ["fsync", "link"])
def test_a_receipt_that_a_killed_command_did_not_finish_is_in_nobodys_way(begun: Desk, call: str) -> None:
    begun.does("checkpoint")
    killed_at(call, 1, "prove", "2", "--receipt", "r.proof")

    begun.does("prove", "2", "--receipt", "r.proof")

    assert (begun.folder / "r.proof").read_text().startswith("c2sp.org/tlog-proof@v1\n")
    assert not [path for path in begun.folder.iterdir() if "building" in path.name]


def test_a_receipt_that_cannot_be_written_is_not_there(begun: Desk) -> None:
    begun.does("checkpoint")
    done = subprocess.run(
        ["bash", "-c", 'ulimit -f 0; trap "" XFSZ; "$@"', "bash", *PROGRAM, "prove", "2", "--receipt", "r.proof"],
        env=environment(COVERAGE_PROCESS_CONFIG=""),  # whose file could not be written either
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (6, b"liggare: r.proof cannot be written: File too large\n")
    assert [path.name for path in begun.folder.iterdir() if "proof" in path.name or "building" in path.name] == []
