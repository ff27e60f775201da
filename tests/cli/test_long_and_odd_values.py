"""Tests values that are endless, contain terminal controls, or come by the million: each error is short, in plain
words, and printed at once.
"""

from __future__ import annotations

import os
import resource
from typing import TYPE_CHECKING

import pytest

from cli import places
from tests.counting import in_processor_seconds
from tests.desk import at_a_desk, event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.desk import Desk

ENDLESS = "x" * 100_000
ODD = "\x1b[31m\u202egnp.\u200b\U000e0041"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Yields a desk that all tests of the module share. No test changes the desk's ledger."""
    with at_a_desk(tmp_path_factory.mktemp("desk")) as desk:
        desk.does("init")
        os.mkfifo("pipe")
        (desk.folder / "folder").mkdir()
        (desk.folder / "folder" / "full").write_text("x")
        with (desk.folder / "sparse").open("wb") as sparse:
            sparse.truncate(30 * 1024**3)
        yield desk


@pytest.mark.parametrize("value", [f"/{ENDLESS}/x", ODD * 9_000])
@pytest.mark.parametrize(
    "command",
    [("council", "--on"), ("council", "--known-at"), ("council", "--reading"), ("history", "--about"), ("explain",),
     ("history", "--event"), ("findings", "--provision"), ("record",), ("record", "payment-made", "--party"), (),
     ("events",), ("import",), ("import", "--csv"), ("verify", "--ledger"), ("verify", "--against"), ("costs",),
     ("verify", "--vkey"), ("init", "--ledger", "n.db", "--terms"), ("init", "--ledger", "n.db", "--text"),
     ("checkpoint", "--key-file"), ("record", "payment-made", "--key"), ("record", "payment-made", "--as"),
     ("record", "payment-made", "--document"), ("reports",), ("council", "--nope"), ("costs", "2023", "--party")],
    ids=" ".join,
)  # fmt: skip
def test_a_value_without_end_or_that_steers_is_cut_and_escaped(
    desk: Desk, command: tuple[str, ...], value: str
) -> None:
    joined = [(*command[:-1], f"{command[-1]}={value}")] if command and command[-1].startswith("--") else []
    for args in ((*command, value), *joined):
        done = desk(*args)

        assert done.code in {2, 4, 6}
        assert not [sign for sign in "\x1b\u202e\u200b\U000e0041" if sign in done.out + done.err]
        assert max(map(len, done.errors)) < 1_000


@pytest.mark.parametrize(
    "args",
    [
        ("council", *["more"] * 500),
        ("council", *["\udcff\udcfe"] * 200),
        ("prove", "1", "--receipt", "a/" * 1_500),
        ("copy", "x.db", "a/" * 1_500 + "x"),
    ],
    ids=["many words", "many words that are no text", "a receipt far down", "a copy far down"],
)
def test_an_error_that_quotes_many_values_or_a_part_of_one_is_cut(desk: Desk, args: tuple[str, ...]) -> None:
    done = desk(*args)

    assert done.code in {2, 6}
    assert max(map(len, done.errors)) < 1_100


@pytest.mark.parametrize("place", ["x" * 300, "a/" * 2_100], ids=["a long name", "a long path"])
@pytest.mark.parametrize(
    "command", [("audit",), ("export",), ("prove", "1", "--receipt"), ("demo",), ("verify", "--ledger")], ids=" ".join
)
def test_a_place_that_no_file_can_have_is_reported(desk: Desk, command: tuple[str, ...], place: str) -> None:
    told = desk(*command, place)

    assert (told.code, len(told.errors)) == (6, 1)


def test_a_receipt_that_no_file_can_hold_is_refused_before_anything_is_recorded(desk: Desk) -> None:
    act = ("record", "activity-held", "--on", "2024-05-02", "--organ", "official", "--kind", "seminar", "--title", "S",
           "--place", "Sala", "--organisers", "sala")  # fmt: skip

    assert desk(*act, "--receipt", "x" * 300).code == 6
    assert desk.asks("history")["known_at"] == "@1"


