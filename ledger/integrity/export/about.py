"""What an export says of itself in export.json: of which ledger, how far, by which keys, what lies beside the log."""

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

MOST_WITHIN = 1000  # objects and arrays in export.json; one that holds millions would take all memory


class Answers(Struct):
    """The digests of every question's answers about a day."""

    on: date
    known_at: str
    digest: str
    answers: dict[str, str]

    def __post_init__(self) -> None:
        exact_date(self.on.isoformat())  # a day that a question can be asked about


class About(Struct):
    """The shape of export.json, but for `sha256`, its seal. More may stand there."""

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
    """The digest, in hex, that shows that export.json is whole."""
    return sha256(orjson.dumps(about, option=orjson.OPT_SORT_KEYS)).hexdigest()


def parse_about(data: bytes) -> tuple[dict[str, Any], str]:
    """What stands in export.json, and its seal; ValueError if it has not that shape."""
    about = document(data) if is_shallow(data, MOST_WITHIN) else None
    seal = (about or {}).pop("sha256", None)
    msgspec.convert(about, About)
    return about or {}, str(seal)
