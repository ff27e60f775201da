"""Tests roles on a server: one role records and asks questions, and another role signs. The server itself refuses
everything else.
"""

from __future__ import annotations

from secrets import token_hex
from threading import Timer
from typing import TYPE_CHECKING, Any

import orjson
import psycopg
import pytest
from eventsourcing.dcb.api import DCBEvent
from eventsourcing.persistence import IntegrityError

from ledger.errors import BadInput, LedgerMissing, LockBusy, MayNotSign, NotPermitted, NotUpgraded, Unusable
from ledger.store import creating, open_store
from ledger.store.postgres.address import address_of
from ledger.store.postgres.upgrade import upgrade

from .given import entry, log, schema_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers import Node

RECORDING = {
    **dict.fromkeys(("documents", "entries", "postings", "tiles", "words"), "INSERT SELECT"),
    **dict.fromkeys(("checkpoints", "cosignatures", "ledger"), "SELECT"),
    **dict.fromkeys(("accounts", "names"), "DELETE INSERT SELECT"),
    "turn": "DELETE SELECT",
}
SIGNING = dict.fromkeys(("checkpoints", "cosignatures"), "INSERT SELECT")
SIGNED = ("signing-key-changed", "log-restored")


@pytest.fixture
def new_role(server: Node) -> Callable[[str], str]:
    def make(kind: str) -> str:
        name = f"{kind}-{token_hex(4)}"
        server.sql(f'CREATE ROLE "{name}" LOGIN')
        return name

    return make


@pytest.fixture
def role(new_role: Callable[[str], str]) -> str:
    return new_role("clerk")


@pytest.fixture
def signer(new_role: Callable[[str], str]) -> str:
    return new_role("signer")


def held(server: Node, place: str, role: str) -> dict[str, str]:
    """Returns table → the rights of a role on the table."""
    asked = """SELECT table_name, string_agg(privilege_type, ' ' ORDER BY privilege_type)
        FROM information_schema.role_table_grants WHERE grantee = %s AND table_schema = %s GROUP BY 1 ORDER BY 1"""
    return dict(server.sql(asked, role, schema_of(place)))


def event(name: str, **more: Any) -> DCBEvent:
    """Returns an entry whose data names its event, as a ledger's entries do."""
    return DCBEvent(name, orjson.dumps({"event": name, **more, "v": 1}))


def test_a_role_may_ask_and_record_and_erase_names(address: str, server: Node, role: str) -> None:
    with creating(address, role=role):
        pass
    with open_store(server.url(schema_of(address), user=role)) as store:
        store.append([entry("a", "party:sala")], disclosures={0: "Åsa"}, documents={"0a": b"x"})
        store.append([entry("b")], erase=[1])
        assert (log(store), store.disclosures()) == (["a", "b"], {})


def test_a_role_may_do_nothing_else(address: str, server: Node, role: str, signer: str) -> None:
    with creating(address, role=role, signer_role=signer) as made:
        made.append([entry("a")])
    assert held(server, address, role) == RECORDING
    assert held(server, address, signer) == {
        **RECORDING,
        **dict.fromkeys(("checkpoints", "cosignatures"), "INSERT SELECT"),
    }


def test_a_role_without_a_grant_is_reported(hosted: str, server: Node, role: str) -> None:
    with pytest.raises(NotPermitted):
        open_store(server.url(schema_of(hosted), user=role))


@pytest.mark.parametrize("option", ["--role", "--signer-role"])
def test_a_role_that_is_not_there_is_bad_input_and_no_ledger_is_made(address: str, option: str) -> None:
    role, signer = ("nobody-at-all", None) if option == "--role" else (None, "nobody-at-all")
    with (
        pytest.raises(BadInput, match=f"^{option}: there is no role nobody-at-all"),
        creating(address, role=role, signer_role=signer),
    ):
        pytest.fail("the block was entered")
    with pytest.raises(LedgerMissing):
        open_store(address)


