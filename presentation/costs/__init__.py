"""The costs of a year, claims, attendance and projects, as blocks."""
