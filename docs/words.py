"""Keeps the catalogues of translations in step with the texts in the code.

`make words` finds every text that people read, adds the new ones to liggare.po of each language in
presentation/locale, takes out those that are gone, and compiles the catalogues. A new text has an empty translation
until somebody writes it.
"""

from __future__ import annotations

import ast
import inspect
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from cli.commands.record import command_for, signed_act
from cli.helping import texts_of
from cli.program import program
from ledger.events import EVENTS
from ledger.events.shape import fields_of
from ledger.rules.provisions import OURS, PROVISIONS
from presentation.language import DOMAIN, LOCALE
from presentation.terms import sets
from recording.fields import meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PACKAGES = ("ledger", "projections", "presentation", "recording", "papers", "exchange", "web", "cli")
APART = "verify_ledger.py"  # runs by itself, and holds its own translations
# Functions whose first argument is a message, by the package that calls them: messages and rules anywhere, and columns.
MARKS = {
    "": {"msg", "marked", "phrase", "breach", "cannot_tell", "silent", "passed", "to_do", "Said"},
    "cli": {"text", "whole", "number"},
    "presentation": {"text", "whole", "number", "entries"},
    "papers": {"text", "whole", "number", "entries"},
    "exchange": {"text", "whole", "number", "entries"},
}
BEGUN = datetime(2026, 11, 27, tzinfo=UTC)  # in the headers; a fixed day, so that only texts change a catalogue


def texts() -> Iterator[tuple[str | tuple[str, ...], str, str]]:
    """Yields (message, context, place) for every text that people read; the context is "" for whole messages, and the
    name of its set for a word.
    """
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            if file.name != APART:
                found = _marked_in(file, MARKS[""] | MARKS.get(package, set()))
                yield from ((message, "", str(file.relative_to(ROOT))) for message in found)
    yield from ((message, context, place) for place, message, context in _of_commands(program, "liggare"))
    for name in EVENTS:
        yield from ((message, context, place) for place, message, context in _of_commands(command_for(name), name))
    yield from ((message, context, place) for place, message, context in _of_commands(signed_act, "record --signed"))
    yield from _of_events()
    for slug, provision in {**OURS, **PROVISIONS}.items():
        yield provision.says, "", f"provision {slug}"
        yield provision.enforced, "", f"provision {slug}"
    for name, words in sorted(sets().items()):
        yield from ((word, name, f"set {name}") for word in sorted(words))
    yield from _of_templates()
    yield from _of_click()


def _of_templates() -> Iterator[tuple[str, str, str]]:
    """Yields the messages in the templates of the pages."""
    folder, keywords = ROOT / "web" / "templates", {"msg": None}
    for file, _, message, _, _ in extract_from_dir(str(folder), [("**.*", "jinja2")], keywords=keywords):
        assert isinstance(message, str), "a message has one form"
        yield message, "", f"web/templates/{file}"


def _marked_in(file: Path, marks: set[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and node.args and _name(node.func) in marks:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value:
                yield first.value


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _of_commands(command: click.Command, path: str) -> Iterator[tuple[str, str, str]]:
    yield from ((path, message, context) for message, context in texts_of(command))
    if isinstance(command, click.Group) and path != "record":
        context = click.Context(command)
        for name in command.list_commands(context):
            if inner := command.get_command(context, name):
                yield from _of_commands(inner, name)


def _of_events() -> Iterator[tuple[str, str, str]]:
    for name, event in EVENTS.items():
        yield inspect.cleandoc(event.__doc__ or ""), "", f"event {name}"
        yield event.valid_on_is, "", f"event {name}"
        for field in fields_of(event):
            meaning = field.shape.meaning or (field.shape.item.meaning if field.shape.item else "")
            for text in dict.fromkeys((meaning, meaning_of(field.shape))):  # in the reference, and as an option
                if text:
                    yield text, "", f"event {name}, {field.name}"


def _of_click() -> Iterator[tuple[str | tuple[str, ...], str, str]]:
    """Yields click's own texts, such as `Usage:`; click looks them up by gettext."""
    for file, _, message, _, context in extract_from_dir(str(Path(click.__file__).parent), [("**.py", "python")]):
        yield message, context or "", f"click/{file}"


def template() -> Catalog:
    """Returns a catalogue of every text, without translations."""
    made = Catalog(project="liggare", charset="utf-8", creation_date=BEGUN, revision_date=BEGUN)
    for message, context, place in texts():
        made.add(message, locations=[(place, 0)], context=context or None)
    return made


def updated(source: Path) -> Catalog:
    """Returns the catalogue of a .po file with exactly the texts of the code, translated as far as the file goes."""
    with source.open("rb") as told:
        known = read_po(told, locale=source.parts[-3], domain=DOMAIN)
    known.update(template(), no_fuzzy_matching=True, update_creation_date=False)
    known.obsolete.clear()
    known.creation_date = known.revision_date = BEGUN
    return known


def written(catalogue: Catalog) -> bytes:
    """Returns a catalogue as the bytes of a .po file."""
    into = BytesIO()
    write_po(into, catalogue, width=120, sort_output=False, ignore_obsolete=True, include_lineno=False)
    return into.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """Returns a catalogue as the bytes of a .mo file."""
    into = BytesIO()
    write_mo(into, catalogue)
    return into.getvalue()


def catalogues() -> list[Path]:
    """Returns the .po file of every language."""
    return sorted(LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def main() -> None:
    """Updates and compiles every catalogue, and prints how many texts are not translated yet."""
    assert LOCALE.is_relative_to(ROOT), f"this program would change the catalogues of other sources, in {LOCALE}"
    for source in catalogues():
        now = updated(source)
        source.write_bytes(written(now))
        source.with_suffix(".mo").write_bytes(compiled(now))
        missing = sum(1 for one in now if one.id and not one.string)
        print(f"{source.relative_to(ROOT)}: {len(now)} texts, {missing} not translated")  # noqa: T201


if __name__ == "__main__":
    main()
