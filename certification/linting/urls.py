from django.urls import URLPattern, path

from certification.linting import views

app_name = "linting"
urlpatterns: list[URLPattern] = [
    path("", views.show_report, name="show_report"),
    path("runs/<int:pk>/", views.show_run, name="show_run"),
    path("runs/<int:pk>/judge/", views.judge_run, name="judge_run"),
]
