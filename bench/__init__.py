"""Measures how fast the ledger is, on generated stories of any length. Run the measurements with `make bench`; nothing
here is shipped.
"""
