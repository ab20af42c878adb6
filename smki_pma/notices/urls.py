from django.urls import path

from smki_pma.notices import views

app_name = "notices"
urlpatterns = [
    path("inbox/", views.list_notices, name="list_notices"),
    path("inbox/undelivered/", views.list_undelivered, name="list_undelivered"),
    path("inbox/read/", views.mark_all_read, name="mark_all_read"),
    path("inbox/preferences/", views.change_preferences, name="change_preferences"),
    path("inbox/<int:delivery_id>/", views.show_notice, name="show_notice"),
]
