"""Tests `liggare archive`: the package that goes to an e-archive, and what comes back from it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import orjson
import pikepdf
import pytest
from jsonschema import Draft202012Validator
from lxml import etree

from exchange import mets, premis
from exchange.markup import XLINK
from tests.desk import Desk, at_a_desk
from tests.exchange.requirements import DEMANDED, NOT_CONCERNED, OF_EVERY, OF_THE_PACKAGE
from tests.export.test_commands import contents

if TYPE_CHECKING:
    from collections.abc import Iterator

SPACES = {"mets": mets.METS, "csip": mets.CSIP, "sip": mets.SIP, "xlink": XLINK, "premis": premis.PREMIS}
SCHEMAS = Path(__file__).parent / "schemas"
EVERY_METS = ["METS.xml", *(f"representations/rep{number}/METS.xml" for number in (1, 2, 3))]


@pytest.fixture(scope="module")
def desk(demo: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with at_a_desk(tmp_path_factory.mktemp("archive")) as own:
        own.goes_on(demo).began("2026-04-14")
        own.does("archive", "liggare-2026")
        yield own


@pytest.fixture(scope="module")
def package(desk: Desk) -> Path:
    return desk.folder / "liggare-2026"


@pytest.fixture
def copy(package: Path, tmp_path: Path) -> Path:
    """Returns a copy of the package, to be changed."""
    return shutil.copytree(package, tmp_path / package.name)


def parsed(file: Path) -> Any:
    return etree.parse(str(file))


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    """Returns the schema of METS with the attributes that CSIP and SIP add."""
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Shipped())
    spaces = {SPACES["csip"]: "DILCISExtensionMETS", SPACES["sip"]: "DILCISExtensionSIPMETS", mets.METS: "mets"}
    imports = "".join(f'<import namespace="{one}" schemaLocation="{file}.xsd"/>' for one, file in spaces.items())
    whole = f'<schema xmlns="http://www.w3.org/2001/XMLSchema">{imports}</schema>'
    return etree.XMLSchema(etree.fromstring(whole, parser, base_url=f"{SCHEMAS}/"))


class Shipped(etree.Resolver):  # type: ignore[misc] # lxml has no types
    """Finds a schema by its name among those that stand beside the tests, whatever address it is asked for by."""

    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:  # noqa: ARG002 - lxml's signature
        return self.resolve_filename(str(SCHEMAS / system_url.rpartition("/")[2]), context)


@pytest.mark.parametrize("document", EVERY_METS)
def test_each_mets_document_holds_by_the_schemas(document: str, package: Path, schema: etree.XMLSchema) -> None:
    assert schema.validate(parsed(package / document)), schema.error_log


def test_the_schemas_refuse_what_is_wrong(package: Path, schema: etree.XMLSchema) -> None:
    text = (package / "METS.xml").read_text("utf-8")

    for right, wrong in (("SHA-256", "SHA-255"), ('OAISPACKAGETYPE="SIP"', 'OAISPACKAGETYPE="ZIP"'), ("mptr", "ptr")):
        assert not schema.validate(etree.fromstring(text.replace(right, wrong).encode()))


@pytest.mark.parametrize("row", OF_EVERY, ids=lambda row: row[0])
def test_each_mets_document_keeps_what_the_profile_demands_of_every_one(
    row: tuple[str, str, str], package: Path
) -> None:
    for document in EVERY_METS:
        assert unkept(row, parsed(package / document)) == [], document


@pytest.mark.parametrize("row", OF_THE_PACKAGE, ids=lambda row: row[0])
def test_the_package_keeps_what_the_profile_demands_of_it(row: tuple[str, str, str], package: Path) -> None:
    assert unkept(row, parsed(package / "METS.xml")) == []


def unkept(row: tuple[str, str, str], document: Any) -> list[str]:
    """Returns the elements of a requirement that do not keep it, or that there are none."""
    _, about, kept = row
    found = document.getroot().xpath(about, namespaces=SPACES)
    wrong = [
        etree.tostring(one).decode()[:200] for one in found if not one.xpath(f"boolean({kept})", namespaces=SPACES)
    ]
    return wrong if found else ["nothing is there"]


def test_every_demand_of_the_profiles_is_asked_or_does_not_concern_the_package() -> None:
    demanded = {f"{profile}{number}" for profile, numbers in DEMANDED.items() for number in numbers}
    asked = {name for name, _, _ in (*OF_EVERY, *OF_THE_PACKAGE)}

    assert demanded - asked == NOT_CONCERNED.keys()
    assert asked - demanded == set()


def test_ids_are_unique_in_the_package_documents(package: Path) -> None:
    for document in EVERY_METS:
        ids = parsed(package / document).xpath("//@ID")
        assert len(ids) == len({*ids})


def test_every_file_is_listed_once_with_its_size_and_digest_and_nothing_else_is_there(package: Path) -> None:
    listed = []
    for document in EVERY_METS:
        for one in parsed(package / document).xpath("//mets:mdRef | //mets:FLocat", namespaces=SPACES):
            about = one if one.get("CHECKSUM") else one.getparent()
            path = (package / document).parent / unquote(one.get(f"{{{XLINK}}}href"))
            data = path.read_bytes()
            assert (int(about.get("SIZE")), about.get("CHECKSUM")) == (len(data), sha256(data).hexdigest())
            listed.append(path.relative_to(package).as_posix())

    assert sorted([*listed, "METS.xml"]) == sorted(contents(package))


def test_the_package_says_who_made_it_and_of_what(package: Path) -> None:
    root = parsed(package / "METS.xml").getroot()

    assert root.get("OBJID") == "liggare-2026"
    assert root.xpath("string(mets:metsHdr/@CREATEDATE)", namespaces=SPACES) == "2026-04-14T00:00:00+02:00"
    agents = root.xpath("mets:metsHdr/mets:agent", namespaces=SPACES)
    assert [(one.get("ROLE"), *(part.text for part in one))[:3] for one in agents][1:] == [
        ("ARCHIVIST", "Region Västmanland", "232100-0172"),
        ("CREATOR", "Region Västmanland", "232100-0172"),
    ]
    record = (package / "metadata/descriptive/dc.xml").read_text("utf-8")
    assert "<dc:creator>Region Västmanland</dc:creator>" in record
    assert "<dc:identifier>liggare-2026</dc:identifier>" in record


WITHIN = {  # element of PREMIS 3.0 → the elements in it, in the order of the schema; those with ? may be missing
    "premis": "object* event* agent*",
    "object": "objectIdentifier objectCharacteristics? relationship?",
    "objectIdentifier": "objectIdentifierType objectIdentifierValue",
    "objectCharacteristics": "fixity size format",
    "fixity": "messageDigestAlgorithm messageDigest",
    "format": "formatDesignation",
    "formatDesignation": "formatName",
    "relationship": "relationshipType relationshipSubType relatedObjectIdentifier",
    "relatedObjectIdentifier": "relatedObjectIdentifierType relatedObjectIdentifierValue",
    "event": "eventIdentifier eventType eventDateTime eventDetailInformation eventOutcomeInformation? "
             "linkingAgentIdentifier linkingObjectIdentifier*",
    "eventIdentifier": "eventIdentifierType eventIdentifierValue",
    "eventDetailInformation": "eventDetail",
    "eventOutcomeInformation": "eventOutcome eventOutcomeDetail",
    "eventOutcomeDetail": "eventOutcomeDetailNote",
    "linkingAgentIdentifier": "linkingAgentIdentifierType linkingAgentIdentifierValue",
    "linkingObjectIdentifier": "linkingObjectIdentifierType linkingObjectIdentifierValue",
    "agent": "agentIdentifier agentName agentType agentVersion?",
    "agentIdentifier": "agentIdentifierType agentIdentifierValue",
}  # fmt: skip


def test_premis_has_the_elements_of_its_schema_in_their_order(package: Path) -> None:
    for one in parsed(package / "metadata/preservation/premis.xml").iter():
        name, inside = etree.QName(one).localname, " ".join(etree.QName(part).localname for part in one)
        pattern = "".join(
            rf"(?:{part.rstrip('?*')} ){part[-1] if part[-1] in '?*' else ''}" for part in WITHIN.get(name, "").split()
        )
        assert re.fullmatch(pattern, f"{inside} " if inside else ""), (name, inside)
        assert one.tag.startswith(f"{{{premis.PREMIS}}}")
        assert len(one) or (one.text or "").strip()


def test_premis_tells_of_every_file_and_links_only_what_it_describes(package: Path) -> None:
    document = parsed(package / "metadata/preservation/premis.xml")

    def values(of: str) -> list[str]:
        return [str(one) for one in document.xpath(f"//premis:{of}IdentifierValue/text()", namespaces=SPACES)]

    content = [path for path in contents(package) if "/data/" in path]
    digests = {sha256((package / path).read_bytes()).hexdigest() for path in content}
    assert {*values("object")} == {*content, *(f"representations/rep{number}" for number in (1, 2, 3))}
    assert {*document.xpath("//premis:messageDigest/text()", namespaces=SPACES)} == digests
    assert {*values("linkingObject"), *values("relatedObject")} <= {*values("object")}
    assert {*values("linkingAgent")} <= {*values("agent")}


def test_a_ledger_restored_from_a_package_has_the_same_root(desk: Desk) -> None:
    before = desk.does("verify", "--json").json

    for number, of in enumerate(("liggare-2026", "liggare-2026/representations/rep1/data")):
        desk.does("import", "--log", of, "--ledger", f"restored-{number}.db")
        after = desk.does("verify", "--ledger", f"restored-{number}.db", "--json").json
        assert (after["ok"], after["entries"], after["root"]) == (True, before["entries"], before["root"])


def test_an_audit_of_a_package_checks_the_ledger_and_every_file(desk: Desk) -> None:
    told = desk.does("audit", "liggare-2026").out

    assert "Every entry, hash and signature holds" in told
    assert "Every file of the archive package is as METS.xml lists it, and no other is there." in told
    assert "Answers to a replay: the same as the exporter's." in told
    assert desk.does("audit", "liggare-2026", "--json").json["package"] is True


def test_the_verifier_in_the_package_needs_nothing_else(package: Path) -> None:
    program = package / "representations/rep1/data/verify_ledger.py"
    done = subprocess.run([sys.executable, "-I", program, "--lang", "sv"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


CHANGED = (
    "METS.xml", "documentation/LASMIG.txt", "metadata/preservation/premis.xml", "schemas/events.schema.json",
    "representations/rep1/METS.xml", "representations/rep1/data/tile/entries/000.p/246",
    "representations/rep1/data/export.json", "representations/rep2/data/council.pdf",
    "representations/rep3/data/entries.jsonl",
)  # fmt: skip


@pytest.mark.parametrize("path", CHANGED)
def test_one_changed_byte_is_found_by_an_audit(path: str, desk: Desk, copy: Path) -> None:
    data = bytearray((copy / path).read_bytes())
    place = data.index(b'CHECKSUM="') + 10 if path.endswith("METS.xml") else len(data) // 2
    data[place] = ord("0") if data[place] != ord("0") else ord("1")
    (copy / path).write_bytes(data)

    assert desk("audit", copy).code == 4


def test_a_file_that_is_missing_or_added_is_found_by_an_audit(desk: Desk, copy: Path) -> None:
    (copy / "representations/rep2/data/council.pdf").unlink()
    (copy / "documentation/more.txt").write_text("x")
    (copy / ".DS_Store").write_text("x")
    (copy / "documentation/link").symlink_to("LASMIG.txt")

    done = desk("audit", copy)

    assert done.code == 4
    assert done.errors == [
        "documentation/link: it is not a regular file",
        "representations/rep2/data/council.pdf: it is missing, and METS.xml lists it",
        "documentation/more.txt: no METS.xml lists it",
    ]


def test_the_entries_as_text_are_the_leaves_of_the_log(package: Path) -> None:
    lines = (package / "representations/rep3/data/entries.jsonl").read_bytes().splitlines()
    hashes = (package / "representations/rep1/data/tile/0/000.p/246").read_bytes()

    assert [sha256(b"\0" + line).digest() for line in lines] == [
        hashes[place : place + 32] for place in range(0, len(hashes), 32)
    ]
    assert [orjson.loads(line)["event"] for line in lines[:1]] == ["agreement-proposed"]


def test_the_schema_in_the_package_is_a_schema_of_every_event(package: Path) -> None:
    schema = orjson.loads((package / "schemas/events.schema.json").read_bytes())

    Draft202012Validator.check_schema(schema)
    assert "member-appointed" in str(schema)


@pytest.mark.parametrize("name", ["council", "year-2025", "minutes-srb-2025-1", "settlement"])
def test_papers_in_the_package_are_pdf_a(name: str, package: Path) -> None:
    data = (package / f"representations/rep2/data/{name}.pdf").read_bytes()

    with pikepdf.open(BytesIO(data)) as pdf:
        meta = pdf.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "A")
        assert str(pdf.Root.Lang).startswith("sv")


def test_the_papers_are_those_that_need_no_choice(package: Path) -> None:
    held = [f"minutes-srb-2024-{number}" for number in range(1, 7)] + ["minutes-srb-2025-1"]
    names = {path.stem for path in (package / "representations/rep2/data").iterdir()}

    assert names == {"council", "year-2023", "year-2024", "year-2025", "settlement", *held}


def test_the_same_day_gives_the_same_bytes_in_every_language(desk: Desk, package: Path) -> None:
    (desk.folder / "sv").mkdir()
    desk.does("archive", "sv/liggare-2026", "--lang", "sv")

    assert contents(desk.folder / "sv/liggare-2026") == contents(package)


def test_the_read_me_is_swedish_and_names_what_is_there(desk: Desk, package: Path) -> None:
    text = (package / "documentation/LASMIG.txt").read_text("utf-8")
    told = {"liggare-2026", "Region Västmanland", "232100-0172", desk.does("verify", "--json").json["root"]}

    assert all(one in text for one in (*told, "minutes-srb-2025-1.pdf", "sha256sum", "agreement.txt är"))
    for path in re.findall(r"^    ([a-zA-Z0-9./]+/[a-z.]*|METS.xml) ", text, re.MULTILINE):
        assert (package / path).exists(), path
    assert not re.search(r"[{}]|\bNone\b|\bthe\b", text)
