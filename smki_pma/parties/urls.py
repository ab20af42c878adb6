from django.urls import path

from smki_pma.parties import history_views, office_views, views

app_name = "parties"
urlpatterns = [
    path("", views.list_people, name="list_people"),
    path("people/add/", views.add_person, name="add_person"),
    path("people/<uuid:person_id>/", views.show_person, name="show_person"),
    path("people/<uuid:person_id>/history/", history_views.show_person_history, name="show_person_history"),
    path("people/<uuid:person_id>/correct/", views.correct_person, name="correct_person"),
    path("organisations/", views.list_organisations, name="list_organisations"),
    path("organisations/add/", views.record_organisation, name="record_organisation"),
    path(
        "organisations/<uuid:organisation_id>/group/", views.regroup_organisation, name="regroup_organisation"
    ),
    path(
        "organisations/<uuid:organisation_id>/history/",
        history_views.show_organisation_history,
        name="show_organisation_history",
    ),
    path("parties/", views.list_parties, name="list_parties"),
    path("parties/add/", views.record_party, name="record_party"),
    path("parties/<uuid:party_id>/", views.show_party, name="show_party"),
    path("parties/<uuid:party_id>/history/", history_views.show_party_history, name="show_party_history"),
    path("parties/<uuid:party_id>/classify/", views.reclassify_party, name="reclassify_party"),
    path("voting-groups/add/", views.record_voting_group, name="record_voting_group"),
    path("histories/", history_views.list_histories, name="list_histories"),
    path("offices/", office_views.list_offices, name="list_offices"),
    path("offices/appoint/", office_views.appoint, name="appoint"),
    path("offices/holdings/<uuid:holding_id>/end/", office_views.end_holding, name="end_holding"),
    path("working-days/add/", views.add_day, name="add_day"),
    path("working-days/<uuid:day_id>/remove/", views.remove_day, name="remove_day"),
]
