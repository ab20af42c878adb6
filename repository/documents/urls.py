from django.urls import path

from repository.documents import views

app_name = "documents"
urlpatterns = [
    path("", views.list_documents, name="list_documents"),
    path("purpose/", views.give_purpose, name="give_purpose"),
    path("lodge/", views.lodge_document, name="lodge_document"),
    path("to-lodge/", views.require_lodging, name="require_lodging"),
    path("lodged/", views.list_lodged, name="list_lodged"),
    path("manifest-key.pem", views.download_key, name="download_key"),
    path("versions/<uuid:pk>/", views.show_version, name="show_version"),
    path("versions/<uuid:pk>/file", views.download_version, name="download_version"),
    path("versions/<uuid:pk>/manifest.json", views.download_manifest, name="download_manifest"),
    path("versions/<uuid:pk>/manifest.sig", views.download_signature, name="download_signature"),
]
