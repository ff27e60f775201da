"""The sentences of errors are marked messages, so that an error can be told in another language."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from ledger import errors
from tests.presentation.test_marked import LETTER, badly_marked, literal
from tests.test_layout import Module, modules

if TYPE_CHECKING:
    from collections.abc import Iterator

FREE = ("ledger.integrity.export.verify_ledger",)  # verify_ledger runs by itself, and holds its own translations
TOP = ("book", "canonical", "encoding", "errors", "limits", "names", "profile")
LEDGER = [module for module in modules("ledger") if module.name not in FREE]
RAISING = [
    module for module in LEDGER if module.name.startswith("ledger.store.") or module.name.removeprefix("ledger.") in TOP
]
# The classes whose arguments people read. NotPermitted takes a key of FORBIDDEN, whose messages are marked.
TOLD = {"LedgerError", "OSError", "TypeError", "ValueError", "NotRising", "OperationalError"} | {
    name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, errors.LedgerError)
} - {"NotPermitted"}


def raised(module: Module) -> Iterator[str]:
    """Yields the calls of an error's class that hold a text without a mark."""
    for node in ast.walk(ast.parse(module.source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in TOLD:
            texts = [text for argument in node.args for text in bare(argument)]
            if any(LETTER.search(text) for text in texts):
                yield f"{module.name}: {ast.unparse(node)}"


def bare(node: ast.AST) -> Iterator[str]:
    """Yields the literal texts in an argument, except those in calls, which are marked messages or not texts."""
    if isinstance(node, ast.Call | ast.Subscript | ast.FormattedValue):
        return
    if (text := literal(node)) is not None:
        yield text
    for inner in ast.iter_child_nodes(node):
        yield from bare(inner)


def test_errors_are_told_in_marked_messages() -> None:
    assert [fault for module in RAISING for fault in raised(module)] == []


def test_every_message_of_the_ledger_is_a_literal_with_the_values_that_it_names() -> None:
    assert [fault for module in LEDGER for fault in badly_marked(module, ("msg", "marked"))] == []


@pytest.mark.parametrize(
    "source",
    [
        'raise Damaged(where, "it is cut off")',
        'raise Damaged(f"entry {position}", what)',
        'raise BadInput([(None, f"{path} holds no terms")])',
        'raise ValueError("it is a directory" if folder else msg("it is not a regular file"))',
        'error = psycopg.OperationalError(f"no answer for {seconds} s")',
    ],
)
def test_an_error_without_a_mark_is_seen(source: str) -> None:
    assert [*raised(Module("ledger.store.pages", source))]


@pytest.mark.parametrize(
    "source",
    [
        'raise Damaged(where, msg("entry {position} is missing", position=missing))',
        'raise NotPermitted(where, "read")',
        'raise ProgrammingError("there is nothing to append")',
        'raise LockBusy(row["seconds"])',
        'raise MayNotLast(f"{place}", what)',
    ],
)
def test_an_error_with_a_mark_or_without_a_text_may_stand(source: str) -> None:
    assert not [*raised(Module("ledger.store.pages", source))]


def test_every_lack_of_permission_has_a_message() -> None:
    """NotPermitted takes the deed that is not permitted, as a key of FORBIDDEN."""
    deeds = {
        literal(node.args[1])
        for module in (*LEDGER, *modules("cli", "recording"))
        for node in ast.walk(ast.parse(module.source))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "NotPermitted"
    }
    assert deeds == errors.FORBIDDEN.keys()
