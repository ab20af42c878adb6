from django.urls import URLPattern, path

from certification.requests import queue_views, suspension_views, views

app_name = "requests"
urlpatterns: list[URLPattern] = [
    path("", views.list_requests, name="list_requests"),
    path("new/<str:policy>/", views.submit_request, name="submit_request"),
    path("suspensions/", suspension_views.list_suspensions, name="list_suspensions"),
    path("suspensions/new/", suspension_views.suspend_services, name="suspend_services"),
    path(
        "suspensions/<uuid:pk>/reinstate/",
        suspension_views.reinstate_services,
        name="reinstate_services",
    ),
    path("queue/", queue_views.list_queue, name="list_queue"),
    path("<uuid:uid>/", views.request_detail, name="request_detail"),
    path("<uuid:uid>/progress/", views.request_progress, name="request_progress"),
    path("<uuid:uid>/certificate.<str:form>", views.download_certificate, name="download_certificate"),
    path("<uuid:uid>/check/", queue_views.request_check, name="request_check"),
    path("<uuid:uid>/accept/", queue_views.accept_request, name="accept_request"),
    path("<uuid:uid>/refuse/", queue_views.refuse_request, name="refuse_request"),
    path("<uuid:uid>/resume/", queue_views.resume_request, name="resume_request"),
    path("<uuid:uid>/commit-anew/", queue_views.commit_anew, name="commit_anew"),
]
