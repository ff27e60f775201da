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
REFUSE = "BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation'; END"

# What an INSERT must keep, seen once for all its rows: (table, name, body). Primary keys do the rest.
KEPT = (
    (
        "entries",
        "entries_follow",
        """
DECLARE
    first bigint; last bigint; many bigint; head bigint;
BEGIN
    SELECT min(position), max(position), count(*) INTO first, last, many FROM added;
    SELECT coalesce(max(position), 0) INTO head FROM {mark}.entries WHERE position < first;
    IF many > 0 AND (first <> head + 1 OR last <> head + many) THEN
        RAISE EXCEPTION USING MESSAGE = 'each entry has the position after the last',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END""",
    ),
    (
        "tags",
        "tags_agree",
        """
BEGIN
    IF EXISTS (SELECT FROM added LEFT JOIN {mark}.entries USING (position)
               WHERE entries.position IS NULL
                  OR strpos(E'\\n' || entries.tags || E'\\n', E'\\n' || added.tag || E'\\n') = 0) THEN
        RAISE EXCEPTION USING MESSAGE = 'a tag is one that its entry carries',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END""",
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
        *(name for _, name, _ in KEPT),
        "ledger_once",
    }
)


def statements() -> Iterator[str]:
    """What makes an empty schema a ledger, but for its one row. The schema stands in it as MARK."""
    for table in metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=DIALECT, **MARKED))
        yield from (str(CreateIndex(index).compile(dialect=DIALECT, **MARKED)) for index in table.indexes)
    yield f"CREATE UNIQUE INDEX ledger_once ON {MARK}.ledger ((true))"
    yield FUNCTION.format(mark=MARK, name="refuse", body=REFUSE)
    for name, when, why in (*PLAIN, *EMPTYING):
        deed, _, guarded = when.split()
        yield (
            f"CREATE TRIGGER {name} BEFORE {deed} ON {MARK}.{guarded} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {MARK}.refuse('{why}')"
        )
    for filled, name, body in KEPT:
        yield FUNCTION.format(mark=MARK, name=name, body=body.format(mark=MARK))
        yield (
            f"CREATE TRIGGER {name} AFTER INSERT ON {MARK}.{filled} REFERENCING NEW TABLE AS added "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {MARK}.{name}()"
        )


def grants(role: str) -> Iterator[str]:
    """What a role needs to record and to ask, and nothing more. Names are erased, so they alone may be deleted."""
    yield f"GRANT USAGE ON SCHEMA {MARK} TO {role}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA {MARK} TO {role}"
    for name in metadata.tables:
        if name != "ledger":
            yield f"GRANT INSERT{', DELETE' if name == 'names' else ''} ON {MARK}.{name} TO {role}"
