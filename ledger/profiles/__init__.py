"""The agreements that ship with the ledger, as data files. A profile is terms and a text, never code."""
