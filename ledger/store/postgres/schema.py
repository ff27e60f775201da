"""The same tables on PostgreSQL, its own words for what they refuse, and which roles may do what. No queries, no
connections.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy.schema import CreateIndex, CreateTable

from ledger.proof.tiles import WIDTH
from ledger.store.schema import REFUSALS, metadata

from .statements import DIALECT, MARK, MARKED

if TYPE_CHECKING:
    from collections.abc import Iterator

# Triggers of functions run with no search path but PostgreSQL's own, so that no caller can give `=` another meaning.
FUNCTION = """CREATE OR REPLACE FUNCTION {mark}.{name}() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $${body}$$"""
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
                   WHERE last <> (SELECT count(*) FROM {mark}.tiles kept WHERE kept.level = grown.level) - 1)
             OR EXISTS (SELECT FROM added
                   WHERE number < 0 OR octet_length(data) <> {width} * 32 OR data IS DISTINCT FROM
                       CASE WHEN level = 0 THEN
                           (SELECT string_agg(leaf, '' ORDER BY position) FROM {mark}.entries
                            WHERE position > number * {width} AND position <= (number + 1) * {width})
                       ELSE
                           (SELECT string_agg(below.root, '' ORDER BY below.number) FROM {mark}.tiles below
                            WHERE below.level = added.level - 1
                              AND below.number >= added.number * {width}
                              AND below.number < (added.number + 1) * {width})
                       END)""",
        "each tile has the number after the last, and the hashes of what lies below it",
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

# Only the signer's role, and whoever owns the ledger, appends these entries and keeps checkpoints.
SIGNED = ("signing-key-changed", "log-restored")
SIGNER = """pg_has_role(current_user, (SELECT relowner FROM pg_catalog.pg_class WHERE oid = TG_RELID), 'MEMBER')
    OR EXISTS (SELECT FROM pg_catalog.pg_roles
               WHERE rolname = TG_ARGV[1] AND pg_has_role(current_user, oid, 'MEMBER'))"""
NOT_THE_SIGNER = "LG001"  # an SQLSTATE of ours

# Nobody records one event under the name of another: readers find it by its type, and take it for what its bytes say.
# So these begin with its name, as ours do, and hold no second key `event`, in whatever spelling. Bytes that speak of no
# event do no harm. `said` is the bytes in ASCII: a backslash is doubled there, NUL and bytes above 127 are in octal.
NAMED = r"(^|[^\\])(\\\\\\\\)*\\\\u(?!00[01])"  # an escape of what JSON need not escape
SPOKEN = r'"(\\000)*e(\\000)*v(\\000)*e(\\000)*n(\\000)*t(\\000)*"|\\\\(\\000)*u'  # UTF-16 too
OTHERWISE = """DECLARE
    said text := encode(NEW.data, 'escape');
    begins bytea := convert_to('{{"event":"' || NEW.type || '",', 'UTF8');
    otherwise boolean := CASE WHEN NEW.type ~ '^[a-z0-9-]+$' AND substr(NEW.data, 1, octet_length(begins)) = begins
        THEN strpos(substr(said, 10), '"event"') > 0 AND substr(said, 10) ~ E'"event"[ \\t\\n\\r]*:'
             OR strpos(said, E'\\\\u') > 0 AND said ~ {named}
        ELSE said ~ {spoken} END;
"""
MISNAMED = "an entry is kept under the name that its bytes begin with"


def _escaped(pattern: str) -> str:
    """A regular expression as a literal that means the same in every session."""
    return "E'" + pattern.replace("\\", "\\\\") + "'"


def _refused(argument: int, state: str) -> str:
    return f"RAISE EXCEPTION USING MESSAGE = TG_ARGV[{argument}], ERRCODE = '{state}'"


# Seen at each row, before it is there, by one function a table, since to call one costs more than what it does. Their
# arguments: why another may not sign, who signs, and why an entry may not be named so.
GUARDS = {
    "entries_guarded": (
        "entries",
        f"""{OTHERWISE.format(named=_escaped(NAMED), spoken=_escaped(SPOKEN))}BEGIN
    IF otherwise THEN {_refused(2, "integrity_constraint_violation")}; END IF;
    IF NEW.type IN ({", ".join(map(repr, SIGNED))})
        AND ({SIGNER}) IS NOT TRUE THEN {_refused(0, NOT_THE_SIGNER)}; END IF;
    RETURN NEW;
END""",
    ),
    "checkpoints_guarded": (
        "checkpoints",
        f"BEGIN IF ({SIGNER}) IS NOT TRUE THEN {_refused(0, NOT_THE_SIGNER)}; END IF; RETURN NEW; END",
    ),
}
LOCK = "turn"  # a table in which nothing ever is; whoever writes has its lock

