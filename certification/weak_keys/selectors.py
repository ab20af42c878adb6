"""Whether a key is known to be weak."""

import hashlib
from collections.abc import Iterable

from certification.weak_keys.models import KnownWeakKey


def find_weak(digests: Iterable[bytes]) -> frozenset[bytes]:
    """Those of these keys (SHA-256 of the SubjectPublicKeyInfo) that are known to be weak, in one query."""
    found = KnownWeakKey.objects.filter(digest__in=list(digests)).values_list("digest", flat=True)
    return frozenset(bytes(digest) for digest in found)


def is_weak(spki: bytes) -> bool:
    """Whether the key of this SubjectPublicKeyInfo is known to be weak; what check_csr asks."""
    return bool(find_weak([hashlib.sha256(spki).digest()]))
