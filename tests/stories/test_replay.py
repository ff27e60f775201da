"""Tests a replay of the demo, act by act, at the command line. The state after the last act is what the
questions report.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.desk import Desk, at_a_desk

if TYPE_CHECKING:
    from collections.abc import Iterator

SECTIONS = ("agreement", "council", "groups", "costs")


@pytest.fixture(scope="module")
def played(demo: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with at_a_desk(tmp_path_factory.mktemp("played")) as desk:
        yield desk.goes_on(demo).began("2030-01-01")


def acts(played: Desk, *args: str) -> list[Any]:
    return [json.loads(line) for line in played.does("replay", *args, "--json").out.splitlines()]


def replayed(told: list[Any]) -> dict[str, list[str]]:
    """Returns the sentences of each section after all changes of a replay are applied."""
    state: dict[str, list[str]] = {section: [] for section in SECTIONS}
    for act in told:
        for change in act["changes"]:
            if change["before"]:
                state[change["section"]].remove(change["before"]["text"])
            if change["after"]:
                state[change["section"]].append(change["after"]["text"])
    return state


@pytest.mark.parametrize("on", ["2025-06-01", "2026-01-15"])
def test_its_end_is_what_the_questions_answer(played: Desk, on: str) -> None:
    state = replayed(acts(played, "--on", on))

    agreement = played.asks("agreement", "--on", on)
    assert f"the agreement is {agreement['status']}" in state["agreement"]
    council = played.asks("council", "--on", on)
    sitting = [line for line in state["council"] if " sits for " in line]
    assert sorted(line.partition(" sits for ")[0] for line in sitting) == sorted(
        f"{one['name']} ({one['person']})" for one in council["members"]
    )
    holders = {post: person for post, person in council["presidium"].items() if person}
    names = {one["person"]: one["name"] for one in council["members"]}
    assert {f"{names[person]} ({person}) is {post}" for post, person in holders.items()} <= {*state["council"]}
    groups = played.asks("groups", "--on", on)["groups"]
    assert {f"{one['group']}, {one['name']}, exists from {one['since']}" for one in groups} <= {*state["groups"]}
    costs = played.asks("costs", on[:4], "--on", on)
    for party, ore in (costs["shares"] or {}).items():
        (line,) = [one for one in state["costs"] if one.startswith(f"the share of {party} in {on[:4]} is ")]
        assert int(line.rpartition(" is ")[2].removesuffix(" kr").replace(" ", "").replace(",", "")) == ore
    compared = played.asks("diff", "--known-at", "@0..now", "--on", on)["sections"]
    found = {one["section"]: sorted(change["after"]["text"] for change in one["changes"]) for one in compared}
    assert {section: found[section] for section in SECTIONS} == {one: sorted(state[one]) for one in SECTIONS}


def test_an_act_is_told_with_its_changes_in_words(played: Desk) -> None:
    told = played.does("replay", "--from", "@97", "--to", "@99", "--on", "2025-06-01").out.splitlines()

    was, now = (f"Östen Sagolund (p27) sits for region as board-party, {one} (opposition), from 2023-03-01"
                for one in ("Tallpartiet", "Björkpartiet"))  # fmt: skip
    why, side = "the minutes, § 40, say Björkpartiet", "political_party: Björkpartiet, bloc: opposition"
    assert told == [
        "Replay from @97 to @99: what each act changed in agreement, council, groups and costs, on 2025-06-01",
        "",
        f"98  entry-annulled on 2023-03-09: entry: 68, cause: recording-error, reason: {why}",
        "    secretariat; recorded 2023-03-09 09:19:00 UTC by sekretariatet",
        f"99  member-appointed on 2023-03-01: person: p27, party: region, seat: board-party, {side}",
        "    assembly; recorded 2023-03-09 09:19:00 UTC by sekretariatet",
        "    Council",
        f"    - {now} (before: {was})",
        "",
        "Known at @99.",
    ]


def test_many_changes_are_cut_short_unless_all_are_asked_for(played: Desk) -> None:
    first, every = (played.does("replay", "--to", "@1", *more).out.splitlines() for more in ((), ("--all",)))

    assert [line for line in first if "(--all)" in line] == ["   - and 42 more (--all)"]
    assert len(every) == len(first) + 41
    assert not any("(--all)" in line for line in every)


def test_it_begins_and_ends_where_it_is_told_to(played: Desk) -> None:
    whole = acts(played)

    assert [position for act in whole for position in act["entries"]] == list(range(1, 247))
    assert [act["entries"] for act in acts(played, "--from", "@96", "--to", "@99")] == [[97], [98, 99]]
    assert acts(played, "--from", "@100", "--known-at", "@102") == acts(played, "--from", "@100", "--to", "@102")
    assert acts(played, "--from", "@246") == []
    assert "No entries." in played.does("replay", "--from", "@246").out


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--from", "40"), "--from: '40' is not @N, the first N entries, as @40"),
        (("--to", "2023-01-01"), "--to: '2023-01-01' is not @N, the first N entries, as @40"),
        (("--from", ""), "--from is empty"),
        (("--from", "@247"), "--from: @247 is beyond the end, @246"),
        (("--to", "@9", "--known-at", "@5"), "--to: @9 is beyond the end, @5"),
        (("--from", "@9", "--to", "@5"), "--from: @9 comes after --to, @5"),
        (("--json", "--csv"), "give one of --json and --csv"),
    ],
)
def test_what_cannot_be_replayed_is_refused(played: Desk, args: tuple[str, ...], told: str) -> None:
    refused = played("replay", *args)

    assert (refused.code, refused.out if "--json" not in args else "") == (2, "")
    assert told in refused.out + refused.err


def test_as_csv_there_is_a_row_for_each_change_and_one_heading(played: Desk) -> None:
    plain, excel = (
        played.does("replay", "--from", "@96", "--to", "@101", option).out.splitlines()
        for option in ("--csv", "--csv-excel")
    )

    assert [line.split(",")[0] for line in plain] == ["Entry", "97", "98", *["100"] * 10, "101"]
    assert len(plain) == len(excel)
    assert [line.count("\ufeff") for line in excel] == [1, *[0] * 13]
    assert played.does("replay", "--from", "@246", "--csv").out.splitlines() == plain[:1]


def test_under_a_reading_every_line_names_it(played: Desk) -> None:
    told = acts(played, "--from", "@240", "--reading", "third-of=seats")

    assert {str(one["assumed"]) for one in told} == {"{'third-of': 'seats'}"}
    assert played.does("replay", "--from", "@240", "--reading", "third-of=seats").out.endswith(
        "Under the reading third-of=seats, asked for and not recorded.\n"
    )


@pytest.mark.on_file
def test_a_disposed_name_is_not_told(played: Desk, desk: Desk) -> None:
    desk.goes_on(played)
    desk.does("dispose", "p27", "--decision", "Gallringsbeslut")

    told = desk.does("replay", "--all", "--on", "2025-06-01").out
    assert "Östen Sagolund" not in told
    assert "p27 (name disposed of) sits for region" in told
