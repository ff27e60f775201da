"""The answer to an act: the entries recorded, and the findings and warnings about them."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click
import msgspec

from cli.printing import print_json, print_json_in_pieces
from cli.session import A_LEAP, Session
from ledger.messages import filled, marked, msg
from presentation.json_documents import finding_document
from presentation.words import entry_line, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ledger.book import Recorded
    from ledger.events import Event

LARGE = marked("takes {bytes} bytes: programs that stop reading a proof at 64 KiB, as Go's do, cannot read its receipt")
# Up to 12 new entries are all shown; of more, the first 4 and the last 4. Of each provision, 5 findings are shown.
ALL_UP_TO, ENDS, FLAGS = 12, 4, 5


def _of_the_clock(recorded: Recorded, session: Session) -> list[str]:
    """Returns warnings about the recorded time of the first new entry: more than a day ahead of this computer's clock,
    or long after the recorded time of the previous entry.
    """
    first = recorded.entries[0]
    if told := session.astray(first.recorded_at):
        return [one.shown() for one in told]
    before = recorded.timeline.at(first.position - 1).recorded_at if first.position > 1 else ""
    if not before or datetime.fromisoformat(first.recorded_at) - datetime.fromisoformat(before) <= A_LEAP:
        return []
    what = msg(
        "is recorded at {day}, and the entry before it at {before}: is the clock right?",
        day=first.recorded_at[:10], before=before[:10],
    )  # fmt: skip
    click.echo(f"liggare: {_of_entry(first.position, what)}", err=True)
    return [what]


def _of_entry(position: int, what: str) -> str:
    """Returns the text shown for a warning about an entry. Programs read the position and `what` separately."""
    return msg("entry {entry} {what}", entry=position, what=what)


def _annulled_since(recorded: Recorded) -> list[dict[str, Any]]:
    """Returns a warning for each entry that was recorded earlier under the same key and has been annulled since."""
    annulled = recorded.timeline.annulled_by
    what = marked("has since been annulled by entry {entry}: to record it again, give another --key")
    return [
        {"entry": one.position, "what": filled(what, {"entry": annulled[one.position]})}
        for one in (recorded.entries if recorded.again else ())
        if one.position in annulled
    ]


def _tell_again(recorded: Recorded) -> None:
    click.echo(msg("recorded before, under the same key; nothing was written:"))
    for one in _annulled_since(recorded):
        click.echo(_of_entry(one["entry"], one["what"]))


def _warned(recorded: Recorded) -> list[dict[str, Any]]:
    """Returns the warnings about new entries, which are also printed on stderr, and the warnings about
    earlier entries.
    """
    large = [(position, filled(LARGE, {"bytes": size})) for position, size in recorded.large.items()]
    for position, what in large:
        click.echo(f"liggare: {_of_entry(position, what)}", err=True)
    warnings = [{"entry": position, "what": what} for position, what in large] + _annulled_since(recorded)
    if not recorded.again:
        session = click.get_current_context().ensure_object(Session)
        warnings += [{"entry": recorded.entries[0].position, "what": what} for what in _of_the_clock(recorded, session)]
    return warnings


def answer_recorded(
    recorded: Recorded,
    events: Sequence[Event],
    *,
    as_json: bool,
    dry_run: bool = False,
    said: str = "",
    more: Mapping[str, Any] | None = None,
) -> None:
    """Prints the entries that `events` were recorded as, with findings and warnings.

    `said` is printed first, for people. `more` is added to the document, for programs.
    """
    from projections.history import names_given, tell

    if not dry_run:
        click.get_current_context().ensure_object(Session).stands(recorded)
    entries = recorded.entries
    names = names_given(entries, events)
    all_shown = as_json or len(recorded.entries) <= ALL_UP_TO
    told = tell(entries if all_shown else entries[:ENDS] + entries[-ENDS:], recorded.timeline, names)
    warnings = _warned(recorded)
    if as_json:
        print_json_in_pieces(
            {
                "entries": map(msgspec.to_builtins, told),
                "flagged": map(finding_document, recorded.flagged),
                "warnings": warnings,
                "again": recorded.again,
                **(more or {}),
            }
        )
        return
    for line in said.splitlines():
        click.echo(visible(line))
    if recorded.again:
        _tell_again(recorded)
    elif dry_run:
        click.echo(msg("nothing was written; it would be recorded as:"))
    with naming(recorded):
        lines = [msg("entry {entry}: {line}", entry=one.position, line=visible(entry_line(one))) for one in told]
        if not all_shown:
            lines.insert(ENDS, msg("… {more} more …", more=len(entries) - 2 * ENDS))
        click.echo("\n".join(lines))
        if recorded.flagged:
            _tell_flagged(recorded, dry_run=dry_run)


def answer_written(judged: Recorded, files: Sequence[str], to_sign: str, later: str, *, as_json: bool) -> None:
    """Prints what was written for a registrar to sign, how to sign it, and what is irregular about it as the ledger is
    now.

    `judged` is the result of a dry run; `to_sign` names the files for `ssh-keygen`, and `later` is the command that
    records what was signed.
    """
    from cli.printing import show
    from ledger.proof.act import ACT
    from ledger.signed import unsignable
    from presentation.findings import by_provision

    sign = f"ssh-keygen -Y sign -n {ACT} -f KEY {to_sign}"
    refused = unsignable(judged.entries, judged.timeline)
    if as_json:
        flagged, none = ([finding_document(one) for one in found] for found in (judged.flagged, refused))
        print_json({"files": files, "sign": sign, "record": later, "flagged": flagged, "refused": none})
        return
    click.echo(msg("written: {files}; nothing is recorded yet", files=tuple(map(visible, files))))
    click.echo(msg("to sign:    {command}", command=visible(sign)))
    click.echo(msg("to record:  {command}", command=visible(later)))
    with naming(judged):
        if judged.flagged:
            _tell_flagged(judged, dry_run=True)
        if refused:
            show(msg("as the ledger is now, it would be refused once it is signed"), *by_provision(refused, FLAGS))


@contextmanager
def naming(recorded: Recorded) -> Iterator[None]:
    """Shows the persons in the findings, and every party, by name within the `with` block."""
    from ledger.messages import showing
    from presentation.phrases import called, parties

    with showing(called(recorded.people), parties(lambda: recorded.parties)):
        yield


def _tell_flagged(recorded: Recorded, *, dry_run: bool) -> None:
    from cli.printing import show
    from presentation.findings import by_provision

    number = len(recorded.flagged)
    if dry_run:
        head = msg("flagged: {number:finding|findings}; it would be recorded all the same", number=number)
    else:
        head = msg("flagged: {number:finding|findings}; it is recorded all the same", number=number)
    show(head, *by_provision(recorded.flagged, FLAGS))
