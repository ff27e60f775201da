"""All tables of facts in the order in which they are written, and the columns that every one of them has."""

from __future__ import annotations

from exchange.bitemporal import agreement, body, groups, happened, meetings, money
from exchange.bitemporal.facts import Column
from ledger.messages import marked

FACTS = (*agreement.TABLES, *body.TABLES, *groups.TABLES, *meetings.TABLES)
AS_OF = money.TABLES
HAPPENED = happened.TABLES

TIMES = (  # the last columns of every table of facts
    Column("valid_from", about=marked("first day on which it is so; a day known loosely is taken at its latest")),
    Column("valid_to", about=marked("first day on which it is no longer so; NULL while it is")),
    Column("known_from", "INTEGER", marked("first position of the log at which the record says so")),
    Column("known_to", "INTEGER", marked("first position at which it no longer says so; NULL while it does")),
    Column("entry", "INTEGER", marked("position of the entry that it rests on")),
    Column("ended_by", "INTEGER", marked("position of the entry that ended it, where an entry did")),
    Column("valid_from_first", about=marked("earliest day on which it may have begun")),
    Column("valid_to_first", about=marked("earliest day on which it may have ended")),
    Column("certain", "INTEGER", marked("1 if both days are exact, 0 if one is known loosely")),
)
MAY_BE_NULL = {"valid_to", "known_to", "entry", "ended_by", "valid_to_first"}
OF_ENTRIES = (  # the columns of the table `entries`
    Column("position", "INTEGER", marked("position in the log")),
    Column("event", about=marked("the event's name")),
    Column("valid_on", about=marked("the day it became true, as recorded")),
    Column("valid_on_first", about=marked("the first day that it may be")),
    Column("valid_on_last", about=marked("the last day that it may be")),
    Column("recorded_at", about=marked("the moment of recording, in UTC")),
    Column("recorded_in_sweden", about=marked("the same moment by the clock in Sweden")),
    Column("recorded_by", about=marked("the id of whoever recorded it")),
    Column("signed_by", about=marked("the id of the registrar who signed it, if signed")),
    Column("organ", about=marked("the organ that acted")),
    Column("decided_on", about=marked("the day of the decision, where it differs")),
    Column("paragraph", about=marked("the paragraph in the minutes, as § 12")),
    Column("registration_number", about=marked("the register's number (diarienummer), as KS 2023/45")),
    Column("document", about=marked("the SHA-256 of the document, in hex")),
    Column("hash", about=marked("the leaf hash of the entry (RFC 6962), in hex")),
    Column("json", about=marked("the entry as it is stored")),
)
IDS = {  # the kind of thing that a column names → the table that lists all of them
    "person": "person_ids",
    "party": "party_ids",
    "meeting": "meeting_ids",
    "group": "group_ids",
    "recommendation": "recommendation_ids",
    "project": "project_ids",
}
NAMED = {  # table of ids → the table and its columns (id, name) from which a name is taken
    "person_ids": ("persons", "person", "name"),
    "party_ids": ("parties", "party", "name"),
    "group_ids": ("groups", "group_id", "name"),
}
ABOUT = {
    "agreement": marked("the title of the latest version of the agreement"),
    "ledger": marked("the ledger's id"),
    "head": marked("the position of the last entry"),
    "root": marked("the root of the tree of all entries (RFC 6962), in base64"),
    "checkpoint": marked("the latest signed checkpoint, if there is one"),
    "version": marked("the version of liggare"),
    "names": marked("kept, or left-out where the file is for everybody"),
}
