from django.urls import path

from smki_pma.duties import views

app_name = "duties"
urlpatterns = [
    path("for-you/", views.for_you, name="for_you"),
    path("duties/", views.list_duties, name="list_duties"),
    path("duties/export.csv", views.export_duties, name="export_duties"),
    path("calendar/", views.show_calendar, name="show_calendar"),
    path("calendar/address/", views.make_calendar_address, name="make_calendar_address"),
    path("calendar/address/end/", views.revoke_calendar_address, name="revoke_calendar_address"),
    path("calendar/<str:secret>.ics", views.calendar_feed, name="calendar_feed"),
]
