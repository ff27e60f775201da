"""How fast the ledger is, on a story of any length. Run it by `make bench`; nothing here is shipped."""
