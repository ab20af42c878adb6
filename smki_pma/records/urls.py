from django.urls import path

from smki_pma.records import views

app_name = "records"
urlpatterns = [
    path("certificates", views.show_certificates, name="show_certificates"),
    path("<uuid:record_id>/", views.show_record, name="show_record"),
    path("<uuid:record_id>/file", views.download_record, name="download_record"),
]
