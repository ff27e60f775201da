"""The proof of one live ledger: its keys, checkpoints, receipts and export, and whether it is what was recorded."""
