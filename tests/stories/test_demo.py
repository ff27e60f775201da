"""Tests the demo, which plays a whole story in a new folder, and shows the real output of the commands."""

from __future__ import annotations

import os
import re
import shlex
from errno import ENOSPC
from os import strerror
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from cli.story.acts import STORY
from cli.story.cast import MEMBERS
from tests.cli.processes import liggare
from tests.desk import Desk, at_a_desk

if TYPE_CHECKING:
    from tests.desk import Done

pytestmark = pytest.mark.on_file

GOLDEN = Path(__file__).parents[1] / "golden" / "demo.txt"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """Plays the demo in the new folder `demo`. The environment variables point to other places, and must have no effect
    on the demo.
    """
    folder = tmp_path_factory.mktemp("played")
    ours = {"LIGGARE_LEDGER": "elsewhere.db", "LIGGARE_KEY_FILE": "elsewhere.key", "LIGGARE_LANG": "en"}
    with at_a_desk(folder) as desk, patch.dict(os.environ, ours):
        done = desk.does("demo", "demo")
    return folder / "demo", done


@pytest.fixture
def there(played: tuple[Path, Done]) -> Desk:
    """Returns a desk at the demo's ledger, some years after the demo's last act."""
    return Desk(played[0]).began("2030-01-01")


def test_the_story_reads_as_it_was_approved(played: tuple[Path, Done], rewrite_golden: bool) -> None:
    if rewrite_golden:
        GOLDEN.write_text(played[1].out, "utf-8")

    assert played[1].out == GOLDEN.read_text("utf-8")


def test_the_story_has_every_turn_that_it_promises(played: tuple[Path, Done]) -> None:
    told = played[1].out

    assert told.count("\n$ ") == len(STORY)
    for turn in (
        "10 of 11 have adopted it",
        "11 of 11 have adopted it",
        "Not certain: the day in entry 1 is inexact",
        "in force from 2023-03-01",
        "27 members on 2023-03-06, no seat vacant",
        "breach  from 2023-03-01  Björkpartiet has ",
        "no population is published that instalment 2 of 2023, due on 2023-08-01, can rest on",
        "Version 2, pending: stopped by Fagersta kommun",
        "opposition-leader, and on 2024-04-04 that is Hilding Exempelström (p08)",
        "(exit code 1)",
        "Version 1 on 2025-12-31: in force from 2023-03-01",
        "Version 1 on 2026-01-01: ended; its last day was 2025-12-31: Hallstahammars kommun withdrew",
    ):
        assert turn in told, turn
    digests = re.findall(r"^[0-9a-f]{64}  -$", told, re.MULTILINE)
    assert len(digests) == 2
    assert len(set(digests)) == 1


def test_before_and_after_a_change_was_learnt_the_same_day_has_two_answers(there: Desk) -> None:
    def chair(moment: str) -> str:
        members = there.asks(
            "council", "--on", "2023-10-02", "--known-at", moment, "--ledger", there.folder / "liggare.db"
        )
        (name,) = [
            one["name"] for one in members["members"] if (one["party"], one["seat"]) == ("koping", "executive-chair")
        ]
        return str(name)

    assert chair("@100") == "Greta Sagolund"
    assert chair("@103") == "Åke Nysaga"


def test_recording_times_follow_the_story(there: Desk) -> None:
    entries = there.asks("history", "--ledger", there.folder / "liggare.db")["entries"]

    days = [entry["recorded_at"][:10] for entry in entries]
    assert days == sorted(days)
    assert {*days} <= {step.day for step in STORY}
    assert all(day >= entry["valid_on"] for day, entry in zip(days, entries, strict=True))
    assert {entry["recorded_by"] for entry in entries} == {"sekretariatet"}


def test_every_question_of_the_story_can_be_typed(there: Desk) -> None:
    """Runs the questions of the demo's story again, outside the demo. Each question must succeed."""
    for step in STORY:
        words = shlex.split(step.typed)
        if words[:2] in (["liggare", "agreement"], ["liggare", "council"], ["liggare", "history"]):
            end = next((words.index(sign) for sign in ("|", ">") if sign in words), len(words))
            there.does(*words[1:end], "--ledger", there.folder / "liggare.db")


def test_the_suggestions_at_the_end_work(played: tuple[Path, Done]) -> None:
    folder, done = played
    suggested = [line.partition("        ")[0] for line in done.out.splitlines()[-5:]]

    with at_a_desk(folder) as desk:
        desk.began("2030-01-01")
        for line in suggested:
            words = shlex.split(line)
            assert words[0] == "liggare"
            desk.does(*words[1:])
        assert desk.asks("history")["known_at"] == "@246"


def test_the_body_is_27_plainly_made_up_persons() -> None:
    assert len(MEMBERS) == 27
    assert len({name for *_, name in MEMBERS}) == 27
    assert sum(party == "region" for party, *_ in MEMBERS) == 7


def test_a_new_folder_is_made_where_none_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(desk.folder))
    monkeypatch.setattr("tempfile.tempdir", None)

    told = desk.does("demo").out

    (folder,) = desk.folder.iterdir()
    assert folder.name.startswith("liggare-demo-")
    assert told.splitlines()[-6] == f"The ledger and the files are in {folder}. Try next, there:"


def test_the_demo_leaves_the_callers_ledger_folder_and_environment_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.does("init")
    monkeypatch.setenv("LIGGARE_LEDGER", str(desk.folder / "liggare.db"))
    monkeypatch.setenv("LIGGARE_ACTOR", "kim")
    before = (dict(os.environ), Path.cwd(), (desk.folder / "liggare.db").read_bytes())

    desk.does("demo", "demo")

    assert (dict(os.environ), Path.cwd(), (desk.folder / "liggare.db").read_bytes()) == before


@pytest.mark.parametrize("name", ["liggare.db", "body.jsonl", "terms-2.json"])
def test_a_folder_that_holds_a_ledger_or_a_file_of_that_name_is_left_alone(desk: Desk, name: str) -> None:
    (desk.folder / "demo").mkdir()
    (desk.folder / "demo" / name).write_bytes(b"mine")

    failed = desk("demo", "demo")

    assert (failed.code, failed.out) == (6, "")
    assert failed.errors == [f"demo/{name} is already there; nothing was overwritten"]
    assert [path.read_bytes() for path in (desk.folder / "demo").iterdir()] == [b"mine"]


def test_a_folder_that_cannot_be_made_is_reported(desk: Desk) -> None:
    (desk.folder / "file").write_bytes(b"")

    failed = desk("demo", "file/demo")

    assert (failed.code, failed.errors) == (6, ["file/demo cannot be made: Not a directory"])


def test_a_temporary_folder_that_cannot_be_made_is_reported(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(prefix: str) -> str:
        raise OSError(ENOSPC, strerror(ENOSPC), prefix)

    monkeypatch.setattr("cli.commands.demo.mkdtemp", full)

    failed = desk("demo")

    assert (failed.code, failed.errors) == (6, [f"a temporary folder cannot be made: {strerror(ENOSPC)}"])


def test_a_folder_too_deep_to_be_made_is_reported(desk: Desk) -> None:
    told = desk("demo", "a/" * 1500)
    assert told.code == 6
    assert told.errors[0].endswith("cannot be made: it is too many folders deep")


def test_a_folder_that_may_not_be_written_is_reported(desk: Desk) -> None:
    (desk.folder / "demo").mkdir(mode=0o555)

    failed = liggare("demo", "demo", privileged=False)

    assert (failed.code, failed.out) == (6, "")
    assert failed.errors == ["no permission to write in demo"]
