"""PostgreSQL itself refuses changes to recorded entries, even from the owner of the tables. A clerk's role has no right
to attempt a change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from ledger.store import creating, open_store

from .given import entry, log, schema_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.servers import Node

ATTACKS = [
    "UPDATE entries SET data = '\\x00' WHERE position = 1",
    "UPDATE entries SET position = 4 WHERE position = 3",
    "DELETE FROM entries WHERE position = 3",
    "TRUNCATE entries CASCADE",
    "INSERT INTO entries VALUES (1, 'forged', '\\x00', '\\x00', '')",
    "INSERT INTO entries VALUES (1, 'forged', '', '', '') ON CONFLICT (position) DO UPDATE SET data = excluded.data",
    "INSERT INTO entries VALUES (5, 'after a gap', '', '\\x00', '')",
    "INSERT INTO entries VALUES (4, 'next', '', '\\x00', ''), (6, 'after a gap', '', '\\x00', '')",
    "INSERT INTO entries VALUES (0, 'before the first', '', '\\x00', '')",
    "INSERT INTO entries VALUES (-1, 'before the first', '', '\\x00', '')",
    "INSERT INTO entries (type, leaf, data, words) VALUES ('placed by itself', '', '\\x00', '')",
    "UPDATE words SET word = 'party:forged'",
    "DELETE FROM words",
    "TRUNCATE words",
    "INSERT INTO words VALUES (5, 'tag', 'party:sala')",
    "INSERT INTO words VALUES (6, 'tag', 'after a gap')",
    "INSERT INTO words VALUES (0, 'tag', 'before the first')",
    "INSERT INTO words VALUES (5, 'name', 'of no kind')",
    "INSERT INTO words VALUES (5, 'tag', '')",
    "INSERT INTO words VALUES (5, 'tag', E'person:p1\\nparty:b')",
    "UPDATE postings SET first = 3",
    "DELETE FROM postings",
    "TRUNCATE postings",
    "INSERT INTO postings VALUES (1, 1, '')",
    "INSERT INTO postings VALUES (3, 1, '')",
    "INSERT INTO postings VALUES (2, 4, '')",
    "INSERT INTO postings VALUES (2, 3, '\\x0100')",
    "INSERT INTO postings VALUES (2, 3, '\\x01')",
    "INSERT INTO postings VALUES (2, 0, '')",
    "INSERT INTO postings VALUES (9, 3, '')",
    "INSERT INTO postings VALUES (2, 1, '') ON CONFLICT (word, first) DO UPDATE SET rest = excluded.rest",
    "INSERT INTO postings VALUES (2, 3, ''), (3, 1, '')",
    "UPDATE accounts SET disclosure = 'forged'",
    "TRUNCATE accounts",
    "UPDATE cosignatures SET line = 'forged'",
    "DELETE FROM cosignatures",
    "TRUNCATE cosignatures",
    "UPDATE ledger SET ledger_id = 'forged'",
    "DELETE FROM ledger",
    "TRUNCATE ledger",
    "INSERT INTO ledger SELECT * FROM ledger",
    "UPDATE names SET disclosure = 'forged'",
    "TRUNCATE names",
    "INSERT INTO names VALUES (1, 'forged')",
    "INSERT INTO names VALUES (1, 'forged') ON CONFLICT (position) DO UPDATE SET disclosure = excluded.disclosure",
    "UPDATE documents SET data = '\\x00'",
    "DELETE FROM documents",
    "TRUNCATE documents",
    "INSERT INTO documents VALUES ('0a', '\\x00')",
    "INSERT INTO documents SELECT '0b', convert_to(repeat('x', 67108865), 'UTF8')",
    "UPDATE tiles SET root = '\\x00'",
    "DELETE FROM tiles",
    "INSERT INTO tiles VALUES (0, 1, '\\x00')",
    "INSERT INTO tiles VALUES (0, 0, '\\x00'), (1, 1, '\\x00')",
    "UPDATE checkpoints SET note = 'forged'",
    "DELETE FROM checkpoints",
    "INSERT INTO checkpoints VALUES (3, 3, 'after a gap')",
    "INSERT INTO checkpoints VALUES (2, 1, 'of fewer')",
    "INSERT INTO checkpoints VALUES (2, 4, 'of more than there are')",
]
DENIED = ("42501",)
REFUSED = ("23000", "23502", "23505")


@pytest.fixture(scope="module")
def guarded(server: Node, new_place: Callable[[], str]) -> tuple[Node, str, str]:
    """Returns a server, a schema with a ledger of three entries, and a role that may record in this ledger."""
    place = new_place()
    schema = schema_of(place)
    role = f"clerk_of_{schema}"
    server.sql(f"CREATE ROLE {role} LOGIN")
    with creating(place, role=role) as store:
        three = [entry("a", "party:sala"), entry("b", "person:p1", "party:b"), entry("c")]
        store.append(three, disclosures={0: "Åsa"}, documents={"0a": b"minutes"})
        store.keep_checkpoint(2, "note")
    return server, schema, role


def dump(node: Node, schema: str) -> list[Any]:
    tables = ("ledger", "entries", "words", "postings", "names", "documents", "tiles", "checkpoints")
    return [node.sql(f"SELECT * FROM {schema}.{table} ORDER BY 1, 2") for table in tables]


@pytest.fixture
def sessions(guarded: tuple[Node, str, str]) -> Iterator[dict[str, psycopg.Connection[Any]]]:
    node, schema, role = guarded
    with node.connect() as owner, node.connect(user=role) as clerk:
        for session in (owner, clerk):
            session.execute(f"SET search_path = {schema}".encode())
        yield {"owner": owner, "clerk": clerk}


@pytest.mark.parametrize("who", ["owner", "clerk"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_sql_cannot_change_what_was_recorded(
    guarded: tuple[Node, str, str], sessions: dict[str, psycopg.Connection[Any]], attack: str, who: str
) -> None:
    node, schema, _ = guarded
    before = dump(node, schema)
    with pytest.raises(psycopg.Error) as caught:
        sessions[who].execute(attack.encode())
    refused = {"owner": REFUSED, "clerk": (*REFUSED, *DENIED)}[who]
    assert caught.value.sqlstate in refused
    assert dump(node, schema) == before


def test_a_clerk_may_not_take_the_refusals_away(sessions: dict[str, psycopg.Connection[Any]]) -> None:
    for statement in (
        b"ALTER TABLE entries DISABLE TRIGGER ALL",
        b"DROP TRIGGER entries_keep_delete ON entries",
        b"DROP FUNCTION refuse() CASCADE",
        b"DROP TABLE entries CASCADE",
        b"CREATE TABLE mine (a int)",
        b"SET session_replication_role = 'replica'",
    ):
        with pytest.raises(psycopg.Error) as caught:
            sessions["clerk"].execute(statement)
        assert caught.value.sqlstate in DENIED, statement


def test_a_clerk_cannot_shadow_the_functions_behind_the_refusals(
    guarded: tuple[Node, str, str], sessions: dict[str, psycopg.Connection[Any]]
) -> None:
    """The functions of the triggers call PostgreSQL's own functions, whatever search path a clerk's session sets."""
    node, schema, _ = guarded
    clerk = sessions["clerk"]
    clerk.execute(b"CREATE FUNCTION pg_temp.strpos(text, text) RETURNS int LANGUAGE sql AS 'SELECT 1'")
    clerk.execute(f"SET search_path = pg_temp, {schema}, pg_catalog".encode())
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        clerk.execute(b"INSERT INTO words VALUES (5, 'tag', E'party:b\\nparty:forged')")
    assert [word for _, _, word in dump(node, schema)[2]] == ["agreement-adopted", "party:sala", "person:p1", "party:b"]


def test_sql_may_add_the_next_entry_and_erase_a_name(server: Node, hosted: str) -> None:
    """The control: appending an entry and erasing a name still work, so a refusal in the other tests is not a general
    write error.
    """
    schema = schema_of(hosted)
    server.sql(f"INSERT INTO {schema}.entries VALUES (1, 'next', '', 'x', '\\x02000000'), (2, 'next', '', 'y', '')")
    server.sql(f"INSERT INTO {schema}.words VALUES (1, 'type', 'next'), (2, 'tag', 'party:sala')")
    server.sql(f"INSERT INTO {schema}.postings VALUES (2, 1, ''), (1, 1, '\\x0100')")
    server.sql(f"INSERT INTO {schema}.names VALUES (1, 'Åsa')")
    server.sql(f"INSERT INTO {schema}.checkpoints VALUES (1, 1, 'a'), (2, 2, 'b')")
    server.sql(f"DELETE FROM {schema}.names")
    with open_store(hosted) as store:
        assert (log(store), store.disclosures(), store.checkpoints()) == (["x", "y"], {}, ["a", "b"])
