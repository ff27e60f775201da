"""`liggare demo [DIR]`: plays a story in a new ledger, and shows each command as a person would type it with its
answer.
"""

from __future__ import annotations

import os
import shlex
import sys
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from io import StringIO
from itertools import pairwise
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import click

from cli.options import language
from cli.printing import folded
from ledger.errors import LedgerExists, NotPermitted, Unusable
from ledger.messages import cause, filled, in_language, marked, msg
from presentation.language import current

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.story.steps import Step

ACTOR = "sekretariatet"
BEFORE = marked("""\
A made-up story on a real agreement. Each line after $ is a command as you would type it in {folder},
with LIGGARE_ACTOR={actor}. The clock is simulated: each act is recorded on the day shown, some days after it
was decided.
Where an answer is cut short, the command says how: head, tail, grep.""")
AFTER = marked("""\
The ledger and the files are in {folder}. Try next, there:
  liggare council --on 2024-05-01
  liggare history --event agreement-adopted
  liggare findings --all --on 2024-05-01 --provision vice-chairs
  liggare record member-appointed --help
  liggare import body.jsonl        (the same file again: nothing is recorded twice)""")


@click.command()
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@language
def demo(folder: Path | None) -> None:
    """Plays a whole story in a new ledger.

    The agreement is real. Every person, date and political party in the story is made up.

    \b
    Example:  liggare demo
              liggare demo /tmp/demo
    """
    from cli.story.acts import STORY

    place = _place(folder)
    click.echo(filled(BEFORE, {"folder": str(place), "actor": ACTOR}))
    day = ""
    with _living_in(place):
        for number, step in enumerate(STORY):
            if step.day != day:
                day = step.day
                shown = msg("{day}", day=date.fromisoformat(day))
                click.echo(f"\n── {shown} " + "─" * 60)
            _play(step, datetime.fromisoformat(f"{day}T09:00:00+00:00") + timedelta(minutes=number))
    click.echo("\n" + filled(AFTER, {"folder": str(place)}))


def _place(folder: Path | None) -> Path:
    """Returns the folder named, or a new temporary folder.

    Raises LedgerExists when a file of the story is there already, and Unusable or NotPermitted when the folder cannot
    be used.
    """
    from cli.story.acts import FILES

    try:
        place = folder or Path(mkdtemp(prefix="liggare-demo-"))
        place.mkdir(parents=True, exist_ok=True)
        taken = [place / name for name in ("liggare.db", *FILES) if os.path.lexists(place / name)]
    except OSError as error:
        if folder is None:
            raise Unusable(msg("a temporary folder cannot be made: {error}", error=cause(error))) from None
        raise Unusable(msg("{folder} cannot be made: {error}", folder=str(folder), error=cause(error))) from None
    except RecursionError:
        raise Unusable(msg("{folder} cannot be made: it is too many folders deep", folder=str(folder))) from None
    if taken:
        raise LedgerExists(taken[0])
    if not os.access(place, os.W_OK | os.X_OK):
        raise NotPermitted(place, "write in")
    return place


@contextmanager
def _living_in(folder: Path) -> Iterator[None]:
    """Changes to the folder, and clears every LIGGARE_ variable except the actor and the language, for as long as the
    block runs.

    An inherited LIGGARE_ variable could make the commands use a real ledger or its signing key.
    """
    kept = dict(os.environ)
    for name in [name for name in kept if name.startswith("LIGGARE_")]:
        del os.environ[name]
    os.environ.update(LIGGARE_ACTOR=ACTOR, LIGGARE_LANG=current())
    try:
        with chdir(folder):
            yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


def _play(step: Step, now: datetime) -> None:
    if step.first:
        step.first(Path())
    typed = in_language(step.typed)
    click.echo(f"\n{in_language(step.why)}\n$ {folded(typed)}")
    shown, code = _answer(typed, now)
    click.echo(shown, nl=bool(shown) and not shown.endswith("\n"))
    if code:
        click.echo(msg("(exit code {code})", code=code))
    assert code == step.code, "the story goes as it is told"


class _Screen(StringIO):
    """Captures the output of a command, and is a terminal to the command if our own stdout is one."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def _answer(typed: str, now: datetime) -> tuple[str, int]:
    """Returns the output of a command and its exit code.

    The few uses of head, tail, grep, cat and sha256sum are simulated, so that the story needs no shell.
    """
    from cli.program import run

    words = shlex.split(typed)
    filtered = "|" in words or ">" in words
    end = next((words.index(sign) for sign in ("|", ">") if sign in words), len(words))
    if words[0] != "liggare":
        return _filter(words[:-1], Path(words[-1]).read_text("utf-8")), 0
    screen = _Screen(terminal=sys.stdout.isatty() and not filtered)
    with redirect_stdout(screen), redirect_stderr(screen):
        code = run(words[1:end], clock=lambda: now.astimezone(UTC))
    if ">" in words:
        Path(words[-1]).write_text(screen.getvalue(), "utf-8")
        return "", code
    return _filter(words[end + 1 :], screen.getvalue()), code


def _filter(words: list[str], text: str) -> str:
    lines = text.splitlines(keepends=True)
    match words:
        case ["head", "-n", count]:
            return "".join(lines[: int(count)])
        case ["tail", "-n", count]:
            return "".join(lines[-int(count) :])
        case ["grep", *options]:
            words = [word for option, word in pairwise(options) if option == "-e"]
            return "".join(line for line in lines if any(word in line for word in words))
        case ["sha256sum"]:
            return f"{sha256(text.encode()).hexdigest()}  -\n"
    return text
