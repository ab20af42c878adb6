"""The figures that this system follows, with source, mark and effective date."""
