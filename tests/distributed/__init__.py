"""A ledger on more than one machine: what is acknowledged outlives the machine that acknowledged it."""
