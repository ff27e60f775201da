"""`liggare export-sie YEAR -o FILE`: the claims and payments of a year as vouchers for a bookkeeping system."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.new_files import refuse_taken, write_file
from cli.options import everywhere, year
from cli.printing import print_json
from cli.question import warn
from cli.suggestions import files, ids
from ledger.errors import BadInput
from ledger.messages import msg
from presentation.parameters import known_at
from presentation.program import program_version
from presentation.words import visible

if TYPE_CHECKING:
    from cli.session import Session
    from exchange.bookkeeping import Booked
    from exchange.sie import Written

EXAMPLE = {"receivable": 1510, "income": 3990, "bank": 1930}  # lines of a file of accounts


@click.command("export-sie")
@year
@click.option("--instalment", type=click.Choice(["1", "2"]), metavar="N",
              help="Only what belongs to this instalment of the year, 1 or 2.")  # fmt: skip
@click.option("--out", "-o", type=click.Path(path_type=Path), required=True, metavar="FILE", shell_complete=files,
              help="Write the vouchers to a new file, such as 2025.si.")  # fmt: skip
@click.option("--accounts", type=click.Path(path_type=Path), metavar="FILE", shell_complete=files,
              help="Your account numbers, in TOML, as above.")  # fmt: skip
@click.option("--party", metavar="PARTY", shell_complete=ids("party"),
              help="Whose books.  [default: the Region]")  # fmt: skip
@click.option("--known-at", metavar="WHEN", help="As known at @N, a moment, or the end of a day.  [default: now]")
@everywhere
@click.pass_obj
def export_sie(session: Session, /, *, year: int, instalment: str | None, out: Path, accounts: Path | None,
               location: str, as_json: bool, **given: Any) -> None:  # fmt: skip
    """Writes the year's vouchers for a bookkeeping system.

    The file is SIE 4I (sie.se), with a voucher for each claim and each payment dated within the year, numbered as its
    entry. Account numbers are yours. They stand in a file such as this one; `objects` holds the number of a party in
    your system, if it is another than its municipal code:

    \b
    receivable  = "1510 Kundfordringar"  # with --party sala: `liability`
    income      = 3990                   # with --party sala: `cost`
    bank        = 1930
    other       = 3999   # only for payments that are of no instalment
    refunds     = 1510   # if left out, as also `settlement`: the first
    series      = "L"
    dimension   = 8      # 8 customer, 9 supplier, or 20 and up
    [objects]
    sala = "1981"

    \b
    Example:  liggare export-sie 2025 --accounts konton.toml -o 2025.si
              liggare export-sie 2025 --instalment 1 --accounts konton.toml -o d1.si
    """
    from exchange.bookkeeping import book, file_of, read_accounts
    from exchange.sie import write

    if accounts is None:
        raise BadInput([(None, _no_accounts())])
    refuse_taken("--out", out)
    numbers = read_accounts(accounts)
    when = known_at(given["known_at"], session.today(), warn)
    which = int(instalment) if instalment else None
    with session.ledger(location) as ledger:
        timeline = ledger.timeline(when)
        booked = book(timeline, numbers, year, which, given["party"])
        written = write(file_of(booked, session.today(), ("liggare", program_version())))
        write_file(out, written.data)
        size = timeline.head
    session.done = msg("{file} is written", file=str(out))
    _tell(booked, written)
    digest = sha256(written.data).hexdigest()
    if as_json:
        print_json({"file": str(out), "sha256": digest, "known_at": f"@{size}", "instalment": which,
                    **_document(booked, written)})  # fmt: skip
        return
    told = msg(
        "{file} holds {vouchers:voucher} of {year}, of the first {size:entry|entries}; its SHA-256 is {digest}",
        file=str(out), vouchers=len(booked.vouchers), year=year, size=size, digest=digest,
    )  # fmt: skip
    click.echo(visible(told))


def _no_accounts() -> str:
    return msg(
        "--accounts FILE is missing: the account numbers are yours to say, in a TOML file with the lines {lines}; see"
        " liggare export-sie --help",
        lines=tuple(f"`{key} = {number}`" for key, number in EXAMPLE.items()),
    )


def _tell(booked: Booked, written: Written) -> None:
    """Tells on stderr which signs the file lacks, and which entries have no voucher in it."""
    for sign, stands in written.folded.items():
        warn(msg("SIE files lack the sign {sign} (CP437): it stands as {stands} in the file", sign=sign, stands=stands))
    for entry in booked.of.again:
        warn(
            msg(
                "entry {entry} claims an instalment that was claimed before, has no effect, and no voucher", entry=entry
            )
        )
    for entry, dated in booked.of.elsewhere.items():
        warn(msg("entry {entry} is of {of}, but dated in {dated}: its voucher belongs to the file of {dated}",
                 entry=entry, of=booked.of.year, dated=dated))  # fmt: skip


def _document(booked: Booked, written: Written) -> dict[str, Any]:
    """Returns what the file holds, and what it does not, as plain data. Amounts are in öre; debit is above zero."""
    return {
        "year": booked.of.year,
        "party": booked.of.party,
        "vouchers": [
            {
                "entry": booking.entry,
                "on": voucher.on,
                "what": booking.what,
                "text": voucher.text,
                "rows": [{"account": row.account, "amount": row.amount, "text": row.text} for row in voucher.rows],
            }
            for booking, voucher in zip(booked.of.bookings, booked.vouchers, strict=True)
        ],
        "folded": written.folded,
        "without_effect": booked.of.again,
        "of_other_years": [{"entry": entry, "year": year} for entry, dated in booked.of.elsewhere.items()],
    }
