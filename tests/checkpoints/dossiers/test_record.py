"""What the carnet's own record shows in a dossier: to who sees it whole, and to who sees one territory's operation."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from carnets.annex10.returns import record_return
from carnets.models import Carnet
from checkpoints.dossiers import record
from checkpoints.dossiers.facts import operation_with_carnet
from checkpoints.dossiers.record import DossierView, Facts, canonical, returned
from checkpoints.models import Stamp
from checkpoints.posts.offices import register
from checkpoints.recording.proofs import ProofRequest, accept_proof, offer_proof
from tests.world import HOUR, START, World, reconcile

DAY = timedelta(days=1)
WHOLE, PART = DossierView(sees_whole=True), DossierView(sees_whole=False)


def shown(carnet: Carnet, view: DossierView, page: int = 3) -> Facts:
    """Return what is shown of the operation of a page; without one, that of the Eurasian union."""
    return record.of(operation_with_carnet(carnet.number, page), view)


def both(carnet: Carnet, name: str, of: Callable[[Facts], Any]) -> tuple[list[Any], list[Any]]:
    """Return what the two readers see of one list."""
    whole, part = ([of(row) for row in shown(carnet, view)[name]] for view in (WHOLE, PART))
    return whole, part


class TestIrregularities:
    def test_are_those_of_all_operations_or_of_one(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet, but={4: None, 6: None})
        reconcile(START + 40 * DAY)

        whole, part = both(carnet, "irregularities", lambda row: (row["code"], row["page"], row["territory"]))

        assert whole == [("missing_stamp", 4, "EAEU"), ("missing_stamp", 6, "UZ")]
        assert part == [("missing_stamp", 4, "EAEU")]


class TestReports:
    def test_are_those_of_all_offices_or_of_one_territorys(self, world: World, carnet: Carnet) -> None:
        world.report(carnet, "UZYAL001", START + 3 * DAY)

        whole, part = both(carnet, "reports", lambda row: (row["office"], row["occurred_at"]))

        assert whole == [("KZHOR001", START + 2 * DAY), ("UZYAL001", START + 3 * DAY)]
        assert part == [("KZHOR001", START + 2 * DAY)]


class TestControls:
    def test_are_those_of_all_offices_or_of_one_territorys(self, world: World, carnet: Carnet) -> None:
        world.control(carnet, "UZGIS001", START + 4 * DAY)
        world.control(carnet, "KZALA001", START + 3 * DAY, seals_affixed=("C-1",))

        whole, part = both(carnet, "controls", lambda row: (row["office"], row["seals_affixed"]))

        assert whole == [("KZALA001", ["C-1"]), ("UZGIS001", [])]
        assert part == [("KZALA001", ["C-1"])]

    def test_say_what_was_looked_at_and_what_was_found(self, world: World, carnet: Carnet) -> None:
        world.control(carnet, "KZALA001", START + 3 * DAY, kind="weighing", text="8200 kg")

        [row] = shown(carnet, PART)["controls"]

        assert (row["said"], row["text"]) == ("weighing: satisfactory", "8200 kg")


class TestProofs:
    def test_say_who_accepted_them_once_one_did(self, world: World, carnet: Carnet) -> None:
        request = ProofRequest(
            uuid4(), carnet.number, 4, "consumption_document", "Customs of KZ", date(2026, 3, 4)
        )
        offer_proof(request=request, by=world.staff["CN"], at=START + 20 * DAY)
        [before] = shown(carnet, WHOLE)["proofs"]
        assert (before["accepted_at"], before["accepted_by"]) == (None, None)

        accept_proof(
            proof_id=request.id, office=register().by_code["KZQZQ001"], by=world.officers["KZQZQ001"],
            at=START + 21 * DAY,
        )  # fmt: skip

        [after] = shown(carnet, WHOLE)["proofs"]
        assert (after["accepted_at"], after["accepted_by"]) == (START + 21 * DAY, "KZQZQ001")

    def test_are_those_of_all_pages_or_of_the_operations(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet, but={4: None, 6: None})
        for hours, (page, issuer) in enumerate(((4, "Customs of KZ"), (6, "Customs of UZ"))):
            request = ProofRequest(
                uuid4(), carnet.number, page, "consumption_document", issuer, date(2026, 3, 4)
            )
            offer_proof(request=request, by=world.staff["CN"], at=START + 20 * DAY + hours * HOUR)

        whole, part = both(carnet, "proofs", lambda row: (row["page"], row["issuer"]))

        assert whole == [(4, "Customs of KZ"), (6, "Customs of UZ")]
        assert part == [(4, "Customs of KZ")]


class TestStamps:
    def test_of_other_operations_are_hashes_alone_to_who_sees_one(self, carnet: Carnet) -> None:
        whole, part = both(carnet, "stamps", lambda row: row.get("page"))

        assert whole == [1, 2, 3, 5, 6, 7, 8]
        assert part == [None, None, 3, None, None, None, None]
        first = Stamp.objects.get(carnet=carnet, page=1)
        assert shown(carnet, PART)["stamps"][0] == {
            "sequence": first.sequence, "previous_hash": first.previous_hash, "hash": first.hash, "withheld": True,
        }  # fmt: skip

    def test_keep_their_chain_whole_for_both(self, carnet: Carnet) -> None:
        whole, part = both(carnet, "stamps", lambda row: (bytes(row["previous_hash"]), bytes(row["hash"])))

        assert whole == part
        assert [row[0] for row in part[1:]] == [row[1] for row in part[:-1]]


class TestReturn:
    def test_is_none_while_the_carnet_is_out(self, carnet: Carnet) -> None:
        assert returned(operation_with_carnet(carnet.number, 3)) is None

    @pytest.mark.parametrize(
        ("page", "kept", "differences"),
        [
            (3, [4], [{"page": 4, "reason": "missing"}]),  # nobody certified the exit
            (5, [6], [{"page": 6, "reason": "discrepancy", "fields": ["packages"]}]),
            (7, [], []),
        ],
    )
    def test_shows_the_counterfoils_of_the_operation_alone(
        self, world: World, carnet: Carnet, page: int, kept: list[int], differences: list[Facts]
    ) -> None:
        counterfoils: list[Facts] = [
            {"page": 4, "office": "KZQZQ001", "packages": 420},
            {"page": 6, "office": "UZSYA001", "packages": 400},
        ]
        record_return(
            number=carnet.number, counterfoils=counterfoils, reason="", by=world.staff["CN"],
            at=START + 50 * DAY,
        )  # fmt: skip

        found = returned(operation_with_carnet(carnet.number, page))

        assert found is not None
        assert [row["page"] for row in found["counterfoils"]] == kept
        assert found["differences"] == differences
        assert (found["returned_at"], found["returned_on"]) == (START + 50 * DAY, date(2026, 4, 21))


class TestCanonicalForm:
    def test_is_one_for_every_order_of_the_names(self) -> None:
        assert canonical({"b": 1, "a": [None, True]}) == b'{"a":[null,true],"b":1}'
        assert canonical({"a": [None, True], "b": 1}) == b'{"a":[null,true],"b":1}'
        assert canonical({"a": [True, None], "b": 1}) == b'{"a":[true,null],"b":1}'

    @pytest.mark.parametrize(
        ("value", "written"),
        [
            (datetime(2026, 3, 2, 6, 0, tzinfo=UTC), "2026-03-02T06:00:00Z"),
            (datetime(2026, 3, 2, 11, 0, tzinfo=timezone(5 * HOUR)), "2026-03-02T06:00:00Z"),
            (date(2026, 3, 2), "2026-03-02"),
            (Decimal("8200.50"), "8200.50"),
            (b"\x01\xff", "01ff"),
            (memoryview(b"\x01\xff"), "01ff"),
            (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
            ("Хоргос 天山", "Хоргос 天山"),
        ],
    )
    def test_writes_a_value_as_text(self, value: Any, written: str) -> None:
        assert canonical({"a": value}) == f'{{"a":"{written}"}}'.encode()
