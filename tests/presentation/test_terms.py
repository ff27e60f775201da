"""The closed sets of words that answers show are complete, and every word of a set can be looked up."""

from __future__ import annotations

import click

from cli.commands.record import command_for
from cli.helping import METAVAR, texts_of
from cli.program import program
from ledger.events import EVENTS
from presentation.terms import METAVARS, SETS, sets


def metavars(command: click.Command) -> set[str]:
    found = {message for message, context in texts_of(command) if context == METAVAR}
    if isinstance(command, click.Group) and command.name != "record":
        context = click.Context(command)
        inner = [command.get_command(context, name) for name in command.list_commands(context)]
        found |= {word for one in inner if one for word in metavars(one)}
    return found


def test_every_set_has_words() -> None:
    found = sets()
    assert set(found) == SETS
    assert [name for name, words in found.items() if not words or "" in words] == []


def test_every_word_for_a_value_in_help_is_in_the_set_metavar() -> None:
    shown = metavars(program).union(*(metavars(command_for(name)) for name in EVENTS))
    assert shown == set(METAVARS)
