"""What each caller sees of what exists (invariant 7): outside looks absent, in lists and by name alike."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from carnets.models import Carnet
from checkpoints.models import Stamp
from guarantees.models import Guarantee, Holder
from tests.api.calls import API, ago, fields, issue_body, ok, problem, stamp_body, text_of
from tests.api.conftest import Issue, OfficerAt, Person
from tests.world import LONG_AGO, World, add_kyrgyzstan, reconcile
from tir.accounts.models import Role, User
from tir.kernel.clock import now

TO_KAZAKHSTAN = (("CNURC001", "CNHRS001"), ("KZHOR001", "KZALA001"))


def about(carnet: Carnet) -> list[str]:
    """Return every address that speaks of one carnet."""
    base = f"{API}/carnets/{carnet.number}"
    return [f"{base}/", f"{base}/document.pdf", f"{base}/qr.svg", f"{base}/qr.png"]


def lists_of(carnet: Carnet) -> list[str]:
    return [f"{API}/stamps/?carnet={carnet.number}", f"{API}/irregularities/?carnet={carnet.number}"]


@pytest.fixture
def stamped(world: World, issue: Issue) -> Carnet:
    """A carnet to Kazakhstan with a stamp and an irregularity in each country."""
    carnet = issue(route=TO_KAZAKHSTAN)
    world.stamp(carnet, 1, ago(days=9), seals_affixed=("A-1",), seals_intact=False)
    world.stamp(
        carnet, 2, ago(days=8), seals_found=("A-1",), packages=420, is_offline=True, reservation="torn box"
    )
    world.stamp(carnet, 3, ago(days=7), "KZALA001", seals_found=("B-1",), seals_intact=True)
    reconcile(now())
    return carnet


@pytest.fixture
def other_holder(world: World) -> Holder:
    """A holder that another association has authorised, suspended and excluded: nobody else's business."""
    holder = Holder.objects.create(
        reference="KAZ/085/77", association=world.associations["KZ"], name="Almaty Trans", address="Almaty",
        country="KZ", authorised_from=LONG_AGO, status="suspended",
    )  # fmt: skip
    holder.exclusions.create(country="UZ", valid_from=LONG_AGO, reason="unpaid duty")
    return holder


@pytest.fixture
def other_guarantee(world: World, other_holder: Holder) -> Guarantee:
    return Guarantee.objects.create(
        reference="KZ-2026-9", association=world.associations["KZ"], holder=other_holder, currency="EUR",
        amount_per_carnet=Decimal(60_000), ceiling=Decimal(600_000), valid_from=LONG_AGO,
    )  # fmt: skip


class TestCustomsOfACountryNotOnTheRoute:
    @pytest.mark.parametrize("role", [Role.OFFICER, Role.CUSTOMS_HQ, Role.AUDITOR, Role.SYSTEM])
    def test_sees_nothing_of_a_carnet(self, role: Role, person: Person, stamped: Carnet) -> None:
        uzbek = person(role, country="UZ")

        assert [uzbek.get(address).status_code for address in about(stamped)] == [404, 404, 403, 403]
        assert ok(uzbek.get(f"{API}/carnets/"))["results"] == []
        assert ok(uzbek.get(lists_of(stamped)[0]))["results"] == []
        stamp = Stamp.objects.filter(carnet=stamped)[0]
        assert uzbek.get(f"{API}/stamps/{stamp.pk}/").status_code == 404

    def test_sees_no_irregularity_of_it(self, person: Person, stamped: Carnet) -> None:
        uzbek = person(Role.CUSTOMS_HQ, country="UZ")
        irregularity = stamped.irregularities.order_by("id")[0]

        assert ok(uzbek.get(lists_of(stamped)[1]))["results"] == []
        problem(uzbek.get(f"{API}/irregularities/{irregularity.pk}/"), 404, "not_found")
        resolve = {"status": "resolved", "reason": "looks fine"}
        problem(uzbek.patch(f"{API}/irregularities/{irregularity.pk}/", resolve), 404, "not_found")

    def test_gets_the_same_answer_for_a_carnet_that_does_not_exist(
        self, person: Person, stamped: Carnet
    ) -> None:
        uzbek = person(Role.OFFICER, country="UZ")

        there = problem(uzbek.get(f"{API}/carnets/{stamped.number}/"), 404, "not_found")
        absent = problem(uzbek.get(f"{API}/carnets/RX99000004/"), 404, "not_found")

        assert there == absent

    def test_cannot_open_a_claim_on_it_nor_learn_whose_it_is(self, person: Person, stamped: Carnet) -> None:
        uzbek = person(Role.CUSTOMS_HQ, country="UZ")

        answer = uzbek.post(f"{API}/claims/", {"carnet": stamped.number, "operation": 1, "reason": "probing"})

        assert "CN" not in problem(answer, 404, "not_found").values()

    def test_learns_from_a_stamp_neither_route_nor_who_stamped(
        self, officer_at: OfficerAt, stamped: Carnet
    ) -> None:
        answer = officer_at("UZYAL001").post(f"{API}/stamps/", stamp_body(stamped.number, 1))

        found = problem(answer, 409, "voucher_already_stamped")
        assert "stamp" not in found
        assert "CNURC001" not in answer.content.decode()

    def test_learns_from_a_scan_that_the_route_does_not_come_by_and_no_more(
        self, officer_at: OfficerAt, stamped: Carnet
    ) -> None:
        look = ok(officer_at("UZYAL001").post(f"{API}/scans/", {"number": stamped.number}))

        assert look["verdict"] == "look"
        assert [reason["code"] for reason in look["reasons"]] == ["not_planned"]
        assert (look["carnet"], look["expected"], look["seals"], look["risk"]) == (None, None, None, None)

    def test_may_report_on_it_and_learns_nothing_by_it(self, officer_at: OfficerAt, stamped: Carnet) -> None:
        """The lorry may have come to grief where nobody planned it: art. 25 asks the nearest office."""
        body = {"carnet": stamped.number, "kind": "other", "description": "Found in a ditch."}
        uzbek = officer_at("UZYAL001")

        assert uzbek.post(f"{API}/incidents/", body).status_code == 201

        assert [uzbek.get(address).status_code for address in about(stamped)] == [404, 404, 403, 403]


