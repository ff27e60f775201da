"""A package for an e-archive: FGS Paketstruktur 2.0, which is E-ARK CSIP 2.1.0 with E-ARK SIP 2.1.0. Written, and
checked when it comes back.

The package holds the export that `ledger.integrity.export` writes (rep1), papers as PDF/A (rep2) and the entries as
lines of text (rep3). A representation has a METS document of its own, and METS.xml names those.
"""

from __future__ import annotations

import os
import re
from datetime import date, datetime, time
from hashlib import file_digest, sha256
from importlib.resources import files as resources
from typing import TYPE_CHECKING, NamedTuple

import orjson

from exchange.markup import XSI, document, element
from exchange.mets import Agents, Described, Group, Listed, listed_in, mets
from exchange.premis import Happened, premis
from ledger.errors import BadInput, Tampered
from ledger.events import EVENTS
from ledger.events.record import LogRestored, PaperIssued, PersonalDataDisposed, SigningKeyChanged
from ledger.events.shape import json_schema
from ledger.integrity.export.check import check_export
from ledger.integrity.export.folder import AGREEMENT, CHECKPOINT, Folder, Problem
from ledger.integrity.export.write import Out
from ledger.limits import read_regular
from ledger.messages import cause, msg
from ledger.state.agreement import names_of_parties, terms_on
from ledger.sweden import SWEDEN
from papers.paper import title_of
from presentation.language import speaking

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from ledger.events import Event
    from ledger.integrity.export.check import Checked
    from ledger.timeline import Timeline

METS_FILE, READ_ME = "METS.xml", "documentation/LASMIG.txt"
EXPORT, PAPERS, ENTRIES = "rep1", "rep2", "rep3"
DATA_OF_EXPORT = f"representations/{EXPORT}/data"
OF_TILES = f"{DATA_OF_EXPORT}/tile/"
LINES = f"representations/{ENTRIES}/data/entries.jsonl"
DESCRIPTIVE, PRESERVATION = "metadata/descriptive/dc.xml", "metadata/preservation/premis.xml"
SCHEMA, TEXT = "schemas/events.schema.json", "documentation/agreement.txt"
CATEGORIES = {EXPORT: "Datasets", PAPERS: "Textual works – Digital", ENTRIES: "Datasets"}  # CSIP2
PDF_A = "PDF/A-2a"  # ISO 19005-2, conformance level A: what `papers.pdf` asks for
TILES = "C2SP tlog-tiles"  # c2sp.org/tlog-tiles
LONGEST_NAME, LARGEST_METS, MOST_FILES, BEGINNING = 200, 2**25, 200_000, 4096
LONGEST_LETTER = 4  # bytes of a letter in UTF-8
_OF_A_REPRESENTATION = re.compile(r"representations/[^/]+/METS\.xml")
OCTETS = "application/octet-stream"
ABOUT_THE_RECORD: tuple[type[Event], ...] = (PersonalDataDisposed, PaperIssued, SigningKeyChanged, LogRestored)
OAI_DC, DC = "http://www.openarchives.org/OAI/2.0/oai_dc/", "http://purl.org/dc/elements/1.1/"


class Made(NamedTuple):
    """A paper in the package: its kind, what it is about, or "", and its bytes as PDF/A."""

    kind: str
    which: str
    data: bytes


class Contents(NamedTuple):
    """What a package is of: the first entries of a ledger, as `timeline`, on the day `on`, under the name `name`.

    `about` holds the fields of export.json, and `note` the checkpoint. `has_papers` is false if papers were left out.
    """

    name: str
    timeline: Timeline
    on: date
    about: Mapping[str, object]
    note: str
    version: str
    has_papers: bool


def name_of(folder: Path) -> str:
    """Returns the name of a package, which is that of its folder (CSIP1, CSIPSTR2).

    Raises BadInput for a name that METS.xml could not hold, or whose letters do not show what they are.
    """
    name = folder.name
    if name and len(name) <= LONGEST_NAME and name.isprintable() and name == name.strip():
        return name
    raise BadInput(
        [(None, msg("DIR: the package has the name of its folder, and {name} is no such name", name=repr(name)[:80]))]
    )


def _put(package: Out, path: str, data: bytes) -> Listed:
    """Writes a file of a package, and returns it as a METS document lists it."""
    package.put(path, data)
    return Listed(path, len(data), sha256(data).hexdigest(), media_type(path, data[:BEGINNING]))


