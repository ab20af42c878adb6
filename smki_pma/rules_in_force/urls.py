from django.urls import URLPattern

app_name = "rules_in_force"
urlpatterns: list[URLPattern] = []
