"""The machine that decides: membership, meetings and votes (L1)."""
