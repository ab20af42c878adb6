"""The authority that signs credentials: made once, by the worker or by the owner's command."""

import hashlib
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from certification.authorities.builder import assemble, new_serial
from certification.authorities.keys.software import SoftwareKeys
from certification.service_interface import certificates
from certification.service_interface.certificates import Life
from certification.service_interface.models import InterfaceAuthority
from smki_pma.calendar import clock
from smki_pma.clauses import clause
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.parties import authority

CLAUSE = clause("L4.5").id
YEARS = 10
# One that has less left than this signs no more: a credential must not outlive it.
LEAST_LEFT = timedelta(days=3 * 365)


def signing_authority(*, at: datetime) -> InterfaceAuthority | None:
    """The one that signs now: the newest with years to go."""
    return InterfaceAuthority.objects.filter(expires_at__gt=at + LEAST_LEFT).order_by("-made_at").first()


def authorities_believed(*, at: datetime) -> list[InterfaceAuthority]:
    """Those whose credentials the TLS front lets through: all that have not expired."""
    return list(InterfaceAuthority.objects.filter(expires_at__gt=at))


def public_point(made: InterfaceAuthority) -> bytes:
    """The authority's public key, 65 octets."""
    key = x509.load_der_x509_certificate(bytes(made.certificate)).public_key()
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@service
def establish_authority(*, by: Actor, at: datetime | None = None) -> InterfaceAuthority:
    """Make the authority that signs credentials, where none is there with years to go. L4.5

    Only for a process that holds keys: raises KeyUnavailable elsewhere.
    """
    at = at or clock.now()
    authority.require(by, "clock", "owner", clause=CLAUSE)
    present = signing_authority(at=at)
    if present is not None:
        return unchanged(present)
    number = InterfaceAuthority.objects.count() + 1
    name, reference = f"SMKI Service Interface credentials {number}", f"interface-credentials-{number}"
    keys = SoftwareKeys.from_settings()
    point = keys.generate(reference)
    life = Life(
        starts_at=at.replace(microsecond=0), ends_at=at.replace(microsecond=0, year=at.year + YEARS, day=1)
    )
    tbs = certificates.authority_tbs(serial=new_serial(at), name=name, life=life, point=point)
    content = assemble(tbs, keys.sign(reference, tbs), issuer_point=point)
    made = InterfaceAuthority(
        name=name,
        key_reference=reference,
        certificate=content,
        sha256=hashlib.sha256(content).hexdigest(),
        made_at=at,
        expires_at=life.ends_at,
    )
    made.save()
    facts = {"name": name, "sha256": made.sha256, "expires_at": made.expires_at}
    record("interface_authority.made", clause=CLAUSE, by=by, subject=made, facts=facts, audience="parties")
    return made
