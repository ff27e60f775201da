"""What is so on a day, computed once from a timeline. Pure functions: no clock, no SQL, nothing refused."""
