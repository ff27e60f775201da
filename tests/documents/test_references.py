"""Everything that the documents name exists: commands, exit codes, files, headings, make targets, tests and code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.error_output import EXIT_CODES
from cli.program import COMMANDS

ROOT = Path(__file__).parents[2]
COMMANDS_PAGE = ROOT / "docs" / "commands.md"
DOCUMENTS = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")})
OF_THE_CODE = tuple(ROOT / name for name in ("docs/architecture.md", "docs/style.md", "CONTRIBUTING.md"))
TOP = {path.name for path in ROOT.iterdir()}  # text in backquotes is taken for a path if its first part is in TOP


def paths(text: str) -> list[str]:
    """Returns each path that stands in backquotes in the text, relative to the root of the repository."""
    quoted = re.findall(r"`([\w.-]+(?:/[\w.*{},-]*)*)`", text)
    return [one for one in quoted if one.partition("/")[0] in TOP or one.endswith((".py", ".md"))]


def links(text: str) -> list[str]:
    """Returns the target of each link in a text, except links to other sites."""
    return [target for target in re.findall(r"\]\(([^)\s]*)\)", text) if "://" not in target]


def anchors(text: str) -> set[str]:
    """Returns the anchors that a code host such as GitHub makes from the headings of a document."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    assert re.search(rf"^\| `liggare {command}[ `]", COMMANDS_PAGE.read_text("utf-8"), re.MULTILINE)


def test_every_exit_code_is_documented() -> None:
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", COMMANDS_PAGE.read_text("utf-8"), re.MULTILINE)}

    assert documented == {0, 130, *(code for _, code in EXIT_CODES)}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in links(document.read_text("utf-8")):
        name, _, anchor = target.partition("#")
        there = (document.parent / name).resolve() if name else document
        assert there.exists(), target
        if anchor:
            assert anchor in anchors(there.read_text("utf-8")), target


@pytest.mark.parametrize("document", OF_THE_CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_document_about_the_code_names_exists(document: Path) -> None:
    named = paths(document.read_text("utf-8"))

    assert named
    assert [one for one in named if not list(ROOT.glob(one.rstrip("/")))] == []


@pytest.mark.parametrize("document", [ROOT / "README.md", *OF_THE_CODE], ids=lambda path: str(path.relative_to(ROOT)))
def test_every_target_of_make_that_is_named_exists(document: Path) -> None:
    targets = {*re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)}

    assert {*re.findall(r"(?<!\w)make ([a-z-]+)`", document.read_text("utf-8"))} <= targets


@pytest.mark.parametrize("document", OF_THE_CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_test_that_is_named_exists(document: Path) -> None:
    written = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))

    assert [
        one for one in re.findall(r"`(test_\w+)`", document.read_text("utf-8")) if f"def {one}(" not in written
    ] == []


@pytest.mark.parametrize("document", OF_THE_CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_said_to_be_in_a_file_is_defined_there(document: Path) -> None:
    """If a document says `NAME` in `FILE`, such as `Ledger.record` in `ledger/book.py`, FILE must define NAME."""
    lacking = [
        (name, path)
        for name, path in re.findall(r"`([\w.]+)`\s+in\s+`([\w/]+\.py)`", document.read_text("utf-8"))
        if not defined(name.rpartition(".")[2], (ROOT / path).read_text("utf-8"))
    ]
    assert lacking == []


def defined(name: str, source: str) -> bool:
    return bool(re.search(rf"^ *(def|class) {name}\b|^{name}\b.*=", source, re.MULTILINE))


def test_a_path_that_is_not_there_is_seen() -> None:
    assert paths("`ledger/no_such.py`, `tests/`, `--on`, `[docs]`, `demo`, `nothing.md`") == [
        "ledger/no_such.py",
        "tests/",
        "nothing.md",
    ]
    assert anchors("## You are an economist: check each öre") == {"you-are-an-economist-check-each-öre"}
