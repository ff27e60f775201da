"""Makes exports with one odd detail, from a seed: the spelling of a name, a recording time, or a field of export.json.
All signatures and digests fit.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson

from tests.export.chains import Given
from tests.export.making import NAMES, PAST, REAL, entry, held, made, note

if TYPE_CHECKING:
    from random import Random

VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 3_000_000_000, 2**53, 2**53 + 1, 2**63, 1.5, "", "x", "å", "\n", "\x00", [], ["x"], {},
    {"a": []}, [[[]]], "2023-01-01", "2023-02-30", "0001-01-01", "20230101",
)  # fmt: skip


ODD_DISCLOSURES = (
    *(b'["s","name","n"]', b'["s","name",5]', b'[5,"name","n"]', b'["s","nome","n"]', b'["s", "name","n"]'),
    *(b'["s","name"]', b'{"a":1,"name":2,"z":3}', b'["s","name","n","more"]', b'["s","name","\\u0041"]'),
    *(b'["s","name","\xff"]', b"", b"5", b'["s","name",' + b"[" * 2_000, b'["s","name",NaN]', b'["","name",""]'),
)


def odd_name(random: Random) -> Given:
    """Returns an export with a name in a spelling that no ledger writes. An entry registers the digest of the odd
    name.
    """
    text = _b64url(random.choice(ODD_DISCLOSURES))
    text = random.choice([text, text, text, text + "=", text + "A", text + "\n", "+" + text, text + "é"])
    at = random.choice([1, 20, 20, 20])
    registered = _b64url(sha256(text.encode()).digest())
    person = entry(at, "person-registered", {"person": "x", "name": {"sha-256": registered}})
    log = (person,) if at == 1 else (*PAST, person)
    position = random.choice([b"%d", b"%d", b"%d", b"%d", b"%d.0", b"0%d", b'"%d"', b"-%d", b"true"])
    line = b'{"disclosure":%b,"position":%b}\n' % (orjson.dumps(text), position % at if b"%" in position else position)
    files = made(log, [note(log, REAL)], REAL, names=(NAMES if at > 1 else b"") + line, documents=(), public=True)
    return Given(files, what=[f"name {text[:80]!r} at {position!r} {at}"])


REAL_MOMENTS = ("2031-02-28T23:59:59.000000Z", "2032-02-29T00:00:00.000000Z", "2199-12-31T23:59:59.999999Z")
MOMENTS: tuple[Any, ...] = (
    *REAL_MOMENTS,
    *(f"2031-{day}T09:00:00.000000Z" for day in ("02-29", "04-31", "13-01", "00-01", "01-00")),
    *(f"2031-02-01T{time}.000000Z" for time in ("23:59:60", "24:00:00", "25:61:61", "09:60:00")),
    *("2199-12-31T23:59:60.000000Z", "2199-12-31T24:00:00.000000Z", "2200-01-01T00:00:00.000000Z"),
    *("0000-01-01T09:00:00.000000Z", "2031-02-01T09:00:00Z", "2031-02-01t09:00:00.000000z", "2031-02-01T09:00:00.000"),
    *("2031-02-01T09:00:00.000000Z\n", "2031-02-01 09:00:00.000000Z", "\u0662031-02-01T09:00:00.000000Z", "", None, 5),
)


def odd_moment(random: Random) -> Given:
    """Returns an export whose last entries have odd recording times."""
    return recorded_at(*(random.choice(MOMENTS) for _ in range(random.choice([1, 1, 1, 2]))))


def recorded_at(*moments: Any) -> Given:
    """Returns an export that is valid, except that its last entries have the recording times `moments`."""
    said = [orjson.loads(held(20 + place)) | {"recorded_at": moment} for place, moment in enumerate(moments)]
    log = (*PAST, *map(orjson.dumps, said))
    return Given(made(log, [note(log, REAL)], REAL, names=NAMES), what=[f"recorded at {moments}"])


STATE = {"on": "2026-01-01", "known_at": "@1", "digest": "x", "answers": {"council": "x"}}


def odd_about(random: Random) -> Given:
    """Returns an export in which one field of export.json has another type or is missing. All digests are made to
    fit.
    """
    files = made(PAST, [note(PAST, REAL)], REAL, state=STATE)
    about = orjson.loads(files["export.json"])
    where = random.choice([about, about, about["state"], about["state"], about["state"]["answers"], about["files"]])
    name = random.choice([*where])
    if name in {"vkeys", "languages"} and random.random() < 0.7:
        where[name].append(random.choice([5, None, [], "en"]))
    elif random.random() < 0.2:
        del where[name]
    else:
        where[name] = random.choice([*VALUES, "1899-12-31", "1900-01-01", "2199-12-31", "2200-01-01", "2026-01-01 "])
    about.pop("sha256", None)
    seal = sha256(orjson.dumps(about, option=orjson.OPT_SORT_KEYS)).hexdigest()
    data = orjson.dumps({**about, "sha256": random.choice([seal] * 9 + [seal.upper()])}, option=orjson.OPT_SORT_KEYS)
    return Given({**files, "export.json": data}, what=[f"export.json {name} {where.get(name, 'gone')!r}"])


def _b64url(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
