from django.urls import path

from smki_pma.website import background, health, views
from smki_pma.website.home import home

app_name = "website"
urlpatterns = [
    path("", home, name="home"),
    path("jobs/", background.list_jobs, name="list_jobs"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("how-this-works/", views.how_this_works, name="how_this_works"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
]
