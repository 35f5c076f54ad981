"""What customs asked about a guarantee, what the system answered, and the association's own word beside it."""

from django.conf import settings
from django.db import models

from tir.kernel.models import AppendOnly


class GuaranteeQuery(AppendOnly):
    """Customs asked whether a guarantee is good for a carnet (Annex 11 art. 10), and what the system answered.

    A number nobody issued is kept as it was asked, without a carnet.
    """

    logged_as = "guarantee_query"

    carnet_number = models.CharField(max_length=11)
    carnet = models.ForeignKey("carnets.Carnet", models.PROTECT, null=True, related_name="guarantee_queries")
    page = models.PositiveSmallIntegerField(null=True)
    country = models.CharField(max_length=2)
    office = models.CharField(max_length=8, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    is_good = models.BooleanField()
    reasons = models.JSONField()  # of the broken rules: code, article, facts

    def __str__(self) -> str:
        return f"{self.carnet_number} asked by {self.country}"


class GuaranteeConfirmation(AppendOnly):
    """The association's own word on a query, given by hand; a later one goes before an earlier one."""

    logged_as = "guarantee_confirmation"

    query = models.ForeignKey(GuaranteeQuery, models.PROTECT, related_name="confirmations")
    is_good = models.BooleanField()
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(AppendOnly.Meta):
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"confirmation of {self.query_id}"
