"""A finding of a verification stands as it was recorded."""

from certification.subscribers.models import Application, AuthorisedSubscriber, Eui64Range, VerificationStep
from smki_pma.ledger.guards import append_only, frozen

append_only(VerificationStep)
frozen(Application, columns=["party", "policy", "applied_at", "applied_by"], name="as_applied")
frozen(
    AuthorisedSubscriber, columns=["party", "policy", "application", "authorised_at"], name="as_authorised"
)
frozen(Eui64Range, columns=["party", "first", "last", "role_codes", "assigned_at"], name="as_assigned")
