"""Each way in which a command can end has its exit code, its lines on stderr and, with --json, its document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import pytest

import ledger.store
from cli.commands.record import command_for
from cli.program import COMMANDS, program
from ledger.errors import Damaged, LockBusy, LogMoved, OutcomeUnknown
from ledger.store.recorder import SqlStore

if TYPE_CHECKING:
    from tests.desk import Desk

ADOPT = ("record", "agreement-adopted", "--version", "1", "--assembly", "sala", "--on", "2023-02-27")
WRONG_ORGAN = "decided by executive-board; only the assembly can decide it"


def test_done_is_0_and_says_nothing_on_stderr(desk: Desk) -> None:
    done = desk("init")

    assert (done.code, done.err) == (0, "")


def test_a_refusal_is_1_with_provision_section_and_reason(desk: Desk) -> None:
    desk.does("init")

    refused = desk(*ADOPT, "--organ", "executive-board")

    assert (refused.code, refused.out) == (1, "")
    assert refused.err == f"liggare: adopted-by-an-assembly (7): {WRONG_ORGAN}\n"
    assert desk.asks("history")["known_at"] == "@1"


def test_a_refusal_gives_every_reason(desk: Desk) -> None:
    desk.does("init")
    desk.does(*ADOPT, "--organ", "assembly")

    refused = desk(*ADOPT, "--organ", "executive-board")

    assert refused.errors == [
        f"adopted-by-an-assembly (7): {WRONG_ORGAN}",
        "amended-by-unanimity (7): sala adopted version 1 already, on 2023-02-27",
    ]


def test_a_refusal_as_json(desk: Desk) -> None:
    desk.does("init")

    refused = desk(*ADOPT, "--organ", "executive-board", "--json")

    assert refused.code == 1
    (reason,) = refused.json["refused"]
    assert reason == {
        "provision": "adopted-by-an-assembly",
        "section": "7",
        "verdict": "breach",
        "advisory": False,
        "subject": "party:sala",
        "since": "2023-02-27",
        "until": None,
        "text": WRONG_ORGAN,
        "values": {"organ": "executive-board"},
        "entries": [2],
        "uncertain": [],
        "readings": {},
        "line": None,
    }


def test_a_reference_that_no_section_speaks_of_is_refused_by_its_slug_alone(desk: Desk) -> None:
    desk.does("init")

    refused = desk("record", "seat-vacated", "--person", "nobody", "--on", "2024-01-01", "--organ", "body")

    assert refused.code == 1
    assert "reference: person nobody is not in the ledger" in refused.errors


def test_bad_input_is_2(desk: Desk) -> None:
    desk.does("init")

    wrong = desk(*ADOPT, "--organ", "assembly", "--paragraph", "a\x00b")

    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.errors == ["--paragraph: expected text without control characters"]


def test_bad_input_as_json(desk: Desk) -> None:
    desk.does("init")

    wrong = desk("record", "withdrawal-decided", "--on", "2023-02-31", "--json")

    assert wrong.code == 2
    assert [error["line"] for error in wrong.json["errors"]] == [None, None, None]
    assert "--on: '2023-02-31' does not exist: 2023-02 has days 01 to 28" in [
        one["what"] for one in wrong.json["errors"]
    ]


@pytest.mark.parametrize(
    ("args", "what"),
    [
        (("nonsense",), "No such command 'nonsense'. See `liggare --help`."),
        (("agreement", "--nonsense"), "No such option '--nonsense'. See `liggare agreement --help`."),
        (("agreement", "--lang", "xx"), "Invalid value for '--lang': 'xx' is not one of 'sv', "),
        (
            ("annul", "x"),
            "Invalid value for 'ENTRY': 'x' is not the number of an entry, such as 12. See `liggare annul --help`.",
        ),
        (
            ("annul", "0"),
            "Invalid value for 'ENTRY': '0' is not the number of an entry, such as 12. See `liggare annul",
        ),
        (
            ("prove", "0"),
            "Invalid value for 'ENTRY': '0' is not the number of an entry, such as 12. See `liggare prove",
        ),
        (("annul", "3"), "Missing option '--cause'."),
        (("init", "--on", "2022-13-01"), "--on: '2022-13-01' does not exist: a year has months 01 to 12"),
        (("init", "--in-force-from", "2022-13"), "--in-force-from: '2022-13' does not exist"),
        (("record", "agreement-adoptd"), "There is no event 'agreement-adoptd'. Did you mean agreement-adopted?"),
        (("record", "xyzzy"), "There is no event 'xyzzy'. `liggare events` lists them."),
        (("events", "xyzzy"), "there is no event 'xyzzy'; `liggare events` lists them"),
        (("init", "--profile", "atlantis"), "there is no profile atlantis; there is vastmanland"),
        (("agreement", "--ledger", ""), "--ledger: a place is not empty"),
        (
            ("agreement", "--ledger", "mysql://x/y"),
            "mysql:// is not supported; give a file, sqlite:///FILE, or postgresql+psycopg://HOST/DATABASE?schema=NAME",
        ),
    ],
)
def test_bad_usage_is_2_in_one_line_that_says_what_to_do(desk: Desk, args: tuple[str, ...], what: str) -> None:
    wrong = desk(*args)

    assert wrong.code == 2
    (line,) = wrong.errors
    assert line.startswith(what)
    assert desk(*args, "--json").json["errors"][0]["what"] == line


def test_no_command_at_all_is_2_and_shows_the_help(desk: Desk) -> None:
    done = desk()

    assert (done.code, done.out) == (2, "")
    assert "liggare init" in done.err


@pytest.mark.parametrize(
    ("error", "code"),
    [(LogMoved(10), 3), (LockBusy(30), 3), (Damaged("liggare.db", "it is cut off"), 4)],
    ids=["moved", "busy", "damaged"],
)
def test_what_others_do_to_the_ledger_has_its_code(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    desk.does("init")
    monkeypatch.setattr(SqlStore, "append", fails)

    failed = desk(*ADOPT, "--organ", "assembly")

    assert (failed.code, failed.out) == (code, "")
    assert failed.errors == [str(error)]
    assert desk(*ADOPT, "--organ", "assembly", "--json").json == {"errors": [{"line": None, "what": str(error)}]}


def test_an_unknown_outcome_is_5_and_prints_the_command_that_records_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = SqlStore.append

    def commits_and_loses_the_answer(*args: object, **kwargs: object) -> None:
        whole(*args, **kwargs)  # type: ignore[arg-type]
        raise OutcomeUnknown("the connection broke")

    desk.does("init")
    with monkeypatch.context() as patched:
        patched.setattr(SqlStore, "append", commits_and_loses_the_answer)
        lost = desk(*ADOPT, "--organ", "assembly", "--paragraph", "§ 12")

    told, command = lost.errors
    assert lost.code == 5
    assert told == "cannot tell whether this was recorded (the connection broke); run it again with the same key"
    again, _, key = command.removeprefix("to try again and record it once: ").rpartition(" --key ")
    assert again == f"liggare {' '.join(ADOPT)} --organ assembly --paragraph '§ 12'"

    done = desk.does(*ADOPT, "--organ", "assembly", "--paragraph", "§ 12", "--key", key)

    assert done.out.startswith("recorded before, under the same key; nothing was written:\nentry 2: ")
    assert desk.asks("history")["known_at"] == "@2"


def test_an_unknown_outcome_keeps_the_key_that_was_given(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def loses(*_: object, **__: object) -> None:
        raise OutcomeUnknown("the connection broke")

    desk.does("init")
    monkeypatch.setattr(SqlStore, "append", loses)

    lost = desk(*ADOPT, "--organ", "assembly", "--key=k1")

    assert lost.errors[1].endswith("--organ assembly --key=k1")


@pytest.mark.on_file
def test_no_ledger_is_6(desk: Desk) -> None:
    missing = desk("agreement")

    assert (missing.code, missing.out) == (6, "")
    assert missing.errors == ["there is no ledger at liggare.db; `liggare init` makes one"]


def test_an_interruption_is_130(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    desk.does("init")
    monkeypatch.setattr(ledger.store, "open_store", interrupted)

    assert desk("agreement").code == 130


def test_a_fault_of_ours_is_one_line_without_what_the_error_says(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("Testa Testdotter")

    desk.does("init")
    monkeypatch.setattr(ledger.store, "open_store", breaks)

    failed = desk("agreement")

    assert failed.code == 70
    (line,) = failed.errors
    assert line.startswith("a fault of this program (RuntimeError in test_exit_codes.py, line ")
    assert "Testa" not in failed.err
    verbose = desk("agreement", "--verbose")
    assert verbose.errors[0] == line
    assert any(frame.endswith(': raise RuntimeError("Testa Testdotter")') for frame in verbose.errors[1:])


@pytest.mark.parametrize("value", ["bash_source", "bash_complete", "x"])
def test_the_completion_variable_does_not_replace_the_command(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """If the variable `_LIGGARE_COMPLETE` is set, click by default completes words, or exits with 0 and no output, and
    does not run the command.
    """
    monkeypatch.setenv("_LIGGARE_COMPLETE", value)
    desk.does("init")

    assert desk("council", "--on", "x").code == 2


def taking() -> list[tuple[tuple[str, ...], str]]:
    """Returns each option of each command that takes a value, with the words of the command before it."""
    context = click.Context(program)
    commands: dict[tuple[str, ...], click.Command | None]
    commands = {(name,): program.get_command(context, name) for name in COMMANDS if name != "record"}
    commands["record", "member-appointed"] = command_for("member-appointed")
    return [
        (words, one.opts[-1])
        for words, command in commands.items()
        for one in (command.params if command else [])
        if isinstance(one, click.Option) and not one.is_flag and one.opts[-1] != "--lang"
    ]


@pytest.mark.on_file
@pytest.mark.parametrize(
    ("args", "what"),
    [
        (("--version=1",), "Option '--version' does not take a value. See `liggare --help`."),
        (("record", "--help=1"), "Option '--help' does not take a value. See `liggare record --help`."),
        (("council", "--on"), "Option '--on' requires an argument. See `liggare council --help`."),
        (
            ("record", "member-appointed", "--seat"),
            "Option '--seat' requires an argument. See `liggare record member-appointed --help`.",
        ),
        (
            ("completion", "csh"),
            "Invalid value for 'SHELL': 'csh' is not one of 'bash', 'zsh', 'fish'. See `liggare completion --help`.",
        ),
    ],
)
def test_bad_usage_leads_to_the_help_of_the_command(desk: Desk, args: tuple[str, ...], what: str) -> None:
    wrong = desk(*args)

    assert (wrong.code, wrong.errors) == (2, [what])


@pytest.mark.on_file
def test_an_empty_value_is_not_taken_for_no_value(desk: Desk) -> None:
    needed = {
        "claim": ("2025", "1"), "annul": ("1",), "prove": ("1",), "dispose": ("p1",), "explain": ("notice",),
        "costs": ("2025",), "reports": ("2025H1",), "attendance": ("2025H1",), "export": ("d",), "audit": ("d",),
        "backup": ("b",), "copy": ("a", "b"), "import": ("e",), "events": (), "schema": ("council",), "demo": ("d",),
        "completion": ("bash",), "paper": ("council", "-o", "p.html"),
        "export-sie": ("2025", "-o", "f.si", "--accounts", "k.toml"),
        "popolo": ("-o", "p.json"), "calendar": ("-o", "c.ics"),
    }  # fmt: skip
    more = {
        ("annul",): ("--cause", "recording-error", "--reason", "x"),
        ("dispose",): ("--decision", "x"),
        ("record", "member-appointed"): ("--organ", "assembly"),
    }
    desk.writes("e", [])
    desk.writes("k.toml", [])
    wrong = {}
    for begun in (False, True):
        for words, option in [one for one in taking() if (one[0] != ("init",)) is begun]:
            done = desk(*words, *needed.get(words[0], ()), *more.get(words, ()), option, "")
            if done.code != 2 or not any(option in line for line in done.errors):
                wrong[words, option] = done
        desk("init")

    assert wrong == {}


@pytest.mark.on_file
@pytest.mark.parametrize(
    ("args", "what"),
    [
        (("export", ""), "DIR"), (("export", "--", ""), "DIR"), (("audit", ""), "DIR|FILE"), (("demo", ""), "DIR"),
        (("backup", ""), "FILE"), (("import", ""), "FILE|-|DIR"), (("import", "--dry-run", ""), "FILE|-|DIR"),
        (("copy", "liggare.db", ""), "TO"), (("copy", "", "copy.db"), "FROM"),
    ],
)  # fmt: skip
def test_an_empty_name_is_not_taken_for_the_working_directory(desk: Desk, args: tuple[str, ...], what: str) -> None:
    desk.does("init")
    before = sorted(desk.folder.iterdir())

    wrong = desk(*args)

    assert (wrong.code, wrong.errors) == (2, [f"{what} is empty"])
    assert sorted(desk.folder.iterdir()) == before
