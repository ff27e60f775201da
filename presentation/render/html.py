"""Blocks as HTML: headings, paragraphs, lists and tables, in which persons, entries and subjects are links.

Nothing here has a style: a role is a class, and the pages' style sheet decides how it looks.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import cache
from html import escape
from itertools import groupby
from secrets import choice
from typing import TYPE_CHECKING, NamedTuple

from ledger.messages import filled, marked
from presentation.blocks import Columns, Words, in_role, kind_of
from presentation.phrases import PERSON, plainly
from presentation.words import ON_A_PAGE, minus_signs, typeset, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from presentation.blocks import Column, Part

# A person within a text of blocks, from `linking` on until the text is rendered: these signs stand for no letter. What
# is recorded may hold them all the same, but not the order of the last ones, which is another in each process.
_SIGNS = range(0xFDD0, 0xFDF0)
_SECRET = "".join(chr(choice(_SIGNS[4:])) for _ in range(5))
_BEFORE, _BETWEEN, _AFTER = f"\ufdd1{_SECRET}", "\ufdd2", "\ufdd3"
_PERSON = re.compile(f"{_BEFORE}([^{_BEFORE[0]}{_BETWEEN}{_AFTER}]*){_BETWEEN}([^{_BEFORE[0]}{_AFTER}]*){_AFTER}")
_CUT = re.compile("[\ufdd0-\ufdef]")  # recorded, or left where a text was cut short in the middle of a person
_POSITIONS = re.compile(r"\d+")
_ITEM = re.compile(r"^(?:- | {2,})")
MANY, SHORT = 9, 50  # lines, and characters of a line: a list of so many, none of them longer, stands in columns
ENTRY_WORDS = marked("entry|entries")  # the words before positions, in every form that texts use


class Links(NamedTuple):
    """Where links lead: `entry` and `person` return the address of a position and of an id, `exact` that of a whole
    text, such as the name of a party, and `provision` that of a provision's name, or None for any other text. `entry`
    returns None for a position that is not in the log yet.
    """

    entry: Callable[[str], str | None]
    person: Callable[[str], str]
    exact: Callable[[str], str | None]
    provision: Callable[[str], str | None]


@contextmanager
def linking() -> Iterator[None]:
    """Makes blocks, within the `with` block, whose persons become links when the blocks are rendered."""
    person = PERSON.set(lambda person, name: f"{_BEFORE}{person}{_BETWEEN}{name or plainly(person, name)}{_AFTER}")
    page = ON_A_PAGE.set(True)
    try:
        yield
    finally:
        PERSON.reset(person)
        ON_A_PAGE.reset(page)


def head_and_rest(parts: Sequence[Part]) -> tuple[str, list[Part]]:
    """Returns the text of the blocks' title, or of their first line, and the other blocks. The text is empty if the
    blocks begin with a table.
    """
    if not parts or isinstance(parts[0], Columns):
        return "", [*parts]
    return unlinked(str(parts[0])), [*parts[1:]]


def unlinked(text: str) -> str:
    """Returns a text of blocks without links, for a place where no HTML may stand."""
    return _CUT.sub("", _PERSON.sub(r"\2", minus_signs(visible(text))))


def html_of(parts: Iterable[Part], links: Links, *, level: int = 2) -> str:
    """Returns the blocks as HTML. Titles become headings of the given level."""
    found = []
    for kind, group in groupby(parts, key=kind_of):
        if kind == "table":
            found += [_table(one, links) for one in group if isinstance(one, Columns)]
        elif kind == "title":
            found += [f"<h{level}>{_text(_words(one), links, plain=True)}</h{level}>" for one in group]
        elif kind == "line":
            found.append(_lines([_words(one) for one in group], links))
    return "\n".join(found)


def _words(part: Part) -> Words:
    assert not isinstance(part, Columns), "tables are rendered apart"
    return in_role(part, "") if isinstance(part, str) else part


def _lines(lines: Sequence[Words], links: Links) -> str:
    """Returns one line as a paragraph, and several as a list: many short ones as a list for several columns."""
    if len(lines) == 1 and not _ITEM.match(str(lines[0])):
        return f"<p>{_text(lines[0], links)}</p>"
    short = len(lines) >= MANY and all(len(str(one)) <= SHORT for one in lines)
    items = "".join(f"<li>{_text(one, links)}</li>" for one in lines)
    return f'<ul class="lines{" short" if short else ""}">{items}</ul>'


def _table(table: Columns, links: Links) -> str:
    if not any(column.heading for column in table.columns):
        return _list(table, links)
    heads = "".join(
        f'<th scope="col"{_class(one)}>{escape(one.heading)}</th>' if one.heading else "<td></td>"
        for one in table.columns
    )
    named = escape(next(one.heading for one in table.columns if one.heading))  # what can be scrolled by key has a name
    inside = f"<table><thead><tr>{heads}</tr></thead>{''.join(_bodies(table, links))}</table>"
    return f'<div class="table" tabindex="0" role="group" aria-label="{named}">{inside}</div>'


def _bodies(table: Columns, links: Links) -> Iterator[str]:
    """Yields the bodies of a table: a new one begins at each row whose first cell alone has a value."""
    rows: list[str] = []
    for row in table.rows:
        if str(row[0]) and not any(map(str, row[1:])):
            if rows:
                yield f"<tbody>{''.join(rows)}</tbody>"
            text = _text(row[0], links, plain=True)
            rows = [f'<tr class="group"><th scope="rowgroup" colspan="{len(row)}">{text}</th></tr>']
        else:
            rows.append(f"<tr>{''.join(_cells(row, table.columns, links))}</tr>")
    yield f"<tbody>{''.join(rows)}</tbody>"


def _cells(row: Sequence[Words], columns: Sequence[Column], links: Links) -> Iterator[str]:
    for place, (cell, column) in enumerate(zip(row, columns, strict=True)):
        if column.entries:
            text = _positions(str(cell), links)
        else:
            text = _text(cell, links._replace(exact=links.provision) if column.provisions else links)
        if place == 0 and text:
            yield f'<th scope="row"{_class(column)}>{text}</th>'
        else:
            yield f"<td{_class(column)}>{text}</td>"


def _class(column: Column) -> str:
    names = [
        *(["entry"] if column.entries else []),
        *(["number"] if column.right else []),
        *(["whole"] if column.whole else []),
    ]
    return f' class="{" ".join(names)}"' if names else ""


def _list(table: Columns, links: Links) -> str:
    """Returns a table without headings as a list, in which the cells of a row follow one another.

    If the first row begins with a value, a row that does not goes on with the row above.
    """
    goes_on = bool(table.rows) and bool(str(table.rows[0][0]))
    items: list[list[str]] = []
    for row in table.rows:
        cells = [_text(cell, links, positions=place == 0) for place, cell in enumerate(row) if str(cell).strip()]
        line = " ".join(f"<span>{cell}</span>" for cell in cells)
        if goes_on and not str(row[0]):
            items[-1].append(line)
        else:
            items.append([line])
    told = "".join("<li>" + "<br>".join(lines) + "</li>" for lines in items)
    return f'<ul class="rows">{told}</ul>'


def _text(words: Words, links: Links, *, plain: bool = False, positions: bool = False) -> str:
    """Returns words with their roles as classes. `plain` leaves out the role of titles. A text that is a position
    alone is a link to its entry if `positions` is true.
    """
    found: list[str] = []
    for text, role in words.runs:
        stripped = _ITEM.sub("", text.strip())
        if positions and stripped.isdecimal():
            linked = _positions(stripped, links)
        elif stripped and (address := links.exact(stripped)):
            linked = f'<a href="{escape(address)}">{escape(stripped)}</a>'
        else:
            linked = _linked(text if found else _ITEM.sub("", text), links)
        tag = "s" if role == "struck" else "strong" if role == "title" else "span"
        found.append(linked if not role or (plain and role == "title") else f'<{tag} class="{role}">{linked}</{tag}>')
    return "".join(found).strip()


def _linked(text: str, links: Links) -> str:
    """Returns a text as HTML in which persons, and the positions of entries, are links."""
    found, last, text = [], 0, escape(text)
    for one in _PERSON.finditer(text):
        found += [_unnamed(text[last : one.start()], links), f'<a href="{escape(links.person(one[1]))}">{one[2]}</a>']
        last = one.end()
    return _CUT.sub("", "".join([*found, _unnamed(text[last:], links)])).replace("\n", "<br>")


def _unnamed(text: str, links: Links) -> str:
    """Returns HTML without persons, in which the positions of entries are links."""
    text = _entry_pattern(filled(ENTRY_WORDS, {})).sub(lambda found: f"{found[1]}{_positions(found[2], links)}", text)
    return typeset(text)


@cache
def _entry_pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"(\b(?:{words}) )(\d+(?:(?:, | \w+ )\d+)*)\b")


def _positions(text: str, links: Links) -> str:
    def linked(found: re.Match[str]) -> str:
        address = links.entry(found[0])
        return found[0] if address is None else f'<a href="{escape(address)}">{found[0]}</a>'

    return _POSITIONS.sub(linked, escape(text))
