from django.urls import URLPattern, path

from certification.request_history import views

app_name = "history"
urlpatterns: list[URLPattern] = [
    path("", views.list_single, name="list_single"),
    path("batches/", views.list_batched, name="list_batched"),
    path("requests.csv", views.export_history, name="export_history"),
]
