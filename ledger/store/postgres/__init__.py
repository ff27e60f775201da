"""A ledger in a schema of a PostgreSQL database. Loaded only when a place names one; needs the extra `postgres`."""
