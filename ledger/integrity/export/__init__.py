"""The ledger as a folder that others check and replay without us: C2SP tlog-tiles, and what lies beside the log."""
