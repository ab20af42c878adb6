"""Addresses of meetings, items and votes."""

from django.urls import path

from smki_pma.governance.meetings import (
    apology_views,
    ballot_views,
    history_views,
    item_views,
    minutes_views,
    views,
    vote_views,
)

app_name = "meetings"
urlpatterns = [
    path("", views.list_meetings, name="list_meetings"),
    path("new/", views.call_meeting, name="call_meeting"),
    path("<uuid:meeting_id>/", views.show_meeting, name="show_meeting"),
    path("<uuid:meeting_id>/history/", history_views.show_meeting_history, name="show_meeting_history"),
    path("<uuid:meeting_id>/strip/", views.show_strip, name="show_strip"),
    path("<uuid:meeting_id>/notice/", views.convene, name="convene"),
    path("<uuid:meeting_id>/cancellation/", views.cancel_meeting, name="cancel_meeting"),
    path("<uuid:meeting_id>/opening/", views.open_meeting, name="open_meeting"),
    path("<uuid:meeting_id>/adjournment/", views.adjourn_meeting, name="adjourn_meeting"),
    path("<uuid:meeting_id>/resumption/", views.resume_meeting, name="resume_meeting"),
    path("<uuid:meeting_id>/closing/", views.close_meeting, name="close_meeting"),
    path("<uuid:meeting_id>/arrivals/", views.record_arrivals, name="record_arrivals"),
    path("<uuid:meeting_id>/departures/<uuid:person_id>/", views.record_departure, name="record_departure"),
    path("<uuid:meeting_id>/apologies/<slug:seat>/", apology_views.send_apologies, name="send_apologies"),
    path(
        "<uuid:meeting_id>/apologies/<slug:seat>/end/",
        apology_views.take_back_apologies,
        name="take_back_apologies",
    ),
    path("<uuid:meeting_id>/items/", item_views.add_item, name="add_item"),
    path("<uuid:meeting_id>/minutes/", minutes_views.show_minutes, name="show_minutes"),
    path("<uuid:meeting_id>/minutes/issue/", minutes_views.issue_minutes, name="issue_minutes"),
    path(
        "<uuid:meeting_id>/minutes/confirmation/",
        minutes_views.confirm_minutes,
        name="confirm_minutes",
    ),
    path("items/<uuid:item_id>/", item_views.show_item, name="show_item"),
    path("items/<uuid:item_id>/leave/", item_views.admit_item, name="admit_item"),
    path("items/<uuid:item_id>/opening/", item_views.open_item, name="open_item"),
    path("items/<uuid:item_id>/closing/", item_views.close_item, name="close_item"),
    path("items/<uuid:item_id>/withdrawal/", item_views.withdraw_item, name="withdraw_item"),
    path("items/<uuid:item_id>/papers/", item_views.add_paper, name="add_paper"),
    path("items/<uuid:item_id>/conflict/", item_views.declare_conflict, name="declare_conflict"),
    path(
        "items/<uuid:item_id>/conflict/<uuid:person_id>/",
        item_views.require_withdrawal,
        name="require_withdrawal",
    ),
    path("items/<uuid:item_id>/note/", minutes_views.write_note, name="write_note"),
    path("items/<uuid:item_id>/history/", history_views.show_item_history, name="show_item_history"),
    path("items/<uuid:item_id>/questions/", vote_views.choose_motion, name="choose_motion"),
    path(
        "items/<uuid:item_id>/questions/<str:kind>/<str:option>/",
        vote_views.propose_vote,
        name="propose_vote",
    ),
    path("papers/<uuid:paper_id>/", item_views.download_paper, name="download_paper"),
    path("papers/<uuid:paper_id>/leave/", item_views.give_leave, name="give_leave"),
    path("votes/<uuid:vote_id>/", vote_views.show_vote, name="show_vote"),
    path("votes/<uuid:vote_id>/opening/", vote_views.open_vote, name="open_vote"),
    path("votes/<uuid:vote_id>/conflict/", ballot_views.answer_conflict, name="answer_conflict"),
    path("votes/<uuid:vote_id>/ballot/", ballot_views.cast_ballot, name="cast_ballot"),
    path("votes/<uuid:vote_id>/receipt/", ballot_views.show_receipt, name="show_receipt"),
    path("votes/<uuid:vote_id>/closing/", vote_views.close_vote, name="close_vote"),
    path("votes/<uuid:vote_id>/abandonment/", vote_views.abandon_vote, name="abandon_vote"),
    path("resolutions/<uuid:resolution_id>/again/", vote_views.carry_out_again, name="carry_out_again"),
]
