"""The file export.json of an export: the ledger, its size and root, its keys, and the digests of the other files."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec
import orjson
from msgspec import Struct

from ledger.canonical import document, is_shallow
from ledger.values import exact_date

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_WITHIN = 1000  # limit of objects and arrays in export.json; a file with millions of them would take all memory


class Answers(Struct):
    """The digests of the answers to all questions about one day."""

    on: date
    known_at: str
    digest: str
    answers: dict[str, str]

    def __post_init__(self) -> None:
        exact_date(self.on.isoformat())  # raises ValueError for a day outside the supported years


class About(Struct):
    """The shape of export.json, without its seal, the field `sha256`. Further fields are allowed."""

    ledger_id: str
    entries: int
    root: str
    vkeys: list[str]
    public: bool
    files: dict[str, str]  # path → SHA-256 in hex
    state: Answers | None
    version: str
    languages: list[str]


def sealed(about: Mapping[str, Any]) -> str:
    """Returns the seal of export.json: the SHA-256, in hex, of all fields except the seal as canonical JSON."""
    return sha256(orjson.dumps(about, option=orjson.OPT_SORT_KEYS)).hexdigest()


def parse_about(data: bytes) -> tuple[dict[str, Any], str]:
    """Returns the fields of export.json, and the seal, which is not checked.

    Raises ValueError if a field of `About` is missing or has a wrong type.
    """
    about = document(data) if is_shallow(data, MOST_WITHIN) else None
    seal = (about or {}).pop("sha256", None)
    msgspec.convert(about, About)
    return about or {}, str(seal)
