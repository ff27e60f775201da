"""Roles on a server: what one may do to whom a ledger was granted, and nothing else."""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING

import pytest

from ledger.errors import (
    BadInput,
    LedgerMissing,
    NotPermitted,
)
from ledger.store import creating, open_store

from .given import entry, log, schema_of

if TYPE_CHECKING:
    from tests.servers import Node


@pytest.fixture
def role(server: Node) -> str:
    name = f"clerk-{token_hex(4)}"
    server.sql(f'CREATE ROLE "{name}" LOGIN')
    return name


def test_a_role_may_ask_and_record_and_erase_names(address: str, server: Node, role: str) -> None:
    with creating(address, role=role):
        pass
    with open_store(server.url(schema_of(address), user=role)) as store:
        store.append([entry("a", "party:sala")], disclosures={0: "Åsa"}, documents={"0a": b"x"})
        store.append([entry("b")], erase=[1])
        store.keep_checkpoint(2, "note")
        assert (log(store), store.disclosures()) == (["a", "b"], {})


def test_a_role_may_do_nothing_else(address: str, server: Node, role: str) -> None:
    with creating(address, role=role) as made:
        made.append([entry("a")])
    held = server.sql(
        "SELECT table_name, string_agg(privilege_type, ' ' ORDER BY privilege_type)"
        " FROM information_schema.role_table_grants WHERE grantee = %s AND table_schema = %s GROUP BY 1 ORDER BY 1",
        role,
        schema_of(address),
    )
    recording = dict.fromkeys(("checkpoints", "documents", "entries", "tags", "tiles"), "INSERT SELECT")
    assert dict(held) == {**recording, "ledger": "SELECT", "names": "DELETE INSERT SELECT"}


def test_a_role_without_a_grant_is_told(hosted: str, server: Node, role: str) -> None:
    with pytest.raises(NotPermitted):
        open_store(server.url(schema_of(hosted), user=role))


def test_a_role_that_is_not_there_is_bad_input_and_no_ledger_is_made(address: str) -> None:
    with pytest.raises(BadInput, match="no role nobody-at-all"), creating(address, role="nobody-at-all"):
        pytest.fail("the block was entered")
    with pytest.raises(LedgerMissing):
        open_store(address)
