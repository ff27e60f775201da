"""The numbers that identify a SQLite file as a ledger. Imports nothing, so that using them loads no SQLAlchemy."""

SCHEMA_VERSION = 3
APPLICATION_ID = 0x4C494747  # "LIGG" marks the SQLite file as a ledger, for file(1) and for this program.
