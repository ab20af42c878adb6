"""What the shared cache holds: JSON. Django's default is pickle, which runs what whoever reaches Redis put there."""

import json


class JsonSerializer:
    """Counters of sign-in tries and used codes: plain numbers, lists and words."""

    def dumps(self, value: object) -> int | bytes:
        """A whole number stays one, so that Redis can count with it."""
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: bytes) -> object:
        """The value; ValueError for anything but JSON."""
        return json.loads(data)
