"""verify_ledger.py says everything in Swedish, too. The other tests run each check in both languages, and hold that it
finds the same faults in each.
"""

from __future__ import annotations

import argparse
import ast
import errno
import inspect
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

import pytest

from tests.export.both import compare
from tests.export.given import PROGRAM, program, put
from tests.languages import faults

if TYPE_CHECKING:
    from collections.abc import Iterator

VERIFY = program()
SYSTEMS = {os.strerror(code) for code in errno.errorcode}
OF_PYTHON_39 = {"optional arguments"}  # later: options
LOCALE = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "", "LIGGARE_LANG": ""}


def run(*args: object, python: object = sys.executable, **env: str) -> subprocess.CompletedProcess[str]:
    """Runs verify_ledger.py in isolated mode, with these variables and no others that choose a language."""
    command = [str(python), "-I", str(PROGRAM), *map(str, args)]
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", check=False, env={**os.environ, **LOCALE, **env}
    )


def messages() -> Iterator[str]:
    """Yields every message in the program: what `say` and `wrong` are called with, and what is called `what`."""
    for node in ast.walk(ast.parse(PROGRAM.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
            yield from _texts(node.args[0])
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "wrong":
            yield from _texts(node.args[1])
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "what":
            yield from _texts(node.value)


def _texts(expression: ast.expr) -> Iterator[str]:
    if isinstance(expression, ast.Constant) and isinstance(expression.value, str):
        yield expression.value
    elif isinstance(expression, ast.IfExp):
        yield from (*_texts(expression.body), *_texts(expression.orelse))
    elif isinstance(expression, ast.Subscript) and isinstance(expression.value, ast.Name):
        yield from vars(VERIFY)[expression.value.id]
    elif isinstance(expression, ast.Name) and expression.id.isupper():
        yield vars(VERIFY)[expression.id]


def test_every_message_has_a_swedish_text_and_no_row_is_dead() -> None:
    ours = {*messages()} - {"{why}"}
    others = VERIFY.SWEDISH.keys() - ours
    argparses = inspect.getsource(argparse)

    assert len(ours) > 50
    assert ours - VERIFY.SWEDISH.keys() == set()
    assert [row for row in others - SYSTEMS - OF_PYTHON_39 if row.replace("\n", "\\n") not in argparses] == []


@pytest.mark.parametrize("message", VERIFY.SWEDISH)
def test_a_swedish_text_names_the_same_and_is_swedish(message: str) -> None:
    swedish = VERIFY.SWEDISH[message]

    assert _names(swedish) == _names(message)
    assert faults(swedish) == []
    assert swedish.encode("latin-1")  # a terminal or file need not be in UTF-8
    assert swedish.count("\n") == message.count("\n")


def _names(text: str) -> list[str]:
    named = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    return sorted({*named, *re.findall(r"%(?:\(\w+\))?\w", text)})


@pytest.mark.parametrize(
    ("args", "env", "language"),
    [
        ((), {}, "en"), ((), {"LANG": "sv_SE.UTF-8"}, "sv"), ((), {"LC_MESSAGES": "sv", "LANG": "en_US.UTF-8"}, "sv"),
        ((), {"LC_ALL": "C.UTF-8", "LANG": "sv_SE.UTF-8"}, "en"), ((), {"LANG": "de_DE.UTF-8"}, "en"),
        ((), {"LIGGARE_LANG": "sv"}, "sv"), ((), {"LIGGARE_LANG": "en", "LANG": "sv_SE.UTF-8"}, "en"),
        ((), {"LIGGARE_LANG": "de", "LANG": "sv_SE.UTF-8"}, "sv"), (("--lang", "sv"), {}, "sv"),
        (("--lang=sv",), {}, "sv"), (("--la", "sv"), {}, "sv"),
        (("--lang", "en"), {"LIGGARE_LANG": "sv", "LANG": "sv_SE.UTF-8"}, "en"),
        (("--lang", "sv", "--lang", "en"), {}, "en"), (("--lang", "sv"), {"LC_ALL": "C"}, "sv"),
    ],
)  # fmt: skip
def test_the_language_is_that_asked_for_else_that_of_the_locale(
    golden: Path, args: tuple[str, ...], env: dict[str, str], language: str
) -> None:
    done = run(golden, *args, **env)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith({"sv": "21 poster i liggare/", "en": "21 entries of liggare/"}[language])


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("nowhere",), "nowhere är ingen export"), (("--since", "nowhere"), "Filen finns inte: 'nowhere'"),
        (("--vkey", "x"), "det är ingen Ed25519-nyckel av formen NAMN+ID+NYCKEL"),
        (("--colour",), "okända argument: --colour"), (("--since",), "argument --since: värde saknas"),
        (("--help=x",), "argument -h/--help: tar inget värde: 'x'"),
        (("--vkey", "\udcff+00000000+AQ=="), "inte text i UTF-8"),
        (("--lang", "de"), "argument --lang: 'de' går inte att välja (välj bland "),
    ],
)  # fmt: skip
def test_a_wrong_call_is_refused_in_swedish_too(args: tuple[str, ...], told: str) -> None:
    english, swedish = run(*args), run(*args, LIGGARE_LANG="sv")

    assert (english.returncode, swedish.returncode) == (2, 2)
    assert f"verify_ledger.py: fel: {told}" in swedish.stderr.replace("[Errno 2] ", "")
    assert faults(swedish.stderr) == []


