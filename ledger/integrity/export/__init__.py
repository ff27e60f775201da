"""Exports: the ledger as a folder that anyone can check and rebuild without this program (C2SP tlog-tiles)."""
