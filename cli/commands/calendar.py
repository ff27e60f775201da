"""`liggare calendar -o FILE`: the meetings and the deadlines as a calendar."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.addressed import in_its_language
from cli.new_files import refuse_taken, write_file
from cli.options import YEARS, everywhere
from cli.printing import print_json
from cli.question import asking_of, warn, warn_of_inexact
from cli.suggestions import files
from ledger.messages import msg
from presentation.installed import needing
from presentation.parameters import known_at, question_day
from presentation.words import visible

if TYPE_CHECKING:
    from cli.session import Session


@click.command()
@click.option("--out", "-o", type=click.Path(path_type=Path), required=True, metavar="FILE", shell_complete=files,
              help="Write the calendar to a new file, such as meetings.ics.")  # fmt: skip
@click.option("--on", metavar="DAY", help="The day asked about.  [default: today]")
@click.option(
    "--known-at", "when", metavar="WHEN", help="As known at @N, a moment, or the end of a day.  [default: now]"
)
@click.option("--year", type=YEARS, metavar="YEAR", help="Only the meetings and the deadlines of this year.")
@click.option("--until", metavar="DAY",
              help="The last day of deadlines.  [default: a year ahead, or the end of YEAR]")  # fmt: skip
@click.option("--base-url", metavar="URL",
              help="Where the pages of `liggare serve` are: each meeting has the address of its page.")  # fmt: skip
@everywhere
@click.pass_obj
def calendar(
    session: Session, /, *, out: Path, on: str | None, when: str | None, year: int | None, until: str | None,
    base_url: str | None, location: str, as_json: bool,
) -> None:  # fmt: skip
    """Writes the meetings and the deadlines as a calendar.

    The file (iCalendar, RFC 5545) opens in the calendars of computers and telephones, in Swedish unless --lang says
    otherwise. A meeting is at its time, or the whole day where no time is recorded; a deadline is a whole day. What
    was cancelled, annulled or done says so. No person is named. The pages of `liggare serve` have the same calendar at
    /calendar.ics, to subscribe to.

    \b
    Example:  liggare calendar -o meetings.ics
              liggare calendar --year 2025 -o 2025.ics
    """
    from exchange.calendar import as_icalendar, calendar_of, site

    refuse_taken("--out", out)
    pages = None if base_url is None else site(base_url)
    with session.ledger(location) as ledger:
        timeline = ledger.timeline(known_at(when, session.today(), warn))
        day = question_day(on, session.today())
        last = None if until is None else question_day(until, day, "--until")
        asked = asking_of(ledger, timeline, day, {}, warn)
        found = calendar_of(asked, year, last)
        with needing("exchange"):
            data = in_its_language(lambda: as_icalendar(found, timeline, ledger.store.ledger_id, pages))
        write_file(out, data)
    session.done = msg("{file} is written", file=str(out))
    warn_of_inexact(found.uncertain)
    if as_json:
        print_json({
            "file": str(out), "sha256": sha256(data).hexdigest(), "meetings": len(found.meetings),
            "deadlines": len(found.deadlines), "entries": found.head, "known_at": found.known_at, "on": found.on,
            "uncertain": found.uncertain,
        })  # fmt: skip
        return
    click.echo(msg("{file} holds {meetings:meeting|meetings} and {deadlines:deadline|deadlines}, of the first"
                   " {size:entry|entries}", file=visible(str(out)), meetings=len(found.meetings),
                   deadlines=len(found.deadlines), size=found.head))  # fmt: skip
