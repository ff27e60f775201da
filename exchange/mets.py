"""METS documents of an E-ARK package: what they say is written, and which files they list is read.

METS 1.12 in the profile E-ARK SIP 2.1.0, which is E-ARK CSIP 2.1.0 and more; together they are the Swedish FGS
Paketstruktur 2.0 (RAFGS1V2.0). CSIP1 to CSIP119 and SIP1 to SIP35 below name their requirements.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, unquote
from xml.parsers import expat

from exchange.markup import XLINK, XSI, document, element
from ledger.messages import msg

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from xml.etree.ElementTree import Element

METS = "http://www.loc.gov/METS/"
CSIP, SIP = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS", "https://DILCIS.eu/XML/METS/SIPExtensionMETS"
PROFILE = "https://earksip.dilcis.eu/profile/E-ARK-SIP.xml"  # SIP2
SCHEMAS = (
    (METS, "http://www.loc.gov/standards/mets/mets.xsd"),
    (XLINK, "http://www.loc.gov/standards/mets/xlink.xsd"),
    (CSIP, "https://earkcsip.dilcis.eu/schema/DILCISExtensionMETS.xsd"),
    (SIP, "https://earksip.dilcis.eu/schema/DILCISExtensionSIPMETS.xsd"),
)
OTHER = "liggare"  # the content information type, for which there is no specification in the vocabulary (CSIP5)
OF_FILES, OF_METADATA = f"{METS} file", f"{METS} mdRef"
DEEPEST = 64
_SHA_256 = re.compile(r"[0-9A-Fa-f]{64}", re.ASCII)


class Listed(NamedTuple):
    """A file as a METS document lists it. `path` is relative to the document's folder, and `digest` its SHA-256."""

    path: str
    size: int
    digest: str
    kind: str = ""  # the media type


class Agents(NamedTuple):
    """Who made a package: the program with its version, and the organisation with its number, as far as known."""

    version: str
    organisation: str | None
    number: str | None


class Described(NamedTuple):
    """What a METS document says of the whole. `made` is a moment as XML has it, and `category` its CSIP2."""

    name: str
    label: str
    category: str
    made: str
    agents: Agents


class Group(NamedTuple):
    """Files of one use, such as `Documentation` (CSIP64). `pointer` is the METS document that describes the rest of a
    representation, and `content` whether the files are of the content itself.
    """

    use: str
    files: Sequence[Listed]
    pointer: bool = False
    content: bool = False


def mets(of: Described, groups: Sequence[Group], descriptive: Listed | None, preservation: Listed | None) -> bytes:
    """Returns a METS document that lists the files of `groups`, and the metadata beside them."""
    spaces = {"mets": METS, "csip": CSIP, "sip": SIP, "xlink": XLINK, "xsi": XSI}
    root = element(
        "mets:mets",
        {f"xmlns:{prefix}": space for prefix, space in spaces.items()}
        | {
            "OBJID": of.name,
            "LABEL": of.label,
            "TYPE": of.category,
            **_other(),
            "PROFILE": PROFILE,
            "xsi:schemaLocation": " ".join(f"{space} {place}" for space, place in SCHEMAS),
        },
        _header(of),
    )
    if descriptive:
        root.append(element("mets:dmdSec", _section("dmd-1", of), _metadata(descriptive, {"MDTYPE": "DC"}, of.made)))
    if preservation:
        kind = {"MDTYPE": "PREMIS", "MDTYPEVERSION": "3.0"}
        section = element("mets:digiprovMD", _section("digiprov-1", of), _metadata(preservation, kind, of.made))
        root.append(element("mets:amdSec", {"ID": "amd-1"}, section))
    root.append(_files(groups, of.made))
    root.append(_structure(of, groups, descriptive, preservation))
    return document(root)


def _other() -> dict[str, str]:
    return {"csip:CONTENTINFORMATIONTYPE": "OTHER", "csip:OTHERCONTENTINFORMATIONTYPE": OTHER}


def _section(name: str, of: Described) -> dict[str, str]:
    return {"ID": name, "CREATED": of.made, "STATUS": "CURRENT"}


def _header(of: Described) -> Element:
    """Returns the header: the program (CSIP10 to CSIP16), the archival creator (SIP9) and who submits (SIP15).

    Nobody has recorded who preserves the package, or whom to ask about it, so the header does not say.
    """
    agents, about = of.agents, {"CREATEDATE": of.made, "RECORDSTATUS": "NEW", "csip:OAISPACKAGETYPE": "SIP"}
    header = element("mets:metsHdr", about)
    program = {"ROLE": "CREATOR", "TYPE": "OTHER", "OTHERTYPE": "SOFTWARE"}
    header.append(_agent(program, "liggare", "SOFTWARE VERSION", agents.version))
    for role in ("ARCHIVIST", "CREATOR") if agents.organisation else ():
        organisation = {"ROLE": role, "TYPE": "ORGANIZATION"}
        header.append(_agent(organisation, agents.organisation or "", "IDENTIFICATIONCODE", agents.number))
    return header