ADDED = frozenset({LOCK, *GUARDS})  # what the first ledgers of this schema had not
GUARDING = ADDED | {*(name for name, _, _ in (*PLAIN, *EMPTYING)), *(name for _, name, _, _ in KEPT)}
EXPECTED = GUARDING | {
    *metadata.tables,
    *(str(index.name) for table in metadata.tables.values() for index in table.indexes),
    "ledger_once",
}


class Trigger(NamedTuple):
    """A trigger, seen at each row or once for a statement, and its function's arguments: why it refuses, who signs."""

    name: str
    table: str
    when: str
    each: str
    function: str
    arguments: tuple[str, ...]


def functions() -> dict[str, str]:
    """The text of each function, by its name. The schema stands in it as MARK."""
    kept = {
        name: f"BEGIN IF {condition.format(mark=MARK, width=WIDTH)} THEN {RAISE}; END IF; RETURN NULL; END"
        for _, name, condition, _ in KEPT
    }
    return {"refuse": f"BEGIN {RAISE}; END", **kept, **{name: body for name, (_, body) in GUARDS.items()}}


def triggers(signer: str) -> Iterator[Trigger]:
    """All of them, for a ledger that the role `signer` signs for; "" when only its owner does."""
    for name, when, why in (*PLAIN, *EMPTYING):
        deed, _, guarded = when.split()
        yield Trigger(name, guarded, f"BEFORE {deed}", "STATEMENT", "refuse", (why,))
    for filled, name, _, why in KEPT:
        yield Trigger(name, filled, "AFTER INSERT", "STATEMENT", name, (why,))
    only = f"only {signer} and the owner of the tables sign" if signer else "only the owner of the tables signs"
    for name, (filled, _) in GUARDS.items():
        yield Trigger(name, filled, "BEFORE INSERT", "ROW", name, (only, signer, MISNAMED))


def parts(signer: str) -> Iterator[str]:
    """What makes an empty schema a ledger, but for its one row. The schema stands in it as MARK."""
    for table in metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=DIALECT, **MARKED))
        yield from (str(CreateIndex(index).compile(dialect=DIALECT, **MARKED)) for index in table.indexes)
    yield f"CREATE UNIQUE INDEX ledger_once ON {MARK}.ledger ((true))"
    yield from guarding(signer)


def guarding(signer: str) -> Iterator[str]:
    """What guards the tables: the lock, the functions and the triggers, in the place of those that are there. What was
    granted on them stays granted.
    """
    yield f"CREATE TABLE IF NOT EXISTS {MARK}.{LOCK} ()"
    for name, body in functions().items():
        yield FUNCTION.format(mark=MARK, name=name, body=body)
    for name, table, when, each, function, arguments in triggers(signer):
        rows = " REFERENCING NEW TABLE AS added" if when == "AFTER INSERT" else ""
        said = ", ".join("'" + argument.replace("'", "''") + "'" for argument in arguments)
        yield f"DROP TRIGGER IF EXISTS {name} ON {MARK}.{table}"
        yield (
            f"CREATE TRIGGER {name} {when} ON {MARK}.{table}{rows} FOR EACH {each} "
            f"EXECUTE FUNCTION {MARK}.{function}({said})"
        )


def grants(role: str, *, signs: bool = False) -> Iterator[str]:
    """What a role needs to record and to ask, and nothing more. Names are erased, so they alone may be deleted; the
    lock's table is empty, and to be able to delete from it is the least that goes with a right to lock it.
    """
    yield f"GRANT USAGE ON SCHEMA {MARK} TO {role}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA {MARK} TO {role}"
    for name in metadata.tables:
        if name != "ledger" and (signs or name != "checkpoints"):
            yield f"GRANT INSERT{', DELETE' if name == 'names' else ''} ON {MARK}.{name} TO {role}"
    yield f"GRANT DELETE ON {MARK}.{LOCK} TO {role}"
