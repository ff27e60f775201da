"""`liggare archive DIR`: writes the ledger, with papers, as a package for an e-archive, from which it is restored."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cli.addressed import SWEDISH
from cli.keys import key_file, key_path
from cli.options import everywhere
from cli.printing import holds, print_json
from cli.question import asking_of, warn
from cli.replays import facts_of, replaying
from ledger.errors import BadInput
from ledger.messages import msg
from presentation.program import program_version
from presentation.words import visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from cli.session import Session
    from exchange.archive import Made
    from ledger.book import Ledger
    from ledger.timeline import Timeline


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--public", is_flag=True, help="Leave out the names of persons, and the papers, which hold names.")
@click.option("--no-papers", is_flag=True, help="Leave out the papers.")
@replaying
@key_file
@everywhere
@click.pass_obj
def archive(session: Session, /, *, folder: Path, public: bool, no_papers: bool, replay: bool | None,
            key_file: Path | None, location: str, as_json: bool) -> None:  # fmt: skip
    """Writes the ledger as a package for an e-archive.

    The package follows FGS Paketstruktur 2.0 (E-ARK CSIP and SIP 2.1.0), with METS and PREMIS. It holds an export with
    verify_ledger.py, the entries as lines of text, and papers as PDF/A: the register of elected representatives, the
    report of each year, the minutes of each meeting held, and the settlement if there is one. Its texts are in Swedish,
    and documentation/LASMIG.txt tells an archivist how to check and restore it. DIR must be new or empty; its name is
    that of the package.

    If there are entries after the last checkpoint, a checkpoint is signed first. On the same day, the same ledger gives
    the same package.

    \b
    Example:  liggare archive liggare-2026
              liggare audit liggare-2026
              liggare import --log liggare-2026 --ledger restored.db
    """
    from exchange.archive import name_of
    from ledger.integrity.export.folder import appearing

    place = folder.absolute()
    name = name_of(place)
    with (
        session.ledger(location) as ledger,
        appearing(place, ledger.store.permissions, ledger.store.home) as building,
    ):
        session.log(msg("writing {folder}", folder=str(folder)))
        note = _note(ledger, key_path(location, key_file))
        parts = _Parts(name, note, replay=replay, public=public, papers=not (public or no_papers))
        about = _made(session, ledger, building, parts)
        unsigned = ledger.store.head() - about["entries"]
    session.done = msg("{place} is made", place=str(folder))
    if as_json:
        print_json({"folder": str(folder), "package": name, "checkpoint": note, "not_signed": unsigned, **about})
        return
    if unsigned:
        later = msg(
            "not signed yet, and so not in the package: {entries:entry|entries}; run liggare checkpoint",
            entries=unsigned,
        )
        click.echo(f"liggare: {later}", err=True)
    click.echo(holds(visible(str(folder)), about["entries"], about["root"]))
    click.echo(msg("check it with: liggare audit {folder}", folder=visible(str(folder))))


class _Parts(NamedTuple):
    """What is asked of a package: its name, the checkpoint in `note`, and what is left out."""

    name: str
    note: str
    replay: bool | None
    public: bool
    papers: bool


def _note(ledger: Ledger, key: Path) -> str:
    """Returns a checkpoint, signed now if none covers every entry. Raises BadInput for a ledger without entries."""
    from ledger.integrity.signing import note_to_prove_with

    if not ledger.store.head():
        raise BadInput([(None, msg("there is no entry yet that a package could be made of"))])
    return note_to_prove_with(ledger.store, key, ledger.clock())


def _made(session: Session, ledger: Ledger, building: Path, parts: _Parts) -> dict[str, Any]:
    """Makes the package in a folder, and returns the fields of its export.json."""
    from exchange.archive import DATA_OF_EXPORT, Contents, pack
    from ledger.integrity.export.write import write

    store, size, on = ledger.store, int(parts.note.split("\n")[1]), session.today()
    timeline = ledger.timeline(size)
    facts = facts_of(timeline, on, session.log, replay=parts.replay)
    about = write(store, parts.note, building / DATA_OF_EXPORT, public=parts.public, facts=facts)
    papers = _papers(session, ledger, timeline, on) if parts.papers else ()
    contents = Contents(parts.name, timeline, on, about, parts.note, program_version(), has_papers=parts.papers)
    pack(building, store.permissions, contents, papers)
    return about


def _papers(session: Session, ledger: Ledger, timeline: Timeline, on: date) -> Iterator[Made]:
    """Yields each paper of the archive, in Swedish, as PDF/A."""
    from exchange.archive import Made
    from papers.archived import archived
    from papers.making import make
    from papers.paper import Ordered
    from presentation.installed import needing
    from presentation.language import made_in

    asked = asking_of(ledger, timeline, on, {}, warn)
    for kind, which in archived(asked):
        session.log(msg("making a paper: {kind} {which}", kind=kind, which=which))
        ordered = Ordered(asked, which, ledger)
        with needing("papers"):
            made = made_in(SWEDISH, partial(make, kind, ordered, "pdf"))
        yield Made(kind, which, made.data)
