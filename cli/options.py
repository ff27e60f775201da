"""The options that commands share, as decorators of click commands."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from cli.session import Session, actor, key_text
from cli.suggestions import files
from ledger.errors import BadInput
from ledger.values import EARLIEST, LATEST

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = Callable[..., None]


language = click.option(
    "--lang", type=click.Choice(["sv", "en"]), envvar="LIGGARE_LANG", expose_value=False, help="The language of texts."
)


def _verbose(ctx: click.Context, _: click.Parameter, given: bool) -> None:
    ctx.find_object(Session).verbose = given  # type: ignore[union-attr]


def _place(_ctx: click.Context, _: click.Parameter, given: str) -> str:
    if not given or "\0" in given:
        raise BadInput([(None, "--ledger: a place is not empty")])
    return given


YEARS = click.IntRange(EARLIEST.year, LATEST.year)
year = click.argument("year", type=YEARS)


class _Year(click.Argument):
    def get_error_hint(self, _: click.Context | None) -> str:
        """Returns the argument's name for an error message, without the brackets that mark it as optional in the usage
        line.
        """
        return "'YEAR'"


def of_a_year(command: Command) -> Command:
    """Adds a year, given as an argument or as --year; the command receives None if the year is left out.

    Raises BadInput if the argument and --year differ.
    """

    @click.argument("alone", cls=_Year, metavar="[YEAR]", required=False, type=YEARS)
    @click.option("--year", type=YEARS, metavar="YEAR", help="The same as YEAR.")
    @wraps(command)
    def asked(*args: Any, alone: int | None, year: int | None, **rest: Any) -> None:
        if None not in {alone, year} and alone != year:
            raise BadInput([(None, f"give one year, not {alone} and {year}")])
        command(*args, year=alone or year, **rest)

    return asked


def answering(command: Command) -> Command:
    """Adds the options of every command that prints an answer: --json, --lang and --verbose."""
    for option in (
        click.option(
            "--verbose",
            is_flag=True,
            expose_value=False,
            callback=_verbose,
            help="Log to stderr what is done; never names.",
        ),
        language,
        click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document."),
    ):
        command = option(command)
    return command


def everywhere(command: Command) -> Command:
    """Adds the options of every command that reads or writes a ledger: --ledger and those of `answering`."""
    the_ledger = click.option(
        "--ledger",
        "location",
        envvar="LIGGARE_LEDGER",
        default="./liggare.db",
        show_default=True,
        metavar="URL|FILE",
        shell_complete=files,
        callback=_place,
        help="The ledger.  [env: LIGGARE_LEDGER]",
    )
    return the_ledger(answering(command))


recorder = click.option(
    "--as",
    "by",
    envvar="LIGGARE_ACTOR",
    metavar="ID",
    callback=lambda _ctx, _param, given: actor(given),
    help="Who records, a short id.  [env: LIGGARE_ACTOR]  [default: whoever recorded entry 1]",
)


def recording(command: Command) -> Command:
    """Adds the options of every command that records: --as, --key and those of `everywhere`."""
    by_key = click.option(
        "--key",
        metavar="KEY",
        callback=lambda _ctx, _param, given: key_text(given),
        help="Makes a retry record once: known already, nothing is written.",
    )
    return everywhere(recorder(by_key(command)))
