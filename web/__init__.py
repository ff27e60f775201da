"""The pages: every answer of the ledger at an address of its own, for any day, as known at any moment."""