class TestCustomsWithoutACountry:
    @pytest.mark.parametrize("role", [Role.OFFICER, Role.CUSTOMS_HQ, Role.SYSTEM])
    def test_sees_nothing(self, role: Role, person: Person, stamped: Carnet) -> None:
        unbound = person(role)

        assert ok(unbound.get(f"{API}/carnets/"))["results"] == []
        assert ok(unbound.get(f"{API}/stamps/"))["results"] == []
        assert unbound.get(f"{API}/carnets/{stamped.number}/").status_code == 404


class TestCustomsOnTheRoute:
    def test_sees_the_carnet_whole(
        self, world: World, client_of: Callable[[User], APIClient], stamped: Carnet
    ) -> None:
        kazakh = client_of(world.officers["KZHOR001"])

        carnet = ok(kazakh.get(about(stamped)[0]))

        assert carnet["goods"][0]["description"] == "Cotton shirts"
        assert carnet["guarantee"]["reference"] == "CN-2026-0001"
        assert len(carnet["operations"]) == 2
        assert len(ok(kazakh.get(lists_of(stamped)[0]))["results"]) == 3

    def test_sees_nothing_any_more_once_no_office_has_them(
        self, world: World, client_of: Callable[[User], APIClient], stamped: Carnet
    ) -> None:
        officer = world.officers["KZHOR001"]
        kazakh = client_of(officer)
        assert ok(kazakh.get(f"{API}/carnets/"))["results"]

        officer.postings.update(valid_from=LONG_AGO, valid_to=(now() - timedelta(days=2)).date())

        for address in (f"{API}/carnets/", *lists_of(stamped)[:1]):
            assert ok(kazakh.get(address))["results"] == []
        problem(kazakh.get(about(stamped)[0]), 404, "not_found")

    def test_gets_a_copy_of_the_paper_and_no_code_to_print_a_second_one(
        self,
        world: World,
        client_of: Callable[[User], APIClient],
        association: APIClient,
        stamped: Carnet,
    ) -> None:
        kazakh = client_of(world.officers["KZHOR001"])
        _carnet, paper, *codes = about(stamped)

        assert "КОПИЯ" in text_of(kazakh.get(paper))
        assert "КОПИЯ" not in text_of(association.get(paper))
        assert [kazakh.get(code).status_code for code in codes] == [403, 403]
        assert "qr" not in ok(kazakh.get(about(stamped)[0]))["links"]
        assert "qr" in ok(association.get(about(stamped)[0]))["links"]

    def test_works_on_the_irregularities_of_its_own_operations(self, hq: APIClient, stamped: Carnet) -> None:
        rows = ok(hq.get(lists_of(stamped)[1]))["results"]

        assert {row["operation"] for row in rows} == {2}

    def test_sees_it_once_an_office_of_its_country_has_certified(
        self, world: World, person: Person, issue: Issue
    ) -> None:
        """Any office of a territory may certify (art. 27); with its stamp the carnet becomes its country's business."""
        add_kyrgyzstan(world)
        carnet = issue(route=TO_KAZAKHSTAN)
        kyrgyz = person(Role.CUSTOMS_HQ, country="KG")
        assert kyrgyz.get(about(carnet)[0]).status_code == 404

        world.stamp(carnet, 3, ago(days=5), office="KGBIS001", is_offline=True)

        assert ok(kyrgyz.get(about(carnet)[0]))["operations"][1]["country"] == "KG"


