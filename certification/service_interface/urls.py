from django.urls import URLPattern, path

from certification.service_interface import annex_views, dcc_views, views

app_name = "service_interface"
urlpatterns: list[URLPattern] = [
    path("", views.list_credentials, name="list_credentials"),
    path("authorities.pem", views.download_authorities, name="download_authorities"),
    path("credentials/ask/<uuid:party_id>/", views.ask_for_credential, name="ask_for_credential"),
    path("credentials/<uuid:pk>/", views.show_credential, name="show_credential"),
    path("credentials/<uuid:pk>/certificate.pem", views.download_credential, name="download_credential"),
    path("credentials/<uuid:pk>/revoke/", views.revoke_credential, name="revoke_credential"),
    path("annex/", annex_views.show_annex, name="show_annex"),
    path("annex/annex.json", annex_views.download_annex, name="download_annex"),
    path(
        "annex/openapi-<str:environment>.json", annex_views.download_description, name="download_description"
    ),
    path("annex/compare/", annex_views.compare_annex, name="compare_annex"),
    path("test-access/", dcc_views.list_test_access, name="list_test_access"),
    path("test-access/grant/", dcc_views.grant_test_access, name="grant_test_access"),
    path("test-access/<uuid:pk>/end/", dcc_views.end_test_access, name="end_test_access"),
    path("maintenance/", dcc_views.list_windows, name="list_windows"),
    path("maintenance/announce/", dcc_views.announce_window, name="announce_window"),
    path("maintenance/<uuid:pk>/cancel/", dcc_views.cancel_window, name="cancel_window"),
    path("maintenance/<uuid:pk>/over/", dcc_views.end_window, name="end_window"),
    path("maintenance/availability/", dcc_views.record_availability_fact, name="record_availability_fact"),
]
