"""Rules on money (section 5): the cost level, claims and payments, and costs outside the level."""
