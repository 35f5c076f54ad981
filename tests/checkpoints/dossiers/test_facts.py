"""The dossier of a claim and the defence against one: what they say, to whom, and that they say it the same twice."""

import re
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pypdfium2 as pdfium
import pytest
from django.utils import translation

from carnets.documents.building import page_token
from carnets.documents.dossier import render_dossier
from carnets.documents.dossier_sections import printed
from carnets.documents.fonts import installed_fonts
from carnets.models import Carnet, TirOperation
from checkpoints.dossiers.facts import claim_facts, defence_facts, operation_with_carnet
from checkpoints.dossiers.record import DossierView
from checkpoints.models import Stamp
from guarantees.models import Claim
from tests.guarantees.claiming import demand, notify, open_claim
from tests.world import START, World

DAY = timedelta(days=1)
NOTIFIED, ON = date(2026, 5, 15), date(2026, 8, 1)
WHOLE, PART = DossierView(sees_whole=True), DossierView(sees_whole=False)


@pytest.fixture
def claim(world: World, carnet: Carnet) -> Claim:
    claim = notify(open_claim(world, carnet), NOTIFIED, holder_notified_on=NOTIFIED)
    return demand(claim, date(2026, 6, 15))


def text_of(facts: dict[str, Any], carnet: Carnet) -> list[str]:
    """Return what each page says."""
    pages = pdfium.PdfDocument(pdf_of(facts, carnet))
    return [page.get_textpage().get_text_bounded() for page in pages]


def pdf_of(facts: dict[str, Any], carnet: Carnet) -> bytes:
    return render_dossier(printed(facts, page_token(carnet, 3)), installed_fonts())


class TestFacts:
    def test_hold_the_carnet_its_stamps_with_hashes_the_checks_and_the_clocks(
        self, carnet: Carnet, claim: Claim
    ) -> None:
        facts = claim_facts(claim, view=WHOLE, on=ON)

        hashes = [row.hash.hex() for row in Stamp.objects.filter(carnet=carnet).order_by("sequence")]
        assert [row["hash"] for row in facts["stamps"]] == hashes
        assert {row["code"] for row in facts["irregularities"]} >= {"missing_stamp"}
        assert len(facts["reports"]) == 1
        assert {row["step"] for row in facts["claim"]["clocks"]} == {"notify", "demand", "pay", "reimburse"}
        assert [row["verb"] for row in facts["claim"]["events"]] == ["open", "notify", "demand"]
        assert all(row["holds"] for row in facts["claim"]["checks"])

    def test_are_sealed_by_a_hash_over_all_of_them(self, claim: Claim) -> None:
        facts = claim_facts(claim, view=WHOLE, on=ON)
        later = claim_facts(claim, view=WHOLE, on=ON + DAY)

        assert re.fullmatch(r"[0-9a-f]{64}", facts["hash"])
        assert claim_facts(claim, view=WHOLE, on=ON) == facts
        assert later["hash"] != facts["hash"]

    def test_give_a_guarantor_other_territories_stamps_as_hashes_alone(
        self, carnet: Carnet, claim: Claim
    ) -> None:
        facts = claim_facts(claim, view=PART, on=ON)

        assert [row.get("page") for row in facts["stamps"]] == [None, None, 3, None, None, None, None]
        assert [row["hash"] for row in facts["stamps"]] == [
            row["hash"] for row in claim_facts(claim, view=WHOLE, on=ON)["stamps"]
        ]
        assert facts["carnet"]["guarantee"] is None
        said = str(facts)
        assert "UZYAL001" not in said
        assert "CNURC001" not in said

    def test_say_how_each_stamp_came_on_record_and_who_is_liable(self, carnet: Carnet, claim: Claim) -> None:
        facts = claim_facts(claim, view=WHOLE, on=ON)

        assert {row["made"] for row in facts["stamps"]} == {"online"}
        assert "is_offline" not in facts["stamps"][0]
        assert (
            facts["operation"]["liability"] == TirOperation.objects.get(carnet=carnet, sequence=2).liability
        )
        assert facts["carnet"]["issued_on"] == "2026-03-02"

    def test_are_the_same_whatever_the_paper_is_asked(self, carnet: Carnet, claim: Claim) -> None:
        facts = claim_facts(claim, view=WHOLE, on=ON)

        assert sha256(pdf_of(facts, carnet)).digest() == sha256(pdf_of(facts, carnet)).digest()


class TestPaper:
    @pytest.mark.parametrize("language", ["en", "ru", "zh-hans"])
    def test_shows_hash_number_and_count_on_every_page(
        self, carnet: Carnet, claim: Claim, language: str
    ) -> None:
        with translation.override(language):
            facts = claim_facts(claim, view=WHOLE, on=ON)
            pages = text_of(facts, carnet)

        printed_hash = facts["hash"][:16].upper()
        grouped = " ".join(printed_hash[at : at + 4] for at in range(0, 16, 4))
        assert len(pages) >= 2
        for number, page in enumerate(pages, start=1):
            assert grouped in page
            assert carnet.number in page
            assert re.search(rf"(?<!\d){number}\D+{len(pages)}(?!\d)", page)

    def test_shows_every_stamps_hash_whole(self, carnet: Carnet, claim: Claim) -> None:
        facts = claim_facts(claim, view=WHOLE, on=ON)

        said = re.sub(r"\s", "", "".join(text_of(facts, carnet)))

        assert all(row["hash"] in said for row in facts["stamps"])

    def test_shows_what_a_control_was_and_found(self, world: World, carnet: Carnet, claim: Claim) -> None:
        world.control(carnet, "KZALA001", START + 3 * DAY, kind="weighing")

        pages = text_of(claim_facts(claim, view=WHOLE, on=ON), carnet)

        assert any("weighing: satisfactory" in page for page in pages)

    def test_of_a_defence_says_that_nothing_proves_it_where_nobody_saw_it_again(self, world: World) -> None:
        carnet = world.issue()
        world.travel(carnet, upto=3)

        facts = defence_facts(operation_with_carnet(carnet.number, 3), on=ON)

        assert facts["evidence"] == []
        assert any("Nothing on record shows" in page for page in text_of(facts, carnet))

    def test_flows_over_pages_however_long_it_is(self, carnet: Carnet, claim: Claim) -> None:
        document = printed(claim_facts(claim, view=WHOLE, on=ON), page_token(carnet, 3))
        section = document.sections[0]
        rows = tuple(
            ("✔", f"condition {number} " + "word " * (number % 60), "art. 1") for number in range(300)
        )
        long = replace(document, sections=(replace(section, rows=rows),))

        pages = pdfium.PdfDocument(render_dossier(long, installed_fonts()))
        said = "".join(page.get_textpage().get_text_bounded() for page in pages)

        assert len(pages) > 5
        assert all(f"condition {number} " in said for number in range(300))

    def test_holds_a_remark_longer_than_a_page(self, carnet: Carnet, claim: Claim) -> None:
        document = printed(claim_facts(claim, view=WHOLE, on=ON), page_token(carnet, 3))
        history = document.sections[2]
        row = (*history.rows[0][:2], "a long story " * 2000, *history.rows[0][3:])
        long = replace(document, sections=(replace(history, rows=(row,)),))

        assert len(pdfium.PdfDocument(render_dossier(long, installed_fonts()))) == 2
