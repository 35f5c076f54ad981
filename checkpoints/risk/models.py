"""What a carnet is weighed by beside the rules; it decides nothing."""

from django.db import models

from tir.kernel.dated import Dated


class RiskProfile(Dated):
    """Points an indicator adds or takes, and where the lanes begin: dated, so that a past score can be explained."""

    name = models.CharField(max_length=60)
    points = models.JSONField()
    yellow_from = models.PositiveSmallIntegerField(default=31)
    red_from = models.PositiveSmallIntegerField(default=71)
    random_percent = models.PositiveSmallIntegerField(default=3)

    def __str__(self) -> str:
        return self.name
