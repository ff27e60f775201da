"""Tests stored bytes: an entry that is encoded and decoded is unchanged, each entry has exactly one encoding, and all
other bytes are refused with the reason.
"""

from __future__ import annotations

from typing import Any, ClassVar

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.canonical import is_shallow
from ledger.encoding import LONGEST, Entry, decode, encode, plain
from ledger.errors import BadInput, Damaged, NewerLedger
from ledger.events import EVENTS, Event
from ledger.events.agreement import AgreementAdopted
from ledger.events.seats import PersonRegistered
from ledger.values import LARGEST_INTEGER, Name, Source, Text, day
from tests.acts import TERMS, adopted, proposed
from tests.domain.strategies import events
from tests.given import entries

STAMPS: dict[str, Any] = {
    "position": 7,
    "recorded_at": "2026-01-01T12:00:00.000001Z",
    "recorded_by": "tester",
    "key": "k1",
}
ADOPTED = (
    b'{"event":"agreement-adopted","fields":{"assembly":"sala","version":1},"key":"key-1",'
    b'"recorded_at":"2026-01-01T12:00:01.000000Z","recorded_by":"tester",'
    b'"source":{"organ":"assembly"},"v":1,"valid_on":"2023-02-27"}'
)


def stored(event: Event) -> bytes:
    return encode(Entry(**STAMPS, event=event))


def decoded(data: bytes = ADOPTED, **changed: Any) -> Entry[Event]:
    return decode(orjson.dumps(orjson.loads(data) | changed), 1)


def test_an_entry_is_json_with_sorted_keys_and_nothing_that_was_not_given() -> None:
    [entry] = entries(adopted("2023-02-27", by=["sala"]))

    assert encode(entry) == ADOPTED
    assert decode(ADOPTED, 1) == entry


@pytest.mark.parametrize("name", EVENTS)
@settings(max_examples=20)
@given(data=st.data())
def test_what_is_stored_is_read_back_the_same(name: str, data: st.DataObject) -> None:
    event = data.draw(events(name))
    entry: Entry[Event] = Entry(**STAMPS, event=event)
    written = encode(entry)

    assert decode(written, 7) == entry
    assert encode(decode(written, 7)) == written
    document = orjson.loads(written)
    assert list(document) == ["event", "fields", "key", "recorded_at", "recorded_by", "source", "v", "valid_on"]
    assert written == orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    assert all(type(leaf) in {str, int, bool} for leaf in leaves(document)), "no floats and no nulls"
    assert all(abs(leaf) <= LARGEST_INTEGER for leaf in leaves(document) if isinstance(leaf, int))


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in leaves(inner)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in leaves(inner)]
    return [value]


@pytest.mark.parametrize("name", EVENTS)
@settings(max_examples=20)
@given(data=st.data())
def test_an_entry_is_one_document_of_all_that_it_says(name: str, data: st.DataObject) -> None:
    event = data.draw(events(name))
    text = st.text('ab"\\å ', max_size=3)
    entry = Entry(
        position=7, recorded_at=STAMPS["recorded_at"], recorded_by=data.draw(text), key=data.draw(text), event=event
    )
    fields = plain(event)
    document = {
        "event": name,
        "key": entry.key,
        "recorded_at": entry.recorded_at,
        "recorded_by": entry.recorded_by,
        "source": fields.pop("source"),
        "v": event.v,
        "valid_on": fields.pop("valid_on"),
        "fields": fields,
    }

    assert encode(entry) == orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def test_terms_are_read_back_the_same() -> None:
    [entry] = entries(proposed())

    assert plain(decode(encode(entry), 1).event)["terms"] == plain(TERMS)


def test_of_a_name_only_the_digest_is_stored() -> None:
    event = PersonRegistered(
        valid_on=day("2023"), source=Source(organ="secretariat"), person="p1", name=Name("Påhittad Person", "abc")
    )

    assert orjson.loads(stored(event))["fields"] == {"name": {"sha-256": "abc"}, "person": "p1"}
    read = decode(stored(event), 7).event
    assert isinstance(read, PersonRegistered)
    assert read.name == Name(None, "abc")


def test_an_entry_of_65_535_bytes_is_stored_and_a_longer_one_refused() -> None:
    room = LONGEST - len(stored(AgreementAdopted(**common("x"))))

    assert len(stored(AgreementAdopted(**common("x" * (room + 1))))) == LONGEST == 65_535
    with pytest.raises(BadInput, match=r"agreement-adopted takes 65536 bytes; an entry has at most 65535"):
        stored(AgreementAdopted(**common("x" * (room + 2))))


def common(reservation: str) -> Any:
    return {
        "valid_on": day("2023"),
        "source": Source(organ="assembly"),
        "version": 1,
        "assembly": "sala",
        "reservation": reservation,
    }


@pytest.mark.parametrize(
    "changed", [{"event": "agreement-frozen"}, {"v": 2}, {"event": "agreement-frozen", "v": 99, "fields": {"x": None}}]
)
def test_what_a_newer_program_wrote_is_reported_as_such(changed: dict[str, Any]) -> None:
    with pytest.raises(NewerLedger, match=r"entry 1 was written by a newer liggare \(agreement-\w+ of shape \d+\)"):
        decoded(**changed)


