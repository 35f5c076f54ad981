"""POST /carnets/: an association issues a carnet, or learns every reason why not."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from carnets.models import Carnet
from checkpoints.models import CustomsOffice
from guarantees.ceilings import set_ceiling
from guarantees.models import Guarantee, LiabilityEntry
from tests.api.calls import API, ago, fields, goods, issue_body, ok, problem, refused_fields, vehicle
from tests.world import World
from tir.accounts.models import Role, User
from tir.kernel.clock import now
from tir.kernel.kept import Kept
from tir.kernel.places import day_at

CARNETS = f"{API}/carnets/"


def days(count: int) -> str:
    return str(day_at(now(), "Asia/Shanghai") + timedelta(days=count))  # at the association that issues


class TestIssuing:
    def test_answers_with_the_carnet_and_where_it_is(self, association: APIClient) -> None:
        answer = association.post(CARNETS, issue_body())

        carnet = ok(answer, 201)
        assert answer["Location"] == f"/api/v1/carnets/{carnet['number']}/"
        assert ok(association.get(answer["Location"])) == carnet
        assert carnet["status"] == "issued"
        assert carnet["holder"]["id"] == "CHN/071/1001"
        assert carnet["guarantee"] == {
            "reference": "CN-2026-0001", "association": "071", "amount": "100000.00", "currency": "EUR",
        }  # fmt: skip
        assert [operation["pages"] for operation in carnet["operations"]] == [[1, 2], [3, 4], [5, 6], [7, 8]]
        assert [operation["territory"] for operation in carnet["operations"]] == ["CN", "EAEU", "UZ", "TJ"]
        assert carnet["operations"][0]["start"]["role"] == "departure"
        assert carnet["operations"][1]["termination"]["role"] == "exit"
        assert carnet["goods"] == [goods(marks="", net_mass_kg=None, un_numbers=[], equipment="")]
        assert carnet["vehicles"] == [vehicle(kind="rigid")]
        assert carnet["irregularities"] == []

    def test_reserves_the_exposure_in_the_same_breath(self, association: APIClient, world: World) -> None:
        number = ok(association.post(CARNETS, issue_body()), 201)["number"]

        entry = LiabilityEntry.objects.get(carnet_number=number)
        world.guarantee.refresh_from_db()
        assert (entry.kind, entry.amount) == ("reserved", Decimal(100_000))
        assert world.guarantee.exposure == Decimal(100_000)

    def test_takes_a_number_from_the_stock_by_name(self, association: APIClient) -> None:
        carnet = ok(association.post(CARNETS, issue_body(number=" xc 99000002")), 201)

        assert carnet["number"] == "XC99000002"

    def test_takes_small_letters_in_plates_containers_and_offices(self, association: APIClient) -> None:
        body = issue_body(
            vehicles=[vehicle(registration="01kz123abc")],
            containers=["csqu3054383"],
            itinerary=[
                {"start": "cnurc001", "end": "CNHRS001"},
                {"start": "KZHOR001", "end": "kzala001"},
            ],
        )

        carnet = ok(association.post(CARNETS, body), 201)

        assert carnet["vehicles"][0]["registration"] == "01KZ123ABC"
        assert carnet["containers"] == ["CSQU3054383"]

    def test_writes_nothing_when_refused(self, association: APIClient, world: World) -> None:
        association.post(CARNETS, issue_body(vouchers=5))

        world.guarantee.refresh_from_db()
        assert (Carnet.objects.count(), LiabilityEntry.objects.count(), world.guarantee.exposure) == (0, 0, 0)


LEGS = issue_body()["itinerary"]
TOO_MANY_OFFICES = [
    {"start": "CNURC001", "end": "CNHRS001"},
    {"start": "KZHOR001", "end": "KZAA0000"},
    *[{"start": f"KZAA{index:04}", "end": f"KZAA{index + 1:04}"} for index in range(7)],
]
REFUSALS: list[tuple[str, str, dict[str, Any] | Callable[[], dict[str, Any]]]] = [
    # code, field, what is changed about a good application; what names a day is worked out on the day of the test
    ("acceptance_date_out_of_range", "valid_until", lambda: {"valid_until": days(61)}),
    ("acceptance_date_out_of_range", "valid_until", lambda: {"valid_until": days(-1)}),
    ("voucher_count_unknown", "vouchers", {"vouchers": 8}),
    ("too_few_vouchers", "vouchers", {"vouchers": 6}),
    ("no_frontier_crossed", "itinerary", {"itinerary": [{"start": "CNURC001", "end": "CNURC001"}]}),
    (
        "operation_leaves_territory",
        "itinerary.1.end",
        {"itinerary": [LEGS[0], {"start": "KZHOR001", "end": "UZTAS001"}]},
    ),
    ("office_role_not_approved", "itinerary.0.start", {"itinerary": [{**LEGS[1]}, LEGS[2]]}),
    (
        "office_role_not_approved",
        "itinerary.0.end",
        {"itinerary": [{**LEGS[0], "end": "CNURC001"}, *LEGS[1:]]},
    ),
    ("office_count", "itinerary", {"itinerary": TOO_MANY_OFFICES, "vouchers": 20}),
    (
        "approval_expired",
        "vehicles.1.approval_expires",
        lambda: {"vehicles": [vehicle(), vehicle(registration="02KZ456DEF", approval_expires=days(-1))]},
    ),
    ("container_number_invalid", "containers.1", {"containers": ["CSQU3054383", "CSQU3054384"]}),
    ("container_number_invalid", "containers.0", {"containers": ["ÄBCU1234567"]}),
    ("container_number_invalid", "containers.0", {"containers": ["CSQR3054388"]}),
    ("hs_code_form", "goods.1.hs_code", {"goods": [goods(), goods(hs_code="62052")]}),
    ("goods_need_tobacco_alcohol_carnet", "goods.0.hs_code", {"goods": [goods(hs_code="240220")]}),
    ("holder_unknown", "holder", {"holder": "CHN/071/9"}),
    ("guarantee_unknown", "guarantee", {"guarantee": "NONE"}),
    (
        "office_unknown",
        "itinerary.0.start",
        {"itinerary": [{"start": "XXXXX001", "end": "CNHRS001"}, *LEGS[1:]]},
    ),
    ("carnet_number_not_in_stock", "number", {"number": "XN25000050"}),
]


class TestARuleThatDoesNotHold:
    @pytest.fixture(autouse=True)
    def eight_inland_offices(self, world: World) -> None:
        CustomsOffice.objects.bulk_create(
            CustomsOffice(
                code=f"KZAA{index:04}", country="KZ", territory=world.territories["EAEU"], name_en="inland",
                latitude=43, longitude=77, time_zone="Asia/Almaty", roles=["departure", "destination"],
                valid_from="2010-01-01",
            )
            for index in range(8)
        )  # fmt: skip
        Kept.forget_all()

    @pytest.mark.parametrize(("code", "field", "changes"), REFUSALS)
    def test_refuses_the_issue_and_names_the_field(
        self,
        association: APIClient,
        code: str,
        field: str,
        changes: dict[str, Any] | Callable[[], dict[str, Any]],
    ) -> None:
        changed = changes() if callable(changes) else changes
        found = problem(association.post(CARNETS, issue_body(**changed)), 422, code)

        assert fields(found)[field] == code
        assert Carnet.objects.count() == 0

    def test_comes_with_every_other_that_does_not_hold(self, association: APIClient) -> None:
        body = issue_body(vouchers=5, valid_until=days(90), goods=[goods(hs_code="1")])

        found = problem(association.post(CARNETS, body), 422, "acceptance_date_out_of_range")

        assert fields(found) == {
            "valid_until": "acceptance_date_out_of_range",
            "vouchers": "too_few_vouchers",  # the count is unknown as well; the field is named twice
            "goods.0.hs_code": "hs_code_form",
        }
        assert "voucher_count_unknown" in [item["code"] for item in found["errors"]]

    def test_names_its_article_and_its_facts(self, association: APIClient) -> None:
        found = problem(
            association.post(CARNETS, issue_body(valid_until=days(61))), 422, "acceptance_date_out_of_range"
        )

        assert (found["article"], found["latest"]) == ("art. 9", days(60))
        assert days(60) in found["detail"]

    def test_about_the_holder(self, association: APIClient, world: World) -> None:
        world.holder.status = "suspended"
        world.holder.save()
        world.holder.exclusions.create(country="UZ", valid_from="2020-01-01", reason="unpaid duty")

        found = problem(association.post(CARNETS, issue_body()), 422, "holder_not_authorised")

        assert [item["code"] for item in found["errors"]] == ["holder_not_authorised", "holder_excluded"]
        assert "[" not in found["errors"][1]["detail"]

    def test_about_the_guarantee(self, association: APIClient, world: World) -> None:
        Guarantee.objects.update(valid_from="2030-01-01")

        found = problem(association.post(CARNETS, issue_body()), 422, "guarantee_not_in_force")

        assert fields(found) == {"guarantee": "guarantee_not_in_force"}

    def test_about_whose_guarantee_it_is(self, association: APIClient, world: World) -> None:
        other = type(world.holder).objects.create(
            reference="CHN/071/1002", association=world.associations["CN"], name="Other", address="-", country="CN",
            authorised_from="2020-01-01",
        )  # fmt: skip

        found = problem(
            association.post(CARNETS, issue_body(holder=other.reference)), 422, "guarantee_not_for_holder"
        )

        assert fields(found) == {"guarantee": "guarantee_not_for_holder"}

    def test_lists_every_reference_that_is_unknown(self, association: APIClient) -> None:
        legs = [{"start": "XXXXX001", "end": "CNHRS001"}, {"start": "KZHOR001", "end": "YYYYY001"}]

        answer = association.post(CARNETS, issue_body(holder="CHN/071/9", guarantee="NONE", itinerary=legs))

        assert fields(problem(answer, 422, "holder_unknown")) == {
            "holder": "holder_unknown",
            "guarantee": "guarantee_unknown",
            "itinerary.0.start": "office_unknown",
            "itinerary.1.end": "office_unknown",
        }


def terms(*, ceiling: Decimal = Decimal(10_000_000), max_open_carnets: int | None = None) -> None:
    """Change what the guarantee covers, from yesterday on."""
    set_ceiling(
        guarantee_id=Guarantee.objects.get().pk,
        ceiling=ceiling,
        max_open_carnets=max_open_carnets,
        valid_from=ago(days=1).date(),
        at=ago(days=0),
    )


class TestTheGuaranteeWithoutRoom:
    def test_refuses_with_what_is_left(self, association: APIClient) -> None:
        terms(ceiling=Decimal(99_999))

        found = problem(association.post(CARNETS, issue_body()), 422, "guarantee_ceiling_exceeded")

        assert (found["ceiling"], found["exposure"], found["needed"]) == ("99999.00", "0.00", "100000.00")
        assert fields(found) == {"guarantee": "guarantee_ceiling_exceeded"}

    def test_refuses_one_carnet_too_many(self, association: APIClient) -> None:
        terms(max_open_carnets=1)
        ok(association.post(CARNETS, issue_body()), 201)

        found = problem(association.post(CARNETS, issue_body()), 422, "guarantee_carnet_limit_reached")

        assert found["max_open_carnets"] == 1


class TestTheNumber:
    def test_that_was_issued_conflicts(self, association: APIClient) -> None:
        ok(association.post(CARNETS, issue_body(number="XC99000002")), 201)

        found = problem(
            association.post(CARNETS, issue_body(number="XC99000002")), 409, "carnet_number_taken"
        )

        assert fields(found) == {"number": "carnet_number_taken"}

    def test_that_was_mistyped_is_malformed(self, association: APIClient) -> None:
        found = problem(association.post(CARNETS, issue_body(number="XC99000003")), 400, "bad_number")

        assert fields(found) == {"number": "bad_number"}

    def test_out_of_an_empty_stock_is_refused(self, association: APIClient, world: World) -> None:
        world.associations["CN"].number_ranges.update(next=99_009_999)
        ok(association.post(CARNETS, issue_body()), 201)  # the last number

        problem(association.post(CARNETS, issue_body()), 422, "carnet_numbers_exhausted")


MALFORMED: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"holder": None}, {"holder": "not_text"}),
    ({"holder": " "}, {"holder": "too_short"}),
    ({"guarantee": "G" * 36}, {"guarantee": "too_long"}),
    ({"vouchers": "14"}, {"vouchers": "not_a_number"}),
    ({"vouchers": 14.5}, {"vouchers": "not_a_number"}),
    ({"vouchers": 10**30}, {"vouchers": "too_large"}),
    ({"valid_until": "20.12.2026"}, {"valid_until": "not_a_date"}),
    ({"valid_until": "2026-02-30"}, {"valid_until": "not_a_date"}),
    ({"valid_until": "9999-12-31"}, {"valid_until": "out_of_range"}),
    ({"vehicles": [vehicle()] * 11}, {"vehicles": "too_many"}),
    ({"vehicles": [vehicle(country="kz")]}, {"vehicles.0.country": "wrong_form"}),
    ({"vehicles": [vehicle(country="ZZ")]}, {"vehicles.0.country": "wrong_form"}),
    ({"vehicles": [vehicle(), vehicle(country="EU")]}, {"vehicles.1.country": "wrong_form"}),
    ({"vehicles": [vehicle(registration="ß" * 20)]}, {"vehicles.0.registration": "too_long"}),
    ({"containers": ["C" * 18]}, {"containers.0": "too_long"}),
    ({"itinerary": [{"start": "CNURC001"}]}, {"itinerary.0.end": "required"}),
    ({"goods": [goods(packages=-1)]}, {"goods.0.packages": "too_small"}),
    ({"goods": [goods(packages=10**12)]}, {"goods.0.packages": "too_large"}),
    ({"goods": [goods(gross_mass_kg="NaN")]}, {"goods.0.gross_mass_kg": "not_an_amount"}),
    ({"goods": [goods(gross_mass_kg="1.2345678")]}, {"goods.0.gross_mass_kg": "too_precise"}),
    ({"goods": [goods(gross_mass_kg="1e400")]}, {"goods.0.gross_mass_kg": "not_an_amount"}),
    ({"goods": [goods(description="a\x00b")]}, {"goods.0.description": "has_nul"}),
    ({"goods": [goods(weight=3)]}, {"goods.0.weight": "unknown_field"}),
    ({"kind": "secret"}, {"kind": "unknown_choice"}),
    ({"heavy_or_bulky": "yes"}, {"heavy_or_bulky": "not_yes_or_no"}),
    ({"status": "discharged"}, {"status": "unknown_field"}),
    ({"goods": {}}, {"goods": "not_a_list"}),
    ({"goods": ["shirts"]}, {"goods.0": "not_an_object"}),
]


class TestAMalformedBody:
    @pytest.mark.parametrize(("changes", "expected"), MALFORMED)
    def test_is_a_400_that_names_the_field(
        self, association: APIClient, changes: dict[str, Any], expected: dict[str, str]
    ) -> None:
        assert refused_fields(association.post(CARNETS, issue_body(**changes))) == expected

    @pytest.mark.parametrize("country", ["TR", "AF", "XK"])
    def test_is_none_with_a_country_that_there_is(self, association: APIClient, country: str) -> None:
        ok(association.post(CARNETS, issue_body(vehicles=[vehicle(country=country)])), 201)

    def test_names_every_field_at_once(self, association: APIClient) -> None:
        assert refused_fields(association.post(CARNETS, {"holder": 7, "colour": "red"})) == {
            "holder": "not_text",
            "guarantee": "required",
            "vouchers": "required",
            "valid_until": "required",
            "colour": "unknown_field",
        }


class TestWhoIssues:
    def test_is_an_association_with_a_membership(self, world: World, client_of: Any) -> None:
        ok(client_of(world.staff["CN"]).post(CARNETS, issue_body()), 201)
        of_none = User.objects.create_user("of-none", roles=[Role.ASSOCIATION], country="CN")

        problem(client_of(of_none).post(CARNETS, issue_body()), 403, "no_association")

    def test_is_nobody_else(self, officer: APIClient, hq: APIClient, guest: APIClient) -> None:
        found = problem(officer.post(CARNETS, issue_body()), 403, "forbidden")
        problem(hq.post(CARNETS, issue_body()), 403, "forbidden")
        problem(guest.post(CARNETS, issue_body()), 401, "not_signed_in")

        assert found["needed"] == ["association"]
