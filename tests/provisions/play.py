"""Plays a case: copies a ledger with the case's base, imports the acts, and asks for the provision's findings."""

from __future__ import annotations

from shutil import copy
from typing import TYPE_CHECKING, Any

from ledger.events.shape import mentions
from tests.acts import events, lines, registered
from tests.desk import at_a_desk
from tests.provisions.case import BASES, FIRST_DAY

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from ledger.events import Event
    from tests.acts import Acts
    from tests.desk import Desk, Done


def begun(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Makes a ledger for each base, and returns the paths of these ledgers by the name of the base."""
    found = {}
    for base, acts in BASES.items():
        with at_a_desk(tmp_path_factory.mktemp(base)) as desk:
            desk.does("init", "--in-force-from", FIRST_DAY)
            if acts:
                desk.does("import", desk.writes("base.jsonl", with_persons(events(acts), set())))
            found[base] = desk.folder / "liggare.db"
    return found


class Table:
    """A desk with its own copy of a ledger in which the acts of a base are recorded."""

    def __init__(self, desk: Desk, ledger: Path, base: str) -> None:
        copy(ledger, desk.folder / "liggare.db")
        self.desk, self.known = desk, named(events(BASES[base]))

    def tries(self, *acts: Acts) -> Done:
        """Imports the acts, together with registrations of the persons who are not registered yet."""
        said = events(*acts)
        done = self.desk("import", self.desk.writes("acts.jsonl", with_persons(said, self.known)), "--json")
        self.known |= named(said) if done.code == 0 else set()
        return done

    def records(self, *acts: Acts) -> int:
        """Imports acts that must be accepted, and returns the position of the last entry."""
        done = self.tries(*acts)
        assert done.code == 0, done
        return int(done.json["entries"][-1]["position"])

    def audits(self, slug: str, on: str, *args: object) -> Done:
        """Runs `findings --all` for a provision on a day. The command must exit with 0 or 1."""
        done = self.desk("findings", "--all", "--provision", slug, "--on", on, *args, "--json")
        assert done.code in {0, 1}, done
        return done

    def finds(self, slug: str, on: str, *args: object) -> list[dict[str, Any]]:
        """Returns all findings of a provision on a day, whatever their verdict."""
        found: list[dict[str, Any]] = self.audits(slug, on, *args).json["findings"]
        return found


def named(acts: list[Event]) -> set[str]:
    """Returns the ids of the persons named in the acts."""
    return {str(one.id) for event in acts for one in mentions(event) if one.shape.tag == "person"}


def with_persons(acts: list[Event], known: set[str]) -> list[dict[str, Any]]:
    """Returns import lines for the acts and for the registration of each person not in `known`."""
    return [lines(event)[0] for event in (*acts, *(registered(person) for person in sorted(named(acts) - known)))]
