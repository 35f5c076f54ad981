"""Who is calling: a hashed, revocable token a device, and for officers their postings, in one statement."""

from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from knox.settings import CONSTANTS
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from checkpoints.models import Posting
from checkpoints.postings import Officer, Period, officer_of
from tir.accounts.models import User
from tir.kernel.clock import now

_POSTINGS = ArraySubquery(
    Posting.objects.filter(user=OuterRef("user_id")).values(
        posting=JSONObject(office="office_id", start="valid_from", end="valid_to")
    )
)


class TokenAuthentication(KnoxTokenAuthentication):
    """Knox's tokens; the query brings the postings along, because every stamp needs them."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        key = token[: CONSTANTS.TOKEN_KEY_LENGTH].decode("ascii", "replace")
        if "\x00" not in key:
            found = AuthToken.objects.filter(token_key=key).select_related("user").annotate(postings=_POSTINGS)
            for candidate in found:
                if self._is_valid(candidate, token):
                    candidate.user.known_officer = _officer(candidate)
                    return self.validate_user(candidate)
        raise AuthenticationFailed()

    def _is_valid(self, candidate: AuthToken, token: bytes) -> bool:
        is_fresh = candidate.expiry is None or candidate.expiry > now()
        return is_fresh and candidate.digest == hash_token(token.decode("ascii", "replace"))


def _officer(token: Any) -> Officer:
    return Officer(token.user_id, [_period(posting) for posting in token.postings])


def _period(posting: dict[str, Any]) -> Period:
    end = posting["end"]
    return Period(posting["office"], date.fromisoformat(posting["start"]), date.fromisoformat(end) if end else None)


def officer_behind(request: Request) -> Officer:
    """Return the caller as an officer; a browser session has to look the postings up."""
    user = request.user
    return getattr(user, "known_officer", None) or officer_of(user.pk)
