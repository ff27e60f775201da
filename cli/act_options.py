"""For commands that record an act of their own: the options for the source, and a function that builds the event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.fields import as_options
from ledger.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.options import Command
    from ledger.events import Event


def documented(command: Command) -> Command:
    """Adds the options --paragraph, --dnr and --dry-run to a command."""
    for option in (
        click.option("--dry-run", is_flag=True, help="Compute and judge only; record nothing."),
        click.option("--dnr", metavar="TEXT", help="The registration number (diarienummer)."),
        click.option("--paragraph", metavar="TEXT", help="The paragraph in the minutes."),
    ):
        command = option(command)
    return command


def act(name: str, on: str, organ: str, given: Mapping[str, Any], **fields: Any) -> Event:
    """Returns the event `name` with `fields`, and with the source given by the options of `documented`.

    Raises BadInput whose messages name the command's options.
    """
    from ledger.events import EVENTS
    from ledger.events.parse import parse_event

    source = {"organ": organ, "paragraph": given["paragraph"], "registration_number": given["dnr"]}
    said = {word: text for word, text in source.items() if text is not None}
    try:
        return parse_event({"event": name, "valid_on": on, "source": said, **fields})
    except BadInput as error:
        raise as_options(error, EVENTS[name]) from None
