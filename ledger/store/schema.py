"""The tables of a ledger and the triggers that protect them. No queries and no connections."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.schema import CreateIndex, CreateTable

from ledger.errors import Damaged, NewerLedger, OlderLedger
from ledger.limits import LARGEST_FILE
from ledger.messages import filled, marked, msg
from ledger.store.numbers import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.engine import Dialect

LEDGER_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)

# Text is compared by bytes: an index in a language's collation breaks when the system's collation rules change.
TEXT = Text().with_variant(Text(collation="C"), "postgresql")
# SQLite uses a column as the row id only if its type is exactly INTEGER.
POSITION = BigInteger().with_variant(Integer(), "sqlite")
# SQLite can read STRICT tables from version 3.37 on. With an older SQLite, `opening` raises an error that says so.
STRICT = sqlite3.sqlite_version_info >= (3, 37)

TYPE, TAG = "type", "tag"  # the kinds of words

metadata = MetaData()

ledger = Table(
    "ledger",
    metadata,
    Column("schema_version", Integer, nullable=False),
    Column("ledger_id", TEXT, nullable=False),
    # `public_key` is the ledger's first public signing key, or ""; later signing keys are in the log.
    Column("public_key", TEXT, nullable=False),
    sqlite_strict=STRICT,
)
# The vocabulary: each event type and each tag once.
words = Table(
    "words",
    metadata,
    Column("id", POSITION, primary_key=True, autoincrement=False),
    Column("kind", TEXT, nullable=False),  # `kind` is TYPE or TAG.
    Column("word", TEXT, nullable=False),
    Index("words_by_word", "kind", "word", unique=True),
    sqlite_strict=STRICT,
)
entries = Table(
    "entries",
    metadata,
    Column("position", POSITION, primary_key=True, autoincrement=False),
    Column("type", TEXT, nullable=False),
    Column("leaf", LargeBinary, nullable=False),  # `leaf` is the RFC 6962 leaf hash of `data`.
    Column("data", LargeBinary, nullable=False),
    Column("words", LargeBinary, nullable=False),  # `words` holds the ids of the tags, in the order given (packing.py).
    sqlite_strict=STRICT,
)
# The index of the entries: each row lists entries of one append that have a word, as their type or as a tag. `first` is
# the position of the first entry, and `rest` holds the distances of the others from the first (packing.py).
postings = Table(
    "postings",
    metadata,
    Column("word", POSITION, primary_key=True, autoincrement=False),
    Column("first", POSITION, primary_key=True, autoincrement=False),
    Column("rest", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
    sqlite_strict=STRICT,
)
names, accounts = (  # The names of persons, and the accounts of registrars, each bound to an entry by a digest.
    Table(
        name,
        metadata,
        Column("position", POSITION, ForeignKey("entries.position"), primary_key=True, autoincrement=False),
        Column("disclosure", TEXT, nullable=False),
        sqlite_strict=STRICT,
    )
    for name in ("names", "accounts")
)
ERASABLE = (names, accounts)  # Rows of these tables can be deleted; no other rows can.
documents = Table(
    "documents",
    metadata,
    Column("digest", TEXT, primary_key=True),
    Column("data", LargeBinary, nullable=False),
    sqlite_strict=STRICT,
)

# The root of each full tile. The hashes of a tile are the leaf hashes beside the entries, or the roots a level below.
tiles = Table(
    "tiles",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("number", POSITION, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
    sqlite_strict=STRICT,
)
checkpoints = Table(
    "checkpoints",
    metadata,
    Column("number", POSITION, primary_key=True, autoincrement=False),
    Column("size", POSITION, nullable=False),
    # `note` is the whole signed note; the same checkpoint with more signatures gets a new row.
    Column("note", TEXT, nullable=False),
    sqlite_strict=STRICT,
)

# The lines with which witnesses cosigned checkpoints (C2SP tlog-cosignature).
cosignatures = Table(
    "cosignatures",
    metadata,
    Column("size", POSITION, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, primary_key=True),
    Column("witness", TEXT, primary_key=True),
    Column("line", TEXT, nullable=False),
    Column("received_at", TEXT, primary_key=True),
    sqlite_strict=STRICT,
)

KEPT_ONCE = "INSERT ON documents WHEN EXISTS (SELECT 1 FROM documents WHERE digest = NEW.digest)"

# The statements that triggers refuse, whoever sends them: (trigger's name, statement, message). The INSERT triggers
# also stop INSERT OR REPLACE, whose deletes fire no trigger on a connection without recursive_triggers.
REFUSALS = (
    ("entries_keep_update", "UPDATE ON entries", "entries are never changed"),
    ("entries_keep_delete", "DELETE ON entries", "entries are never deleted"),
    ("words_keep_update", "UPDATE ON words", "words are never changed"),
    ("words_keep_delete", "DELETE ON words", "words are never deleted"),
    ("postings_keep_update", "UPDATE ON postings", "postings are never changed"),
    ("postings_keep_delete", "DELETE ON postings", "postings are never deleted"),
    ("documents_keep_update", "UPDATE ON documents", "documents are never changed"),
    ("documents_keep_delete", "DELETE ON documents", "documents are never deleted"),
    ("ledger_keep_update", "UPDATE ON ledger", "what the ledger is never changes"),
    ("ledger_keep_delete", "DELETE ON ledger", "what the ledger is never changes"),
    ("tiles_keep_update", "UPDATE ON tiles", "tiles are never changed"),
    ("tiles_keep_delete", "DELETE ON tiles", "tiles are never deleted"),
    ("checkpoints_keep_update", "UPDATE ON checkpoints", "checkpoints are never changed"),
    ("checkpoints_keep_delete", "DELETE ON checkpoints", "checkpoints are never deleted"),
    ("cosignatures_keep_update", "UPDATE ON cosignatures", "cosignatures are never changed"),
    ("cosignatures_keep_delete", "DELETE ON cosignatures", "cosignatures are never deleted"),
    ("names_keep_update", "UPDATE ON names", "names are erased, never changed"),
    ("accounts_keep_update", "UPDATE ON accounts", "accounts are erased, never changed"),
    (
        "entries_follow",
        "INSERT ON entries WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM entries)",
        "each entry has the position after the last",
    ),
    (
        "tiles_follow",
        """INSERT ON tiles WHEN NEW.number IS NOT
            (SELECT coalesce(max(number), -1) + 1 FROM tiles WHERE level = NEW.level)""",
        "each tile has the number after the last",
    ),
    (
        "checkpoints_follow",
        """INSERT ON checkpoints WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM checkpoints)
            OR NEW.size < (SELECT coalesce(max(size), 0) FROM checkpoints)
            OR NEW.size > (SELECT coalesce(max(position), 0) FROM entries)""",
        "each checkpoint is of no fewer entries than the last, and of no more than there are",
    ),
    (
        "words_follow",
        """INSERT ON words WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM words)
            OR EXISTS (SELECT 1 FROM words WHERE word = NEW.word AND kind = NEW.kind)""",
        "each word has the id after the last, and is there once",
    ),
    (
        "postings_follow",
        """INSERT ON postings WHEN NEW.first <= (SELECT coalesce(max(first), 0) FROM postings WHERE word = NEW.word)
            OR NEW.first > (SELECT coalesce(max(position), 0) FROM entries)""",
        "each posting of a word comes after the last, and lists entries that are there",
    ),
    *(
        (
            f"{table}_once",
            f"INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE position = NEW.position)",  # noqa: S608
            f"{table} are erased, never changed",
        )
        for table in ERASABLE
    ),
    (
        "cosignatures_once",
        """INSERT ON cosignatures WHEN EXISTS (SELECT 1 FROM cosignatures WHERE size = NEW.size AND root = NEW.root
            AND witness = NEW.witness AND received_at = NEW.received_at)""",
        "cosignatures are never changed",
    ),
    (
        "documents_once",
        f"{KEPT_ONCE} OR length(NEW.data) > {LARGEST_FILE}",
        f"documents are never changed, and have at most {LARGEST_FILE} bytes",
    ),
    ("ledger_once", "INSERT ON ledger WHEN EXISTS (SELECT 1 FROM ledger)", "what the ledger is never changes"),
)

# Earlier versions of this program made these triggers with this text; `upgrade` renews such triggers.
EARLIER = (("documents_once", KEPT_ONCE, "documents are never changed"),)

# The parts of a schema by kind, as people read them.
KINDS = {
    "column": marked("column {name}"),
    "constraint": marked("constraint {name}"),
    "function": marked("function {name}"),
    "index": marked("index {name}"),
    "table": marked("table {name}"),
    "trigger": marked("trigger {name}"),
    "view": marked("view {name}"),
}
MISSING = marked("{object} is not there")
FOREIGN = marked("{object} does not belong to a ledger")
OTHERWISE = marked("{object} is not what a ledger is made with")

EXPECTED = frozenset({*metadata.tables, *(name for name, _, _ in REFUSALS), "words_by_word"})


def statements(dialect: Dialect) -> Iterator[str]:
    """Yields the SQL that turns an empty SQLite file into a ledger, except for the row in `ledger` and the two numbers
    in the file's header.
    """
    for table in metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=dialect))
        yield from (str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes)
    yield from map(trigger, REFUSALS)


def trigger(refusal: tuple[str, str, str]) -> str:
    """Returns the CREATE TRIGGER statement for a row of REFUSALS or EARLIER."""
    name, when, why = refusal
    return f"CREATE TRIGGER {name} BEFORE {when} BEGIN SELECT RAISE(ABORT, '{why}'); END"


def named(kind: str, name: str) -> str:
    """Returns a part of a schema in the current language, such as `trigger entries_follow`."""
    return filled(KINDS[kind], {"name": name}) if kind in KINDS else f"{kind} {name}"


def fault(message: str, kind: str, name: str, *, renewed: bool = False) -> str:
    """Returns the sentence that a part of a schema is MISSING, FOREIGN or OTHERWISE. `renewed` is true if `upgrade`
    repairs the part.
    """
    told = filled(message, {"object": named(kind, name)})
    return msg("{fault}; `liggare upgrade` renews it", fault=told) if renewed else told


def identity(rows: Sequence[tuple[Any, ...]], where: str) -> str:
    """Returns the ledger's id from `rows`, the (schema version, id) rows of the table `ledger`. Raises Damaged unless
    there is exactly one row and its id is 32 hexadecimal digits. Raises OlderLedger or NewerLedger for another schema
    version.
    """
    if len(rows) != 1:
        raise Damaged(where, msg("its table `ledger` must have exactly one row"))
    [(version, ledger_id)] = rows
    if not (isinstance(version, int) and isinstance(ledger_id, str) and LEDGER_ID.fullmatch(ledger_id)):
        raise Damaged(where, msg("its table `ledger` holds no valid ledger id"))
    if version > SCHEMA_VERSION:
        raise NewerLedger(where, msg("schema {version}", version=version))
    if version < SCHEMA_VERSION:
        raise OlderLedger(where, version, SCHEMA_VERSION)
    return ledger_id
