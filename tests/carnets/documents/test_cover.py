"""What stands in which box of the cover: each value is read from the place of its box."""

from dataclasses import replace

import pytest

from carnets.documents.fonts import Fonts
from tests.carnets.documents.boxes import Paper
from tests.carnets.documents.samples import sample_sheet


class TestCover:
    @pytest.mark.parametrize(
        ("box", "ends"),
        [
            (1, "30/11/2026"),
            (6, "departure CHN"),
            (7, "destination KAZ, UZB"),
            (8, "01 A 123 BC (UZB) 01 4567 AA (UZB)"),
        ],
    )
    def test_says(self, paper: Paper, box: int, ends: str) -> None:
        assert paper.cover(box).endswith(ends)

    def test_names_the_end_of_a_certificate_of_approval_as_what_it_is(self, paper: Paper) -> None:
        assert "01 A 123 BC: 1543-5645-343/2025, valid until 31/03/2028" in paper.cover(9)

    def test_leaves_out_vehicles_without_a_certificate(self, fonts: Fonts) -> None:
        sheet = sample_sheet(vouchers=4, itinerary=())
        tractor = replace(sheet.vehicles[0], approval_certificate="", approval_expires=None)

        box = Paper(replace(sheet, vehicles=(tractor, sheet.vehicles[1])), fonts).cover(9)

        assert "01 4567 AA: 1543-5645-344/2025" in box
        assert "01 A 123 BC" not in box
