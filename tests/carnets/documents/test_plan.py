"""The plan on its own sheet."""

from tests.carnets.documents.boxes import COVER, PLAN, Paper


class TestPlan:
    def test_names_each_stop_with_its_pages_and_packages(self, paper: Paper) -> None:
        text = "".join(paper.document[PLAN].get_textpage().get_text_bounded().split())

        for line in (
            "1 loads (departure) CN CN CN940300 Kashgar / 喀什海关 1 + 40",
            "2 loads (departure) CN CN CN940010 Urumqi / 乌鲁木齐海关 2, 3 + 60",
            "5 unloads (destination) EAEU EAEU KZ51100 Almaty / Алматы 6, 7 − 40",
            "8 unloads (destination) UZ UZ UZ22010 Sariosiyo / Сариосиё 10 − 60",
        ):
            assert "".join(line.split()) in text

    def test_stands_on_no_other_sheet(self, paper: Paper) -> None:
        assert "Planned itinerary" in paper.document[PLAN].get_textpage().get_text_bounded()
        assert "Planned itinerary" not in paper.document[COVER].get_textpage().get_text_bounded()
