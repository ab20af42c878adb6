from django.urls import URLPattern, path

from certification.service_interface import views

app_name = "service_interface"
urlpatterns: list[URLPattern] = [
    path("", views.list_credentials, name="list_credentials"),
]
