"""A plan as it is kept beside its carnet, and back."""

import json
from decimal import Decimal

from carnets.choices import UnitKind
from carnets.projection.packing import packed, unpacked
from carnets.projection.plan import PlannedConsignment, PlannedStop, Unit

STOPS = [
    ("CNURC001", "load", 1),
    ("CNHRS001", "exit", 1),
    ("KZHOR001", "entry", 2),
    ("KZALA001", "unload", 2),
]
CARGO = [PlannedConsignment(1, 4, 420, Decimal("8200.5"), frozenset({"AB1"})), PlannedConsignment(1, 4, None)]
UNITS = [Unit("AB1", UnitKind.TRAILER), Unit("CSQU3054383", UnitKind.CONTAINER)]


class TestPacked:
    def test_comes_back_as_it_was_through_json(self) -> None:
        plan = unpacked(json.loads(json.dumps(packed(STOPS, CARGO, UNITS))), vouchers=14)

        assert plan.consignments == tuple(CARGO)
        assert plan.units == tuple(UNITS)
        assert plan.vouchers == 14

    def test_has_a_leg_for_each_pair_of_vouchers(self) -> None:
        plan = unpacked(packed(STOPS, CARGO, UNITS))

        assert [(leg.start.office, leg.end.office, leg.territory_id) for leg in plan.legs] == [
            ("CNURC001", "CNHRS001", 1), ("KZHOR001", "KZALA001", 2),
        ]  # fmt: skip
        assert plan.legs[1].start == PlannedStop(3, "KZHOR001", "entry")
