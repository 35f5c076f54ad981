"""Every address the server answers."""

from django.urls import URLPattern, URLResolver, include, path

from api import health, metrics, static_files
from api.consoles import checking, signing_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("api.v1.urls")),  # first: addresses are tried in order
    path("healthz/live", health.Live.as_view(), name="live"),
    path("healthz/ready", health.Ready.as_view(), name="ready"),
    path("metrics", metrics.Metrics.as_view(), name="metrics"),
    path(".well-known/jwks.json", health.Keys.as_view(), name="jwks"),
    path("post/", static_files.NotBuilt.as_view(), name="scanner"),
    path("check/", checking.CheckPage.as_view(), name="console-check"),
    path("", signing_in.RootPage.as_view(), name="console-root"),
    path("console/", include("api.consoles.urls")),
]
