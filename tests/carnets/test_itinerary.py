"""Stops, and the pairs of vouchers that run between them: the short form and the long, by hand-made tables."""

import pytest

from carnets.itinerary import legs_of
from tests.evidence import Route, stops_of

CN, KZ = ("CNURC001", "CNHRS001"), ("KZHOR001", "KZALA001")


def told(route: Route) -> str:
    return " ".join(f"{stop.office.code}:{stop.does}" for stop in stops_of(route))


class TestStopsOfLegs:
    @pytest.mark.parametrize(
        ("route", "stops"),
        [
            ((CN, KZ), "CNURC001:load CNHRS001:exit KZHOR001:entry KZALA001:unload"),
            # An end that is the next start unloads, or loads where it says so: one office, one stop, two pages.
            ((CN, KZ, ("KZALA001", "KGBIS001")),
             "CNURC001:load CNHRS001:exit KZHOR001:entry KZALA001:unload KGBIS001:unload"),
            ((("CNURC001", "CNHRS001", "load"), ("CNHRS001", "CNHRS001"), KZ),
             "CNURC001:load CNHRS001:load CNHRS001:exit KZHOR001:entry KZALA001:unload"),
            # Suspended where it says so, at one office too, and where two offices of one territory do not meet.
            ((("CNURC001", "CNHRS001", "suspend"), ("KZHOR001", "KZALA001")),
             "CNURC001:load CNHRS001:suspend KZHOR001:resume KZALA001:unload"),
            ((("CNURC001", "CNHRS001", "suspend"), ("CNHRS001", "CNHRS001"), KZ),
             "CNURC001:load CNHRS001:suspend CNHRS001:resume CNHRS001:exit KZHOR001:entry KZALA001:unload"),
            ((CN, ("KZHOR001", "KZQZQ001"), ("KZALA001", "KGBIS001")),
             "CNURC001:load CNHRS001:exit KZHOR001:entry KZQZQ001:suspend KZALA001:resume KGBIS001:unload"),
        ],
    )  # fmt: skip
    def test_say_what_the_lorry_does(self, route: Route, stops: str) -> None:
        assert told(route) == stops


class TestLegsOf:
    @pytest.mark.parametrize(
        "route",
        [
            (CN, KZ),
            (CN, KZ, ("KZALA001", "KGBIS001")),
            (("CNURC001", "CNHRS001", "suspend"), ("KZHOR001", "KZALA001")),
            (("CNURC001", "CNHRS001", "load"), ("CNHRS001", "CNHRS001"), KZ),
        ],
    )
    def test_are_the_pairs_that_the_route_was_given_in(self, route: Route) -> None:
        """No voucher lies between an exit and an entry, nor between a suspension and its resumption."""
        legs = [(start.office.code, end.office.code) for start, end in legs_of(stops_of(route))]

        assert legs == [(leg[0], leg[1]) for leg in route]
