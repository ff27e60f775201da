"""What the agreement says of money (section 5): the level, claims and payments, and costs beside the level."""
