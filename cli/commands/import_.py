"""`liggare import FILE`: records many events at once, all or none, and names the line of every error."""

from __future__ import annotations

import shlex
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.input_files import read_input
from cli.options import recording
from cli.printing import print_json_in_pieces
from cli.recorded import answer_recorded, answer_written
from cli.suggestions import events, files
from exchange.headings import KINDS
from exchange.incoming import Arrival, Incoming, file_key
from ledger.errors import BadInput, Refused
from ledger.events import EVENTS
from ledger.messages import msg
from presentation.words import visible
from recording.event_lines import parse_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.session import Session
    from ledger.book import Ledger, Recorded
    from ledger.encoding import Signature
    from recording.sorting import Sorting


@click.command("import")
@click.argument("file", metavar="FILE|-|DIR", shell_complete=files)
@click.option("--log", is_flag=True, help="DIR is an export or an archive package: rebuild the same ledger from it.")
@click.option("--since", type=click.Path(path_type=Path), metavar="OLD-CHECKPOINT",
              help="With --log: a checkpoint or receipt that you already have: the log must extend it.")  # fmt: skip
@click.option("--vkey", metavar="VKEY", help="With --log: the ledger's public key, obtained from another source.")
@click.option(
    "--csv",
    metavar="EVENT",
    shell_complete=events,
    help="The file is a table, CSV or a spreadsheet: headings, then a row for each EVENT.",
)
@click.option("--kind", type=click.Choice(KINDS), help="What the file holds; left out: told by its content.")
@click.option("--account", multiple=True, metavar="NUMBER",
              help="With a bank's file: an account of the Region. May be repeated.")  # fmt: skip
@click.option("--replace", is_flag=True, help="A row that differs from an entry replaces the entry.")
@click.option("--again", is_flag=True, help="A row that differs from an entry is recorded as another act.")
@click.option("--shipped", is_flag=True, help="FILE names a file that comes with the program.")
@click.option("--dry-run", is_flag=True, help="Judge only; record nothing.")
@click.option("--write-acts", type=click.Path(path_type=Path), metavar="DIR", shell_complete=files,
              help="Record nothing: write the acts to a new folder, for the registrar of --as to sign.")  # fmt: skip
