"""A book of rules: every reason at once, each with its weight and a sentence in the reader's language."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from django.db import models
from django.utils import translation
from django.utils.functional import lazy
from django.utils.translation import get_language

from tir.kernel.rules import Facts, Finding, Level, Rule, RuleBook, said


@dataclass
class Lorry:
    height: int = 400  # cm
    axles: int = 5
    is_escorted: bool = False


class Goods(models.TextChoices):
    SHIRTS = "620520", "Cotton shirts"
    TEA = "090240", "Black tea"


class Plain(StrEnum):
    RAIL = "rail"


SENTENCES = {"en": "The lorry is {height} cm high.", "ru": "Высота машины {height} см."}
TOO_HIGH = lazy(lambda: SENTENCES[get_language() or "en"], str)()


@pytest.fixture
def book() -> RuleBook[Lorry]:
    tunnel: RuleBook[Lorry] = RuleBook("Tunnel")

    @tunnel.rule("too_high", article="art. 1", message=TOO_HIGH, eased=lambda lorry: lorry.is_escorted)
    def fits_under_the_vault(lorry: Lorry) -> Facts | None:
        return {"height": lorry.height} if lorry.height > 450 else None

    @tunnel.rule("axles_few", article="art. 2", message="Axles: {axles} of {wanted}.", level=Level.NOTE)
    def has_axles_enough(lorry: Lorry) -> Facts | None:
        return {} if lorry.axles < 3 else None

    return tunnel


class TestARuleBook:
    def test_finds_nothing_where_all_rules_hold(self, book: RuleBook[Lorry]) -> None:
        assert book.findings(Lorry()) == []
        assert len(book.findings(Lorry(height=451))) == 1

    def test_finds_every_reason_in_its_own_order(self, book: RuleBook[Lorry]) -> None:
        found = book.findings(Lorry(height=460, axles=2))

        assert [(each.code, each.level, each.article, each.facts) for each in found] == [
            ("too_high", Level.STOP, "art. 1", {"height": 460}),
            ("axles_few", Level.NOTE, "art. 2", {}),
        ]

    def test_takes_a_rule_as_broken_even_where_no_fact_is_told(self, book: RuleBook[Lorry]) -> None:
        assert [each.code for each in book.findings(Lorry(axles=2))] == ["axles_few"]
        assert book.findings(Lorry(axles=3)) == []

    def test_names_a_rule_after_the_fact_that_must_hold(self, book: RuleBook[Lorry]) -> None:
        assert [(rule.name, rule.code) for rule in book] == [
            ("fits_under_the_vault", "too_high"),
            ("has_axles_enough", "axles_few"),
        ]

    def test_leaves_a_check_a_function(self) -> None:
        @RuleBook[Lorry]("Bridge").rule("heavy", article="art. 3", message="Heavy.")
        def is_light(lorry: Lorry) -> Facts | None:
            return {"axles": lorry.axles} if lorry.axles > 5 else None

        assert is_light(Lorry(axles=6)) == {"axles": 6}
        assert is_light(Lorry(axles=5)) is None

    def test_shares_no_rule_with_another(self, book: RuleBook[Lorry]) -> None:
        assert list(RuleBook[Lorry]("Bridge")) == []
        assert len(list(book)) == 2


class TestARule:
    def test_judges_as_its_book_does(self, book: RuleBook[Lorry]) -> None:
        rule: Rule[Lorry] = next(iter(book))

        assert rule.judge(Lorry(height=450)) is None
        assert rule.judge(Lorry(height=451)) == Finding(
            "too_high", Level.STOP, "art. 1", TOO_HIGH, {"height": 451}
        )

    def test_asks_for_a_look_where_it_is_eased(self, book: RuleBook[Lorry]) -> None:
        escorted, alone = (book.findings(Lorry(height=460, is_escorted=is_so))[0] for is_so in (True, False))

        assert (escorted.level, alone.level) == (Level.LOOK, Level.STOP)
        assert book.findings(Lorry(height=450, is_escorted=True)) == []

    def test_that_is_never_eased_keeps_its_weight(self, book: RuleBook[Lorry]) -> None:
        assert [each.level for each in book.findings(Lorry(axles=2, is_escorted=True))] == [Level.NOTE]


class TestTheSentence:
    def test_is_in_the_language_of_its_reader(self, book: RuleBook[Lorry]) -> None:
        (finding,) = book.findings(Lorry(height=460))

        assert finding.detail == "The lorry is 460 cm high."
        with translation.override("ru"):
            assert finding.detail == "Высота машины 460 см."

    def test_has_a_dash_for_a_fact_that_nobody_told(self, book: RuleBook[Lorry]) -> None:
        whole = Finding(
            "axles_few", Level.NOTE, "art. 2", "Axles: {axles} of {wanted}.", {"axles": 2, "wanted": None}
        )
        assert whole.detail == "Axles: 2 of —."

        (finding,) = book.findings(Lorry(axles=2))
        assert finding.detail == "Axles: — of —."

    def test_takes_a_fact_with_braces_for_a_fact(self) -> None:
        assert (
            Finding("a", Level.NOTE, "art. 4", "Plate {plate}.", {"plate": "{0}{x}"}).detail
            == "Plate {0}{x}."
        )


class TestAFact:
    @pytest.mark.parametrize(
        ("fact", "expected"),
        [
            (None, "—"),
            ("KZHOR001", "KZHOR001"),
            (0, "0"),
            (False, "False"),
            (Goods.TEA, "Black tea"),
            (Plain.RAIL, "rail"),
            ([Goods.SHIRTS, Goods.TEA, None], "Cotton shirts, Black tea, —"),
            (("A-1",), "A-1"),
            ([], ""),
            (datetime(2026, 3, 2, 6, 5, 59, tzinfo=UTC), "2026-03-02 06:05 UTC"),
            (datetime(2026, 3, 2, 1, 5, tzinfo=timezone(timedelta(hours=5))), "2026-03-01 20:05 UTC"),
        ],
    )  # fmt: skip
    def test_is_said_as_people_read_it(self, fact: object, expected: str) -> None:
        assert said(fact) == expected
