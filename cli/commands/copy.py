"""`liggare copy FROM TO`: copies a ledger between a file and a server, byte for byte."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from cli.options import answering
from cli.places import place
from cli.printing import holds, print_json
from cli.suggestions import files
from ledger.messages import msg

if TYPE_CHECKING:
    from cli.session import Session


@click.command("copy")
@click.argument("source", metavar="FROM", shell_complete=files)
@click.argument("target", metavar="TO", shell_complete=files)
@click.option("--role", metavar="ROLE", help="On PostgreSQL: a role that may ask and record, and nothing else.")
@click.option("--signer-role", metavar="ROLE", help="On PostgreSQL: a role that may sign, and replace the signing key.")
@answering
@click.pass_obj
def copy(
    session: Session, /, *, source: str, target: str, role: str | None, signer_role: str | None, as_json: bool
) -> None:
    """Copies a ledger to another place, on a server or in a file.

    Entries, names, documents, checkpoints and the root are copied byte for byte. TO must not exist; nothing is
    overwritten. Afterwards, record in only one of the two ledgers. The signing key is not copied.

    \b
    Example:  liggare copy liggare.db 'postgresql+psycopg://db.example/liggare?schema=vastmanland'
    """
    from ledger.integrity.checkpoints import root_text
    from ledger.store import copied, open_store

    with open_store(source) as store:
        session.log(msg("copying {source} to {target}", source=place(source), target=place(target)))
        copied(store, target, role=role, signer_role=signer_role, told=_told if sys.stderr.isatty() else None)
    session.done = msg("{place} is made", place=place(target))
    with session.ledger(target) as there:
        entries, root = there.store.head(), root_text(there.store)
    if as_json:
        print_json({"from": place(source), "to": place(target), "entries": entries, "root": root})
    else:
        click.echo(holds(place(target), entries, root))


def _told(rows: int) -> None:
    click.echo(f"\rliggare: {msg('{rows:row|rows} copied', rows=rows)} ", nl=False, err=True)
