"""If a user cannot sign checkpoints, `record --receipt` is refused before anything is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.processes import liggare
from tests.desk import at_a_desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.desk import Desk
    from tests.servers import Node

SEMINAR = ("record", "activity-held", "--kind", "seminar", "--title", "Ett", "--place", "Sala", "--organisers", "sala",
           "--on", "2024-05-01", "--organ", "official")  # fmt: skip
RECEIPT = ("--receipt", "receipts/r")


@pytest.fixture
def clerks(server: Node, new_place: Callable[[], str], tmp_path: Path) -> Iterator[tuple[Desk, str]]:
    """Yields the owner's desk, and the URL by which a clerk's role opens the same ledger. The signing key lies at the
    owner's desk, where the clerk can read the key.
    """
    place = new_place()
    schema = place.partition("schema=")[2]
    for kind in ("clerk", "signer"):
        server.sql(f"CREATE ROLE {kind}_of_{schema} LOGIN")
    (tmp_path / "receipts").mkdir()
    with at_a_desk(tmp_path, place) as desk:
        desk.does("init", "--role", f"clerk_of_{schema}", "--signer-role", f"signer_of_{schema}")
        desk.does(*SEMINAR)
        desk.does("checkpoint")
        yield desk, server.url(schema, user=f"clerk_of_{schema}")


def left(desk: Desk) -> object:
    """Returns the ledger's entries and the content of the desk's files, neither of which a refused command may
    change.
    """
    return desk.asks("history")["entries"], {
        path: path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()
    }


def test_a_role_that_may_not_sign_is_refused_before_anything_is_recorded(clerks: tuple[Desk, str]) -> None:
    desk, place = clerks
    signer = f"the role signer_of_{desk.ledger.partition('schema=')[2]} "
    before = left(desk)
    for more in ((), ("--dry-run",)):
        told = desk(*SEMINAR, *RECEIPT, *more, "--ledger", place)
        assert (told.code, told.out) == (6, "")
        assert signer in told.err
    assert left(desk) == before

    for entry in (1, 2):  # even a clerk may prove an entry under a signed checkpoint
        desk.does("prove", entry, "--ledger", place)
    desk.does(*SEMINAR, "--ledger", place)
    before = left(desk)
    for command in (("prove", 3, *RECEIPT), ("checkpoint",)):
        told = desk(*command, "--ledger", place)
        assert told.code == 6
        assert signer in told.err
    assert left(desk) == before


def test_a_role_without_the_key_learns_who_signs(clerks: tuple[Desk, str]) -> None:
    desk, place = clerks
    before = left(desk)
    told = desk(*SEMINAR, *RECEIPT, "--ledger", place, "--key-file", "nowhere")
    assert told.code == 6
    assert f"the role signer_of_{desk.ledger.partition('schema=')[2]} " in told.err
    assert left(desk) == before


def test_the_signers_role_gets_its_receipt(clerks: tuple[Desk, str]) -> None:
    """The control: the signer's role may sign checkpoints, so its `record --receipt` succeeds."""
    desk, place = clerks
    desk.does(*SEMINAR, *RECEIPT, "--ledger", place.replace("//clerk_of", "//signer_of"))
    assert (desk.folder / "receipts/r").read_text("utf-8").startswith("c2sp.org/tlog-proof@v1\n")


@pytest.mark.parametrize(
    ("what", "mode", "code"),
    [
        ("liggare.db.key", 0, 6),
        ("liggare.db.key.signed", 0, 4),
        ("keys/k", 0, 2),
        ("keys/k.signed", 0, 4),
        ("keys", 0, 6),
        ("keys", 0o500, 6),
        ("receipts", 0o500, 6),
    ],
)
def test_on_a_file_too_nothing_is_recorded_that_could_not_be_signed(
    tmp_path: Path, what: str, mode: int, code: int
) -> None:
    for name in ("keys", "receipts"):
        (tmp_path / name).mkdir()
    with at_a_desk(tmp_path) as desk:
        at = () if what.startswith("liggare") else ("--key-file", str(tmp_path / "keys/k"))
        desk.does("init", *at)
        desk.does(*SEMINAR)
        desk.does("checkpoint", *at)
        before, usual = left(desk), (tmp_path / what).stat().st_mode
        order = (*SEMINAR, "--receipt", str(tmp_path / "receipts/r"), "--ledger", desk.ledger, *at)
        (tmp_path / what).chmod(mode)
        try:
            told = liggare(*order, privileged=False)
        finally:
            (tmp_path / what).chmod(usual)
        assert (told.code, told.out) == (code, ""), told
        assert left(desk) == before
        desk.does(*order)
