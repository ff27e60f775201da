"""Generates the life of an agreement as it might be recorded, one chapter per module, in the import format. The
generated events are the same each time.
"""
