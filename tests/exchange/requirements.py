"""What E-ARK CSIP 2.1.0 and E-ARK SIP 2.1.0 demand of a METS document (REQLEVEL MUST), as XPath.

A row is a requirement, the elements that it is about, and what is true of each of them. `.` is the METS document.
"""

from __future__ import annotations

VOCABULARY = ("Mixed", "Datasets", "Textual works – Digital")  # those of CSIPVocabularyContentCategory that we use
REFERENCE = "mets:dmdSec/mets:mdRef"
PROVENANCE = "mets:amdSec/mets:digiprovMD/mets:mdRef"
PROGRAM = "mets:metsHdr/mets:agent[@ROLE='CREATOR' and @TYPE='OTHER' and @OTHERTYPE='SOFTWARE']"
ORGANISATION = "mets:metsHdr/mets:agent[@TYPE='ORGANIZATION']"
GROUPS, FILES = "mets:fileSec/mets:fileGrp", "mets:fileSec/mets:fileGrp/mets:file"
WHOLE = "mets:structMap[@LABEL='CSIP']/mets:div"
POINTING = f"{WHOLE}/mets:div[mets:mptr]"
SHA_256 = "@CHECKSUMTYPE = 'SHA-256'"

OF_EVERY = (
    ("CSIP1", ".", "@OBJID != ''"),
    ("CSIP2", ".", " or ".join(f"@TYPE = '{one}'" for one in VOCABULARY)),
    ("CSIP6", ".", "@PROFILE != ''"),
    ("CSIP117", ".", "count(mets:metsHdr) = 1"),
    ("CSIP7", "mets:metsHdr", "@CREATEDATE != ''"),
    ("CSIP9", "mets:metsHdr", "@csip:OAISPACKAGETYPE != ''"),
    ("CSIP10", "mets:metsHdr", "mets:agent"),
    ("CSIP11", ".", f"count({PROGRAM}) = 1"),
    ("CSIP12", ".", f"count({PROGRAM}) = 1"),
    ("CSIP13", ".", f"count({PROGRAM}) = 1"),
    ("CSIP14", PROGRAM, "count(mets:name[. != '']) = 1"),
    ("CSIP15", PROGRAM, "count(mets:note[. != '']) = 1"),
    ("CSIP16", f"{PROGRAM}/mets:note", "@csip:NOTETYPE = 'SOFTWARE VERSION'"),
    ("CSIP59", "mets:fileSec", "@ID"),
    ("CSIP64", GROUPS, "@USE != ''"),
    ("CSIP65", GROUPS, "@ID"),
    ("CSIP66", GROUPS, "mets:file"),
    ("CSIP67", FILES, "@ID"),
    ("CSIP68", FILES, "contains(@MIMETYPE, '/')"),
    ("CSIP69", FILES, "@SIZE"),
    ("CSIP70", FILES, "@CREATED"),
    ("CSIP71", FILES, "string-length(@CHECKSUM) = 64"),
    ("CSIP72", FILES, SHA_256),
    ("CSIP76", FILES, "count(mets:FLocat) = 1"),
    ("CSIP77", f"{FILES}/mets:FLocat", "@LOCTYPE = 'URL'"),
    ("CSIP78", f"{FILES}/mets:FLocat", "@xlink:type = 'simple'"),
    ("CSIP79", f"{FILES}/mets:FLocat", "@xlink:href != ''"),
    ("CSIP80", ".", "count(mets:structMap) = 1"),
    ("CSIP81", "mets:structMap", "@TYPE = 'PHYSICAL'"),
    ("CSIP82", "mets:structMap", "@LABEL = 'CSIP'"),
    ("CSIP83", "mets:structMap", "@ID"),
    ("CSIP84", "mets:structMap", "count(mets:div) = 1"),
    ("CSIP85", WHOLE, "@ID"),
    ("CSIP88", WHOLE, "count(mets:div[@LABEL='Metadata']) = 1"),
    ("CSIP89", f"{WHOLE}/mets:div[@LABEL='Metadata']", "@ID"),
    ("CSIP90", WHOLE, "mets:div[@LABEL='Metadata']"),
    ("SIP2", ".", "@PROFILE = 'https://earksip.dilcis.eu/profile/E-ARK-SIP.xml'"),
    ("SIP4", "mets:metsHdr", "@csip:OAISPACKAGETYPE = 'SIP'"),
    ("SIP10", ".", f"{ORGANISATION}[@ROLE='ARCHIVIST']"),
    ("SIP11", ".", f"{ORGANISATION}[@ROLE='ARCHIVIST']"),
    ("SIP14", f"{ORGANISATION}[@ROLE='ARCHIVIST']/mets:note", "@csip:NOTETYPE = 'IDENTIFICATIONCODE'"),
    ("SIP15", ".", f"count({ORGANISATION}[@ROLE='CREATOR']) = 1"),
    ("SIP16", ".", f"{ORGANISATION}[@ROLE='CREATOR']"),
    ("SIP17", ".", f"{ORGANISATION}[@ROLE='CREATOR']"),
    ("SIP20", f"{ORGANISATION}[@ROLE='CREATOR']/mets:note", "@csip:NOTETYPE = 'IDENTIFICATIONCODE'"),
)
OF_THE_PACKAGE = (
    ("CSIP18", "mets:dmdSec", "@ID"),
    ("CSIP19", "mets:dmdSec", "@CREATED"),
    ("CSIP22", REFERENCE, "@LOCTYPE = 'URL'"),
    ("CSIP23", REFERENCE, "@xlink:type = 'simple'"),
    ("CSIP24", REFERENCE, "@xlink:href != ''"),
    ("CSIP25", REFERENCE, "@MDTYPE = 'DC'"),
    ("CSIP26", REFERENCE, "contains(@MIMETYPE, '/')"),
    ("CSIP27", REFERENCE, "@SIZE"),
    ("CSIP28", REFERENCE, "@CREATED"),
    ("CSIP29", REFERENCE, "string-length(@CHECKSUM) = 64"),
    ("CSIP30", REFERENCE, SHA_256),
    ("CSIP33", "mets:amdSec/mets:digiprovMD", "@ID"),
    ("CSIP36", PROVENANCE, "@LOCTYPE = 'URL'"),
    ("CSIP37", PROVENANCE, "@xlink:type = 'simple'"),
    ("CSIP38", PROVENANCE, "@xlink:href != ''"),
    ("CSIP39", PROVENANCE, "@MDTYPE = 'PREMIS'"),
    ("CSIP40", PROVENANCE, "contains(@MIMETYPE, '/')"),
    ("CSIP41", PROVENANCE, "@SIZE"),
    ("CSIP42", PROVENANCE, "@CREATED"),
    ("CSIP43", PROVENANCE, "string-length(@CHECKSUM) = 64"),
    ("CSIP44", PROVENANCE, SHA_256),
    ("CSIP60", ".", f"{GROUPS}[@USE='Documentation']"),
    ("CSIP113", ".", f"{GROUPS}[@USE='Schemas']"),
    ("CSIP114", ".", f"{GROUPS}[starts-with(@USE, 'Representations/')]"),
    ("CSIP94", f"{WHOLE}/mets:div[@LABEL='Documentation']", "@ID"),
    ("CSIP95", WHOLE, "count(mets:div[@LABEL='Documentation']) = 1"),
    ("CSIP96", f"{WHOLE}/mets:div[@LABEL='Documentation']", "mets:fptr"),
    (
        "CSIP116",
        f"{WHOLE}/mets:div[@LABEL='Documentation']/mets:fptr",
        f"@FILEID = //{GROUPS}[@USE='Documentation']/@ID",
    ),
    ("CSIP98", f"{WHOLE}/mets:div[@LABEL='Schemas']", "@ID"),
    ("CSIP99", WHOLE, "count(mets:div[@LABEL='Schemas']) = 1"),
    ("CSIP100", f"{WHOLE}/mets:div[@LABEL='Schemas']", "mets:fptr"),
    ("CSIP118", f"{WHOLE}/mets:div[@LABEL='Schemas']/mets:fptr", f"@FILEID = //{GROUPS}[@USE='Schemas']/@ID"),
    ("CSIP106", POINTING, "@ID"),
    ("CSIP107", POINTING, f"@LABEL = //{GROUPS}/@USE and starts-with(@LABEL, 'Representations/')"),
    ("CSIP108", f"{POINTING}/mets:mptr", f"@xlink:title = //{GROUPS}/@ID"),
    ("CSIP109", POINTING, "count(mets:mptr) = 1"),
    ("CSIP110", f"{POINTING}/mets:mptr", f"@xlink:href = //{FILES}/mets:FLocat/@xlink:href"),
    ("CSIP111", f"{POINTING}/mets:mptr", "@xlink:type = 'simple'"),
    ("CSIP112", f"{POINTING}/mets:mptr", "@LOCTYPE = 'URL'"),
)
NOT_CONCERNED = {  # requirement → why none of the documents has what it is about
    **{f"CSIP{number}": "no rights are stated" for number in (46, *range(49, 58))},
    **{f"CSIP{number}": "each representation has a METS document of its own" for number in (102, 103, 104, 119)},
    **{f"SIP{number}": "nobody has recorded whom to ask" for number in (22, 23, 24)},
    **{f"SIP{number}": "nobody has recorded who preserves it" for number in (27, 28, 31)},
}
DEMANDED = {  # profile → the numbers of its requirements whose REQLEVEL is MUST, in version 2.1.0
    "CSIP": (
        1, 2, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19, 22, 23, 24, 25, 26, 27, 28, 29, 30, 33, 36, 37, 38, 39,
    40, 41, 42, 43, 44, 46, 49, 50, 51, 52, 53, 54, 55, 56, 57, 59, 60, 64, 65, 66, 67, 68, 69, 70, 71, 72, 76,
    77, 78, 79, 80, 81, 82, 83, 84, 85, 88, 89, 90, 94, 95, 96, 98, 99, 100, 102, 103, 104, 106, 107, 108, 109,
    110, 111, 112, 113, 114, 116, 117, 118, 119,
    ),
    "SIP": (2, 4, 10, 11, 14, 15, 16, 17, 20, 22, 23, 24, 27, 28, 31),
}  # fmt: skip
