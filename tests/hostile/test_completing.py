"""Shell completion reads whatever file lies in the ledger's place. Whatever the file, completion ends soon, uses little
memory, prints no error and changes nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from typing import TYPE_CHECKING

import pytest

from tests.hostile.lines import Line
from tests.hostile.pages import lead_astray
from tests.hostile.rows import changes, put
from tests.hostile.values import ENV

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.hostile.apart import Apart, Ended

pytestmark = pytest.mark.on_file

SECONDS, MEMORY = 2.0, 200 * 2**20  # limits in seconds of processor time, and in bytes
READ = (
    "entries|words|postings|names|agreement-proposed|group-created|meeting-(called|held)|"
    "person(al-data-disposed|-registered)"
)
OBJECTS = ["entries", "words", "postings", "names", "words_by_word"]
TYPED: tuple[tuple[str, ...], ...] = (
    ("dispose", ""),
    ("record", "member-appointed", "--party", ""),
    ("history", "--about", "meeting:"),
    ("history", "--about", "group:"),
    ("record", "recommendation-answered", "--recommendation", ""),
)


def ended(apart: Apart, folder: Path) -> Iterator[tuple[tuple[str, ...], Ended]]:
    """Completes the last word of each command line in `TYPED` in the folder, for bash and for fish. Yields the words
    and how the run ended.
    """
    for words in TYPED:
        before, last = ("liggare", *words[:-1]), words[-1]
        for shell, end, typed in (("bash", "\n", str(len(before))), ("fish", " ", last)):
            env = {**ENV, "COMP_WORDS": end.join((*before, last)), "COMP_CWORD": typed}
            yield words, apart.run(Line(("completion", shell, "--answer"), env, ("null", "", "")), folder)


def faults(apart: Apart, folder: Path) -> list[object]:
    """Completes each command line in `TYPED` in the folder, and returns the runs that fail, print an error, take too
    long or too much memory, and a file that was changed.
    """
    place = folder / "liggare.db"
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.stat().st_size < 2**26}
    found: list[object] = [
        (words, one)
        for words, one in ended(apart, folder)
        if (one.code, one.err) != (0, "") or one.memory > MEMORY or one.seconds > SECONDS
    ]
    after = {path.name: path.read_bytes() for path in folder.iterdir() if path.stat().st_size < 2**26}
    return found if before == after else [*found, f"{place} was changed"]


def test_a_sound_file_offers_something_for_each_word(apart: Apart, played: Path) -> None:
    assert all("," in one.out for _, one in ended(apart, played))
    assert faults(apart, played) == []


@pytest.mark.parametrize("name", OBJECTS)
@pytest.mark.parametrize("size", [None, 2**40])
def test_pages_without_an_end_are_left(apart: Apart, played: Path, tmp_path: Path, name: str, size: int | None) -> None:
    folder = tmp_path / "astray"
    folder.mkdir()
    shutil.copy(played / "liggare.db", folder)
    lead_astray(folder / "liggare.db", name)
    if size:
        os.truncate(folder / "liggare.db", size)

    assert faults(apart, folder) == []


def test_rows_of_any_kind_are_read_without_a_word(apart: Apart, played: Path, tmp_path: Path) -> None:
    folder = tmp_path / "rows"
    folder.mkdir()
    place, found, tried = folder / "liggare.db", [], 0
    read = [one for one in changes(played / "liggare.db") if re.match(rf"({READ})\b", one.what)]
    for change in read[:: 1 if os.environ.get("LIGGARE_SOAK") else 40]:
        shutil.copy(played / "liggare.db", place)
        try:
            put(place, change)
        except sqlite3.Error:
            continue
        tried += 1
        found += [(change.what, fault) for fault in faults(apart, folder)]

    assert found == []
    assert tried > 5
