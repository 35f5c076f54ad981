"""The pages, each under a name that begins with `console`. tests/api/consoles/test_matrix.py has a row each."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from api.consoles import signing_in
from api.consoles.annex10 import requests, returning, terminations
from api.consoles.carnets import acting, evidence
from api.consoles.carnets.irregularities import Irregularities
from api.consoles.carnets.one_carnet import OneCarnet
from api.consoles.carnets.open_carnets import OpenCarnets
from api.consoles.confirming import enquiries
from api.consoles.holders import deciding, stock
from api.consoles.holders import register as holders
from api.consoles.liability.pages import Liability
from api.consoles.liability.parts import Parts
from api.consoles.liability.rows import Claims, Rows
from api.consoles.liability.soon import Soon
from api.consoles.post.devices import RevokeDevice
from api.consoles.post.shift import Post
from api.consoles.searching import Search
from api.converters import DAY, HOLDER, NUMBER, REQUEST

ENQUIRY = r"^enquiries/(?P<enquiry_id>[0-9]{1,18})"


def a_uuid(name: str) -> str:
    """Return the pattern of an id that a device made."""
    return rf"(?P<{name}>[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})"


STAMP, REPORT = a_uuid("stamp_id"), a_uuid("report_id")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", signing_in.Landing.as_view(), name="console"),
    path("sign-in/", signing_in.SignIn.as_view(), name="console-sign-in"),
    path("sign-out/", signing_in.SignOut.as_view(), name="console-sign-out"),
    path("language/", signing_in.Language.as_view(), name="console-language"),
    path("post/", Post.as_view(), name="console-post"),
    path("post/devices/<uuid:device_id>/revoke/", RevokeDevice.as_view(), name="console-device-revoke"),
    path("carnets/", OpenCarnets.as_view(), name="console-carnets"),
    path("liability/", Liability.as_view(), name="console-liability"),
    path("liability/rows/", Rows.as_view(), name="console-liability-rows"),
    path("liability/parts/", Parts.as_view(), name="console-liability-parts"),
    path("liability/soon/", Soon.as_view(), name="console-liability-soon"),
    path("liability/claims/", Claims.as_view(), name="console-liability-claims"),
    path("", include("api.consoles.claims.urls")),
    path("holders/", holders.Holders.as_view(), name="console-holders"),
    path("holders/new/", deciding.Authorise.as_view(), name="console-holder-new"),
    re_path(rf"^holders/{HOLDER}/$", holders.OneHolder.as_view(), name="console-holder"),
    re_path(rf"^holders/{HOLDER}/suspend/$", deciding.Suspend.as_view(), name="console-holder-suspend"),
    re_path(rf"^holders/{HOLDER}/resume/$", deciding.Resume.as_view(), name="console-holder-resume"),
    re_path(rf"^holders/{HOLDER}/withdraw/$", deciding.Withdraw.as_view(), name="console-holder-withdraw"),
    re_path(rf"^holders/{HOLDER}/end/$", deciding.End.as_view(), name="console-holder-end"),
    re_path(rf"^holders/{HOLDER}/quota/$", deciding.SetQuota.as_view(), name="console-holder-quota"),
    re_path(rf"^holders/{HOLDER}/exclude/$", deciding.Exclude.as_view(), name="console-holder-exclude"),
    re_path(
        rf"^holders/{HOLDER}/exclusions/(?P<exclusion_id>[0-9]{{1,18}})/lift/$",
        deciding.Lift.as_view(),
        name="console-exclusion-lift",
    ),
    path("stock/", stock.Stock.as_view(), name="console-stock"),
    path("stock/give/", stock.Give.as_view(), name="console-stock-give"),
    path("returns/", returning.Returns.as_view(), name="console-returns"),
    path("returns/find/", returning.FindReturned.as_view(), name="console-return-find"),
    re_path(
        r"^returns/(?P<number>[A-Za-z0-9]{1,11})/record/$",
        returning.RecordReturn.as_view(),
        name="console-return-record",
    ),
    path("requests/", requests.Requests.as_view(), name="console-requests"),
    re_path(rf"^requests/{REQUEST}/$", requests.OneRequest.as_view(), name="console-request"),
    re_path(rf"^requests/{REQUEST}/correct/$", requests.Correct.as_view(), name="console-request-correct"),
    re_path(rf"^requests/{REQUEST}/forward/$", requests.Forward.as_view(), name="console-request-forward"),
    path("terminations/", terminations.Terminations.as_view(), name="console-terminations"),
    path("safetir/", terminations.SafetirFiles.as_view(), name="console-safetir"),
    path(f"safetir/{DAY}/", terminations.SafetirDay.as_view(), name="console-safetir-day"),
    path("confirm/", enquiries.Ask.as_view(), name="console-confirm"),
    path("enquiries/", enquiries.Enquiries.as_view(), name="console-enquiries"),
    re_path(rf"{ENQUIRY}/$", enquiries.OneEnquiry.as_view(), name="console-enquiry"),
    re_path(rf"{ENQUIRY}/confirm/$", enquiries.ConfirmByHand.as_view(), name="console-enquiry-confirm"),
    re_path(rf"^carnets/{NUMBER}/$", OneCarnet.as_view(), name="console-carnet"),
    re_path(
        rf"^carnets/{NUMBER}/invalidate/$", acting.Invalidate.as_view(), name="console-carnet-invalidate"
    ),
    re_path(rf"^carnets/{NUMBER}/found/$", acting.ReportFound.as_view(), name="console-carnet-found"),
    re_path(
        rf"^carnets/{NUMBER}/report-lost/$", acting.ReportLost.as_view(), name="console-carnet-report-lost"
    ),
    re_path(
        rf"^carnets/{NUMBER}/stamps/{STAMP}/$",
        evidence.OneStamp.as_view(),
        name="console-carnet-stamp",
    ),
    re_path(
        rf"^carnets/{NUMBER}/reports/{REPORT}/$",
        evidence.OneReport.as_view(),
        name="console-carnet-report",
    ),
    re_path(
        rf"^carnets/{NUMBER}/reports/{REPORT}/photos/(?P<photo_id>[0-9]{{1,18}})/$",
        evidence.Photo.as_view(),
        name="console-carnet-photo",
    ),
    path("irregularities/", Irregularities.as_view(), name="console-irregularities"),
    path(
        "irregularities/<int:irregularity_id>/resolve/",
        acting.Resolve.as_view(),
        name="console-irregularity-resolve",
    ),
    path("search/", Search.as_view(), name="console-search"),
]
