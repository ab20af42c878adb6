from django.urls import URLPattern, path

from certification.revocations import certificate_views, list_views, views

app_name = "revocations"
urlpatterns: list[URLPattern] = [
    path("", views.list_revocations, name="list_revocations"),
    path("requests/<uuid:pk>/", views.request_detail, name="request_detail"),
    path("requests/<uuid:pk>/revoke/", views.grant_revocation, name="grant_revocation"),
    path("requests/<uuid:pk>/refuse/", views.refuse_revocation, name="refuse_revocation"),
    path("rejections/<uuid:pk>/", views.rejection_detail, name="rejection_detail"),
    path("parties/<uuid:party_id>/", views.consider_party, name="consider_party"),
    path("lists/", list_views.list_standings, name="list_standings"),
    path("lists/<uuid:pk>/issue/", list_views.issue_list, name="issue_list"),
    path("certificates/<str:serial>/", certificate_views.show_certificate, name="show_certificate"),
    path(
        "certificates/<str:serial>/reject/", certificate_views.reject_certificate, name="reject_certificate"
    ),
    path(
        "certificates/<str:serial>/revoke/", certificate_views.request_revocation, name="request_revocation"
    ),
]
