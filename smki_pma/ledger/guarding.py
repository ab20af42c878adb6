"""Registers what keeps the guards in place."""
