from django.urls import URLPattern, path

from repository.certificates import views

app_name = "certificates"
urlpatterns: list[URLPattern] = [
    path("", views.list_certificates, name="list_certificates"),
    path("lists/", views.list_revocation_lists, name="list_revocation_lists"),
    path("lists/<int:pk>/list.crl", views.download_revocation_list, name="download_revocation_list"),
    path("<int:pk>/", views.show_certificate, name="show_certificate"),
    path("<int:pk>/certificate.<str:form>", views.download_certificate, name="download_certificate"),
]
