"""Proofs of the log: the Merkle tree of RFC 6962 and the C2SP text formats. Pure functions: no database, no files."""
