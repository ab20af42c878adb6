from django.urls import URLPattern, path

from certification.batches import queue_views, result_views, views

app_name = "batches"
urlpatterns: list[URLPattern] = [
    path("", views.list_batches, name="list_batches"),
    path("new/", views.submit_batch, name="submit_batch"),
    path("queue/", queue_views.list_queue, name="list_queue"),
    path("<uuid:uid>/", views.show_batch, name="show_batch"),
    path("<uuid:uid>/progress/", views.batch_progress, name="batch_progress"),
    path("<uuid:uid>/items/", result_views.list_items, name="list_items"),
    path("<uuid:uid>/items/<int:number>.crt", result_views.download_item, name="download_item"),
    path("<uuid:uid>/results.zip", result_views.download_results, name="download_results"),
    path("<uuid:uid>/report.csv", result_views.download_report, name="download_report"),
    path("<uuid:uid>/pause/", queue_views.pause_batch, name="pause_batch"),
    path("<uuid:uid>/resume/", queue_views.resume_batch, name="resume_batch"),
]
