"""What the answers of a day say, one fact at a time, so that two of them can be compared: one module a chapter."""
