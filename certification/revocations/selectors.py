"""Reads about revocation: whose a Certificate is, who may ask, and how the lists stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, QuerySet

from certification.authorities.lists import kind_of
from certification.authorities.models import Authority
from certification.authorities.profiles import CertificateKind
from certification.authorities.selectors import issuer_of
from certification.authorities.states import DISCARDED, PREPARED
from certification.batches.models import Batch
from certification.requests.models import CertificateRequest
from certification.requests.rules import Check
from certification.revocations.models import Rejection, Revocation, RevocationRequest
from certification.revocations.rules import (
    ListFacts,
    Origin,
    Reason,
    RevocationFacts,
    compute_checks,
    is_list_due,
    is_list_late,
)
from certification.revocations.states import AWAITING_CHECK
from certification.subscribers.selectors import is_responsible_officer
from repository.certificates.kinds import Status
from repository.certificates.list_selectors import latest_lists
from repository.certificates.models import Certificate, RevocationList
from repository.certificates.selectors import status_at
from smki_pma.parties.authority import roles_of
from smki_pma.parties.models import Holding, Party, Person
from smki_pma.parties.roles import Role
from smki_pma.rules_in_force.selectors import figure

STAFF = frozenset({Role.DCC_RA_OFFICER, Role.DCC_CA_OPERATOR})
CRL_SIGNERS = (CertificateKind.ISSUING_OCA,)
ROOTS = (CertificateKind.ROOT_DCA, CertificateKind.ROOT_OCA)


def subscriber_of(certificate: Certificate) -> Party | None:
    """The Party to which a Certificate was issued, on a request or in a batch; None for an Authority's own."""
    request = CertificateRequest.objects.filter(certificate=certificate).select_related("party__organisation")
    found = request.first()
    if found is not None:
        return found.party
    batch = _batch_of(certificate)
    return batch.party if batch is not None else None


def _batch_of(certificate: Certificate) -> Batch | None:
    kind, _, rest = certificate.reference.partition(":")
    if kind != "batch":
        return None
    uid = rest.partition(":")[0]
    return Batch.objects.filter(uid=uid).select_related("party__organisation").first()


def parties_of(holdings: Iterable[Holding]) -> list[UUID]:
    """The Parties that these offices act for as their officer."""
    return [
        each.party_id for each in holdings if each.role is Role.PARTY_OFFICER and each.party_id is not None
    ]


def visible_certificate(serial: str, holdings: Iterable[Holding]) -> Certificate | None:
    """A Certificate by its serial number, for DCC's officers and for its own subscriber. L3.4"""
    held = list(holdings)
    own = set(parties_of(held))
    staff = any(each.role in STAFF for each in held)
    for certificate in Certificate.objects.filter(serial=serial):
        subscriber = subscriber_of(certificate)
        if staff or (subscriber is not None and subscriber.pk in own):
            return certificate
    return None


def requests_visible_to(holdings: Iterable[Holding]) -> QuerySet[RevocationRequest]:
    """Requests for revocation: those about the own Party's Certificates, or all for DCC's officers. L3.4"""
    rows = RevocationRequest.objects.select_related(
        "certificate", "party__organisation", "asked_by", "decided_by"
    )
    held = list(holdings)
    return rows if any(each.role in STAFF for each in held) else rows.filter(party_id__in=parties_of(held))


def rejections_visible_to(holdings: Iterable[Holding]) -> QuerySet[Rejection]:
    """Rejections: those of the own Party, or all for DCC's officers. L3.4"""
    rows = Rejection.objects.select_related(
        "certificate", "party__organisation", "rejected_by", "concluded_by"
    )
    held = list(holdings)
    return rows if any(each.role in STAFF for each in held) else rows.filter(party_id__in=parties_of(held))


def waiting() -> QuerySet[RevocationRequest]:
    """Requests for revocation that wait for a check, the most urgent first. L3.4"""
    return RevocationRequest.objects.filter(state=AWAITING_CHECK).order_by("due_at")


def is_entitled(request: RevocationRequest, *, at: datetime) -> bool:
    """Whether the one who asked still holds what entitled him or her. L3.4"""
    if request.asked_by is None:
        return request.origin == Origin.PMA
    if request.origin == Origin.SUBSCRIBER:
        return request.party_id is not None and is_responsible_officer(request.asked_by.pk, request.party_id)
    return bool(roles_of(request.asked_by, at=at) & STAFF)


def checks_of(request: RevocationRequest, *, at: datetime) -> tuple[Check, ...]:
    """Every check of a request for revocation as the facts stand now, each with its reason. L3.4"""
    status = status_at(request.certificate, at)
    return compute_checks(
        RevocationFacts(
            kind=request.certificate.kind,
            revoked=status == Status.REVOKED,
            expired=status == Status.EXPIRED,
            origin=Origin(request.origin),
            reason=Reason(request.reason),
            asker=request.asked_in,
            asker_entitled=is_entitled(request, at=at),
        )
    )


