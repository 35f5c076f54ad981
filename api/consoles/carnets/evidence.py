"""The evidence behind a carnet, one piece at a time: a stamp, a certified report, a photo."""

from datetime import timedelta
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from api.consoles.base import ConsolePage
from api.consoles.checking import receipt_link
from api.permissions import SIGNED_IN
from api.scope.carnets import carnet_for
from api.scope.evidence import reports_for, stamps_for
from api.scope.reader import reader_of
from api.wording import said_age
from carnets.documents.qr import qr_svg
from checkpoints.evidence import reading
from checkpoints.evidence.receipts import receipt_text
from checkpoints.evidence.statements import covered
from checkpoints.models import Incident, IncidentPhoto, Stamp


class StampPage(ConsolePage):
    """A stamp of the ledger with its place in the chain of hashes."""

    allow: ClassVar = {"GET": SIGNED_IN}
    title = _("Stamp")
    template = "consoles/carnets/stamp.html"

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return carnet and stamp with the hashes of the chain in hexadecimal, what is known of the device's clock, and
        the signed receipt with its code. Raises Http404 for a stamp that the reader may not see."""
        carnet = carnet_for(reader_of(request), kwargs["number"])
        rows = stamps_for(reader_of(request)).select_related("office")
        stamp = get_object_or_404(rows, carnet=carnet, pk=kwargs["stamp_id"])
        hashes = {"hash": bytes(stamp.hash).hex(), "previous_hash": bytes(stamp.previous_hash).hex()}
        return {
            "carnet": carnet,
            "stamp": stamp,
            "clock": _clock_words(stamp),
            **hashes,
            **_receipt(request, receipt_text(reading.stamp_rows([stamp.pk])[stamp.pk])),
        }


def _clock_words(stamp: Stamp) -> str:
    """Return how far the device's clock was from the server's when it made the stamp; nothing where nobody measured."""
    offset = stamp.origin.clock_offset if hasattr(stamp, "origin") else None
    if offset is None:
        return ""
    behind = timedelta(milliseconds=offset)
    if abs(behind) < timedelta(minutes=1):
        return str(_("right to the minute"))
    words = _("{age} behind") if behind > timedelta(0) else _("{age} ahead")
    return str(words).format(age=said_age(abs(behind)))


def _receipt(request: HttpRequest, text: str | None) -> dict[str, str]:
    """Return a signed receipt and the code of the address that checks it; nothing where there is none."""
    if text is None:
        return {}
    return {"receipt": text, "receipt_code": mark_safe(qr_svg(receipt_link(request, text)))}  # noqa: S308


class ReportPage(ConsolePage):
    """A certified report (art. 25) with its photos."""

    allow: ClassVar = {"GET": SIGNED_IN}
    title = _("Certified report")
    template = "consoles/carnets/report.html"

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return carnet and report with the SHA-256 of each photo in hexadecimal. Raises Http404 as for a stamp."""
        report = _report(request, kwargs["number"], kwargs["report_id"])
        photos = report.photos.only("pk", "sha256", "content_type").order_by("pk")
        shown = [{"pk": photo.pk, "hash": bytes(photo.sha256).hex()} for photo in photos]
        text = receipt_text(covered(report)) if report.receipt else None
        return {"carnet": report.carnet, "report": report, "photos": shown, **_receipt(request, text)}


class PhotoFile(ConsolePage):
    """One photo of a certified report, as the officer sent it."""

    allow: ClassVar = {"GET": SIGNED_IN}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        report = _report(request, kwargs["number"], kwargs["report_id"])
        photo = get_object_or_404(IncidentPhoto, incident=report, pk=kwargs["photo_id"])
        return HttpResponse(bytes(photo.content), content_type=photo.content_type)


def _report(request: HttpRequest, number: str, report_id: Any) -> Incident:
    carnet = carnet_for(reader_of(request), number)
    return get_object_or_404(reports_for(reader_of(request)), carnet=carnet, pk=report_id)
