"""`liggare whoami`: the id under which acts are recorded by default."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.options import everywhere, recorder
from cli.printing import print_json, show
from ledger.errors import BadInput
from ledger.messages import msg

if TYPE_CHECKING:
    from cli.session import Session


@click.command()
@recorder
@everywhere
@click.pass_obj
def whoami(session: Session, /, *, location: str, by: str, as_json: bool) -> None:
    """The id under which acts are recorded from here.

    The id is given by --as or LIGGARE_ACTOR, and is otherwise the id that recorded entry 1. Every entry holds the id,
    and every export shows it, so it is a short id and not a name.

    \b
    Example:  liggare whoami
    """
    with session.ledger(location) as ledger:
        timeline = ledger.timeline()
        if not by and not timeline.head:
            raise BadInput([(None, msg("--as is missing: nobody has recorded anything yet"))])
        recorded_by = by or timeline.at(1).recorded_by
    if as_json:
        print_json({"recorded_by": recorded_by, "given_by": "--as or LIGGARE_ACTOR" if by else "entry 1"})
    else:
        who = recorded_by
        show(
            msg("{who}, given by --as or LIGGARE_ACTOR", who=who) if by else msg("{who}, who recorded entry 1", who=who)
        )
