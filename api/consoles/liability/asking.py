"""Whose liability a page is about, at which moment, and the addresses that keep both."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse

from api.consoles.base import reader
from api.scope import sees_everything
from api.v1.guarantees.liability.reading import association_asked, moment_of
from guarantees.liability.choices import Side
from guarantees.liability.moments import View
from guarantees.models import Association
from guarantees.queries import currencies_of, view_of


@dataclass(frozen=True, slots=True)
class Subject:
    """An association at a moment, as the address bar has them."""

    view: View
    as_of: str
    code: str

    def rows(self, side: Side, **narrowing: str) -> str:
        """Return the address of the rows behind a figure."""
        return self._address("console-liability-rows", side=side.value, **narrowing)

    def claims(self, side: Side, stage: str) -> str:
        return self._address("console-liability-claims", side=side.value, stage=stage)

    def parts(self, side: Side, dimension: str) -> str:
        """Return the address of a whole breakdown."""
        return self._address("console-liability-parts", side=side.value, by=dimension)

    def page(self, **changes: str) -> str:
        return self._address("console-liability", **changes)

    def _address(self, name: str, **asked: str) -> str:
        kept = {"association": self.code, "as_of": self.as_of, "currency": self.view.currency, **asked}
        return f"{reverse(name)}?{urlencode({key: value for key, value in kept.items() if value})}"


def subject(request: HttpRequest) -> Subject:
    """Return whose page it is: one's own association's, or for whoever oversees several, the one asked for."""
    asked, user = request.GET.get("association", ""), reader(request)
    association = association_asked(user, asked) if asked else _own(user)
    as_of = request.GET.get("as_of", "")
    view = view_of(association, moment=moment_of(as_of), currency=request.GET.get("currency", "")[:3].upper())
    return Subject(view, as_of, asked)


def _own(user: Any) -> Association:
    membership = getattr(user, "membership", None)
    if membership:
        own: Association = membership.association
        return own
    every = Association.objects.order_by("code")
    found = (every if sees_everything(user) else every.filter(country=user.country or "-")).first()
    if found is None:
        raise Http404
    return found


def associations_of(user: Any) -> list[Association]:
    """Return the associations that the reader may choose from: several for whoever oversees them."""
    return list(Association.objects.order_by("code")) if sees_everything(user) else []


def currencies(view: View) -> list[str]:
    return sorted({view.currency, *currencies_of(view.association)})
