"""The command line: parses, calls once, prints. The only place that reads a clock."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click

from cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

COMMANDS = {  # the command → the module and function behind it, loaded when it is called
    "init": "init:init",
    "record": "record:record",
    "import": "importing:import_",
    "annul": "annul:annul",
    "events": "reference:events",
    "agreement": "questions:agreement",
    "council": "questions:council",
    "findings": "questions:findings",
    "history": "questions:history",
    "backup": "backup:backup",
    "demo": "demo:demo",
}


class Commands(click.Group):
    """Loads a command when it is called, so that none pays for another's imports."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, function = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(f"cli.{module}"), function)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="liggare", prog_name="liggare")
def program() -> None:
    """A ledger of what public bodies decide under an agreement (liggare: a register kept as a running book).

    \b
    Start:    liggare init
    Record:   liggare record agreement-adopted --version 1 --assembly sala --on 2023-02-27 --organ assembly
    Ask:      liggare agreement --on 2023-03-01
    See all:  liggare demo
    """


def main() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))


def run(args: Sequence[str], clock: Callable[[], datetime] | None = None) -> int:
    """Runs one command and returns its exit code; `clock` stands in for the wall clock in demos and tests."""
    try:
        program.main(list(args), prog_name="liggare", standalone_mode=False, obj=Session(clock))
    except click.exceptions.Exit as done:
        return done.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except (KeyboardInterrupt, click.Abort):
        return 130
    except Exception as error:
        from cli.failures import report

        code = report(error, as_json="--json" in args)
        if code is None:
            raise
        return code
    return 0
