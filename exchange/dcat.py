"""A description of what is published as open data, for Sveriges dataportal to harvest: DCAT-AP-SE 3.0.1, in RDF/XML.

The standard is docs.dataportal.se/dcat/3.0.1. A catalogue has a title, a description, a publisher, a licence and its
datasets; a dataset a title, a description and a publisher; a distribution its address; a contact a name and an e-mail
address. The portal allows no blank nodes and no relative addresses, and names a publisher by organisation number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from exchange.markup import document, element
from ledger.errors import BadInput
from ledger.messages import msg
from ledger.values import quoted

if TYPE_CHECKING:
    from datetime import date
    from xml.etree.ElementTree import Element

LICENCE = "http://creativecommons.org/publicdomain/zero/1.0/"  # CC0 1.0, as the portal spells it
POPOLO = "http://www.popoloproject.com/specs/"
EU = "http://publications.europa.eu/resource/authority"
NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
TITLE = "Förtroendevalda och uppdrag i det regionala samarbetet"
DESCRIPTION = (
    "Förtroendevalda i beredningen enligt överenskommelsen, deras platser och uppdrag, samverkansgrupper och"
    " sammanträden en viss dag. Uppgifterna följer specifikationen Popolo."
)
CATALOGUE, ABOUT = "Öppna data från liggaren", "Öppna data ur liggaren över beslut enligt överenskommelsen."
_URL = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.:\[\]-]*(?:/[A-Za-z0-9._~:/?@!$&'()*+,;=%-]*)?", re.ASCII)
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII)


class Published(NamedTuple):
    """What is published: the address of the file, by whom, as of which day, and whom to ask, if anybody."""

    url: str
    publisher: str
    organisation_number: str
    modified: date
    contact: str | None = None


def url(text: str) -> str:
    """Returns an absolute address as it was given. Raises BadInput for any other text."""
    if len(text) <= 2_000 and _URL.fullmatch(text):
        return text
    what = msg("--url: {value} is not an address such as https://example.se/popolo.json", value=quoted(text))
    raise BadInput([(None, what)])


def contact(text: str | None) -> str | None:
    """Returns an e-mail address as it was given, or None. Raises BadInput for any other text."""
    if text is None or (len(text) <= 254 and _ADDRESS.fullmatch(text)):
        return text
    what = msg("--contact: {value} is not an e-mail address such as data@example.se", value=quoted(text))
    raise BadInput([(None, what)])


def describe(of: Published) -> bytes:
    """Returns the description as RDF/XML in UTF-8: a catalogue with one dataset, which is one file."""
    digits = re.sub(r"\D", "", of.organisation_number)
    known = len(digits) == 10
    publisher = f"http://dataportal.se/organisation/SE{digits}" if known else f"{of.url}#publisher"
    catalogue, dataset, file = f"{of.url}#catalog", f"{of.url}#dataset", f"{of.url}#distribution"
    things = [
        _thing("dcat:Catalog", catalogue,
               _text("dcterms:title", CATALOGUE), _text("dcterms:description", ABOUT),
               _to("dcterms:publisher", publisher), _to("dcterms:license", LICENCE),
               _to("dcterms:language", f"{EU}/language/SWE"), _to("dcat:dataset", dataset)),
        _thing("foaf:Agent", publisher, element("foaf:name", {}, of.publisher)),
        _thing("dcat:Dataset", dataset,
               _text("dcterms:title", TITLE), _text("dcterms:description", DESCRIPTION),
               _to("dcterms:publisher", publisher), _to("dcat:distribution", file),
               _to("dcat:theme", f"{EU}/data-theme/GOVE"), _to("dcterms:accessRights", f"{EU}/access-right/PUBLIC"),
               _to("dcterms:language", f"{EU}/language/SWE"), _day("dcterms:modified", of.modified),
               *([_to("dcat:contactPoint", f"{of.url}#contact")] if of.contact else [])),
        _thing("dcat:Distribution", file,
               _to("dcat:accessURL", of.url), _to("dcat:downloadURL", of.url), _to("dcterms:license", LICENCE),
               element("dcterms:format", {}, "application/json"), _to("dcterms:conformsTo", POPOLO)),
    ]  # fmt: skip
    if of.contact:
        named, mail = element("vcard:fn", {}, of.publisher), _to("vcard:hasEmail", f"mailto:{of.contact}")
        things.append(_thing("vcard:Organization", f"{of.url}#contact", named, mail))
    return document(element("rdf:RDF", {f"xmlns:{name}": space for name, space in NAMESPACES.items()}, *things))


def _thing(kind: str, about: str, *inside: Element) -> Element:
    return element(kind, {"rdf:about": about}, *inside)


def _text(name: str, text: str) -> Element:
    return element(name, {"xml:lang": "sv"}, text)


def _to(name: str, place: str) -> Element:
    return element(name, {"rdf:resource": place})


def _day(name: str, day: date) -> Element:
    return element(name, {"rdf:datatype": "http://www.w3.org/2001/XMLSchema#date"}, day.isoformat())
