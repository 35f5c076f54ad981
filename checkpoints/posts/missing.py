"""What a country still lacks before a carnet can be issued and stamped there: the steps of setting up, in order."""

from typing import Any

from django.db.models import QuerySet

from carnets.models import NumberRange
from checkpoints.models import BorderCrossing, CustomsOffice, Posting, Stamp
from guarantees.models import (
    Association,
    ClockRule,
    CustomsTerritory,
    Guarantee,
    Holder,
    LiabilityMaximum,
    Membership,
    TerritoryMember,
)
from tir.accounts.models import Role, User
from tir.approvals.models import Approval, ApprovalStatus
from tir.kernel.values import value
from tir.signin import inviting

OFFICES_WANTED = 2  # a carnet is opened at one and closed at another


@value
class SetUpStep:
    """One step: how many there are of what it asks for, how many there must be, and how many wait: proposals for a
    second person, people for their own password."""

    name: str
    found: int
    wanted: int = 1
    waiting: int = 0

    @property
    def is_done(self) -> bool:
        return self.found >= self.wanted


def missing(country: str = "") -> list[SetUpStep]:
    """Return every step with what is there, in a country or, without one, anywhere."""
    return [
        _of_people("headquarters", _headquarters(country), of=""),
        SetUpStep("territories", CustomsTerritory.objects.count()),
        SetUpStep("members", _in(country, TerritoryMember.objects.all(), "country")),
        SetUpStep("associations", _in(country, Association.objects.all(), "country")),
        SetUpStep(
            "maxima",
            _in(country, LiabilityMaximum.objects.all(), "association__country"),
            waiting=_waiting(country, "liability_maximum"),
        ),
        SetUpStep("offices", _in(country, CustomsOffice.objects.all(), "country"), OFFICES_WANTED),
        SetUpStep("crossings", _crossings(country)),
        SetUpStep(
            "guarantees",
            _in(country, Guarantee.objects.all(), "association__country"),
            waiting=_waiting(country, "guarantee"),
        ),
        SetUpStep("number-ranges", _in(country, NumberRange.objects.all(), "association__country")),
        SetUpStep("clocks", ClockRule.objects.count()),
        _of_people("people", _within(country, Posting.objects.all(), "office__country")),
        _of_people("staff", _within(country, Membership.objects.all(), "association__country")),
        SetUpStep("holders", _in(country, Holder.objects.all(), "association__country")),
    ]


def is_at_work(country: str = "") -> bool:
    """Whether a stamp was put on record in the country, or anywhere: who works there is not sent back to set up."""
    rows = Stamp.objects.filter(office__country=country) if country else Stamp.objects.all()
    return rows.exists()


def _waiting(country: str, kind: str) -> int:
    return _in(country, Approval.objects.filter(kind=kind, status=ApprovalStatus.OPEN), "country")


def _in(country: str, rows: "QuerySet[Any]", column: str) -> int:
    return _within(country, rows, column).count()


def _within(country: str, rows: "QuerySet[Any]", column: str) -> "QuerySet[Any]":
    return rows.filter(**{column: country}) if country else rows


def _headquarters(country: str) -> "QuerySet[Any]":
    return _within(country, User.objects.filter(roles__contains=[Role.CUSTOMS_HQ]), "country")


def _of_people(name: str, rows: "QuerySet[Any]", *, of: str = "user__") -> SetUpStep:
    """Return a step of people, each once; who has an invitation that is neither used nor revoked, waits. Programs never
    accept any, and are not the people that a country needs."""
    people = rows.filter(**{f"{of}service_account": None})
    invited = inviting.open_invitations().values("user")
    return SetUpStep(
        name,
        _persons(people.filter(**{f"{of}is_active": True}), of),
        waiting=_persons(people.filter(**{f"{of}is_active": False, f"{of or 'pk__'}in": invited}), of),
    )


def _persons(rows: "QuerySet[Any]", of: str) -> int:
    return rows.values(of.removesuffix("__") or "pk").distinct().count()


def _crossings(country: str) -> int:
    rows = BorderCrossing.objects.all()
    if not country:
        return rows.count()
    return (rows.filter(office_a__country=country) | rows.filter(office_b__country=country)).count()
