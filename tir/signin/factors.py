"""The second factor: an authenticator app, passkeys, and codes on paper; who needs one, and whether one is right."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tir.accounts.models import Role, User
from tir.kernel.errors import Refused
from tir.kernel.sandbox import is_sandbox
from tir.signin import totp
from tir.signin.models import Authenticator, Passkey, RecoveryCode
from tir.signin.secrets import digest_of, seal, unseal

# Whoever decides about money, people or countries. In a sandbox it is offered to them, as it is to officers everywhere.
NEEDED_BY = frozenset({
    Role.CUSTOMS_HQ, Role.ASSOCIATION, Role.SECRETARIAT, Role.ADMINISTRATOR, Role.MANAGER,
})  # fmt: skip
CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
CODE_LENGTH = 12  # letters: 59 bits


class CodeWrong(Refused):
    """The code is of another time or another app, or was used before."""

    code = "code_wrong"


class FactorNeeded(Refused):
    """This account may not be without a second factor."""

    code = "second_factor_needed"


def is_needed(user: User) -> bool:
    """Whether the account may not be without a second factor here."""
    return not is_sandbox() and are_needing(user.roles)


def are_needing(roles: Collection[str]) -> bool:
    """Whether one of these roles is of those that need a second factor outside a sandbox."""
    return not NEEDED_BY.isdisjoint(roles)


def is_set_up(user: User) -> bool:
    """Whether the account has an app or a passkey, and is therefore asked for it."""
    return Authenticator.objects.filter(user=user).exists() or Passkey.objects.filter(user=user).exists()


@transaction.atomic
def is_right(user: User, code: str, *, at: datetime) -> bool:
    """Whether a code is the app's of now or one on paper; a code that is right is right once."""
    found = Authenticator.objects.select_for_update().filter(user=user).first()
    secret = unseal(found.secret) if found else None
    step = totp.matching_step(secret, code, at=at, after=found.last_step) if found and secret else None
    if found and step is not None:
        found.last_step = step
        found.save(update_fields=["last_step"])
        return True
    return _is_on_paper(user, code, at=at)


def _is_on_paper(user: User, code: str, *, at: datetime) -> bool:
    digest = digest_of(_bare(code))
    unused = RecoveryCode.objects.filter(user=user, digest=digest, used_at=None)
    return is_set_up(user) and unused.update(used_at=at) == 1


@transaction.atomic
def set_up_app(user: User, *, secret: str, code: str, at: datetime, field: str) -> None:
    """Take an app for the user, once it shows the right code; it takes the place of another. Raises CodeWrong."""
    step = totp.matching_step(secret, code, at=at, after=0)
    if step is None:
        raise CodeWrong(
            _(
                "This is not the code that the app should show now. Check your phone's clock, and type the newest."
            ),
            field=field,
        )
    Authenticator.objects.update_or_create(
        user=user, defaults={"secret": seal(secret), "last_step": step, "added_at": at}
    )


@transaction.atomic
def new_recovery_codes(user: User, *, at: datetime) -> Sequence[str]:
    """Return new codes, to be shown once; those before them are worth nothing any more."""
    codes = ["".join(secrets.choice(LETTERS) for _letter in range(CODE_LENGTH)) for _code in range(CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create([
        RecoveryCode(user=user, digest=digest_of(code), made_at=at) for code in codes
    ])  # fmt: skip
    return ["-".join(code[start : start + 4] for start in range(0, CODE_LENGTH, 4)) for code in codes]


def codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


@transaction.atomic
def remove_app(user: User) -> None:
    """Do without the app. Raises FactorNeeded where nothing else would be left and something must be."""
    _ensure_another(user, len(user.passkeys.all()))
    Authenticator.objects.filter(user=user).delete()
    _forget_paper(user)


@transaction.atomic
def remove_passkey(user: User, passkey_id: int) -> None:
    """Do without one passkey. Raises FactorNeeded where nothing else would be left and something must be."""
    others = user.passkeys.exclude(pk=passkey_id).count()
    _ensure_another(user, others + Authenticator.objects.filter(user=user).count())
    user.passkeys.filter(pk=passkey_id).delete()
    _forget_paper(user)


@transaction.atomic
def remove_all(user: User) -> None:
    """Forget a second factor that was lost; at the next sign-in a new one is set up, where one is needed."""
    Authenticator.objects.filter(user=user).delete()
    user.passkeys.all().delete()
    _forget_paper(user)


def _ensure_another(user: User, others: int) -> None:
    if not others and is_needed(user):
        raise FactorNeeded(_("Your role needs a second factor. Add another one first, then remove this."))


def _forget_paper(user: User) -> None:
    if not is_set_up(user):
        RecoveryCode.objects.filter(user=user).delete()


def _bare(code: str) -> str:
    return code.replace("-", "").replace(" ", "").strip().lower()
