"""Every address of version 1. `tests/api/test_matrix.py` reads this table: an endpoint without a row there fails."""

from typing import ClassVar

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from api.permissions import EVERYONE
from api.v1.accounts import views as accounts
from api.v1.base import Endpoint
from api.v1.carnets import views as carnets
from api.v1.checkpoints import views as checkpoints
from api.v1.guarantees import views as guarantees
from api.v1.post import devices, handing_in, handover, holding
from api.v1.reconciliation import views as reconciliation


class Schema(Endpoint, SpectacularAPIView):
    """The OpenAPI document."""

    allow: ClassVar = {"GET": EVERYONE}
    authentication_classes = ()


class Docs(Endpoint, SpectacularSwaggerView):
    """The OpenAPI document to browse; its scripts are served from here."""

    allow: ClassVar = {"GET": EVERYONE}
    authentication_classes = ()


NUMBER = r"(?P<number>[A-Za-z0-9]{1,11})"

urlpatterns = [
    path("auth/token/", accounts.SignIn.as_view(), name="auth-token"),
    path("auth/logout/", accounts.SignOut.as_view(), name="auth-logout"),
    path("carnets/", carnets.Carnets.as_view(), name="carnets"),
    re_path(rf"^carnets/{NUMBER}/$", carnets.OneCarnet.as_view(), name="carnet"),
    re_path(rf"^carnets/{NUMBER}/document\.pdf$", carnets.Document.as_view(), name="carnet-document"),
    re_path(rf"^carnets/{NUMBER}/qr\.svg$", carnets.QrCode.as_view(), name="carnet-qr-svg"),
    re_path(rf"^carnets/{NUMBER}/qr\.png$", carnets.QrCodePng.as_view(), name="carnet-qr-png"),
    re_path(rf"^carnets/{NUMBER}/invalidate/$", carnets.Invalidate.as_view(), name="carnet-invalidate"),
    re_path(rf"^carnets/{NUMBER}/report-lost/$", carnets.ReportLost.as_view(), name="carnet-report-lost"),
    re_path(rf"^carnets/{NUMBER}/return/$", carnets.Return.as_view(), name="carnet-return"),
    path("scans/", checkpoints.Scans.as_view(), name="scans"),
    path("stamps/", checkpoints.Stamps.as_view(), name="stamps"),
    path("stamps/batch/", checkpoints.StampBatch.as_view(), name="stamps-batch"),
    path("stamps/import/", handing_in.ImportStamps.as_view(), name="stamps-import"),
    path("stamps/<uuid:stamp_id>/", checkpoints.OneStamp.as_view(), name="stamp"),
    path("refusals/", checkpoints.Refusals.as_view(), name="refusals"),
    path("incidents/", checkpoints.Incidents.as_view(), name="incidents"),
    path("post/bundle/", holding.Bundle.as_view(), name="post-bundle"),
    path("post/carnets/", holding.DueCarnets.as_view(), name="post-carnets"),
    path("post/handover.pdf", handover.Handover.as_view(), name="post-handover"),
    path("devices/", devices.Devices.as_view(), name="devices"),
    path("devices/<uuid:device_id>/heartbeat/", devices.Heartbeat.as_view(), name="device-heartbeat"),
    path("devices/<uuid:device_id>/revoke/", devices.Revoke.as_view(), name="device-revoke"),
    path("offices/", checkpoints.Offices.as_view(), name="offices"),
    path("crossings/", checkpoints.Crossings.as_view(), name="crossings"),
    path("holders/", guarantees.Holders.as_view(), name="holders"),
    path("guarantees/", guarantees.Guarantees.as_view(), name="guarantees"),
    re_path(
        r"^guarantees/(?P<reference>[A-Za-z0-9._-]{1,35})/$",
        guarantees.OneGuarantee.as_view(),
        name="guarantee",
    ),
    re_path(
        r"^associations/(?P<code>[0-9]{3})/liability/$",
        guarantees.AssociationLiability.as_view(),
        name="association-liability",
    ),
    path("irregularities/", reconciliation.Irregularities.as_view(), name="irregularities"),
    re_path(
        r"^irregularities/(?P<irregularity_id>[0-9]{1,18})/$",
        reconciliation.OneIrregularity.as_view(),
        name="irregularity",
    ),
    path("reconciliation/runs/", reconciliation.Runs.as_view(), name="reconciliation-runs"),
    re_path(
        r"^reconciliation/runs/(?P<run_id>[0-9]{1,18})/$",
        reconciliation.OneRun.as_view(),
        name="reconciliation-run",
    ),
    path("claims/", guarantees.Claims.as_view(), name="claims"),
    re_path(r"^claims/(?P<claim_id>[0-9]{1,18})/$", guarantees.OneClaim.as_view(), name="claim"),
    *[
        re_path(rf"^claims/(?P<claim_id>[0-9]{{1,18}})/{verb}/$", view.as_view(), name=f"claim-{verb}")
        for verb, view in (
            ("notify", guarantees.Notify),
            ("demand", guarantees.Demand),
            ("pay", guarantees.Pay),
            ("contest", guarantees.Contest),
            ("reimburse", guarantees.Reimburse),
            ("withdraw", guarantees.Withdraw),
        )
    ],
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Docs.as_view(url_name="schema"), name="docs"),
]