def test_a_shape_of_a_thousand_digits_is_reported_in_a_short_line() -> None:
    [entry] = entries(adopted("2023-02-27", by={"sala"}))
    data = encode(entry).replace(b'"v":1', b'"v":' + b"9" * 1_000)
    with pytest.raises(NewerLedger) as told:
        decode(data, 1)
    assert len(str(told.value)) < 600


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"1",
        b'"x"',
        b"\xff",
        b"{",
        ADOPTED[:-1],
        ADOPTED[1:],
        ADOPTED.replace(b'"version":1', b'"version":"1"'),
        ADOPTED.replace(b'"version":1', b'"version":1.0'),
        ADOPTED.replace(b'"version":1', b'"verzion":1'),
        ADOPTED.replace(b'"version":1', b'"version":0'),
        ADOPTED.replace(b'"sala"', b'"Sala"'),
        ADOPTED.replace(b'"organ"', b'"organ2"'),
        ADOPTED.replace(b"2023-02-27", b"2023-02-31"),
    ],
)
def test_rubbish_is_damage(data: bytes) -> None:
    with pytest.raises(Damaged, match=r"^entry 1 is damaged: .+; restore a backup, and keep this file as evidence$"):
        decode(data, 1)


@pytest.mark.parametrize("name", ["event", "fields", "key", "recorded_at", "recorded_by", "source", "v", "valid_on"])
@pytest.mark.parametrize("value", [None, 5, 0.5, -1, True, [], {}, ["x"], {"x": "y"}, "\n"])
def test_an_entry_with_a_part_that_is_not_its_kind_is_damaged_or_newer(name: str, value: Any) -> None:
    if isinstance(value, str) and name in {"key", "recorded_by"}:
        return
    with pytest.raises((Damaged, NewerLedger)):
        decoded(**{name: value})


@pytest.mark.parametrize("name", ["event", "fields", "key", "recorded_at", "recorded_by", "source", "v", "valid_on"])
def test_an_entry_without_one_of_its_parts_is_damaged(name: str) -> None:
    document = orjson.loads(ADOPTED)
    del document[name]
    with pytest.raises(Damaged):
        decode(orjson.dumps(document), 1)


@pytest.mark.parametrize("value", [None, "x", 1, [], {}, {"sha-256": None}, {"sha-256": 1}, {"sha-1": "x"}])
def test_a_stored_name_that_is_no_digest_is_damage(value: Any) -> None:
    data = stored(
        PersonRegistered(valid_on=day("2023"), source=Source(organ="secretariat"), person="p1", name=Name(None, "abc"))
    )
    document = orjson.loads(data)
    document["fields"]["name"] = value
    with pytest.raises(Damaged):
        decode(orjson.dumps(document), 1)


@given(st.binary(max_size=20), st.integers(0, len(ADOPTED)), st.integers(0, 8))
def test_bytes_changed_anywhere_give_an_entry_damage_or_a_newer_ledger(data: bytes, at: int, length: int) -> None:
    changed = ADOPTED[:at] + data + ADOPTED[at + length :]
    try:
        decode(changed, 1)
    except (Damaged, NewerLedger):
        return


class Renamed(Event, frozen=True, kw_only=True):
    """An event whose shape has changed twice: the field `town` was renamed `assembly`, then the field `note` was
    added.
    """

    event_name: ClassVar[str] = "renamed"
    v: ClassVar[int] = 3
    valid_on_is: ClassVar[str] = "the day"
    provision: ClassVar[str] = ""

    assembly: str
    note: Text


UPCASTERS = {
    ("renamed", 1): lambda fields: {"assembly": fields["town"]},
    ("renamed", 2): lambda fields: fields | {"note": f"from {fields['assembly']}"},
}


@pytest.mark.parametrize(
    ("v", "fields"),
    [(1, {"town": "sala"}), (2, {"assembly": "sala"}), (3, {"assembly": "sala", "note": "from sala"})],
)
def test_an_older_shape_is_read_in_todays(v: int, fields: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EVENTS, "renamed", Renamed)
    data = orjson.dumps(orjson.loads(ADOPTED) | {"event": "renamed", "v": v, "fields": fields})

    entry = decode(data, 1, UPCASTERS)

    expected = Renamed(valid_on=day("2023-02-27"), source=Source(organ="assembly"), assembly="sala", note="from sala")
    assert entry.event == expected
    assert orjson.loads(encode(entry))["v"] == 3


@pytest.mark.parametrize(("v", "fields"), [(0, {"town": "sala"}), (1, {"assembly": "sala"}), (3, {"town": "sala"})])
def test_a_shape_that_no_upcaster_knows_is_damage(
    v: int, fields: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(EVENTS, "renamed", Renamed)
    data = orjson.dumps(orjson.loads(ADOPTED) | {"event": "renamed", "v": v, "fields": fields})

    with pytest.raises(Damaged):
        decode(data, 1, UPCASTERS)


def test_damage_says_where_and_what() -> None:
    with pytest.raises(Damaged, match="entry 1 is damaged: agreement-adopted has no shape 0;"):
        decoded(v=0)
    with pytest.raises(
        Damaged, match=r"entry 1 is damaged: it cannot be read \(Object missing required field `key`\);"
    ):
        decode(ADOPTED.replace(b'"key"', b'"kex"'), 1)


def test_a_shape_beyond_todays_is_newer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EVENTS, "renamed", Renamed)
    data = orjson.dumps(orjson.loads(ADOPTED) | {"event": "renamed", "v": 4})

    with pytest.raises(NewerLedger, match="renamed of shape 4"):
        decode(data, 1, UPCASTERS)


def test_many_brackets_beside_each_other_are_not_deep() -> None:
    beside, within = b"[" + b"[]," * 300 + b"[]]", b"[" * 300 + b"]" * 300

    assert (is_shallow(beside), is_shallow(within)) == (True, False)
    assert (is_shallow(beside, 302), is_shallow(beside, 301)) == (True, False)
    assert is_shallow(b'["' + b"[" * 300 + b'"]'), "a bracket in a string is text"
