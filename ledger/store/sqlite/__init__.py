"""A ledger in one SQLite file, the store that a place without a URL names. Each error is told in our words."""
