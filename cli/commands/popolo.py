"""`liggare popolo -o FILE`: the elected, their posts and meetings on a day, as open data."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.new_files import refuse_taken, write_file
from cli.options import everywhere
from cli.printing import print_json
from cli.question import warn, warn_of_inexact
from cli.suggestions import files
from ledger.errors import BadInput
from ledger.messages import msg
from presentation.parameters import known_at, question_day
from presentation.words import visible

if TYPE_CHECKING:
    from datetime import date

    from cli.session import Session
    from ledger.timeline import Timeline


@click.command("popolo")
@click.option("--out", "-o", type=click.Path(path_type=Path), required=True, metavar="FILE", shell_complete=files,
              help="Write the data to a new file, such as popolo.json.")  # fmt: skip
@click.option("--on", metavar="DAY", help="The day asked about.  [default: today]")
@click.option("--known-at", metavar="WHEN", help="As known at @N, a moment, or the end of a day.  [default: now]")
@click.option("--dcat", type=click.Path(path_type=Path), metavar="FILE", shell_complete=files,
              help="Also describe the data in a new file, for Sveriges dataportal.")  # fmt: skip
@click.option("--url", metavar="URL", help="With --dcat: the address where the data will be published.")
@click.option("--contact", metavar="EMAIL", help="With --dcat: whom to ask about the data.")
@everywhere
@click.pass_obj
def popolo(session: Session, /, *, out: Path, dcat: Path | None, location: str, as_json: bool, **given: Any) -> None:
    """Writes who sits where on a day, as open data.

    The file is JSON after the Popolo specification: persons, organisations, posts, memberships and the meetings of the
    year. It holds what everybody may see, as under `liggare serve --public`: names are those of the elected. Other
    names, and names that are disposed of, are null. The same entries, day and moment give the same bytes.

    With --dcat, a second file describes it after DCAT-AP-SE, under the licence CC0.

    \b
    Example:  liggare popolo --on 2025-06-01 -o popolo.json
              liggare popolo -o popolo.json --dcat dcat.rdf --url https://example.se/popolo.json
    """
    from exchange.popolo import KINDS, written
    from exchange.popolo import popolo as document_of
    from web.withheld import Names

    _refuse_unfit(out, dcat, given)
    when, on = known_at(given["known_at"], session.today(), warn), question_day(given["on"], session.today())
    with session.ledger(location) as ledger:
        timeline = ledger.timeline(when)
        document = document_of(timeline, on, Names(ledger.names, ledger.timeline(), session.today()))
        about = _described(timeline, on, given["url"], given["contact"]) if dcat else b""
        data = written(document)
        write_file(out, data)
        session.done = msg("{file} is written", file=str(out))
        if dcat:
            write_file(dcat, about)
    digest, meta = sha256(data).hexdigest(), document["meta"]
    warn_of_inexact(meta["uncertain"])
    if as_json:
        counts = {kind: len(document[kind]) for kind in KINDS}
        print_json({"file": str(out), "sha256": digest, **meta, "dcat": str(dcat) if dcat else None, "counts": counts})
        return
    told = msg(
        "{file} holds {persons:person} and {memberships:membership} of {on}, of the first {size:entry|entries}; its"
        " SHA-256 is {digest}",
        file=str(out), persons=len(document["persons"]), memberships=len(document["memberships"]), on=on,
        size=timeline.head, digest=digest,
    )  # fmt: skip
    click.echo(visible(told))


def _refuse_unfit(out: Path, dcat: Path | None, given: dict[str, Any]) -> None:
    """Raises BadInput for options that lack each other or are malformed, and for files that are taken."""
    from exchange.dcat import contact, url

    for option in ("url", "contact"):
        if given[option] is not None and dcat is None:
            raise BadInput([(None, msg("{option} requires --dcat FILE", option=f"--{option}"))])
    refuse_taken("--out", out)
    if dcat is None:
        return
    refuse_taken("--dcat", dcat)
    if dcat.absolute() == out.absolute():
        raise BadInput([(None, msg("--dcat and --out are one file"))])
    if given["url"] is None:
        raise BadInput([(None, msg("--dcat requires --url, the address where the data will be published"))])
    url(given["url"])
    contact(given["contact"])


def _described(timeline: Timeline, on: date, url: str, contact: str | None) -> bytes:
    """Returns the description of what is published by the Region of the day. Raises BadInput without a Region."""
    from exchange.dcat import Published, describe
    from ledger.state.agreement import names_of_parties, terms_on
    from ledger.sweden import recorded_on

    terms = terms_on(timeline, on)
    region = terms.party(terms.region() or "") if terms else None
    if region is None:
        raise BadInput([(None, msg("the terms on {day} name no Region, who publishes", day=on))])
    modified = recorded_on(timeline.at(timeline.head).recorded_at)
    name = names_of_parties(timeline, on)[region.id]
    return describe(Published(url, name, region.organisation_number, modified, contact))