@click.option("--signatures", type=click.Path(path_type=Path), metavar="DIR", shell_complete=files,
              help="That folder, with the signatures in it.")  # fmt: skip
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
    kind: str | None,
    account: tuple[str, ...],
    replace: bool,
    again: bool,
    shipped: bool,
    dry_run: bool,
    write_acts: Path | None,
    signatures: Path | None,
) -> None:
    """Records the events of a file: all or none.

    The file is JSON Lines, or a table: CSV, or a spreadsheet (xlsx, ods). The order of its lines does not matter.

    \b
    A line:   {"event": "agreement-adopted", "valid_on": "2023-02-27",
               "source": {"organ": "assembly", "paragraph": "§ 12"}, "version": 1, "assembly": "sala"}
    Example:  liggare import adoptions.jsonl --dry-run
              liggare import betalningar.xlsx --kind payments --dry-run
              liggare import payments.csv --csv payment-made
              liggare import camt.054.xml --account 5050-1055 --dry-run
              liggare import --shipped vastmanland-population.jsonl
              liggare import --log /media/usb/liggare-2024 --ledger rebuilt.db --since minutes-2023-12.checkpoint

    A list of payments or of members, as Swedish Excel saves it, is told by its headings (Datum, Kommun, Belopp, Namn,
    Parti, Plats). Amounts are in kronor there, and --dry-run shows how each column was read. With --csv, the headings
    may be the names of the fields, and in CSV an amount is then in whole öre, 838725146, or in kronor with both
    decimals, 8 387 251,46.

    A bank's file is camt.054 (XML). A payment is recorded if its reference is the OCR number of a recorded claim; what
    is not recorded is listed, with the reason. --account names the Region's account where the file does not.

    Importing the same file again records nothing: the key is the file's digest, unless you give --key. A row about a
    payment, cost, seat, person, group, project, expert, official or activity that is already in the ledger is skipped
    and counted.

    A row may differ from an entry that looks like the same act: a payment with the bank's own reference of it, or with
    the same party, day and reference, a cost that differs only in its amount, or a seat with the same person and day.
    The two are then shown side by side, and nothing is recorded unless you give --replace or --again.

    \b
    To sign the acts on another machine: write them, carry the folder there and back, and import the same file:
              liggare import acts.jsonl --as sala-reg --write-acts acts
              ssh-keygen -Y sign -n liggare-act@v1 -f ~/.ssh/id_ed25519 acts/*[0-9a-f]
              liggare import acts.jsonl --signatures acts

    An act is signed for its place among the acts of the import, and for the key: if the file has changed, or some of
    its rows are recorded by then, the signatures are refused. A line may carry its signature itself, as
    "signature": {"registrar": "sala-reg", "ssh": BASE64}.
    """
    if log:
        return _rebuild(session, file, location, since=since, vkey=vkey, as_json=as_json)
    if since is not None or vkey is not None:
        raise BadInput([(None, msg("--since and --vkey are for an export that is imported with --log"))])
    _refuse_options(csv, kind, replace=replace, again=again)
    from cli.signed_imports import signing_of, write_import
    from recording.sorting import NothingNew, Sorting

    data = _shipped(file) if shipped else read_input(file)
    signed: dict[int, Signature] = {}
    plain = _lines(data, file, csv, kind, signed, accounts=account)
    with session.ledger(location) as ledger:
        timeline = ledger.timeline()
        read = partial(_arrived, data, file, csv, kind, ledger, accounts=account)
        arrival = Arrival("", lambda _: plain, timeline) if plain else read()
        if dry_run and not as_json and not arrival.incoming.plain:
            _tell(arrival.incoming)
        options = " --replace" if replace else " --again" if again else ""
        told = arrival.keyed_by + options  # what changes the events
        own = session.keyed(key or file_key(data, told))
        on = session.day_of_act(None, ledger, own) if replace else None
        sorting = Sorting(ledger, arrival.lines, replaced_on=on, again=again, restores=key is not None)
        signing = signing_of(sorting, signed, signatures, by, session.signing(by))
        try:
            if write_acts:  # answered while the ledger is open: whoever signs is looked up in it
                written = write_import(write_acts, sorting, by, own, signing)
                session.done = msg("{place} is made", place=str(write_acts))
                said = f" --csv {csv}" if csv else f" --kind {arrival.read_as}" if arrival.read_as else ""
                said += "".join(f" --account {shlex.quote(one)}" for one in account)
                options = f"{said}{options}{' --shipped' if shipped else ''} --key {shlex.quote(own)}"
                return _answer_written(written, write_acts, shlex.quote(file) + options, as_json=as_json)
            recorded = ledger.record(sorting.acts, by=by, key=own, dry_run=dry_run, signing=signing)
        except NothingNew:
            return _answer_nothing(sorting, arrival, dry_run=dry_run, as_json=as_json)
        except Refused as refused:
            refused.places, refused.said = sorting.places, sorting.said()
            refused.more = sorting.more() | {name: [*said] for name, said in _preview(arrival, dry_run=dry_run).items()}
            raise
    said, more = _said(arrival.incoming, sorting, dry_run=dry_run), sorting.more() | _preview(arrival, dry_run=dry_run)
    return answer_recorded(recorded, sorting.events, as_json=as_json, dry_run=dry_run, said=said, more=more)


def _rebuild(
    session: Session, file: str, location: str, *, since: Path | None, vkey: str | None, as_json: bool
) -> None:
    from cli.rebuilding import rebuild_from

    rebuild_from(session, Path(file), location, since=since, vkey=vkey, as_json=as_json)


