"""The statuses and kinds of the guarantee side, in the field's terms."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class HolderStatus(models.TextChoices):
    """Annex 9 Part II, as the international data bank names them."""

    AUTHORISED = "authorised", _("authorised")
    SUSPENDED = "suspended", _("suspended")
    WITHDRAWN = "withdrawn", _("authorisation withdrawn")
    ENDED = "ended", _("end of activity")


class HolderVerb(models.TextChoices):
    """What is done about a holder; each is a row of the holder's history."""

    AUTHORISE = "authorise", _("authorised")
    SUSPEND = "suspend", _("suspended")
    RESUME = "resume", _("suspension lifted")
    WITHDRAW = "withdraw", _("authorisation withdrawn")
    END = "end", _("activity ended")
    SET_QUOTA = "set_quota", _("carnet quota set")
    EXCLUDE = "exclude", _("excluded from a country")
    LIFT = "lift", _("exclusion lifted")


class EntryKind(models.TextChoices):
    """How liability moved. Reserved and released are the issuer's; borne and relieved the territory guarantor's.

    A reimbursement moves no liability: its entry is of nothing, and says that the sum paid went back.
    """

    RESERVED = "reserved", _("reserved at issue")
    RELEASED = "released", _("released")
    BORNE = "borne", _("liability borne from acceptance or entry")
    RELIEVED = "relieved", _("relieved of liability")
    REIMBURSED = "reimbursed", _("what was paid went back")


class Cause(StrEnum):
    """Why liability moved: the last column of a ledger entry."""

    ISSUED = "issued"
    INVALIDATED = "invalidated"
    EXPIRED = "expired"
    STARTED = "started"
    START_WITHDRAWN = "start_withdrawn"
    DISCHARGED = "discharged"
    REOPENED = "reopened"  # a discharge was taken back
    MOVED = "moved"  # the irregularity was established in another country of the union (art. 8(1), 37)
    LAPSE_NOTICE = "lapse_notice"
    LAPSE_CLAIM = "lapse_claim"
    PAID = "paid"
    WITHDRAWN = "withdrawn"
    REIMBURSED = "reimbursed"
    REVIVED = "revived"  # fraud was notified in time, after liability had ended


class LiabilityEnding(models.TextChoices):
    """What ended an association's liability for one operation (art. 10, 11)."""

    DISCHARGE = "discharge", _("discharged")
    LAPSE_NOTICE = "lapse_notice", _("no notification within its time")
    LAPSE_CLAIM = "lapse_claim", _("no claim within its time")
    PAID = "paid", _("paid")
    WITHDRAWN = "withdrawn", _("claim withdrawn")


class ClaimStatus(models.TextChoices):
    """Article 11, step by step."""

    OPENED = "opened", _("non-discharge established")
    NOTIFIED = "notified", _("association notified of non-discharge")
    CLAIMED = "claimed", _("payment claimed")
    CONTESTED = "contested", _("claim contested")
    PAID = "paid", _("paid")
    REIMBURSED = "reimbursed", _("reimbursed")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Clock(models.TextChoices):
    """Every period the law or a territory sets; the durations are rows of `ClockRule`."""

    OVERDUE_TO_ENQUIRY = "overdue_to_enquiry", _("from the passed time limit to the enquiry")
    ENQUIRY_TO_HOLDER = "enquiry_to_holder", _("from the enquiry to the request to the holder")
    PRE_NOTIFICATION = "pre_notification", _("from acceptance to the pre-notification review")
    NOTIFICATION = "notification", _("from acceptance to the last day for notification")
    NOTIFICATION_FRAUD = "notification_fraud", _("from acceptance to the last day for notification, fraud")
    CLAIM_EARLIEST = "claim_earliest", _("from notification to the first day for a claim")
    CLAIM_LATEST = "claim_latest", _("from notification to the last day for a claim")
    CLAIM_AFTER_DECISION = (
        "claim_after_decision",
        _("from an enforceable decision to the last day for a claim"),
    )
    PAYMENT = "payment", _("from the claim to the last day for payment")
    REIMBURSEMENT = "reimbursement", _("from the claim to the last day for reimbursement")
    SUSPENSION = "suspension", _("longest suspension of a TIR transport")
    ACCEPTANCE = "acceptance", _("from the issue to the latest last day for acceptance")
    EXPIRY = "expiry", _("from the last day for acceptance to the expiry of an unused carnet")
    LONGEST_OFFLINE = (
        "longest_offline",
        _("longest time from a stamp to its arrival without a person looking at it"),
    )
    LONGEST_TIME_LIMIT = "longest_time_limit", _("longest time limit that an office may set")
    QUIET_TIME = "quiet_time", _("from an exit to its discharge while the next entry is not on record")
    HAND_IN = "hand_in", _("from the end of a posting to the last day for handing in what was stamped in it")
    EXCLUSION_NOTICE = "exclusion_notice", _("from an exclusion to the last day for notifying it")
    RECONCILIATION_REMINDER = (
        "reconciliation_reminder",
        _("from a reconciliation request to the reminder, and from one reminder to the next"),
    )


class DocumentKind(models.TextChoices):
    """What a paper in a claim is evidence of."""

    NOTICE_ASSOCIATION = "notice", _("notification to the association")
    NOTICE_HOLDER = "notice_holder", _("notification to the holder")
    DEMAND_DEBTOR = "demand_debtor", _("payment required of the debtor")
    DEMAND = "demand", _("claim for payment")
    DECISION = "decision", _("decision of a court or an authority")
    TERMINATION = "termination", _("proof of termination")
    CONTEST = "contest", _("grounds of the contest")
    PAYMENT = "payment", _("proof of payment")
    OTHER = "other", _("other")


class NoticeKind(models.TextChoices):
    """Why somebody is told."""

    DEADLINE = "deadline", _("a deadline nears")
    CEILING = "ceiling", _("a ceiling fills")
    CLAIM = "claim", _("a claim moved")
    EXCLUSION = "exclusion", _("a holder was excluded")
    ROUTE = "route", _("a transport left its plan")
