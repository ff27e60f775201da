"""What proves the log to others: RFC 6962's tree, and C2SP's texts for it. Pure: no entries, no database, no files."""
