"""The pages, each under a name that begins with `console`. tests/api/consoles/test_matrix.py has a row each."""

from django.urls import URLPattern, URLResolver, path, re_path

from api.consoles import signing_in
from api.consoles.carnets import acting, evidence
from api.consoles.carnets.irregularities import Irregularities
from api.consoles.carnets.one_carnet import OneCarnet
from api.consoles.carnets.open_carnets import OpenCarnets
from api.consoles.searching import Search
from api.v1.urls import NUMBER


def a_uuid(name: str) -> str:
    """Return the pattern of an id that a device made."""
    return rf"(?P<{name}>[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})"


STAMP, REPORT = a_uuid("stamp_id"), a_uuid("report_id")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", signing_in.Landing.as_view(), name="console"),
    path("sign-in/", signing_in.SignIn.as_view(), name="console-sign-in"),
    path("sign-out/", signing_in.SignOut.as_view(), name="console-sign-out"),
    path("language/", signing_in.Language.as_view(), name="console-language"),
    path("carnets/", OpenCarnets.as_view(), name="console-carnets"),
    re_path(rf"^carnets/{NUMBER}/$", OneCarnet.as_view(), name="console-carnet"),
    re_path(
        rf"^carnets/{NUMBER}/invalidate/$", acting.Invalidate.as_view(), name="console-carnet-invalidate"
    ),
    re_path(
        rf"^carnets/{NUMBER}/report-lost/$", acting.ReportLost.as_view(), name="console-carnet-report-lost"
    ),
    re_path(rf"^carnets/{NUMBER}/return/$", acting.Return.as_view(), name="console-carnet-return"),
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
