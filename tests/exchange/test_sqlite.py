"""The ledger as an SQLite database: the same facts on every day and at every position, by SQL alone."""

from __future__ import annotations

import json
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

import exchange.datasette
import exchange.sqlite
from exchange.bitemporal.queries import QUERIES, VIEWS
from exchange.sqlite import Source, write
from ledger.book import Ledger
from ledger.encoding import Entry, encode
from ledger.events.seats import PersonRegistered
from ledger.store import open_store
from ledger.timeline import Timeline
from ledger.values import Name
from projections.agreement import agreement
from projections.council import council
from tests.acts import (
    ALL,
    act,
    adopted,
    called,
    changed,
    held,
    in_force,
    proposed,
    reading,
    registered,
    released,
    revoked,
    seated,
    vacated,
    vice_chair,
    withdrew,
)
from tests.desk import at_a_desk
from tests.exchange.two_times import by_sql, by_the_ledger, digest
from tests.given import recorded
from tests.timeline.histories import FIRST, LAST, history

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.events import Event
    from tests.acts import Acts
    from tests.desk import Desk

QUESTIONS = (  # the canned query, its parameters, and the question that answers the same
    ("council_on", {"on": "2023-03-08", "known_at": "@90"}),
    ("council_on", {"on": "2023-03-08", "known_at": ""}),
    ("council_on", {"on": "2025-06-01", "known_at": "246"}),
)


@pytest.fixture(scope="module")
def kept(demo: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Yields a desk in the folder of the demo's ledger, with the database facts.db and metadata.json."""
    with at_a_desk(tmp_path_factory.mktemp("facts")) as desk:
        desk.goes_on(demo).began("2026-04-14").does("sqlite", "facts.db")
        yield desk


@pytest.fixture
def own(kept: Desk, tmp_path: Path) -> Iterator[Desk]:
    """Yields a desk at a copy of that folder, which a test may change."""
    with at_a_desk(tmp_path) as desk:
        yield desk.goes_on(kept)


@pytest.fixture
def facts(kept: Desk) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(kept.folder / "facts.db")) as database:
        yield database


def made(timeline: Timeline, path: Path) -> sqlite3.Connection:
    """Returns the database of a timeline, whose names are left out."""
    path.unlink(missing_ok=True)
    write(path, Source(timeline, [(one.position, as_stored(one)) for one in timeline.entries], {}, {}))
    return sqlite3.connect(path)


def as_stored(entry: Entry[Event]) -> bytes:
    """Returns the bytes of an entry with a digest, which is not true, in the place of a name."""
    if isinstance(entry.event, PersonRegistered):
        entry = structs.replace(entry, event=structs.replace(entry.event, name=Name(None, "0" * 64)))
    return encode(entry)


def asked(database: sqlite3.Connection, query: str, **given: str) -> list[dict[str, Any]]:
    database.row_factory = sqlite3.Row
    values = {"on": "", "known_at": "", "party": "", "year": "", "person": ""} | given
    return [dict(row) for row in database.execute(QUERIES[query].sql, values)]


def test_the_state_is_the_ledgers_at_ten_days_and_positions(kept: Desk, facts: sqlite3.Connection) -> None:
    random = Random(20)  # noqa: S311 - the same days each time
    with open_store(kept.ledger) as store:
        whole = Ledger(store, lambda: kept.now).timeline()
        for _ in range(10):
            on = date(2022, 10, 1) + timedelta(days=random.randint(0, 1_600))
            known = random.randint(0, whole.head)
            assert digest(by_sql(facts, on, known)) == digest(by_the_ledger(whole, on, known)), (on, known)


@pytest.mark.parametrize("seed", [5, 8])
def test_the_state_is_that_of_a_ledger_with_loose_days_annulments_and_late_entries(seed: int, tmp_path: Path) -> None:
    random = Random(seed)  # noqa: S311 - the same history each time
    whole = recorded(*history(random))
    with closing(made(whole, tmp_path / "facts.db")) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        for _ in range(20):
            on = FIRST + timedelta(days=random.randint(-30, (LAST - FIRST).days + 400))
            known = random.randint(0, whole.head)
            assert digest(by_sql(database, on, known)) == digest(by_the_ledger(whole, on, known)), (on, known)


