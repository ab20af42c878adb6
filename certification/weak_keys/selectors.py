"""Whether a key is known to be weak."""

import hashlib
from collections.abc import Iterable

from django.db import connection

from certification.weak_keys.models import KnownWeakKey
from smki_pma.statements import fetch_one


def find_weak(digests: Iterable[bytes]) -> frozenset[bytes]:
    """Those of these keys (SHA-256 of the SubjectPublicKeyInfo) that are known to be weak, in one query."""
    asked = list(digests)
    if connection.vendor != "postgresql":
        found = KnownWeakKey.objects.filter(digest__in=asked).values_list("digest", flat=True)
        return frozenset(bytes(digest) for digest in found)
    # One text: a thousand places for parameters cost more than the search does.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT digest FROM weak_keys_knownweakkey WHERE digest = ANY(ARRAY("
            "SELECT decode(octets, 'hex') FROM unnest(string_to_array(%s, ',')) AS given(octets)))",
            [",".join(digest.hex() for digest in asked)],
        )
        return frozenset(bytes(row[0]) for row in cursor.fetchall())


def is_weak(spki: bytes) -> bool:
    """Whether the key of this SubjectPublicKeyInfo is known to be weak; what check_csr asks."""
    digest = hashlib.sha256(spki).digest()
    return fetch_one("SELECT 1 FROM weak_keys_knownweakkey WHERE digest = %s", [digest]) is not None
