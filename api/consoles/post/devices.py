"""What an office decides about a phone: to revoke it (lost, stolen, its officer left), or to settle a loss."""

from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from api.authentication import caller
from api.consoles.forms import Form, FormPage, reason_field
from api.consoles.post.concerns import WHAT_TO_DO
from api.consoles.post.shift import LEADERS
from api.scope.posts import device_for
from api.scope.reader import reader_of
from checkpoints.phones import devices
from checkpoints.posts.offices import register
from checkpoints.staff.ending import end_device
from tir.kernel.clock import now


class RevokeDeviceForm(Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class RevokeDevicePage(FormPage):
    """One device, by name; what it has not sent yet can still be exported on it and handed in."""

    allow: ClassVar = {"GET": LEADERS, "POST": LEADERS}
    title, form, submit = _("Revoke a device"), RevokeDeviceForm, _("Revoke")
    says = _(
        "It can send nothing any more. What it has not sent yet can be exported on it and handed in here."
    )
    done, tone = _("The device is revoked."), "danger"

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        device = device_for(reader_of(request), kwargs["device_id"], at=now())
        return {"title": _("Revoke {device}").format(device=device.name)}

    def act(self, request: HttpRequest, form: RevokeDeviceForm, **arguments: Any) -> str:
        at = now()
        visible = device_for(reader_of(request), arguments["device_id"], at=at)
        device = end_device(visible, reason=form.cleaned_data["reason"], by=caller(request), at=at)
        return f"{reverse('console-post')}?office={register().by_id[device.office_id].code}"

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-post")


class SettleLossForm(Form):
    reason = reason_field(most=1000)


class SettleLossPage(FormPage):
    """What was lost with one device: closed by whoever found out what it was, saying what was done."""

    allow: ClassVar = {"GET": LEADERS, "POST": LEADERS}
    title, form, submit = _("Settle a loss"), SettleLossForm, _("Settle")
    says, done = WHAT_TO_DO, _("The loss is settled.")

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        device = device_for(reader_of(request), kwargs["device_id"], at=now())
        return {"title": _("Settle what was lost with {device}").format(device=device.name)}

    def act(self, request: HttpRequest, form: SettleLossForm, **arguments: Any) -> str:
        at = now()
        visible = device_for(reader_of(request), arguments["device_id"], at=at)
        reason = form.cleaned_data["reason"]
        device = devices.settle_losses(device_id=visible.pk, reason=reason, by=caller(request).pk, at=at)
        return f"{reverse('console-post')}?office={register().by_id[device.office_id].code}"

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-post")
