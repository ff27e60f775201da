"""The integrity of a live ledger: signing keys, checkpoints, receipts, exports, verification. Nothing prints here."""
