"""The program: the table of commands, how a run starts and ends, and what happens if the answer cannot be written."""

from __future__ import annotations

import errno
import gc
import gettext
import os
import signal
import sys
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, TextIO, cast

import click

from cli.helping import translated
from cli.interrupts import INTERRUPTED, loaded
from cli.options import LANGUAGE_HELP, refuse_empty
from cli.session import Session
from ledger.errors import DirectoryGone, Unusable
from ledger.messages import cause, msg
from presentation.language import DOMAIN, LANGUAGES, LOCALE, chosen, speaking
from presentation.program import program_version
from presentation.words import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from io import TextIOWrapper

COMMANDS = {  # command → MODULE:FUNCTION in cli.commands, imported when the command is called
    "init": "init:init",
    "record": "record:record",
    "import": "import_:import_",
    "annul": "annul:annul",
    "claim": "claim:claim",
    "events": "events:events",
    "agreement": "agreement:agreement",
    "council": "council:council",
    "meetings": "meetings:meetings",
    "groups": "groups:groups",
    "reports": "reports:reports",
    "costs": "costs:costs_",
    "settlement": "settlement:settlement_",
    "officials": "officials:officials",
    "registrars": "registrars:registrars",
    "activities": "activities:activities",
    "attendance": "attendance:attendance",
    "projects": "projects:projects",
    "findings": "findings:findings",
    "explain": "explain:explain",
    "deadlines": "deadlines:deadlines",
    "history": "history:history",
    "whoami": "whoami:whoami",
    "act": "act:act",
    "diff": "diff:diff",
    "replay": "replay:replay",
    "verify": "verify:verify",
    "checkpoint": "checkpoint:checkpoint",
    "prove": "prove:prove",
    "rotate-key": "rotate_key:rotate_key",
    "export": "export:export",
    "archive": "archive:archive",
    "export-sie": "export_sie:export_sie",
    "popolo": "popolo:popolo",
    "audit": "audit:audit",
    "dispose": "dispose:dispose",
    "backup": "backup:backup",
    "copy": "copy:copy",
    "upgrade": "upgrade:upgrade",
    "serve": "serve:serve",
    "paper": "paper:paper",
    "template": "template:template",
    "sqlite": "sqlite:sqlite",
    "calendar": "calendar:calendar",
    "demo": "demo:demo",
    "schema": "schema:schema",
    "completion": "completion:completion",
}
UNWRITTEN = 6


class Commands(click.Group):
    """A group that imports the module of a command only when the command is called, so that no command waits for the
    imports of another.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, function = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(f"cli.commands.{module}"), function)
        loaded()
        return translated(command)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0][:80], COMMANDS, 1)
            if near:
                what = msg("No such command {command}. Did you mean {near}?", command=repr(args[0]), near=near[0])
            else:
                what = msg("No such command {command}.", command=repr(args[0]))
            raise click.UsageError(what, ctx)
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None:
            refuse_empty(command, rest)
        return name, command, rest


def _version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        found = program_version()
        click.echo(f"liggare {found}" if found else msg("liggare, not installed: run from its sources"))
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
@click.option("--lang", type=click.Choice(LANGUAGES), expose_value=False, help=LANGUAGE_HELP)
def program() -> None:
    """A ledger of what public bodies decide under an agreement (liggare: a register kept as a running book).

    \b
    Start:    liggare init
    Record:   liggare record agreement-adopted --version 1 --assembly sala \\
                  --on 2023-02-27 --organ assembly
    Ask:      liggare agreement --on 2023-03-01
    See all:  liggare demo

    \b
    Exit codes: 0 done; 1 refused, or a breach found; 2 bad input;
                3 the ledger is busy, try again; 4 damaged; 5 outcome unknown;
                6 no ledger that can be used; 130 interrupted
    """


class _Unfailing:
    """A wrapper of stderr that ignores OSError: a failure to print an error message cannot be reported anywhere."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def program_main() -> None:
    """Runs the command in sys.argv, and ends the process with the command's exit code.

    Characters that stdout or stderr cannot encode are printed as backslash escapes.
    """
    gc.disable()  # a command ends before a collection of cyclic garbage would pay off
    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        cast("TextIOWrapper", stream).reconfigure(errors="backslashreplace")
    code = run(sys.argv[1:])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command has run: an interrupt must not change the exit code
    try:
        sys.stdout.flush()
    except OSError:  # `run` has reported the error; Python's own flush at exit would report it again
        sys.stdout = cast("TextIO", None)
    gc.freeze()  # spares the garbage collection at exit, which took a third of a short command's time
    sys.exit(code)


