"""Reports, controls, refusals and accepted proofs as evidence, read from their rows."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from carnets.projection.evidence import OfficeControl, Report
from checkpoints.evidence.events import events
from checkpoints.posts.offices import register
from checkpoints.recording.proofs import ProofRequest, accept_proof, offer_proof
from tests.world import HOUR, SEALS, START, World

NOON = START + 12 * HOUR


class TestEvents:
    def test_are_nothing_where_nothing_happened(self, world: World) -> None:
        found = events([world.issue().pk])

        assert [
            (each.happened, each.refused_pages, each.disputed_pages, each.proofs) for each in found.values()
        ] == [([], frozenset(), frozenset(), [])]

    def test_hold_each_kind_and_of_each_carnet_its_own(self, world: World) -> None:
        one, other = world.issue(), world.issue()
        world.travel(one, upto=2)
        world.report(one, "KZHOR001", NOON, seals_broken=SEALS, seals_affixed=["K-1"], vehicles=["99ZZ999"])
        world.control(
            one, "KZHOR001", NOON + HOUR, seals_found=SEALS, result="discrepancy", against=1, mass_kg=8000
        )
        world.refuse(other, 3, NOON)

        found = events([one.pk, other.pk])
        report, control = sorted(found[one.pk].happened, key=lambda event: event.at)

        assert isinstance(report, Report)
        assert (report.office, report.seals_removed, report.seals_affixed, report.vehicles) == (
            "KZHOR001", SEALS, ("K-1",), ("99ZZ999",),
        )  # fmt: skip
        assert isinstance(control, OfficeControl)
        assert (control.seals_found, control.mass_kg, control.is_satisfactory) == (SEALS, 8000, False)
        assert (found[one.pk].disputed_pages, found[one.pk].refused_pages) == (frozenset({1}), frozenset())
        assert (found[other.pk].happened, found[other.pk].refused_pages) == ([], frozenset({3}))

    @pytest.mark.parametrize(("drawn", "entered"), [(2, 50), (50, 2)])
    def test_date_a_report_when_the_damage_was_first_put_on_paper(
        self, world: World, drawn: int, entered: int
    ) -> None:
        carnet = world.issue()
        world.report(carnet, "KZHOR001", START + entered * HOUR, drawn_at=START + drawn * HOUR)

        assert events([carnet.pk])[carnet.pk].happened[0].at == START + 2 * HOUR

    def test_hold_a_proof_only_once_it_is_accepted_and_dated_as_the_paper(self, world: World) -> None:
        carnet, office = world.issue(), register().by_code["KZALA001"]
        proof = offer_proof(
            request=ProofRequest(uuid4(), carnet.number, 4, "counterfoil_2", "KZQZQ001", date(2026, 3, 4), 420, SEALS),
            by=world.staff["CN"], at=START + timedelta(days=9),
        ).proof  # fmt: skip
        assert events([carnet.pk])[carnet.pk].proofs == []

        accept_proof(
            proof_id=proof.pk, office=office, by=world.officers["KZALA001"], at=START + timedelta(days=9)
        )
        said = events([carnet.pk])[carnet.pk].proofs[0]

        assert (said.page, said.day, said.packages, said.seals_found) == (4, date(2026, 3, 4), 420, SEALS)
        assert said.is_proof
