from django.urls import path

from repository.drafts.views import acting, reading

app_name = "drafts"
urlpatterns = [
    path("", reading.list_cps, name="list_cps"),
    path("submit/<slug:cps>/", acting.submit_draft, name="submit_draft"),
    path("amend/<slug:cps>/", acting.propose_later_amendments, name="propose_later_amendments"),
    path("reviews/<uuid:pk>/", acting.show_review, name="show_review"),
    path("drafts/<uuid:pk>/", reading.show_draft, name="show_draft"),
    path("drafts/<uuid:pk>/text/", reading.show_text, name="show_text"),
    path("drafts/<uuid:pk>/compare/", reading.compare_files, name="compare_files"),
    path("drafts/<uuid:pk>/amendments/", reading.list_amendments, name="list_amendments"),
    path("drafts/<uuid:pk>/amendments/propose/", acting.propose_amendment, name="propose_amendment"),
    path("drafts/<uuid:pk>/answer/", acting.answer_amendments, name="answer_amendments"),
    path("drafts/<uuid:pk>/check/", acting.check_amendments, name="check_amendments"),
    path("drafts/<uuid:pk>/withdrawal/", acting.withdraw_draft, name="withdraw_draft"),
    path("drafts/<uuid:pk>/votes/", reading.list_votes, name="list_votes"),
    path("drafts/<uuid:pk>/timeline/", reading.show_timeline, name="show_timeline"),
    path("drafts/<uuid:pk>/history/", reading.show_history, name="show_history"),
    path("drafts/<uuid:pk>/access/", reading.show_access, name="show_access"),
    path("drafts/<uuid:pk>/files/<int:number>/", reading.download_file, name="download_file"),
]
