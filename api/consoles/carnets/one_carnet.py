"""One carnet on one page: route, operations with both records, irregularities, evidence, and what may be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from api.consoles.base import ConsolePage
from api.consoles.carnets.route import route_of
from api.consoles.carnets.words import in_words, worst_of
from api.permissions import SIGNED_IN
from api.scope.carnets import carnet_for, irregularities_of, is_issuer, operations_of, sees_whole
from api.scope.evidence import controls_for, refusals_for, reports_for, stamps_for
from api.scope.reader import Reader, reader_of
from carnets.choices import CarnetStatus, IrregularityStatus
from carnets.issuing import status_on_record
from carnets.models import Carnet, TirOperation
from carnets.transitions import CARNET
from tir.kernel.clock import now

ACTIONS = (
    ("invalidate", "console-carnet-invalidate", _("Invalidate")),
    ("write_off", "console-carnet-invalidate", _("Invalidate")),
    ("report_lost", "console-carnet-report-lost", _("Report lost or stolen")),
    ("report_found", "console-carnet-found", _("Report found")),
    ("return", "console-return-record", _("Record its return")),
)


@dataclass(frozen=True, slots=True)
class Action:
    """Something the reader may do to the carnet in its present status."""

    label: "str | Promise"
    address: str


def carnet_address(number: str) -> str:
    return reverse("console-carnet", kwargs={"number": number})


class CarnetPage(ConsolePage):
    """A carnet whole, or the part of it that its reader has a right to."""

    allow: ClassVar = {"GET": SIGNED_IN}
    template = "consoles/carnets/carnet.html"

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the carnet with its operations, irregularities and evidence, each as far as the reader sees it.
        Raises Http404 for a carnet outside their scope."""
        reader = reader_of(request)
        carnet = carnet_for(reader, kwargs["number"])
        operations = operations_of(reader, carnet)
        irregularities = [in_words(item, reader) for item in irregularities_of(reader, carnet)]
        still_open = [item for item in irregularities if item.row.status == IrregularityStatus.OPEN]
        return {
            "title": carnet.number,
            "carnet": carnet,
            "is_whole": sees_whole(reader, carnet),
            "is_issuer": is_issuer(reader, carnet),
            "route": route_of(operations, {item.row.page for item in still_open}, now()),
            "operations": [(row, _records(row)) for row in operations],
            "irregularities": sorted(irregularities, key=lambda item: item.order),
            "worst": worst_of(still_open),
            "actions": _actions_on(reader, carnet),
            **_evidence_about(reader, carnet),
        }


def _evidence_about(reader: Reader, carnet: Carnet) -> dict[str, Any]:
    """Return stamps, reports, controls and refusals about the carnet, as far as the reader sees them."""
    return {
        "stamps": stamps_for(reader).filter(carnet=carnet).select_related("office").order_by("sequence"),
        "reports": reports_for(reader).filter(carnet=carnet).order_by("occurred_at", "id"),
        "controls": controls_for(reader).filter(carnet=carnet).order_by("occurred_at", "id"),
        "refusals": refusals_for(reader).filter(carnet=carnet).order_by("occurred_at"),
    }


def _actions_on(reader: Reader, carnet: Carnet) -> list[Action]:
    """Return what the issuer may do to its carnet now; nobody else may do anything to it here."""
    if not is_issuer(reader, carnet):
        return []
    possible = {row.verb for row in CARNET if carnet.status in row.before}
    return [
        Action(label, reverse(name, kwargs={"number": carnet.number}))
        for verb, name, label in ACTIONS
        if verb in possible and (verb != "write_off" or status_on_record(carnet) == CarnetStatus.ISSUED)
    ]


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that both offices wrote down: side by side, and whether the two agree."""

    label: "str | Promise"
    start: Any
    termination: Any
    kind: str = "text"


def _records(row: TirOperation) -> Sequence[Record]:
    def said(at_start: bool, at_termination: bool) -> tuple[bool | None, bool | None]:
        """Nothing was said where nobody has certified yet."""
        return at_start if row.started_at else None, at_termination if row.terminated_at else None

    ended_by = row.liability_ended_by and row.get_liability_ended_by_display()
    return (
        Record(_("Planned office"), row.planned_start, row.planned_end, "office"),
        Record(_("Certifying office"), row.start_office, row.termination_office, "office"),
        Record(
            _("Certified"),
            (row.started_at, row.start_office),
            (row.terminated_at, row.termination_office),
            "moment",
        ),
        Record(_("Seals intact"), row.start_seals_intact, row.termination_seals_intact, "yes"),
        Record(_("Seals expected"), row.start_seals_expected, row.termination_seals_expected, "list"),
        Record(_("Seals found"), row.start_seals_found, row.termination_seals_found, "list"),
        Record(_("Packages"), row.packages_expected, row.packages, "figure"),
        Record(_("Vehicles or containers missing"), row.start_units_missing, row.termination_units_missing, "list"),
        Record(_("Certified report"), *said(row.start_is_reported, row.termination_is_reported), "whether"),
        Record(_("Time limit"), None, (row.time_limit_at, row.planned_end), "moment"),
        Record(_("Reservation"), None, row.reservation),
        Record(_("Liability, and what ended it"), row.get_liability_display(), ended_by),
    )  # fmt: skip