class TestTheIssuer:
    def test_sees_its_own_carnet_whole(self, association: APIClient, stamped: Carnet) -> None:
        assert ok(association.get(about(stamped)[0]))["goods"]
        assert [association.get(address).status_code for address in about(stamped)] == [200] * 4
        assert len(ok(association.get(lists_of(stamped)[0]))["results"]) == 3
        assert {row["operation"] for row in ok(association.get(lists_of(stamped)[1]))["results"]} == {1, 2}


class TestAForeignGuarantor:
    """The association of Kazakhstan answers there for a Chinese holder's carnet, and needs no more than that part."""

    def test_sees_its_own_operations_only(self, guarantor: APIClient, stamped: Carnet) -> None:
        carnet = ok(guarantor.get(about(stamped)[0]))

        assert [operation["sequence"] for operation in carnet["operations"]] == [2]
        assert {item["operation"] for item in carnet["irregularities"]} == {2}
        assert (carnet["goods"], carnet["packages"], carnet["guarantee"]) == (None, None, None)
        assert "CN-2026-0001" not in guarantor.get(about(stamped)[0]).content.decode()
        assert "Cotton" not in guarantor.get(about(stamped)[0]).content.decode()

    def test_is_not_sent_to_paper_and_code_which_show_all(
        self, guarantor: APIClient, stamped: Carnet
    ) -> None:
        assert set(ok(guarantor.get(about(stamped)[0]))["links"]) == {"self", "stamps"}
        assert [guarantor.get(address).status_code for address in about(stamped)[1:]] == [404] * 3

    def test_sees_no_other_territory_in_the_list(self, guarantor: APIClient, stamped: Carnet) -> None:
        (row,) = ok(guarantor.get(f"{API}/carnets/"))["results"]

        assert row["territories"] == ["EAEU"]
        assert set(row["links"]) == {"self", "stamps"}

    def test_sees_the_stamps_of_its_territory_only(self, guarantor: APIClient, stamped: Carnet) -> None:
        rows = ok(guarantor.get(lists_of(stamped)[0]))["results"]

        assert [row["page"] for row in rows] == [3]
        foreign = Stamp.objects.get(carnet=stamped, page=1)
        assert guarantor.get(f"{API}/stamps/{foreign.pk}/").status_code == 404

    def test_sees_its_irregularities_only(self, guarantor: APIClient, stamped: Carnet) -> None:
        rows = ok(guarantor.get(lists_of(stamped)[1]))["results"]

        assert {row["operation"] for row in rows} == {2}

    def test_sees_nothing_before_the_goods_enter(self, guarantor: APIClient, issue: Issue) -> None:
        carnet = issue(route=TO_KAZAKHSTAN)

        assert guarantor.get(about(carnet)[0]).status_code == 404

    def test_cannot_act_on_it(self, guarantor: APIClient, association: APIClient, stamped: Carnet) -> None:
        for verb in ("invalidate", "report-lost", "return"):
            answer = guarantor.post(f"{API}/carnets/{stamped.number}/{verb}/", {"reason": "not mine"})
            problem(answer, 404, "not_found")

        ok(association.post(f"{API}/carnets/{stamped.number}/report-lost/", {"reason": "its issuer may"}))

    def test_sees_no_more_for_being_an_officer_elsewhere(
        self, world: World, person: Person, stamped: Carnet
    ) -> None:
        """Roles add up in what is visible, never in how much of it."""
        both = User.objects.get(username="association-kz")
        both.roles = [Role.ASSOCIATION, Role.OFFICER]
        both.save()
        client = APIClient()
        client.force_authenticate(both)

        assert ok(client.get(about(stamped)[0]))["goods"] is None