def test_a_role_that_may_create_nothing_makes_no_ledger(address: str, server: Node, role: str) -> None:
    place = server.url(schema_of(address), user=role)
    with pytest.raises(NotPermitted, match=f"no permission to do that in postgresql.*{role}"), creating(place):
        pytest.fail("the block was entered")


# Who signs


@pytest.mark.parametrize("name", SIGNED)
def test_what_signing_rests_on_is_appended_by_the_signer_alone(
    address: str, server: Node, role: str, signer: str, name: str
) -> None:
    with creating(address, role=role, signer_role=signer) as made:
        made.append([event("person-registered")])
    schema = schema_of(address)
    with open_store(server.url(schema, user=role)) as clerk:
        assert clerk.signer_role == signer
        with pytest.raises(MayNotSign, match=f"only {signer} and the owner of the tables sign; nothing was recorded"):
            clerk.append([event("person-registered"), event(name)])
        with pytest.raises(MayNotSign, match=f"the role {signer} does"):
            clerk.keep_checkpoint(1, "note")
        assert clerk.append([event("person-registered")]) == 2
    for who in (signer, "postgres"):
        with open_store(server.url(schema, user=who)) as signing:
            signing.append([event(name)])
            signing.keep_checkpoint(signing.head(), f"note of {who}")
            assert len(signing.checkpoints()) == signing.head() - 2


def test_where_no_role_signs_the_owner_does(address: str, server: Node, role: str) -> None:
    with creating(address, role=role):
        pass
    with open_store(server.url(schema_of(address), user=role)) as clerk:
        assert clerk.signer_role == "postgres"
        with pytest.raises(MayNotSign, match="only the owner of the tables signs"):
            clerk.append([event(SIGNED[0])])
    with open_store(address) as owner:
        assert owner.append([event(SIGNED[0])]) == 1


def test_who_belongs_to_the_signers_role_signs(address: str, server: Node, role: str, signer: str) -> None:
    with creating(address, role=role, signer_role=signer):
        pass
    server.sql(f'GRANT "{signer}" TO "{role}"')
    with open_store(server.url(schema_of(address), user=role)) as member:
        assert member.append([event(SIGNED[0])]) == 1


KEY = "signing-key-changed"
DISGUISES = {  # case → (stored type, data) of an entry that a reader would take for a change of key
    "under another name": ("person-registered", b'{"event":"signing-key-changed","key":"k"}'),
    "under no name": ("", b'{"event":"signing-key-changed","key":"k"}'),
    "named twice": ("person-registered", b'{"event":"person-registered","event":"signing-key-changed"}'),
    "named twice, apart": (
        "person-registered",
        b'{"event":"person-registered","key":"k","event" :"signing-key-changed"}',
    ),
    "named twice, escaped": ("person-registered", rb'{"event":"person-registered","\u0065vent":"signing-key-changed"}'),
    "named twice, all escaped": (
        "person-registered",
        rb'{"event":"person-registered","\u0065\u0076\u0065\u006e\u0074":"signing-key-changed"}',
    ),
    "after an escaped backslash": (
        "person-registered",
        rb'{"event":"person-registered","a\\":1,"even\u0074":"signing-key-changed"}',
    ),
    "with space": ("person-registered", b' {"event":"signing-key-changed"}'),
    "with space inside": ("person-registered", b'{ "event":"signing-key-changed"}'),
    "not first": ("person-registered", b'{"a":1,"event":"signing-key-changed"}'),
    "escaped alone": ("person-registered", rb'{"ev\u0065nt":"signing-key-changed"}'),
    "its value escaped": ("person-registered", rb'{"event":"signing\u002dkey-changed"}'),
    "a name that ends in a quote": (
        'x","event":"signing-key-changed',
        b'{"event":"x","event":"signing-key-changed","a":1}',
    ),
    "in UTF-16": ("person-registered", '{"event":"signing-key-changed"}'.encode("utf-16-le")),
    "in UTF-32": ("person-registered", '{"event":"signing-key-changed"}'.encode("utf-32-be")),
    "escaped in UTF-16": ("person-registered", r'{"ev\u0065nt":"signing-key-changed"}'.encode("utf-16-be")),
}


