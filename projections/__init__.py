"""Questions answered from a timeline and days, one a module, as typed values. No clock, no SQL, no printing."""
