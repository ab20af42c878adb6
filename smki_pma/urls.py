"""Every address of the system, by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("smki_pma.website.urls")),
    path("", include("smki_pma.duties.urls")),
    path("", include("smki_pma.notices.urls")),
    path("ledger/", include("smki_pma.ledger.urls")),
    path("records/", include("smki_pma.records.urls")),
    path("rules/", include("smki_pma.rules_in_force.urls")),
    path("accounts/", include("smki_pma.parties.account_urls")),
    path("community/", include("smki_pma.parties.urls")),
    path("members/", include("smki_pma.governance.membership.urls")),
    path("meetings/", include("smki_pma.governance.meetings.urls")),
    path("cps/", include("repository.drafts.urls")),
    path("repository/documents/", include("repository.documents.urls")),
    path("repository/certificates/", include("repository.certificates.urls")),
    path("certificate-log/", include("repository.certificates.log_urls")),
    path("certification/authorities/", include("certification.authorities.urls")),
    path("certification/linting/", include("certification.linting.urls")),
    path("certification/subscribers/", include("certification.subscribers.urls")),
    path("certification/history/", include("certification.request_history.urls")),
    path("certification/requests/", include("certification.requests.urls")),
    path("certification/revocations/", include("certification.revocations.urls")),
    path("certification/batches/", include("certification.batches.urls")),
    path("", include("certification.service_interface.machine_urls")),
    path("certification/interface/", include("certification.service_interface.urls")),
    path("certification/forecasts/", include("certification.performance.urls")),
]

handler400 = "smki_pma.ui.refusals.bad_request"
handler403 = "smki_pma.ui.refusals.permission_denied"
handler404 = "smki_pma.ui.refusals.page_not_found"