@pytest.mark.parametrize("how", DISGUISES)
def test_no_change_of_the_key_is_recorded_in_disguise(address: str, server: Node, role: str, how: str) -> None:
    kind, data = DISGUISES[how]
    with creating(address, role=role):
        pass
    for settings in ("", "SET standard_conforming_strings = off; SET search_path = pg_temp"):
        with server.connect(user=role) as clerk:
            clerk.execute(settings.encode())
            forged = f"INSERT INTO {schema_of(address)}.entries VALUES (1, %s, '', %s, '')".encode()
            with pytest.raises(psycopg.Error, match="an entry is kept under the name that its bytes begin with"):
                clerk.execute(forged, [kind, data])


@pytest.mark.parametrize("name", SIGNED)
def test_temporary_tables_in_place_of_the_servers_own_open_nothing(
    address: str, server: Node, role: str, signer: str, name: str
) -> None:
    with creating(address, role=role, signer_role=signer):
        pass
    data = b'{"event":"%b","fields":{}}' % name.encode()
    with server.connect(user=role) as clerk:
        clerk.execute(b"CREATE TEMP TABLE pg_roles (rolname name, oid oid)")
        clerk.execute(b"CREATE TEMP TABLE pg_class (oid oid, relowner oid)")
        forged = f"INSERT INTO {schema_of(address)}.entries VALUES (1, %s, '', %s, '')".encode()
        with pytest.raises(psycopg.Error, match="sign"):
            clerk.execute(forged, [name, data])


def test_texts_that_resemble_a_change_of_key_are_recorded(hosted: str) -> None:
    """The control: the texts of an ordinary act may contain every string that the guard looks for."""
    said = ['"event":', r"\u0065vent", "\\", '\\"event":', "\x00\x1f\x7f", "åäö ☂ \U0001f600", "event", r"C:\users\x"]
    with open_store(hosted) as store:
        for text in said:
            store.append([event("person-registered", fields={"title": text}), event("a", title=text)])
        assert store.append([event("b", title="".join(said))]) == 2 * len(said) + 1


# The lock


