"""Rows of revocation that the access matrix opens, made on the spot and undone after."""

from uuid import UUID, uuid4

from certification.authorities.models import Authority
from certification.authorities.profiles import CertificateKind
from certification.requests.models import CertificateRequest, Outcome
from certification.requests.states import ISSUED
from certification.revocations.rejecting import reject_certificate
from certification.revocations.rules import Reason
from certification.revocations.services import request_revocation
from repository.certificates.models import Certificate
from repository.certificates.services import lodge_certificate
from smki_pma.calendar import clock
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.parties.models import Person
from tests.samples.access_certification import OFFICER, _acting, aldermoor
from tests.samples.authority_keys import Hierarchy


def _issued(kind: CertificateKind) -> Certificate:
    """A Certificate of Aldermoor, as if issued on a request."""
    at = clock.now()
    der = Hierarchy().certificate(kind)
    certificate: Certificate = lodge_certificate(
        der=der, kind=kind.value, environment="live", by=Actor.owner("the test"), at=at
    )
    with writing_for_tests():
        CertificateRequest(
            party=aldermoor(),
            policy=kind.value,
            environment="live",
            state=ISSUED,
            csr=b"",
            csr_sha256="",
            submission_key=uuid4(),
            submitted_at=at,
            submitted_by=Person.objects.get(email=OFFICER),
            sent_at=at,
            outcome=Outcome.CERTIFICATE,
            certificate=certificate,
        ).save()
    return certificate


def certificate_serial() -> str:
    """An Organisation Certificate of Aldermoor."""
    return _issued(CertificateKind.ORGANISATION).serial


def revocation_request_id() -> UUID:
    """A request of Aldermoor for a revocation, which waits for its check."""
    certificate = _issued(CertificateKind.ORGANISATION)
    request = request_revocation(
        certificate_id=certificate.pk,
        reason=Reason.COMPROMISE,
        explanation="The key was on a stolen disk.",
        by=_acting(OFFICER),
    )
    return request.pk


def rejection_id() -> UUID:
    """A Device Certificate that Aldermoor rejected."""
    certificate = _issued(CertificateKind.DEVICE)
    rejection = reject_certificate(
        certificate_id=certificate.pk, explanation="Another device.", by=_acting(OFFICER)
    )
    return rejection.pk


def crl_authority_id() -> UUID:
    """The Issuing OCA that signs the CRL."""
    return Authority.objects.filter(kind=CertificateKind.ISSUING_OCA.value, state="active").latest("pk").pk
