"""What the checks of a log, of an export and of a proof find is told in marked messages."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from tests.presentation.test_marked import badly_marked, literal, shown
from tests.test_layout import Module, modules

if TYPE_CHECKING:
    from collections.abc import Iterator

APART = "ledger.integrity.export.verify_ledger"  # runs by itself, and holds its own translations
CHECKS = [
    module
    for module in modules("ledger")
    if module.name.startswith(("ledger.integrity.", "ledger.proof.")) and module.name != APART
]
WORDS = re.compile(r"[^\W\d_]{2}[,;:.]? [^\W\d_]|^[^\W\d_]+ $|^[,;:.]? [^\W\d_]{2}")


def unmarked(module: Module) -> Iterator[str]:
    """Yields the texts of several words, or parts of such texts, that no mark surrounds."""
    for node, _ in shown(ast.parse(module.source)):
        parts = node.values if isinstance(node, ast.JoinedStr) else [node]
        if any(WORDS.search(literal(part) or "") for part in parts):
            yield f"{module.name}: {ast.unparse(node)}"


def test_what_a_check_finds_is_told_in_marked_messages() -> None:
    """Prefixes and patterns of the formats of C2SP and OpenSSH are no messages."""
    found = {fault for module in CHECKS for fault in unmarked(module)}

    assert found == {
        r"ledger.proof.note: '^(?:--?|\\N{EN DASH}) '",
        "ledger.proof.receipt: 'extra '",
        "ledger.proof.receipt: 'index '",
        "ledger.proof.receipt: f'extra {base64_of(receipt.extra)}'",
        "ledger.proof.receipt: f'index {receipt.index}'",
        "ledger.proof.ssh: '-----BEGIN SSH SIGNATURE-----'",
        "ledger.proof.ssh: '-----END SSH SIGNATURE-----'",
    }


def test_every_message_of_a_check_is_a_literal_with_the_values_that_it_names() -> None:
    assert [fault for module in CHECKS for fault in badly_marked(module, ("msg", "marked"))] == []


@pytest.mark.parametrize(
    "source",
    [
        'found.tell(position, "it is missing")',
        'yield Problem(None, f"level {level} has {count}")',
        'raise Tampered(f"{problem}; nothing was signed")',
        'what = f"{sentence}, which was lost"',
        'raise Damaged(f"entry {position}", what)',
    ],
)
def test_a_text_without_a_mark_is_seen(source: str) -> None:
    assert [*unmarked(Module("ledger.integrity.verify", source))]


@pytest.mark.parametrize(
    "source",
    [
        'found.tell(position, msg("it is missing"))',
        'assert held, "an export is held"',
        'path = beside(place, f".signed.{size}")',
        'names = tuple(f"{one.name} {one.id.hex()}" for one in lines)',
    ],
)
def test_a_text_with_a_mark_or_without_words_may_stand(source: str) -> None:
    assert not [*unmarked(Module("ledger.integrity.verify", source))]
