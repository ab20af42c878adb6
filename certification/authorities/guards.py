"""What was planned, approved, made or about to be signed stays as it was; the database sees to it."""

from certification.authorities.models import AbandonedIntent, Authority, Ceremony, Intent
from smki_pma.ledger.guards import append_only, frozen

append_only(Intent)
append_only(AbandonedIntent)
frozen(
    Authority,
    columns=["kind", "environment", "common_name", "parent", "ceremony", "key_reference", "point"],
    name="identity",
)
frozen(
    Authority,
    columns=["certificate_der", "certificate_sha256", "serial", "not_before_at", "not_after_at"],
    when="OLD.state <> 'prepared'",
    name="certificate",
)
frozen(
    Ceremony,
    columns=[
        "reference",
        "purpose",
        "environment",
        "root",
        "names",
        "script",
        "script_sha256",
        "witnesses",
        "planned_by",
        "planned_at",
    ],
    name="plan",
)
frozen(
    Ceremony,
    columns=["first_approved_by", "first_approved_at", "second_approved_by", "second_approved_at"],
    when="OLD.second_approved_at IS NOT NULL",
    name="approvals",
)
frozen(
    Ceremony,
    columns=["state", "transcript", "transcript_sha256", "ended_at"],
    when="OLD.state IN ('done', 'failed', 'abandoned')",
    name="outcome",
)
