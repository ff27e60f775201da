"""The agreements that the ledger comes with, as data files. A profile is terms and a text, never code."""
