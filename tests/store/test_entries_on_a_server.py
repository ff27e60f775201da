"""PostgreSQL refuses entries that could not be signed, because their form is not the form that a ledger writes, or
because they are dated in the future.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import orjson
import psycopg
import pytest
from eventsourcing.dcb.api import DCBEvent

from ledger.canonical import is_as_written
from ledger.errors import Damaged, Unusable
from ledger.proof.tree import leaf_hash
from ledger.store import creating, open_store
from ledger.store.bounds import ENTRY

from .given import schema_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers import Node

    Forger = Callable[..., None]  # a Forger is a function that inserts rows from position 2 on

SAID = [
    '"event":',
    r"\u0065vent",
    "\\",
    '\\"event":',
    "\x1f\x7f\t",
    "åäö ☂ \U0001f600",
    ": , ",
    r"C:\u001Fsers \\u001F",
    "-0 1.5e3",
]


def written(at: str = "2026-01-15T09:00:00.000000Z", **more: Any) -> bytes:
    document = {"event": "activity-held", "key": "k", "recorded_at": at, "recorded_by": "t", "v": 1, **more}
    return orjson.dumps({"fields": {}, "source": {}, "valid_on": "2026", **document}, option=orjson.OPT_SORT_KEYS)


def at(**later: int) -> bytes:
    return written(f"{datetime.now(UTC) + timedelta(**later):%Y-%m-%dT%H:%M:%S.%fZ}")


WHOLE = written(fields={"a": "å\x1f", "b": [{"c": 1, "d": True}]})
SPOILED = [
    b"x",
    b"{}",
    b"[1]",
    b"\xff",
    WHOLE + b" ",
    WHOLE.replace(b'"v":1', b'"v": 1'),
    WHOLE.replace(b'"v":1', b'"v":1.0'),
    WHOLE.replace(b'"v":1', b'"v":1e2'),
    WHOLE.replace(b'"v":1', b'"v":-0'),
    WHOLE.replace(b'"v":1', b'"v":9007199254740993'),
    WHOLE.replace(b'"v":1', b'"v":12345678901234567890'),
    WHOLE.replace(b'"v":1', b'"v":1,"v":1'),
    WHOLE.replace(b'"v":1,', b""),
    WHOLE.replace(b'"v":1', b'"v":1,"w":1'),
    WHOLE.replace(b'"key":"k","recorded_at"', b'"recorded_at"').replace(b'"v":1', b'"key":"k","v":1'),
    WHOLE.replace(b'"c":1,"d":true', b'"d":true,"c":1'),
    WHOLE.replace(b'"c":1,"d":true', b'"c":null, "d":true'),
    WHOLE.replace(b'"c":1,"d":true', b'"c":null,"c":null,"d":true'),
    WHOLE.replace("å".encode(), b"\\u00e5").replace(b'"c":1', b'"c":null'),
    WHOLE.replace(b"\\u001f", b"\\u001F").replace(b'"c":1', b'"c":null'),
    WHOLE.replace(b'"fields":{', b'"fields":{"z":1,'),
    written(fields={"a": 1}).replace(b'"a":1', b'"a":1,"a":1'),
    written(fields={"a": 1}).replace(b'"a":1', b'"b":1,"a":1'),
    written(source={"a": 1}).replace(b'"a":1', b'"b":1,"a":1'),
    WHOLE.replace(b'"c":1,"d":true', b'"c":1,"c":1,"d":true'),
    WHOLE.replace("å".encode(), b"\\u00e5"),
    WHOLE.replace(b"\\u001f", b"\\u001F"),
    WHOLE.replace(b"\\u001f", b"\\u0009"),
    WHOLE.replace(b"\\u001f", b"\\/"),
    WHOLE.replace(b'"d":true', b'"d":' + b"[" * 80 + b"]" * 80),
]
MOMENTS = ["2026-01-15T09:00:00.000000Z", "2026-01-15T08:59:59.999999Z", "2026-01-15 10:00:00.000000Z", "2026", "", "x",
           "2199-12-31T23:59:59.999999Z", "2026-13-45T09:00:00.000000Z"]  # fmt: skip


@pytest.fixture(scope="module")
def clerk(server: Node, new_place: Callable[[], str]) -> Callable[[], str]:
    """Returns a function that makes a signed ledger with one entry, and that returns the URL by which a role that may
    record opens the ledger.
    """
    role = f"clerk-{token_hex(4)}"
    server.sql(f'CREATE ROLE "{role}" LOGIN')

    def made() -> str:
        place = new_place()
        with creating(place, public_key="a key", role=role) as store:
            store.append([DCBEvent("activity-held", written())])
        return server.url(schema_of(place), user=role)

    return made


@pytest.fixture(scope="module")
def forger(clerk: Callable[[], str]) -> Forger:
    """Returns a function that inserts rows from position 2 on without using the program, and then rolls the transaction
    back.
    """
    place = clerk()

    def insert(*data: bytes, leaf: bytes | None = None, settings: str = "SELECT 1") -> None:
        with psycopg.connect(place.partition("?")[0].replace("+psycopg", "")) as session:
            session.execute(settings.encode())
            schema = place.partition("schema=")[2]
            forged = (
                f"INSERT INTO {schema}.entries SELECT p, 'activity-held', l, d, '' FROM unnest(%s, %s, %s) r(p, l, d)"
            )
            leaves = [leaf_hash(one) if leaf is None else leaf for one in data]
            session.execute(forged.encode(), [[*range(2, 2 + len(data))], leaves, [*data]])
            session.rollback()

    return insert


def test_what_a_ledger_writes_is_recorded_whatever_it_says(forger: Forger) -> None:
    for text in (*SAID, "".join(SAID)):
        fields = {"note": text, text: [text, {"å": None, "b": [2**53, -5, True]}], "z": {}}
        data = written("2026-01-15T09:00:00.000001Z", fields=fields)
        assert is_as_written(data)
        forger(data)
    forger(at(hours=23))
    forger(written("2026-01-15T09:00:00.000001Z", fields={"a": 1, "b": ["{ [", 2]}))


@pytest.mark.parametrize("data", SPOILED)
def test_what_is_not_written_as_a_ledger_writes_is_refused(forger: Forger, data: bytes) -> None:
    data = data.replace(b"09:00:00.000000Z", b"09:00:00.000001Z")
    assert not is_as_written(data)
    with pytest.raises(psycopg.Error):
        forger(data)


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_entry_is_recorded_after_the_last_and_not_ahead_of_the_server(forger: Forger, moment: str) -> None:
    with pytest.raises(psycopg.Error):
        forger(written(moment))
    with pytest.raises(psycopg.Error, match="no more than a day ahead of the server's clock"):
        forger(at(hours=25))


@pytest.mark.parametrize("clock", ["24:00:00", "23:59:60", "23:60:00", "99:00:00", "00:00:61"])
def test_a_moment_that_does_not_exist_is_refused(forger: Forger, clock: str) -> None:
    """PostgreSQL itself would accept some invalid recording times, and read them as a time in another minute or day."""
    forger(written("2026-02-28T23:59:59.999999Z"))
    for day in ("2026-02-28", "2199-12-31"):
        with pytest.raises(psycopg.Error):
            forger(written(f"{day}T{clock}.000000Z"))
    for day in ("2026-02-29", "2026-02-00", "2026-00-01", "0000-01-01"):
        with pytest.raises(psycopg.Error):
            forger(written(f"{day}T09:00:00.000000Z"))


@pytest.mark.parametrize("zone", ["<Z>-167", "<UTC>-167", "<GMT>-167", "<z>+167", "Pacific/Kiritimati"])
def test_no_setting_of_a_session_moves_the_servers_clock(forger: Forger, zone: str) -> None:
    for more in ("", "; SET DateStyle = 'SQL, DMY'; SET IntervalStyle = 'sql_standard'"):
        settings = f"SET TimeZone = '{zone}'{more}"
        forger(at(hours=23, minutes=59), settings=settings)
        with pytest.raises(psycopg.Error, match="no more than a day ahead of the server's clock"):
            forger(at(hours=24, minutes=1), settings=settings)


def test_no_row_carries_the_next_past_the_bound(forger: Forger) -> None:
    first = datetime.now(UTC) + timedelta(days=1, seconds=-1)
    for seconds in (1, 0.999_999):
        rows = [written(f"{first + n * timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S.%fZ}") for n in range(60)]
        with pytest.raises(psycopg.Error, match="no more than a day ahead of the server's clock"):
            forger(*rows)


def test_an_entry_is_kept_with_its_hash_and_within_the_limit(forger: Forger) -> None:
    whole = written("2026-01-15T09:00:00.000001Z", fields={"title": ""})
    most = whole.replace(b'"title":""', b'"title":"' + b"x" * (ENTRY - len(whole)) + b'"')
    forger(most)
    for data, leaf in ((most.replace(b"xx", b"xxx", 1), None), (whole, b""), (whole, sha256(whole).digest())):
        with pytest.raises(psycopg.Error, match="and kept with its hash"):
            forger(data, leaf=leaf)


def test_a_document_is_kept_under_its_own_digest(clerk: Callable[[], str]) -> None:
    with open_store(clerk()) as store:
        said = [DCBEvent("activity-held", at())]
        with pytest.raises(Damaged, match="a document is kept under the digest of its bytes"):
            store.append(said, documents={"0" * 64: b"x"})
        store.append(said, documents={sha256(b"x").hexdigest(): b"x"})


def test_who_records_is_told_that_a_clock_is_wrong_or_what_is_no_entry(clerk: Callable[[], str]) -> None:
    with open_store(clerk()) as store:
        with pytest.raises(
            Unusable, match="records nothing now: each entry is recorded after the last, and no more than"
        ):
            store.append([DCBEvent("activity-held", at(days=2))])
        with pytest.raises(Damaged, match="each entry is written as a ledger writes"):
            store.append([DCBEvent("activity-held", at().replace(b'"v":1', b'"v": 1'))])
        times = (f"2026-01-15T09:00:00.00000{number}Z" for number in (1, 3, 2))
        first, second, early = (DCBEvent("activity-held", written(time)) for time in times)
        with pytest.raises(Unusable):
            store.append([first, second, early])
        assert store.append([first, second]) == 3


def test_a_ledger_that_was_dated_ahead_before_is_recorded_in(server: Node, clerk: Callable[[], str]) -> None:
    place = clerk()
    schema = place.partition("schema=")[2]
    ahead = datetime.now(UTC) + timedelta(days=400)
    with server.connect() as owner:
        owner.execute(f"ALTER TABLE {schema}.entries DISABLE TRIGGER entries_guarded".encode())
        forged = f"INSERT INTO {schema}.entries VALUES (2, 'activity-held', %s, %s, '')".encode()
        owner.execute(forged, [leaf_hash(data := written(f"{ahead:%Y-%m-%dT%H:%M:%S.%fZ}")), data])
        owner.execute(f"ALTER TABLE {schema}.entries ENABLE TRIGGER entries_guarded".encode())
    with open_store(place) as store:
        after = written(f"{ahead + timedelta(microseconds=1):%Y-%m-%dT%H:%M:%S.%fZ}")
        assert store.append([DCBEvent("activity-held", after)]) == 3
        with pytest.raises(Unusable):
            store.append([DCBEvent("activity-held", at(days=402))])
        second = written(f"{ahead + timedelta(microseconds=3):%Y-%m-%dT%H:%M:%S.%fZ}")
        with pytest.raises(Unusable):
            store.append([DCBEvent("activity-held", second)])


def test_of_many_entries_one_that_is_refused_lets_none_in(clerk: Callable[[], str]) -> None:
    with open_store(clerk()) as store:
        start = datetime.now(UTC)
        times = [f"{start + timedelta(microseconds=n):%Y-%m-%dT%H:%M:%S.%fZ}" for n in range(500)]
        whole = [DCBEvent("activity-held", written(time), ["party:sala"]) for time in times]
        for place in (0, 250, 499):
            spoiled = [*whole]
            spoiled[place] = DCBEvent("activity-held", written(times[place]).replace(b'"v":1', b'"v": 1'))
            with pytest.raises(Damaged, match="each entry is written as a ledger writes"):
                store.append(spoiled)
            assert store.head() == 1
        misnamed = [*whole[:-1], DCBEvent("fee-paid", written(times[-1]))]
        with pytest.raises(Damaged, match="an entry is kept under the name that its bytes begin with"):
            store.append(misnamed)
        assert store.append(whole) == 501


# The parts of plain entries, which the server compares with less work than others.
PARTS = [
    b"",
    b'"a":1',
    b'"a":1,"b":[1,"x"],"c":true',
    b'"b":1,"a":1',
    b'"a":1,"a":1',
    b'"a" :1',
    b'"a":1, "b":2',
    b'"a":01',
    b'"a":1.5',
    b'"a":-0',
    b'"a":null',
    b'"a":{}',
    b'"a":{"c":1,"b":2}',
    b'"a":"}"',
    b'"a":"},"',
    b'"a":"{"',
    b'"a":"x},","key":"y"',
    b'"a":"\x1f"',
    b'"a":"\\n"',
    b'"a":"\\u000a"',
    b'"a":"\xc3\xa5"',
    b'"a":12345678901234567',
    b'"a":[[1,[2]],3]',
    b'"a":1},"key":"k","zzz":{"a":1',
    b'"a":1},"v":1,"zzz":{"a":1',
    b'"\xc3\xa5":1,"z":2',
    b'"',
]


@pytest.mark.parametrize("part", PARTS)
def test_the_server_accepts_the_entries_that_the_ledger_does(forger: Forger, part: bytes) -> None:
    plain = written("2026-01-15T09:00:00.000001Z", source={"organ": "official"})
    for whole in (b'"fields":{}', b'"source":{"organ":"official"}'):
        data = plain.replace(whole, whole[: whole.index(b"{") + 1] + part + b"}")
        try:
            forger(data)
        except psycopg.Error:
            assert not is_as_written(data), data
        else:
            assert is_as_written(data), data
    for other in (b'"k"', b'"t"', b'"2026"', b'"activity-held"'):
        data = plain.replace(other, b'"' + part.replace(b'"', b"") + b'"')
        try:
            forger(data)
        except psycopg.Error:
            assert other == b'"activity-held"' or not is_as_written(data), data
        else:
            assert is_as_written(data), data
