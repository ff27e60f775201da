"""Papers: what the secretariat sends, signs and archives, as PDF, HTML and Word."""
