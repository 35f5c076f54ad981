"""Statuses of carnets and operations, roles of offices, in the field's terms. What leads from one status
to the next stands in `transitions.py`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CarnetStatus(models.TextChoices):
    ISSUED = "issued", _("issued to the holder")
    ACCEPTED = "accepted", _("accepted at departure")
    IN_TRANSIT = "in_transit", _("in transit")
    SUSPENDED = "suspended", _("transport suspended")
    PARTIALLY_TERMINATED = "partially_terminated", _("partially terminated")
    TERMINATED = "terminated", _("finally terminated")
    DISCHARGED = "discharged", _("all operations discharged")
    RETURNED = "returned", _("returned to the association")
    INVALIDATED = "invalidated", _("invalidated")
    LOST = "lost", _("reported lost")
    STOLEN = "stolen", _("reported stolen")
    EXPIRED = "expired", _("expired unused")


class OperationStatus(models.TextChoices):
    EXPECTED = "expected", _("expected")
    REFUSED = "refused", _("start refused")
    STARTED = "started", _("started")
    TERMINATED = "terminated", _("terminated")
    DISCHARGED = "discharged", _("discharged")


class Control(models.TextChoices):
    """What withdrew a carnet from circulation; blank while nothing did (Annex 10 par. 4)."""

    NONE = "", _("in circulation")
    INVALIDATED = "invalidated", _("invalidated")
    LOST = "lost", _("reported lost")
    STOLEN = "stolen", _("reported stolen")
    EXPIRED = "expired", _("expired unused")


class OfficeRole(models.TextChoices):
    DEPARTURE = "departure", _("departure")
    ENTRY = "entry", _("entry en route")
    EXIT = "exit", _("exit en route")
    DESTINATION = "destination", _("destination")


EN_ROUTE_ROLES = frozenset({OfficeRole.ENTRY, OfficeRole.EXIT})


class CarnetKind(models.TextChoices):
    ORDINARY = "ordinary", _("ordinary")
    TOBACCO_ALCOHOL = "tobacco_alcohol", _("tobacco/alcohol")


class Severity(models.TextChoices):
    INFO = "info", _("for information")
    FLAG = "flag", _("flagged")
    HIGH = "high", _("high")
    BLOCK = "block", _("blocking")


class IrregularityStatus(models.TextChoices):
    OPEN = "open", _("open")
    CURED = "cured", _("cured by later evidence")
    RESOLVED = "resolved", _("resolved by customs")


class Reason(models.TextChoices):
    """Why an association asks customs about a termination (Annex 10 par. 2)."""

    MISSING = "missing", _("no termination was recorded")
    DISCREPANCY = "discrepancy", _("the record differs from the counterfoil")


class Source(models.TextChoices):
    """Whose data a reconciliation request quotes, for customs to confirm or correct."""

    CARNET = "carnet", _("the counterfoil of the carnet")
    TRANSMISSION = "transmission", _("what customs recorded")


class RequestStatus(models.TextChoices):
    OPEN = "open", _("waiting for customs")
    CONFIRMED = "confirmed", _("confirmed: the record stands")
    CORRECTED = "corrected", _("corrected: the record was stamped anew")
    NOT_FOUND = "not_found", _("not found: no trace of the termination")
    SETTLED = "settled", _("settled by what customs recorded meanwhile")


class RequestVerb(models.TextChoices):
    """What is done about a reconciliation request; each is a row of its history."""

    OPEN = "open", _("asked")
    REMIND = "remind", _("reminded")
    FORWARD = "forward", _("forwarded to an office")
    CONFIRM = "confirm", _("confirmed")
    CORRECT = "correct", _("corrected")
    NOT_FOUND = "not_found", _("not found")
    SETTLE = "settle", _("settled")


class RunStatus(models.TextChoices):
    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


VOUCHER_COUNTS = (4, 6, 14, 20)
MOST_DEPARTURE_AND_DESTINATION_OFFICES = 8  # art. 18 as amended, since 25 June 2022
