"""Passwords: how long, not one that everybody tries first, and nothing about which letters or how old.

NIST SP 800-63B 3.1.1 and OWASP ASVS 5.0 chapter 6.2 ask for this, and for no rule of composition and no expiry.
"""

from datetime import datetime
from typing import Any, Final, NoReturn

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tir.accounts.models import User
from tir.kernel.errors import Refused
from tir.signin.breaches import ORNAMENTS, is_common
from tir.signin.models import PasswordChange

SHORTEST = 12
LONGEST = 128  # letters; as the sign-in takes them
LEAST_OF_ONES_OWN = 4  # letters of a password that are in no word of ours


class PasswordWeak(Refused):
    """The password is too short, too long, too like the name, or one that everybody tries first."""

    code = "password_weak"


class PasswordWrong(Refused):
    """The present password is not this one."""

    code = "password_wrong"


class NotCommon:
    """Django's validator of that name looks a password up as it is; this one also finds what is made longer of one."""

    def validate(self, password: str, user: Any = None) -> None:
        if is_common(password):
            self.refuse()

    def refuse(self) -> NoReturn:
        raise ValidationError(
            _(
                "This password is among those that everybody tries first. Take three or four words of your own."
            ),
            code="password_too_common",
        )

    def get_help_text(self) -> str:
        return _("It may not be one that everybody tries first.")


class NotOurs:
    """Words of this trade and this system say nothing to a guesser who knows where he is."""

    WORDS: Final = (
        "administrator", "association", "authority", "carnet", "certificate", "customs", "guarantee", "headquarters",
        "ministry", "officer", "password", "secretariat", "secret", "transit", "transport", "convention", "border",
        "tir", "iru", "мдп", "таможня", "книжка", "海关", "密码",
    )  # fmt: skip

    def validate(self, password: str, user: Any = None) -> None:
        left = password.casefold()
        for word in self.WORDS:
            left = left.replace(word, "")
        if len(left.strip(ORNAMENTS)) < LEAST_OF_ONES_OWN:
            NotCommon().refuse()

    def get_help_text(self) -> str:
        return NotCommon().get_help_text()


class NotEndless:
    """Argon2 takes any length; a sign-in does not."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(_("At most 128 characters."), code="password_too_long")

    def get_help_text(self) -> str:
        return _("At most 128 characters.")


def set_password(user: User, password: str, *, by: User | None, how: str, at: datetime, field: str) -> None:
    """Give a user another password and note it; who calls ends what the old one opened. Raises PasswordWeak."""
    ensure_strong(user, password, field=field)
    user.set_password(password)
    user.save(update_fields=["password"])
    PasswordChange.objects.create(user=user, by=by, how=how, at=at)


def ensure_strong(user: User, password: str, *, field: str) -> None:
    """Raise PasswordWeak, in all words at once, for a password that nobody should have."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PasswordWeak(" ".join(error.messages), field=field) from None


def ensure_right(user: User, password: str, *, field: str) -> None:
    """Raise PasswordWrong unless this is the user's password."""
    if not user.check_password(password):
        raise PasswordWrong(gettext_lazy("This is not your present password."), field=field)
