"""The tables of a ledger on PostgreSQL, the triggers that protect them in PostgreSQL's own SQL, and the rights of
roles. No queries and no connections.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy.schema import CreateIndex, CreateTable

from ledger.limits import LARGEST_FILE
from ledger.proof.tiles import WIDTH
from ledger.store.postgres import appending
from ledger.store.postgres.guards import GUARDS, SIGNED_FOR, guards, refused
from ledger.store.postgres.statements import DIALECT, MARK, MARKED
from ledger.store.schema import ERASABLE, REFUSALS, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

# Functions run with no search path but PostgreSQL's own, so that no caller can give `=` another meaning.
FUNCTION = """CREATE OR REPLACE FUNCTION {mark}.{name}({arguments}) RETURNS {results}
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $${body}$$"""

# The root of a tile's hashes (RFC 6962 section 2.1) is computed in rounds, each of which halves their number.
ROOT = """(WITH RECURSIVE round(hashes) AS (
        SELECT below.hashes
        UNION ALL
        SELECT (SELECT string_agg(sha256(decode('01', 'hex') || substr(hashes, 64 * at + 1, 64)), '' ORDER BY at)
                FROM generate_series(0, octet_length(hashes) / 64 - 1) at)
        FROM round WHERE octet_length(hashes) > 32
    ) SELECT hashes FROM round WHERE octet_length(hashes) = 32)"""

# KEPT lists (table, trigger's name, condition, message). Each condition is checked once for all rows of an INSERT,
# which it sees as `added`, and is true if the INSERT must be refused. Primary keys refuse duplicate rows.
KEPT = (
    (
        "documents",
        "documents_agree",
        """EXISTS (SELECT FROM added WHERE octet_length(data) > {largest})
             OR {signed_for} AND EXISTS (SELECT FROM added WHERE digest <> encode(sha256(data), 'hex'))""",
        f"a document is kept under the digest of its bytes, of which there are at most {LARGEST_FILE}",
    ),
    (
        "words",
        "words_follow",
        """EXISTS (SELECT FROM added WHERE kind NOT IN ('type', 'tag') OR word = '' OR strpos(word, E'\\n') > 0)
             OR (SELECT min(id) <> 1 + (SELECT coalesce(max(id), 0) FROM {mark}.words
                                        WHERE id < (SELECT min(id) FROM added))
                     OR max(id) <> min(id) + count(*) - 1 FROM added)""",
        "each word has the id after the last, and is there once",
    ),
    (
        "tiles",
        "tiles_follow",
        """EXISTS (SELECT FROM (SELECT level, max(number) AS last FROM added GROUP BY level) grown
                   WHERE last <> (SELECT count(*) FROM {mark}.tiles kept WHERE kept.level = grown.level) - 1)
             OR EXISTS (SELECT FROM added, LATERAL (SELECT CASE WHEN level = 0 THEN
                           (SELECT string_agg(leaf, '' ORDER BY position) FROM {mark}.entries
                            WHERE position > number * {width} AND position <= (number + 1) * {width})
                       ELSE
                           (SELECT string_agg(kept.root, '' ORDER BY kept.number) FROM {mark}.tiles kept
                            WHERE kept.level = added.level - 1
                              AND kept.number >= added.number * {width}
                              AND kept.number < (added.number + 1) * {width})
                       END AS hashes) below
                   WHERE number < 0 OR octet_length(hashes) IS DISTINCT FROM {width} * 32
                      OR root IS DISTINCT FROM {root})""",
        "each tile has the number after the last, and the root of the hashes that lie below it",
    ),
    (
        "checkpoints",
        "checkpoints_follow",
        """EXISTS (SELECT FROM added
                   WHERE number <> (SELECT count(*) FROM {mark}.checkpoints kept WHERE kept.number <= added.number)
                      OR size < (SELECT max(size) FROM {mark}.checkpoints kept WHERE kept.number < added.number)
                      OR size > (SELECT coalesce(max(position), 0) FROM {mark}.entries))""",
        "each checkpoint is of no fewer entries than the last, and of no more than there are",
    ),
)
# SQLite's triggers that refuse every UPDATE or DELETE exist on PostgreSQL too, under the same names. More triggers
# refuse every TRUNCATE.
PLAIN = [(name, when, why) for name, when, why in REFUSALS if when.split()[0] != "INSERT"]
EMPTYING = [(f"{name}_keep_truncate", f"TRUNCATE ON {name}", f"{name} is never emptied") for name in metadata.tables]

# The trigger `entries_tiled` runs at the end of the transaction, for each entry that fills a tile, and checks that the
# transaction has stored the tile.
FILLS = f"(NEW.position % {WIDTH} = 0)"
TILED = """BEGIN
    IF EXISTS (SELECT FROM (
            SELECT level, {width}::numeric ^ (level + 1) AS wide FROM generate_series(0, 6) level
        ) tile WHERE NEW.position % wide = 0 AND NOT EXISTS (
            SELECT FROM {mark}.tiles kept
            WHERE kept.level = tile.level AND kept.number = (NEW.position / wide)::bigint - 1))
        THEN {refused}; END IF;
    RETURN NULL;
