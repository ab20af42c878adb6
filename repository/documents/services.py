"""Lodging documents, and reading them. The only ways in and out of L5.1(e)-(m)."""

from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from repository.documents import access
from repository.documents.kinds import ONE_OF_A_KIND, OWED_BY_THE_PMA, Capacity, DocumentKind, Purpose
from repository.documents.manifests import SIGN, Manifest, manifest_text
from repository.documents.models import Delivery, Document, SecretariatLodging, Version
from repository.documents.permissions import Lodger, require_lodger
from repository.documents.rules import check_lodging, check_title
from repository.documents.states import CURRENT, LIFE_CYCLE
from smki_pma import jobs
from smki_pma.calendar import clock, working_days
from smki_pma.clauses import RuleViolation, clause
from smki_pma.duties.acts import discharge_duties, open_duty
from smki_pma.files.kept_out import check_may_be_open
from smki_pma.files.kinds import media_type
from smki_pma.files.receiving import ReceivedFile
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import reading, record, service, unchanged
from smki_pma.parties import authority
from smki_pma.parties.roles import Role
from smki_pma.rules_in_force.selectors import figure

LODGE = "documents.lodge"
WHEN_AVAILABLE = clause("L5.7").id
WHEN_MODIFIED = clause("L5.8").id
CONFIDENTIAL = (
    "This file cannot be lodged: what is confidential to DCC and the SMKI PMA is never stored in the Repository. "
    "Choose another file."
)
REQUIRERS = (Role.SECRETARIAT, Role.CODE_ADMINISTRATOR)


@service
def lodge_document(
    *,
    kind: str,
    file: ReceivedFile,
    dated_on: date,
    purpose: str,
    by: Actor,
    at: datetime | None = None,
    title: str = "",
    document_id: UUID | None = None,
) -> Version:
    """Lodge a version of a document; an earlier one is superseded and stays. L5.3, L5.4, L5.7-L5.10, L9.12

    document_id: the document that it is a version of; without it that of the kind, or a new one.
    """
    at = at or clock.now()
    lodger = require_lodger(by, at=at)
    check_lodging(kind=DocumentKind(kind), capacity=lodger.capacity, purpose=Purpose(purpose))
    check_may_be_open(file.sha256, refusal=CONFIDENTIAL)
    document = _document(DocumentKind(kind), title, document_id, at)
    versions = list(Version.objects.filter(document=document))
    if versions and versions[0].sha256 == file.sha256:
        raise RuleViolation(
            "This file is the current version already. Choose the new version.", clause="L5.1", field="file"
        )
    _supersede(versions)
    version = _make_version(document, versions, file, dated_on, Purpose(purpose), lodger, by, at)
    if lodger.capacity is Capacity.PMA or DocumentKind(kind) not in OWED_BY_THE_PMA:
        discharge_duties(kind=LODGE, subject=document)
    jobs.enqueue(SIGN, {"version_id": str(version.pk)}, key=f"{SIGN}:{version.pk}")
    record(
        "document.lodged",
        clause="L5.3(a)" if lodger.capacity is Capacity.DCC else "L5.3(b)",
        by=by,
        subject=version,
        facts=_facts(version),
        audience="cps",
    )
    return version


@service
def require_lodging(
    *, kind: str, modified: bool, happened_on: date, by: Actor, at: datetime | None = None
) -> Document:
    """Open the PMA's duty to lodge one of the three policies, new or modified. L5.7, L5.8

    happened_on: the day of its incorporation into the Code or of its modification, from which promptly runs.
    """
    at = at or clock.now()
    authority.require(by, *REQUIRERS, "owner", clause=WHEN_AVAILABLE, at=at)
    if kind not in OWED_BY_THE_PMA:
        raise RuleViolation(
            "The SMKI PMA owes the lodging of the two Certificate Policies and the Compliance Policy only.",
            clause=WHEN_AVAILABLE,
            field="kind",
        )
    if happened_on > clock.london_date(at):
        raise RuleViolation(
            "The duty arises on the day itself. Enter a date that is not in the future.",
            clause=WHEN_MODIFIED if modified else WHEN_AVAILABLE,
            field="happened_on",
        )
    document = Document.objects.select_for_update().get(kind=kind)
    cited = WHEN_MODIFIED if modified else WHEN_AVAILABLE
    days = figure("documents.lodge_working_days", at=at)
    due_on = working_days.add_working_days(happened_on, days)
    open_duty(
        kind=LODGE,
        clause=cited,
        title=f"Lodge the {'modified ' if modified else ''}{document.title} in the Repository",
        role=Role.CODE_ADMINISTRATOR,
        subject=document,
        due_at=working_days.end_of_day(due_on),
        url="/repository/documents/lodge/",
    )
    facts = {"kind": kind, "modified": modified, "happened_on": happened_on, "due_on": due_on}
    record("document.lodging_required", clause=cited, by=by, subject=document, facts=facts, audience="public")
    return document