def _agent(about: dict[str, str], name: str, of_note: str, note: str | None) -> Element:
    made = element("mets:agent", about, element("mets:name", {}, name))
    if note:
        made.append(element("mets:note", {"csip:NOTETYPE": of_note}, note))
    return made


def _metadata(file: Listed, kind: Mapping[str, str], made: str) -> Element:
    return element("mets:mdRef", {**_location(file), **kind, **_measures(file, made)})


def _location(file: Listed) -> dict[str, str]:
    return {"LOCTYPE": "URL", "xlink:type": "simple", "xlink:href": quote(file.path)}


def _measures(file: Listed, made: str) -> dict[str, str]:
    return {
        "MIMETYPE": file.kind,
        "SIZE": str(file.size),
        "CREATED": made,
        "CHECKSUM": file.digest,
        "CHECKSUMTYPE": "SHA-256",
    }


def _files(groups: Sequence[Group], made: str) -> Element:
    section = element("mets:fileSec", {"ID": "files"})
    for number, group in enumerate(groups, 1):
        of_content = _other() if group.pointer or group.content else {}
        inside = element("mets:fileGrp", {"ID": f"group-{number}", "USE": group.use, **of_content})
        for place, file in enumerate(group.files, 1):
            about = {"ID": f"file-{number}-{place}", **_measures(file, made)}
            inside.append(element("mets:file", about, element("mets:FLocat", _location(file))))
        section.append(inside)
    return section


def _structure(
    of: Described, groups: Sequence[Group], descriptive: Listed | None, preservation: Listed | None
) -> Element:
    """Returns the structural map (CSIP80 to CSIP112): a division for the metadata, and one for each group."""
    named = {"ADMID": "digiprov-1" if preservation else "", "DMDID": "dmd-1" if descriptive else ""}
    whole = element("mets:div", {"ID": "div-0", "LABEL": of.name})
    about = {"ID": "div-metadata", "LABEL": "Metadata", **{name: one for name, one in named.items() if one}}
    whole.append(element("mets:div", about))
    for number, group in enumerate(groups, 1):
        if group.pointer:
            location = {**_location(group.files[0]), "xlink:title": f"group-{number}"}
            inside = element("mets:mptr", location)
        else:
            inside = element("mets:fptr", {"FILEID": f"group-{number}"})
        whole.append(element("mets:div", {"ID": f"div-{number}", "LABEL": group.use}, inside))
    return element("mets:structMap", {"ID": "structure", "TYPE": "PHYSICAL", "LABEL": "CSIP"}, whole)


def listed_in(data: bytes) -> list[Listed]:
    """Returns the files that a METS document lists, in its order, metadata among them.

    Raises ValueError, which says what is wrong and where, for a document that is not well-formed, that has a document
    type (no entity is ever read), or that lists a file without its location, its size or its SHA-256.
    """
    reading = _Reading()
    parser = expat.ParserCreate("utf-8", " ")  # whatever encoding it says it is in
    parser.StartDoctypeDeclHandler = reading.refuse_doctype
    parser.StartElementHandler, parser.EndElementHandler = reading.start, reading.end
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ValueError(
            msg("line {line}, column {column}: it is not well-formed XML", line=error.lineno, column=error.offset + 1)
        ) from None
    except _Wrong as error:
        raise ValueError(msg("line {line}: {problem}", line=parser.CurrentLineNumber, problem=str(error))) from None
    return reading.listed


class _Wrong(Exception):
    """What is wrong with a METS document at the place that is being read."""


class _Reading:
    """The files listed so far, and those around the element that is being read."""

    def __init__(self) -> None:
        self.listed: list[Listed] = []
        self._depth = 0
        self._file: dict[str, str] | None = None  # the attributes of the `file` that is open

    def refuse_doctype(self, *_: Any) -> None:
        raise _Wrong(msg("it has a document type, which no METS document of a package needs"))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _Wrong(msg("elements are nested more than {most} deep", most=DEEPEST))
        if self._depth == 1 and name != f"{METS} mets":
            raise _Wrong(msg("it is not a METS document"))
        if name == OF_FILES:
            self._file = attributes
        elif name == OF_METADATA:
            self._take(attributes, attributes)
        elif name == f"{METS} FLocat" and self._file is not None:
            self._take(self._file, attributes)

    def end(self, name: str) -> None:
        self._depth -= 1
        if name == OF_FILES:
            self._file = None

    def _take(self, file: dict[str, str], location: dict[str, str]) -> None:
        path, size, digest = location.get(f"{XLINK} href", ""), file.get("SIZE", ""), file.get("CHECKSUM", "")
        if not path:
            raise _Wrong(msg("a file has no location"))
        if file.get("CHECKSUMTYPE") != "SHA-256" or not _SHA_256.fullmatch(digest):
            raise _Wrong(msg("a file has no SHA-256"))
        if not (size.isascii() and size.isdecimal() and len(size) <= len(str(2**63))):
            raise _Wrong(msg("a file has no size"))
        self.listed.append(Listed(unquote(path), int(size), digest.lower()))
