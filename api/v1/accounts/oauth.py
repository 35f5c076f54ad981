"""Where programs get access tokens: OAuth 2 client credentials (RFC 6749 section 4.4), in that standard's words."""

import json
from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from oauth2_provider.views.mixins import OAuthLibMixin
from pydantic import BaseModel
from rest_framework.request import Request

from api import signing
from api.endpoints import Endpoint
from api.openapi import problem_answers
from api.permissions import EVERYONE
from tir.kernel.clock import now

MOST_BYTES = 10_000


class AccessTokenOut(BaseModel):
    """RFC 6749 section 5.1."""

    access_token: str
    expires_in: int
    token_type: str
    scope: str


class AccessTokens(Endpoint, OAuthLibMixin):
    """Exchange client id and secret for an access token of ten minutes."""

    authentication_classes = ()
    allow: ClassVar = {"POST": EVERYONE}
    most_bytes: ClassVar = MOST_BYTES

    @extend_schema(
        operation_id="get_access_token",
        summary="Get an access token (OAuth 2 client credentials)",
        request={
            "application/x-www-form-urlencoded": {
                "type": "object",
                "properties": {
                    "grant_type": {"type": "string", "enum": ["client_credentials"]},
                    "scope": {"type": "string", "description": "Roles with blanks between; left out: all."},
                    "client_id": {"type": "string"},
                    "client_secret": {"type": "string"},
                },
                "required": ["grant_type"],
            }
        },
        responses={200: AccessTokenOut, 400: dict, 401: dict, **problem_answers({429})},
        tags=["accounts"],
        auth=[],
    )
    def post(self, request: Request) -> HttpResponse:
        """Answer `access_token`, to be sent as `Authorization: Bearer …`. Id and secret come by HTTP Basic or in the
        form; a fault is answered as RFC 6749 section 5.2 has it: `{"error": "invalid_client"}`. Secrets are no
        easier to guess than passwords: an address with too many wrong ones is answered 429."""
        asked, at = request._request, now()
        signing.ensure_program_may_try(asked, at=at)
        _address, headers, body, status = self.create_token_response(asked)
        if _is_wrong_secret(body):
            signing.note_wrong_secret(asked, at=at)
        answer = HttpResponse(body, status=status)
        for name, value in headers.items():
            answer[name] = value
        answer["Cache-Control"] = "no-store"
        return answer


def _is_wrong_secret(body: Any) -> bool:
    return bool(json.loads(body).get("error") == "invalid_client")
