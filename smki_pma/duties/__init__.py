"""Duties: what somebody owes by when, under which clause."""
