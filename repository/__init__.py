"""The SMKI Repository and the SMKI Document Set (L5, L6, L9)."""
