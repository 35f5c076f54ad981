"""The pages, each under a name that begins with `console`. tests/api/consoles/test_matrix.py has a row each."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from api.consoles import signing_in
from api.consoles.annex10 import requests, returning, terminations
from api.consoles.audit import pages as audit
from api.consoles.carnets import acting, evidence
from api.consoles.carnets.irregularities import IrregularitiesPage
from api.consoles.carnets.one_carnet import CarnetPage
from api.consoles.carnets.open_carnets import OpenCarnetsPage
from api.consoles.confirming import enquiries
from api.consoles.holders import deciding, stock
from api.consoles.holders import register as holders
from api.consoles.liability.pages import LiabilityPage
from api.consoles.liability.parts import LiabilityPartsPage
from api.consoles.liability.rows import LiabilityClaimsPage, LiabilityRowsPage
from api.consoles.liability.soon import LiabilitySoonPage
from api.consoles.post.desk import DeskPage
from api.consoles.post.devices import RevokeDevicePage, SettleLossPage
from api.consoles.post.lost import LostPhonePage, LostPhonesPage
from api.consoles.post.shift import ShiftPage
from api.consoles.searching import SearchPage
from api.converters import DAY, HOLDER, NUMBER, REQUEST

ENQUIRY = r"^enquiries/(?P<enquiry_id>[0-9]{1,18})"


def _uuid_pattern(name: str) -> str:
    """Return the pattern of an id that a device made."""
    return rf"(?P<{name}>[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})"


STAMP, REPORT = _uuid_pattern("stamp_id"), _uuid_pattern("report_id")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", signing_in.LandingPage.as_view(), name="console"),
    path("", include("api.consoles.account.urls")),
    path("sign-in/", signing_in.SignInPage.as_view(), name="console-sign-in"),
    path("sign-out/", signing_in.SignOutButton.as_view(), name="console-sign-out"),
    path("language/", signing_in.LanguageButton.as_view(), name="console-language"),
    path("post/", ShiftPage.as_view(), name="console-post"),
    path("post/desk/", DeskPage.as_view(), name="console-desk"),
    path("post/devices/<uuid:device_id>/revoke/", RevokeDevicePage.as_view(), name="console-device-revoke"),
    path("post/devices/<uuid:device_id>/settle/", SettleLossPage.as_view(), name="console-device-settle"),
    path("lost-phone/", LostPhonesPage.as_view(), name="console-lost-phones"),
    path("lost-phone/<uuid:device_id>/", LostPhonePage.as_view(), name="console-lost-phone"),
    path("carnets/", OpenCarnetsPage.as_view(), name="console-carnets"),
    path("liability/", LiabilityPage.as_view(), name="console-liability"),
    path("liability/rows/", LiabilityRowsPage.as_view(), name="console-liability-rows"),
    path("liability/parts/", LiabilityPartsPage.as_view(), name="console-liability-parts"),
    path("liability/soon/", LiabilitySoonPage.as_view(), name="console-liability-soon"),
    path("liability/claims/", LiabilityClaimsPage.as_view(), name="console-liability-claims"),
    path("", include("api.consoles.claims.urls")),
    path("", include("api.consoles.people.urls")),
    path("", include("api.consoles.service_accounts.urls")),
    path("holders/", holders.HoldersPage.as_view(), name="console-holders"),
    path("holders/new/", deciding.AuthorisePage.as_view(), name="console-holder-new"),
    re_path(rf"^holders/{HOLDER}/$", holders.HolderPage.as_view(), name="console-holder"),
    re_path(rf"^holders/{HOLDER}/suspend/$", deciding.SuspendPage.as_view(), name="console-holder-suspend"),
    re_path(rf"^holders/{HOLDER}/resume/$", deciding.ResumePage.as_view(), name="console-holder-resume"),
    re_path(
        rf"^holders/{HOLDER}/withdraw/$",
        deciding.WithdrawAuthorisationPage.as_view(),
        name="console-holder-withdraw",
    ),
    re_path(rf"^holders/{HOLDER}/end/$", deciding.EndActivityPage.as_view(), name="console-holder-end"),
    re_path(rf"^holders/{HOLDER}/quota/$", deciding.SetQuotaPage.as_view(), name="console-holder-quota"),
    re_path(rf"^holders/{HOLDER}/exclude/$", deciding.ExcludePage.as_view(), name="console-holder-exclude"),
    re_path(
        rf"^holders/{HOLDER}/exclusions/(?P<exclusion_id>[0-9]{{1,18}})/lift/$",
        deciding.LiftExclusionPage.as_view(),
        name="console-exclusion-lift",
    ),
    path("stock/", stock.StockPage.as_view(), name="console-stock"),
    path("stock/give/", stock.GiveNumbersPage.as_view(), name="console-stock-give"),
    path("returns/", returning.ReturnsPage.as_view(), name="console-returns"),
    path("returns/find/", returning.FindReturnedPage.as_view(), name="console-return-find"),
    re_path(
        r"^returns/(?P<number>[A-Za-z0-9]{1,11})/record/$",
        returning.RecordReturnPage.as_view(),
        name="console-return-record",
    ),
    path("requests/", requests.RequestsPage.as_view(), name="console-requests"),
    re_path(rf"^requests/{REQUEST}/$", requests.RequestPage.as_view(), name="console-request"),
    re_path(
        rf"^requests/{REQUEST}/correct/$",
        requests.CorrectRequestPage.as_view(),
        name="console-request-correct",
    ),
    re_path(
        rf"^requests/{REQUEST}/forward/$",
        requests.ForwardRequestPage.as_view(),
        name="console-request-forward",
    ),
    path("terminations/", terminations.TerminationsPage.as_view(), name="console-terminations"),
    path("safetir/", terminations.SafetirFilesPage.as_view(), name="console-safetir"),
    path(f"safetir/{DAY}/", terminations.SafetirDayFile.as_view(), name="console-safetir-day"),
    path("confirm/", enquiries.AskPage.as_view(), name="console-confirm"),
    path("enquiries/", enquiries.EnquiriesPage.as_view(), name="console-enquiries"),
    re_path(rf"{ENQUIRY}/$", enquiries.EnquiryPage.as_view(), name="console-enquiry"),
    re_path(rf"{ENQUIRY}/confirm/$", enquiries.ConfirmByHandPage.as_view(), name="console-enquiry-confirm"),
    re_path(rf"^carnets/{NUMBER}/$", CarnetPage.as_view(), name="console-carnet"),
    re_path(
        rf"^carnets/{NUMBER}/invalidate/$", acting.InvalidatePage.as_view(), name="console-carnet-invalidate"
    ),
    re_path(rf"^carnets/{NUMBER}/found/$", acting.ReportFoundPage.as_view(), name="console-carnet-found"),
    re_path(
        rf"^carnets/{NUMBER}/report-lost/$",
        acting.ReportLostPage.as_view(),
        name="console-carnet-report-lost",
    ),
    re_path(
        rf"^carnets/{NUMBER}/stamps/{STAMP}/$",
        evidence.StampPage.as_view(),
        name="console-carnet-stamp",
    ),
    re_path(
        rf"^carnets/{NUMBER}/reports/{REPORT}/$",
        evidence.ReportPage.as_view(),
        name="console-carnet-report",
    ),
    re_path(
        rf"^carnets/{NUMBER}/reports/{REPORT}/photos/(?P<photo_id>[0-9]{{1,18}})/$",
        evidence.PhotoFile.as_view(),
        name="console-carnet-photo",
    ),
    path("irregularities/", IrregularitiesPage.as_view(), name="console-irregularities"),
    path(
        "irregularities/<int:irregularity_id>/resolve/",
        acting.ResolveIrregularityPage.as_view(),
        name="console-irregularity-resolve",
    ),
    path("", include("api.consoles.setup.urls")),
    path("audit/", audit.AuditPage.as_view(), name="console-audit"),
    re_path(
        r"^audit/(?P<event_id>[0-9]{1,18})/$", audit.AuditEventPage.as_view(), name="console-audit-event"
    ),
    path("search/", SearchPage.as_view(), name="console-search"),
]
