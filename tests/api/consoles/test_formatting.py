"""Money, instants and figures, as each language writes them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils.translation import override

from api.consoles import formatting
from tests.world import World

AT = datetime(2026, 3, 2, 6, 5, tzinfo=UTC)


SIXTY_THOUSAND = Decimal("60000.50")


class TestMoney:
    @pytest.mark.parametrize(
        ("language", "said"),
        [
            ("en", "EUR\u00a060,000.50"),
            ("ru", "60\u202f000,50\u00a0EUR"),
            ("zh-hans", "EUR\u00a060,000.50"),
        ],
    )
    def test_is_written_as_the_language_does(self, language: str, said: str) -> None:
        with override(language):
            assert formatting.money(SIXTY_THOUSAND, "EUR") == said

    def test_keeps_every_cent_of_a_large_amount(self) -> None:
        with override("en"):
            assert formatting.money(Decimal("12345678901234.56"), "EUR") == "EUR\u00a012,345,678,901,234.56"

    def test_is_a_dash_where_there_is_none(self) -> None:
        assert formatting.money(None, "EUR") == "–"


class TestAnArticle:
    @pytest.mark.parametrize(
        ("said", "ru", "zh"),
        [
            ("art. 8", "ст. 8", "第8条"),
            ("art. 11(1)", "ст. 11(1)", "第11条第1款"),
            ("art. 1(b), 39", "ст. 1(b), 39", "第1条(b)、第39条"),
            ("art. 9(1), practice (IRU)", "ст. 9(1), practice (IRU)", "第9条第1款、practice (IRU)"),
            ("Annex 9 Part II", "Annex 9 Part II", "Annex 9 Part II"),
        ],
    )
    def test_is_cited_as_the_language_does(self, said: str, ru: str, zh: str) -> None:
        for language, wanted in (("en", said), ("ru", ru), ("zh-hans", zh)):
            with override(language):
                assert formatting.article(said) == wanted


class TestMoment:
    def test_is_utc_and_the_clock_of_the_office(self, world: World) -> None:
        with override("en"):
            said = formatting.moment(AT, "KZHOR001")

        assert 'datetime="2026-03-02T06:05:00Z"' in said
        assert "2 Mar 2026, 06:05 UTC" in said
        assert "2 Mar 2026, 11:05 local" in said

    def test_is_utc_alone_where_no_place_is_named(self, db: None) -> None:
        assert "local" not in formatting.moment(AT)
        assert formatting.moment(None) == "–"


def test_a_figure_has_currency_date_and_its_rows(db: None) -> None:
    source = "{% load console %}{% money a 'EUR' as said %}{% figure_card 'Exposure' said '/rows/' at %}"
    with override("en"):
        card = Template(source).render(Context({"a": SIXTY_THOUSAND, "at": AT}))

    for part in ('href="/rows/"', "EUR\u00a060,000.50", "as of", "2 Mar 2026, 06:05 UTC"):
        assert part in card
