"""`liggare verify`: whether the ledger is what was recorded."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING

import click

from cli.document import print_json
from cli.options import everywhere
from cli.text import place, visible
from ledger.errors import Damaged

if TYPE_CHECKING:
    from cli.session import Session
    from ledger.stretch import Stretch
    from ledger.verify import Verified

LARGE = 50_000  # entries from which a second process is worth its start
TAMPERED = 4
EVERY = 0.5  # seconds between two reports of progress


@click.command()
@everywhere
@click.pass_obj
def verify(_: Session, /, *, location: str, as_json: bool) -> None:
    """Checks that the ledger is what was recorded.

    Every entry against its hash, time and tags, the tree, the checkpoints and their signatures, names, documents, and
    the database's own tables and triggers. Exits 4 with every problem. It cannot see a log that was written anew as a
    whole, keys included: for that, compare with a checkpoint that others hold (liggare checkpoint --against).

    \b
    Example:  liggare verify
    """
    try:
        found = _verified(location)
    except Damaged as error:
        if as_json:
            what = {"position": None, "what": str(error)}
            print_json({"ok": False, "entries": None, "root": None, "problems": [what], "checkpoints": None})
        click.echo(f"liggare: {visible(str(error))}", err=True)
        raise click.exceptions.Exit(TAMPERED) from None
    _tell(found, place(location), as_json=as_json)
    if found.problems:
        raise click.exceptions.Exit(TAMPERED)


def _verified(location: str) -> Verified:
    from ledger.store import open_store
    from ledger.stretch import check, stretches
    from ledger.verify import verify

    with open_store(location) as store:
        head = store.head()
        (first, *others), told = stretches(head, 2 if head >= LARGE else 1), _Progress(head)
        if not others:
            return verify(store, [check(store.contents(), *first, told)])
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        with ProcessPoolExecutor(len(others), mp_context=get_context("spawn")) as pool:
            elsewhere = [pool.submit(stretch_of, location, *one) for one in others]
            parts = [check(store.contents(), *first, told)]
            parts += [one.result() for one in elsewhere]
        return verify(store, parts)


def stretch_of(location: str, after: int, until: int) -> Stretch:
    """A stretch checked in a process of its own."""
    import gc

    from ledger.store import open_store
    from ledger.stretch import check

    gc.disable()
    with open_store(location) as store:
        return check(store.contents(), after, until)


class _Progress:
    """Says on a terminal, now and then, how far the first stretch is."""

    def __init__(self, head: int) -> None:
        self._head, self._said = head, monotonic()

    def __call__(self, read: int) -> None:
        if sys.stderr.isatty() and monotonic() - self._said > EVERY:
            self._said = monotonic()
            click.echo(f"\rliggare: read {read} of {self._head} entries …", err=True, nl=False)


def _tell(found: Verified, where: str, *, as_json: bool) -> None:
    if as_json:
        problems = [{"position": position, "what": what} for position, what in found.problems]
        print_json({"ok": not problems, "entries": found.entries, "root": found.root, "problems": problems,
                    "checkpoints": found.checkpoints, "signed": found.signed})  # fmt: skip
    elif not found.problems:
        click.echo(f"{where} is what was recorded: {found.entries} entries, root {found.root}")
        click.echo(
            f"signed until entry {found.signed}, in {found.checkpoints} checkpoints; compare with one that others hold"
            if found.checkpoints
            else "no checkpoint was signed yet (liggare checkpoint): nothing shows that the whole was not written anew"
        )
    first = next((position for position, _ in found.problems if position is not None), None)
    for position, what in found.problems:
        subject = "" if position is None else f"entry {position}: "
        click.echo(f"liggare: {subject}{visible(what)}", err=True)
    if first is not None:
        click.echo(f"liggare: entry {first} is the first that is wrong; keep this ledger as evidence", err=True)
