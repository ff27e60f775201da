"""The life of an agreement as it might be recorded, a chapter a module, in the import format. The same each time."""
