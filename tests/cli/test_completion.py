"""Tests which completions the program offers for each kind of word and each kind of ledger file, and that bash, zsh and
fish use them.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING, get_args
from unittest.mock import patch

import pytest

from cli.program import COMMANDS
from ledger.events import EVENTS
from ledger.events.meetings import MeetingHeld
from ledger.events.shape import fields_of
from ledger.readings import READINGS
from ledger.rules.provisions import PROVISIONS
from ledger.rules.reference import AGAIN, DEFINES
from ledger.rules.silences import SILENCES
from ledger.values import Organ
from tests.cli.processes import ROOT, environment, liggare
from tests.desk import event
from tests.hostile.rows import Change, put
from tests.proof.forger import list_under

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.desk import Desk

pytestmark = pytest.mark.on_file

NAMES = {"p1": "Alva Påhitt", "p2": "Bo Sagolund", "p10": "Cleo: a, b"}
HEAVY = {"sqlalchemy", "rich", "eventsourcing", "cryptography", "psycopg"}
DISPOSAL = ("dispose", "p2", "--decision", "Gallring 1")
ASKED = ("dispose", "p")


@pytest.fixture
def begun(desk: Desk) -> Desk:
    """Returns a desk whose ledger records three persons, a request for a meeting, a call to a meeting, and a group."""
    desk.does("init", "--in-force-from", "2023-01-01")
    desk.does("import", desk.writes("acts.jsonl", [
        *(event("person-registered", "2023", "secretariat", person=person, name=name)
          for person, name in NAMES.items()),
        event("meeting-requested", "2024-01-02", "secretariat", request="b1", by=["p1"], matter="tågen"),
        event("meeting-called", "2024-02-01", "chair", meeting="srb-1", meets_on="2024-03-01", place="Sala",
              called_by="p1", agenda=[{"number": 1, "title": "Budget", "kind": "information"}]),
        event("group-created", "2024-03-01", "body", group="kultur", name="Kulturgruppen", kind="standing"),
    ]))  # fmt: skip
    return desk


def answer(desk: Desk, shell: str, *words: str) -> list[str]:
    """Returns the lines that the program prints when a shell asks for completions of the last word."""
    asking = {"COMP_WORDS": "\n".join(["liggare", *words]), "COMP_CWORD": str(len(words))}
    if shell == "fish":
        asking = {"COMP_WORDS": f"{shlex.join(['liggare', *words[:-1]])} {words[-1]}", "COMP_CWORD": words[-1]}
    with patch.dict(os.environ, asking):
        done = desk.does("completion", shell, "--answer")
    assert done.err == ""
    return done.out.splitlines()


def offered(desk: Desk, *words: str) -> list[str]:
    """Returns the completions of the last word that the program offers to bash."""
    return [line.removeprefix("plain,") for line in answer(desk, "bash", *words) if line.startswith("plain,")]


def described(desk: Desk, *words: str) -> dict[str, str]:
    """Returns the completions of the last word that the program offers to fish, each mapped to its description."""
    lines = [line.removeprefix("plain,").partition("\t") for line in answer(desk, "fish", *words) if line]
    return {value: told for value, _, told in lines}


def test_commands_with_what_they_do(begun: Desk) -> None:
    assert offered(begun, "") == [*COMMANDS]
    assert offered(begun, "co") == [name for name in COMMANDS if name.startswith("co")]
    assert described(begun, "dis") == {"dispose": "Erases a person's name, or a registrar's..."}


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in {"record", "act"}])
def test_options_of_each_command(begun: Desk, command: str) -> None:
    told = {*re.findall(r"^ +(?:-\w, )?(--[\w-]+)(?: / (--no-\w+))?", begun.does(command, "--help").out, re.MULTILINE)}

    assert {*offered(begun, command, "--")} == {name for names in told for name in names if name}


@pytest.mark.parametrize("name", EVENTS)
def test_options_of_each_event(begun: Desk, name: str) -> None:
    found = offered(begun, "record", name, "--")

    assert {f"--{field.name.replace('_', '-')}" for field in fields_of(EVENTS[name])} <= {*found}
    assert {"--on", "--organ", "--ledger", "--dry-run"} <= {*found}


@pytest.mark.parametrize("before", [["record"], ["events"], ["history", "--event"], ["import", "--csv"]])
def test_events_with_what_they_say(begun: Desk, before: list[str]) -> None:
    assert [one for one in offered(begun, *before, "") if one in EVENTS] == [*EVENTS]
    assert offered(begun, *before, "group-c") == [name for name in EVENTS if name.startswith("group-c")]
    told = described(begun, *before, "seat-v")["seat-vacated"]
    assert str(EVENTS["seat-vacated"].__doc__).startswith(told.removesuffix("…"))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("record", "meeting-held", "--organ"), get_args(Organ)),
        (("dispose", "--organ"), get_args(Organ)),
        (("annul", "--cause"), ("recording-error", "quashed")),
        (("findings", "--provision"), (*PROVISIONS, *SILENCES)),
        (("explain",), (*PROVISIONS, *SILENCES)),
        (("council", "--reading"), [f"{one}=" for one in READINGS]),
        (("council", "--lang"), ("sv", "en")),
        (("claim", "2025"), ("1", "2")),
        (("record", "member-appointed", "--seat"), None),
        (("record", "vice-chair-appointed", "--post"), None),
        (("record", "recommendation-made", "--consensus"), ("true", "false")),
        (("reports",), ("2026H1", "2025H2", "2025H1", "2024H2", "2024H1", "2023H2")),
        (("record", "group-reported", "--half-year"), None),
        (("completion",), ("bash", "zsh", "fish")),
    ],
)
def test_words_of_lists(begun: Desk, words: tuple[str, ...], expected: tuple[str, ...] | None) -> None:
    found = offered(begun, *words, "")

    assert found
    assert expected is None or found == [*expected]
    assert offered(begun, *words, found[-1][:3]) == [one for one in found if one.startswith(found[-1][:3])]


def test_every_list_of_words_in_an_events_type_is_offered(begun: Desk) -> None:
    for name, one in EVENTS.items():
        for field in fields_of(one):
            leaf = field.shape.item if field.shape.kind == "list" and field.shape.item else field.shape
            if leaf.choices:
                option = f"--{field.name.replace('_', '-')}"
                assert offered(begun, "record", name, option, "") == [*map(str, leaf.choices)], (name, option)


def test_a_reading_of_a_question(begun: Desk) -> None:
    assert offered(begun, "costs", "--reading", "third-of=") == ["third-of=members-in-office", "third-of=seats"]
    assert offered(begun, "costs", "--reading", "nothing=") == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("dispose", ""), NAMES),
        (("dispose", "p1"), {"p1": "Alva Påhitt", "p10": "Cleo: a, b"}),
        (("record", "member-appointed", "--person", "p2"), {"p2": "Bo Sagolund"}),
        (("record", "meeting-held", "--chaired-by", "p2"), {"p2": "Bo Sagolund"}),
        (("record", "meeting-held", "--present", "p1", "--present", "p2"), {"p2": "Bo Sagolund"}),
        (("record", "person-registered", "--person", "p2"), {"p2": "Bo Sagolund"}),
        (("record", "member-appointed", "--party", "sal"), {"sala": "Sala kommun"}),
        (("record", "agreement-adopted", "--assembly", "sal"), {"sala": "Sala kommun"}),
        (("costs", "--party", "sal"), {"sala": "Sala kommun"}),
        (("settlement", "--if-withdraws", "sal"), {"sala": "Sala kommun"}),
        (("record", "population-published", "--figures", "sal"), {"sala=": "Sala kommun"}),
        (("record", "meeting-held", "--meeting", ""), {"srb-1": "2024-03-01"}),
        (("record", "group-member-appointed", "--group", "k"), {"kultur": "Kulturgruppen"}),
        (("record", "meeting-called", "--requests", ""), {"b1": "tågen"}),
        (("record", "agreement-adopted", "--version", ""), {"1": ""}),
        (("record", "meeting-called", "--meeting", ""), {}),
        (("record", "group-created", "--group", ""), {}),
        (("history", "--about", "person:p1"), {"person:p1": "Alva Påhitt", "person:p10": "Cleo: a, b"}),
        (("history", "--about", "party:sal"), {"party:sala": "Sala kommun"}),
        (("history", "--about", "meeting:"), {"meeting:srb-1": "2024-03-01"}),
        (("explain", "notice", "--subject", "group:"), {"group:kultur": "Kulturgruppen"}),
        (("history", "--about=person:p2"), {"--about=person:p2": "Bo Sagolund"}),
        (("dispose", "P"), {}),
        (("dispose", "%"), {}),
    ],
)
def test_what_the_ledger_holds_with_what_it_is_called(
    begun: Desk, words: tuple[str, ...], expected: dict[str, str]
) -> None:
    assert described(begun, *words) == expected
    assert offered(begun, *words) == sorted(expected)


def test_ids_are_offered_wherever_a_field_takes_one(begun: Desk) -> None:
    known = {"person": {*NAMES}, "meeting": {"srb-1"}, "group": {"kultur"}, "request": {"b1"}}
    for name, one in EVENTS.items():
        for field in fields_of(one):
            leaf = field.shape.item if field.shape.kind == "list" and field.shape.item else field.shape
            if leaf.tag in known:
                found = {*offered(begun, "record", name, f"--{field.name.replace('_', '-')}", "")} - {leaf.also}
                is_new = DEFINES.get(one) == field.name and one not in {MeetingHeld, *AGAIN}
                assert found == (set() if is_new else known[leaf.tag]), (name, field.name)


def test_a_tag_begins_with_its_kind(begun: Desk) -> None:
    found = offered(begun, "history", "--about", "")

    assert {"person:", "party:", "meeting:", "group:", "assembly:", "version:"} <= {*found}
    assert all(one.endswith(":") for one in found)


def test_bash_takes_words_apart_that_are_one(begun: Desk) -> None:
    """bash splits words at `:` and `=`, and replaces only the last part of a split word with the completion."""
    assert offered(begun, "history", "--about", "person", ":", "p1") == ["p1", "p10"]
    assert offered(begun, "history", "--about", "person", ":") == ["p1", "p10", "p2"]
    assert offered(begun, "history", "--about", "=", "person", ":", "p2") == ["p2"]
    assert offered(begun, "costs", "--party", "=", "sal") == ["sala"]
    assert offered(begun, "costs", "--reading", "third-of", "=", "s") == ["seats"]
    assert offered(begun, "history", "--about", "person:p2") == ["person:p2"]
    assert offered(begun, "history", "--about", "person", ":", "p1", "--json", "--b") == ["--by"]


def test_a_place_is_the_shells_to_complete(begun: Desk) -> None:
    for words in (["council", "--ledger"], ["backup"], ["import"], ["copy"], ["annul", "--with"], ["export"]):
        assert answer(begun, "bash", *words, "a")[0].partition(",")[0] == "file", words
    assert answer(begun, "bash", "record", "seat-vacated", "--document", "a") == ["file,a"]


def test_the_ledger_is_the_one_on_the_line_then_the_variables_then_the_one_here(begun: Desk) -> None:
    begun.does("init", "--ledger", "other.db")
    begun.does("record", "person-registered", "--person", "q1", "--name", "Disa", "--on", "2023", "--organ", "body",
               "--ledger", "other.db")  # fmt: skip

    assert offered(begun, "dispose", "--ledger", "other.db", "") == ["q1"]
    assert offered(begun, "dispose", "--ledger=other.db", "") == ["q1"]
    with patch.dict(os.environ, {"LIGGARE_LEDGER": "other.db"}):
        assert offered(begun, "dispose", "") == ["q1"]
        assert offered(begun, "dispose", "--ledger", "liggare.db", "") == ["p1", "p10", "p2"]
    for shell in ("bash", "zsh"):
        later = {"COMP_WORDS": "liggare\ndispose\nq\n--ledger\nother.db", "COMP_CWORD": "2"}
        with patch.dict(os.environ, later):
            assert "q1" in begun.does("completion", shell, "--answer").out
    with patch.dict(os.environ, {"HOME": str(begun.folder)}):
        for place in ("~/other.db", '"$HOME/other.db"'):
            assert offered(begun, "dispose", "--ledger", place, "") == ["q1"]


def test_a_person_has_the_latest_name(begun: Desk) -> None:
    begun.does("record", "person-registered", "--person", "p2", "--name", "Bo Ny", "--on", "2024", "--organ", "body")

    assert described(begun, "dispose", "p2") == {"p2": "Bo Ny"}


def test_a_name_disposed_of_is_not_shown_even_if_it_was_put_back(begun: Desk) -> None:
    place = begun.folder / "liggare.db"
    with closing(sqlite3.connect(place)) as connection:
        kept = connection.execute("SELECT position, disclosure FROM names ORDER BY position").fetchall()
    begun.does(*DISPOSAL)
    assert described(begun, "dispose", "p") == NAMES | {"p2": ""}

    with closing(sqlite3.connect(place)) as connection:
        connection.execute("INSERT OR IGNORE INTO names VALUES (?, ?)", kept[1])
        connection.commit()
        assert len(connection.execute("SELECT * FROM names").fetchall()) == len(NAMES)
    assert described(begun, "dispose", "p") == NAMES | {"p2": ""}


def test_of_very_many_the_first_are_offered(desk: Desk) -> None:
    desk.does("init")
    desk.does("import", desk.writes("many.jsonl", [
        event("person-registered", "2023", "secretariat", person=f"p{number:03}", name=f"Alva {number}")
        for number in range(700)
    ]))  # fmt: skip

    assert offered(desk, "dispose", "") == [f"p{number:03}" for number in range(500)]
    assert offered(desk, "dispose", "p69") == [f"p{number}" for number in range(690, 700)]
    assert described(desk, "dispose", "p699") == {"p699": "Alva 699"}


@pytest.mark.parametrize(
    "words",
    [
        ("dispose", ""),
        ("record", "member-appointed", "--person", ""),
        ("costs", "--party", ""),
        ("history", "--about", "meeting:"),
        ("record", ""),
        ("",),
    ],
)
def test_nothing_is_loaded_that_takes_long(begun: Desk, words: tuple[str, ...]) -> None:
    program = "import sys; from cli.program import run; run(['completion', 'bash', '--answer']); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=begun.folder,
        env=environment(COMP_WORDS="\n".join(["liggare", *words]), COMP_CWORD=str(len(words))),
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    *found, modules = done.stdout.splitlines()

    assert found
    assert {one.partition(".")[0] for one in modules.split()} & HEAVY == set()


def in_the_place(sql: str) -> Callable[[Path], None]:
    def spoil(place: Path) -> None:
        with closing(sqlite3.connect(place)) as connection:
            connection.executescript(sql)

    return spoil


def cut_off(place: Path) -> None:
    os.truncate(place, 10_000)


def noise(place: Path) -> None:
    place.write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 40)


def pipe(place: Path) -> None:
    place.unlink()
    os.mkfifo(place)


def folder(place: Path) -> None:
    place.unlink()
    place.mkdir()


def loop(place: Path) -> None:
    place.unlink()
    place.symlink_to(place)


def hollow(place: Path) -> None:
    os.truncate(place, 2**40)


def another(place: Path) -> None:
    place.unlink()
    in_the_place("CREATE TABLE words (id, kind, word); INSERT INTO words VALUES (1, 'tag', 'person:p1')")(place)


VIEW = """
    DROP TABLE words;
    CREATE VIEW words AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
        SELECT i AS id, 'tag' AS kind, 'person:p' || i AS word FROM n
