"""A lost phone: ended by its officer from wherever they are, by a colleague at the office, or by who looks after them.

The page says what the phone was known to hold, and how that comes on record all the same.
"""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from api.authentication import caller
from api.consoles import columns
from api.consoles.formatting import office_name
from api.consoles.forms import Form, FormPage
from api.consoles.post.concerns import WHAT_TO_DO, loss_words, state_of
from api.consoles.post.shift import LEADERS
from api.consoles.statuses import badge
from api.consoles.tables import ConsoleFilter, ConsoleTable, TablePage
from api.permissions import OF_PHONES
from api.scope.posts import devices_for, phone_to_end_for, phones_to_end_for
from api.scope.reader import reader_of
from checkpoints.models import Device
from checkpoints.phones import standing
from checkpoints.phones.standing import UNSETTLED
from checkpoints.staff.ending import lose_device
from tir.kernel.clock import now


def phone_address(device: Device) -> str:
    return reverse("console-lost-phone", kwargs={"device_id": device.pk})


class PhonesTable(ConsoleTable):
    name = columns.LinkColumn(verbose_name=_("Phone"), address=phone_address)
    officer = columns.TextColumn(verbose_name=_("Officer"), accessor="officer__username")
    office = columns.TextColumn(verbose_name=_("Office"), accessor="office__code")
    last_seen_at = columns.MomentColumn(verbose_name=_("Last seen"), office="office__code")
    unsent = columns.FigureColumn(verbose_name=_("Not sent yet"))
    state = columns.TextColumn(verbose_name=_("State"), accessor="pk", orderable=False)

    class Meta(ConsoleTable.Meta):
        empty_text = _("There is no phone here that you could end.")
        order_by = ("officer", "name")

    def render_office(self, value: str) -> str:
        return office_name(value)

    def value_office(self, value: str) -> str:
        return value

    def render_state(self, record: Device) -> SafeString:
        return badge(str(_("lost")), "stop") if record.revoked_at else state_of(record, now())

    def value_state(self, record: Device) -> str:
        return "lost" if record.revoked_at else "open"


class PhonesFilter(ConsoleFilter):
    search = django_filters.CharFilter(label=_("Officer or phone"), method="by_name", max_length=100)

    def by_name(self, rows: QuerySet[Device], _name: str, value: str) -> QuerySet[Device]:
        return rows.filter(
            Q(name__icontains=value)
            | Q(officer__username__icontains=value)
            | Q(officer__name__icontains=value)
        )


class LostPhonesPage(TablePage):
    """Which phone is it? One's own, the office's, those of the people whom one looks after."""

    allow: ClassVar = {"GET": OF_PHONES}
    title = _("Which phone is lost?")
    menu = _("Lost phone")
    table, filterset, file_name = PhonesTable, PhonesFilter, "phones"

    def rows(self, request: HttpRequest, **arguments: Any) -> QuerySet[Device]:
        at = now()
        found = phones_to_end_for(caller(request), reader_of(request), at=at)
        return found.filter(Q(revoked_at=None) | Q(events__in=UNSETTLED)).distinct()


class LostForm(Form):
    reason = forms.CharField(
        label=_("Where and when it was lost"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


class LostPhonePage(FormPage):
    """End one phone; then what to do next stands at the same address."""

    allow: ClassVar = {"GET": OF_PHONES, "POST": OF_PHONES}
    template = "consoles/post/lost.html"
    title, form, submit, tone = _("Lost phone"), LostForm, _("It is lost: end it"), "danger"
    done = _("The phone is ended: it sends nothing, and nobody signs in with it.")

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        at = now()
        reader, device = reader_of(request), self._device(request, kwargs)
        losses = standing.losses(device)
        is_leader = reader.has_role(*LEADERS) and devices_for(reader, at=at).filter(pk=device.pk).exists()
        return {
            "title": _("{phone} is lost").format(phone=device.name),
            "device": device,
            "office": office_name(device.office.code),
            "since": standing.waits_since(device),
            "losses": [loss_words(loss, device) for loss in losses],
            "may_settle": is_leader and losses,
            "what_to_do": WHAT_TO_DO,
        }

    def act(self, request: HttpRequest, form: LostForm, **arguments: Any) -> str:
        device = self._device(request, arguments)
        lose_device(device, reason=form.cleaned_data["reason"], by=caller(request), at=now())
        return phone_address(device)

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-lost-phones")

    def _device(self, request: HttpRequest, arguments: Any) -> Device:
        return phone_to_end_for(caller(request), reader_of(request), arguments["device_id"], at=now())
