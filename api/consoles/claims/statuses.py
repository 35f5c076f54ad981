"""How a claim and its clocks are shown: a word and a tone for each."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guarantees.clocks import Answer

STANDINGS: "Final[Mapping[Answer, Promise]]" = {
    Answer.TOO_EARLY: _("premature"),
    Answer.OPEN: _("in time"),
    Answer.LAPSED: _("lapsed"),
}
STANDING_TONES: Final[Mapping[Answer, str]] = {
    Answer.TOO_EARLY: "look",
    Answer.OPEN: "go",
    Answer.LAPSED: "stop",
}
STEP_NAMES: "Final[Mapping[str, Promise]]" = {
    "notify": _("Notify the association"),
    "notify-holder": _("Notify the holder"),
    "proceedings": _("Record proceedings"),
    "demand": _("Claim payment"),
    "letter-notification": _("Record a notification by letter"),
    "letter-demand": _("Record a claim by letter"),
    "contest": _("Contest"),
    "pay": _("Record payment"),
    "reimburse": _("Record reimbursement"),
    "withdraw": _("Withdraw"),
    "document": _("Add a document"),
}
EVENT_NAMES: "Final[Mapping[str, Promise]]" = {
    "open": _("Non-discharge established"),
    "notify": _("Association notified"),
    "acknowledge": _("Day of receipt stated by the association"),
    "notify_holder": _("Holder notified"),
    "proceedings": _("Proceedings recorded"),
    "demand": _("Payment claimed"),
    "contest": _("Contested"),
    "pay": _("Paid"),
    "reimburse": _("Reimbursed"),
    "withdraw": _("Withdrawn"),
}
CLOCK_NAMES: "Final[Mapping[str, Promise]]" = {
    "notify": _("Notification"),
    "demand": _("Claim"),
    "pay": _("Payment"),
    "reimburse": _("Reimbursement"),
}