class TestTwoAssociations:
    def test_never_see_each_others_carnets(
        self, world: World, client_of: Callable[[User], APIClient], carnet: Carnet
    ) -> None:
        uzbek = client_of(world.staff["UZ"])

        assert ok(uzbek.get(f"{API}/carnets/"))["results"] == []
        assert [uzbek.get(address).status_code for address in about(carnet)] == [404] * 4

    def test_never_see_each_others_guarantees(
        self, association: APIClient, guarantor: APIClient, other_guarantee: Guarantee
    ) -> None:
        def references(client: APIClient) -> list[str]:
            return [row["reference"] for row in ok(client.get(f"{API}/guarantees/"))["results"]]

        assert references(association) == ["CN-2026-0001"]
        assert references(guarantor) == ["KZ-2026-9"]
        problem(association.get(f"{API}/guarantees/KZ-2026-9/"), 404, "not_found")
        problem(guarantor.get(f"{API}/guarantees/CN-2026-0001/"), 404, "not_found")

    def test_never_see_each_others_holders(
        self, association: APIClient, guarantor: APIClient, other_holder: Holder
    ) -> None:
        def references(client: APIClient) -> list[str]:
            return [row["id"] for row in ok(client.get(f"{API}/holders/"))["results"]]

        assert references(association) == ["CHN/071/1001"]
        assert references(guarantor) == ["KAZ/085/77"]
        assert ok(association.get(f"{API}/holders/?id=KAZ/085/77"))["results"] == []

    def test_never_see_each_others_liability(self, association: APIClient, guarantor: APIClient) -> None:
        assert ok(association.get(f"{API}/associations/071/liability/"))["association"] == "071"
        problem(association.get(f"{API}/associations/085/liability/"), 404, "not_found")
        problem(guarantor.get(f"{API}/associations/071/liability/"), 404, "not_found")

    def test_cannot_tell_from_a_refused_issue_that_a_holder_is_the_others(
        self, association: APIClient, other_holder: Holder
    ) -> None:
        """Neither that it exists, nor that it is suspended, nor where it is excluded."""
        real = association.post(f"{API}/carnets/", issue_body(holder=other_holder.reference))
        invented = association.post(f"{API}/carnets/", issue_body(holder="KAZ/085/99"))

        found, absent = problem(real, 422, "holder_unknown"), problem(invented, 422, "holder_unknown")
        assert found.pop("holder") == "KAZ/085/77"
        assert absent.pop("holder") == "KAZ/085/99"
        assert found == absent

    def test_cannot_tell_from_a_refused_issue_that_a_guarantee_is_the_others(
        self, association: APIClient, other_guarantee: Guarantee
    ) -> None:
        real = association.post(f"{API}/carnets/", issue_body(guarantee=other_guarantee.reference))
        invented = association.post(f"{API}/carnets/", issue_body(guarantee="KZ-2026-8"))

        found, absent = problem(real, 422, "guarantee_unknown"), problem(invented, 422, "guarantee_unknown")
        assert fields(found) == fields(absent) == {"guarantee": "guarantee_unknown"}
        assert {**found, "guarantee": ""} == {**absent, "guarantee": ""}


class TestAnAssociationWithoutMembership:
    @pytest.mark.parametrize("address", ["guarantees/", "holders/", "claims/"])
    def test_is_told_to_ask_for_one(self, person: Person, address: str) -> None:
        found = problem(person(Role.ASSOCIATION).get(f"{API}/{address}"), 403, "no_association")

        assert "administrator" in found["detail"]

    def test_sees_no_carnet(self, person: Person, stamped: Carnet) -> None:
        assert ok(person(Role.ASSOCIATION).get(f"{API}/carnets/"))["results"] == []


class TestTheSecretariat:
    def test_sees_every_carnet_guarantee_and_liability(
        self, person: Person, stamped: Carnet, other_guarantee: Guarantee
    ) -> None:
        secretariat = person(Role.SECRETARIAT)

        assert ok(secretariat.get(about(stamped)[0]))["goods"]
        assert len(ok(secretariat.get(lists_of(stamped)[0]))["results"]) == 3
        assert len(ok(secretariat.get(f"{API}/guarantees/"))["results"]) == 2
        for code in ("071", "085", "092"):
            assert ok(secretariat.get(f"{API}/associations/{code}/liability/"))["association"] == code


class TestAnAuditor:
    def test_without_a_country_sees_every_country(
        self, person: Person, stamped: Carnet, other_guarantee: Guarantee
    ) -> None:
        auditor = person(Role.AUDITOR)

        assert ok(auditor.get(about(stamped)[0]))["goods"]
        assert len(ok(auditor.get(f"{API}/guarantees/"))["results"]) == 2
        assert len(ok(auditor.get(lists_of(stamped)[1]))["results"]) >= 2

    def test_of_a_country_sees_its_association_and_no_other(
        self, person: Person, stamped: Carnet, other_guarantee: Guarantee
    ) -> None:
        auditor = person(Role.AUDITOR, country="KZ")

        assert [row["reference"] for row in ok(auditor.get(f"{API}/guarantees/"))["results"]] == ["KZ-2026-9"]
        assert ok(auditor.get(f"{API}/associations/085/liability/"))["association"] == "085"
        problem(auditor.get(f"{API}/associations/071/liability/"), 404, "not_found")
        assert {row["operation"] for row in ok(auditor.get(lists_of(stamped)[1]))["results"]} == {2}
