"""The book of issuing as a whole, and what an application adds up to."""

import pytest

from carnets.rules import ISSUE, DeclaredConsignment, Quota
from tests.carnets.rules.applications import DAY, SHIRTS, TODAY, application, goods


class TestIssue:
    def test_accepts_a_sound_application(self) -> None:
        assert ISSUE.findings(application()) == []

    def test_names_every_broken_rule_at_once(self) -> None:
        case = application(vouchers=5, acceptance_until=TODAY - DAY, lines=[goods(hs_code="2208")])

        assert [finding.code for finding in ISSUE.findings(case)] == [
            "acceptance_date_out_of_range",
            "voucher_count_unknown",
            "too_few_vouchers",
            "hs_code_form",
            "goods_need_tobacco_alcohol_carnet",
        ]


class TestDeclaredConsignment:
    @pytest.mark.parametrize(
        ("counts", "packages"),
        [((10, 5), 15), ((10, 0), 10), ((10, None), 10), ((None, None), None), ((0, None), None)],
    )
    def test_counts_what_can_be_counted(self, counts: tuple[int | None, ...], packages: int | None) -> None:
        lines = tuple(goods(packages=count) for count in counts)

        assert DeclaredConsignment(1, 2, lines).packages == packages


class TestApplication:
    def test_has_an_operation_for_each_territory(self) -> None:
        legs = [(start.office.code, end.office.code) for start, end in application().legs]

        assert legs == [
            ("CNURC001", "CNHRS001"), ("KZHOR001", "KZQZQ001"), ("UZYAL001", "UZSYA001"), ("TJDUS001", "TJDYU001"),
        ]  # fmt: skip

    def test_has_the_goods_of_every_consignment(self) -> None:
        both = [DeclaredConsignment(1, 8, (SHIRTS,)), DeclaredConsignment(1, 8, (SHIRTS, SHIRTS))]

        assert len(list(application(consignments=both).goods)) == 3


class TestQuota:
    @pytest.mark.parametrize(
        ("allowed", "outstanding", "is_used_up"),
        [(None, 900, False), (3, 2, False), (3, 3, True), (0, 0, True)],
    )
    def test_is_used_up_at_its_number(self, allowed: int | None, outstanding: int, is_used_up: bool) -> None:
        assert Quota(allowed=allowed, outstanding=outstanding).is_used_up is is_used_up
