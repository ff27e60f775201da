"""The same tables on PostgreSQL, and its own words for what they refuse. No queries, no connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.schema import CreateIndex, CreateTable

from ledger.store.schema import REFUSALS, metadata

from .statements import DIALECT, MARK, MARKED

if TYPE_CHECKING:
    from collections.abc import Iterator

# Triggers of functions run with no search path but PostgreSQL's own, so that no caller can give `=` another meaning.
FUNCTION = "CREATE FUNCTION {mark}.{name}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $${body}$$"
RAISE = "RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation'"

# What an INSERT must keep, seen once for all its rows, `added`; primary keys do the rest. In SQL that is true of what
# may not be: (table, name, condition, why).
KEPT = (
    (
        "entries",
        "entries_follow",
        """(SELECT min(position) <> 1 + (SELECT coalesce(max(position), 0) FROM {mark}.entries
                                      WHERE position < (SELECT min(position) FROM added))
             OR max(position) <> min(position) + count(*) - 1 FROM added)""",
        "each entry has the position after the last",
    ),
    (
        "tags",
        "tags_agree",
        """EXISTS (SELECT FROM added LEFT JOIN {mark}.entries USING (position)
                   WHERE entries.position IS NULL
                      OR strpos(E'\\n' || entries.tags || E'\\n', E'\\n' || added.tag || E'\\n') = 0)""",
        "a tag is one that its entry carries",
    ),
    (
        "tiles",
        "tiles_follow",
        """EXISTS (SELECT FROM (SELECT level, max(number) AS last FROM added GROUP BY level) grown
                   WHERE last <> (SELECT count(*) FROM {mark}.tiles kept WHERE kept.level = grown.level) - 1)""",
        "each tile has the number after the last",
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
# Those of SQLite that say no to every UPDATE or DELETE hold here too, by the same names; nothing is emptied at once.
PLAIN = [(name, when, why) for name, when, why in REFUSALS if when.split()[0] != "INSERT"]
EMPTYING = [(f"{name}_keep_truncate", f"TRUNCATE ON {name}", f"{name} is never emptied") for name in metadata.tables]

EXPECTED = frozenset(
    {
        *metadata.tables,
        *(str(index.name) for table in metadata.tables.values() for index in table.indexes),
        *(name for name, _, _ in (*PLAIN, *EMPTYING)),
        *(name for _, name, _, _ in KEPT),
        "ledger_once",
    }
)


def parts() -> Iterator[str]:
    """What makes an empty schema a ledger, but for its one row. The schema stands in it as MARK."""
    for table in metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=DIALECT, **MARKED))
        yield from (str(CreateIndex(index).compile(dialect=DIALECT, **MARKED)) for index in table.indexes)
    yield f"CREATE UNIQUE INDEX ledger_once ON {MARK}.ledger ((true))"
    yield FUNCTION.format(mark=MARK, name="refuse", body=f"BEGIN {RAISE}; END")
    for name, when, why in (*PLAIN, *EMPTYING):
        deed, _, guarded = when.split()
        yield (
            f"CREATE TRIGGER {name} BEFORE {deed} ON {MARK}.{guarded} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {MARK}.refuse('{why}')"
        )
    for filled, name, condition, why in KEPT:
        body = f"BEGIN IF {condition.format(mark=MARK)} THEN {RAISE}; END IF; RETURN NULL; END"
        yield FUNCTION.format(mark=MARK, name=name, body=body)
        yield (
            f"CREATE TRIGGER {name} AFTER INSERT ON {MARK}.{filled} REFERENCING NEW TABLE AS added "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {MARK}.{name}('{why}')"
        )


def grants(role: str) -> Iterator[str]:
    """What a role needs to record and to ask, and nothing more. Names are erased, so they alone may be deleted."""
    yield f"GRANT USAGE ON SCHEMA {MARK} TO {role}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA {MARK} TO {role}"
    for name in metadata.tables:
        if name != "ledger":
            yield f"GRANT INSERT{', DELETE' if name == 'names' else ''} ON {MARK}.{name} TO {role}"