def _open_streams() -> None:
    """Opens a substitute for each standard stream that the caller closed, and wraps stderr in _Unfailing.

    Otherwise a file that the program opens could get the number of a closed stream. The substitutes are read-only, so
    writing to them fails.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY)  # takes the lowest free descriptor, which is `number`
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as Python's own
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    errors = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = cast("TextIO", _Unfailing(errors))


def run(args: Sequence[str], clock: Callable[[], datetime] | None = None) -> int:
    """Runs one command and returns its exit code; `clock` stands in for the wall clock in demos and tests."""
    session = Session(clock)
    try:
        with _in_language(chosen(args, os.environ)):
            return _ended(args, session)
    except Unusable as error:  # the texts of the language are missing
        from cli.error_output import report

        return report(error, args, session)


@contextmanager
def _in_language(language: str) -> Iterator[None]:
    """Runs in a language, click's own texts too: click looks them up by gettext, which reads LANGUAGE."""
    before = os.environ.get("LANGUAGE")
    gettext.bindtextdomain(DOMAIN, str(LOCALE))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = language
    try:
        with speaking(language):
            yield
    finally:
        os.environ.pop("LANGUAGE")
        if before is not None:
            os.environ["LANGUAGE"] = before


def _ended(args: Sequence[str], session: Session) -> int:
    """Runs one command, reports what could not be written, and returns the exit code."""
    code = 0
    try:
        code = _run(args, session)
        sys.stdout.flush()
        if session.unwritten:
            return _unwritten(session.unwritten, session, code)
    except OSError as error:
        return _unwritten(error, session, code) if error.filename is None else _unreadable(error, session)
    return code


def _unreadable(error: OSError, session: Session) -> int:
    """Prints that one of the program's own files, needed to report an error, cannot be read. Returns UNWRITTEN."""
    what = msg("{file} cannot be read: {error}", file=str(error.filename), error=cause(error))
    if session.done:
        what = msg("{done}, but what came after it failed: {failed}", done=session.done, failed=what)
    click.echo(f"liggare: {visible(what)}", err=True)
    return UNWRITTEN


def _unwritten(error: OSError, session: Session, code: int) -> int:
    """Prints that the answer could not be written, and what the command had done before; returns the exit code.

    A closed pipe is no error if the command did nothing but answer: the reader has read enough.
    """
    what = msg("the answer could not be written: {error}", error=cause(error))
    if session.done:
        both = msg("{done}, but {failed}", done=visible(session.done), failed=what)
        click.echo(f"liggare: {both}", err=True)
        return code
    if isinstance(error, BrokenPipeError):
        return code
    click.echo(f"liggare: {what}", err=True)
    return code or UNWRITTEN


def _is_gone() -> bool:
    """Returns whether the directory in which the command was started has been removed."""
    try:
        os.getcwd()  # noqa: PTH109 - a path that cannot be made is the question
    except OSError:
        return True
    return False


def _context_of(args: Sequence[str]) -> click.Context:
    """Returns the context of the command in a command line; of `record`, the context of the event's command."""
    context, words = click.Context(program, info_name="liggare"), iter(args)
    while isinstance(group := context.command, click.Group):
        word = next(words, "")
        if word == "--lang":  # the program's own option, which may stand before the command
            next(words, "")
        if word.startswith("--lang"):
            continue
        if (command := group.get_command(context, word)) is None:
            break
        context = click.Context(command, parent=context, info_name=word)
    return context


def _run(args: Sequence[str], session: Session) -> int:
    try:
        # An empty `complete_var` keeps click from completing words, instead of running the command, because of an
        # environment variable.
        code = translated(program).main(list(args), "liggare", complete_var="", standalone_mode=False, obj=session)
    except SystemExit:  # click exits when the reader of stdout has closed the pipe
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE)) from None
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except Exception as error:
        from cli.error_output import report

        if isinstance(error, click.UsageError) and error.ctx is None:  # the parser's own errors do not name the command
            error.ctx = _context_of(args)
        if isinstance(error, FileNotFoundError | Unusable) and _is_gone():
            error = DirectoryGone()
        if isinstance(error, OSError) and error.filename is None:  # no file name: from writing the answer
            raise
        return report(error, args, session)
    return code if isinstance(code, int) else 0
