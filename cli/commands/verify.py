"""`liggare verify`: checks that the ledger is what was recorded."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from cli.checkpoint_files import key_given, note_at
from cli.keys import key_file, key_path, vkey_option
from cli.options import everywhere
from cli.places import place
from cli.printing import print_json
from ledger.errors import Damaged
from ledger.messages import msg
from presentation.language import current, speaking
from presentation.words import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.session import Session
    from ledger.integrity.ranges import Checked
    from ledger.integrity.verify import Verified
    from ledger.proof.note import Verifier

LARGE = 50_000  # with fewer entries for each process, starting one more takes longer than it saves
TAMPERED = 4
EVERY = 0.5  # seconds between two lines of progress


@click.command()
@click.option("--against", type=click.Path(path_type=Path), metavar="FILE",
              help="A checkpoint or receipt that somebody else has kept.")  # fmt: skip
@vkey_option
@key_file
@everywhere
@click.pass_obj
def verify(
    session: Session, /, *, against: Path | None, vkey: str | None, key_file: Path | None, location: str, as_json: bool
) -> None:
    """Checks that the ledger is what was recorded.

    Checks every entry against its hash, time and tags; the signatures of acts; the tree; the checkpoints and their
    signatures; names and documents; the database's own tables and triggers; and, if it can be read, the record of what
    the key signed last. Lists every problem and exits 4 if there are any.

    It cannot detect a log that was rewritten as a whole, with its keys and its record. To detect that, compare with a
    checkpoint that others hold (--against), or with the public key that you were given (--vkey).

    \b
    Example:  liggare verify
              liggare verify --against minutes-2025-02.checkpoint
    """
    note = note_at(against, "--against") if against else None
    try:
        place_of_key = key_path(location, key_file)
        found, last = _verified(location, place_of_key, None if vkey is None else key_given(vkey), note)
    except Damaged as error:
        if as_json:
            what = {"position": None, "what": str(error)}
            unknown = dict.fromkeys(("signed", "signers_record", "vkey", "lost_keys", "restored"))
            nothing = {"ok": False, "entries": None, "root": None, "problems": [what], "checkpoints": None}
            print_json(nothing | unknown)
        click.echo(f"liggare: {visible(str(error))}", err=True)
        raise click.exceptions.Exit(TAMPERED) from None
    _tell(found, [one.english() for one in session.astray(last)], place(location), as_json=as_json)
    if found.problems:
        raise click.exceptions.Exit(TAMPERED)


def _verified(location: str, place: Path, vkey: Verifier | None, note: str | None) -> tuple[Verified, str]:
    """Returns the result of the check, and the time at which the last entry was recorded, as the entry states it."""
    from ledger.integrity.ranges import check_range, last_to_read, ranges
    from ledger.integrity.verify import Held, verify
    from ledger.store import open_store

    held = Held(place=place, vkey=vkey, note=note)
    with open_store(location) as store:
        head = last_to_read(store)
        (first, *others), told = ranges(head, processes(head)), _Progress(head)
        if not others:
            part = check_range(store.contents(), *first, told)
            return verify(store, [part], held), part.ends
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        with ProcessPoolExecutor(len(others), mp_context=get_context("spawn")) as pool:
            elsewhere = [pool.submit(stretch_of, location, *one, current()) for one in others]
            parts = [check_range(store.contents(), *first, told)]
            parts += [one.result() for one in elsewhere]
        return verify(store, parts, held), parts[-1].ends


def processes(head: int) -> int:
    """Returns the number of processes that check `head` entries: at most as many as there are processors to use."""
    return max(1, min(_processors(), head // LARGE))


def _processors() -> int:
    allowed = getattr(os, "sched_getaffinity", None)  # missing on macOS
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def stretch_of(location: str, after: int, until: int, language: str) -> Checked:
    """Returns the result of checking the entries after `after`, up to `until`, with the problems in a language.

    Runs in a process of its own.
    """
    import gc

    from ledger.integrity.ranges import check_range
    from ledger.store import open_store

    gc.disable()
    with speaking(language), open_store(location) as store:
        return check_range(store.contents(), after, until)


class _Progress:
    """Prints on a terminal, at intervals, how many entries this process has checked. Entries that other processes check
    are not counted.
    """

    def __init__(self, head: int) -> None:
        self._head, self._said = head, monotonic()

    def __call__(self, read: int) -> None:
        if sys.stderr.isatty() and monotonic() - self._said > EVERY:
            self._said = monotonic()
            far = msg("read {read} of {head:entry|entries} …", read=read, head=self._head)
            click.echo(f"\rliggare: {far}", err=True, nl=False)


def _tell(found: Verified, warnings: list[str], where: str, *, as_json: bool) -> None:
    if as_json:
        print_json(_document(found) | {"warnings": warnings})
    elif not found.problems:
        for line in _reports(found, where):
            click.echo(line)
    first = next((position for position, _ in found.problems if position is not None), None)
    for position, problem in found.problems:
        what = visible(problem)
        said = what if position is None else msg("entry {entry}: {what}", entry=position, what=what)
        click.echo(f"liggare: {said}", err=True)
    if first is not None:
        worst = msg("entry {entry} is the first that is wrong; keep this ledger as evidence", entry=first)
        click.echo(f"liggare: {worst}", err=True)


def _document(found: Verified) -> dict[str, object]:
    return {
        "ok": not found.problems,
        "entries": found.entries,
        "root": found.root,
        "problems": [{"position": position, "what": what} for position, what in found.problems],
        "checkpoints": found.checkpoints,
        "signed": found.signed,
        "signers_record": found.record,
        "vkey": found.vkey,
        "lost_keys": [{"position": position, "vkey": vkey} for position, vkey in found.lost_keys],
        "restored": [
            {"position": position, "restored_from": kept, "lost_size": size} for position, kept, size in found.restored
        ],
    }


def _reports(found: Verified, where: str) -> Iterator[str]:
    """Yields lines for people about a ledger without problems: what the check shows, and the ledger's weak points."""
    yield msg(
        "{ledger} is what was recorded: {entries:entry|entries}, root {root}",
        ledger=where, entries=found.entries, root=found.root,
    )  # fmt: skip
    if found.checkpoints:
        yield msg(
            "signed up to entry {entry}, in {checkpoints:checkpoint|checkpoints}; compare with one that others hold",
            entry=found.signed, checkpoints=found.checkpoints,
        )  # fmt: skip
    else:
        yield msg(
            "no checkpoint is signed yet (liggare checkpoint): nothing shows that the log was not rewritten as a whole"
        )
    if found.vkey:
        yield msg("the public key that signs for it: {vkey}", vkey=visible(found.vkey))
    if found.record is None:
        yield msg("not compared with the signer's record: the record and its key cannot be read here")
    else:
        yield msg("it extends the signer's record, of {size:entry|entries}", size=found.record)
    for position, vkey in found.lost_keys:
        yield msg(
            "entry {entry} replaces a lost signing key by {vkey}",
            entry=position, vkey=visible(vkey),
        )  # fmt: skip
    for position, kept, size in found.restored:
        yield msg(
            "entry {entry} says that the ledger was restored: of {size:entry|entries} that had been signed, those up to"
            " entry {kept} are known to be here",
            entry=position, size=size, kept=kept,
        )  # fmt: skip
