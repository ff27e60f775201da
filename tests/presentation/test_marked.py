"""Every text for people is marked as a message, a whole sentence with named values, so that the text can be
translated.
"""

from __future__ import annotations

import ast
import re
from inspect import cleandoc
from string import Formatter
from typing import TYPE_CHECKING

import pytest

from cli.story.acts import STORY
from docs.words import texts
from tests.test_layout import Module, modules

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKS = (
    "msg",
    "marked",
    "phrase",
    "text",
    "whole",
    "number",
    "entries",
)  # MARKS names the functions whose first argument is a message
FOUND = ("breach", "cannot_tell", "silent", "passed", "to_do", "Said")  # their first argument is filled in later
SHOWN = ("title", "in_role", "open_", *MARKS)  # SHOWN names the functions whose first argument people read
PRINTERS = ("click.echo", "click.prompt", "click.confirm", "show", "_say", "_tell")
APART = (
    "presentation.language",
    "presentation.parameters",
    "presentation.readings",
    "presentation.terms",
    "presentation.words",
    "presentation.render",
)
LETTER = re.compile(r"[^\W\d_]")
WORDS = re.compile(r"[^\W\d_]\s|\s[^\W\d_]")
PLACEHOLDER = re.compile(r"\{\w+(:[^}]*)?\}")
SENTENCE = re.compile(r"[^\W\d_]\s|\s[^\W\d_]|^[A-ZÅÄÖ]")
PRESENTATION = [
    module
    for module in modules("presentation")
    if not any(module.name == apart or module.name.startswith(f"{apart}.") for apart in APART)
]
# The texts of provisions and silences need no mark: they are tables that docs.words reads.
RULES = [
    module
    for module in modules("ledger/rules", "projections")
    if module.name not in {"ledger.rules.provisions", "ledger.rules.silences"}
]
VALUES = {  # words among the named values of a finding that its sentence does not show, brackets, and what is typed
    "entered a reservation at", "dissented at", "was recused at", "made a proposal at", "was appointed to adjust",
    "sent to all", "the figures", ".{10}[T ]", " ({fields})", "liggare explain ",
}  # fmt: skip
COMMANDS = [
    module
    for module in modules("cli", "presentation", "recording")
    if module.name == "presentation.parameters"
    or (module.name.startswith(("cli.", "recording.")) and not module.name.startswith("cli.story.acts"))
]