"""
SPOILT: dict[str, Callable[[Path], object]] = {
    "missing": lambda place: place.unlink(),
    "empty": lambda place: place.write_bytes(b""),
    "text": lambda place: place.write_text("person:p1\n" * 1000, "utf-8"),
    "noise": noise,
    "cut off": cut_off,
    "another's": another,
    "newer": in_the_place("PRAGMA user_version = 99"),
    "older": in_the_place("PRAGMA user_version = 1"),
    "of no ledger's number": in_the_place("PRAGMA application_id = 1"),
    "without postings": in_the_place("DROP TABLE postings"),
    "a view": in_the_place(VIEW),
    "a pipe": pipe,
    "a folder": folder,
    "a loop": loop,
    "hollow": hollow,
}


@pytest.mark.parametrize("kind", SPOILT)
def test_a_file_that_is_no_ledgers_offers_nothing_and_is_left_alone(begun: Desk, kind: str) -> None:
    SPOILT[kind](begun.folder / "liggare.db")
    before = seen(begun.folder)

    for words in (ASKED, ("costs", "--party", ""), ("history", "--about", "group:")):
        assert answer(begun, "bash", *words) == [""], words
    assert seen(begun.folder) == before


def seen(folder: Path) -> dict[str, tuple[int, int]]:
    return {path.name: (path.lstat().st_mtime_ns, path.lstat().st_size) for path in folder.iterdir()}


@pytest.mark.parametrize(
    "place",
    ["", "sqlite:///liggare.db", "postgresql+psycopg://u:secret@127.0.0.1:1/x", "x" * 300, "\udcff", "a/b", "://"],
)
def test_another_place_offers_nothing(begun: Desk, place: str) -> None:
    before = seen(begun.folder)
    with patch.dict(os.environ, {"LIGGARE_LEDGER": place}):
        found = offered(begun, *ASKED) if place else offered(begun, "dispose", "--ledger", "''", "p")

    assert found == []
    assert seen(begun.folder) == before


@pytest.mark.parametrize(
    "words",
    [("nothing", ""), ("record", "nothing", "--person", ""), ("--version", "x"), ("dispose", "'p"), ("dispose", "\\")],
)
def test_a_line_that_is_wrong_is_told_nothing(begun: Desk, words: tuple[str, ...]) -> None:
    assert {*answer(begun, "bash", *words)} <= {"", "plain,p1", "plain,p10", "plain,p2"}


@pytest.mark.parametrize("words", [None, "", "'", "liggare", "\n\n", "\udcff"])
def test_an_answer_that_was_not_asked_for_is_none(begun: Desk, words: str | None) -> None:
    asking = {} if words is None else {"COMP_WORDS": words, "COMP_CWORD": "x"}
    with patch.dict(os.environ, asking):
        for shell in ("bash", "zsh", "fish"):
            assert begun.does("completion", shell, "--answer").err == ""


def test_who_writes_is_not_waited_for_and_waits_for_nobody(begun: Desk) -> None:
    with closing(sqlite3.connect(begun.folder / "liggare.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert offered(begun, *ASKED) == ["p1", "p10", "p2"]
        writer.execute("COMMIT")
        writer.execute("BEGIN EXCLUSIVE")
        assert offered(begun, *ASKED) == []


@pytest.fixture
def with_a_log(begun: Desk) -> Iterator[sqlite3.Connection]:
    """Yields a connection to the ledger's file, now in WAL mode and without automatic checkpoints, so that new rows
    stay in the write-ahead log.
    """
    with closing(sqlite3.connect(begun.folder / "liggare.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        yield connection


def test_what_stands_in_a_log_alone_is_found(begun: Desk, with_a_log: sqlite3.Connection) -> None:
    with_a_log.execute("INSERT INTO entries SELECT 8, type, leaf, data, words FROM entries WHERE position = 2")
    list_under(with_a_log, "tag", "person:p3", 8)
    with_a_log.execute("DELETE FROM names WHERE position = 2")

    assert described(begun, *ASKED) == {"p1": "", "p10": "Cleo: a, b", "p2": "Bo Sagolund", "p3": ""}


def test_no_log_is_made_beside_a_file_that_has_none(begun: Desk, with_a_log: sqlite3.Connection) -> None:
    with_a_log.close()
    before = seen(begun.folder)

    assert offered(begun, *ASKED) == ["p1", "p10", "p2"]
    assert seen(begun.folder) == before


def test_a_log_that_a_crash_left_is_not_touched(begun: Desk, with_a_log: sqlite3.Connection) -> None:
    with_a_log.execute("DELETE FROM names WHERE position = 2")
    crashed = begun.folder / "crashed"
    crashed.mkdir()
    for suffix in ("", "-wal"):
        shutil.copy(begun.folder / f"liggare.db{suffix}", crashed)
    before = seen(crashed)

    found = described(begun, "dispose", "--ledger", "crashed/liggare.db", "p1")
    assert "Alva Påhitt" not in found.values()
    assert seen(crashed) == before


def test_what_a_crash_left_to_be_undone_is_not_undone(begun: Desk) -> None:
    crashed = begun.folder / "crashed"
    crashed.mkdir()
    with closing(sqlite3.connect(begun.folder / "liggare.db", isolation_level=None)) as writer:
        writer.execute("PRAGMA cache_size = 1")
        writer.execute("BEGIN")
        writer.execute("DELETE FROM names")
        writer.execute("INSERT INTO documents VALUES ('x', zeroblob(1000000))")
        for suffix in ("", "-journal"):
            shutil.copy(begun.folder / f"liggare.db{suffix}", crashed)
    before = seen(crashed)

    assert offered(begun, "dispose", "--ledger", "crashed/liggare.db", "") == []
    assert seen(crashed) == before


EVIL = "$(touch got-in) `touch got-in`; touch got-in\n'\"\\ \x1b[31m\x07 *"


@pytest.fixture
def hostile(begun: Desk) -> Desk:
    """Returns a desk whose ledger holds names and ids that a shell could execute as commands."""
    place = begun.folder / "liggare.db"
    begun.does("record", "person-registered", "--person", "p3", "--name", EVIL.translate({10: 32, 7: 46, 27: 46}),
               "--on", "2023", "--organ", "body")  # fmt: skip
    wrong = (EVIL, "p9 x", "p9\n", "-p9", "--help", "p9'", "P9", "å")
    for person in wrong:
        put(place, Change("", "INSERT INTO words SELECT max(id) + 1, 'tag', ? FROM words", (f"person:{person}",)))
    put(place, Change("", "UPDATE entries SET data = CAST(replace(CAST(data AS TEXT), 'Kulturgruppen', ?) AS BLOB) "
                          "WHERE type = 'group-created'", (json.dumps(EVIL)[1:-1],)))  # fmt: skip
    return begun


def test_only_what_is_an_id_is_offered_and_no_name_steers(hostile: Desk) -> None:
    found = described(hostile, "dispose", "")

    assert {*found} - {"-p9", "--help"} == {*NAMES, "p3"}
    assert described(hostile, "history", "--about", "group:")["group:kultur"].startswith("$(touch got-in) `touch")
    for shell in ("bash", "zsh", "fish"):
        for words in (("dispose", ""), ("history", "--about", "group:")):
            lines = answer(hostile, shell, *words)
            assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", "".join(lines)), lines


@pytest.fixture
def shell(begun: Desk) -> Callable[..., str]:
    """Returns a function that runs a shell command in the ledger's folder and returns its output. The command `liggare`
    runs the program.
    """
    programs = begun.folder / "programs"
    programs.mkdir()
    program = programs / "liggare"
    program.write_text(f"#!/bin/sh\nexec {sys.executable} -c 'from cli import main; main()' \"$@\"\n", "utf-8")
    program.chmod(0o755)

    def run(*command: str) -> str:
        if shutil.which(command[0]) is None:
            pytest.skip(f"{command[0]} is not installed")
        done = subprocess.run(
            command, env=environment(PATH=f"{programs}:{os.environ['PATH']}", PYTHONPATH=str(ROOT)), cwd=begun.folder,
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    return run


def in_bash(shell: Callable[..., str], *words: str) -> list[str]:
    """Returns the completions that bash would show for the last of the words."""
    typed = " ".join(map(shlex.quote, words))
    return shell(
        "bash", "--norc", "-c",
        f"source <(liggare completion bash); COMP_WORDS=(liggare {typed}); COMP_CWORD={len(words)};"
        ' $(complete -p liggare | sed "s/.*-F \\([^ ]*\\).*/\\1/") liggare;'
        ' for one in "${COMPREPLY[@]}"; do printf "<%s>\\n" "$one"; done',
    ).splitlines()  # fmt: skip


def test_bash_completes(begun: Desk, shell: Callable[..., str]) -> None:
    assert in_bash(shell, "dis") == ["<dispose>"]
    assert in_bash(shell, "dispose", "") == ["<p1>", "<p10>", "<p2>"]
    assert in_bash(shell, "history", "--about", "person", ":", "p1") == ["<p1>", "<p10>"]
    assert in_bash(shell, "record", "meeting-held", "--chair") == ["<--chaired-by>"]
    assert in_bash(shell, "dispose", "--ledger", "missing.db", "") == []
    assert in_bash(shell, "dispose", "$(touch got-in)`touch got-in`") == []
    assert in_bash(shell, "dispose", "--decision", "; touch got-in", "") == ["<p1>", "<p10>", "<p2>"]
    assert not (begun.folder / "got-in").exists()


def test_bash_does_nothing_that_a_name_or_an_id_says(hostile: Desk, shell: Callable[..., str]) -> None:
    assert in_bash(shell, "dispose", "p") == ["<p1>", "<p10>", "<p2>", "<p3>"]
    assert in_bash(shell, "history", "--about", "group", ":") == ["<kultur>"]
    assert not (hostile.folder / "got-in").exists()


# IN_ZSH prints what zsh would offer, without a terminal: functions that print their arguments replace zsh's own
# completion functions.
IN_ZSH = """
    compdef() { : }
    compadd() { printf '<%s>\\n' "${(@P)@[-1]}" }
    _describe() { printf '<%s>\\n' "${(@P)3}" }
    source <(liggare completion zsh)
