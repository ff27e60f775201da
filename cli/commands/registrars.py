"""`liggare registrars`: who may record, for whom, and with which key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.question import question

if TYPE_CHECKING:
    from cli.question import Asked


@click.command()
@question
def registrars(asked: Asked) -> None:
    """Who may record, for whom, and with which key.

    Shows each registrar with what the registrar may do, from when to when, the fingerprint of the OpenSSH key, and who
    introduced the registrar: a registrar of the same party, or the secretariat. A key that the secretariat introduced
    is to be compared with the party.

    \b
    Example:  liggare registrars
              liggare registrars --on 2025-03-01 --json
    """
    from presentation import asking

    asked.answer(asking.registrars(asked.asking))