def called(node: ast.AST) -> str:
    """Returns the name of the called function, or "" if the node is not a call of a plain name."""
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def literal(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def shown(tree: ast.AST, marks: tuple[str, ...] = MARKS) -> Iterator[tuple[ast.AST, bool]]:
    """Yields each string in the code, and whether people certainly read the string, judged by its place in the code.
    Docstrings, marked messages, subscripts, prefixes to remove and format specifications are left out.
    """
    left_out: set[ast.AST | None] = set()
    read: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and literal(node.value) is not None:
            left_out.add(node.value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "removeprefix":
            left_out |= {*node.args}
        if isinstance(node, ast.Subscript):
            left_out |= {*ast.walk(node.slice)}
        if isinstance(node, ast.FormattedValue):
            left_out.add(node.format_spec)
        if isinstance(node, ast.JoinedStr | ast.Assert):
            left_out |= {*node.values} if isinstance(node, ast.JoinedStr) else {node.msg}
        if called(node) in (*SHOWN, *marks) and isinstance(node, ast.Call):
            (left_out if called(node) in marks else read).update(node.args[:1])
        if isinstance(node, ast.List):
            read |= {*node.elts}
        if node not in left_out and (isinstance(node, ast.JoinedStr) or literal(node) is not None):
            yield node, node in read


def unmarked(module: Module) -> list[str]:
    """Returns the texts that should be marked as messages but are not. No catalogue could translate an unmarked
    text.
    """
    found = []
    for node, is_read in shown(ast.parse(module.source)):
        if isinstance(node, ast.JoinedStr):
            wrong = any(LETTER.search(literal(part) or "") for part in node.values)
        else:
            wrong = bool((LETTER if is_read else SENTENCE).search(literal(node) or ""))
        found += [f"{module.name}: {ast.unparse(node)}"] if wrong else []
    return found


def unmarked_in_rules(module: Module) -> list[str]:
    """Returns the sentences, and the texts with placeholders, that no mark holds. An f-string such as `party:{party}`
    is no sentence.
    """
    found = []
    for node, _ in shown(ast.parse(module.source), (*MARKS, *FOUND)):
        if isinstance(node, ast.JoinedStr):
            wrong = any(WORDS.search(literal(part) or "") and literal(part) not in VALUES for part in node.values)
        else:
            text = literal(node) or ""
            wrong = bool(WORDS.search(text) or PLACEHOLDER.search(text)) and text not in VALUES
        found += [f"{module.name}: {ast.unparse(node)}"] if wrong else []
    return found


def badly_filled(module: Module) -> list[str]:
    """Returns the findings and tasks whose message is put together, or names a value that is not given."""
    found = []
    for node in ast.walk(ast.parse(module.source)):
        if not isinstance(node, ast.Call) or called(node) not in FOUND[:-1]:
            continue
        put_together = isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
        message, given = literal(node.args[0]), {keyword.arg for keyword in node.keywords}
        named = {name for _, name, _, _ in Formatter().parse(message or "") if name is not None}
        found += (
            [f"{module.name}: {ast.unparse(node)}"] if put_together or (None not in given and named - given) else []
        )
    return found


def printed(node: ast.AST) -> Iterator[str]:
    """Yields the literal texts in an argument of a call, also those inside f-strings, conditionals and sums."""
    if isinstance(node, ast.Constant):
        yield literal(node) or ""
    parts = {ast.JoinedStr: "values", ast.FormattedValue: "value", ast.IfExp: "body orelse", ast.BinOp: "left right"}
    for name in parts.get(type(node), "").split():
        part = getattr(node, name)
        for one in part if isinstance(part, list) else [part]:
            yield from printed(one)


def printed_unmarked(module: Module) -> list[str]:
    """Returns the calls that print unmarked words. The prefix `liggare: ` needs no mark, because it is the same in
    every language.
    """
    return [
        f"{module.name}: {ast.unparse(node)}"
        for node in ast.walk(ast.parse(module.source))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in PRINTERS
        for argument in node.args
        if any(LETTER.search(text.strip("\r: ").removeprefix("liggare")) for text in printed(argument))
    ]


def badly_marked(module: Module, marks: tuple[str, ...] = MARKS) -> list[str]:
    """Returns the marks whose message is not a literal, or whose placeholders differ from the values given."""
    found = []
    for node in ast.walk(ast.parse(module.source)):
        if not isinstance(node, ast.Call) or called(node) not in marks:
            continue
        message = literal(node.args[0]) if len(node.args) == 1 else None
        given = [keyword.arg for keyword in node.keywords]
        if message is None:
            wrong = True
        elif called(node) in {"msg", "phrase"}:
            wrong = {name for _, name, _, _ in Formatter().parse(message) if name is not None} != {*given}
        else:
            wrong = not {*given} <= {"keep", "right"}
        found += [f"{module.name}: {ast.unparse(node)}"] if wrong else []
    return found


NOT_READ = {  # sentences in the code of commands that are recorded, typed, looked for, or read by programs
    "--as or LIGGARE_ACTOR",
    "entry 1",
    "list of",
    "--as sala-reg --out",
    "liggare import",
    "liggare record --signed",
    "ssh-keygen -Y sign -n",
    "-f KEY",
    "write in",
    "field limit",
    "expected after",
    "unexpected end of data",
    "not plain",
    "in whole öre",
    "replaced by the row of an import that says otherwise",
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}\S*",
}


def sentences(module: Module) -> Iterator[str]:
    """Yields each sentence in the code of a command, without `liggare: ` before it; of an f-string, its parts."""
    for node, _ in shown(ast.parse(module.source)):
        for part in node.values if isinstance(node, ast.JoinedStr) else [node]:
            text = cleandoc(literal(part) or "").removeprefix("liggare: ").strip()
            if " " in text and SENTENCE.search(text):
                yield text


@pytest.fixture(scope="module")
def catalogued() -> set[object]:
    """Every text that a catalogue translates: marked messages, and the texts of help."""
    return {message for message, _, _ in texts()}


def test_every_sentence_of_a_command_is_catalogued(catalogued: set[object]) -> None:
    commands = [module for module in COMMANDS if not module.name.startswith(("cli.story", "cli.shells"))]
    found = {text for module in commands for text in sentences(module)} - catalogued

    assert found == NOT_READ


def test_the_story_is_told_in_catalogued_sentences(catalogued: set[object]) -> None:
    """So is a command that looks for words of an answer, because the words change with the language."""
    assert {step.why for step in STORY} <= catalogued
    assert {step.typed for step in STORY if "grep" in step.typed} <= catalogued


def test_every_text_is_marked() -> None:
    assert [fault for module in PRESENTATION for fault in unmarked(module)] == []


def test_every_message_is_a_literal_with_the_values_that_it_names() -> None:
    assert [fault for module in modules("presentation") for fault in badly_marked(module)] == []
    assert [fault for module in COMMANDS for fault in badly_marked(module, ("msg", "marked"))] == []


def test_every_text_of_a_rule_or_a_projection_is_marked() -> None:
    marks = ("msg", "marked", "phrase")

    assert [fault for module in RULES for fault in unmarked_in_rules(module)] == []
    assert [fault for module in RULES for fault in [*badly_marked(module, marks), *badly_filled(module)]] == []


@pytest.mark.parametrize(
    "source",
    [
        'message = "{party} is late"',
        'message = "{party}: {day}"',
        'message += "; reservations by {reserved:who}"',
        'said = f"{person} of {party}"',
        'LATE = {"late": "paid late"}',
        'raise ValueError(f"{given!r} is not a day")',
    ],
)
def test_an_unmarked_text_in_a_rule_is_seen(source: str) -> None:
    assert unmarked_in_rules(Module("ledger.rules.seats", source))


def test_a_finding_without_the_values_that_it_names_is_seen() -> None:
    assert badly_filled(Module("ledger.rules.seats", 'breach("{party} is late", day=day)'))
    assert badly_filled(Module("ledger.rules.seats", 'breach(f"paid by {party}", party=party)'))
    assert not badly_filled(Module("ledger.rules.seats", 'breach("{party} is late", **values)'))


def test_commands_print_marked_texts() -> None:
    assert [fault for module in COMMANDS for fault in printed_unmarked(module)] == []


@pytest.mark.parametrize(
    "source",
    ['click.echo("done")', 'click.echo(f"entry {entry} done")', '_say("a" if lost else "b")', 'show(f"{who}, given")'],
)
def test_an_unmarked_text_that_is_printed_is_seen(source: str) -> None:
    assert printed_unmarked(Module("cli.commands.verify", source))
    assert not printed_unmarked(Module("cli.commands.verify", "click.echo(f\"liggare: {msg('done')}\", err=True)"))


@pytest.mark.parametrize(
    "source",
    [
        'parts.append(f"Level {level}")',
        'said = f"{party} by {days}"',
        'said = msg("{said}", said=f"of {year}")',
        'said = "not paid"',
        'said = "; due " + day',
        'TABLE = {"paid": "Paid"}',
        'parts += ["none"]',
        'title("costs")',
        'in_role("vacant", "open")',
        'rows.append(("together in all", amount))',
    ],
)
def test_an_unmarked_text_is_seen(source: str) -> None:
    assert unmarked(Module("presentation.costs.year", source))


@pytest.mark.parametrize(
    "source",
    [
        'def f():\n    """A docstring is read by whoever reads the code."""',
        'said = msg("Level {level:kr}", level=level)',
        'WHY = {"set": marked("set anew")}',
        'columns(whole("Party"), number("Paid", keep=True), rows=rows)',
        'line = f"{first} – {last} [{entries:,}] {rest:06d}"',
        'line = ", ".join(names)',
        'in_role(day, "open")',
        'status == "in-force"',
        'what.removeprefix("a ")',
        'Row = tuple["str | Words", ...]',
        'assert known, "an answer is asked for"',
    ],
)
def test_what_is_no_text_or_is_marked_may_stand(source: str) -> None:
    assert unmarked(Module("presentation.costs.year", source)) == []
    assert badly_marked(Module("presentation.costs.year", source)) == []


@pytest.mark.parametrize(
    "source",
    [
        "msg(message)",
        'msg(f"Level {level}")',
        'msg("Level " + level)',
        'msg("Level {level}")',
        'msg("Level", level=level)',
        'msg("Level {level}", level=level, year=year)',
        'msg("Level {}", level)',
        'msg("Level {level}", **values)',
        "marked(message)",
        "number(heading, keep=True)",
    ],
)
def test_a_message_that_cannot_be_extracted_is_seen(source: str) -> None:
    assert badly_marked(Module("presentation.costs.year", source))
