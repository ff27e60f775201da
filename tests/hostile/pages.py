"""Makes SQLite files whose pages form an endless tree: on each level all children of a page are one and the same page,
so that the rows at the bottom are visited hundreds of millions of times. Source: sqlite.org/fileformat.html, "B-tree
Pages".
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LEVELS = 6
INNER = {0x0A: 0x02, 0x0D: 0x05}  # type of a leaf page → type of an interior page, of an index and of a table
INDEX = 0x0A


def lead_astray(path: Path, name: str) -> None:
    """Changes the file so that reading the table or index `name` never ends. No process may have the file open
    meanwhile.
    """
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        [(root,)] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,))
        [(size,)] = connection.execute("PRAGMA page_size")
    data = path.read_bytes()
    pages = [data[at : at + size] for at in range(0, len(data), size)]
    number = root
    while pages[number - 1][0] not in INNER:
        number = int.from_bytes(pages[number - 1][8:12], "big")
    rows, above = pages[number - 1], len(pages)
    pages += [_inner(rows, above + level + 2) for level in range(LEVELS)] + [rows]
    pages[root - 1] = _inner(rows, above + 1)
    pages[0] = pages[0][:28] + len(pages).to_bytes(4, "big") + pages[0][32:]
    path.write_bytes(b"".join(pages))


def _inner(rows: bytes, child: int) -> bytes:
    """Returns a full interior page of the same table or index as the leaf page `rows`. Every child of the interior page
    is the page `child`.
    """
    cell = child.to_bytes(4, "big") + (_row(rows) if rows[0] == INDEX else b"\x01")
    many = (len(rows) - 12) // (len(cell) + 2)
    begins = [len(rows) - len(cell) * (place + 1) for place in range(many)]
    header = bytes([INNER[rows[0]], 0, 0]) + many.to_bytes(2, "big") + begins[-1].to_bytes(2, "big") + b"\0"
    top = header + child.to_bytes(4, "big") + b"".join(begin.to_bytes(2, "big") for begin in begins)
    return top.ljust(begins[-1], b"\0") + cell * many


def _row(rows: bytes) -> bytes:
    """Returns the first cell of an index page, with the byte that gives the cell's length. The cell must be shorter
    than 128 bytes.
    """
    begin = int.from_bytes(rows[8:10], "big")
    return rows[begin : begin + 1 + rows[begin]]
