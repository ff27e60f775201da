"""An audit of an extract (a PDF that carries its proof): as data for programs, and as lines for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from ledger.errors import BadInput
from ledger.limits import read_given
from ledger.messages import msg
from presentation.installed import needing
from presentation.program import program_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ledger.proof.note import Verifier

PDF = b"%PDF"


def is_pdf(place: Path) -> bool:
    """Returns whether a regular file begins as a PDF does. Whoever reads a file that cannot be read says so."""
    try:
        if not place.is_file():
            return False
        with place.open("rb") as file:
            return file.read(len(PDF)) == PDF
    except OSError:
        return False


def extract_document(place: Path, since: str | None, key: Verifier | None) -> dict[str, Any]:
    """Returns the document of an audit of an extract. `since` is the note of a checkpoint that the reader has.

    Raises BadInput for a PDF that is no extract.
    """
    from ledger.proof.checkpoint import parse_checkpoint
    from ledger.proof.note import base64_of, format_vkey, parse_note

    with needing("papers"):
        from papers.checking import check_extract
        from papers.reading import NoExtract

    held = None if since is None else parse_checkpoint(parse_note(since).text)
    try:
        found = check_extract(read_given(place, str(place)), held, key)
    except NoExtract:
        raise BadInput([(None, msg("{file} is a PDF, and no extract with proof", file=str(place)))]) from None
    told, seal = found.told, found.seal
    return {
        "ok": not found.problems,
        "question": told.question if told else None,
        "on": told.foot.on if told else None,
        "known_at": f"@{told.foot.size}" if told else None,
        "proved": found.proved,
        "names": found.names,
        "origin": seal.checkpoint.origin if seal else None,
        "entries": seal.checkpoint.size if seal else None,
        "root": base64_of(seal.checkpoint.root) if seal else None,
        "vkeys": [format_vkey(seal.key)] if seal else [],
        "pages": found.pages,
        "version": told.foot.version if told else None,
        "typst": told.typst if told else None,
        "since": since is not None,
        "vkey": key is not None,
        "problems": msgspec.to_builtins(found.problems),
    }


def _by(version: str, typst: str) -> str:
    """Returns a version of the program with that of what sets its pages: another of either sets them otherwise."""
    return f"{version} (typst {typst})"


def told_of_extract(place: Path, found: Mapping[str, Any]) -> Iterator[str]:
    """Yields lines for people about an extract that holds: what it shows, and what it cannot show."""
    from papers.extract import typst_version

    yield msg(
        "{extract}: an extract of {origin} on {on}, known at {known_at}",
        extract=str(place), origin=found["origin"], on=found["on"], known_at=found["known_at"],
    )  # fmt: skip
    yield f"  {found['question']}"
    yield msg(
        "{count:entry|entries} behind the answer: each stands in the log, under the checkpoint of {size}, signed by",
        count=len(found["proved"]), size=found["entries"],
    )  # fmt: skip
    yield f"  {found['vkeys'][-1]}"
    yield msg("Names disclosed: {names}, each as registered.", names=found["names"])
    yield msg(
        "The answer's words and figures, its question, day and letterhead are as whoever made the extract wrote them."
    )
    if found["pages"] == "same":
        yield msg("Every byte of its pages, text and attachments is what this version makes of its attachments.")
    else:
        yield msg(
            "Pages not compared: liggare {theirs} made them, and this is {ours}.",
            theirs=_by(found["version"], found["typst"]), ours=_by(program_version(), typst_version()),
        )  # fmt: skip
    if found["version"] != program_version():
        yield msg("verify_ledger.py and README.txt: not compared, since they are of that version.")
    if found["since"]:
        yield msg("Its checkpoint is the one given.")
    if found["vkey"]:
        yield msg("The key given signs for it.")
    else:
        yield msg("No key was given (--vkey): the key is the extract's own, and whoever made it may have made the key.")
    yield msg("One signer; no witness.")
    yield msg(
        "Not shown by any of this: that the answer follows from all entries (audit an export), that what was recorded "
        "is true, and what came after."
    )