def _under(package: Out, folder: str) -> list[Listed]:
    """Returns every file in a folder of a package, by its path in the package, in order."""
    inside = sorted(path for path in (package.place / folder).rglob("*") if path.is_file())
    return [_listed(path, path.relative_to(package.place).as_posix()) for path in inside]


def _listed(place: Path, path: str) -> Listed:
    with place.open("rb") as file:
        begins = file.read(BEGINNING)
        file.seek(0)
        digest = file_digest(file, "sha256").hexdigest()
        return Listed(path, file.tell(), digest, media_type(path, begins))


def media_type(path: str, begins: bytes) -> str:
    """Returns the registered media type of a file in a package, by its path and its first bytes."""
    if path.endswith(".json"):
        return "application/json"
    if begins.startswith(b"%PDF-"):
        return "application/pdf"
    if path.endswith(".xml"):
        return "application/xml"
    if path.startswith(OF_TILES):
        return OCTETS
    try:
        begins.decode()
    except UnicodeDecodeError as error:
        is_cut = len(begins) == BEGINNING and BEGINNING - error.start < LONGEST_LETTER
        return "text/plain" if is_cut else OCTETS
    return OCTETS if b"\0" in begins else "text/plain"


def pack(place: Path, permissions: int, of: Contents, papers: Iterable[Made]) -> Checked:
    """Makes the package in the folder `place`, in which the export stands already, and returns the check of the export.

    The export is read once more: what is packed is what was checked. Raises Tampered if it is not what was written.
    """
    package = Out(place, permissions)
    found = _lines(package)
    made = [_put(package, paper_path(one), one.data) for one in papers]
    with speaking("sv"):
        described = _described(of)
        inside = {one: _under(package, f"representations/{one}/data") for one in (EXPORT, PAPERS, ENTRIES)}
        inside = {one: listed for one, listed in inside.items() if listed}
        pointers = [_representation(package, one, listed, described) for one, listed in inside.items()]
        beside = [
            Group("Documentation", _documentation(package, of, described, found, made)),
            Group("Schemas", [_put(package, SCHEMA, _indented(json_schema(EVENTS)))]),
            *pointers,
        ]
        descriptive = _put(package, DESCRIPTIVE, _record(of, described))
        tiles = [one for one in inside[EXPORT] if one.path.startswith(OF_TILES)]
        formats = {one.path: TILES for one in tiles} | {one.path: PDF_A for one in made}
        named = {f"representations/{one}": listed for one, listed in inside.items()}
        happened = [*_happened(of, described, found, [*named])]
        preservation = _put(package, PRESERVATION, premis(named, formats, happened, described.agents))
    _put(package, METS_FILE, mets(described, beside, descriptive, preservation))
    return found


def paper_path(paper: Made) -> str:
    """Returns the path of a paper in the package. Ids of meetings and years are safe in paths by their types."""
    return f"representations/{PAPERS}/data/{'-'.join(filter(None, (paper.kind, paper.which)))}.pdf"


def _indented(document: object) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def _lines(package: Out) -> Checked:
    """Checks the export, and writes each of its entries as a line, byte for byte."""
    with package.new(LINES) as file:

        def keep(_position: int, data: bytes) -> None:
            file.write(data)
            file.write(b"\n")

        found = check_export(package.place / DATA_OF_EXPORT, take=keep)
    if found.problems:
        raise Tampered(*(problem.line for problem in found.problems))
    return found


def _described(of: Contents) -> Described:
    """Returns what METS says of the package.

    The moment is the beginning of the day of the package in Sweden or, if it is later, that of the last entry: the
    same ledger gives the same package on the same day.
    """
    timeline, on = of.timeline, of.on
    last = datetime.fromisoformat(timeline.at(timeline.head).recorded_at)
    made = max(datetime.combine(on, time(), SWEDEN), last).astimezone(SWEDEN).isoformat()
    terms = terms_on(timeline, on)
    region = terms.party(terms.region() or "") if terms else None
    name = names_of_parties(timeline, on).get(region.id, region.name) if region else None
    agents = Agents(of.version, name, region.organisation_number if region else None)
    label = msg("Ledger of {agreement}, {size:entry|entries}", agreement=_title(of), size=timeline.head)
    return Described(of.name, label, "Mixed", made, agents)


def _title(of: Contents) -> str:
    return title_of(of.timeline, of.on) or msg("an agreement that is not recorded")


def _representation(package: Out, which: str, files: list[Listed], of: Described) -> Group:
    """Writes the METS document of a representation, and returns the group that points to it."""
    folder = f"representations/{which}"
    inside = [file._replace(path=file.path.removeprefix(f"{folder}/")) for file in files]
    own = of._replace(name=which, label=f"{of.label}: {_said_of(which)}", category=CATEGORIES[which])
    document = _put(package, f"{folder}/{METS_FILE}", mets(own, [Group("Data", inside, content=True)], None, None))
    return Group(f"Representations/{which}", [document], pointer=True)


