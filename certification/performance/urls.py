from django.urls import URLPattern, path

from certification.performance import views

app_name = "performance"
urlpatterns: list[URLPattern] = [
    path("", views.list_forecasts, name="list_forecasts"),
    path("parties/<uuid:party_id>/", views.show_party, name="show_party"),
    path("parties/<uuid:party_id>/provide/", views.provide_forecast, name="provide_forecast"),
    path("parties/<uuid:party_id>/upload/", views.upload_forecast, name="upload_forecast"),
    path("parties/<uuid:party_id>/template.csv", views.download_template, name="download_template"),
    path("<uuid:pk>/", views.show_forecast, name="show_forecast"),
    path("<uuid:pk>/forecast.csv", views.download_forecast, name="download_forecast"),
]
