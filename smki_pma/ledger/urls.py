from django.urls import path

from smki_pma.ledger import machine_views, views

app_name = "ledger"
urlpatterns = [
    path("", views.show_ledger, name="show_ledger"),
    path("entries/", views.list_entries, name="list_entries"),
    path("entries/<int:number>/", views.show_entry, name="show_entry"),
    path("verify/", views.explain_verifying, name="explain_verifying"),
    path("checkpoint", machine_views.show_checkpoint, name="show_checkpoint"),
    path("consistency", machine_views.prove_consistency, name="prove_consistency"),
    path("entries/<str:number>/proof", machine_views.prove_entry, name="prove_entry"),
    path("tile/<path:rest>", machine_views.show_tile, name="show_tile"),
    path("key", machine_views.show_key, name="show_key"),
    path("verifier", machine_views.download_verifier, name="download_verifier"),
    path("export", machine_views.export_ledger, name="export_ledger"),
]