def _said_of(which: str) -> str:
    said = {
        EXPORT: msg("the log with its proofs, and a program that checks it"),
        PAPERS: msg("papers as PDF/A"),
        ENTRIES: msg("the entries as lines of text"),
    }
    return said[which]


def _documentation(
    package: Out, of: Contents, described: Described, found: Checked, papers: list[Listed]
) -> list[Listed]:
    """Writes the README, and the agreement's own text if the ledger has it."""
    text = package.place / DATA_OF_EXPORT / AGREEMENT
    beside = [_put(package, TEXT, text.read_bytes())] if text.exists() else []
    lines = (f"    {one.path.rpartition('/')[2]}" for one in papers)
    words = {
        "name": of.name,
        "title": _title(of),
        "ledger": str(of.about["ledger_id"]),
        "organisation": described.agents.organisation or msg("not known: no terms are recorded that name it"),
        "number": described.agents.number or msg("not known"),
        "day": of.on.isoformat(),
        "made": described.made,
        "version": of.version or msg("not known"),
        "entries": of.timeline.head,
        "first": of.timeline.at(1).recorded_at,
        "last": of.timeline.at(of.timeline.head).recorded_at,
        "root": str(of.about["root"]),
        "papers": "\n".join(lines) if papers else f"    {_no_papers(of)}",
        "names": _of_names(found),
        "documents": _of_documents(found),
        "text": msg("agreement.txt is the agreement's own text.") if beside else msg("The ledger does not have it."),
    }
    template = resources("exchange").joinpath("archive_readme.txt").read_text("utf-8")
    return [_put(package, READ_ME, template.format_map(words).encode()), *beside]


def _no_papers(of: Contents) -> str:
    if of.about["public"]:
        return msg("None: papers name persons, and this package is public.")
    return msg("None: they were left out when the package was made.") if not of.has_papers else msg("None.")


def _of_names(found: Checked) -> str:
    if found.names is None:
        return msg("Names of persons: left out, since the package is public.")
    disposed = len(found.account.registered) - len(found.names)
    return msg(
        "Names of persons: {names} are here, and {disposed} were disposed of before the package was made.",
        names=len(found.names), disposed=disposed,
    )  # fmt: skip


def _of_documents(found: Checked) -> str:
    return msg(
        "Documents that entries name by their SHA-256: {here} of {named} are here; the ledger has no others.",
        here=found.documents, named=len(found.account.documents),
    )  # fmt: skip


def _record(of: Contents, described: Described) -> bytes:
    """Returns the description of the package, in Dublin Core as the OAI has it (oai_dc)."""
    agents, timeline = described.agents, of.timeline
    period = f"{timeline.at(1).recorded_at}/{timeline.at(timeline.head).recorded_at}"
    facts: list[tuple[str, str | None]] = [
        ("title", described.label),
        ("creator", agents.organisation),
        (
            "description",
            msg("Recorded {period}. Root of the first {size:entry|entries}: {root}.",
                period=period, size=timeline.head, root=str(of.about["root"])),
        ),
        ("date", of.on.isoformat()),
        ("type", "Dataset"),
        ("identifier", of.name),
        ("identifier", str(of.about["ledger_id"])),
        ("language", "sv"),
    ]  # fmt: skip
    root = element(
        "oai_dc:dc",
        {
            "xmlns:oai_dc": OAI_DC,
            "xmlns:dc": DC,
            "xmlns:xsi": XSI,
            "xsi:schemaLocation": f"{OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
        },
        *_elements(facts),
    )
    return document(root)


def _elements(facts: Iterable[tuple[str, str | None]]) -> Iterator[Element]:
    return (element(f"dc:{name}", {}, value) for name, value in facts if value)


