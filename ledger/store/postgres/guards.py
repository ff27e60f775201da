"""The functions that guard the entries, their index and the checkpoints on PostgreSQL: what may be added, and by whom.
The checks that nearly every append passes come first, since they cost least. Nothing but SQL here.
"""

from __future__ import annotations

from ledger.store.bounds import ENTRY
from ledger.store.packing import SPAN
from ledger.values import LAST_MOMENT

INTEGRITY = "integrity_constraint_violation"
NOT_THE_SIGNER = "LG001"  # The SQL standard leaves this SQLSTATE free for programs to define.
OUT_OF_TIME = "LG002"  # So is this one.

# Only the signer's role and the owner of the ledger may append entries of the types in SIGNED and store checkpoints.
SIGNED = ("signing-key-changed", "log-restored")
SIGNER = """pg_has_role(current_user, (SELECT relowner FROM pg_catalog.pg_class WHERE oid = TG_RELID), 'MEMBER')
    OR EXISTS (SELECT FROM pg_catalog.pg_roles
               WHERE rolname = TG_ARGV[1] AND pg_has_role(current_user, oid, 'MEMBER'))"""
SIGNED_FOR = "EXISTS (SELECT FROM {mark}.ledger WHERE public_key <> '')"


def refused(argument: int, state: str = INTEGRITY) -> str:
    """Returns the PL/pgSQL statement that raises an error with the SQLSTATE `state`, whose message is the trigger's
    argument with the index `argument`.
    """
    return f"RAISE EXCEPTION USING MESSAGE = TG_ARGV[{argument}], ERRCODE = '{state}'"


def _escaped(pattern: str) -> str:
    """Returns a regular expression as a SQL literal that means the same in every session."""
    return "E'" + pattern.replace("\\", "\\\\") + "'"


# No event may be recorded under the name of another: readers select an entry by its type, and then trust its bytes. So
# the bytes must begin with the event's name, and must not hold a second key `event` in any spelling. Bytes that name no
# event at all do no harm. `said` is the entry's bytes as ASCII text, in which a backslash is doubled, and NUL and bytes
# above 127 are written as octal escapes. Almost all entries begin with their own name, and hold neither a second
# `"event"` nor an escape `\\u`.
NAMED = """type ~ '^[a-z0-9-]+$'
                AND substr(data, 1, 12 + length(type)) = convert_to('{"event":"' || type || '",', 'UTF8')"""
SPELLED = """{named} AND position('"event"'::bytea IN substr(data, 10)) = 0
                AND position(decode('5c75', 'hex') IN data) = 0"""
ESCAPED = r"(^|[^\\])(\\\\\\\\)*\\\\u(?!00[01])"  # ESCAPED matches an escape of a character that JSON need not escape.
SPOKEN = r'"(\\000)*e(\\000)*v(\\000)*e(\\000)*n(\\000)*t(\\000)*"|\\\\(\\000)*u'  # SPOKEN also matches UTF-16.
MISNAMED = """SELECT FROM (SELECT encode(data, 'escape') AS said, {named} AS named FROM added) entry
        WHERE CASE WHEN named THEN strpos(substr(said, 10), '"event"') > 0
                        AND substr(said, 10) ~ E'"event"[ \\t\\n\\r]*:'
                   OR strpos(said, E'\\\\u') > 0 AND said ~ {escaped}
              ELSE said ~ {spoken} END"""

# In a signed ledger, each entry must be canonical JSON with exactly the keys that every entry has, as far as SQL can
# check. An entry in another form could not be signed, nor could any entry after it. PostgreSQL writes JSON again
# without spaces and with one spelling of each character, but leaves out nulls. Entries with nulls, unusual numbers or
# nested objects need slower checks; such entries are few.
READ = """SELECT position, type, convert_from(data, 'UTF8') AS said, convert_from(data, 'UTF8')::json AS held,
                    octet_length(data) <= {most} AND leaf = sha256(decode('00', 'hex') || data) AS kept FROM added"""
# The keys of `fields` and `source` in one list, which rises if both do.
KEYS = """ARRAY(SELECT 'fields ' || json_object_keys(('{{' || fields || '}}')::json)
                                  UNION ALL SELECT 'source ' || json_object_keys(('{{' || source || '}}')::json))"""
SORTED = """ARRAY(SELECT json_object_keys({of})) =
                ARRAY(SELECT DISTINCT k COLLATE "C" FROM json_object_keys({of}) k ORDER BY 1)"""
