"""The three ways to look at liability, what its figures are broken down by, and how far a claim has come."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Side(models.TextChoices):
    """Where an association stands. An operation is on two sides at once: under way for the issuer of its carnet, and
    on the territory of its guarantor. Both read the same period, so they cannot disagree about it."""

    ISSUED = "issued", _("issuer: carnets reserved")
    UNDER_WAY = "under_way", _("issuer: operations under way")
    TERRITORY = "territory", _("guarantor: operations on own territory")


class Dimension(models.TextChoices):
    """What a figure can be broken down by. The rows of each add up to the side's total."""

    TOTAL = "total", _("all")
    HOLDER = "holder", _("holder")
    GUARANTEE = "guarantee", _("guarantee")
    ISSUER = "issuer", _("issuing association")
    COUNTRY = "country", _("territory")
    CORRIDOR = "corridor", _("corridor")
    SINCE = "since", _("day of acceptance, entry or issue")


class Stage(models.TextChoices):
    """How far art. 11 has come for an operation that is not discharged."""

    CONTINGENT = "contingent", _("contingent: no notification of non-discharge")
    NOTIFIED = "notified", _("notified of non-discharge")
    CLAIMED = "claimed", _("payment claimed")
    PAID = "paid", _("paid")
    REIMBURSED = "reimbursed", _("reimbursed")
