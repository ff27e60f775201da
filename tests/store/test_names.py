"""None of the ledger's files contains an erased name, and no error contains a name."""

from __future__ import annotations

import sqlite3
import traceback
from typing import TYPE_CHECKING, Any

import pytest

from ledger.errors import DiskFull

from .given import driver, entry, opened

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.store.sqlite.journal import Mode


def held_in_files(place: Path, text: str) -> bool:
    """Returns whether the ledger's files contain the text. No store may be open in this process, because the store's
    POSIX locks would be dropped when this function closes a file.
    """
    files = [path for path in place.parent.iterdir() if path.name.startswith(place.name)]
    return any(text.encode() in path.read_bytes() for path in files)


@pytest.mark.parametrize("journal", ["truncate", "wal"])
def test_an_erased_name_is_in_no_file(place: Path, journal: Mode) -> None:
    live: dict[int, str] = {}
    erased = []
    with opened(place, journal=journal) as store:
        for number in range(60):
            text = f"<{number:04}>"
            position = store.append([entry("registered")], disclosures={0: text * (5, 60, 900)[number % 3]})
            live[position] = text
            if number % 5 in {1, 2, 4}:
                gone = list(live)[number * 7 % len(live)]
                erased.append(live.pop(gone))
                store.append([entry("disposed")], erase=[gone])
        assert sorted(store.disclosures()) == sorted(live)

    assert len(erased) > 20
    assert not [name for name in erased if held_in_files(place, name)]
    assert all(held_in_files(place, name) for name in live.values())


def test_without_secure_delete_the_name_would_still_be_there(place: Path) -> None:
    """The control: without SQLite's setting secure_delete, the erased name stays in the file."""
    with opened(place) as store:
        driver(store).execute("PRAGMA secure_delete = OFF")
        store.append([entry("registered")], disclosures={0: "Åsa Åström"})
        store.append([entry("disposed")], erase=[1])
    assert held_in_files(place, "Åsa Åström")


def test_an_erased_name_leaves_the_write_ahead_log_at_once(place: Path) -> None:
    with opened(place, journal="wal") as store:
        store.append([entry("registered")], disclosures={0: "Åsa Åström"})
        wal = place.with_name("liggare.db-wal")
        assert "Åsa Åström".encode() in wal.read_bytes()
        store.append([entry("disposed")], erase=[1])
        assert "Åsa Åström".encode() not in wal.read_bytes()


def test_an_error_tells_no_name(place: Path) -> None:
    name = "Åsa Åström"
    with opened(place) as store:
        pages = driver(store).execute("PRAGMA page_count").fetchone()[0]
        driver(store).execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(DiskFull) as caught:
            store.append([entry("registered")], disclosures={0: name * 5_000})
    assert name not in "".join(traceback.format_exception(caught.value))


def test_an_error_of_ours_tells_no_name_either(place: Path) -> None:
    nonsense: Any = ["Åsa Åström"]
    with opened(place) as store, pytest.raises(sqlite3.Error) as caught:
        store.append([entry("registered")], disclosures={0: nonsense})
    assert nonsense[0] not in str(caught.value)