@service
def let_secretariat_lodge(
    *, subject_id: UUID | str | None, parameters: dict[str, object], by: Actor, at: datetime | None = None
) -> SecretariatLodging:
    """The PMA resolves that the Secretariat lodges for it. L5.3(b), house rule of facts 14"""
    at = at or clock.now()
    resolution_id = authority.require_resolution(by, clause="L5.3(b)")
    granted = SecretariatLodging.objects.filter(ends_at__isnull=True).first()
    if granted is not None:
        return unchanged(granted)
    granted = SecretariatLodging(resolution_id=resolution_id, resolution_ref=by.resolution_ref, starts_at=at)
    granted.save()
    facts = {"resolution_ref": by.resolution_ref}
    record(
        "secretariat_lodging.granted", clause="L5.3(b)", by=by, subject=granted, facts=facts, audience="pma"
    )
    return granted


@service
def end_secretariat_lodging(
    *, subject_id: UUID | str | None, parameters: dict[str, object], by: Actor, at: datetime | None = None
) -> SecretariatLodging | None:
    """The PMA resolves that the Secretariat no longer lodges for it. L5.3(b)"""
    authority.require_resolution(by, clause="L5.3(b)")
    granted = SecretariatLodging.objects.select_for_update().filter(ends_at__isnull=True).first()
    if granted is None:
        return unchanged(None)
    granted.ends_at = at or clock.now()
    granted.ended_ref = by.resolution_ref
    granted.save()
    facts = {"resolution_ref": by.resolution_ref}
    record("secretariat_lodging.ended", clause="L5.3(b)", by=by, subject=granted, facts=facts, audience="pma")
    return granted


@service(reads="Repository document")
def read_version(*, version_id: UUID, purpose: str, by: Actor, at: datetime | None = None) -> Version:
    """A version's page, read by somebody entitled; one row of the access log. L5.5, L5.6, L5.11"""
    access.require_reader(by, at=at or clock.now())
    version = Version.objects.select_related("document").get(pk=version_id)
    reading(version, purpose=purpose)
    return version


@service(reads="Repository document, copy")
def deliver_version(
    *, version_id: UUID, purpose: str, requested_at: datetime, by: Actor, at: datetime | None = None
) -> Delivery:
    """A copy of a version sent to somebody entitled; the times are kept for L8.4. L5.5, L5.6, L8.4"""
    at = at or clock.now()
    access.require_reader(by, at=at)
    version = Version.objects.get(pk=version_id)
    reading(version, purpose=purpose)
    delivery = Delivery(version=version, requested_at=requested_at, sent_at=at)
    delivery.save()
    return delivery


def _document(kind: DocumentKind, title: str, document_id: UUID | None, at: datetime) -> Document:
    """The document that a version is lodged under, locked."""
    documents = Document.objects.select_for_update()
    if document_id is not None:
        return documents.get(pk=document_id, kind=kind)
    if kind in ONE_OF_A_KIND:
        return documents.get(kind=kind)
    taken = Document.objects.filter(kind=kind, title__iexact=title.strip()).exists()
    check_title(kind=kind, title=title, taken=taken)
    document = Document(kind=kind, title=title.strip(), created_at=at)
    try:
        with transaction.atomic():
            document.save()
    except IntegrityError:
        check_title(kind=kind, title=title, taken=True)
    return document


def _supersede(versions: list[Version]) -> None:
    for version in versions:
        if version.state == CURRENT:
            version.state = LIFE_CYCLE.move("supersede", state=version.state).target
            version.save(update_fields=["state"])


def _make_version(
    document: Document,
    earlier: list[Version],
    file: ReceivedFile,
    dated_on: date,
    purpose: Purpose,
    lodger: Lodger,
    by: Actor,
    at: datetime,
) -> Version:
    version = Version(
        pk=uuid4(),
        document=document,
        number=1 + max((version.number for version in earlier), default=0),
        dated_on=dated_on,
        sha256=file.sha256,
        size=file.size,
        file_kind=file.kind,
        lodged_at=at,
        lodged_by=by.name,
        lodged_role=by.role,
        capacity=lodger.capacity,
        purpose=purpose,
        resolution_ref=lodger.resolution_ref,
    )
    version.manifest = manifest_text(_manifest(version))
    version.save(force_insert=True)
    return version


def _manifest(version: Version) -> Manifest:
    return Manifest(
        version_id=str(version.pk),
        kind=version.document.get_kind_display(),
        title=version.document.title,
        number=version.number,
        dated_on=version.dated_on,
        sha256=version.sha256,
        size=version.size,
        media_type=media_type(version.file_kind),
        lodged_at=version.lodged_at,
        lodged_for=version.get_capacity_display(),
    )


def _facts(version: Version) -> dict[str, object]:
    return {
        "kind": version.document.kind,
        "title": version.document.title,
        "number": version.number,
        "dated_on": version.dated_on,
        "sha256": version.sha256,
        "size": version.size,
        "capacity": version.capacity,
        "purpose": version.purpose,
        "resolution_ref": version.resolution_ref,
    }
