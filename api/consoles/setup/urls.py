"""The pages of setting up."""

from django.urls import path, re_path

from api.consoles.setup import approving, packs, registers
from api.consoles.setup.checklist import SetupPage
from api.consoles.setup.importing import ImportPage
from checkpoints.posts.registers import REGISTERS

REGISTER = rf"(?P<register>{'|'.join(REGISTERS)})"
ROW = r"(?P<row_id>[0-9]{1,18})"
APPROVAL = r"(?P<approval_id>[0-9]{1,18})"

urlpatterns = [
    path("setup/", SetupPage.as_view(), name="console-setup"),
    path("setup/approvals/", approving.ApprovalsPage.as_view(), name="console-approvals"),
    re_path(
        rf"^setup/approvals/{APPROVAL}/approve/$", approving.ApprovePage.as_view(), name="console-approval-approve"
    ),
    re_path(
        rf"^setup/approvals/{APPROVAL}/refuse/$", approving.RefusePage.as_view(), name="console-approval-refuse"
    ),
    path("setup/pack/", packs.PackPage.as_view(), name="console-pack"),
    path("setup/pack/apply/", packs.PackApplyPage.as_view(), name="console-pack-apply"),
    path("setup/pack/download/", packs.PackDownload.as_view(), name="console-pack-download"),
    re_path(rf"^setup/{REGISTER}/$", registers.RegisterPage.as_view(), name="console-register"),
    re_path(rf"^setup/{REGISTER}/new/$", registers.EnterPage.as_view(), name="console-register-new"),
    re_path(rf"^setup/{REGISTER}/import/$", ImportPage.as_view(), name="console-register-import"),
    re_path(rf"^setup/{REGISTER}/{ROW}/$", registers.ChangePage.as_view(), name="console-register-change"),
]  # fmt: skip
