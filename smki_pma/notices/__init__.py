"""Formal notices and their delivery."""