SLOWLY = """held->>'event' = type AND jsonb_typeof(said::jsonb) = 'object'
        AND CASE WHEN held->'signature' IS NULL THEN ARRAY(SELECT json_object_keys(held)) =
                ARRAY['event', 'fields', 'key', 'recorded_at', 'recorded_by', 'source', 'v', 'valid_on']
            ELSE ARRAY(SELECT json_object_keys(held)) =
                ARRAY['event', 'fields', 'key', 'recorded_at', 'recorded_by', 'signature', 'source', 'v', 'valid_on']
                AND json_typeof(held->'signature') = 'object'
                AND ARRAY(SELECT json_object_keys(held->'signature')) = ARRAY['registrar', 'ssh'] END
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
PLAIN = """SELECT position, held->>'recorded_at' AS moment,
                kept AND CASE WHEN type ~ '^[a-z0-9-]+$' AND strpos(said, {backslash}) = 0 AND said = {together}
                    THEN strpos(said, ':null') = 0 AND split_part(said, '[', 62) = ''
                        AND split_part(rest, ',', 2) ~ '^"v":[1-9][0-9]?$'
                        AND fields || ',' || source !~ '[:,[](-0|[-0-9]([0-9]*[.eE]|[0-9]{{15}}))'
                        AND json_strip_nulls(held)::text = said
                    ELSE false END AS plain, fields, source
            FROM (
                SELECT *, split_part(split_part(said, '{{', 3), '}}', 1) AS fields,
                    split_part(split_part(said, '{{', 3), '}}', 2) AS middle,
                    split_part(split_part(said, '{{', 4), '}}', 1) AS source,
                    split_part(split_part(said, '{{', 4), '}}', 2) AS rest
                FROM ({read} OFFSET 0) entry OFFSET 0
            ) parts OFFSET 0"""

# The recorded times must rise, and no time may be more than a day ahead of the server's clock, since no later entry
# could be recorded before that time. If an entry that was recorded before this guard existed is too far ahead, the next
# entry must be recorded exactly a microsecond after that entry. Each time must be a real moment: PostgreSQL must write
# it again in the same way. The check names no time zone, since a session can give any name, even `Z` or `UTC`, another
# meaning.
WRITTEN_AGAIN = """(to_char({when}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') COLLATE "C")"""
MOMENT = "'^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}[.][0-9]{{6}}Z$'"
AHEAD = """SELECT FROM (
        SELECT moment, lag(moment, 1, last_before) OVER (ORDER BY place) AS before
        FROM unnest(moments) WITH ORDINALITY told(moment, place)
    ) entry WHERE (
        moment COLLATE "C" > before COLLATE "C" AND moment COLLATE "C" <= '{last}'
            AND CASE WHEN moment COLLATE "C" > bound COLLATE "C" THEN
                CASE WHEN before COLLATE "C" > bound COLLATE "C" THEN moment = {next} ELSE false END ELSE true END
    ) IS NOT TRUE"""

# The arguments of the guards of entries: the message for a role that may not sign, the role that signs, and a message
# for each reason to refuse an entry.
MESSAGES = (
    "an entry is kept under the name that its bytes begin with",
    "each entry has the position after the last",
    "each entry is written as a ledger writes, and kept with its hash",
    "each entry is recorded after the last, and no more than a day ahead of the server's clock",
)
ENTRIES = """DECLARE
    begins bigint; gapless boolean; of_signer boolean; spelled boolean; signed boolean; previous bytea;
    moments text[]; rising text[]; exist boolean; last_before text; bound text;
    others bigint[]; kinds text[]; kind text; key text; key_before text;
BEGIN
    SELECT min(position), max(position) - min(position) = count(*) - 1, bool_or(type IN ({signed})),
            bool_and({spelled})
        INTO begins, gapless, of_signer, spelled FROM added;
    IF of_signer THEN
        IF ({signer}) IS NOT TRUE THEN {not_the_signer}; END IF;
    END IF;
    IF NOT spelled THEN
        IF EXISTS ({misnamed}) THEN {is_misnamed}; END IF;
    END IF;
    SELECT public_key <> '', (SELECT data FROM {mark}.entries WHERE position = begins - 1)
        INTO signed, previous FROM {mark}.ledger;
    IF NOT gapless OR begins <> 1 AND previous IS NULL THEN {is_elsewhere}; END IF;
    IF signed THEN
        SELECT array_agg(position) FILTER (WHERE plain IS NOT TRUE), array_agg(DISTINCT of_plain::text),
                array_agg(moment ORDER BY position), array_agg(DISTINCT moment COLLATE "C"),
                bool_and((CASE WHEN moment ~ {moment} THEN moment = {again} END) IS TRUE)
            INTO others, kinds, moments, rising, exist
            FROM (SELECT *, CASE WHEN plain THEN {keys} ELSE '{{}}' END AS of_plain FROM ({plain}) read OFFSET 0) one;
        last_before := coalesce(convert_from(previous, 'UTF8')::json->>'recorded_at', '');
        bound := {bound};
        IF NOT exist THEN {is_out_of_time}; END IF;
        IF moments <> rising OR moments[1] COLLATE "C" <= last_before COLLATE "C"
            OR moments[cardinality(moments)] COLLATE "C" > least(bound, '{last}') COLLATE "C" THEN
            IF EXISTS ({ahead}) THEN {is_out_of_time}; END IF;
        END IF;
        FOREACH kind IN ARRAY kinds LOOP
            key_before := '';
            FOREACH key IN ARRAY kind::text[] LOOP
                IF key COLLATE "C" <= key_before COLLATE "C" THEN {is_unwritten}; END IF;
                key_before := key;
            END LOOP;
        END LOOP;
        IF others IS NOT NULL THEN
            IF EXISTS (SELECT FROM ({read}) entry WHERE position = ANY(others) AND (kept AND {slowly}) IS NOT TRUE) THEN
                {is_unwritten};
            END IF;
        END IF;
    END IF;
    RETURN NULL;
END"""

# A posting comes after all others of its word. Rows are looked up one by one, in an order that an index has, since
# PostgreSQL might plan to read a table as a whole otherwise. A word that has several of the added rows is counted.
LISTS = "each posting of a word comes after the last, and lists entries that are there"
POSTINGS = """DECLARE
    of_signer boolean; possible boolean; last_ones boolean;
BEGIN
    SELECT bool_or(word = ANY(ARRAY(SELECT id FROM {mark}.words WHERE kind = 'type' AND word IN ({signed})))),
            bool_and((first >= 1 AND octet_length(rest) % 2 = 0 AND octet_length(rest) <= 2 * {span}
                AND CASE WHEN octet_length(rest) < 2 THEN first
                         ELSE first + get_byte(rest, octet_length(rest) - 2)
                              + 256 * get_byte(rest, octet_length(rest) - 1) END
                    <= (SELECT max(position) FROM {mark}.entries)
                AND (SELECT id FROM {mark}.words WHERE id = added.word) IS NOT NULL) IS TRUE),
            bool_and(NOT EXISTS (SELECT FROM {mark}.postings kept
                                 WHERE kept.word = added.word AND kept.first > added.first))
        INTO of_signer, possible, last_ones FROM added;
    IF of_signer THEN
        IF ({signer}) IS NOT TRUE THEN {not_the_signer}; END IF;
    END IF;
    IF NOT possible THEN {is_misplaced}; END IF;
    IF NOT last_ones THEN
        IF EXISTS (SELECT FROM (SELECT word, min(first) AS first, count(*) AS many FROM added GROUP BY word) begun
                   WHERE many <> (SELECT count(*) FROM {mark}.postings kept
                                  WHERE kept.word = begun.word AND kept.first >= begun.first)) THEN
            {is_misplaced};
        END IF;
    END IF;
    RETURN NULL;
END"""
CHECKPOINTS = "BEGIN IF ({signer}) IS NOT TRUE THEN {not_the_signer}; END IF; RETURN NULL; END"

# Each guard, the statement that it guards against, and the messages of its refusals after that of who may sign.
GUARDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "entries_guarded": ("AFTER INSERT ON entries", MESSAGES),
    "postings_guarded": ("AFTER INSERT ON postings", (LISTS,)),
    "checkpoints_guarded": ("BEFORE INSERT ON checkpoints", ()),
}


def guards(mark: str) -> dict[str, str]:
    """Returns the body of each guard's function by the guard's name. `mark` stands for the schema."""
    shared = {
        "mark": mark,
        "signed": ", ".join(map(repr, SIGNED)),
        "signer": SIGNER,
        "not_the_signer": refused(0, NOT_THE_SIGNER),
    }
    return {
        "entries_guarded": _entries(shared),
        "postings_guarded": POSTINGS.format(**shared, span=SPAN, is_misplaced=refused(2)),
        "checkpoints_guarded": CHECKPOINTS.format(**shared),
    }


def _entries(shared: dict[str, str]) -> str:
    """Returns the body of the guard of entries. `shared` are the parts that it shares with other guards."""
    times = {
        "again": WRITTEN_AGAIN.format(when="left(moment, 26)::timestamp"),
        "next": WRITTEN_AGAIN.format(when="left(before, 26)::timestamp + interval '1 microsecond'"),
        "bound": WRITTEN_AGAIN.format(when="(clock_timestamp() AT TIME ZONE interval '0') + interval '1 day'"),
        "last": LAST_MOMENT,
    }
    read = READ.format(most=ENTRY)
    slowly = SLOWLY.format(
        fields_sorted=SORTED.format(of="held->'fields'"),
        source_sorted=SORTED.format(of="held->'source'"),
        part_sorted=SORTED.format(of="value"),
        strings=_escaped(r'"([^"\\]|\\.)*"'),
        backslashes=_escaped(r"\\"),
        capitals=_escaped(r"\\u00[01][A-F]"),
    )
    return ENTRIES.format(
        **shared,
        **times,
        spelled=SPELLED.format(named=NAMED),
        misnamed=MISNAMED.format(named=NAMED, escaped=_escaped(ESCAPED), spoken=_escaped(SPOKEN)),
        is_misnamed=refused(2),
        is_elsewhere=refused(3),
        is_unwritten=refused(4),
        is_out_of_time=refused(5, OUT_OF_TIME),
        moment=MOMENT.format(),
        plain=PLAIN.format(backslash=_escaped("\\"), together=TOGETHER.format(), read=read),
        keys=KEYS.format(),
        read=read,
        slowly=slowly,
        ahead=AHEAD.format(**times),
    )
