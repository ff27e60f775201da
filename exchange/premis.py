"""PREMIS 3.0: what the files of a package are, and what has happened to them. Nothing is read from it.

The entries of the ledger are not repeated here: they stand in the package itself, each with its moment. What is here
is what concerns preservation: that the package was made and checked, and the entries about the record itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from exchange.markup import XSI, document, element

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from xml.etree.ElementTree import Element

    from exchange.mets import Agents, Listed

PREMIS = "http://www.loc.gov/premis/v3"
SCHEMA = "http://www.loc.gov/standards/premis/v3/premis.xsd"
AUTHORITY = {  # https://id.loc.gov/vocabulary/preservation/eventType
    "authority": "eventType",
    "authorityURI": "http://id.loc.gov/vocabulary/preservation/eventType",
}
PROGRAM = "liggare"
FORMATS = {  # media type → the format's name
    "application/pdf": "Portable Document Format",
    "application/json": "JSON",
    "application/xml": "Extensible Markup Language",
    "application/octet-stream": "unknown",
    "text/plain": "Plain text, UTF-8",
}


class Happened(NamedTuple):
    """Something that happened, in words. `moment` is as XML has it, and `about` are the objects concerned."""

    identifier: str
    kind: str
    moment: str
    detail: str
    about: tuple[str, ...] = ()
    outcome: str = ""


def premis(
    representations: Mapping[str, Sequence[Listed]],
    formats: Mapping[str, str],
    happened: Iterable[Happened],
    agents: Agents,
) -> bytes:
    """Returns a PREMIS document about the files of each representation, whose paths are relative to the package.

    `formats` gives the format of a file by its path, where its media type does not say all.
    """
    root = element(
        "premis:premis",
        {
            "xmlns:premis": PREMIS,
            "xmlns:xsi": XSI,
            "xsi:schemaLocation": f"{PREMIS} {SCHEMA}",
            "version": "3.0",
        },
    )
    for name, files in representations.items():
        root.append(_object("representation", name))
        root.extend(_file(file, name, formats.get(file.path, FORMATS[file.kind])) for file in files)
    root.extend(map(_event, happened))
    root.extend(_agents(agents))
    return document(root)


def _identified(of: str, value: str, kind: str = "local") -> Element:
    inside = (_text(f"{of}IdentifierType", kind), _text(f"{of}IdentifierValue", value))
    return element(f"premis:{of}Identifier", {}, *inside)


def _text(name: str, text: str, attributes: Mapping[str, str] = {}) -> Element:
    return element(f"premis:{name}", attributes, text)


def _object(kind: str, name: str, *more: Element) -> Element:
    return element("premis:object", {"xsi:type": f"premis:{kind}"}, _identified("object", name), *more)


def _file(file: Listed, whole: str, kind: str) -> Element:
    digest = (_text("messageDigestAlgorithm", "SHA-256"), _text("messageDigest", file.digest))
    named = element("premis:formatDesignation", {}, _text("formatName", kind))
    characteristics = element(
        "premis:objectCharacteristics",
        {},
        element("premis:fixity", {}, *digest),
        _text("size", str(file.size)),
        element("premis:format", {}, named),
    )
    part_of = element(
        "premis:relationship",
        {},
        _text("relationshipType", "structural"),
        _text("relationshipSubType", "is Part Of"),
        element(
            "premis:relatedObjectIdentifier",
            {},
            _text("relatedObjectIdentifierType", "local"),
            _text("relatedObjectIdentifierValue", whole),
        ),
    )
    return _object("file", file.path, characteristics, part_of)


def _event(one: Happened) -> Element:
    made = element("premis:event", {}, _identified("event", one.identifier))
    made.append(_text("eventType", one.kind, AUTHORITY))
    made.append(_text("eventDateTime", one.moment))
    made.append(element("premis:eventDetailInformation", {}, _text("eventDetail", one.detail)))
    if one.outcome:
        note = element("premis:eventOutcomeDetail", {}, _text("eventOutcomeDetailNote", one.outcome))
        made.append(element("premis:eventOutcomeInformation", {}, _text("eventOutcome", "success"), note))
    made.append(_linking("Agent", PROGRAM))
    made.extend(_linking("Object", name) for name in one.about)
    return made


def _linking(of: str, value: str) -> Element:
    inside = (_text(f"linking{of}IdentifierType", "local"), _text(f"linking{of}IdentifierValue", value))
    return element(f"premis:linking{of}Identifier", {}, *inside)


def _agents(agents: Agents) -> Iterator[Element]:
    """Yields the organisation, if it is known, and the program."""
    if agents.organisation:
        inside = (_text("agentName", agents.organisation), _text("agentType", "organization"))
        yield element("premis:agent", {}, _identified("agent", agents.number or agents.organisation), *inside)
    inside = (_text("agentName", PROGRAM), _text("agentType", "software"))
    version = [_text("agentVersion", agents.version)] if agents.version else []
    yield element("premis:agent", {}, _identified("agent", PROGRAM), *inside, *version)
