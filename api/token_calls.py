"""What a call with a token does without: browser sessions, the user of one, and messages to its pages.

Django prepares all three for every request, and posts, which send the most, use none of them.
"""

from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from api.authentication import signed_out_by_the_day

API = "/api/"
SCHEMES = ("token ", "bearer ")


def carries_token(request: HttpRequest) -> bool:
    """Whether a token alone decides who calls: `api.authentication` then never asks for a session."""
    said: str = request.META.get("HTTP_AUTHORIZATION", "")
    return said[:7].lower().startswith(SCHEMES) and request.path_info.startswith(API)


class _ForBrowsers:
    get_response: Any

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request) if carries_token(request) else super().__call__(request)  # type: ignore[misc]


class Sessions(_ForBrowsers, SessionMiddleware):
    """Django's own, for browsers."""


class BrowserUsers(_ForBrowsers, AuthenticationMiddleware):
    """Django's own, for browsers, with the roles of today."""

    def process_request(self, request: HttpRequest) -> None:
        """Have the user looked up when somebody asks for them."""
        super().process_request(request)
        signed_in: Any = request.user
        request.user = SimpleLazyObject(lambda: _today(signed_in))  # type: ignore[assignment]


def _today(user: Any) -> Any:
    return AnonymousUser() if user.is_authenticated and signed_out_by_the_day(user) else user


class Messages(_ForBrowsers, MessageMiddleware):
    """Django's own, for browsers."""
