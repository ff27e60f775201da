"""A file named on the command line that is too large or not a regular file is refused at once, before it is read."""

from __future__ import annotations

import os
from threading import Timer
from tracemalloc import get_traced_memory, start, stop
from typing import TYPE_CHECKING

import pytest

from cli.input_files import read_input
from ledger.limits import LARGEST_FILE, read_stream
from tests.counting import in_processor_seconds

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.desk import Desk

pytestmark = pytest.mark.on_file

ADOPT = ("record", "agreement-adopted", "--version", "1", "--assembly", "sala")
ACT = ("--on", "2023-02-27", "--organ", "assembly")
# OPTIONS maps each option or argument that takes a file to a command with it, in which `{}` stands for the file's path.
OPTIONS = {
    "init --text": ("init", "--ledger", "new.db", "--text", "{}"),
    "init --terms": ("init", "--ledger", "new.db", "--terms", "{}"),
    "import": ("import", "{}"),
    "import --csv": ("import", "{}", "--csv", "payment-made"),
    "annul --with": ("annul", "1", "--cause", "recording-error", "--reason", "r", "--with", "{}"),
    "record --document": (*ADOPT, *ACT, "--document", "{}"),
    "record @FILE": ("record", "agreement-proposed", "--version", "2", "--title", "t", *ACT, "--terms", "@{}"),
    "checkpoint --against": ("checkpoint", "--against", "{}"),
    "audit --since": ("audit", "export", "--since", "{}"),
}


def sparse(path: Path, size: int) -> None:
    path.touch()
    os.truncate(path, size)


KINDS: dict[str, Callable[[Path], object]] = {
    "a directory": lambda path: path.mkdir(),
    "a pipe": os.mkfifo,
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "30 GB": lambda path: sparse(path, 30 * 1024**3),
    "a byte too many": lambda path: sparse(path, LARGEST_FILE + 1),
    "nothing": lambda _: None,
    "a loop of links": lambda path: path.symlink_to(path),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("option", OPTIONS)
def test_what_is_no_file_that_we_take_is_2_at_once_in_one_line(desk: Desk, option: str, kind: str) -> None:
    desk.does("init")
    given = desk.folder / "given"
    KINDS[kind](given)
    start()
    with in_processor_seconds(1):
        refused = desk(*(word.replace("{}", str(given)) for word in OPTIONS[option]))
    memory = get_traced_memory()[1]
    stop()
    assert refused.code == 2, refused
    (line,) = refused.errors
    assert "given" in line
    assert "cannot be read" in line
    assert memory < 20_000_000
    assert not (desk.folder / "new.db").exists()


MADE = {
    "init --ledger": ("init", "--ledger", "{}"),
    "export": ("export", "{}"),
    "backup": ("backup", "{}"),
    "audit": ("audit", "{}"),
    "--ledger": ("council", "--ledger", "{}"),
    "act --out": ("act", *ADOPT[1:], *ACT, "--as", "sala-reg", "--out", "{}"),
    "record --receipt": (*ADOPT, *ACT, "--receipt", "{}"),
}


@pytest.mark.parametrize("option", [*OPTIONS, *MADE])
def test_a_name_that_holds_a_line_break_breaks_no_line(desk: Desk, option: str) -> None:
    desk.does("init")
    refused = desk(*(word.replace("{}", "no\nliggare: such/file") for word in (OPTIONS | MADE)[option]))

    assert refused.code in {2, 6}
    (line,) = refused.errors
    assert r"no\nliggare: such" in line


def test_stdin_that_does_not_end_is_read_no_further_than_we_take(desk: Desk) -> None:
    desk.does("init")

    refused = desk("import", "-", stdin=b" " * (LARGEST_FILE + 1))

    assert (refused.code, refused.errors) == (2, ["- cannot be read: it is larger than 64 MB"])


def test_stdin_that_the_caller_left_not_to_wait_is_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    out, into = os.pipe()
    os.set_blocking(out, False)
    os.write(into, b"the first\n")

    def rest() -> None:
        os.write(into, b"the last\n")
        os.close(into)

    Timer(0.1, rest).start()
    with os.fdopen(out) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        assert read_input("-") == b"the first\nthe last\n"


def test_a_regular_file_without_data_to_read_yet_is_refused() -> None:
    """The kernel's log, /proc/kmsg, looks like a regular file, but has no data to read until the kernel logs something.
    In this test an empty pipe stands in for such a file.
    """
    out, into = os.pipe()
    os.set_blocking(out, False)
    with os.fdopen(out, "rb") as file, pytest.raises(ValueError, match="it is not a regular file"):
        read_stream(file)
    os.close(into)


@pytest.mark.parametrize("kind", ["a directory", "a pipe", "a device", "30 GB"])
def test_a_key_that_is_no_file_is_6_at_once(desk: Desk, kind: str) -> None:
    desk.does("init")
    key = desk.folder / "given.key"
    KINDS[kind](key)

    refused = desk("checkpoint", "--key-file", key)

    assert refused.code == 6, refused
    (line,) = refused.errors
    assert "given.key" in line


@pytest.mark.parametrize("depth", [300, 20_000])
@pytest.mark.parametrize(
    "nested",
    [
        lambda depth: "a" + ".a" * depth + " = 1",
        lambda depth: "[" + "a . " * depth + "a]",
        lambda depth: "x = {'a'" + '."a"' * depth + " = 1}",
        lambda depth: "x = " + "[" * depth + "]" * depth,
        lambda depth: "x = " + "{a=" * depth + "1" + "}" * depth,
    ],
)
def test_terms_nested_without_end_are_2_at_once(desk: Desk, nested: Callable[[int], str], depth: int) -> None:
    terms = desk.writes("deep.toml", [nested(depth)])
    with in_processor_seconds(1):
        refused = desk("init", "--terms", terms)

    assert refused.code == 2
    # If the TOML file can be parsed, the error also lists the five parts of the terms that the file lacks.
    assert len(refused.errors) in {1, 6}, refused


@pytest.mark.parametrize("depth", [200, 900, 1_020, 2_000, 100_000])
@pytest.mark.parametrize(("opens", "closes"), [('{"a":', "}"), ("[", "]"), ('[{"a":', "}]")])
def test_an_event_nested_without_end_is_2_at_once(desk: Desk, depth: int, opens: str, closes: str) -> None:
    desk.does("init")
    deep = opens * depth + "1" + closes * depth
    act = '"event":"agreement-adopted","valid_on":"2023-01-01","source":{"organ":"assembly"},"version":1'
    events = desk.writes("deep.jsonl", [f'{{{act},"assembly":{deep}}}'])
    terms = desk.writes("deep.json", [deep])

    for args in (("import", events), (*(word.replace("{}", str(terms)) for word in OPTIONS["record @FILE"]),),
                 ("init", "--ledger", "new.db", "--terms", terms)):  # fmt: skip
        refused = desk(*args)
        assert refused.code == 2, refused
        assert refused.errors