"""


def test_zsh_completes(hostile: Desk, shell: Callable[..., str]) -> None:
    def in_zsh(*words: str) -> list[str]:
        typed = " ".join(map(shlex.quote, words))
        asked = f"{IN_ZSH} words=(liggare {typed}); CURRENT={len(words) + 1}; _liggare_completion"
        return shell("zsh", "-f", "-c", asked).splitlines()

    assert in_zsh("dispose", "p1") == ["<p1:Alva Påhitt>", "<p10:Cleo: a, b>"]
    assert in_zsh("history", "--about", "pers") == ["<person:>"]
    assert in_zsh("history", "--about", "person:p2") == [r"<person\:p2:Bo Sagolund>"]
    assert in_zsh("dispose", "p3")[0].startswith("<p3:$(touch got-in) `touch got-in`; touch")
    assert in_zsh("dispose", "--ledger", "missing.db", "p") == []
    assert not (hostile.folder / "got-in").exists()


def test_fish_completes(hostile: Desk, shell: Callable[..., str]) -> None:
    def in_fish(line: str) -> list[str]:
        asked = f"liggare completion fish | source; complete --do-complete {shlex.quote(line)}"
        return shell("fish", "--no-config", "-c", asked).splitlines()

    assert in_fish("liggare dispose p1") == ["p1\tAlva Påhitt", "p10\tCleo: a, b"]
    assert in_fish("liggare history --about=person:p2") == ["--about=person:p2\tBo Sagolund"]
    assert in_fish("liggare dispose p3")[0].startswith("p3\t$(touch got-in) `touch got-in`; touch")
    assert in_fish("liggare dispose --ledger missing.db p") == []
    assert not (hostile.folder / "got-in").exists()


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell_is_printed_and_asks_by_itself(begun: Desk, name: str) -> None:
    told = begun.does("completion", name)

    assert f"completion {name} --answer" in told.out
    assert told.err == ""
    assert "%" not in told.out.replace("printf '%s", "")


def test_another_shell_is_bad_usage() -> None:
    assert liggare("completion", "tcsh").code == 2
