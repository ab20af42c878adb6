"""How the threads of a process share Python's lock."""

# After this long a thread that computes lets another go on. Each answer of the database has to wait for that, and a
# request asks the database some twenty times: with Python's own 5 ms, a lint beside it costs it a tenth of a second.
SWITCH_SECONDS = 0.0005
