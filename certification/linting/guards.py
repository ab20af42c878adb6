"""What was linted and found stays as it was; a judgement is given once."""

from certification.linting.models import LintFinding, LintRun
from smki_pma.ledger.guards import append_only, frozen

append_only(LintFinding)
frozen(
    LintRun,
    columns=["subject", "first_id", "last_id", "count", "found", "linter", "started_at", "ended_at"],
    name="facts",
)
frozen(
    LintRun,
    columns=["judgement", "judged_at", "judged_by"],
    when="OLD.judged_at IS NOT NULL",
    name="judgement",
)
