"""Every address the server answers."""

from django.urls import URLPattern, URLResolver, include, path

from api import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz/live", health.live, name="live"),
    path("healthz/ready", health.ready, name="ready"),
    path(".well-known/jwks.json", health.jwks, name="jwks"),
    path("api/v1/", include("api.v1.urls")),
]
