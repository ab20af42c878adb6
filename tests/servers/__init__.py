"""Servers that the tests start for themselves, on free ports, in temporary folders."""