@pytest.mark.parametrize("seed", [112, 118, 122, 136])
def test_who_sits_in_which_post_is_what_council_says(seed: int, tmp_path: Path) -> None:
    random = Random(seed)  # noqa: S311 - the same history each time
    whole = recorded(*history(random))
    with closing(made(whole, tmp_path / "facts.db")) as database:
        for _ in range(10):
            on = FIRST + timedelta(days=random.randint(-30, (LAST - FIRST).days + 400))
            known = random.randint(0, whole.head)
            told = asked(database, "council_on", on=str(on), known_at=f"@{known}")
            members = council(whole.until(known), on, {}).members
            assert sorted((one["entry"], one["bloc"], one["post"]) for one in told) == sorted(
                (one.entry, one.bloc, one.post) for one in members
            ), (on, known)


def test_the_comparison_sees_a_row_that_ends_a_position_too_early(kept: Desk, tmp_path: Path) -> None:
    (tmp_path / "facts.db").write_bytes((kept.folder / "facts.db").read_bytes())
    with closing(sqlite3.connect(tmp_path / "facts.db")) as database, open_store(kept.ledger) as store:
        whole = Ledger(store, lambda: kept.now).timeline()
        ended = database.execute(
            "SELECT id, known_to, valid_from FROM seats WHERE known_to > known_from + 1"
        ).fetchone()
        database.execute("UPDATE seats SET known_to = known_to - 1 WHERE id = ?", ended[:1])
        on, known = date.fromisoformat(ended[2]), ended[1] - 1

        assert digest(by_sql(database, on, known)) != digest(by_the_ledger(whole, on, known))


def test_tables_are_strict_and_every_reference_is_there(facts: sqlite3.Connection) -> None:
    tables = facts.execute("SELECT sql FROM sqlite_schema WHERE type = 'table'").fetchall()

    assert len(tables) > 40
    assert all(sql.endswith("STRICT") for (sql,) in tables)
    assert facts.execute("PRAGMA foreign_key_check").fetchall() == []
    assert facts.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_datasette_answers_who_sat_as_the_command_does(kept: Desk) -> None:
    """The README's case of Sala: asked as the record stood after 90 entries, and as it stands now."""
    paths = [f"/facts/{query}.json?_shape=array&" + "&".join(f"{key}={value}" for key, value in given.items())
             for query, given in QUESTIONS]  # fmt: skip
    answers = from_datasette(kept.folder, [*paths, "/facts/seats.json?_size=1", "/facts/council_on?on=2023-03-08"])

    for (_, given), told in zip(QUESTIONS, answers, strict=False):
        known = ("--known-at", f"@{given['known_at'].lstrip('@')}") if given["known_at"] else ()
        members = kept.asks("council", "--on", given["on"], *known)["members"]
        assert [row["person"] for row in told] == [one["person"] for one in members]
        for row, member in zip(told, members, strict=True):
            same = ("name", "party", "seat", "political_party", "bloc", "post", "since", "until", "entry")
            assert {name: row[name] for name in same} == {name: member[name] for name in same}
    sala = [[row["political_party"] for row in told if row["person"] == "p27"] for told in answers[:2]]
    assert sala == [["Tallpartiet"], ["Björkpartiet"]]
    assert "Östen Sagolund" in answers[-1]


def from_datasette(folder: Path, paths: list[str]) -> list[Any]:
    """Returns what Datasette answers to each path, run as a program of its own: it warns, and reads a clock."""
    code = (
        "import asyncio, json, sys\n"
        "from datasette.app import Datasette\n"
        "folder, *paths = sys.argv[1:]\n"
        "app = Datasette([folder + '/facts.db'], metadata=json.load(open(folder + '/metadata.json')))\n"
        "async def each():\n"
        "    found = [await app.client.get(one) for one in paths]\n"
        "    assert all(one.status_code == 200 for one in found), [one.text for one in found]\n"
        "    return [one.json() if '.json' in path else one.text for one, path in zip(found, paths)]\n"
        "print(json.dumps(asyncio.run(each())))\n"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code, str(folder), *paths], capture_output=True,
                          check=True, text=True, timeout=60)  # fmt: skip
    found: list[Any] = json.loads(done.stdout)
    return found