def _happened(of: Contents, described: Described, found: Checked, whole: list[str]) -> Iterator[Happened]:
    """Yields what PREMIS tells: the package, the check of it, and the entries about the record itself."""
    size, root = of.timeline.head, str(of.about["root"])
    made = msg(
        "The package was made of the first {size:entry|entries} of the ledger {ledger}. The entries themselves, each"
        " with its moment, are in {lines}.",
        size=size, ledger=str(of.about["ledger_id"]), lines=LINES,
    )  # fmt: skip
    yield Happened("package", "information package creation", described.made, made, tuple(whole), of.note.strip())
    checked = msg("Every entry, hash, checkpoint and signature of the export was checked when the package was made.")
    told = msg("{size:entry|entries}, root {root}, {notes:checkpoint|checkpoints}",
               size=size, root=root, notes=len(found.notes))  # fmt: skip
    yield Happened("check", "fixity check", described.made, checked, (whole[0],), told)
    about = [entry for kind in ABOUT_THE_RECORD for entry in of.timeline.of(kind)]
    for entry in sorted(about, key=lambda entry: entry.position):
        kind, what = _in_words(entry.event)
        detail = msg("Entry {entry}, of {day}: {what}", entry=entry.position, day=entry.event.valid_on, what=what)
        yield Happened(f"entry-{entry.position}", kind, entry.recorded_at, detail)


def _in_words(event: object) -> tuple[str, str]:
    """Returns the type of an event in PREMIS, and what happened, in words."""
    match event:
        case PersonalDataDisposed(person=person, registrar=registrar, decision=decision):
            who = str(person or registrar)
            return "deletion", msg("the name of {who} was disposed of by {decision}", who=who, decision=decision)
        case PaperIssued(kind=kind, subject=subject, source=source):
            told = msg("a paper was issued: {kind} {subject}, SHA-256 {digest}",
                       kind=kind, subject=subject, digest=source.document or "–")  # fmt: skip
            return "dissemination", told
        case SigningKeyChanged(public_key=key):
            return "modification", msg("the signing key was changed to {key}", key=key)
        case LogRestored(restored_from=same, lost_size=lost):
            return "recovery", msg("the log was restored from a copy of {same:entry|entries}; {lost} had been signed",
                                   same=same, lost=lost)  # fmt: skip
    raise AssertionError("one of the events that are asked for")


def export_in(place: Path) -> Path:
    """Returns the folder of the export in a package, and any other place as it is."""
    return place / DATA_OF_EXPORT if is_package(place) else place


def is_package(place: Path) -> bool:
    """Returns whether a place is a package: a folder with a METS.xml, and not itself an export."""
    lists = os.path.isfile(place / METS_FILE)  # noqa: PTH113 - false for a name that is too long
    return lists and not os.path.lexists(place / CHECKPOINT)


def problems_of(place: Path) -> tuple[Problem, ...]:
    """Returns what is wrong with the files of a package, by its METS documents: those that are missing, those whose
    size or SHA-256 is another, and those that no document lists. Files that a desktop left are passed over.
    """
    folder = Folder(place)
    listed: dict[str, Listed] = {}
    for lists in (METS_FILE, *sorted(_pointed(folder))):
        files = _read(folder, lists)
        if len(listed) + len(files) > MOST_FILES:
            folder.wrong(msg("with it, more than {most} files are listed; no more are checked", most=MOST_FILES), lists)
            return folder.told()
        for one in files:
            path = f"{lists.removesuffix(METS_FILE)}{one.path}"
            if path.startswith("/") or not {"..", "."}.isdisjoint(path.split("/")):
                folder.wrong(msg("it lists {path}, which is no file of the package", path=repr(path)[:80]), lists)
            else:
                listed[path] = one
    for path, one in listed.items():
        if problem := _compared(folder, path, one):
            folder.wrong(problem, path)
    for path in sorted(folder.paths - listed.keys() - {METS_FILE}):
        folder.wrong(msg("no METS.xml lists it"), path)
    return folder.told()


def _pointed(folder: Folder) -> Iterator[str]:
    """Returns the paths of the METS documents of the representations that are there."""
    return filter(_OF_A_REPRESENTATION.fullmatch, folder.paths)


def _read(folder: Folder, lists: str) -> list[Listed]:
    try:
        return listed_in(read_regular(folder.place / lists, LARGEST_METS))
    except OSError as error:
        folder.wrong(msg("it cannot be read: {cause}", cause=cause(error)), lists)
    except ValueError as error:
        folder.wrong(str(error), lists)
    return []


def _compared(folder: Folder, path: str, listed: Listed) -> str:
    """Returns what is wrong with a file that is listed, or "" if nothing is."""
    if path not in folder.paths:
        return msg("it is missing, and METS.xml lists it")
    try:
        found = _listed(folder.place / path, path)
    except OSError as error:
        return msg("it cannot be read: {cause}", cause=cause(error))
    if found.size != listed.size:
        return msg("it has {size:byte|bytes}, and METS.xml says {listed}", size=found.size, listed=listed.size)
    return "" if found.digest == listed.digest else msg("its SHA-256 is not the one in METS.xml")
