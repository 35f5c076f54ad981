"""Which carnets are open, how old they are, and why."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from api.consoles import columns
from api.consoles.menu import Menu
from api.consoles.tables import Table, TablePage
from api.permissions import SIGNED_IN
from api.scope import carnets_for
from carnets.choices import CarnetStatus
from carnets.models import Carnet


def carnet_address(carnet: Carnet) -> str:
    return reverse("console-carnets")


class OpenCarnetsTable(Table):
    number = columns.LinkTo(verbose_name=_("Carnet"), address=carnet_address)
    status = columns.Status(verbose_name=_("Status"))
    holder = columns.Column(accessor="holder__name", verbose_name=_("Holder"))
    issued_at = columns.Moment(verbose_name=_("Issued"))

    class Meta(Table.Meta):
        empty_text = _("No open carnet matches. Carnets appear here once an association issues them.")
        order_by = ("issued_at",)


class OpenCarnetsFilter(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=CarnetStatus.choices, empty_label=_("any"), widget=forms.Select
    )


class OpenCarnets(TablePage):
    """Carnets whose reservation was not let go, the oldest first."""

    allow: ClassVar = {"GET": SIGNED_IN}
    title = _("Open carnets")
    menu = Menu(_("Open carnets"), 20)
    table = OpenCarnetsTable
    filterset = OpenCarnetsFilter
    file_name = "open-carnets"

    def rows(self, request: HttpRequest, **arguments: Any) -> QuerySet[Carnet]:
        return carnets_for(request.user).select_related("holder").filter(is_reserved=True)
