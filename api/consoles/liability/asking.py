"""Whose liability a page is about, at which moment, and the addresses that keep both."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse

from api.liability_asked import moment_of
from api.scope.guarantees import association_for, liable_for
from api.scope.reader import Reader, reader_of
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


def subject_asked(request: HttpRequest) -> Subject:
    """Return whose page it is: one's own association's, or for whoever oversees several, the one asked for."""
    asked, reader = request.GET.get("association", ""), reader_of(request)
    association = association_for(reader, asked) if asked else _own(reader)
    as_of = request.GET.get("as_of", "")
    view = view_of(association, moment=moment_of(as_of), currency=request.GET.get("currency", "")[:3].upper())
    return Subject(view, as_of, asked)


def _own(reader: Reader) -> Association:
    found = reader.association or liable_for(reader).first()
    if found is None:
        raise Http404
    return found


def associations_of(reader: Reader) -> list[Association]:
    """Return the associations that the reader may choose from; none for whoever sees one alone."""
    found = list(liable_for(reader))
    return found if len(found) > 1 else []


def currencies_shown(view: View) -> list[str]:
    return sorted({view.currency, *currencies_of(view.association)})