def test_what_is_logged_of_a_place_is_cut_and_escaped(desk: Desk) -> None:
    done = desk("audit", "--verbose", f"{ODD}/" * 1_000)

    assert done.code == 6
    assert not [sign for sign in "\x1b\u202e\u200b\U000e0041" if sign in done.err]
    assert max(map(len, done.errors)) < 2_000


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (event("group-created", "2024", "body", group="g", name="x" * 10_001, kind="standing"),
         "name is longer than 10 000 signs"),
        ({**event("agreement-proposed", "2024", version=2, title="x" * 10_001, in_force_from="2025", terms={})},
         "title is longer than 10 000 signs"),
        (event("agreement-adopted", "2024", version=2**70, assembly="sala"),
         "version is more than 9 007 199 254 740 991"),
        (event("agreement-adopted", "2024", version=1, assembly=["sala"]), "assembly: text is needed, not a list"),
        (event("agreement-adopted", "2025-02-29", version=1, assembly="sala"),
         "valid_on: '2025-02-29' does not exist: 2025-02 has days 01 to 28"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_line_is_reported_in_our_words(desk: Desk, line: dict[str, object], told: str) -> None:
    assert f"line 1: {told}" in desk("import", desk.writes("e.jsonl", [line])).errors


def test_a_number_without_end_is_reported_in_our_words(desk: Desk) -> None:
    line = '{"event": "agreement-adopted", "version": ' + "9" * 5_000 + "}"

    told = desk("import", desk.writes("e.jsonl", [line])).errors
    assert told == ["line 1: a number of 5 000 digits is too large"]


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_of_a_million_faults_a_hundred_are_reported_and_the_rest_counted(desk: Desk, form: str) -> None:
    number = 50_000
    row = b"{}\n" if form == "jsonl" else b"x;1;1\n"
    (desk.folder / "bad").write_bytes((b"" if form == "jsonl" else b"party;amount;on\n") + row * number)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with in_processor_seconds(15):
        done = desk("import", "bad", *(() if form == "jsonl" else ("--csv", "payment-made")), "--json")

    assert done.code == 2
    assert len(done.errors) == 101
    lines = number - 100 if form == "jsonl" else number - 50  # in the CSV form, each row has two faults
    assert done.errors[-1] == f"and {lines:,} more".replace(",", " ")
    assert done.json["errors"][-1] == {"line": None, "what": done.errors[-1]}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


FILES = [  # FILES holds the end of a command line for each option and argument that takes a file.
    ("import",), ("import", "--csv", "payment-made"), ("init", "--ledger", "n.db", "--terms"),
         ("init", "--ledger", "n.db", "--text"), ("init", "--ledger", "n.db", "--key-file"), ("verify", "--against"),
         ("checkpoint", "--against"), ("checkpoint", "--key-file"), ("checkpoint", "--after-restore"), ("audit",),
         ("record", "payment-made", "--document"), ("import", "--log", ".", "--since"), ("verify", "--ledger"),
         ("annul", "1", "--cause", "recording-error", "--reason", "x", "--with"), ("upgrade", "--ledger"),
         ("copy", "liggare.db"), ("backup",), ("export",), ("prove", "1", "--receipt"), ("init", "--ledger"),
]  # fmt: skip


@pytest.mark.parametrize("command", FILES, ids=" ".join)
@pytest.mark.parametrize("kind", ["/dev/zero", "pipe", "folder", "sparse"])
def test_what_is_no_file_or_too_large_is_refused_at_once(desk: Desk, command: tuple[str, ...], kind: str) -> None:
    with in_processor_seconds(2):
        done = desk(*command, kind)

    assert done.code in {2, 4, 6}
    assert "fault of this program" not in done.err
    assert (desk.folder / "sparse").stat().st_size == 30 * 1024**3


def test_a_command_that_is_nearly_one_is_named(desk: Desk) -> None:
    assert desk("recor").errors == ["No such command 'recor'. Did you mean record? See `liggare --help`."]
    assert desk("counsil").errors == ["No such command 'counsil'. Did you mean council? See `liggare --help`."]
    assert desk("xyzzy").errors == ["No such command 'xyzzy'. See `liggare --help`."]


def test_a_record_of_nothing_has_no_level(desk: Desk) -> None:
    for year in ("2024", "2199"):
        told = desk.asks("costs", year, "--known-at", "@0")
        assert told["level"] is None
        assert [one["what"] for one in told["cannot_tell"]]
        assert desk.does("costs", year, "--known-at", "@0").out


@pytest.mark.parametrize("command", ["backup", "export"])
def test_what_is_made_under_an_odd_name_is_reported_with_its_codes(desk: Desk, command: str) -> None:
    told = desk.does(command, f"{ODD}-{command}").out

    assert not [sign for sign in "\x1b\u202e\u200b\U000e0041" if sign in told]


@pytest.mark.parametrize(
    "command", [("backup",), ("export",), ("copy", "liggare.db"), ("prove", "1", "--receipt")], ids=" ".join
)
def test_a_name_that_is_no_utf_8_is_reported_with_its_codes(desk: Desk, command: tuple[str, ...]) -> None:
    given = f"{command[0]}-\udcff"
    told = desk.does(*command, given, "--json")

    assert not told.err
    assert (desk.folder / given).exists()


def test_each_of_many_wrong_values_is_checked_once_for_a_password(desk: Desk) -> None:
    """Each of the many errors may quote any of the many values. Searching every error for every value would take
    quadratic time.
    """
    before = places._is_place.cache_info().misses
    told = desk("activities", *(word for number in range(200) for word in ("--reading", f"x{number}")))

    assert told.code == 2
    assert places._is_place.cache_info().misses - before < 3 * 200
