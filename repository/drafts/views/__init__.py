"""Pages of the CPS room: reading, and acting."""
