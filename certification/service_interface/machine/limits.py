"""How much a credential may ask for at a time, and how large a message may be."""

import logging
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest

from certification.requests.rules import LARGEST_REQUEST
from certification.service_interface.refusals import InterfaceRefusal
from smki_pma.calendar import clock

logger = logging.getLogger("certification.service_interface")

# JSON with a request in it, escaped however the sender likes.
LARGEST_MESSAGE = 64 * 1024
LONGEST_KEY = 255


@dataclass(frozen=True, slots=True)
class Limit:
    """So many messages of one kind from one credential in a stretch of time. setting: names the number."""

    kind: str
    title: str
    setting: str
    seconds: int

    @property
    def most(self) -> int:
        number: int = getattr(settings, self.setting)
        return number

    @property
    def period(self) -> str:
        """The stretch of time in words."""
        return "an hour" if self.seconds == 3600 else f"{self.seconds} seconds"


SINGLE = Limit("single", "Single requests", "SMKI_INTERFACE_SINGLE_PER_10_SECONDS", 10)
BATCH = Limit("batch", "Batches", "SMKI_INTERFACE_BATCHES_PER_HOUR", 3600)
READ = Limit("read", "Everything else", "SMKI_INTERFACE_READS_PER_10_SECONDS", 10)
LIMITS = (SINGLE, BATCH, READ)


def spend(limit: Limit, credential_id: UUID) -> None:
    """Count one message; InterfaceRefusal (429) once the credential has had its share of this stretch. L3.5

    A counter that cannot be reached stops nobody: the interface must be available (L4.2).
    """
    now = clock.now().timestamp()
    stretch = int(now // limit.seconds)
    try:
        count = _count(f"interface:{limit.kind}:{credential_id}:{stretch}", keep=limit.seconds + 1)
    except Exception:
        logger.warning("the counters of the interface's limits cannot be reached", exc_info=True)
        return
    if count > limit.most:
        wait = max(1, int((stretch + 1) * limit.seconds - now) + 1)
        raise InterfaceRefusal(
            "interface.limit",
            f"At most {limit.most:,} messages of this kind ({limit.title.lower()}) in {limit.period} "
            f"for each credential. Wait {wait} seconds.",
            headers={"Retry-After": str(wait)},
        )


def _count(key: str, *, keep: int) -> int:
    counters = caches["limits"]
    try:
        return counters.incr(key)
    except ValueError:  # the first of this stretch
        return 1 if counters.add(key, 1, timeout=keep) else counters.incr(key)


def check_size(request: HttpRequest, largest: int) -> None:
    """Refuse a message by its stated length, before any of it is read."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > largest:
        raise InterfaceRefusal(
            "message.too_large", f"The message may have {largest:,} octets; this one has {length:,}."
        )


def read_message(request: HttpRequest, largest: int = LARGEST_REQUEST) -> bytes:
    """The body of a message of limited size. InterfaceRefusal where it is larger."""
    check_size(request, largest)
    body: bytes = request.read(largest + 1)
    if len(body) > largest:
        raise InterfaceRefusal("message.too_large", f"The message may have {largest:,} octets.")
    return body
