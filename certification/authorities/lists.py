"""The one way in which a CRL or an ARL is made: read, built, checked, signed, lodged. Only in a worker.

What is revoked, and which instructions suspend lists, is kept by other rooms, which say so with `register_source`
and `register_suspensions`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from certification.authorities import crl, der, encoding
from certification.authorities.builder import assemble
from certification.authorities.keys import key_backend
from certification.authorities.models import Authority
from certification.authorities.selectors import check_root_use, issuer_of
from repository.certificates.list_selectors import latest_list
from repository.certificates.models import RevocationList
from repository.certificates.services import lodge_revocation_list
from smki_pma.calendar.clock import months_later
from smki_pma.clauses import RuleViolation, clause
from smki_pma.duties.acts import discharge_duties
from smki_pma.ledger.actors import Actor
from smki_pma.rules_in_force.selectors import figure

CLAUSE = clause("L3.5").id
LIST_DUE = "authorities.list_due"

Source = Callable[[Authority], crl.Revoked]
_sources: list[Source] = []


def register_source(source: Source) -> Source:
    """Say what each Authority has revoked, in the order of revocation. Call it in AppConfig.ready()."""
    _sources[:] = [source]
    return source


@dataclass(frozen=True, slots=True)
class Suspensions:
    """hold_off: lets no suspension begin before the transaction ends. clause: on which one suspends lists, or ""."""

    hold_off: Callable[[], None]
    clause: Callable[[datetime], str]


_suspensions: list[Suspensions] = []


def register_suspensions(suspensions: Suspensions) -> None:
    """Say which instruction suspends the CRL and the ARL. Call it in AppConfig.ready()."""
    _suspensions[:] = [suspensions]


def hold_off_suspensions() -> None:
    """No suspension of lists begins before this transaction ends. Call it before the time is taken. L2.14"""
    [suspensions] = _suspensions
    suspensions.hold_off()


def held_on(at: datetime) -> str:
    """The clause on which an instruction suspends the CRL and the ARL; empty where they go on. L2.14"""
    [suspensions] = _suspensions
    return suspensions.clause(at)


def check_not_suspended(at: datetime) -> None:
    """No list is made while an instruction suspends them: raises RuleViolation with the clause of its ground. L2.14"""
    ground = held_on(at)
    if ground:
        raise RuleViolation(
            "An instruction suspends the CRL and the ARL. Reinstate them first.", clause=ground
        )


def revoked_by(authority: Authority) -> crl.Revoked:
    """Everything that the Authority has revoked."""
    [source] = _sources
    return source(authority)


@dataclass(frozen=True, slots=True)
class MadeList:
    """A list that was made and lodged."""

    lodged: RevocationList
    kind: crl.ListKind
    count: int

    def facts(self, authority: Authority) -> dict[str, str]:
        return {
            "kind": self.kind.value,
            "issuer": authority.common_name,
            "number": self.lodged.number,
            "entries": str(self.count),
            "sha256": self.lodged.sha256,
        }


def serials_revoked_by(authority: Authority) -> list[str]:
    """The serial numbers that its next list will name, in hexadecimal."""
    entries = der.read(der.sequence(revoked_by(authority).entries)).children()
    return [entry.children()[0].content.hex().upper() for entry in entries]


def kind_of(authority: Authority) -> crl.ListKind:
    """A root signs an ARL, every other Authority a CRL."""
    return crl.ListKind.ARL if authority.is_root else crl.ListKind.CRL


def latest_of(authority: Authority) -> RevocationList | None:
    """The newest list of the Authority, with its bytes."""
    return latest_list(issuer_of(authority).key_id.hex().upper(), kind_of(authority).value)


def locked(authority: Authority) -> Authority:
    """The Authority's row, locked: one list at a time, and nothing revoked meanwhile.

    Its key stays, so whatever refers to the row (an intent to issue) goes on.
    """
    return Authority.objects.select_for_update(no_key=True, of=("self",)).get(pk=authority.pk)


def issue_list(authority: Authority, *, by: Actor, at: datetime) -> MadeList:
    """Make the next CRL or ARL of an Authority and lodge it. L3.5, L5.1(j)-(k)

    Inside a service, which holds suspensions off and records the act. Raises LintFailed, SignatureMismatch or
    KeyUnavailable, RuleViolation while lists are suspended, and then the list before stays the one in force.
    """
    check_not_suspended(at)
    authority = locked(authority)
    check_root_use(authority)
    authority.last_list_number += 1
    contents = contents_of(authority, at=at)
    document = make_document(authority, contents)
    authority.save(update_fields=["last_list_number"])
    kind = kind_of(authority)
    lodged = lodge_revocation_list(
        der=document,
        list_kind=kind,
        environment=authority.environment,
        issuer_name=authority.title,
        by=by,
        at=at,
    )
    discharge_duties(kind=LIST_DUE, subject=authority)
    return MadeList(lodged, kind, contents.revoked.count)


def contents_of(authority: Authority, *, at: datetime) -> crl.ListContents:
    """What the next list says, its number being `last_list_number`."""
    start = at.replace(microsecond=0)
    return crl.ListContents(
        issuer=issuer_of(authority),
        number=authority.last_list_number,
        this_update=start,
        next_update=compute_next_update(kind_of(authority), start),
        revoked=revoked_by(authority),
    )


def compute_next_update(kind: crl.ListKind, at: datetime) -> datetime:
    """When the list after this one is due at the latest. L3.5"""
    if kind is crl.ListKind.CRL:
        return at + timedelta(hours=figure("authorities.crl_hours", at=at))
    return months_later(at, figure("authorities.arl_months", at=at))


def make_document(authority: Authority, contents: crl.ListContents) -> bytes:
    """The signed list, linted, checked against what it should say and against the list before. L3.5"""
    # Here and not above: only workers sign, and only they need the linter.
    from certification.linting.twin import check_list_twin

    tbs = crl.build_list_tbs(contents)
    crl.check_list_tbs(tbs, contents)
    check_list_twin(tbs, issuer=contents.issuer)
    before = latest_of(authority)
    if before is not None:
        crl.check_succession(tbs, encoding.to_be_signed(bytes(before.der)))
    return assemble(
        tbs, key_backend().sign(authority.key_reference, tbs), issuer_point=bytes(authority.point)
    )