def test_the_account_of_a_party_is_that_of_the_command(kept: Desk, facts: sqlite3.Connection) -> None:
    with open_store(kept.ledger) as store:
        from projections.account import account

        whole = Ledger(store, lambda: kept.now).timeline()
        for party, on, known in (
            ("norberg", "2025-09-01", 246),
            ("sala", "2026-03-01", 240),
            ("region", "2025-09-01", 246),
        ):
            lines = account(whole.until(known), party, date.fromisoformat(on)).lines
            told = asked(facts, "account_on", party=party, on=on, known_at=f"@{known}")
            same = [(str(one.on), one.what, one.amount, one.balance, one.entry) for one in lines]
            assert [(one["day"], one["what"], one["amount"], one["balance"], one["entry"]) for one in told] == same


def test_what_each_owes_is_what_costs_says(kept: Desk, facts: sqlite3.Connection) -> None:
    answer = kept.asks("costs", "2025", "--on", "2025-09-01")
    told = asked(facts, "costs_on", on="2025-09-01", year="2025")

    assert {one["party"]: (one["share"], one["paid"], one["balance"]) for one in told} == {
        party: (answer["shares"][party], answer["paid"][party], answer["balance"][party]) for party in answer["shares"]
    }


def test_who_has_adopted_is_what_agreement_says(kept: Desk, facts: sqlite3.Connection) -> None:
    answer = kept.asks("agreement", "--on", "2022-12-01")
    told = asked(facts, "agreement_on", on="2022-12-01")

    adopted = {one["party"]: one["entry"] for one in answer["adopted"]}
    assert {one["party"]: one["entry"] for one in told if one["decision"] == "adopted"} == adopted
    assert [one["party"] for one in told if one["decision"] is None] == answer["awaiting"]


def test_a_version_waits_for_its_parties_and_those_of_the_version_in_force(tmp_path: Path) -> None:
    whole = recorded(in_force("2023-01-01", parties=("sala", "koping", "region")),
                     proposed(2, "2025-01-01", on="2024-01-01", parties=("sala", "arboga", "region")),
                     adopted("2024-02-01", version=2, by=("arboga",)))  # fmt: skip
    with closing(made(whole, tmp_path / "facts.db")) as database:
        told = [one for one in asked(database, "agreement_on", on="2024-03-01") if one["version"] == 2]
    answer = next(one for one in agreement(whole, date(2024, 3, 1)).pending if one.version == 2)

    assert [one["party"] for one in told if one["decision"] == "adopted"] == [one.party for one in answer.adopted]
    assert (
        {one["party"] for one in told if one["decision"] is None} == {*answer.awaiting} == {"koping", "sala", "region"}
    )
    assert [one["name"] for one in told] == ["Arboga kommun", "Köpings kommun", "Sala kommun", "Region Västmanland"]


def test_a_moment_names_the_position_that_the_command_takes(kept: Desk, facts: sqlite3.Connection) -> None:
    at = facts.execute("SELECT recorded_at, recorded_in_sweden FROM entries WHERE position = 90").fetchone()
    west = "2023-03-06T04:15:00.000018-05:00"
    for given in ("@90", *at, at[1][:10], at[0].replace("Z", "+00:00"), west, f"{at[0][:19]}Z", f"{at[0][:16]}+00:00",
                  at[1][:16], f"{at[0][:16]}Z"):  # fmt: skip
        known = kept.asks("council", "--on", "2023-03-08", "--known-at", given)["known_at"]
        assert f"@{asked(facts, 'council_on', on='2023-03-08', known_at=given)[0]['known_at']}" == known, given
    assert asked(facts, "council_on", on="2023-03-08", known_at="90")[0]["known_at"] == 90


def test_a_view_shows_the_present(facts: sqlite3.Connection) -> None:
    assert {name for (name,) in facts.execute("SELECT name FROM sqlite_schema WHERE type = 'view'")} == {*VIEWS}
    for name in VIEWS:
        facts.execute(f'SELECT * FROM "{name}"').fetchall()
    today = facts.execute("SELECT date('now')").fetchone()[0]

    assert facts.execute("SELECT count(*) FROM council").fetchone()[0] == len(asked(facts, "council_on", on=today))


