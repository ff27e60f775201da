"""`liggare replay`: the acts of a part of the record, as people, programs and spreadsheets read them."""

from __future__ import annotations

import csv
import errno
import json
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from cli.program import run
from projections.replay import replay
from tests.desk import event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.replay import Act
    from tests.desk import Desk

pytestmark = pytest.mark.on_file

SITS = "Testa (p1) sits for sala as executive-chair, A (majority), from 2023-03-01"


@pytest.fixture
def told(desk: Desk) -> Desk:
    """p1 takes a seat in entry 3, which entry 6 annuls. Köping rejects in entry 4, and adopts in entry 5."""
    desk.does("init")
    decided = {"version": 1, "assembly": "koping"}
    desk.does("import", desk.writes("e.jsonl", [
        event("person-registered", "2023", "secretariat", person="p1", name="Testa"),
        event("member-appointed", "2023-03-01", person="p1", party="sala", seat="executive-chair", political_party="A"),
        event("agreement-rejected", "2022-12-01", **decided),
        event("agreement-adopted", "2022-12-02", **decided),
    ]))  # fmt: skip
    desk.does("annul", 3, "--cause", "recording-error", "--reason", "prov")
    return desk


def replayed(desk: Desk, *args: str) -> str:
    return desk.does("replay", "--on", "2023-04-01", *args).out


def test_each_act_stands_over_what_it_changed(told: Desk) -> None:
    head, *lines = replayed(told, "--from", "@2").splitlines()

    assert head == (
        "Replay from @2 to @6: what each act changed in agreement, council, groups and costs, on 2023-04-01"
    )
    assert [line.strip() for line in lines if line.startswith(("   ", "3", "6", "Known"))] == [
        "3  member-appointed on 2023-03-01: person: p1, party: sala, seat: executive-chair, political_party: A",
        "assembly; recorded 2026-01-15 09:02:00 UTC by tester",
        "Council",
        f"- {SITS}",
        "assembly; recorded 2026-01-15 09:02:00 UTC by tester",
        "Agreement",
        "- koping has rejected version 1, on 2022-12-01",
        "assembly; recorded 2026-01-15 09:02:00 UTC by tester",
        "Agreement",
        "- koping has adopted version 1, on 2022-12-02 (before: koping has rejected version 1, on 2022-12-01)",
        "6  entry-annulled on 2026-01-15: entry: 3, cause: recording-error, reason: prov",
        "secretariat; recorded 2026-01-15 09:03:00 UTC by tester",
        "Council",
        f"- no longer: {SITS}",
        "Known at @6.",
    ]


def test_long_lists_are_cut_unless_all_is_asked_for(told: Desk) -> None:
    cut, whole = (replayed(told, "--to", "@1", *args).splitlines() for args in ((), ("--all",)))

    [more] = [line for line in cut if line.endswith("more (--all)")]
    assert len(cut) - 1 + int(more.split()[2]) == len(whole)
    assert cut[-1] == whole[-1] == "Known at @1."


def test_where_nothing_is_replayed_there_are_no_entries(told: Desk) -> None:
    assert replayed(told, "--from", "@6").splitlines()[1:] == ["", "No entries.", "", "Known at @6."]
    assert replayed(told, "--from", "@6", "--json") == ""
    assert replayed(told, "--from", "@6", "--csv") == "Entry,Event,Day,Recorded,By,Act,Section,What,Now,Before\n"


def test_for_programs_each_act_is_a_document(told: Desk) -> None:
    *_, last = acts = [json.loads(line) for line in replayed(told, "--json").splitlines()]

    assert [act["entries"] for act in acts] == [[1], [2], [3], [4], [5], [6]]
    assert (last["event"], last["known_at"], last["on"]) == ("entry-annulled", "@6", "2023-04-01")
    [change] = last["changes"]
    assert (change["section"], change["what"], change["after"]) == ("council", "removed", None)
    assert change["before"]["text"] == SITS
    under = json.loads(replayed(told, "--json", "--from", "@5", "--reading", "rounding=krona"))
    assert under == last | {"assumed": {"rounding": "krona"}}


def test_for_spreadsheets_each_change_is_a_row_under_one_heading(told: Desk) -> None:
    rows: list[dict[str, Any]] = list(csv.DictReader(StringIO(replayed(told, "--csv", "--from", "@1"))))

    assert [(one["Entry"], one["Section"], one["What"], one["Now"], one["Before"]) for one in rows] == [
        ("2", "", "", "", ""),
        ("3", "Council", "added", SITS, ""),
        ("4", "Agreement", "added", "koping has rejected version 1, on 2022-12-01", ""),
        ("5", "Agreement", "changed", "koping has adopted version 1, on 2022-12-02",
         "koping has rejected version 1, on 2022-12-01"),
        ("6", "Council", "removed", f"no longer: {SITS}", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("--from", "@7"), "--from: @7 is beyond the end, @6"),
        (("--to", "6"), "--to: '6' is not @N, the first N entries, as @40"),
        (("--from", "@4", "--to", "@2"), "--from: @4 comes after --to, @2"),
    ],
)
def test_a_part_that_is_not_there_is_bad_input(told: Desk, args: tuple[str, ...], why: str) -> None:
    done = told("replay", *args)

    assert (done.code, done.out, done.errors) == (2, "", [why])


class Full(StringIO):
    """A stream on a disk that is full."""

    def write(self, _: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


# People and spreadsheets have a heading first.
@pytest.mark.parametrize(("form", "computed"), [((), 0), (("--csv",), 0), (("--json",), 1)])
def test_after_what_cannot_be_written_no_act_is_computed(told: Desk, form: tuple[str, ...], computed: int) -> None:
    acts = []

    def counted(*args: Any) -> Iterator[Act]:
        for act in replay(*args):
            acts.append(act)
            yield act

    with redirect_stdout(Full()), redirect_stderr(StringIO()) as err, patch("projections.replay.replay", counted):
        code = run(["replay", *form], clock=lambda: told.now)

    assert (code, err.getvalue()) == (6, "liggare: the answer could not be written: No space left on device\n")
    assert len(acts) == computed
