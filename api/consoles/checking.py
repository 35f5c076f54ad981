"""The page on which anybody checks a paper: a stamp's receipt, or a voucher's code. No sign-in, and no script."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from axes.helpers import get_client_ip_address
from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework.throttling import SimpleRateThrottle

from api.consoles.base import PublicPage
from api.consoles.careful import CarefulForm
from carnets import tokens
from checkpoints.evidence import checking
from tir.kernel.clock import now
from tir.kernel.errors import DomainError

CHECKS_A_MINUTE = 60  # from one address, as each process of the server counts
UNREADABLE = _(
    "This is neither a whole receipt nor a voucher's code. Copy all of it, from its first line to its last."
)
TOO_MANY = _("Too many checks from here. Wait a minute, then try again.")


def receipt_link(request: HttpRequest, receipt: str) -> str:
    """Return the address at which a receipt is checked, as its code holds it."""
    written = urlsafe_b64encode(receipt.encode()).decode().rstrip("=")
    return request.build_absolute_uri(f"{reverse('console-check')}?r={written}")


class CheckForm(CarefulForm):
    """A paper's text, as it was pasted."""

    text = forms.CharField(
        label=_("Receipt or code"),
        help_text=_(
            "All lines of a receipt, which begins with TIR receipt; or the text of a voucher's code, TIR1:…"
        ),
        max_length=checking.MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
    )


class CheckRate(SimpleRateThrottle):
    """So many checks from one address, which is taken from the request as for wrong passwords."""

    scope, rate = "check", f"{CHECKS_A_MINUTE}/min"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"{self.scope}-{get_client_ip_address(request)}"


class CheckPage(PublicPage):
    """Whether a receipt or a code is genuine, and what is on record of it."""

    title = _("Check a receipt or a voucher")
    template = "consoles/check.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = request.GET.get("r")
        if asked is None:
            return self.page(request, form=CheckForm())
        return self._check(request, CheckForm({"text": _in_link(asked)}))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        return self._check(request, CheckForm(request.POST))

    def _check(self, request: HttpRequest, form: CheckForm) -> HttpResponse:
        if not CheckRate().allow_request(request, self):  # type: ignore[arg-type]
            form.errors.clear()
            form.add_error(None, TOO_MANY)
            return self.page(request, status=429, form=form)
        found = _found(form.cleaned_data["text"]) if form.is_valid() else {}
        if form.is_valid() and not found:
            form.add_error("text", UNREADABLE)
        return self.page(request, status=200 if form.is_valid() else 400, form=form, **found)


def _in_link(asked: str) -> str:
    """Return the text that a link holds, blank for what is none."""
    try:
        return urlsafe_b64decode(asked + "=" * (-len(asked) % 4)).decode()
    except (ValueError, binascii.Error):
        return ""


def _found(text: str) -> dict[str, Any]:
    """Return what the page shows of a text; nothing for one that is neither."""
    keys = tokens.verification_keys()
    receipt = checking.receipt_in(text)
    if receipt is not None:
        return {"checked": checking.check_receipt(receipt, keys, at=now())}
    code = text.strip()
    if any(heading in text for heading in checking.KINDS) or not code.startswith(
        tuple(tokens.PREFIXES.values())
    ):
        return {}
    try:
        return {"code": checking.check_code(code, keys)}
    except DomainError as error:
        return {"refused": error.detail}
