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
    CLOSED = "closed", _("closed: every liability has ended")
    RETURNED = "returned", _("returned to the association")
    INVALIDATED = "invalidated", _("invalidated")
    LOST = "lost", _("reported lost")
    STOLEN = "stolen", _("reported stolen")
    EXPIRED = "expired", _("expired unused")


class OperationStatus(models.TextChoices):
    EXPECTED = "expected", _("expected")
    STARTED = "started", _("started")
    TERMINATED = "terminated", _("terminated")
    DISCHARGED = "discharged", _("discharged")
    UNUSED = "unused", _("not used: the transport took another road or ended before")


class LiabilityStatus(models.TextChoices):
    """What the guarantor of an operation owes, apart from how far the transport is (art. 8, 11)."""

    NONE = "none", _("none yet")
    BORNE = "borne", _("borne from acceptance or entry")
    NOTIFIED = "notified", _("notified of non-discharge")
    CLAIMED = "claimed", _("payment claimed")
    ENDED = "ended", _("ended")


LIABILITY_BEFORE_END = [status.value for status in LiabilityStatus if status != LiabilityStatus.ENDED]


class StopAction(models.TextChoices):
    """What a lorry does at a customs office on its way."""

    LOAD = "load", _("loads")
    EXIT = "exit", _("leaves the territory")
    ENTRY = "entry", _("enters the territory")
    SUSPEND = "suspend", _("suspends the TIR transport (art. 26)")
    RESUME = "resume", _("resumes the TIR transport (art. 26)")
    UNLOAD = "unload", _("unloads")


class CarnetSource(models.TextChoices):
    """Where a carnet was issued: in this system, or elsewhere and told to it."""

    ISSUED = "issued", _("issued here")
    RECEIVED = "received", _("issued elsewhere and received")


class UnitKind(models.TextChoices):
    """What can carry goods, or pull what does."""

    TRACTOR = "tractor", _("tractor")
    TRAILER = "trailer", _("trailer or semi-trailer")
    RIGID = "rigid", _("rigid vehicle")
    CONTAINER = "container", _("container")


class Made(models.TextChoices):
    """How a stamp came to be on record."""

    ONLINE = "online", _("online")
    OFFLINE = "offline", _("offline, and sent later")
    HANDED_IN = "handed_in", _("handed in from a file")
    CORRECTED = "corrected", _("corrected in answer to a request")
    EXCHANGED = "exchanged", _("told by another administration")


class PackagesBasis(models.TextChoices):
    """How box 26 was certified: by counting, or as the manifest has it under intact seals."""

    COUNTED = "counted", _("counted")
    AS_MANIFEST = "as_manifest", _("as in the manifest, under intact seals")


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


MOST_DEPARTURE_AND_DESTINATION_OFFICES = 8  # art. 18 as amended, since 25 June 2022
