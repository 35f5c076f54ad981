"""Statuses in field terms as a word, a shape and a tone: go, look, stop, unknown, or brand: under way."""

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

from carnets.choices import (
    CarnetStatus,
    IrregularityStatus,
    OperationStatus,
    Reason,
    RequestStatus,
    Severity,
)
from guarantees.choices import ClaimStatus, HolderStatus

TONES: Final[Mapping[type[TextChoices], Mapping[TextChoices, str]]] = {
    CarnetStatus: {
        CarnetStatus.ISSUED: "unknown",
        CarnetStatus.ACCEPTED: "brand",
        CarnetStatus.IN_TRANSIT: "brand",
        CarnetStatus.SUSPENDED: "look",
        CarnetStatus.PARTIALLY_TERMINATED: "brand",
        CarnetStatus.TERMINATED: "brand",
        CarnetStatus.DISCHARGED: "go",
        CarnetStatus.CLOSED: "go",
        CarnetStatus.RETURNED: "go",
        CarnetStatus.INVALIDATED: "stop",
        CarnetStatus.LOST: "stop",
        CarnetStatus.STOLEN: "stop",
        CarnetStatus.EXPIRED: "unknown",
    },
    OperationStatus: {
        OperationStatus.EXPECTED: "unknown",
        OperationStatus.STARTED: "brand",
        OperationStatus.TERMINATED: "brand",
        OperationStatus.DISCHARGED: "go",
        OperationStatus.UNUSED: "unknown",
    },
    IrregularityStatus: {
        IrregularityStatus.OPEN: "look",
        IrregularityStatus.CURED: "go",
        IrregularityStatus.RESOLVED: "go",
    },
    ClaimStatus: {
        ClaimStatus.OPENED: "look",
        ClaimStatus.NOTIFIED: "look",
        ClaimStatus.CLAIMED: "stop",
        ClaimStatus.CONTESTED: "brand",
        ClaimStatus.PAID: "go",
        ClaimStatus.REIMBURSED: "go",
        ClaimStatus.WITHDRAWN: "unknown",
    },
    RequestStatus: {
        RequestStatus.OPEN: "look",
        RequestStatus.CONFIRMED: "go",
        RequestStatus.CORRECTED: "go",
        RequestStatus.NOT_FOUND: "stop",
        RequestStatus.SETTLED: "go",
    },
    Reason: {Reason.MISSING: "stop", Reason.DISCREPANCY: "look"},
    HolderStatus: {
        HolderStatus.AUTHORISED: "go",
        HolderStatus.SUSPENDED: "stop",
        HolderStatus.WITHDRAWN: "stop",
        HolderStatus.ENDED: "unknown",
    },
    Severity: {
        Severity.INFO: "unknown",
        Severity.FLAG: "look",
        Severity.HIGH: "stop",
        Severity.BLOCK: "stop",
    },
}
# One word may be a status of two things: which is meant, the column's own choices say.
KIND_OF: Final = {tuple(kind.values): kind for kind in TONES}


def badge(label: "str | Promise", tone: str = "unknown") -> SafeString:
    """Return a word with the shape and colour of its tone."""
    return format_html('<span class="status status-{}">{}</span>', tone, label)


def status_badge(record: Any, name: str) -> SafeString:
    """Return the word and the tone of one column of a row."""
    kind = KIND_OF[tuple(value for value, _label in record._meta.get_field(name).choices)]
    value = kind(getattr(record, name))
    return badge(value.label, TONES[kind][value])
