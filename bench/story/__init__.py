"""Generates the life of an agreement as it might be recorded, one chapter per module, in the import format. The result
is the same each time.
"""
