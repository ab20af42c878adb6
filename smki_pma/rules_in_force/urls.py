from django.urls import path

from smki_pma.rules_in_force import views

app_name = "rules_in_force"
urlpatterns = [
    path("", views.list_rules, name="list_rules"),
    path("code/", views.show_code, name="show_code"),
]
