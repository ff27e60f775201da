"""What comes from other programs and goes to them: spreadsheets, banks, bookkeeping, calendars, open data, archives."""
