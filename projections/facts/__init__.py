"""The answers of a day as separate facts, so that two answers can be compared. One module per chapter."""
