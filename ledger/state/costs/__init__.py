"""The money (section 5): levels and shares, claims and payments, projects and costs borne, by pure functions."""
