"""Tests the import of many events from a file: all or none are recorded, their order is free, and every error names its
line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.desk import event

if TYPE_CHECKING:
    from tests.desk import Desk

HALF_A_CHARACTER = (
    '{"event": "person-registered", "valid_on": "2023", "source": {"organ": "secretariat"}, "person": "p1", '
    '"name": "\\ud800"}'
)
GOOD = event("agreement-adopted", "2023-02-27", version=1, assembly="sala")


@pytest.fixture
def begun(desk: Desk) -> Desk:
    desk.does("init", "--in-force-from", "2023-01-01")
    return desk


def registered(*persons: str) -> list[dict[str, Any]]:
    return [event("person-registered", "2023", "secretariat", person=one, name=f"Testa {one}") for one in persons]


def seated(person: str, seat: str, party: str = "sala", on: str = "2023-03-01") -> dict[str, Any]:
    return event("member-appointed", on, person=person, party=party, seat=seat, political_party="Alfa")


def nothing_was_written(desk: Desk) -> bool:
    return bool(desk.asks("history")["known_at"] == "@1")


def test_lines_are_recorded_in_their_order_and_answered_with(begun: Desk) -> None:
    lines = [GOOD, *registered("p1")]

    answer = begun.asks("import", begun.writes("e.jsonl", lines))

    assert [entry["position"] for entry in answer["entries"]] == [2, 3]
    assert [entry["event"] for entry in answer["entries"]] == ["agreement-adopted", "person-registered"]
    assert answer["entries"][1]["fields"] == {"person": "p1", "name": "Testa p1"}


def test_what_a_line_names_may_stand_in_a_later_line(begun: Desk) -> None:
    post = event("vice-chair-appointed", "2023-03-01", person="p1", post="first-vice-chair")

    begun.does("import", begun.writes("e.jsonl", [post, seated("p1", "executive-chair"), *registered("p1")]))

    assert begun.asks("council", "--on", "2024-01-01")["presidium"]["first-vice-chair"] == "p1"


def test_empty_lines_a_byte_order_mark_and_windows_line_ends_are_fine(begun: Desk) -> None:
    one, two = ('{"event": "person-registered", "valid_on": "2023", "source": {"organ": "secretariat"}, '
                f'"person": "p{n}", "name": "Å {n}"}}' for n in (1, 2))  # fmt: skip
    (begun.folder / "e.jsonl").write_bytes(f"\ufeff{one}\r\n\r\n  \r\n{two}".encode())

    assert len(begun.asks("import", "e.jsonl")["entries"]) == 2


def test_a_file_may_come_by_stdin(begun: Desk) -> None:
    data = begun.writes("e.jsonl", [GOOD]).read_bytes()

    assert len(begun.does("import", "-", "--json", stdin=data).json["entries"]) == 1


def test_the_same_file_again_records_nothing(begun: Desk) -> None:
    file = begun.writes("e.jsonl", [GOOD])
    begun.does("import", file)

    again = begun.does("import", file)

    assert again.out.startswith("recorded before, under the same key; nothing was written:\nentry 2: agreement-adopted")
    assert begun.asks("history")["known_at"] == "@2"


def test_the_same_events_in_another_file_are_judged_anew(begun: Desk) -> None:
    begun.does("import", begun.writes("e.jsonl", [GOOD]))

    again = begun("import", begun.writes("f.jsonl", ["", GOOD]))

    assert again.code == 1
    assert again.errors == ["amended-by-unanimity (7): sala adopted version 1 already, on 2023-02-27 [line 2]"]


def test_a_dry_run_writes_nothing(begun: Desk) -> None:
    file = begun.writes("e.jsonl", [GOOD])

    assert begun.does("import", file, "--dry-run").out.startswith("nothing was written; it would be recorded as:")
    assert nothing_was_written(begun)
    assert begun.asks("import", file)["again"] is False


def test_a_long_import_is_reported_by_its_ends(begun: Desk) -> None:
    told = begun.does("import", begun.writes("e.jsonl", registered(*(f"p{n}" for n in range(20))))).out

    assert [line.partition(":")[0] for line in told.splitlines()] == [
        *(f"entry {n}" for n in (2, 3, 4, 5)), "… 12 more …", *(f"entry {n}" for n in (18, 19, 20, 21)),
    ]  # fmt: skip


def test_many_flags_are_reported_by_the_first_of_each_provision(begun: Desk) -> None:
    parties = ("arboga", "fagersta", "koping", "kungsor", "norberg", "sala", "vasteras")
    late = [event("agreement-adopted", "2023-02-27", version=1, assembly=party) for party in parties]

    told = begun.does("import", begun.writes("e.jsonl", late)).out

    assert "flagged: 7 findings; it is recorded all the same" in told
    assert told.count("after the day from which version 1 says that it applies") == 5
    assert told.splitlines()[-1] == "  … and 2 more; --json lists all"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('{"event": "agreement-adoptd"}', "unknown event 'agreement-adoptd'; did you mean agreement-adopted?"),
        ('{"valid_on": "2023"}', "event is missing"),
        ({**GOOD, "valid_on": "2023-02-30"}, "valid_on: '2023-02-30' does not exist: 2023-02 has days 01 to 28"),
        ({**GOOD, "valid_on": "27/2 2023"}, "valid_on: "),
        ({**GOOD, "valid_on": "1066"}, "valid_on: "),
        ({**GOOD, "valid_on": None}, "valid_on: "),
        ({key: GOOD[key] for key in GOOD if key != "assembly"}, "assembly is missing"),
        ({key: GOOD[key] for key in GOOD if key != "source"}, "source is missing"),
        ({**GOOD, "source": {}}, "source.organ is missing"),
        ({**GOOD, "source": {"organ": "king"}}, "source.organ: 'king' is none of assembly, executive-board, body, "),
        ({**GOOD, "source": {"organ": "assembly", "page": 1}}, "source: unknown field 'page'"),
        ({**GOOD, "asembly": "sala"}, "unknown field 'asembly'; did you mean assembly?"),
        ({**GOOD, "version": 1.0}, "version: "),
        ({**GOOD, "version": True}, "version: "),
        ({**GOOD, "version": "1"}, "version: "),
        ({**GOOD, "version": 0}, "version is "),
        ({**GOOD, "assembly": "Sala"}, "assembly: expected 1 to 64 small letters (a to z), digits and hyphens"),
        ({**GOOD, "assembly": None}, "assembly: "),
        (event("cost-level-set", "2027-01-01", "body", year=2027, level=1.5), "level: "),
        (event("cost-level-set", "2027-01-01", "body", year=2027, level=1e3), "level: "),
        (event("cost-level-set", "2027-01-01", "body", year=2027, level=-1), "level is "),
        (event("cost-level-set", "2027-01-01", "body", year=2027, level=2**60), "level is "),
        (event("settlement-agreed", "2027-01-01", "body", shares={"sala": 1.5}), "shares.sala: "),
        ('{"event": "agreement-adopted", "event": "x"}', "the key 'event' is given twice"),
        ('{"event": "agreement-adopted", "source": {"organ": "body", "organ": "body"}}', "the key 'organ' "),
        ('{"event": NaN}', "NaN is not a number in JSON"),
        ("not json", "not JSON: it cannot be read from character 1 on"),
        ("{} {}", "not JSON: it cannot be read from character 4 on"),
        ("[]", "an event is an object with event, valid_on, source and fields, not "),
        ("null", "an event is an object with event, valid_on, source and fields, not nothing"),
        ("[" * 100_000, "JSON nested too deeply"),
        ({**GOOD, "source": {"organ": "assembly", "paragraph": "\x1b[2J"}}, "source.paragraph: expected text without"),
        (HALF_A_CHARACTER, "name: "),
    ],
)  # fmt: skip
def test_a_bad_line_is_named_and_nothing_is_recorded(begun: Desk, line: object, what: str) -> None:
    file = begun.writes("e.jsonl", [GOOD, "", line])

    wrong = begun("import", file)

    assert (wrong.code, wrong.out) == (2, "")
    assert [one for one in wrong.errors if one.startswith(f"line 3: {what}")], wrong.errors
    assert nothing_was_written(begun)


def test_every_bad_line_is_named(begun: Desk) -> None:
    lines = [{**GOOD, "version": 1.5}, GOOD, "nonsense", {**GOOD, "valid_on": "x", "more": 1}]

    wrong = begun("import", begun.writes("e.jsonl", lines), "--json")

    assert wrong.code == 2
    assert [error["line"] for error in wrong.json["errors"]] == [1, 3, 4, 4]
    assert nothing_was_written(begun)


def test_bytes_that_are_not_utf_8_are_named_by_line_and_byte(begun: Desk) -> None:
    (begun.folder / "e.jsonl").write_bytes(b'{}\n{"event": "K\xf6ping"}\n')

    assert "line 2: not UTF-8 at byte 13" in begun("import", "e.jsonl").errors


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"   \r\n"])
def test_a_file_without_events_is_bad_input(begun: Desk, data: bytes) -> None:
    (begun.folder / "e.jsonl").write_bytes(data)

    wrong = begun("import", "e.jsonl")

    assert (wrong.code, wrong.errors) == (2, ["there is nothing to record: no line holds an event"])


def test_a_file_that_is_not_there_is_bad_input(begun: Desk) -> None:
    assert begun("import", "nowhere.jsonl").errors == ["nowhere.jsonl cannot be read: No such file or directory"]
    assert begun("import", ".").errors == [". cannot be read: Is a directory"]
    assert begun("import", "a\0b").code == 2


def test_refused_events_record_nothing_and_give_every_reason_with_its_line(begun: Desk) -> None:
    lines = [
        *registered("p1", "p2", "p3"),
        seated("p1", "executive-chair"),
        seated("p2", "opposition-leader"),
        seated("p3", "opposition-leader", on="2023-04-01"),
        {**GOOD, "assembly": "uppsala"},
        {**GOOD, "source": {"organ": "chair"}},
    ]

    refused = begun("import", begun.writes("e.jsonl", lines))

    assert (refused.code, refused.out) == (1, "")
    assert refused.errors == [
        "two-per-municipality (2.2): sala has 1 opposition-leader, and on 2023-04-01 that is Testa p2 (p2) [line 6]",
        "reference: uppsala is not a party to the agreement [line 7]",
        "amended-by-unanimity (7): uppsala is not a party to version 1 [line 7]",
        "adopted-by-an-assembly (7): decided by chair; only the assembly can decide it [line 8]",
    ]
    assert nothing_was_written(begun)


def test_refused_events_as_json_carry_their_lines(begun: Desk) -> None:
    lines = ["", *registered("p1"), seated("p1", "executive-chair"), seated("p1", "board-chair") | {"bloc": "majority"}]

    refused = begun("import", begun.writes("e.jsonl", lines), "--json")

    assert refused.code == 1
    assert {reason["line"] for reason in refused.json["refused"]} == {4}
    assert {reason["provision"] for reason in refused.json["refused"]} == {"region-seats"}


def test_a_refusal_in_a_ledger_that_has_grown_still_knows_its_line(begun: Desk) -> None:
    begun.does("import", begun.writes("e.jsonl", registered(*(f"p{n}" for n in range(9)))))

    refused = begun("import", begun.writes("f.jsonl", [GOOD, {**GOOD, "assembly": "uppsala"}]))

    assert all(line.endswith("[line 2]") for line in refused.errors)
