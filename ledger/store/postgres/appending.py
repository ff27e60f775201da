"""The function on the server that appends one entry: the lock, the words, the entry and its postings in one statement,
which is a transaction of its own. The guards check the rows as ever, and the caller needs the rights to insert them.
"""

from __future__ import annotations

from ledger.store.postgres.statements import MARK
from ledger.store.schema import TAG, TYPE

NAME = "append_entry"
ARGUMENTS = (
    "after bigint, seen bigint, seen_leaf bytea, new_type text, new_leaf bytea, new_data bytea, new_tags text[],"
    " channel text, OUT head bigint, OUT extends boolean"
)
SIGNATURE = f"{NAME}(bigint, bigint, bytea, text, bytea, bytea, text[], text)"
CALL = f"SELECT * FROM {MARK}.{NAME}(%s, %s, %s, %s, %s, %s, %s, %s)"  # noqa: S608 - no value in it

# The result is NULL if another writer holds the lock. Otherwise it is the last position, and whether the log extends
# the entry `seen`; the entry is appended only if `after` is the last position and the log extends `seen`. New words get
# their ids, and the entry the ids of its tags, in the order and in the bytes in which the program itself adds them.
BODY = f"""DECLARE
    new_kind text; new_word text; number bigint; ids bigint[]; own bytea := '';
BEGIN
    BEGIN
        LOCK TABLE {MARK}.turn IN SHARE ROW EXCLUSIVE MODE NOWAIT;
    EXCEPTION WHEN lock_not_available THEN
        RETURN;
    END;
    head := (SELECT coalesce(max(position), 0) FROM {MARK}.entries);
    extends := seen = 0 OR EXISTS (SELECT FROM {MARK}.entries WHERE position = seen AND leaf = seen_leaf);
    IF head <> after OR NOT extends THEN
        RETURN;
    END IF;
    FOR place IN 0 .. cardinality(new_tags) LOOP
        new_kind := CASE place WHEN 0 THEN '{TYPE}' ELSE '{TAG}' END;
        new_word := CASE place WHEN 0 THEN new_type ELSE new_tags[place] END;
        number := (SELECT id FROM {MARK}.words WHERE kind = new_kind AND word = new_word);
        IF number IS NULL THEN
            number := (SELECT coalesce(max(id), 0) + 1 FROM {MARK}.words);
            INSERT INTO {MARK}.words VALUES (number, new_kind, new_word);
        END IF;
        ids := ids || number;
        IF place > 0 THEN
            own := own || substr(int8send(number), 8, 1) || substr(int8send(number), 7, 1)
                || substr(int8send(number), 6, 1) || substr(int8send(number), 5, 1);
        END IF;
    END LOOP;
    INSERT INTO {MARK}.entries VALUES (after + 1, new_type, new_leaf, new_data, own);
    INSERT INTO {MARK}.postings SELECT DISTINCT one, after + 1, ''::bytea FROM unnest(ids) one ORDER BY 1;
    PERFORM pg_notify(channel, '');
END"""  # noqa: S608 - no value in it
