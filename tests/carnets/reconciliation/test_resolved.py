"""What customs resolved stays so while the facts are the same, and is raised again when they are others."""

from datetime import timedelta

import pytest

from carnets import irregularities
from carnets.models import Carnet
from tests.world import HOUR, START, World, reconcile

LATER = START + timedelta(days=5)


def status_of(carnet: Carnet) -> list[tuple[str, int]]:
    """Return each shortage on page 4 with what became of it, oldest first."""
    found = carnet.irregularities.filter(code="pkg_short", page=4).order_by("id")
    return [(row.status, row.facts["packages"]) for row in found]


def resolve(world: World, carnet: Carnet) -> None:
    found = carnet.irregularities.get(code="pkg_short", status="open")
    irregularities.resolve(irregularity_id=found.pk, reason="duty paid", by=world.staff["CN"], at=LATER)


def count_again(world: World, carnet: Carnet, packages: int, hours: int) -> None:
    """The office takes its stamp on page 4 back and makes it anew."""
    standing = carnet.operations.get(sequence=2).termination_stamp
    now = LATER + hours * HOUR
    world.stamp(carnet, 4, now, cancels=standing, cancel_reason="counted again")
    said = {"seals_intact": True, "packages": packages}
    world.stamp(carnet, 4, START + 41 * HOUR, now=now, is_offline=True, **said)


@pytest.mark.django_db
def test_an_irregularity_that_was_resolved_is_raised_again_with_other_facts_alone(world: World) -> None:
    carnet = world.issue()
    world.travel(carnet, upto=4, but={4: {"packages": 400}})
    reconcile(LATER)
    resolve(world, carnet)

    count_again(world, carnet, 400, 1)
    reconcile(LATER + 2 * HOUR)
    assert status_of(carnet) == [("resolved", 400)]

    for hours, packages in ((3, 390), (5, 380)):
        count_again(world, carnet, packages, hours)
        reconcile(LATER + (hours + 1) * HOUR)
        assert status_of(carnet)[-1] == ("open", packages)
        resolve(world, carnet)

    assert status_of(carnet) == [("resolved", 400), ("resolved", 390), ("resolved", 380)]
