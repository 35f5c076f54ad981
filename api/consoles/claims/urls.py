"""The pages about claims, deadlines and notices."""

from django.urls import path

from api.consoles.claims import steps
from api.consoles.claims.claim import OneClaim
from api.consoles.claims.listing import Claims
from api.consoles.deadlines.deadlines import Deadlines
from api.consoles.deadlines.notices import Notices, ReadAll, ReadNotice

urlpatterns = [
    path("claims/", Claims.as_view(), name="console-claims"),
    path("claims/new/", steps.OpenClaim.as_view(), name="console-claim-open"),
    path("claims/<int:claim_id>/", OneClaim.as_view(), name="console-claim"),
    *[
        path(f"claims/<int:claim_id>/{view.name}/", view.as_view(), name=f"console-claim-{view.name}")
        for view in (
            steps.Notify,
            steps.NotifyHolder,
            steps.Proceedings,
            steps.Demand,
            steps.Reimburse,
            steps.Withdraw,
            steps.LetterNotification,
            steps.LetterDemand,
            steps.Contest,
            steps.Pay,
            steps.Attach,
        )
    ],
    path("deadlines/", Deadlines.as_view(), name="console-deadlines"),
    path("notices/", Notices.as_view(), name="console-notices"),
    path("notices/read/", ReadAll.as_view(), name="console-notices-read"),
    path("notices/<int:notice_id>/read/", ReadNotice.as_view(), name="console-notice-read"),
]
