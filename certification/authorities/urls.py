from django.urls import URLPattern, path

from certification.authorities import ceremony_views, planning_views, views

app_name = "authorities"
urlpatterns: list[URLPattern] = [
    path("", views.list_authorities, name="list_authorities"),
    path("how-to-make-a-request/", views.csr_help, name="csr_help"),
    path("how-to-make-a-request/<str:name>.cnf", views.download_recipe, name="download_recipe"),
    path("ceremonies/plan/", planning_views.plan_ceremony, name="plan_ceremony"),
    path("<uuid:pk>/roll-over/", planning_views.plan_roll_over, name="plan_roll_over"),
    path("<uuid:pk>/revocation-list/", planning_views.plan_root_use, name="plan_root_use"),
    path("ceremonies/<uuid:pk>/", ceremony_views.show_ceremony, name="show_ceremony"),
    path("ceremonies/<uuid:pk>/approve/", ceremony_views.approve_ceremony, name="approve_ceremony"),
    path("ceremonies/<uuid:pk>/abandon/", ceremony_views.abandon_ceremony, name="abandon_ceremony"),
    path("<uuid:pk>/", views.show_authority, name="show_authority"),
    path("<uuid:pk>/certificate.<str:form>", views.download_certificate, name="download_certificate"),
]
