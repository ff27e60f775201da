"""A question in the words of the command line, such as `costs 2025 --party sala`: parsed by the command itself, and
answered without printing.
"""

from __future__ import annotations

import shlex
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

import click
from click.core import ParameterSource

from cli.options import refuse_empty
from cli.session import Kept, Session
from ledger.errors import BadInput
from ledger.messages import msg
from ledger.values import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.book import Ledger
    from presentation.asking import Answer, Asking

# The commands that only ask: those whose function is a `question`, or a comparison of `two`.
QUESTIONS = (
    "agreement", "council", "meetings", "groups", "reports", "costs", "settlement", "officials", "registrars",
    "activities", "attendance", "projects", "findings", "explain", "deadlines", "history", "diff", "replay",
)  # fmt: skip
# The options of a question that say how and whence it is answered, and not what is asked.
OF_PRINTING = ("location", "as_json", "csv", "csv_excel", "xlsx", "lang", "verbose")
LONGEST = 1000  # characters


class AskedInWords(NamedTuple):
    """An answer, the input of its question, and the sentences that must stand beside it."""

    asking: Asking
    answer: Answer
    warnings: tuple[str, ...]


class _Within(Session):
    """A run of a question within another run, on that run's ledger. Its answer is kept."""

    def __init__(self, outer: Session, ledger: Ledger) -> None:
        super().__init__(outer.clock)
        self.kept: Kept = Kept([], [])
        self._ledger = ledger

    @contextmanager
    def ledger(self, location: str) -> Iterator[Ledger]:  # noqa: ARG002 - the ledger that is open
        yield self._ledger


def asked_in_words(session: Session, ledger: Ledger, words: str, beside: Sequence[str] = ()) -> AskedInWords:
    """Returns the answer to a question that is written as on the command line, without `liggare`.

    `beside` are options that count where the words leave them out. Raises BadInput for words that are no question, and
    what the question's own command raises, such as click.UsageError for an option that it does not have.
    """
    name, *rest = _split(words)
    command, args = _command(name), [*beside, *rest]
    refuse_empty(command, args)
    within = _Within(session, ledger)
    context = command.make_context(name, args, obj=within, help_option_names=[])
    for param in command.params:
        if param.name in OF_PRINTING and context.get_parameter_source(param.name) is ParameterSource.COMMANDLINE:
            raise BadInput([(None, msg("{option} is no part of a question", option=param.opts[0]))])
    with context, suppress(click.exceptions.Exit):  # `findings` ends with 1 where there is a breach: it has answered
        command.invoke(context)
    [(asking, answer)] = within.kept.answers
    return AskedInWords(asking, answer, tuple(within.kept.warnings))


def words_of(context: click.Context) -> str:
    """Returns what a running question was asked, in the words of the command line: its arguments, and the options that
    say what is asked.
    """
    words = [context.info_name or ""]
    for param in context.command.params:
        given = param.name in context.params and context.get_parameter_source(param.name) is ParameterSource.COMMANDLINE
        if not given or param.name in OF_PRINTING:
            continue
        value = context.params[str(param.name)]
        if isinstance(param, click.Argument):
            words.insert(1, str(value))
        elif isinstance(value, bool):
            words.append(param.opts[0])
        else:
            many = [f"{name}={one}" for name, one in value.items()] if isinstance(value, dict) else [str(value)]
            words += [part for one in many for part in (param.opts[0], one)]
    return shlex.join(words)


def _split(words: str) -> list[str]:
    """Returns the words, split as a shell does. Raises BadInput where there is none, or one that is not closed."""
    try:
        found = shlex.split(words) if len(words) <= LONGEST and words.isprintable() else []
    except ValueError:
        found = []
    if found[:1] == ["liggare"]:
        del found[0]
    if not found:
        raise BadInput([(None, msg("{value} is no question, such as 'council --on 2025-06-01'", value=quoted(words)))])
    return found


def _command(name: str) -> click.Command:
    """Returns the command of a question. Raises BadInput for another command, and for none."""
    if name not in QUESTIONS:
        what = msg("{value} is no question; those are `{questions}`", value=quoted(name), questions=" ".join(QUESTIONS))
        raise BadInput([(None, what)])
    from cli.program import program

    command = program.get_command(click.Context(program, info_name="liggare"), name)
    assert command is not None, "every question is a command"
    return command
