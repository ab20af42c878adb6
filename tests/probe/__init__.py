"""An app of the tests' own: causes, the jobs that they queue, and the effects that these leave to be counted."""
