"""A governance ledger: acts as events, judged by rules, kept in an append-only store."""
