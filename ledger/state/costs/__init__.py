"""Money (section 5), as pure functions: levels and shares, claims and payments, projects and other costs."""