def signer_of(certificate: Certificate) -> Authority | None:
    """The Authority whose key signed a Certificate, whatever has become of it."""
    candidates = certified().filter(environment=certificate.environment)
    return next((each for each in candidates if key_id_of(each) == certificate.issuer_key_id), None)


def key_id_of(authority: Authority) -> str:
    """The Authority's key identifier as the Repository writes it."""
    return issuer_of(authority).key_id.hex().upper()


def list_signers(*, at: datetime) -> QuerySet[Authority]:
    """The Authorities whose lists must be kept: roots and Issuing OCAs, until they expire. L3.5

    Superseded and revoked ones too: what they issued is still relied on.
    """
    return certified().filter(kind__in=CRL_SIGNERS + ROOTS, not_after_at__gt=at)


def certified() -> QuerySet[Authority]:
    """The Authorities that have signed anything."""
    return Authority.objects.exclude(state__in=(PREPARED, DISCARDED)).select_related("parent")


@dataclass(frozen=True, slots=True)
class Margins:
    """How long before its next update a list is made, and by when after a revocation. L3.5"""

    ahead: timedelta
    within: timedelta


def margins_of(authority: Authority, *, at: datetime) -> Margins:
    """The margins in force for an Authority's lists; those of a CRL never more than half of its life."""
    within = timedelta(minutes=figure("revocations.list_minutes", at=at))
    if authority.is_root:
        return Margins(timedelta(days=figure("revocations.arl_ahead_days", at=at)), within)
    half = timedelta(hours=figure("authorities.crl_hours", at=at)) / 2
    return Margins(min(timedelta(minutes=figure("revocations.crl_ahead_minutes", at=at)), half), within)


@dataclass(frozen=True, slots=True)
class ListStanding:
    """How the lists of one Authority stand at a moment."""

    authority: Authority
    latest: RevocationList | None
    facts: ListFacts
    margins: Margins
    at: datetime

    @property
    def is_due(self) -> bool:
        return is_list_due(self.facts, self.at, ahead=self.margins.ahead)

    @property
    def is_late(self) -> bool:
        return is_list_late(self.facts, self.at, ahead=self.margins.ahead, within=self.margins.within)

    @property
    def is_expired(self) -> bool:
        next_update = self.facts.next_update_at
        return next_update is None or next_update <= self.at

    @property
    def made_again_at(self) -> datetime | None:
        """When the schedule makes the next one, where nothing happens before."""
        next_update = self.facts.next_update_at
        return None if next_update is None else next_update - self.margins.ahead

    @property
    def state(self) -> str:
        """In the words that pages show."""
        if self.is_expired:
            return "expired"
        return "due" if self.is_due else "in force"


def standing_of(authority: Authority, *, at: datetime) -> ListStanding:
    """How the lists of an Authority stand. L3.5"""
    found = RevocationList.objects.filter(
        issuer_key_id=key_id_of(authority), list_kind=kind_of(authority).value
    )
    latest = found.defer("der").order_by("-id").first()
    rows = Revocation.objects.filter(issuer=authority)
    listed = latest.entries if latest is not None else 0
    facts = ListFacts(
        next_update_at=latest.next_update_at if latest is not None else None,
        listed=listed,
        revoked=rows.aggregate(last=Max("position"))["last"] or 0,
        revoked_at=rows.filter(position=listed + 1).values_list("revoked_at", flat=True).first(),
    )
    return ListStanding(authority, latest, facts, margins_of(authority, at=at), at)


def standings(*, at: datetime) -> list[ListStanding]:
    """How every list that DCC must keep stands. L3.5"""
    return [standing_of(authority, at=at) for authority in list_signers(at=at)]


def are_lists_in_force(*, at: datetime) -> bool:
    """Whether no CRL or ARL that relying parties fetch has expired: one query, for a probe."""
    signed_by = [key_id_of(each) for each in list_signers(at=at)]
    return not latest_lists().filter(issuer_key_id__in=signed_by, next_update_at__lte=at).exists()


def certificates_to_consider(party: Party, *, at: datetime) -> QuerySet[Certificate]:
    """The Organisation Certificates of a Party that are in force, without their bytes. L3.4"""
    rows = Certificate.objects.filter(
        request__party=party, kind=CertificateKind.ORGANISATION.value, not_after_at__gte=at
    )
    return rows.exclude(status=Status.REVOKED).defer("der")


def open_request(certificate: Certificate) -> RevocationRequest | None:
    """The request for its revocation that waits for a check, if any."""
    return RevocationRequest.objects.filter(certificate=certificate, state=AWAITING_CHECK).first()


def officers_to_tell(party: Party | None) -> list[Person]:
    """The responsible officers of a subscriber."""
    if party is None:
        return []
    return list(
        Person.objects.filter(
            responsible_for__party=party,
            responsible_for__ended_at__isnull=True,
            responsible_for__verified_at__isnull=False,
        ).distinct()
    )
