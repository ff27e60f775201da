"""`liggare import FILE`: records many events at once, all or none, and names the line of every error."""

from __future__ import annotations

import shlex
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.input_files import read_input
from cli.options import recording
from cli.printing import print_json
from cli.recorded import answer_recorded, answer_written
from cli.suggestions import events, files
from ledger.errors import BadInput, Refused
from ledger.events import EVENTS
from ledger.messages import msg
from recording.event_lines import parse_lines

if TYPE_CHECKING:
    from cli.session import Session
    from ledger.book import Recorded
    from ledger.encoding import Signature
    from recording.line_faults import Lines
    from recording.sorting import Sorting


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
    replace: bool,
    again: bool,
    shipped: bool,
    dry_run: bool,
    write_acts: Path | None,
    signatures: Path | None,
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
        from cli.rebuilding import rebuild_from

        return rebuild_from(session, Path(file), location, since=since, vkey=vkey, as_json=as_json)
    if since is not None or vkey is not None:
        raise BadInput([(None, msg("--since and --vkey are for an export that is imported with --log"))])
    if csv is not None and csv not in EVENTS:
        raise BadInput([(None, msg("--csv: there is no event {event}; `liggare events` lists them", event=repr(csv)))])
    from cli.signed_imports import signing_of, write_import
    from recording.sorting import NothingNew, Sorting

    data = _shipped(file) if shipped else read_input(file)
    lines, signed = _parsed(data, file, csv)
    if replace and again:
        both = msg("--replace and --again cannot be combined: a row replaces an entry, or is another act")
        raise BadInput([(None, both)])
    told = (csv or "") + (" --replace" if replace else " --again" if again else "")  # these options change the events
    key = session.keyed(key or sha256(data + told.encode()).hexdigest())
    with session.ledger(location) as ledger:
        on = session.day_of_act(None, ledger, key) if replace else None
        sorting = Sorting(ledger, lines, replaced_on=on, again=again)
        signing = signing_of(sorting, signed, signatures, by, session.signing(by))
        try:
            if write_acts:  # answered while the ledger is open: whoever signs is looked up in it
                written = write_import(write_acts, sorting, by, key, signing)
                session.done = msg("{place} is made", place=str(write_acts))
                options = (
                    f"{f' --csv {csv}' if csv else ''}{told.removeprefix(csv or '')}{' --shipped' if shipped else ''}"
                )
                again_with = f"{shlex.quote(file)}{options} --key {shlex.quote(key)}"
                return _answer_written(written, write_acts, again_with, as_json=as_json)
            recorded = ledger.record(sorting.acts, by=by, key=key, dry_run=dry_run, signing=signing)
        except NothingNew:
            return _answer_nothing(sorting, as_json=as_json)
        except Refused as refused:
            refused.places, refused.said, refused.more = sorting.places, sorting.said(), sorting.more()
            raise
    return answer_recorded(recorded, sorting.events, as_json=as_json, dry_run=dry_run, said=sorting.said(),
                           more=sorting.more())  # fmt: skip


def _answer_written(written: Recorded, acts: Path, again_with: str, *, as_json: bool) -> None:
    """Prints how to sign the acts in a folder, and how to import them once they are signed."""
    folder = shlex.quote(str(acts))
    later = f"liggare import {again_with} --signatures {folder}"
    answer_written(written, [str(acts)], f"{folder}/*[0-9a-f]", later, as_json=as_json)


def _answer_nothing(sorting: Sorting, *, as_json: bool) -> None:
    """Prints that nothing was written, and how many rows were skipped."""
    if as_json:
        print_json({"entries": [], "flagged": [], **sorting.more()})
    else:
        click.echo(msg("nothing was written; {why}", why=sorting.said()))


def _parsed(data: bytes, file: str, csv: str | None) -> tuple[Lines, dict[int, Signature]]:
    """Returns the events of a file, and the signatures that its lines carry, by line number."""
    signed: dict[int, Signature] = {}
    if csv is not None:
        from recording.cells import parse_rows

        return parse_rows(data, csv), signed
    if file.casefold().endswith(".csv"):
        which = msg("--csv is missing: {file} is a table; give the event of its rows: --csv payment-made", file=file)
        raise BadInput([(None, which)])
    return parse_lines(data, signed), signed


def _shipped(name: str) -> bytes:
    from ledger.profile import shipped

    return shipped(name)