END"""
OF_SIGNER = ("checkpoints", "cosignatures")  # Only whoever signs may add rows to these tables.
LOCK = "turn"  # The table `turn` is always empty; a writer holds a lock on this table.

GUARDING = frozenset(
    {
        LOCK,
        appending.NAME,
        *GUARDS,
        "entries_tiled",
        *(name for name, _, _ in (*PLAIN, *EMPTYING)),
        *(name for _, name, _, _ in KEPT),
    }
)
EXPECTED = GUARDING | {
    *metadata.tables,
    *(str(index.name) for table in metadata.tables.values() for index in table.indexes),
    "ledger_once",
}


class Trigger(NamedTuple):
    """A trigger and the arguments of its function: why the trigger refuses, and who signs. A statement trigger after an
    INSERT sees all new rows, as `added`. A row trigger after an INSERT runs when the transaction ends, and only for
    rows that fill a tile.
    """

    name: str
    table: str
    when: str
    each: str
    function: str
    arguments: tuple[str, ...]

    @property
    def has_all(self) -> bool:
        return (self.when, self.each) == ("AFTER INSERT", "STATEMENT")

    @property
    def waits(self) -> bool:
        return (self.when, self.each) == ("AFTER INSERT", "ROW")


def functions() -> dict[str, str]:
    """Returns the body of each trigger function by the function's name. In the body, MARK stands for the schema."""
    literals = {"mark": MARK, "width": WIDTH, "root": ROOT, "largest": LARGEST_FILE}
    literals["signed_for"] = SIGNED_FOR.format(mark=MARK)
    kept = {
        name: f"BEGIN IF {condition.format(**literals)} THEN {refused(0)}; END IF; RETURN NULL; END"
        for _, name, condition, _ in KEPT
    }
    return {
        "refuse": f"BEGIN {refused(0)}; END",
        **kept,
        **guards(MARK),
        "entries_tiled": TILED.format(mark=MARK, width=WIDTH, refused=refused(0)),
    }


def triggers(signer: str) -> Iterator[Trigger]:
    """Yields all triggers of a ledger for which the role `signer` signs; "" means that only the owner signs."""
    for name, when, why in (*PLAIN, *EMPTYING):
        deed, _, guarded = when.split()
        yield Trigger(name, guarded, f"BEFORE {deed}", "STATEMENT", "refuse", (why,))
    for filled, name, _, why in KEPT:
        yield Trigger(name, filled, "AFTER INSERT", "STATEMENT", name, (why,))
    why = "entries are kept with each tile that they fill"
    yield Trigger("entries_tiled", "entries", "AFTER INSERT", "ROW", "entries_tiled", (why,))
    only = f"only {signer} and the owner of the tables sign" if signer else "only the owner of the tables signs"
    for name, (guarded, why_not) in GUARDS.items():
        when, _, filled = guarded.partition(" ON ")
        yield Trigger(name, filled, when, "STATEMENT", name, (only, signer, *why_not))


def parts(signer: str) -> Iterator[str]:
    """Yields the SQL that turns an empty schema into a ledger, except for the row in `ledger`. In the SQL, MARK stands
    for the schema.
    """
    yield from making()
    yield from guarding(signer)


def making() -> Iterator[str]:
    """Yields the SQL that creates the tables and indexes."""
    for table in metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=DIALECT, **MARKED))
        yield from (str(CreateIndex(index).compile(dialect=DIALECT, **MARKED)) for index in table.indexes)
    yield f"CREATE UNIQUE INDEX ledger_once ON {MARK}.ledger ((true))"


def guarding(signer: str) -> Iterator[str]:
    """Yields the SQL that creates the lock, the functions and the triggers, or replaces those that exist. Existing
    grants on these objects stay in place.
    """
    yield f"CREATE TABLE IF NOT EXISTS {MARK}.{LOCK} ()"
    for name, body in functions().items():
        yield FUNCTION.format(mark=MARK, name=name, arguments="", results="trigger", body=body)
    made = {"arguments": appending.ARGUMENTS, "results": "record", "body": appending.BODY}
    yield FUNCTION.format(mark=MARK, name=appending.NAME, **made)
    for one in triggers(signer):
        kind, later, seen = ("TRIGGER", "", "")
        if one.waits:
            kind, later, seen = "CONSTRAINT TRIGGER", " DEFERRABLE INITIALLY DEFERRED", f" WHEN {FILLS}"
        rows = " REFERENCING NEW TABLE AS added" if one.has_all else ""
        said = ", ".join("'" + argument.replace("'", "''") + "'" for argument in one.arguments)
        yield f"DROP TRIGGER IF EXISTS {one.name} ON {MARK}.{one.table}"
        yield (
            f"CREATE {kind} {one.name} {one.when} ON {MARK}.{one.table}{later}{rows} FOR EACH {one.each}{seen}"
            f" EXECUTE FUNCTION {MARK}.{one.function}({said})"
        )


def grants(role: str, *, signs: bool = False) -> Iterator[str]:
    """Yields the SQL that grants a role the rights to read and to record, and, with `signs`, the right to store
    checkpoints and cosignatures. Only erasable rows can be deleted. To lock the empty table `turn`, a role needs
    a right to change that table, and the right to delete from it is the least such right.
    """
    yield f"GRANT USAGE ON SCHEMA {MARK} TO {role}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA {MARK} TO {role}"
    for name in metadata.tables:
        if name != "ledger" and (signs or name not in OF_SIGNER):
            yield f"GRANT INSERT{', DELETE' if name in map(str, ERASABLE) else ''} ON {MARK}.{name} TO {role}"
    yield f"GRANT DELETE ON {MARK}.{LOCK} TO {role}"
    yield f"GRANT EXECUTE ON FUNCTION {MARK}.{appending.SIGNATURE} TO {role}"
