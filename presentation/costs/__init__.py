"""A year of costs, claims, attendance and projects, as blocks."""
