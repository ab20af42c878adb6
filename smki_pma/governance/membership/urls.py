"""Addresses of members and their Alternates."""

from django.urls import path

from smki_pma.governance.membership import views

app_name = "membership"
urlpatterns = [
    path("", views.list_members, name="list_members"),
    path("appointments/", views.choose_seat, name="choose_seat"),
    path("appointments/<slug:seat>/", views.record_appointment, name="record_appointment"),
    path("holdings/<uuid:holding_id>/confirmation/", views.confirm_member, name="confirm_member"),
    path("holdings/<uuid:holding_id>/end/", views.end_term, name="end_term"),
    path("my-resignation/", views.resign, name="resign"),
    path("my-alternate/", views.appoint_alternate, name="appoint_alternate"),
    path("my-alternate/<uuid:holding_id>/withdrawal/", views.withdraw_alternate, name="withdraw_alternate"),
]
