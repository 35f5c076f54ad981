"""Addresses without their slash at the end: a reader is sent on, a writer is told.

Django would redirect a POST as well, and the client would follow with a GET: `POST /stamps` would answer 200 with the
ledger, and look like a stamp.
"""

from django.http import HttpRequest
from django.middleware.common import CommonMiddleware


class Addresses(CommonMiddleware):
    """Django's own, but only reading is redirected."""

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        return request.method in ("GET", "HEAD") and super().should_redirect_with_slash(request)
