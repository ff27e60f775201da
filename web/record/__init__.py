"""Recording from the pages: forms from the events, what was typed, and what becomes of it."""
