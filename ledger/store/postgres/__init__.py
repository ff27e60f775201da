"""A ledger in a schema of a PostgreSQL database. Loaded only for a location on a server; needs the extra `postgres`."""
