from django.urls import URLPattern, path

from repository.certificates import log_views

app_name = "certificate_log"
urlpatterns: list[URLPattern] = [
    path("", log_views.show_log, name="show_log"),
    path("checkpoint", log_views.show_checkpoint, name="show_checkpoint"),
    path("consistency", log_views.prove_consistency, name="prove_consistency"),
    path("key", log_views.show_key, name="show_key"),
    path("tile/<path:rest>", log_views.show_tile, name="show_tile"),
    path("certificates/<int:number>/proof", log_views.prove_certificate, name="prove_certificate"),
    path("issued/", log_views.list_issued, name="list_issued"),
    path("issued/proofs.json", log_views.download_proofs, name="download_proofs"),
    path("export", log_views.export_log, name="export_log"),
]
