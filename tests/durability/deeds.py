"""Lists the commands that write files, and checks a folder in which a command was killed, its disk failed, or the power
was cut.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.store import open_store
from tests.desk import at_a_desk, event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.desk import Desk

OLDER = Path(__file__).parents[1] / "store" / "schema-1.ledger"
LEDGER, KEY = "liggare.db", "K1"
SEMINAR = ("--on", "2024-05-02", "--organ", "official", "--kind", "seminar", "--title", "S", "--place", "Sala",
           "--organisers", "sala")  # fmt: skip
IMPORTED = 40
VKEY = "the ledger's"  # VKEY is a placeholder in `args` for the ledger's verifier key


class Deed(NamedTuple):
    """A command, the number of entries that the command adds, and the name of the file that it makes. This file must be
    complete as soon as it exists.
    """

    given: str  # the name of the folder in which the command starts, as in `_folders`
    args: tuple[str, ...]
    adds: int = 0
    makes: str = ""
    check: tuple[str, ...] = ()  # another command, which checks that the new file is complete
    signs: bool = True  # whether a checkpoint can be signed right before and right after the command


DEEDS = {
    "init": Deed("nothing", ("init",), makes=LEDGER, check=("verify",)),
    "record": Deed("a ledger", ("record", "activity-held", *SEMINAR, "--key", KEY), adds=1),
    "record --receipt": Deed("a ledger", ("record", "activity-held", *SEMINAR, "--key", KEY, "--receipt", "r.proof"),
                             adds=1, makes="r.proof", check=("audit", "r.proof", "--vkey", VKEY)),
    "import": Deed("a ledger", ("import", "many.jsonl", "--key", KEY), adds=IMPORTED),
    "dispose": Deed("a ledger", ("dispose", "p1", "--decision", "D", "--key", KEY), adds=1),
    "rotate-key": Deed("a ledger", ("rotate-key", "--key", KEY), adds=1),
    "rotate-key --lost": Deed("a ledger without its key", ("rotate-key", "--lost", "--key", KEY), adds=1),
    "checkpoint": Deed("a ledger", ("checkpoint",)),
    "checkpoint --after-restore": Deed("a restored ledger", ("checkpoint", "--after-restore", "kept", "--yes-lost", "1",
                                       "--key", KEY), adds=1, signs=False),
    "prove --receipt": Deed("a ledger", ("prove", "2", "--receipt", "r.proof"), makes="r.proof",
                            check=("audit", "r.proof", "--vkey", VKEY)),
    "export": Deed("a ledger", ("export", "elsewhere/x"), makes="elsewhere/x", check=("audit", "elsewhere/x")),
    "backup": Deed("a ledger", ("backup", "elsewhere/x.db"), makes="elsewhere/x.db",
                   check=("verify", "--ledger", "elsewhere/x.db")),
    "copy": Deed("a ledger", ("copy", LEDGER, "elsewhere/x.db"), makes="elsewhere/x.db",
                 check=("verify", "--ledger", "elsewhere/x.db")),
    "import --log": Deed("an export", ("import", "--log", "x", "--ledger", "made.db"), makes="made.db",
                         check=("verify", "--ledger", "made.db")),
    "upgrade": Deed("an older ledger", ("upgrade",), makes=f"{LEDGER}.schema-1"),
}  # fmt: skip


class Given(NamedTuple):
    """A folder in which a deed starts, the entries of the folder's ledger, and the disclosure of the name that the deed
    `dispose` erases.
    """

    folder: Path
    entries: list[bytes]
    secret: str


def begun(root: Path) -> dict[str, Given]:
    """Makes the folders in which the deeds start, and returns them by name."""
    found = _folders(root)
    with open_store(str(found["a ledger"] / LEDGER)) as store:
        secret = store.disclosures()[3]
    recorded = entries(found["a ledger"])
    none = ("nothing", "an older ledger")
    return {name: Given(folder, [] if name in none else recorded, secret) for name, folder in found.items()}


def _folders(root: Path) -> dict[str, Path]:
    names = {deed.given for deed in DEEDS.values()}
    found = {name: root / name.replace(" ", "-") for name in names}
    found["nothing"].mkdir()
    found["an older ledger"].mkdir()
    shutil.copy(OLDER, found["an older ledger"] / LEDGER)
    found["a ledger"].mkdir()
    with at_a_desk(found["a ledger"]) as desk:
        desk.does("init")
        persons = [
            event("person-registered", "2023", "secretariat", person=f"p{number}", name=name)
            for number, name in enumerate(("Kvarstående", "Gallrad", "Kvarvarande"))
        ]
        desk.does("import", desk.writes("persons.jsonl", persons))
        desk.does("checkpoint")
        desk.does("record", "activity-held", *SEMINAR)
        Path("persons.jsonl").unlink()
        Path("elsewhere").mkdir()
        held = {"kind": "seminar", "place": "Sala", "organisers": ["sala"]}
        desk.writes("many.jsonl", [event("activity-held", "2024-05-02", "official", title=f"S {number}", **held)
                                   for number in range(IMPORTED)])  # fmt: skip
    shutil.copytree(found["a ledger"], found["an export"])
    with at_a_desk(found["an export"]) as desk:
        desk.does("export", "x")
    shutil.copytree(found["a ledger"], found["a ledger without its key"])
    (found["a ledger without its key"] / f"{LEDGER}.key").unlink()
    shutil.copytree(found["a ledger"], found["a restored ledger"])
    with at_a_desk(found["a restored ledger"]) as desk:
        Path("kept").write_text(desk.does("checkpoint").out, "utf-8")
        desk.does("backup", "copy.db")
        desk.does("record", "activity-held", *SEMINAR)
        desk.does("checkpoint")
        Path("copy.db").replace(LEDGER)
    return found


def entries(folder: Path) -> list[bytes]:
    """Returns the stored bytes of every entry of the ledger in a folder."""
    with open_store(str(folder / LEDGER), timeout=1.0) as store:
        return [row.event.data for row in store.read()]


def faults_of(name: str, folder: Path, before: Given, *, claimed: bool) -> list[str]:
    """Returns the faults in a folder in which the deed was started: lost data, partial data, or later commands that
    fail. If `claimed` is true, the deed's command reported success, so its effects must be there.
    """
    deed = DEEDS[name]
    with at_a_desk(folder) as desk:
        # The ledger's recording times are by the real clock, so the desk's clock must show the real time.
        desk.now = datetime.now(UTC)
        return [*_as_found(deed, desk, before, claimed=claimed), *_gone_on(deed, desk, before)]


def _as_found(deed: Deed, desk: Desk, before: Given, *, claimed: bool) -> Iterator[str]:
    there = (desk.folder / deed.makes).exists()
    if claimed and deed.makes and not there:
        yield f"{deed.makes} is not there, and was said to be"
    if there and deed.check:
        yield from _ends_well(desk, *deed.check)
    if claimed and deed.signs:
        yield from _ends_well(desk, "checkpoint")
    if before.entries:
        yield from _kept(deed, desk, before, claimed=claimed)
    elif claimed:
        yield from _ends_well(desk, "verify")


def _kept(deed: Deed, desk: Desk, before: Given, *, claimed: bool) -> Iterator[str]:
    if (claimed or deed.signs) and (done := desk("verify")).code:
        yield f"verify ends with {done.code}: {done.err.strip()}"
        return
    now = entries(desk.folder)
    if now[: len(before.entries)] != before.entries:
        yield "an entry that was there before is lost"
    if len(now) - len(before.entries) not in {0, deed.adds}:
        yield f"{len(now) - len(before.entries)} of {deed.adds} entries are recorded"
    if claimed and len(now) - len(before.entries) != deed.adds:
        yield "what was said to be recorded is not"
    if claimed and deed.args[0] == "dispose":
        yield from (f"the name is in {place}" for place in _holding(desk.folder, before.secret))


def _gone_on(deed: Deed, desk: Desk, before: Given) -> Iterator[str]:
    """Runs the deed's command again, then other commands, and yields the faults."""
    again = desk(*deed.args)
    there = bool(deed.makes) and (desk.folder / deed.makes).exists() and "already there" in again.err
    later = not deed.signs and "it can be signed from entry" in again.err
    if again.code and not (there or later):
        yield f"the same again ends with {again.code}: {again.err.strip()}"
        return
    if deed.check:
        yield from _ends_well(desk, *deed.check)
    if before.entries:
        yield from _ends_well(desk, "record", "activity-held", *SEMINAR)
    yield from _ends_well(desk, "checkpoint")
    yield from _ends_well(desk, "prove", "1", "--receipt", "last.proof")
    yield from _ends_well(desk, "verify")
    if before.entries:
        if len(entries(desk.folder)) != len(before.entries) + deed.adds + 1:
            yield "the same again records it twice, or not at all"
        if deed.args[0] == "dispose":
            yield from (f"the name is in {place}" for place in _holding(desk.folder, before.secret))
        else:
            yield from _ends_well(desk, "dispose", "p2", "--decision", "D")
    yield from (f"{path.name} is left" for path in desk.folder.rglob("*") if ".building" in path.name)


def _ends_well(desk: Desk, *args: str) -> Iterator[str]:
    filled = [_vkey(desk.folder) if arg is VKEY else arg for arg in args]
    if (done := desk(*filled)).code:
        yield f"then {' '.join(args)} ends with {done.code}: {done.err.strip()}"


def _vkey(folder: Path) -> str:
    with open_store(str(folder / LEDGER), timeout=1.0) as store:
        return store.public_key


def _holding(folder: Path, text: str) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.relative_to(folder).as_posix() for path in files if text.encode() in path.read_bytes()]


@contextmanager
def copied(given: Path, to: Path) -> Iterator[Path]:
    """Copies a folder for the time of a block, and removes the copy afterwards."""
    shutil.copytree(given, to, symlinks=True)
    try:
        yield to
    finally:
        shutil.rmtree(to)
