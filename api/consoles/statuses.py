"""Statuses in field terms as a word, a shape and a tone: go, look, stop, unknown, or brand: under way."""

from collections.abc import Mapping
from typing import Final

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

TONES: Final[Mapping[str, str]] = {
    CarnetStatus.ISSUED: "unknown",
    CarnetStatus.ACCEPTED: "brand",
    CarnetStatus.IN_TRANSIT: "brand",
    CarnetStatus.SUSPENDED: "look",
    CarnetStatus.PARTIALLY_TERMINATED: "brand",
    CarnetStatus.TERMINATED: "brand",
    CarnetStatus.DISCHARGED: "go",
    CarnetStatus.RETURNED: "go",
    CarnetStatus.INVALIDATED: "stop",
    CarnetStatus.LOST: "stop",
    CarnetStatus.STOLEN: "stop",
    CarnetStatus.EXPIRED: "unknown",
    OperationStatus.EXPECTED: "unknown",
    OperationStatus.UNUSED: "unknown",
    CarnetStatus.CLOSED: "go",
    OperationStatus.STARTED: "brand",
    IrregularityStatus.OPEN: "look",
    IrregularityStatus.CURED: "go",
    IrregularityStatus.RESOLVED: "go",
    ClaimStatus.OPENED: "look",
    ClaimStatus.NOTIFIED: "look",
    ClaimStatus.CLAIMED: "stop",
    ClaimStatus.CONTESTED: "brand",
    ClaimStatus.PAID: "go",
    ClaimStatus.REIMBURSED: "go",
    ClaimStatus.WITHDRAWN: "unknown",
    RequestStatus.CONFIRMED: "go",
    RequestStatus.CORRECTED: "go",
    RequestStatus.NOT_FOUND: "stop",
    RequestStatus.SETTLED: "go",
    Reason.MISSING: "stop",
    Reason.DISCREPANCY: "look",
    HolderStatus.AUTHORISED: "go",
    HolderStatus.WITHDRAWN: "stop",
    HolderStatus.ENDED: "unknown",
    Severity.INFO: "unknown",
    Severity.FLAG: "look",
    Severity.HIGH: "stop",
    Severity.BLOCK: "stop",
}


def badge(label: "str | Promise", tone: str = "unknown") -> SafeString:
    """Return a word with the shape and colour of its tone."""
    return format_html('<span class="status status-{}">{}</span>', tone, label)


def status_badge(value: str, label: "str | Promise") -> SafeString:
    return badge(label, TONES.get(value, "unknown"))
