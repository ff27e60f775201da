"""`liggare export DIR`: writes the ledger as a folder that anyone can check and replay, with or without
this program.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.keys import key_file, key_path
from cli.options import everywhere
from cli.printing import holds, print_json
from cli.replays import facts_of, replaying
from ledger.messages import msg
from presentation.words import visible

if TYPE_CHECKING:
    from cli.session import Session


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--public", is_flag=True, help="Leave out the names of persons.")
@replaying
@key_file
@everywhere
@click.pass_obj
def export(session: Session, /, *, folder: Path, public: bool, replay: bool | None, key_file: Path | None,
           location: str, as_json: bool) -> None:  # fmt: skip
    """Writes the ledger as a folder for auditors.

    Writes the log as C2SP tlog-tiles, every checkpoint, names, documents, and verify_ledger.py, which checks everything
    without this program. If there are entries after the last checkpoint, a checkpoint is signed first. DIR must be new
    or empty.

    \b
    Example:  liggare export /media/usb/liggare-2024
              liggare export --public www/ledger
    """
    from ledger.integrity.export.folder import appearing
    from ledger.integrity.export.write import write
    from ledger.integrity.signing import note_to_prove_with

    with (
        session.ledger(location) as ledger,
        appearing(folder.absolute(), ledger.store.permissions, ledger.store.home) as building,
    ):
        store = ledger.store
        note = note_to_prove_with(store, key_path(location, key_file), ledger.clock())
        session.log(msg("writing {folder}", folder=str(folder)))
        size = int(note.split("\n")[1])
        facts = facts_of(ledger.timeline(size), session.today(), session.log, replay=replay)
        about = write(store, note, building, public=public, facts=facts)
        unsigned = store.head() - size
    session.done = msg("{place} is made", place=str(folder))
    if as_json:
        print_json({"folder": str(folder), "checkpoint": note, "not_signed": unsigned, **about})
    else:
        if unsigned:
            later = msg(
                "not signed yet, and so not in the export: {entries:entry|entries}; run liggare checkpoint",
                entries=unsigned,
            )
            click.echo(f"liggare: {later}", err=True)
        shown = visible(str(folder))
        click.echo(holds(shown, about["entries"], about["root"]))
        check = msg("check it with: liggare audit {folder}, or python3 -I {folder}/verify_ledger.py", folder=shown)
        click.echo(check)
