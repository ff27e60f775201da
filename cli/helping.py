"""Help in the language of the run: the texts of a command that its help shows, and the command with these texts
translated.
"""

from __future__ import annotations

from copy import copy
from inspect import cleandoc
from typing import TYPE_CHECKING

import click

from ledger.messages import CATALOGUE, in_language, term

if TYPE_CHECKING:
    from collections.abc import Iterator

METAVAR = "metavar"  # the set of the words that stand for a value in help, such as FILE


class ToldCommand(click.Command):
    """A command whose help is put together from translated texts when the command is made."""


class ToldOption(click.Option):
    """An option whose help is put together from translated texts when the option is made."""


def texts_of(command: click.Command) -> Iterator[tuple[str, str]]:
    """Yields (message, context) for each text of a command's help; the context is `METAVAR` for a metavar, else ""."""
    helps = [] if isinstance(command, ToldCommand) else [command.help, command.short_help, command.epilog]
    helps += [one.help for one in command.params if isinstance(one, click.Option) and not isinstance(one, ToldOption)]
    yield from ((cleandoc(text), "") for text in helps if text)
    metavars = [command.options_metavar, *(_metavar(param, command) for param in command.params)]
    if isinstance(command, click.Group):
        metavars.append(command.subcommand_metavar)
    yield from ((shown, METAVAR) for shown in metavars if shown and shown.upper() == shown)


def translated(command: click.Command) -> click.Command:
    """Returns a command whose help is in the language of the run; the command itself in English."""
    if not CATALOGUE.get().info():
        return command
    told = copy(command)
    told._help_option = None  # noqa: SLF001 - click keeps the option --help as it was first shown
    if not isinstance(command, ToldCommand):
        told.help, told.short_help, told.epilog = map(_translated, (command.help, command.short_help, command.epilog))
    told.params = [_param(param, command) for param in command.params]
    told.options_metavar = term(METAVAR, command.options_metavar or "")
    if isinstance(told, click.Group):
        told.subcommand_metavar = term(METAVAR, told.subcommand_metavar)
    return told


def _param(param: click.Parameter, command: click.Command) -> click.Parameter:
    told = copy(param)
    if isinstance(told, click.Option) and not isinstance(told, ToldOption):
        told.help = _translated(told.help)
    if shown := _metavar(param, command):
        told.metavar = term(METAVAR, shown)
    return told


def _metavar(param: click.Parameter, command: click.Command) -> str:
    """Returns the word that stands for the parameter's value; "" for a flag."""
    if isinstance(param, click.Option) and (param.is_flag or param.count):
        return param.metavar or ""
    return param.make_metavar(click.Context(command))


def _translated(text: str | None) -> str | None:
    return in_language(cleandoc(text)) if text else text
