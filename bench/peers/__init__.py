"""Measures what other libraries and programs do with the same events. The modules run as scripts in an environment of
their own, and import nothing of the ledger.
"""