def test_a_loose_day_is_taken_at_its_latest_and_both_ends_are_kept(tmp_path: Path) -> None:
    whole = recorded(in_force("2023-01-01"), registered("p1"), seated("p1", "sala", "executive-chair", "2023-02"),
                     vacated("p1", "2024-05-01/2024-06-15"))  # fmt: skip
    with closing(made(whole, tmp_path / "facts.db")) as database:
        row = database.execute("SELECT valid_from, valid_from_first, valid_to, valid_to_first, certain FROM seats "
                               "WHERE known_to IS NULL").fetchone()  # fmt: skip
        sits = {on: len(asked(database, "council_on", on=on)) for on in ("2023-02-10", "2023-02-28", "2024-06-14")}
        perhaps = {on: len(asked(database, "perhaps_on", on=on)) for on in ("2023-02-10", "2023-03-10", "2024-06-14")}

    assert row == ("2023-02-28", "2023-02-01", "2024-06-15", "2024-05-01", 0)
    assert sits == {"2023-02-10": 0, "2023-02-28": 1, "2024-06-14": 1}
    assert perhaps == {"2023-02-10": 1, "2023-03-10": 0, "2024-06-14": 1}


SEATED = (in_force("2023-01-01"), registered("p1"), seated("p1", "region", "board-chair", "2023-02-01"))


@pytest.mark.parametrize(
    ("table", "ends", "acts"),
    [
        ("seats", True, (*SEATED, changed("p1", "2024-05", political_party="Beta"))),
        ("seats", False, (*SEATED, changed("p1", "2024-05", political_party="Beta"))),
        ("posts", True, (*SEATED, vacated("p1", "2024-05"))),
        ("posts", True, (in_force("2023-01-01"), registered("p1"), seated("p1", "region", "board-party", "2023-02-01"),
                         vice_chair("p1", "region-vice-chair", "2023-02-01"), vacated("p1", "2024-05"))),
        ("withdrawals", True, (in_force("2023-01-01"), withdrew("2024-02-01", "sala", ends_on="2026-01-01"),
                               revoked("2024-05", "sala"))),
        ("parties", False, (in_force("2023-01-01"), act("party-renamed", "2024-05", organ="assembly", party="sala",
                                                        name="Sala stad"))),
        ("versions", False, (proposed(start="2024-05"), adopted("2022-11-01"))),
        ("versions", False, (proposed(), adopted("2022-11-01", by=ALL - {"sala"}), adopted("2024-05", by={"sala"}))),
    ],
)  # fmt: skip
def test_a_loose_day_of_another_entry_than_the_facts_own_is_told(
    table: str, *, ends: bool, acts: tuple[Acts, ...], tmp_path: Path
) -> None:
    at = "valid_to" if ends else "valid_from"
    with closing(made(recorded(*acts), tmp_path / "facts.db")) as database:
        rows = database.execute(
            f"SELECT {at}_first, certain FROM {table} WHERE {at} = '2024-05-31' AND known_to IS NULL"
        ).fetchall()

    assert rows == [("2024-05-01", 0)]


def test_a_post_that_ended_with_the_seat_names_the_vacancy(tmp_path: Path) -> None:
    seat = (registered("p1"), seated("p1", "region", "board-party", "2023-02-01"))
    whole = recorded(in_force("2023-01-01"), *seat, vice_chair("p1", "region-vice-chair", "2023-02-01"),
                     vacated("p1", "2024-05-31"))  # fmt: skip
    with closing(made(whole, tmp_path / "facts.db")) as database:
        ended = database.execute("SELECT ended_by FROM posts WHERE known_to IS NULL").fetchall()

    assert ended == [(whole.head,)]


def test_a_fact_that_began_on_the_last_day_of_anothers_loose_day_is_certain(tmp_path: Path) -> None:
    other = (registered("p2"), seated("p2", "sala", "executive-chair", "2024-05-31"))
    with closing(made(recorded(*SEATED, *other, vacated("p1", "2024-05")), tmp_path / "facts.db")) as database:
        rows = database.execute("SELECT valid_from_first, certain FROM seats WHERE person = 'p2'").fetchall()

    assert rows == [("2024-05-31", 1)]


