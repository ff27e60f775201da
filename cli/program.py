"""The program: its commands, one run of it, and what a run that fails comes to."""

from __future__ import annotations

import errno
import gc
import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, TextIO, cast

import click

from cli.interrupts import INTERRUPTED, loaded
from cli.session import Session
from ledger.errors import DirectoryGone, Unusable
from presentation.words import msg, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

COMMANDS = {  # the command → the module and function behind it, loaded when it is called
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
    "activities": "activities:activities",
    "attendance": "attendance:attendance",
    "projects": "projects:projects",
    "findings": "findings:findings",
    "explain": "explain:explain",
    "deadlines": "deadlines:deadlines",
    "history": "history:history",
    "whoami": "whoami:whoami",
    "diff": "diff:diff",
    "replay": "replay:replay",
    "verify": "verify:verify",
    "checkpoint": "checkpoint:checkpoint",
    "prove": "prove:prove",
    "rotate-key": "rotate_key:rotate_key",
    "export": "export:export",
    "audit": "audit:audit",
    "dispose": "dispose:dispose",
    "backup": "backup:backup",
    "copy": "copy:copy",
    "upgrade": "upgrade:upgrade",
    "demo": "demo:demo",
    "schema": "schema:schema",
    "completion": "completion:completion",
}
UNWRITTEN = 6


class Commands(click.Group):
    """Loads a command when it is called, so that none pays for another's imports."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, function = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(f"cli.commands.{module}"), function)
        loaded()
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0][:80], COMMANDS, 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise click.UsageError(f"No such command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)


def _version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        from importlib.metadata import PackageNotFoundError, version

        try:
            click.echo(f"liggare {version('liggare')}")
        except PackageNotFoundError:
            click.echo(msg("liggare, not installed: run from its sources"))
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
def program() -> None:
    """A ledger of what public bodies decide under an agreement (liggare: a register kept as a running book).

    \b
    Start:    liggare init
    Record:   liggare record agreement-adopted --version 1 --assembly sala --on 2023-02-27 --organ assembly
    Ask:      liggare agreement --on 2023-03-01
    See all:  liggare demo

    \b
    Exit codes: 0 done; 1 refused, or a breach found; 2 bad input; 3 the ledger is busy, try again;
                4 damaged; 5 outcome unknown; 6 no ledger that can be used; 130 interrupted
    """


class _Unfailing:
    """Where errors are told. Of its own nobody can be told."""

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
    """Runs the command that was given, and ends the process. An answer that nobody reads to its end is no fault, and no
    text is too odd to print.
    """
    gc.disable()  # a command has ended before it has left garbage worth looking for
    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    code = run(sys.argv[1:])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # what was asked for is done
    try:
        sys.stdout.flush()
    except OSError:  # told already; Python's own flush at the end would tell it again
        sys.stdout = cast("TextIO", None)
    gc.freeze()  # so that Python does not look for it on its way out either: a third of a short command's time
    sys.exit(code)


def _open_streams() -> None:
    """Puts something in the place of a standard stream that the caller closed: no file of ours may get its number, and
    what is written to it fails.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY)  # the lowest number that is free
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as Python's own
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    errors = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = cast("TextIO", _Unfailing(errors))


def run(args: Sequence[str], clock: Callable[[], datetime] | None = None) -> int:
    """Runs one command and returns its exit code; `clock` stands in for the wall clock in demos and tests."""
    session, code = Session(clock), 0
    try:
        code = _run(args, session)
        sys.stdout.flush()
        if session.unwritten:
            return _unwritten(session.unwritten, session, code)
    except OSError as error:
        return _unwritten(error, session, code) if error.filename is None else _unreadable(error, session)
    return code


def _unreadable(error: OSError, session: Session) -> int:
    """Tells that a file of the program itself, which would say what was wrong, cannot be read; the exit code."""
    what = msg("{file} cannot be read: {error}", file=str(error.filename), error=str(error.strerror))
    if session.done:
        what = msg("{done}, but what came after it failed: {failed}", done=session.done, failed=what)
    click.echo(f"liggare: {visible(what)}", err=True)
    return UNWRITTEN


def _unwritten(error: OSError, session: Session, code: int) -> int:
    """Tells that the answer could not be written, and what was done all the same; the exit code. Whoever stopped
    reading the answer to a question has read enough.
    """
    what = msg("the answer could not be written: {error}", error=str(error.strerror))
    if session.done:
        both = msg("{done}, but {failed}", done=visible(session.done), failed=what)
        click.echo(f"liggare: {both}", err=True)
        return code
    if isinstance(error, BrokenPipeError):
        return code
    click.echo(f"liggare: {what}", err=True)
    return code or UNWRITTEN


def _is_gone() -> bool:
    """Whether the directory that the command was started in has been removed."""
    try:
        os.getcwd()  # noqa: PTH109 - a path that cannot be made is the question
    except OSError:
        return True
    return False


def _run(args: Sequence[str], session: Session) -> int:
    try:
        # no variable of the environment has click complete words instead of running the command
        code = program.main(list(args), "liggare", complete_var="", standalone_mode=False, obj=session)
    except SystemExit:  # click's way to end when nobody reads the answer any more
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE)) from None
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except Exception as error:
        from cli.error_output import report

        if isinstance(error, FileNotFoundError | Unusable) and _is_gone():
            error = DirectoryGone()
        if isinstance(error, OSError) and error.filename is None:  # not a file's: the answer's
            raise
        return report(error, args, session)
    return code if isinstance(code, int) else 0
