"""The SMKI PMA's own system (Smart Energy Code, Section L)."""
