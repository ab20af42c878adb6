from django.urls import path

from smki_pma.website import views

app_name = "website"
urlpatterns = [
    path("", views.home, name="home"),
    path("how-this-works/", views.how_this_works, name="how_this_works"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
]
