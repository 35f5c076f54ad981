"""Kinds and outcomes at a checkpoint, in the field's terms."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verdict(models.TextChoices):
    GO = "go", _("go")
    LOOK = "look", _("look")
    STOP = "stop", _("stop")


class IncidentKind(models.TextChoices):
    """The incident codes of common transit, by name."""

    ROUTE_DEVIATION = "route_deviation", _("deviation from the prescribed route")
    SEALS_BROKEN = "seals_broken", _("seals broken or tampered with")
    TRANSHIPMENT = "transhipment", _("transhipment under supervision")
    DANGER = "danger", _("immediate danger, unloading")
    OTHER = "other", _("other incident")
    VEHICLE_CHANGE = "vehicle_change", _("change of vehicle or of part of it")


ABOUT_SEALS = frozenset({IncidentKind.SEALS_BROKEN, IncidentKind.TRANSHIPMENT, IncidentKind.DANGER})


class DrawnBy(models.TextChoices):
    """Who drew up a certified report."""

    CUSTOMS = "customs", _("customs")
    POLICE = "police", _("police")
    OTHER = "other", _("another authority")


class ControlKind(models.TextChoices):
    """What an office checked on the way."""

    DOCUMENTS = "documents", _("documents")
    SEALS = "seals", _("seals")
    WEIGHING = "weighing", _("weighing")
    XRAY = "xray", _("X-ray")
    RADIATION = "radiation", _("radiation")
    EXAMINATION = "examination", _("examination of the goods")


class ControlResult(models.TextChoices):
    SATISFACTORY = "satisfactory", _("satisfactory")
    DISCREPANCY = "discrepancy", _("discrepancy")


class ProofKind(models.TextChoices):
    """What stands for a stamp that is missing."""

    COUNTERFOIL_2 = "counterfoil_2", _("counterfoil No. 2 of the carnet")
    NEXT_COUNTRY_ENTRY = "next_country_entry", _("entry into the next country")
    CUSTOMS_DOCUMENT_OF_DESTINATION = (
        "customs_document_of_destination",
        _("customs document of the country of destination"),
    )
    CONSUMPTION_DOCUMENT = "consumption_document", _("document of release for consumption")
    SUBSTITUTE_DOCUMENT = "substitute_document", _("substitute document")


class RefusalReason(models.TextChoices):
    """Why an office does not start a TIR operation."""

    CARNET_NOT_VALID = "carnet_not_valid", _("the carnet is not valid")
    HOLDER_NOT_AUTHORISED = "holder_not_authorised", _("the holder is not authorised")
    VEHICLE_NOT_APPROVED = "vehicle_not_approved", _("the vehicle is not approved")
    SEALS_NOT_IN_ORDER = "seals_not_in_order", _("the seals are not in order")
    GOODS_DIFFER = "goods_differ", _("the goods differ from the manifest")
    DOCUMENTS_MISSING = "documents_missing", _("documents are missing")
    OTHER = "other", _("another reason")


class DeviceEventKind(models.TextChoices):
    """What became of an officer's phone."""

    ENROLLED = "enrolled", _("enrolled")
    REVOKED = "revoked", _("revoked")
    STORAGE_LOST = "storage_lost", _("emptied: what it had not sent is lost")
    LOSS_SETTLED = "loss_settled", _("the loss is settled")


class CrossingMode(models.TextChoices):
    ROAD = "road", _("road")
    RAIL = "rail", _("rail")
    FERRY = "ferry", _("ferry")


class Lane(models.TextChoices):
    GREEN = "green", _("green: release")
    YELLOW = "yellow", _("yellow: documents")
    RED = "red", _("red: examination")
