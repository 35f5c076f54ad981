"""Tokens that programs and phones carry in place of a password: got once, used from somewhere, ended by their owner."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from knox.models import AuthToken

from tir.accounts.models import User
from tir.signin.devices import DEVICE_PREFIX
from tir.signin.models import TokenUse

NOTED_EVERY = timedelta(hours=1)  # a note is a write, and stamps come by the hundred


def issue_token(user: User, *, address: str | None, agent: str, at: datetime) -> tuple[AuthToken, str]:
    """Return a new token of a person and its text; over the limit the oldest ends."""
    record, text = AuthToken.objects.create(user)
    TokenUse.objects.create(
        token=record,
        user=user,
        expires_at=record.expiry,
        address=address,
        agent=agent[:200],
        last_used_at=at,
    )
    for old in tokens_of(user).order_by("-created")[settings.TOKENS_PER_USER :]:
        old.delete()
    return record, text


def tokens_of(user: User) -> QuerySet[AuthToken]:
    """Return a person's own tokens; those of enrolled devices are not among them."""
    found: QuerySet[AuthToken] = AuthToken.objects.filter(user=user).exclude(
        token_key__startswith=DEVICE_PREFIX
    )
    return found


def end_tokens(user: User, *, but: str | None = None) -> None:
    """End every token of a user, the devices' too, but the one of this digest."""
    AuthToken.objects.filter(user=user).exclude(digest=but or "").delete()


def end_own_tokens(user: User) -> None:
    """End a person's own tokens, and leave those of their phones."""
    tokens_of(user).delete()


def end_token(digest: str) -> None:
    """Let nobody in any more with the token of this digest."""
    AuthToken.objects.filter(digest=digest).delete()


def is_idle(token_key: str, last_used_at: datetime, at: datetime) -> bool:
    """Whether nobody used a token for so long that it opens nothing any more."""
    is_device = token_key.startswith(DEVICE_PREFIX)
    days = settings.DEVICE_IDLE_DAYS if is_device else settings.TOKEN_IDLE_DAYS
    return at - last_used_at > timedelta(days=days)


def still_used(at: datetime) -> Q:
    """Return the condition on `TokenUse` that a person's own token still lets somebody in."""
    idle = timedelta(days=settings.TOKEN_IDLE_DAYS)
    return Q(is_of_device=False, expires_at__gt=at, last_used_at__gt=at - idle)


def note_use(token: AuthToken, last_used_at: datetime, at: datetime) -> None:
    """Keep that a token is used, by the hour."""
    if at - last_used_at > NOTED_EVERY:
        facts = {
            "user_id": token.user_id,
            "expires_at": token.expiry,
            "is_of_device": token.token_key.startswith(DEVICE_PREFIX),
        }
        TokenUse.objects.update_or_create(
            token_id=token.digest,
            defaults={"last_used_at": at},
            create_defaults={**facts, "last_used_at": at},
        )
