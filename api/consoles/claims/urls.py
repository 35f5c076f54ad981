"""The pages about claims, deadlines and notices."""

from django.urls import path

from api.consoles.claims import steps
from api.consoles.claims.claim import ClaimPage
from api.consoles.claims.listing import ClaimsPage
from api.consoles.deadlines.deadlines import DeadlinesPage
from api.consoles.deadlines.notices import NoticesPage, ReadAllNoticesButton, ReadNoticeButton

urlpatterns = [
    path("claims/", ClaimsPage.as_view(), name="console-claims"),
    path("claims/new/", steps.OpenClaimPage.as_view(), name="console-claim-open"),
    path("claims/<int:claim_id>/", ClaimPage.as_view(), name="console-claim"),
    *[
        path(f"claims/<int:claim_id>/{view.name}/", view.as_view(), name=f"console-claim-{view.name}")
        for view in (
            steps.NotifyPage,
            steps.NotifyHolderPage,
            steps.ProceedingsPage,
            steps.DemandPage,
            steps.ReimbursePage,
            steps.WithdrawClaimPage,
            steps.LetterNotificationPage,
            steps.LetterDemandPage,
            steps.ContestPage,
            steps.PayPage,
            steps.AttachDocumentPage,
        )
    ],
    path("deadlines/", DeadlinesPage.as_view(), name="console-deadlines"),
    path("notices/", NoticesPage.as_view(), name="console-notices"),
    path("notices/read/", ReadAllNoticesButton.as_view(), name="console-notices-read"),
    path("notices/<int:notice_id>/read/", ReadNoticeButton.as_view(), name="console-notice-read"),
]
