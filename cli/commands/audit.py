"""`liggare audit DIR|FILE`: checks an export, a receipt or an extract made by somebody else. No ledger is needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec
import orjson

from cli.checkpoint_files import key_given, note_at, receipt_at
from cli.extracts import extract_document, is_pdf, told_of_extract
from cli.options import answering
from cli.printing import print_json
from cli.replays import digests_of, replaying, wanted
from cli.trust import told_of_trust, told_unproven, unproven
from ledger.errors import NewerLedger
from ledger.messages import msg, phrase
from ledger.values import quoted
from presentation.program import program_version
from presentation.words import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cli.session import Session
    from ledger.messages import Phrase
    from ledger.proof.note import Verifier
    from projections.digests import Compared

TAMPERED = 4
MOST_NAMED = 10  # questions that one side alone answers and that are named; --json names all


@click.command()
@click.argument("place", metavar="DIR|FILE", type=click.Path(path_type=Path))
@click.option("--since", type=click.Path(path_type=Path), metavar="OLD-CHECKPOINT",
              help="A checkpoint or receipt that you already have: the log must extend it.")  # fmt: skip
@click.option("--vkey", metavar="VKEY", help="The ledger's public key, obtained from another source.")
@replaying
@answering
@click.pass_obj
def audit(session: Session, /, *, place: Path, since: Path | None, vkey: str | None, replay: bool | None,
          as_json: bool) -> None:  # fmt: skip
    """Checks an export, an archive package, a receipt or an extract.

    In an export, checks every entry, hash, checkpoint, signature and name, then replays the entries and compares the
    answers with the exporter's. In an archive package, checks the export in it, and every file against METS.xml. In a
    receipt, checks that its checkpoint covers its entry. In an extract, a PDF, checks all its receipts and names, and
    makes its pages again. Exits 4 if anything is wrong.

    \b
    Example:  liggare audit /media/usb/liggare-2024 --since minutes-2023-12.checkpoint
              liggare audit entry-12.tlog-proof --vkey liggare/3f…+1a2b3c4d+AX…
              liggare audit extract.pdf --vkey liggare/3f…+1a2b3c4d+AX…
    """
    held = None if since is None else note_at(since, "--since")
    key = None if vkey is None else key_given(vkey)
    with session.patience():
        is_file = place.exists() and not place.is_dir()
        if is_file and is_pdf(place):
            document = extract_document(place, held, key)
        else:
            document = _receipt(place, held, key) if is_file else _export(session, place, held, key, replay)
    if as_json:
        print_json(document | ({"answers": document["answers"].english()} if "answers" in document else {}))
    elif document["ok"]:
        click.echo("\n".join(map(visible, _told(place, document))))
    if not document["ok"]:
        from ledger.integrity.export.folder import Problem

        for problem in document["problems"]:
            click.echo(f"liggare: {visible(Problem(**problem).line)}", err=True)
        raise click.exceptions.Exit(TAMPERED)


def _export(
    session: Session, place: Path, since: str | None, key: Verifier | None, replay: bool | None
) -> dict[str, Any]:
    """Returns the document of an audit: what the export holds, its problems, and how the replayed answers compare."""
    from exchange.archive import export_in, is_package, problems_of
    from ledger.integrity.export.check import check_export
    from ledger.integrity.export.folder import ABOUT, Problem
    from ledger.proof.note import base64_of

    session.log(msg("checking {place}", place=str(place)))
    entries: list[bytes] = []

    def keep(position: int, data: bytes) -> None:
        if wanted(replay, position):
            entries.append(data)

    found = check_export(export_in(place.absolute()), since=since, key=key, take=keep)
    problems, answers, replayed = list(found.problems), phrase("not compared"), None
    if not problems and len(entries) == found.account.head:
        answers, same, replayed = _compared(session, found.about, entries)
        if not same:
            problems.append(Problem(what=msg("replayed, the answers {answers}", answers=answers), path=ABOUT))
    package = is_package(place.absolute())
    problems += problems_of(place.absolute()) if package else ()
    head = found.head
    return {
        "ok": not problems,
        "entries": found.account.head,
        "root": base64_of(head.root) if head else None,
        "origin": head.origin if head else None,
        "checkpoints": len(found.notes),
        "vkeys": found.about.get("vkeys", []),
        "names": None if found.names is None else len(found.names),
        "documents": {"named": len(found.account.documents), "here": found.documents},
        "passed_over": found.passed_over,
        **unproven(found),
        "latest": found.account.latest,
        "answers": answers,
        "compared": None if replayed is None else msgspec.to_builtins(replayed),
        "since": since is not None,
        "vkey": key is not None,
        "problems": msgspec.to_builtins(problems),
        **({"package": package} if package else {}),
    }


def _compared(session: Session, about: Mapping[str, Any], entries: list[bytes]) -> tuple[Phrase, bool, Compared | None]:
    """Returns how the answers of a replay compare with the exporter's, in words; whether the comparison is acceptable;
    and the comparison itself, or None if there was none.

    The comparison is not acceptable when answers should be the same and differ. Answers that cannot be compared are
    acceptable, and the words name their questions: export.json is not signed, so a question may have been removed from
    it.
    """
    from ledger.encoding import decode
    from ledger.timeline import Timeline
    from ledger.timeline.entries import at_hand
    from projections.digests import Digests, compared

    if not about.get("state"):
        return phrase("not compared: the export holds no digests of them"), True, None
    try:
        timeline = Timeline(at_hand([decode(data, position) for position, data in enumerate(entries, 1)]))
    except NewerLedger as error:
        return phrase("not compared: {error}", error=error), True, None
    theirs = msgspec.convert(about["state"], Digests)
    found = compared(digests_of(timeline, theirs.on, session.log), theirs)
    if found.both and not found.differ and found.is_whole:
        return _same(found), True, found
    if about.get("version") != program_version():
        others = phrase(
            "not compared: the exporter used liggare {theirs}, and this is {ours}",
            theirs=str(about.get("version")), ours=program_version(),
        )  # fmt: skip
        return others, True, None
    if found.differ:
        return phrase("differ from the exporter's in {questions}", questions=found.differ), False, found
    if not found.is_whole:
        return phrase("differ from the exporter's in their digest"), False, found
    return phrase("not compared: the export holds no digest of a question that this program answers"), True, found


def _same(found: Compared) -> Phrase:
    """Returns that the answers are the same, and names the questions that one side alone answers."""
    missing, unknown = (
        (*map(quoted, several[:MOST_NAMED]), *(["…"] if len(several) > MOST_NAMED else []))
        for several in (found.only_ours, found.only_theirs)
    )
    if missing and unknown:
        return phrase(
            "the same as the exporter's in every question compared; the export holds no digest of {missing}, and this "
            "program does not answer {unknown}",
            missing=missing, unknown=unknown,
        )  # fmt: skip
    if missing:
        return phrase(
            "the same as the exporter's in every question compared; the export holds no digest of {missing}",
            missing=missing,
        )
    if unknown:
        return phrase(
            "the same as the exporter's in every question compared; this program does not answer {unknown}",
            unknown=unknown,
        )
    return phrase("the same as the exporter's")


def _receipt(place: Path, since: str | None, key: Verifier | None) -> dict[str, Any]:
    """Returns the document of a receipt: the entry it proves, and its problems. Raises BadInput when the file is not a
    receipt.
    """
    from ledger.integrity.export.folder import Problem
    from ledger.integrity.export.shown import faults
    from ledger.proof.checkpoint import parse_checkpoint
    from ledger.proof.note import base64_of, parse_note

    receipt, says = receipt_at(place, str(place))
    held = None if since is None else parse_checkpoint(parse_note(since).text)
    position = receipt.index + 1
    problems = [Problem(what=what, position=position) for what in faults(receipt, says, held, key)]
    return {
        "ok": not problems,
        "entry": position,
        "stored": orjson.loads(receipt.extra) if not problems else None,
        "origin": says.origin,
        "entries": says.size,
        "root": base64_of(says.root),
        "since": since is not None,
        "vkey": key is not None,
        "problems": msgspec.to_builtins(problems),
    }


def _told(place: Path, found: dict[str, Any]) -> Iterator[str]:
    """Yields lines for people: what an audit shows, and what it cannot show."""
    if "question" in found:
        yield from told_of_extract(place, found)
        return
    if "entry" in found:
        yield from _told_of_receipt(place, found)
        return
    yield msg(
        "{export}: {entries:entry|entries} of {origin}, the last recorded {latest}",
        export=str(place), entries=found["entries"], origin=found["origin"], latest=found["latest"],
    )  # fmt: skip
    yield msg("Root {root}, signed for by", root=found["root"])
    yield f"  {found['vkeys'][-1]}"
    yield msg(
        "Every entry, hash and signature holds; so does every checkpoint, of which there are {checkpoints}.",
        checkpoints=found["checkpoints"],
    )
    if found["names"] is None:
        yield msg("Names: left out of a public export. Answers to a replay: {answers}.", answers=found["answers"])
    else:
        yield msg(
            "Names: {names}, each as registered. Answers to a replay: {answers}.",
            names=found["names"], answers=found["answers"],
        )  # fmt: skip
    if "package" in found:
        yield msg("Every file of the archive package is as METS.xml lists it, and no other is there.")
    documents = found["documents"]
    yield msg(
        "Of what entries name, documents: {here} of {named} named are here.",
        here=documents["here"],
        named=documents["named"],
    )
    yield from (
        msg("Passed over, since it is no part of an export: {path}", path=path) for path in found["passed_over"]
    )
    yield from told_unproven(found)
    yield from told_of_trust(since=found["since"], key=found["vkey"])
    yield msg("Not shown by any of this: that what was recorded is true, and what came after the last entry.")


def _told_of_receipt(place: Path, found: dict[str, Any]) -> Iterator[str]:
    stored = found["stored"]
    yield msg(
        "{receipt}: entry {entry}, among the {entries} that are signed for {origin}",
        receipt=str(place), entry=found["entry"], entries=found["entries"], origin=found["origin"],
    )  # fmt: skip
    yield f"  {msg('{event} on {day}', event=stored['event'], day=stored['valid_on'])}"
    yield f"  {msg('recorded {at} by {who}', at=stored['recorded_at'], who=stored['recorded_by'])}"
    yield f"  {orjson.dumps(stored['fields']).decode()}"
    yield msg("The entry is unchanged. A receipt does not show what happened later, such as an annulment.")
