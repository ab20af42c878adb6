"""The keys of Certification Authorities, behind one small interface.

Only worker processes (and the owner's command) can reach them. The backend is chosen by configuration;
encrypted files are the default, a hardware security module is another backend with the same interface.
"""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from certification.authorities.keys.backend import KeyBackend, KeyMissing, KeyUnavailable

__all__ = ["KeyBackend", "KeyMissing", "KeyUnavailable", "key_backend"]

_SOFTWARE = "certification.authorities.keys.software.SoftwareKeys"


@lru_cache(maxsize=4)
def _load(path: str) -> type[KeyBackend]:
    return cast(type[KeyBackend], import_string(path))


def key_backend() -> KeyBackend:
    """The configured backend. Raises KeyUnavailable in a process that may hold no key."""
    return _load(getattr(settings, "SMKI_CA_KEY_BACKEND", _SOFTWARE)).from_settings()
