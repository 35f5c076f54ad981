"""Browser sessions: what the cookie says is kept as a digest; each ends by itself when nobody used it for a while."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.db.models import Q, QuerySet

from tir.accounts.models import User
from tir.kernel.clock import now
from tir.signin.models import Session

LETTERS = 40  # of the column; 160 bits
NOTED_EVERY = timedelta(minutes=1)
WHERE = "signed_in_from"


def kept_key(key: str) -> str:
    """Return what the database has of a session's key."""
    return sha256(key.encode()).hexdigest()[:LETTERS]


class SessionStore(DatabaseSessions):
    """Django's sessions in the database, by digest, with whose they are and when they were last seen."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        at = now()
        found: Session | None = Session.objects.filter(
            session_key=kept_key(self.session_key or ""), expire_date__gt=at, last_seen_at__gt=at - _idle()
        ).first()
        if found is None:
            self._session_key = None
            return None
        if at - found.last_seen_at > NOTED_EVERY:
            Session.objects.filter(pk=found.pk).update(last_seen_at=at)
        return found

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(session_key=kept_key(session_key)).exists()

    def create_model_instance(self, data: Any) -> Session:
        """Return the row of this session; when it was opened is said once, at signing in."""
        where, at = data.get(WHERE, {}), now()
        return Session(
            session_key=kept_key(self._get_or_create_session_key()),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            user_id=data.get(SESSION_KEY),
            opened_at=datetime.fromisoformat(where["at"]) if "at" in where else at,
            last_seen_at=at,
            address=where.get("address"),
            agent=where.get("agent", ""),
        )

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(session_key=kept_key(key)).delete()


def open_sessions(user: User, at: datetime) -> QuerySet[Session]:
    """Return the sessions by which somebody is signed in as this user, the latest used first."""
    return Session.objects.filter(still_open(at), user=user).order_by("-last_seen_at")


def still_open(at: datetime) -> Q:
    """Return the condition that a session still lets somebody in."""
    return Q(expire_date__gt=at, last_seen_at__gt=at - _idle())


def end_sessions(user: User, *, but: str | None = None) -> None:
    """End every session of a user, but the one whose cookie says `but`."""
    ended = Session.objects.filter(user=user)
    (ended.exclude(session_key=kept_key(but)) if but else ended).delete()


def _idle() -> timedelta:
    return timedelta(minutes=settings.SESSION_IDLE_MINUTES)