def test_who_may_not_record_cannot_keep_others_from_recording(
    address: str, server: Node, role: str, signer: str
) -> None:
    schema = schema_of(address)
    with creating(address, role=role):
        pass
    server.sql(f'GRANT USAGE ON SCHEMA {schema} TO "{signer}"')
    server.sql(f'GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO "{signer}"')
    with server.connect(user=signer, autocommit=False) as reader:
        [(number,)] = reader.execute(b"SELECT oid::int4 FROM pg_namespace WHERE nspname = %s", [schema]).fetchall()
        reader.execute(b"SELECT pg_advisory_lock(1279870791, %s)", [number])
        for table in ("turn", "entries", "names", "ledger"):
            reader.execute(f"LOCK TABLE {schema}.{table} IN ACCESS SHARE MODE".encode())
            reader.execute(f"SELECT * FROM {schema}.{table}".encode())
        with open_store(server.url(schema, user=role), timeout=2) as clerk:
            assert clerk.append([entry("a")]) == 1
            with clerk.turn():
                assert clerk.append([entry("b")]) == 2
        for mode in ("SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), reader.transaction():
                reader.execute(f"LOCK TABLE {schema}.turn IN {mode} MODE".encode())


def test_a_role_that_may_record_waits_for_the_lock(address: str, server: Node, role: str) -> None:
    """The control: while one writer holds the lock, another writer waits."""
    with creating(address, role=role):
        pass
    clerk = server.url(schema_of(address), user=role)
    with open_store(clerk) as holding, open_store(clerk, timeout=0.3) as waiting, holding.turn():
        with pytest.raises(LockBusy):
            waiting.append([entry("a")])
        assert waiting.head() == 0


def test_the_primary_key_refuses_a_writer_without_the_lock(hosted: str, server: Node) -> None:
    """An older version of the program writes without the lock. A writer that waits for the older version's transaction
    gets an error because of the table's primary key, and must judge its act again.
    """
    schema = schema_of(hosted)
    with open_store(hosted, timeout=5) as store, server.connect(autocommit=False) as older:
        older.execute(f"INSERT INTO {schema}.entries VALUES (1, 'a', '', 'x', '')".encode())
        Timer(0.3, older.commit).start()
        with pytest.raises(IntegrityError):
            store.append([entry("b")])
        assert store.append([entry("b")]) == 2
        assert log(store) == ["x", "b"]


def test_whoever_writes_for_ever_keeps_no_vacuum_out(hosted: str, server: Node) -> None:
    with open_store(hosted) as store, store.turn():
        for table in ("entries", "words", "postings", "names", "tiles", "checkpoints", "documents", "ledger"):
            server.sql(f"SET lock_timeout = '2s'; SELECT 1 FROM {schema_of(hosted)}.{table}")
            server.sql(f"VACUUM (SKIP_LOCKED false) {schema_of(hosted)}.{table}")


# Ledgers whose guards somebody removed

WRITTEN = ("entries_guarded", "postings_guarded", "documents_agree", "entries_tiled")


def unguarded(server: Node, place: str, *roles: str) -> None:
    """Removes the lock and some triggers and functions of a ledger, and lets `roles` store checkpoints."""
    schema = schema_of(place)
    server.sql(f"DROP TABLE {schema}.turn")
    for name in (*WRITTEN, "checkpoints_guarded"):
        server.sql(f"DROP FUNCTION {schema}.{name} CASCADE")
    for role in roles:
        server.sql(f'GRANT INSERT ON {schema}.checkpoints TO "{role}"')


def test_a_ledger_whose_guards_were_removed_is_upgraded_first(
    address: str, server: Node, role: str, signer: str
) -> None:
    with creating(address, role=role) as made:
        made.append([entry("a")])
    unguarded(server, address, role)
    clerk = server.url(schema_of(address), user=role)
    for place in (address, clerk):
        with pytest.raises(NotUpgraded, match=r"it lacks .*turn; find out who took that away, then run `liggare upg"):
            open_store(place)
    with pytest.raises(NotPermitted):
        upgrade(address_of(clerk))

    assert upgrade(address_of(address), signer)

    assert held(server, address, role) == RECORDING
    assert held(server, address, signer) == {
        **RECORDING,
        **dict.fromkeys(("checkpoints", "cosignatures"), "INSERT SELECT"),
    }
    with open_store(clerk) as store:
        assert (store.append([entry("b")]), store.signer_role) == (2, signer)
        assert list(store.contents().faults()) == []
        with pytest.raises(MayNotSign):
            store.append([event(KEY)])
    assert not upgrade(address_of(address))
    assert not upgrade(address_of(address), signer)


def test_a_ledger_without_the_guards_of_its_entries_is_upgraded(address: str, server: Node) -> None:
    with creating(address, public_key="a key"):
        pass
    for name in WRITTEN:
        server.sql(f"DROP FUNCTION {schema_of(address)}.{name} CASCADE")
    with pytest.raises(NotUpgraded, match="it lacks documents_agree, entries_guarded, entries_tiled, postings_guarded"):
        open_store(address)

    upgrade(address_of(address))

    with open_store(address) as store:
        assert list(store.contents().faults()) == []
        with pytest.raises(Unusable, match="each entry is recorded after the last"):
            store.append([event("person-registered")])


def test_another_role_signs_once_it_is_named(address: str, server: Node, role: str, signer: str) -> None:
    with creating(address, signer_role=signer):
        pass
    assert upgrade(address_of(address), role)
    assert held(server, address, signer) == RECORDING
    with open_store(address) as store:
        assert store.signer_role == role
    with pytest.raises(BadInput, match="--signer-role: there is no role nobody"):
        upgrade(address_of(address), "nobody")
    with open_store(address) as store:
        assert store.signer_role == role


def test_what_is_no_ledger_is_not_upgraded(address: str) -> None:
    with pytest.raises(LedgerMissing):
        upgrade(address_of(address))