@pytest.mark.parametrize(
    ("table", "acts"),
    [
        ("parties", [act("party-renamed", "2024-05", party="sala", name="Staden")]),
        ("withdrawals", [withdrew("2024-03-01", "sala", ends_on="2025-12-31"), revoked("2024-05", "sala")]),
        ("readings", [reading("2024-05", "withdrawal-organ", "any")]),
        ("seats", [seated("p1", "sala", "executive-chair", "2023-02-01"), changed("p1", "2024-05", bloc="opposition")]),
        ("posts", [seated("p1", "sala", "opposition-leader", "2023-02-01"),
                   vice_chair("p1", "municipal-vice-chair", "2023-03-01"),
                   released("p1", "municipal-vice-chair", "2024-05")]),
        ("meetings", [called("m1", "2024-03-01", "2024-06-20"), act("meeting-cancelled", "2024-05", meeting="m1")]),
        ("agenda_items", [called("m1", "2024-03-01", "2024-04-20"), held("m1", "2024-04-20"),
                          act("item-handled", "2024-05", meeting="m1", item=1, outcome="noted")]),
        ("recommendation_answers", [
            act("recommendation-made", "2024-03-01", recommendation="a", meeting="m1", item=1, text="Gör så",
                addressees=["sala"], consensus=True),
            act("recommendation-answered", "2024-05", recommendation="a", party="sala", answer="accepted")]),
        ("cost_levels", [act("cost-level-set", "2024-03-01", year=2025, level=1_000_000_00),
                         act("cost-level-set", "2024-05", year=2025, level=2_000_000_00)]),
    ],
)  # fmt: skip
def test_what_a_loose_day_ends_or_begins_has_both_of_its_ends(table: str, acts: list[Event], tmp_path: Path) -> None:
    whole, on = recorded(in_force("2023-01-01"), registered("p1"), *acts), "2024-05-31"
    with closing(made(whole, tmp_path / "facts.db")) as database:
        ends = {
            day: database.execute(
                f'SELECT DISTINCT {day}_first, certain FROM "{table}" WHERE known_to IS NULL AND {day} = ?',
                (on,),
            ).fetchall()
            for day in ("valid_from", "valid_to")
        }
        others = database.execute(
            f'SELECT count(*) FROM "{table}" WHERE NOT certain AND ? NOT IN (valid_from, ifnull(valid_to, valid_from))',
            (on,),
        ).fetchone()

    begun, ended = ends.values()
    assert begun + ended
    assert {*begun, *ended} == {("2024-05-01", 0)}
    assert others == (0,)


def test_texts_are_values_and_never_sql(tmp_path: Path) -> None:
    evil = """x'); DROP TABLE "seats"; --"""
    whole = recorded(in_force("2023-01-01"), registered("p1"),
                     seated("p1", "sala", "executive-chair", "2023-02-01", political_party=evil))  # fmt: skip
    with closing(made(whole, tmp_path / "facts.db")) as database:
        assert asked(database, "council_on", on="2023-03-01")[0]["political_party"] == evil
        assert asked(database, "account_on", on="2023-03-01", party=evil, known_at="' OR 1=1 --") == []


def test_an_empty_ledger_has_all_tables_and_no_facts(tmp_path: Path) -> None:
    with closing(made(Timeline(), tmp_path / "facts.db")) as database:
        assert database.execute("SELECT value FROM about WHERE key = 'head'").fetchone() == ("0",)
        assert asked(database, "council_on") == []


def test_the_same_ledger_gives_the_same_bytes(kept: Desk) -> None:
    kept.does("sqlite", "again.db", "--metadata", "again.json")

    assert (kept.folder / "again.db").read_bytes() == (kept.folder / "facts.db").read_bytes()
    assert b'"again"' in (kept.folder / "again.json").read_bytes()


def test_the_root_is_that_of_the_checkpoint(kept: Desk, facts: sqlite3.Connection) -> None:
    about = dict(facts.execute("SELECT key, value FROM about"))

    assert about["head"] == "246"
    assert about["root"] == kept.does("verify", "--json").json["root"]


def test_the_entries_are_there_as_they_are_stored(kept: Desk, facts: sqlite3.Connection) -> None:
    with open_store(kept.ledger) as store:
        assert facts.execute("SELECT position, json FROM entries").fetchall() == [
            (position, data.decode()) for position, data in store.data(0, 246)
        ]


def test_a_name_that_was_disposed_of_is_not_there(own: Desk) -> None:
    own.does("dispose", "p27", "--decision", "Gallring")
    own.does("sqlite", "now.db", "--metadata", "now.json")

    assert "Östen Sagolund".encode() in (own.folder / "facts.db").read_bytes()
    assert "Östen Sagolund".encode() not in (own.folder / "now.db").read_bytes()


