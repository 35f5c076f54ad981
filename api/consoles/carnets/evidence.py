"""The evidence behind a carnet, one piece at a time: a stamp, a certified report, a photo."""

from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from api.consoles.base import ConsolePage, reader
from api.permissions import SIGNED_IN
from api.scope import carnet_for, reports_of, stamps_for
from checkpoints.models import Incident, IncidentPhoto, Stamp


class OneStamp(ConsolePage):
    """A stamp of the ledger with its place in the chain of hashes."""

    allow: ClassVar = {"GET": SIGNED_IN}
    title = _("Stamp")
    template = "consoles/carnets/stamp.html"

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        carnet = carnet_for(request.user, kwargs["number"])
        stamp: Stamp | None = (
            stamps_for(reader(request))
            .filter(carnet=carnet, pk=kwargs["stamp_id"])
            .select_related("office")
            .first()
        )
        if stamp is None:
            raise Http404
        hashes = {"hash": bytes(stamp.hash).hex(), "previous_hash": bytes(stamp.previous_hash).hex()}
        return {"carnet": carnet, "stamp": stamp, **hashes}


class OneReport(ConsolePage):
    """A certified report (art. 25) with its photos."""

    allow: ClassVar = {"GET": SIGNED_IN}
    title = _("Certified report")
    template = "consoles/carnets/report.html"

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        report = _report(request, kwargs["number"], kwargs["report_id"])
        photos = report.photos.only("pk", "sha256", "content_type").order_by("pk")
        shown = [{"pk": photo.pk, "hash": bytes(photo.sha256).hex()} for photo in photos]
        return {"carnet": report.carnet, "report": report, "photos": shown}


class Photo(ConsolePage):
    """One photo of a certified report, as the officer sent it."""

    allow: ClassVar = {"GET": SIGNED_IN}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        report = _report(request, kwargs["number"], kwargs["report_id"])
        photo: IncidentPhoto | None = report.photos.filter(pk=kwargs["photo_id"]).first()
        if photo is None:
            raise Http404
        return HttpResponse(bytes(photo.content), content_type=photo.content_type)


def _report(request: HttpRequest, number: str, report_id: Any) -> Incident:
    carnet = carnet_for(request.user, number)
    report = reports_of(request.user, carnet).filter(pk=report_id).first()
    if report is None:
        raise Http404
    return report
