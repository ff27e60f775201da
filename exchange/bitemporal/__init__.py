"""The facts of a ledger as rows with two times, for databases. No SQL here: `exchange.sqlite` writes it."""
