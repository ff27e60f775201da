"""The options that commands share, as decorators of click commands."""

from __future__ import annotations

from functools import wraps
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from cli.helping import METAVAR
from cli.session import Session, actor, key_text
from cli.suggestions import files
from ledger.errors import BadInput
from ledger.messages import filled, marked, msg, term
from ledger.values import EARLIEST, LATEST
from presentation.language import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Command = Callable[..., None]


LANGUAGE_HELP = "The language of texts.  [env: LIGGARE_LANG]"


class _Language(click.Option):
    def get_error_hint(self, ctx: click.Context | None) -> str:
        """Returns the name of what gave the language, for an error message: LIGGARE_LANG or the option."""
        given_by = ctx.get_parameter_source("lang") if ctx else None
        return "LIGGARE_LANG" if given_by is ParameterSource.ENVIRONMENT else super().get_error_hint(ctx)


language = click.option(
    "--lang",
    cls=_Language,
    type=click.Choice(LANGUAGES),
    envvar="LIGGARE_LANG",
    expose_value=False,
    help=LANGUAGE_HELP,
)


def _verbose(ctx: click.Context, _: click.Parameter, given: bool) -> None:
    ctx.find_object(Session).verbose = given  # type: ignore[union-attr]


def _place(_ctx: click.Context, _: click.Parameter, given: str) -> str:
    if not given or "\0" in given:
        raise BadInput([(None, msg("--ledger: a place is not empty"))])
    return given


class Number(click.IntRange):
    """A whole number within limits. `what` is the message about any other text, with the text as {value}, and the
    limits as {least} and {most}.
    """

    def __init__(self, what: str, least: int | None = None, most: int | None = None) -> None:
        super().__init__(least, most)
        self.what = what

    def _describe_range(self) -> str:
        """Returns the limits as help shows them; without limits, nothing, where click would show `x<=None`."""
        return "" if self.min is None and self.max is None else super()._describe_range()

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            said = {"value": repr(value), "least": self.min, "most": self.max}
            self.fail(filled(self.what, said), param, ctx)


JUDGED = {"--ledger", "--as", "--key", "--on", "--known-at"}  # options whose empty value is refused where it is read


PLACES = {"file", "folder", "place", "source", "target"}  # arguments that name a file or a folder


def refuse_empty(command: click.Command, args: Sequence[str]) -> None:
    """Raises BadInput for each option that is given an empty value, which would else be taken for no value, and for an
    empty name of a file or a folder, which would else be taken for the working directory.

    Options that may be repeated are left to whoever reads their values.
    """
    options = [one for one in command.params if isinstance(one, click.Option) and not one.is_flag and not one.multiple]
    takes = {name for one in options for name in one.opts} - JUDGED
    given = args[: args.index("--")] if "--" in args else args
    split = [one.partition("=") for one in given]
    pairs = [*pairwise(given), *((option, value) for option, equals, value in split if equals)]
    empty = dict.fromkeys(option for option, value in pairs if option in takes and not value)
    valued = {name for one in command.params if isinstance(one, click.Option) and not one.is_flag for name in one.opts}
    bare = [value for before, value in pairwise(["", *args]) if before not in valued and value[:1] != "-"]
    arguments = [one for one in command.params if isinstance(one, click.Argument)]
    for one, value in zip(arguments, bare, strict=False):
        if not value and one.name in PLACES:
            empty[term(METAVAR, (one.metavar or one.name.upper()).strip("[]"))] = None
    if empty:
        raise BadInput([(None, msg("{option} is empty", option=option)) for option in empty])


YEARS = Number(marked("{value} is not a year from {least} to {most}, such as 2025."), EARLIEST.year, LATEST.year)
ENTRY = Number(marked("{value} is not the number of an entry, such as 12."))
AN_ENTRY = Number(marked("{value} is not the number of an entry, such as 12."), 1, 10**15)
year = click.argument("year", type=YEARS)


class _Year(click.Argument):
    def get_error_hint(self, _: click.Context | None) -> str:
        """Returns the argument's name for an error message, without the brackets that mark it as optional in the usage
        line.
        """
        return f"'{term(METAVAR, 'YEAR')}'"


def of_a_year(command: Command) -> Command:
    """Adds a year, given as an argument or as --year; the command receives None if the year is left out.

    Raises BadInput if the argument and --year differ.
    """

    @click.argument("alone", cls=_Year, metavar="[YEAR]", required=False, type=YEARS)
    @click.option("--year", type=YEARS, metavar="YEAR", help="The same as YEAR.")
    @wraps(command)
    def asked(*args: Any, alone: int | None, year: int | None, **rest: Any) -> None:
        if None not in {alone, year} and alone != year:
            raise BadInput([(None, msg("give one year, not {first} and {second}", first=alone, second=year))])
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


def _recorder(told: str) -> Callable[[Command], Command]:
    """Returns the option --as with its help."""
    return click.option(
        "--as",
        "by",
        envvar="LIGGARE_ACTOR",
        metavar="ID",
        callback=lambda _ctx, _param, given: actor(given),
        help=told,
    )


recorder = _recorder("Who records, a short id.  [env: LIGGARE_ACTOR]  [default: whoever recorded entry 1]")
first_recorder = _recorder(
    "Who records, a short id.  [env: LIGGARE_ACTOR]  [default: asked for on a terminal, else secretariat]"
)
signer = _recorder("The registrar who will sign.  [env: LIGGARE_ACTOR]  [required]")


def recording(command: Command) -> Command:
    """Adds the options of every command that records acts: --as, --key, --sign-with and those of `everywhere`."""
    return _recorded_by(recorder, sign_with(command))


def sign_with(command: Command) -> Command:
    """Adds the option --sign-with."""
    the_key = click.option(
        "--sign-with",
        type=click.Path(path_type=Path),
        metavar="KEY",
        expose_value=False,
        callback=_sign_with,
        shell_complete=files,
        help="Sign as the registrar of --as with this OpenSSH key: a file, or the public key of one in the agent.",
    )
    return the_key(command)


def _sign_with(context: click.Context, _: click.Parameter, given: Path | None) -> None:
    context.ensure_object(Session).sign_with = given


def recording_unsigned(command: Command) -> Command:
    """Adds the options of `recording` to a command whose entries are of the log itself, and bear the ledger's own
    signature: no registrar signs them.
    """
    return _recorded_by(recorder, command)


def to_be_signed(command: Command) -> Command:
    """Adds the options of `recording` to the command that writes an act, where --as is whoever will sign it."""
    return _recorded_by(signer, command)


def recording_first(command: Command) -> Command:
    """Adds the options of `recording` to the command that creates a ledger, where no entry says yet who records."""
    return _recorded_by(first_recorder, command)


def _recorded_by(who: Callable[[Command], Command], command: Command) -> Command:
    by_key = click.option(
        "--key",
        metavar="KEY",
        callback=lambda _ctx, _param, given: key_text(given),
        help="Makes a retry record once: known already, nothing is written.",
    )
    return everywhere(who(by_key(command)))
