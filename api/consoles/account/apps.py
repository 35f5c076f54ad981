"""Setting up an authenticator app: its secret to scan and as letters, kept in the session until it is proved."""

from base64 import b64encode
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from api.consoles.forms import Form
from carnets.documents.qr import qr_svg
from tir.accounts.models import User
from tir.kernel.clock import now
from tir.kernel.errors import DomainError
from tir.signin import factors, totp
from tir.signin.secrets import seal, unseal

SECRET = "app_secret"  # noqa: S105  (its name in the session)


class AppForm(Form):
    code = forms.CharField(
        label=_("Code that the app shows"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


def ask_for_app(request: HttpRequest, user: User, form: Form, *, is_first: bool = False) -> dict[str, Any]:
    """Return what the page shows; the secret stays the same until it is taken, whatever is mistyped meanwhile."""
    secret = _secret_of(request) or totp.new_secret()
    request.session[SECRET] = seal(secret)
    address = totp.address_for_apps(secret, name=user.username, issuer=f"TIR {request.get_host()}")
    picture = b64encode(qr_svg(address).encode()).decode()
    letters = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return {"form": form, "picture": picture, "letters": letters, "is_first": is_first}


def take_app(request: HttpRequest, user: User, form: Form) -> int:
    """Take the app if its code is right; return 0, or the status of what is wrong, which then stands in the form."""
    if not form.is_valid():
        return 400
    try:
        factors.set_up_app(
            user, secret=_secret_of(request) or "", code=form.cleaned_data["code"], at=now(), field="code"
        )
    except DomainError as error:
        return form.refuse(error)
    request.session.pop(SECRET, None)
    return 0


def _secret_of(request: HttpRequest) -> str | None:
    sealed = request.session.get(SECRET)
    return unseal(sealed) if sealed else None
