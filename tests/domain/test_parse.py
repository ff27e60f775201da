"""Tests the parser of input: which input becomes an event, and that all errors are reported at once."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

import pytest

from ledger.errors import BadInput
from ledger.events.agreement import AgreementAdopted
from ledger.events.costs import PaymentMade
from ledger.events.meetings import Topic
from ledger.events.parse import parse_event
from ledger.events.record import SigningKeyChanged
from ledger.values import Organ, Source, day

ADOPTED = {
    "event": "agreement-adopted",
    "valid_on": "2023-02-27",
    "source": {"organ": "assembly"},
    "version": 1,
    "assembly": "sala",
}
CALLED = {
    "event": "meeting-called",
    "valid_on": "2025-01-01",
    "source": {"organ": "chair"},
    "meeting": "m1",
    "meets_on": "2025-02-01",
    "place": "Sal 1",
    "called_by": "p1",
    "agenda": [],
}
PAID = {
    "event": "payment-made",
    "valid_on": "2025-02-01",
    "source": {"organ": "official"},
    "party": "sala",
    "year": 2025,
    "instalment": 1,
    "amount": 1,
}


def faults(raw: object) -> list[str]:
    with pytest.raises(BadInput) as refusal:
        parse_event(raw)
    assert [line for line, _ in refusal.value.errors] == [None] * len(refusal.value.errors)
    return [what for _, what in refusal.value.errors]


def act(event: str, **fields: Any) -> dict[str, Any]:
    return {"event": event, "valid_on": "2023-02-27", "source": {"organ": "body"}, **fields}


def test_input_becomes_an_event() -> None:
    assert parse_event(ADOPTED) == AgreementAdopted(
        valid_on=day("2023-02-27"), source=Source(organ="assembly"), version=1, assembly="sala"
    )


def test_what_is_left_out_is_as_what_is_null() -> None:
    assert parse_event(ADOPTED | {"reservation": None}) == parse_event(ADOPTED)
    paid = parse_event(PAID)
    assert isinstance(paid, PaymentMade)
    assert (paid.purpose, paid.to) == ("instalment", None)


def test_a_source_tells_where_the_act_stands() -> None:
    source = {
        "organ": "assembly",
        "decided_on": "2023-02-26",
        "paragraph": "§ 12",
        "registration_number": "KS 2023/45",
        "document": "0" * 64,
    }

    assert parse_event(ADOPTED | {"source": source}).source == Source(
        organ="assembly",
        decided_on=date(2023, 2, 26),
        paragraph="§ 12",
        registration_number="KS 2023/45",
        document="0" * 64,
    )


@pytest.mark.parametrize(
    ("raw", "kind"),
    [(None, "nothing"), ([], "a list"), ("agreement-adopted", "text"), (1, "a whole number"), (True, "true or false")],
)
def test_an_event_is_an_object(raw: object, kind: str) -> None:
    assert faults(raw) == [f"an event is an object with event, valid_on, source and fields, not {kind}"]


def test_an_event_is_known_by_its_name() -> None:
    assert faults({}) == ["event is missing"]
    assert faults({"event": "agreement-adoptd"}) == [
        "unknown event 'agreement-adoptd'; did you mean agreement-adopted?"
    ]
    assert faults({"event": "x" * 1_000}) == [f"unknown event '{'x' * 80}'"]
    assert faults({"event": {"name": "Påhittad Person"}}) == ["event: text is needed, not an object"]
    assert faults({"event": None}) == ["event: text is needed, not nothing"]


def test_every_fault_is_reported_at_once_in_the_order_of_the_input_and_the_fields() -> None:
    raw = {
        "event": "agreement-adopted",
        "zebra": 1,
        "assembley": "sala",
        "source": {"organ": "asembly", "paragraph": 12, "dnr": "KS 1", "document": "abc"},
        "version": True,
        "reservation": "\x00",
    }

    assert faults(raw) == [
        "unknown field 'zebra'",
        "unknown field 'assembley'; did you mean assembly?",
        "valid_on is missing",
        "source: unknown field 'dnr'",
        f"source.organ: 'asembly' is none of {', '.join(get_args(Organ))}",
        "source.paragraph: text is needed, not a whole number",
        "source.document: expected a SHA-256 in hex",
        "version: a whole number is needed, not true or false",
        "assembly is missing",
        "reservation: expected text without control characters",
    ]


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("version", 1.0, "version: a whole number is needed, not a number with decimals"),
        ("version", True, "version: a whole number is needed, not true or false"),
        ("version", "1", "version: a whole number is needed, not text"),
        ("version", 0, "version is less than 1"),
        ("version", 2**53, "version is more than 9 007 199 254 740 991"),
        ("version", None, "version: a whole number is needed, not nothing"),
        ("assembly", "Sala", "assembly: expected 1 to 64 small letters (a to z), digits and hyphens"),
        ("assembly", ["sala"], "assembly: text is needed, not a list"),
        ("reservation", "", "reservation is empty"),
        ("reservation", "x" * 10_001, "reservation is longer than 10 000 signs"),
        ("valid_on", 2023, "valid_on: text is needed, not a whole number"),
        ("valid_on", None, "valid_on: text is needed, not nothing"),
        ("valid_on", "2023-02-30", "valid_on: '2023-02-30' does not exist: 2023-02 has days 01 to 28"),
        ("valid_on", "2023-03-01/2023-02-01", "valid_on: '2023-03-01/2023-02-01' ends before it begins"),
        (
            "valid_on",
            "x - at y",
            "valid_on: 'x - at y' is not a day: write 2023-02-27, 2023-02, 2023 or 2023-01-15/2023-03-31",
        ),
        ("source", None, "source: an object is needed, not nothing"),
        ("source", {}, "source.organ is missing"),
        ("source", {"organ": None}, "source.organ: text is needed, not nothing"),
        (
            "source",
            {"organ": "body", "decided_on": "2023"},
            "source.decided_on: '2023' is not a date such as 2023-02-27",
        ),
        (
            "source",
            {"organ": "body", "decided_on": "0202-02-27"},
            "source.decided_on: 0202-02-27 is not between 1900-01-01 and 2199-12-31",
        ),
    ],
)
def test_a_value_of_the_wrong_kind_is_reported_with_what_was_expected(field: str, value: object, fault: str) -> None:
    assert faults(ADOPTED | {field: value}) == [fault]


def test_faults_inside_lists_of_objects_are_reported_with_their_place() -> None:
    agenda = [
        {"number": "1", "title": "", "kind": "information"},
        {"number": 2, "title": "Vård", "kind": "informaton", "topic": "care", "concerns": ["VKL", 3], "tpic": 1},
        {"title": "Val"},
        [],
    ]

    assert faults(CALLED | {"agenda": agenda, "documents": [{"document": "x"}]}) == [
        "agenda[0].number: a whole number is needed, not text",
        "agenda[0].title is empty",
        "agenda[1]: unknown field 'tpic'; did you mean topic?",
        "agenda[1].kind: 'informaton' is none of information, recommendation, election, procedure",
        f"agenda[1].topic: 'care' is none of {', '.join(get_args(Topic))}",
        "agenda[1].concerns[1]: text is needed, not a whole number",
        "agenda[2].number is missing",
        "agenda[2].kind is missing",
        "agenda[3]: an object is needed, not a list",
        "documents[0].title is missing",
        "documents[0].document: expected a SHA-256 in hex",
    ]


def test_faults_inside_maps_are_reported_with_their_key() -> None:
    raw = act("population-published", counted_on="2022-12-31", figures={"Sala": 1, "koping": 2.5, "arboga": -1, "": 0})

    an_id = "expected 1 to 64 small letters (a to z), digits and hyphens"
    assert faults(raw) == [
        f"figures: the key 'Sala': {an_id}",
        "figures.koping: a whole number is needed, not a number with decimals",
        "figures.arboga is less than 0",
        f"figures: the key '': {an_id}",
    ]
    assert faults(raw | {"figures": [1]}) == ["figures: an object is needed, not a list"]


@pytest.mark.parametrize("text", ["a\udcff", "\ud800"])
def test_text_that_is_not_utf_8_is_reported_with_the_other_errors(text: str) -> None:
    """Python decodes a command-line byte that is not UTF-8 into a lone surrogate, and JSON can contain half a surrogate
    pair.
    """
    with pytest.raises(BadInput) as refused:
        parse_event({**ADOPTED, "source": {"organ": text}, "version": 0})

    assert [what for _, what in refused.value.errors] == [
        f"source.organ: {text!r} is not text in UTF-8",
        "version is less than 1",
    ]


def test_a_signing_key_is_one_that_checks_notes() -> None:
    changed = {"event": "signing-key-changed", "valid_on": "2025-01-01", "source": {"organ": "secretariat"}}
    key = SigningKeyChanged.example["public_key"]
    parse_event({**changed, "public_key": key}, command="rotate-key")

    with pytest.raises(BadInput) as refused:
        parse_event({**changed, "public_key": key.replace("+f49d54f6+", "+f49d54f7+")}, command="rotate-key")

    [(_, fault)] = refused.value.faults
    assert fault.startswith("public_key: ")