def _preview(arrival: Arrival, *, dry_run: bool) -> dict[str, Any]:
    """Returns how a file was read, as data for programs."""
    incoming = arrival.incoming
    return {"read": incoming.read, "left": incoming.left_out()} if dry_run or not incoming.plain else {}


def _said(incoming: Incoming, sorting: Sorting, *, dry_run: bool) -> str:
    """Returns lines for people: how a file was read, in one line, what was left out of it, and what the ledger has.

    Of a dry run, all has been told before, but of a file in which nothing was interpreted.
    """
    told = _told(incoming.read[: None if dry_run else 1], incoming.left) if incoming.plain == dry_run else []
    return "\n".join([*told, *sorting.said().splitlines()])


def _told(read: Sequence[str], left: Sequence[str]) -> list[str]:
    return [*(msg("read: {what}", what=what) for what in read), *(msg("left out: {what}", what=what) for what in left)]


def _tell(incoming: Incoming) -> None:
    """Prints how a file was read, and what was left out."""
    for line in _told(incoming.read, incoming.left):
        click.echo(visible(line))


def _answer_written(written: Recorded, acts: Path, again_with: str, *, as_json: bool) -> None:
    """Prints how to sign the acts in a folder, and how to import them once they are signed."""
    folder = shlex.quote(str(acts))
    later = f"liggare import {again_with} --signatures {folder}"
    answer_written(written, [str(acts)], f"{folder}/*[0-9a-f]", later, as_json=as_json)


def _answer_nothing(sorting: Sorting, arrival: Arrival, *, dry_run: bool, as_json: bool) -> None:
    """Prints that nothing was written, what was left out, and how many rows were skipped."""
    if as_json:
        print_json_in_pieces({"entries": [], "flagged": [], **sorting.more(), **_preview(arrival, dry_run=dry_run)})
        return
    if not dry_run and arrival.incoming.details:
        _tell(arrival.incoming._replace(read=arrival.incoming.read[:1]))
    why = sorting.said() or msg("nothing in the file is to be recorded")
    click.echo(msg("nothing was written; {why}", why=why))


def _refuse_options(csv: str | None, kind: str | None, *, replace: bool, again: bool) -> None:
    """Raises BadInput for an event that is none, and for options that exclude each other."""
    if csv is not None and csv not in EVENTS:
        raise BadInput([(None, msg("--csv: there is no event {event}; `liggare events` lists them", event=repr(csv)))])
    if replace and again:
        both = msg("--replace and --again cannot be combined: a row replaces an entry, or is another act")
        raise BadInput([(None, both)])
    if csv is not None and kind not in {None, "csv"}:
        raise BadInput([(None, msg("--csv and --kind cannot be combined: each says what the file holds"))])


def _lines(
    data: bytes, file: str, csv: str | None, kind: str | None, signed: dict[int, Signature], *, accounts: Sequence[str]
) -> Incoming | None:
    """Returns the events of JSON Lines, or None for another file. The signatures on the lines are put into `signed`."""
    from exchange.formats import is_lines

    if csv is not None or kind not in {None, "jsonl"} or (kind is None and not is_lines(data, file)):
        return None
    if accounts:
        raise BadInput([(None, msg("--account is for a file of a bank, and {file} is none", file=file))])
    return Incoming(parse_lines(data, signed), plain=True)


def _arrived(
    data: bytes, file: str, csv: str | None, kind: str | None, ledger: Ledger, *, accounts: Sequence[str]
) -> Arrival:
    """Returns what a table or a bank's file holds for this ledger."""
    from exchange.arriving import arrived, csv_missing

    if kind == "csv" and csv is None:
        raise BadInput([(None, csv_missing(file))])
    return arrived(data, file, kind or "", csv, ledger, accounts=accounts)


def _shipped(name: str) -> bytes:
    from ledger.profile import shipped

    return shipped(name)
