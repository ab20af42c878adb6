"""A small invented Code community, so that everything can be tried at once. Nobody and nothing in it is real."""
