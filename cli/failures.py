"""What went wrong, in lines for people and documents for programs, and its exit code: the one place for both."""

from __future__ import annotations

import click

from cli.document import finding_document, print_json
from cli.text import refusal
from ledger.errors import BadInput, Contended, Damaged, LedgerError, OutcomeUnknown, Refused, Unusable

EXIT_CODES: tuple[tuple[type[LedgerError], int], ...] = (
    (Refused, 1),
    (BadInput, 2),
    (Contended, 3),
    (Damaged, 4),
    (OutcomeUnknown, 5),
    (Unusable, 6),
)


def report(error: Exception, *, as_json: bool) -> int | None:
    """Tells of an error, a line a reason on stderr, and returns the exit code; None for one that is ours to mend."""
    if isinstance(error, click.UsageError):
        error = BadInput([(None, _usage(error))])
    if isinstance(error, Refused):
        lines = [refusal(found, error.places.get(found.entries[0])) for found in error.findings]
        document: object = {"refused": [finding_document(found) for found in error.findings]}
    elif isinstance(error, BadInput):
        lines = str(error).splitlines()
        document = {"errors": [{"line": line, "what": what} for line, what in error.errors]}
    elif isinstance(error, LedgerError):
        lines, document = str(error).splitlines(), None
    else:
        return None
    if as_json and document is not None:
        print_json(document)
    for line in lines:
        click.echo(f"liggare: {line}", err=True)
    return next(code for kind, code in EXIT_CODES if isinstance(error, kind))


def _usage(error: click.UsageError) -> str:
    what = " ".join(error.format_message().split())
    path = error.ctx.command_path if error.ctx else "liggare"
    return f"{what} See `{path} --help`."
