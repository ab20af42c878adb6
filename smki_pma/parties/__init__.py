"""People, Parties, groups, roles, and who holds which office when."""
