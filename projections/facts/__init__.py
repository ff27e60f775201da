"""The state on a day as separate facts, so that two states can be compared. One module per chapter of the events."""
