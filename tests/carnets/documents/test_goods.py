"""The table of goods, by unit, on the manifest and on the vouchers."""

from dataclasses import replace

from carnets.documents.fonts import Fonts
from tests.carnets.documents.boxes import MANIFEST, Paper
from tests.carnets.documents.samples import GOODS, sample_sheet


class TestUnits:
    def test_are_listed_separately(self, fonts: Fonts) -> None:
        goods = (
            replace(GOODS[0], description="Copper", unit="CSQU3054383"),
            replace(GOODS[0], description="Loose parts", unit=""),
            replace(GOODS[0], description="Zinc", unit="TEXU3070079"),
            replace(GOODS[0], description="Lead", unit="CSQU3054383"),
            replace(GOODS[0], description="Pipes", unit="01 4567 AA"),
        )
        sheet = sample_sheet(goods=goods, containers=("CSQU3054383", "TEXU3070079"))

        manifest = Paper(sheet, fonts).document[MANIFEST].get_textpage().get_text_bounded()

        shown = (
            "(a) container: CSQU3054383", "Copper", "Lead",
            "(a) container: TEXU3070079", "Zinc",
            "(a) road vehicle: 01 4567 AA", "Pipes",
            "(a) load compartment", "Loose parts",
        )  # fmt: skip
        at = sorted(shown, key=manifest.rindex)  # the first "(a) load compartment" is box 9's own title
        assert [name for name in at if name.startswith("(a)")] == [
            name for name in shown if name.startswith("(a)")
        ]
        assert all(name in manifest for name in shown)

    def test_are_named_again_on_every_sheet_and_never_alone_at_its_foot(self, fonts: Fonts) -> None:
        goods = tuple(
            replace(GOODS[0], marks=f"M-{n:03}", unit="CSQU3054383" if n < 140 else "TEXU3070079")
            for n in range(300)
        )
        sheet = sample_sheet(goods=goods, containers=("CSQU3054383", "TEXU3070079"))

        document = Paper(sheet, fonts).document
        sheets = [page.get_textpage().get_text_bounded() for page in document]
        sheets = [text for text in sheets if "GOODS MANIFEST" in text]

        assert len(sheets) > 5
        for text in sheets:
            assert text.index("(a) container") < text.index("(b) M-")
            assert text.rindex("(a) container") < text.rindex("(b) M-")
        assert sum(text.count("(b) M-") for text in sheets) == 300

    def test_of_bulk_have_a_kind_and_no_number(self, fonts: Fonts) -> None:
        wheat = replace(GOODS[0], description="Wheat", packages=None, package_kind="VR")
        made = Paper(sample_sheet(goods=(wheat,)), fonts)

        assert "1. VR (in bulk); Wheat" in made.voucher(1, 10)
        assert made.voucher(1, 12).endswith("— (4 410.5 kg) 1. TJ10100 Dushanbe / Душанбе: —")
