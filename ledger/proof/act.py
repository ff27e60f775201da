"""The text of an act, which whoever acts signs with an OpenSSH key, and the text by which a registrar proves a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping

ACT, REGISTRAR = "liggare-act@v1", "liggare-registrar@v1"  # the namespaces of the signatures, and the first lines


def act_text(ledger_id: str, registrar: str, key: str, place: tuple[int, int], document: Mapping[str, Any]) -> bytes:
    """Returns the text of an act, a line each: ACT, ledger id, registrar, idempotency key, place, event, v, valid day,
    source and fields.

    `place` is (n, m): the act is the n-th of the m acts of its append. `document` holds the members event, v, valid_on,
    source and fields of the entry as it is stored; the last two are written as canonical JSON. Neither the position nor
    the time is in the text, so it can be signed before it is recorded.
    """
    n, m = place
    lines = [ACT, ledger_id, registrar, key, f"{n}/{m}", document["event"], str(document["v"]), document["valid_on"]]
    objects = (orjson.dumps(document[name], option=orjson.OPT_SORT_KEYS) for name in ("source", "fields"))
    return b"".join(line + b"\n" for line in (*(line.encode() for line in lines), *objects))


def registrar_text(ledger_id: str, registrar: str, party: str | None, public_key: str) -> bytes:
    """Returns the text that a registrar signs with the key that is authorised, a line each: REGISTRAR, ledger id,
    registrar, party (an empty line for the secretariat's own) and the public key as OpenSSH writes it.
    """
    return "".join(f"{line}\n" for line in (REGISTRAR, ledger_id, registrar, party or "", public_key)).encode()