def test_a_disposal_tells_of_a_database_with_the_name(own: Desk) -> None:
    own.does("sqlite", "public.db", "--public", "--metadata", "public.json")
    told = own.does("dispose", "p27", "--decision", "Gallring")

    assert "facts.db" in told.out + told.err
    assert "public.db" not in told.out + told.err


def test_a_public_database_has_no_names(kept: Desk) -> None:
    kept.does("sqlite", "--public", "public.db", "--metadata", "public.json")
    with closing(sqlite3.connect(kept.folder / "public.db")) as database:
        assert database.execute("SELECT count(name) FROM persons").fetchone() == (0,)
        assert database.execute("SELECT count(name) FROM person_ids").fetchone() == (0,)
        assert database.execute("SELECT value FROM about WHERE key = 'names'").fetchone() == ("left-out",)


def test_nothing_is_overwritten_and_nothing_written_where_one_file_is_taken(own: Desk) -> None:
    taken = own("sqlite", "other.db")

    assert taken.code == 2
    assert taken.errors == ["--metadata metadata.json is already there; nothing was overwritten"]
    assert not (own.folder / "other.db").exists()
    assert own("sqlite", "facts.db", "--metadata", "new.json").code == 2
    assert not (own.folder / "new.json").exists()


def test_two_files_have_two_names(own: Desk) -> None:
    failed = own("sqlite", "one.db", "--metadata", "./one.db")

    assert failed.code == 2
    assert failed.errors == ["--metadata: one.db is the name of the database"]
    assert not (own.folder / "one.db").exists()


def test_no_description_is_left_where_the_database_cannot_get_its_name(
    own: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    describe = exchange.datasette.metadata

    def meanwhile(*given: Any) -> bytes:
        (own.folder / "new.db").write_text("another's")
        return describe(*given)

    monkeypatch.setattr(exchange.datasette, "metadata", meanwhile)

    assert own("sqlite", "new.db", "--metadata", "new.json").code in {1, 2, 6}
    assert (own.folder / "new.db").read_text() == "another's"
    assert not (own.folder / "new.json").exists()


def test_a_damaged_entry_is_told_and_no_file_is_left(own: Desk) -> None:
    with closing(sqlite3.connect(own.folder / "liggare.db", isolation_level=None)) as store:
        for (trigger,) in store.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            store.execute(f'DROP TRIGGER "{trigger}"')
        table = store.execute("SELECT name FROM sqlite_schema WHERE sql LIKE '%data%' AND type = 'table'").fetchone()[0]
        store.execute(f'UPDATE "{table}" SET data = ? WHERE rowid = 90', (b"{",))

    assert own("sqlite", "new.db", "--metadata", "new.json").code == 4
    assert not (own.folder / "new.db").exists()


@pytest.mark.parametrize("place", ["no/such/facts.db", ".", "facts.db/x.db"])
def test_a_place_that_cannot_be_is_bad_input(own: Desk, place: str) -> None:
    assert own("sqlite", place, "--metadata", "new.json").code in {2, 6}
    assert not (own.folder / "new.json").exists()


def test_an_interruption_leaves_no_file(own: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {*own.folder.iterdir()}

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(exchange.sqlite, "_write_about", interrupted)

    assert own("sqlite", "new.db", "--metadata", "new.json").code == 130
    assert {*own.folder.iterdir()} == before


def test_whoever_cannot_read_the_ledger_cannot_read_the_database(own: Desk) -> None:
    (own.folder / "liggare.db").chmod(0o600)
    own.does("sqlite", "new.db", "--metadata", "new.json")

    assert stat.S_IMODE((own.folder / "new.db").stat().st_mode) == 0o600


def test_the_descriptions_are_in_the_readers_language(kept: Desk) -> None:
    kept.does("sqlite", "sv.db", "--metadata", "sv.json", "--lang", "sv")
    english, swedish = (json.loads((kept.folder / one).read_bytes()) for one in ("metadata.json", "sv.json"))
    tables = [next(iter(one["databases"].values()))["tables"] for one in (english, swedish)]

    assert tables[0].keys() == tables[1].keys()
    assert all(tables[0][name]["description"] != tables[1][name]["description"] for name in tables[0])


def test_what_the_command_says_can_be_read_by_programs(kept: Desk) -> None:
    told = kept.does("sqlite", "told.db", "--metadata", "told.json", "--json").json

    assert (told["file"], told["metadata"], told["entries"]) == ("told.db", "told.json", 246)
    assert told["tables"]["entries"] == 246
