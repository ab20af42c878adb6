from django.urls import path

from smki_pma.website import health, views

app_name = "website"
urlpatterns = [
    path("how-this-works/", views.how_this_works, name="how_this_works"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("privacy/", views.privacy, name="privacy"),
]
