"""Cargo of a carnet: each consignment is loaded at one stop and unloaded at another; goods hang on consignments."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q

from carnets.choices import UnitKind
from tir.kernel.spelling import common_form


class Consignment(models.Model):
    """Goods from one consignor to one consignee, loaded at one stop and unloaded at another (by position)."""

    carnet = models.ForeignKey("carnets.Carnet", models.PROTECT, related_name="consignments")
    position = models.PositiveSmallIntegerField()
    reference = models.CharField(max_length=35, blank=True)
    load = models.PositiveSmallIntegerField()
    unload = models.PositiveSmallIntegerField()
    consignor_name = models.CharField(max_length=70, blank=True)
    consignor_address = models.CharField(max_length=300, blank=True)
    consignor_country = models.CharField(max_length=2, blank=True)
    consignee_name = models.CharField(max_length=70, blank=True)
    consignee_address = models.CharField(max_length=300, blank=True)
    consignee_country = models.CharField(max_length=2, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="consignment_position_once", fields=["carnet", "position"]),
            models.CheckConstraint(name="consignment_travels", condition=Q(load__lt=models.F("unload"))),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.reference or self.consignor_name}"


class Vehicle(models.Model):
    """A tractor, trailer or rigid vehicle on the carnet, with its certificate of approval where the law asks (Annex 3).

    `common` is the plate in the form that is compared and searched.
    """

    carnet = models.ForeignKey("carnets.Carnet", models.PROTECT, related_name="vehicles")
    kind = models.CharField(max_length=9, choices=UnitKind.choices, default=UnitKind.RIGID)
    registration = models.CharField(max_length=35)
    common = models.CharField(max_length=35)
    country = models.CharField(max_length=2)
    approval_certificate = models.CharField(max_length=40, blank=True)
    approval_expires = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(OpClass("common", name="text_pattern_ops"), name="vehicle_by_plate")]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.common = self.common or common_form(self.registration)

    def __str__(self) -> str:
        return self.registration


class Container(models.Model):
    """A container on the carnet; its number carries the ISO 6346 check digit."""

    carnet = models.ForeignKey("carnets.Carnet", models.PROTECT, related_name="containers")
    number = models.CharField(max_length=11)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="container_number_form", condition=Q(number__regex=r"^[A-Z]{3}[UJZ][0-9]{7}$")
            )
        ]

    def __str__(self) -> str:
        return self.number


class GoodsItem(models.Model):
    """One line of the goods manifest. `packages` is null for bulk, 0 for goods packed with another line."""

    carnet = models.ForeignKey("carnets.Carnet", models.PROTECT, related_name="goods")
    consignment = models.ForeignKey(Consignment, models.PROTECT, related_name="goods")
    position = models.PositiveSmallIntegerField()
    description = models.CharField(max_length=512)
    hs_code = models.CharField(max_length=13, blank=True)
    packages = models.PositiveIntegerField(null=True)
    package_kind = models.CharField(max_length=2)
    gross_mass_kg = models.DecimalField(max_digits=16, decimal_places=6)
    net_mass_kg = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    marks = models.CharField(max_length=512, blank=True)
    un_numbers = ArrayField(models.CharField(max_length=4), default=list)
    equipment = models.CharField(max_length=35, blank=True)  # the container or plate that it travels in

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="goods_position_once", fields=["carnet", "position"]),
            models.CheckConstraint(
                name="goods_hs_code_form", condition=Q(hs_code__regex=r"^([0-9]{6,13})?$")
            ),
            models.CheckConstraint(name="goods_weigh_something", condition=Q(gross_mass_kg__gt=0)),
            models.CheckConstraint(
                name="goods_net_within_gross",
                condition=Q(net_mass_kg__isnull=True) | Q(net_mass_kg__lte=models.F("gross_mass_kg")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.description}"


class ConsignmentDocument(models.Model):
    """A paper that travels with a consignment: invoice, packing list, consignment note (box 8)."""

    consignment = models.ForeignKey(Consignment, models.PROTECT, related_name="documents")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10)
    number = models.CharField(max_length=70)
    date = models.DateField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="document_position_once", fields=["consignment", "position"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
