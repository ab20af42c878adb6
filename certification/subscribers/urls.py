from django.urls import URLPattern, path

from certification.subscribers import party_views, views

app_name = "subscribers"
urlpatterns: list[URLPattern] = [
    path("", views.list_subscribers, name="list_subscribers"),
    path("own/", party_views.own_status, name="own_status"),
    path("own/<uuid:party_id>/apply/", party_views.apply_to_subscribe, name="apply_to_subscribe"),
    path("own/<uuid:party_id>/officers/", party_views.nominate_officer, name="nominate_officer"),
    path("own/<uuid:pk>/withdraw/", party_views.withdraw_own, name="withdraw_own"),
    path("parties/<uuid:pk>/", views.party_detail, name="party_detail"),
    path("parties/<uuid:pk>/ranges/", views.assign_range, name="assign_range"),
    path("ranges/<uuid:pk>/end/", views.end_range, name="end_range"),
    path("applications/<uuid:pk>/", views.application_detail, name="application_detail"),
    path("applications/<uuid:pk>/steps/<slug:step>/", views.record_step, name="record_step"),
    path("applications/<uuid:pk>/authorise/", views.authorise_subscriber, name="authorise_subscriber"),
    path("applications/<uuid:pk>/refuse/", views.refuse_application, name="refuse_application"),
    path("officers/<uuid:pk>/verify/", views.verify_officer, name="verify_officer"),
    path("officers/<uuid:pk>/end/", views.end_officer, name="end_officer"),
    path("<uuid:pk>/withdraw/", views.withdraw_subscriber, name="withdraw_subscriber"),
]
