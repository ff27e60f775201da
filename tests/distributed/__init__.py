"""Tests a ledger on more than one machine: acknowledged entries survive the loss of the machine that acknowledged
them.
"""
