"""A ledger in one SQLite file. Loaded only when a place names one."""
