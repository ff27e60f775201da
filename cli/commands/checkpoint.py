"""`liggare checkpoint`: signs the log, after checking that it extends what was signed before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.checkpoint_files import key_given, note_at
from cli.keys import key_file, key_path, vkey_option
from cli.options import Number, recording_unsigned
from cli.printing import print_json
from ledger.errors import BadInput, LedgerError, MustOutgrow, Tampered
from ledger.messages import marked, msg
from presentation.words import visible

if TYPE_CHECKING:
    from cli.session import Session
    from ledger.book import Ledger
    from ledger.integrity.restore import Restored
    from ledger.integrity.shown import Shown
    from ledger.proof.note import Verifier

LOST = Number(marked("{value} is not a number of entries, such as 2."), 1)


@click.command()
@click.option("--against", type=click.Path(path_type=Path), metavar="FILE",
              help="Compare with a checkpoint or receipt that somebody else has kept.")  # fmt: skip
@click.option("--after-restore", type=click.Path(path_type=Path), metavar="FILE",
              help="The ledger was restored: continue from a checkpoint that another party holds.")  # fmt: skip
@click.option("--yes-lost", type=LOST, metavar="N",
              help="With --after-restore: records that N signed entries are lost.")  # fmt: skip
@vkey_option
@key_file
@recording_unsigned
@click.pass_obj
def checkpoint(
    session: Session, /, *, against: Path | None, after_restore: Path | None, yes_lost: int | None, vkey: str | None,
    key_file: Path | None, location: str, by: str, key: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Signs a checkpoint of the ledger, and prints it.

    Anyone who keeps a checkpoint can later detect a change to any entry before it: print it in minutes and reports,
    and hand it to the parties. The signer refuses (exit 4) if the ledger does not extend the checkpoint that it signed
    last, or the one given with --against.

    \b
    Example:  liggare checkpoint
              liggare checkpoint --against minutes-2025-02.checkpoint
              liggare checkpoint --after-restore minutes-2025-02.checkpoint
    """
    from ledger.integrity.index import restores

    if yes_lost is not None and after_restore is None:
        raise BadInput([(None, msg("--yes-lost requires --after-restore FILE"))])
    kept = note_at(against, "--against") if against else None
    restored_from = note_at(after_restore, "--after-restore") if after_restore else None
    with session.ledger(location) as ledger:
        place, trusted = key_path(location, key_file), None if vkey is None else key_given(vkey)
        shown = _gone_on(ledger, kept, trusted) if kept else None
        restored = None
        if restored_from:
            from ledger.integrity.restore import after_restore as gone_on_after

            restored = gone_on_after(ledger, place, restored_from, yes_lost=yes_lost, vkey=trusted,
                                     on=session.today(), by=by, key=session.keyed(key))  # fmt: skip
        note, refused = _signed(ledger, place, restored)
        unknown = _given_up_since(ledger, restored) if restored else []
        before = [entry.position for entry in restores(ledger.store)] if shown or restored else []
    if as_json:
        print_json(_document(note, shown, restored, refused))
        session.answered = True
    _heed(refused, session, told=as_json)
    if as_json:
        return
    click.echo(note, nl=False)
    if shown:
        _say(
            msg(
                "this ledger goes on from {against}, signed at entry {entry}",
                against=str(against), entry=shown.checkpoint.size,
            )
        )  # fmt: skip
    if restored and not restored.lost:
        _say_gone_on(str(after_restore), all_here=not before and not unknown)
    for position in unknown:
        _say(msg("entry {entry} says that a key was lost; what that key signed is not known here", entry=position))
    for position in before:
        _say(msg("entry {entry} records that signed entries were lost when the ledger was restored", entry=position))


def _heed(refused: LedgerError | None, session: Session, *, told: bool) -> None:
    """Raises the error that kept the log from being signed.

    MustOutgrow is only printed, because the restore that was asked for is complete. MustOutgrow means that the log must
    grow beyond the size of the lost log before it can be signed.
    """
    if refused and not isinstance(refused, MustOutgrow):
        raise refused
    if refused and not told:
        _say(f"{session.done}; {refused}" if session.done else str(refused))


def _say(what: str) -> None:
    click.echo(f"liggare: {visible(what)}", err=True)


def _say_gone_on(kept: str, *, all_here: bool) -> None:
    if all_here:
        _say(msg("this ledger goes on from {kept} and from what the key signed last: nothing is lost", kept=kept))
    else:
        _say(msg("this ledger goes on from {kept} and from what the key signed last", kept=kept))


def _gone_on(ledger: Ledger, note: str, trusted: Verifier | None) -> Shown:
    """Returns the checkpoint shown, after checking that the ledger extends it and that `trusted`, or else the
    checkpoint's key, leads to the ledger's later signing keys.

    Raises Tampered when one of these checks fails.
    """
    from ledger.integrity.shown import against, unproven

    shown = against(ledger.store, note)
    if problems := unproven(ledger.store, trusted or shown.key, 0):
        raise Tampered(*problems)
    return shown


def _given_up_since(ledger: Ledger, restored: Restored) -> list[int]:
    """Returns the entries after the checkpoint shown that report a signing key as lost.

    The record of what a key signed is lost with the key, so what a lost key signed is unknown.
    """
    from ledger.integrity.keys import signing_keys
    from ledger.proof.succession import lost

    return [key.since for key in lost(signing_keys(ledger.store), None) if key.since > restored.shown.checkpoint.size]


def _signed(ledger: Ledger, place: Path, restored: Restored | None) -> tuple[str, LedgerError | None]:
    """Returns the signed note and None; after a restore, an empty note and the error when signing fails.

    The error is returned, because the outcome of the restore must be printed first.
    """
    from ledger.integrity.signing import sign

    try:
        return sign(ledger.store, place, ledger.clock()), None
    except LedgerError as error:
        if not restored:
            raise
        return "", error


def _document(
    note: str, shown: Shown | None, restored: Restored | None, refused: LedgerError | None
) -> dict[str, object]:
    found: dict[str, object] = {"origin": None, "size": None, "root": None, "checkpoint": None}
    if note:
        found = checkpoint_document(note)
    found["against"] = shown and {"size": shown.checkpoint.size, "consistent": True}
    if restored:
        recorded = restored.recorded and restored.recorded.entries[0].position
        found["after_restore"] = {
            "size": restored.shown.checkpoint.size,
            "entry": recorded,
            "not_signed": refused and str(refused),
        }
    return found


def checkpoint_document(note: str) -> dict[str, object]:
    """Returns a signed checkpoint as data for programs: origin, size, root and the note itself."""
    from ledger.proof.checkpoint import parse_checkpoint
    from ledger.proof.note import base64_of, parse_note

    found = parse_checkpoint(parse_note(note).text)
    root = base64_of(found.root)
    return {"origin": found.origin, "size": found.size, "root": root, "checkpoint": note}
