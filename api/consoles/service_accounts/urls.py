"""The pages about service accounts."""

from django.urls import path, re_path

from api.consoles.service_accounts import pages

CLIENT = r"(?P<client_id>[A-Za-z0-9]{1,100})"

urlpatterns = [
    path("service-accounts/", pages.ServiceAccountsPage.as_view(), name="console-service-accounts"),
    path("service-accounts/open/", pages.OpenPage.as_view(), name="console-service-account-open"),
    re_path(
        rf"^service-accounts/of/{CLIENT}/$",
        pages.ServiceAccountPage.as_view(),
        name="console-service-account",
    ),
    *[
        re_path(
            rf"^service-accounts/of/{CLIENT}/{verb}/$", view.as_view(), name=f"console-service-account-{verb}"
        )
        for verb, view in (
            ("rotate", pages.RotatePage),
            ("networks", pages.RestrictPage),
            ("end", pages.EndPage),
        )
    ],
]
