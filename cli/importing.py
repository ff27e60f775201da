"""`liggare import FILE`: many events at once, all or nothing, every error with its line."""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.answers import answer_recorded
from cli.inputs import load_json
from cli.options import recording
from ledger.errors import BadInput, Refused

if TYPE_CHECKING:
    from cli.session import Session
    from ledger.events import Event


@click.command("import")
@click.argument("file", metavar="FILE|-")
@click.option("--dry-run", is_flag=True, help="Judge only, record nothing.")
@recording
@click.pass_obj
def import_(
    session: Session, *, file: str, location: str, by: str, key: str | None, as_json: bool, dry_run: bool
) -> None:
    """Records the events of a JSON Lines file: all, or none when any is refused. The order does not matter.

    \b
    A line:   {"event": "agreement-adopted", "valid_on": "2023-02-27",
               "source": {"organ": "assembly", "paragraph": "§ 12"}, "version": 1, "assembly": "sala"}
    Example:  liggare import adoptions.jsonl --dry-run
    """
    data = read_input(file)
    found = parse_lines(data)
    with session.ledger(location) as ledger:
        head = ledger.timeline().head
        try:
            recorded = ledger.record(
                [event for _, event in found], by=by, key=key or sha256(data).hexdigest(), dry_run=dry_run
            )
        except Refused as refused:
            refused.places = {head + place: line for place, (line, _) in enumerate(found, 1)}
            raise
        names = ledger.names()
    said = "would be recorded" if dry_run else "recorded before, nothing written" if recorded.again else ""
    answer_recorded(recorded, names, as_json=as_json, said=said)


def read_input(file: str) -> bytes:
    """The bytes of a file, or of stdin for `-`."""
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise BadInput([(None, f"{file} cannot be read: {error.strerror}")]) from None


def parse_lines(data: bytes) -> list[tuple[int, Event]]:
    """The events of a JSON Lines file with their line numbers; BadInput with every fault of every line."""
    from ledger.events.parse import parse_event

    found: list[tuple[int, Event]] = []
    faults: list[tuple[int | None, str]] = []
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            found.append((number, parse_event(load_json(line.decode("utf-8")))))
        except BadInput as error:
            faults += [(number, what) for _, what in error.errors]
        except UnicodeDecodeError as error:
            faults.append((number, f"not UTF-8 at byte {error.start + 1}"))
        except ValueError as error:
            faults.append((number, str(error)))
    if not found and not faults:
        faults.append((None, "there is nothing to record: no line holds an event"))
    if faults:
        raise BadInput(faults)
    return found
