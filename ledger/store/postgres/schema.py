"""The tables of a ledger on PostgreSQL, the triggers that protect them in PostgreSQL's own SQL, and the rights of
roles. No queries and no connections.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy.schema import CreateIndex, CreateTable

from ledger.limits import LARGEST_FILE
from ledger.proof.tiles import WIDTH
from ledger.store.bounds import ENTRY
from ledger.store.packing import SPAN
from ledger.store.postgres.statements import DIALECT, MARK, MARKED
from ledger.store.schema import ERASABLE, REFUSALS, metadata
from ledger.values import LAST_MOMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

# Trigger functions run with no search path but PostgreSQL's own, so that no caller can give `=` another meaning.
FUNCTION = """CREATE OR REPLACE FUNCTION {mark}.{name}() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $${body}$$"""

# In a signed ledger, each entry must be canonical JSON with exactly the keys that every entry has, as far as SQL can
# check. An entry in another form could not be signed, nor could any entry after it. PostgreSQL writes JSON again
# without spaces and with one spelling of each character, but leaves out nulls. Entries with nulls, unusual numbers or
# nested objects need slower checks; such entries are few.
SIGNED_FOR = "EXISTS (SELECT FROM {mark}.ledger WHERE public_key <> '')"
IN_ORDER = """{keys} IS NOT DISTINCT FROM ARRAY(SELECT DISTINCT k COLLATE "C" FROM unnest({keys}) k ORDER BY 1)"""
SORTED = """ARRAY(SELECT json_object_keys({of})) =
                ARRAY(SELECT DISTINCT k COLLATE "C" FROM json_object_keys({of}) k ORDER BY 1)"""
SLOWLY = """held->>'event' = type
        AND ARRAY(SELECT json_object_keys(held)) =
            ARRAY['event', 'fields', 'key', 'recorded_at', 'recorded_by', 'source', 'v', 'valid_on']
        AND json_typeof(held->'fields') = 'object' AND json_typeof(held->'source') = 'object'
        AND CASE WHEN strpos(said, ':null') = 0
                      AND replace(said, held->>'recorded_at', '') !~ '[:,[](-0|[-0-9]([0-9]*[.eE]|[0-9]{{15}}))'
            THEN json_strip_nulls(held)::text = said
            ELSE (SELECT octet_length(said) = octet_length(same) - length(loose) + length(replace(loose, ' ', ''))
                     AND bare !~ '[0-9][.eE]|-0|[0-9]{{17}}'
                     AND NOT EXISTS (SELECT FROM regexp_matches(bare, '[0-9]{{16}}', 'g') large
                                     WHERE large[1]::numeric > 9007199254740992)
                     AND replace(said, {backslashes}, '') !~ {capitals}
                  FROM (SELECT same, regexp_replace(said, {strings}, '', 'g') AS bare,
                               regexp_replace(same, {strings}, '', 'g') AS loose
                        FROM (SELECT said::jsonb::text AS same) again OFFSET 0) stripped) END
        AND CASE WHEN length(said) - length(replace(said, '{{', '')) <= 3
                      AND length(said) - length(replace(said, '[', '')) <= 60
            THEN {fields_sorted} AND {source_sorted}
            ELSE NOT EXISTS (WITH RECURSIVE part(value, depth) AS (
                SELECT held, 1
                UNION ALL
                SELECT below.value, depth + 1 FROM part, LATERAL (
                    SELECT value FROM json_each(CASE json_typeof(part.value) WHEN 'object' THEN part.value END)
                    UNION ALL
                    SELECT value FROM json_array_elements(CASE json_typeof(part.value) WHEN 'array' THEN part.value END)
                ) below WHERE json_typeof(below.value) IN ('object', 'array')
            ) SELECT FROM part WHERE depth > 64
                OR CASE json_typeof(value) WHEN 'object' THEN NOT ({part_sorted}) END) END"""

# Most entries are plain: no backslash, no object within `fields` or `source`, no null and no long number. Such an entry
# equals the text that is put together from its parts, and only the keys of its two objects remain to be compared. Many
# entries have the same keys, which are compared once. No part can hold a quotation mark or a brace of its own.
TOGETHER = """'{{"event":"' || type || '","fields":{{' || fields || '}},"key":"' || split_part(middle, '"', 4)
            || '","recorded_at":"' || split_part(middle, '"', 8) || '","recorded_by":"' || split_part(middle, '"', 12)
            || '","source":{{' || source || '}},' || split_part(rest, ',', 2)
            || ',"valid_on":"' || split_part(rest, '"', 6) || '"}}'"""
AS_WRITTEN = """{signed_for} AND EXISTS (SELECT FROM (
        SELECT DISTINCT CASE WHEN kept AND NOT plain THEN {slowly} ELSE kept END AS kept,
            CASE WHEN plain THEN ARRAY(SELECT json_object_keys(('{{' || fields || '}}')::json)) ELSE '{{}}' END
                AS of_fields,
            CASE WHEN plain THEN ARRAY(SELECT json_object_keys(('{{' || source || '}}')::json)) ELSE '{{}}' END
                AS of_source
        FROM (
            SELECT *, CASE WHEN type ~ '^[a-z0-9-]+$' AND strpos(said, {backslash}) = 0 AND said = {together}
                THEN strpos(said, ':null') = 0 AND split_part(said, '[', 62) = ''
                    AND split_part(rest, ',', 2) ~ '^"v":[1-9][0-9]?$'
                    AND fields || ',' || source !~ '[:,[](-0|[-0-9]([0-9]*[.eE]|[0-9]{{15}}))'
                    AND json_strip_nulls(held)::text = said
                ELSE false END AS plain
            FROM (
                SELECT *, split_part(split_part(said, '{{', 3), '}}', 1) AS fields,
                    split_part(split_part(said, '{{', 3), '}}', 2) AS middle,
                    split_part(split_part(said, '{{', 4), '}}', 1) AS source,
                    split_part(split_part(said, '{{', 4), '}}', 2) AS rest
                FROM (
                    SELECT type, convert_from(data, 'UTF8') AS said, convert_from(data, 'UTF8')::json AS held,
                        octet_length(data) <= {most} AND leaf = sha256(decode('00', 'hex') || data) AS kept FROM added
                    OFFSET 0
                ) entry OFFSET 0
            ) parts OFFSET 0
        ) entry
    ) seen WHERE (kept AND {fields_in_order} AND {source_in_order}) IS NOT TRUE)"""
# The recorded times must rise, and no time may be more than a day ahead of the server's clock, since no later entry
# could be recorded before that time. If an entry that was recorded before this guard existed is too far ahead, the next
# entry must be recorded exactly a microsecond after that entry. Each time must be a real moment: PostgreSQL must write
# it again in the same way. The check names no time zone, since a session can give any name, even `Z` or `UTC`, another
# meaning.
WRITTEN_AGAIN = """(to_char({when}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') COLLATE "C")"""
IN_TIME = """{signed_for} AND EXISTS (SELECT FROM (
        SELECT moment, coalesce(lag(moment) OVER (ORDER BY position),
                (SELECT convert_from(data, 'UTF8')::jsonb->>'recorded_at' FROM {mark}.entries
                 WHERE position = (SELECT min(position) - 1 FROM added)), '') AS before
        FROM (SELECT position, convert_from(data, 'UTF8')::jsonb->>'recorded_at' AS moment FROM added) read
    ) entry, (SELECT {bound} AS bound) ahead WHERE (
        CASE WHEN moment ~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}[.][0-9]{{6}}Z$'
                  AND moment COLLATE "C" > before COLLATE "C" AND moment COLLATE "C" <= '{last}'
            THEN moment = {again}
                AND CASE WHEN moment COLLATE "C" > bound THEN
                    CASE WHEN before COLLATE "C" > bound THEN moment = {next} ELSE false END ELSE true END END
    ) IS NOT TRUE)"""
OUT_OF_TIME = "LG002"  # The SQL standard leaves this SQLSTATE free for programs to define.

# The root of a tile's hashes (RFC 6962 section 2.1) is computed in rounds, each of which halves their number.
ROOT = """(WITH RECURSIVE round(hashes) AS (
        SELECT below.hashes
        UNION ALL
        SELECT (SELECT string_agg(sha256(decode('01', 'hex') || substr(hashes, 64 * at + 1, 64)), '' ORDER BY at)
                FROM generate_series(0, octet_length(hashes) / 64 - 1) at)
        FROM round WHERE octet_length(hashes) > 32
    ) SELECT hashes FROM round WHERE octet_length(hashes) = 32)"""

ONLY = ""  # The message of a trigger that checks who signs names the role (`triggers`).
# KEPT lists (table, trigger's name, condition, message). Each condition is checked once for all rows of an INSERT,
# which it sees as `added`, and is true if the INSERT must be refused. Primary keys refuse duplicate rows. What is kept
# for a single row is looked up by a scalar subquery, since PostgreSQL might plan to join all of a table otherwise.
KEPT = (
    (
        "entries",
        "entries_follow",
        """(SELECT min(position) <> 1 + (SELECT coalesce(max(position), 0) FROM {mark}.entries
                                      WHERE position < (SELECT min(position) FROM added))
             OR max(position) <> min(position) + count(*) - 1 FROM added)""",
        "each entry has the position after the last",
    ),
    ("entries", "entries_written", AS_WRITTEN, "each entry is written as a ledger writes, and kept with its hash"),
    (
        "entries",
        "entries_in_time",
        IN_TIME,
        "each entry is recorded after the last, and no more than a day ahead of the server's clock",
    ),
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
        "postings",
        "postings_follow",
        """EXISTS (SELECT FROM added
                   WHERE first < 1 OR octet_length(rest) % 2 <> 0 OR octet_length(rest) > 2 * {span}
                      OR CASE WHEN octet_length(rest) < 2 THEN first
                              ELSE first + get_byte(rest, octet_length(rest) - 2)
                                   + 256 * get_byte(rest, octet_length(rest) - 1) END
                         > (SELECT coalesce(max(position), 0) FROM {mark}.entries)
                      OR (SELECT id FROM {mark}.words WHERE id = added.word) IS NULL)
             OR EXISTS (SELECT FROM (SELECT word, min(first) AS first, count(*) AS many FROM added GROUP BY word) begun
                        WHERE many <> (SELECT count(*) FROM {mark}.postings kept
                                       WHERE kept.word = begun.word AND kept.first >= begun.first))""",
        "each posting of a word comes after the last, and lists entries that are there",
    ),
    (
        "postings",
        "postings_signed",
        """EXISTS (SELECT FROM added WHERE (SELECT kind = 'type' AND kept.word IN ({signed})
                                            FROM {mark}.words kept WHERE id = added.word))
             AND ({signer}) IS NOT TRUE""",
        ONLY,
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

# Only the signer's role and the owner of the ledger may append entries of the types in SIGNED and store checkpoints.
SIGNED = ("signing-key-changed", "log-restored")
SIGNER = """pg_has_role(current_user, (SELECT relowner FROM pg_catalog.pg_class WHERE oid = TG_RELID), 'MEMBER')
    OR EXISTS (SELECT FROM pg_catalog.pg_roles
               WHERE rolname = TG_ARGV[1] AND pg_has_role(current_user, oid, 'MEMBER'))"""
NOT_THE_SIGNER = "LG001"  # The SQL standard leaves this SQLSTATE free for programs to define.

# No event may be recorded under the name of another: readers select an entry by its type, and then trust its bytes. So
# the bytes must begin with the event's name, and must not hold a second key `event` in any spelling. Bytes that name no
# event at all do no harm. `said` is the entry's bytes as ASCII text, in which a backslash is doubled, and NUL and bytes
# above 127 are written as octal escapes.
NAMED = r"(^|[^\\])(\\\\\\\\)*\\\\u(?!00[01])"  # NAMED matches an escape of a character that JSON need not escape.
SPOKEN = r'"(\\000)*e(\\000)*v(\\000)*e(\\000)*n(\\000)*t(\\000)*"|\\\\(\\000)*u'  # SPOKEN also matches UTF-16.
# Almost all entries begin with their own name, and hold neither a second `"event"` nor an escape `\\u`.
OTHERWISE = """DECLARE
    begins bytea := convert_to('{{"event":"' || NEW.type || '",', 'UTF8');
    named boolean := NEW.type ~ '^[a-z0-9-]+$' AND substr(NEW.data, 1, octet_length(begins)) = begins;
    said text;
BEGIN
    IF NOT named OR position('"event"'::bytea IN substr(NEW.data, 10)) > 0
        OR position(decode('5c75', 'hex') IN NEW.data) > 0 THEN
        said := encode(NEW.data, 'escape');
        IF (CASE WHEN named THEN strpos(substr(said, 10), '"event"') > 0 AND substr(said, 10) ~ E'"event"[ \\t\\n\\r]*:'
                OR strpos(said, E'\\\\u') > 0 AND said ~ {named}
            ELSE said ~ {spoken} END) THEN {refused}; END IF;
    END IF;
"""
MISNAMED = "an entry is kept under the name that its bytes begin with"


def _escaped(pattern: str) -> str:
    """Returns a regular expression as a SQL literal that means the same in every session."""
    return "E'" + pattern.replace("\\", "\\\\") + "'"


INTEGRITY = "integrity_constraint_violation"


def _refused(argument: int, state: str) -> str:
    """Returns the PL/pgSQL statement that raises an error with the SQLSTATE `state`, whose message is the trigger's
    argument with the index `argument`.
    """
    return f"RAISE EXCEPTION USING MESSAGE = TG_ARGV[{argument}], ERRCODE = '{state}'"


# The guards check each row before the row is inserted. Each guarded table has one function for all checks, since
# calling a function costs more than its checks. The functions' arguments are the message for a role that may not sign,
# the role that signs, and the message for a misnamed entry.
GUARDS = {
    "entries_guarded": (
        "entries",
        f"""{OTHERWISE.format(named=_escaped(NAMED), spoken=_escaped(SPOKEN), refused=_refused(2, INTEGRITY))}
    IF NEW.type IN ({", ".join(map(repr, SIGNED))}) THEN
        IF ({SIGNER}) IS NOT TRUE THEN {_refused(0, NOT_THE_SIGNER)}; END IF;
    END IF;
    RETURN NEW;
END""",
    ),
    "checkpoints_guarded": (
        "checkpoints",
        f"BEGIN IF ({SIGNER}) IS NOT TRUE THEN {_refused(0, NOT_THE_SIGNER)}; END IF; RETURN NEW; END",
    ),
}
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
    literals = {
        "signed_for": SIGNED_FOR.format(mark=MARK),
        "signed": ", ".join(map(repr, SIGNED)),
        "signer": SIGNER,
        "span": SPAN,
        "fields_sorted": SORTED.format(of="held->'fields'"),
        "source_sorted": SORTED.format(of="held->'source'"),
        "part_sorted": SORTED.format(of="value"),
        "fields_in_order": IN_ORDER.format(keys="of_fields"),
        "source_in_order": IN_ORDER.format(keys="of_source"),
        "strings": _escaped(r'"([^"\\]|\\.)*"'),
        "backslash": _escaped("\\"),
        "backslashes": _escaped(r"\\"),
        "capitals": _escaped(r"\\u00[01][A-F]"),
        "root": ROOT,
        "most": ENTRY,
        "largest": LARGEST_FILE,
        "last": LAST_MOMENT,
        "again": WRITTEN_AGAIN.format(when="left(moment, 26)::timestamp"),
        "next": WRITTEN_AGAIN.format(when="left(before, 26)::timestamp + interval '1 microsecond'"),
        "bound": WRITTEN_AGAIN.format(when="(clock_timestamp() AT TIME ZONE interval '0') + interval '1 day'"),
    }
    states = {"entries_in_time": OUT_OF_TIME, "postings_signed": NOT_THE_SIGNER}
    literals |= {"slowly": SLOWLY.format(**literals), "together": TOGETHER.format()}
    kept = {
        name: f"BEGIN IF {condition.format(mark=MARK, width=WIDTH, **literals)}"
        f" THEN {_refused(0, states.get(name, INTEGRITY))}; END IF; RETURN NULL; END"
        for _, name, condition, _ in KEPT
    }
    return {
        "refuse": f"BEGIN {_refused(0, 'integrity_constraint_violation')}; END",
        **kept,
        **{name: body for name, (_, body) in GUARDS.items()},
        "entries_tiled": TILED.format(mark=MARK, width=WIDTH, refused=_refused(0, INTEGRITY)),
    }


def triggers(signer: str) -> Iterator[Trigger]:
    """Yields all triggers of a ledger for which the role `signer` signs; "" means that only the owner signs."""
    for name, when, why in (*PLAIN, *EMPTYING):
        deed, _, guarded = when.split()
        yield Trigger(name, guarded, f"BEFORE {deed}", "STATEMENT", "refuse", (why,))
    only = f"only {signer} and the owner of the tables sign" if signer else "only the owner of the tables signs"
    for filled, name, _, why in KEPT:
        arguments = (only, signer) if why == ONLY else (why,)
        yield Trigger(name, filled, "AFTER INSERT", "STATEMENT", name, arguments)
    why = "entries are kept with each tile that they fill"
    yield Trigger("entries_tiled", "entries", "AFTER INSERT", "ROW", "entries_tiled", (why,))
    for name, (filled, _) in GUARDS.items():
        yield Trigger(name, filled, "BEFORE INSERT", "ROW", name, (only, signer, MISNAMED))


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
        yield FUNCTION.format(mark=MARK, name=name, body=body)
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
