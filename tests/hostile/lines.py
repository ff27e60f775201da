"""Generates hostile command lines: every command, option and argument, with values, files, streams and environments
that are made to fail. The same seed always gives the same command lines.
"""

from __future__ import annotations

import shlex
from functools import cache
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import click

from cli.fields import example
from cli.program import COMMANDS, program
from ledger.events import EVENTS
from tests.hostile.files import Given, spoilt
from tests.hostile.values import ENV, FITTING, GIVEN, GOOD, OF_ENV, POOLS, STREAMS, TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterator

ENDLESS = ("serve",)  # answers until it is told to stop
DEAR = ("demo",)  # `demo` takes as long as a hundred other commands


class Line(NamedTuple):
    """A command line: its words, environment and standard streams, and the damaged files to make for it."""

    words: tuple[str, ...]
    env: dict[str, str]
    streams: tuple[str, str, str]
    given: tuple[Given, ...] = ()


class Leaf(NamedTuple):
    """A command without subcommands: its words and its parameters."""

    words: tuple[str, ...]
    params: tuple[click.Parameter, ...]


@cache
def leaves() -> tuple[list[Leaf], list[Leaf]]:
    """Returns two lists: every command, and every event of `record`."""
    found = [Leaf((name,), tuple(_command(name).params)) for name in COMMANDS if name not in {"record", *ENDLESS}]
    record = _command("record")
    assert isinstance(record, click.Group)
    parent = click.Context(record)
    return found, [Leaf(("record", name), tuple(_event(record, parent, name).params)) for name in EVENTS]


def _command(name: str) -> click.Command:
    command = program.get_command(click.Context(program), name)
    assert command is not None
    return command


def _event(record: click.Group, parent: click.Context, name: str) -> click.Command:
    command = record.get_command(parent, name)
    assert command is not None
    return command


def lines(seed: int, number: int) -> list[Line]:
    """Returns `number` command lines, always the same for the same seed. All commands except `demo` are about equally
    frequent.
    """
    return list(islice(_lines(Random(seed)), number))


def _lines(random: Random) -> Iterator[Line]:
    commands, events = leaves()
    while True:
        dear = random.random() < 0.2
        deck = [*(leaf for leaf in (*commands, *commands) if dear or leaf.words != DEAR), *random.sample(events, 20)]
        random.shuffle(deck)
        for leaf in deck:
            yield _line(random, leaf)


def _line(random: Random, leaf: Leaf) -> Line:
    draft = _Draft(leaf)
    if random.random() < 0.3 and any("--json" in param.opts for param in leaf.params):
        draft.flags.append("--json")
    for param in random.sample(leaf.params, min(len(leaf.params), random.choice((0, 1, 1, 1, 2, 2, 3)))):
        draft.spoil(random, param)
    words, given = draft.words(random), draft.given
    env = dict(ENV)
    if random.random() < 0.15:
        for name in random.sample(sorted(OF_ENV), random.randint(1, 3)):
            env[name] = random.choice(OF_ENV[name])
    streams = random.choice(STREAMS) if random.random() < 0.15 else ("null", "", "")
    if leaf.words == ("import",) and random.random() < 0.2:
        streams = ("spoilt", "", "")
        words = [*(word for word in words if not word.startswith("e.")), "-"]
    if streams[0] == "spoilt":
        given.append(spoilt(random, "e.jsonl", "spoilt"))
    return Line(tuple(map(_as_given, words)), env, streams, tuple(given))


def _as_given(word: str) -> str:
    """Removes NUL from a text, because no process argument can contain NUL. Surrogates, which Python uses for bytes
    that are not UTF-8, are not removed.
    """
    return word.replace("\0", "")


class _Draft:
    """A command line under construction: option values, arguments and flags, and the damaged files to make for it."""

    def __init__(self, leaf: Leaf) -> None:
        self.leaf = leaf
        self.arguments = [GOOD[_name(param)] for param in _arguments(leaf) if param.required]
        self.values = {
            param.opts[0]: [GOOD[_name(param)]]
            for param in leaf.params
            if isinstance(param, click.Option) and param.required
        }
        good = shlex.split(example(leaf.words[1]))[3:] if leaf.words[0] == "record" else []
        for option, value in zip(good[::2], good[1::2], strict=True):
            self.values.setdefault(option, []).append(value)
        self.flags: list[str] = []
        self.given: list[Given] = []

    def spoil(self, random: Random, param: click.Parameter) -> None:
        """Gives the parameter a value that the program must refuse, or might refuse."""
        if isinstance(param, click.Option) and param.is_flag:
            self.flags += [param.opts[0]] * (param.name != "as_json")
            return
        value = _value(random, param, self.given)
        if isinstance(param, click.Argument):
            place = _arguments(self.leaf).index(param)
            self.arguments[place : place + 1] = [value]
        elif param.multiple and random.random() < 0.3:
            self.values.setdefault(param.opts[0], []).append(value)
        else:
            self.values[random.choice(param.opts)] = [value]

    def words(self, random: Random) -> list[str]:
        """Returns the words of the command line, with options before or after the arguments."""
        options = [
            word for name, many in self.values.items() for value in many for word in _option(random, name, value)
        ]
        rest = [*self.arguments, *options] if random.random() < 0.5 else [*options, *self.arguments]
        return _oddly(random, [*self.leaf.words, *self.flags], rest)


def _arguments(leaf: Leaf) -> list[click.Parameter]:
    return [param for param in leaf.params if isinstance(param, click.Argument)]


def _value(random: Random, param: click.Parameter, given: list[Given]) -> str:
    name, chance = _name(param), random.random()
    if name in GIVEN and chance < 0.5:
        kind = random.choice(GIVEN[name])
        given.append(spoilt(random, kind, f"spoilt-{len(given)}-{kind}"))
        return given[-1].name
    fitting = next((FITTING[word] for word in (name, param.metavar, *name.split("_")) if word in FITTING), TEXTS)
    return random.choice(fitting if chance < 0.8 else random.choice(POOLS))


def _name(param: click.Parameter) -> str:
    return (param.name or "").removeprefix("field_")


def _option(random: Random, option: str, value: str) -> list[str]:
    if option.startswith("--") and (value.startswith("-") or random.random() < 0.2):
        return [f"{option}={value}"]
    return [option, value]


def _oddly(random: Random, first: list[str], rest: list[str]) -> list[str]:
    """Returns the words of a command line, sometimes with a word added, left out or swapped with another."""
    chance = random.random()
    if chance < 0.04 and rest:
        rest.pop(random.randrange(len(rest)))
    elif chance < 0.08:
        rest.insert(random.randint(0, len(rest)), random.choice(random.choice(POOLS)))
    elif chance < 0.10:
        random.shuffle(rest)
    elif chance < 0.12:
        first = [random.choice(TEXTS), *first] if chance < 0.11 else first[:-1]
    elif chance < 0.14:
        rest += rest
    elif chance < 0.15:
        rest = rest * 200
    return [*first, *rest]
