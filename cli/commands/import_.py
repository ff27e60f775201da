"""`liggare import FILE`: records many events at once, all or none, and names the line of every error."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.input_files import read_input
from cli.options import recording
from cli.printing import print_json
from cli.recorded import answer_recorded
from cli.suggestions import events, files
from ledger.errors import BadInput, Refused
from ledger.events import EVENTS
from ledger.messages import msg
from recording.event_lines import parse_lines

if TYPE_CHECKING:
    from cli.session import Session
    from ledger.book import Ledger
    from ledger.events import Event
    from ledger.timeline import Timeline
    from recording.line_faults import Lines


@click.command("import")
@click.argument("file", metavar="FILE|-|DIR", shell_complete=files)
@click.option("--log", is_flag=True, help="DIR is an export of a ledger: rebuild the same ledger from it.")
@click.option("--since", type=click.Path(path_type=Path), metavar="OLD-CHECKPOINT",
              help="With --log: a checkpoint or receipt that you already have: the log must extend it.")  # fmt: skip
@click.option("--vkey", metavar="VKEY", help="With --log: the ledger's public key, obtained from another source.")
@click.option(
    "--csv",
    metavar="EVENT",
    shell_complete=events,
    help="The file is CSV: a heading of field names, then a row for each EVENT.",
)
@click.option("--replace", is_flag=True, help="A row that differs from an entry replaces the entry.")
@click.option("--again", is_flag=True, help="A row that differs from an entry is recorded as another act.")
@click.option("--shipped", is_flag=True, help="FILE names a file that comes with the program.")
@click.option("--dry-run", is_flag=True, help="Judge only; record nothing.")
@recording
@click.pass_obj
def import_(
    session: Session,
    *,
    file: str,
    log: bool,
    since: Path | None,
    vkey: str | None,
    location: str,
    by: str,
    key: str | None,
    as_json: bool,
    csv: str | None,
    replace: bool,
    again: bool,
    shipped: bool,
    dry_run: bool,
) -> None:
    """Records the events of a file: all or none.

    The file is JSON Lines; the order of its lines does not matter.

    \b
    A line:   {"event": "agreement-adopted", "valid_on": "2023-02-27",
               "source": {"organ": "assembly", "paragraph": "§ 12"}, "version": 1, "assembly": "sala"}
    Example:  liggare import adoptions.jsonl --dry-run
              liggare import payments.csv --csv payment-made
              liggare import --shipped vastmanland-population.jsonl
              liggare import --log /media/usb/liggare-2024 --ledger rebuilt.db --since minutes-2023-12.checkpoint

    In CSV an amount is in whole öre, 838725146, or in kronor with both decimals, 8 387 251,46.

    Importing the same file again records nothing: the key is the file's digest, unless you give --key. A row about a
    payment, cost, seat, person, group, project, expert, official or activity that is already in the ledger is skipped
    and counted.

    A row may differ from an entry that looks like the same act: a payment with the same party, day and reference, a
    cost that differs only in its amount, or a seat with the same person and day. The two are then shown side by side,
    and nothing is recorded unless you give --replace or --again.
    """
    if log:
        from cli.rebuilding import rebuild_from

        return rebuild_from(session, Path(file), location, since=since, vkey=vkey, as_json=as_json)
    if since is not None or vkey is not None:
        raise BadInput([(None, msg("--since and --vkey are for an export that is imported with --log"))])
    if csv is not None and csv not in EVENTS:
        raise BadInput([(None, msg("--csv: there is no event {event}; `liggare events` lists them", event=repr(csv)))])
    data = _shipped(file) if shipped else read_input(file)
    if csv is None and file.casefold().endswith(".csv"):
        which = msg("--csv is missing: {file} is a table; give the event of its rows: --csv payment-made", file=file)
        raise BadInput([(None, which)])
    if csv is None:
        lines = parse_lines(data)
    else:
        from recording.cells import parse_rows

        lines = parse_rows(data, csv)
    if replace and again:
        both = msg("--replace and --again cannot be combined: a row replaces an entry, or is another act")
        raise BadInput([(None, both)])
    told = (csv or "") + (" --replace" if replace else " --again" if again else "")  # these options change the events
    key = session.keyed(key or sha256(data + told.encode()).hexdigest())
    with session.ledger(location) as ledger:
        on = session.day_of_act(None, ledger, key) if replace else None
        sorting = Sorting(ledger, lines, replaced_on=on, again=again)
        try:
            recorded = ledger.record(sorting.acts, by=by, key=key, dry_run=dry_run, signing=session.signing(by))
        except NothingNew:
            return sorting.answer_nothing(as_json=as_json)
        except Refused as refused:
            refused.places, refused.said, refused.more = sorting.places, sorting.said(), sorting.more()
            raise
    return answer_recorded(recorded, sorting.events, as_json=as_json, dry_run=dry_run, said=sorting.said(),
                           more=sorting.more())  # fmt: skip


class NothingNew(Exception):
    """Every event of the file is in the ledger already."""


class Sorting:
    """The events of a file, sorted into new events, events already recorded, and events that differ from an entry.

    `events` are the events to record, and `skipped` the events already recorded. `replaced` lists the entries replaced
    by rows, with the other entries that each row also matches. `places` maps the position of each entry to its line in
    the file.
    """

    def __init__(self, ledger: Ledger, lines: Lines, *, replaced_on: str | None, again: bool) -> None:
        self.ledger, self.lines, self.replaced_on, self.again = ledger, lines, replaced_on, again
        self.events: list[Event] = []
        self.skipped: list[dict[str, int]] = []
        self.replaced: list[dict[str, Any]] = []
        self.places: dict[int, int] = {}

    def acts(self, timeline: Timeline) -> list[Event]:
        """Returns the events to record after the entries of `timeline`.

        Raises Refused when a row differs from an entry and neither --replace nor --again is given, and NothingNew when
        there is nothing to record.
        """
        from projections.twice import differing, likely_twice

        found = likely_twice(timeline, [event for _, event in self.lines], self.ledger.names())
        self.skipped = [{"line": self.lines[place][0], "entry": entry} for place, entry in found.there.items()]
        if found.changed and self.replaced_on is None and not self.again:
            self.places = {entry: self.lines[place][0] for place, entry in found.changed.items()}
            beside = [
                (self.lines[place][1], entry, found.others.get(place, ())) for place, entry in found.changed.items()
            ]
            told = [differing(timeline, act, entry, others) for act, entry, others in beside]
            raise Refused(told)
        self.replaced = [
            {"line": self.lines[place][0], "entry": entry, "others": found.others.get(place, ())}
            for place, entry in found.changed.items()
            if self.replaced_on
        ]
        first = [_replaced(entry, self.replaced_on) for entry in found.changed.values() if self.replaced_on]
        kept = [line for place, line in enumerate(self.lines) if place not in found.there]
        start = timeline.head + len(first) + 1
        self.places = {start + place: line for place, (line, _) in enumerate(kept)}
        self.events = [*first, *(event for _, event in kept)]
        if not self.events:
            raise NothingNew
        return self.events

    def said(self) -> str:
        """Returns lines for people: how many rows were skipped, and which other entries a replacing row matches."""
        skipped = msg("{rows:row|rows} skipped: in the ledger already", rows=len(self.skipped))
        lines = [
            msg(
                "entry {entry} is replaced, and {others:?entry|entries} {others} {others:?matches|match} the row as"
                " well [line {line}]",
                entry=one["entry"], others=tuple(one["others"]), line=one["line"],
            )
            for one in self.replaced
            if one["others"]
        ]  # fmt: skip
        return "\n".join([*([skipped] if self.skipped else []), *lines])

    def more(self) -> dict[str, Any]:
        """Returns the rows skipped and the entries replaced, as data for programs."""
        return {"skipped": self.skipped, "replaced": self.replaced}

    def answer_nothing(self, *, as_json: bool) -> None:
        """Prints that nothing was written, and how many rows were skipped."""
        if as_json:
            print_json({"entries": [], "flagged": [], **self.more()})
        else:
            click.echo(msg("nothing was written; {why}", why=self.said()))


def _replaced(entry: int, on: str) -> Event:
    from cli.act_options import act

    reason = "replaced by the row of an import that says otherwise"  # recorded: the same in every language
    return act(
        "entry-annulled",
        on,
        "secretariat",
        {"paragraph": None, "dnr": None},
        entry=entry,
        cause="recording-error",
        reason=reason,
    )


def _shipped(name: str) -> bytes:
    from ledger.profile import shipped

    return shipped(name)
