"""A ledger in one SQLite file: the store for a path or a sqlite:/// URL. SQLite's errors become the ledger's own."""