def test_a_checkpoint_that_is_not_text_is_refused_in_swedish(tmp_path: Path) -> None:
    put(tmp_path / "since", b"\xff")

    assert run("--since", tmp_path / "since", "--lang", "sv").stderr.endswith("fel: inte text i UTF-8\n")


def test_help_is_in_swedish() -> None:
    done = run("--help", LIGGARE_LANG="sv")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("användning: verify_ledger.py")
    assert faults(done.stdout) == []


def test_what_is_proved_and_what_is_damaged_is_told_in_swedish(golden: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(golden, tmp_path / "copy")
    key = VERIFY.json.loads((golden / "export.json").read_bytes())["vkeys"][0]

    assert run(copy, "--lang", "sv").stdout.splitlines()[4:] == [
        "Handlingar som posterna hänvisar till: 1 av 1 finns här.",
        "Ingen kontrollpunkt har angetts (--since), så loggen kan vara gjord på nytt.",
        "Ingen nyckel har angetts (--vkey), så vem som helst kan ha gjort och signerat exporten.",
    ]
    assert run(copy, "--since", copy / "checkpoint", "--vkey", key, "--lang=sv").stdout.splitlines()[-2:] == [
        "Exporten bygger vidare på den angivna kontrollpunkten.",
        "Den angivna nyckeln, eller en som följer på den, har signerat.",
    ]
    put(copy / "agreement.txt", b"Another agreement.")
    done = run(copy, "--lang", "sv")
    assert (done.returncode, done.stderr, done.stdout) == (
        4, "", "FEL  agreement.txt: saknas, är inte det som export.json anger eller nämns inte i någon post\n"
    )  # fmt: skip


def old_python() -> str | None:
    """Returns a Python 3.9, if this machine has one."""
    found = [*Path.home().glob(".pyenv/versions/3.9.*/bin/python"), shutil.which("python3.9")]
    return next((str(one) for one in found if one), None)


@pytest.mark.skipif(old_python() is None, reason="there is no Python 3.9 on this machine")
@pytest.mark.parametrize("language", ["sv", "en"])
def test_python_39_says_the_same(golden_2: Path, tmp_path: Path, language: str) -> None:
    damaged = shutil.copytree(golden_2, tmp_path / "damaged")
    put(damaged / "checkpoint", b"\xff")
    put(damaged / "tile" / "stray", b"")

    for args in ((golden_2,), (golden_2, "--since", golden_2 / "checkpoint"), (damaged,)):
        ours, theirs = (run(*args, "--lang", language, python=one) for one in (sys.executable, old_python()))
        assert (ours.returncode, ours.stdout, ours.stderr) == (theirs.returncode, theirs.stdout, theirs.stderr)
    for wrong in (["--help"], ["--colour"], ["--lang", "de"], ["--since"], ["--since", "nowhere"]):
        ours, theirs = run(*wrong, python=old_python()), run(*wrong, python=old_python(), LIGGARE_LANG="sv")
        assert ours.returncode == theirs.returncode
        compare([ours.stdout, ours.stderr], [theirs.stdout, theirs.stderr])
