"""Claims over HTTP: both sides see the same checks; each takes its own steps; a premature claim is contested."""

from base64 import b64encode
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from carnets.models import Carnet
from tests.api.calls import API, ago, ok, problem, refused_fields, today
from tests.api.conftest import Client, Issue, Person
from tests.world import World, add_kyrgyzstan, reconcile
from tir.accounts.models import Role
from tir.kernel.clock import now

DAY = timedelta(days=1)
PDF = b"%PDF-1.7 a scan of the letter %%EOF"


@pytest.fixture
def carnet(world: World, issue: Issue) -> Carnet:
    """Entered Kazakhstan eighty days ago, and was never seen again."""
    carnet = issue(days=82)
    for page, days in ((1, 81), (2, 80.5), (3, 80)):
        world.stamp(
            carnet, page, ago(days=days), seals_intact=True, seals_affixed=("A-1",) if page == 1 else None
        )
    reconcile(now())
    return carnet


@pytest.fixture
def claim(hq: APIClient, carnet: Carnet) -> dict[str, Any]:
    found: dict[str, Any] = ok(
        hq.post(f"{API}/claims/", {"carnet": carnet.number, "operation": 2, "reason": "No trace."}), 201
    )
    return found


def step(client: APIClient, claim: dict[str, Any], verb: str, **said: Any) -> Any:
    return client.post(f"{API}/claims/{claim['id']}/{verb}/", said, format="json")


def unmet(claim: dict[str, Any]) -> set[str]:
    return {check["code"] for check in claim["checks"] if not check["holds"]}


def demanded(on: date, **said: Any) -> dict[str, Any]:
    return {
        "on": str(on), "amount": "60000.00", "currency": "EUR", "debtor": "Silk Road Haulage",
        "debtor_pursued_on": str(on - DAY), **said,
    }  # fmt: skip


class TestAClaim:
    def test_shows_its_checks_and_clocks_from_the_first_day(self, claim: dict[str, Any]) -> None:
        assert unmet(claim) == {
            "association_not_notified", "holder_not_notified", "debtor_not_identified", "debtor_not_pursued",
        }  # fmt: skip
        assert all(check["article"] and check["detail"] for check in claim["checks"])
        assert [clock["step"] for clock in claim["clocks"]] == ["notify"]
        assert claim["documents"] == []

    def test_meets_every_condition_when_all_was_done_in_time(
        self, hq: APIClient, guarantor: APIClient, claim: dict[str, Any]
    ) -> None:
        ok(step(hq, claim, "notify", on=str(today() - 40 * DAY), holder_notified_on=str(today() - 41 * DAY)))
        ok(step(hq, claim, "demand", **demanded(today())))

        found = ok(guarantor.get(f"{API}/claims/{claim['id']}/"))

        assert unmet(found) == set()
        assert {clock["step"]: clock["answer"] for clock in found["clocks"]} == {
            "notify": "open", "demand": "open", "pay": "open", "reimburse": "open",
        }  # fmt: skip

    def test_is_refused_when_premature_with_its_first_day(self, hq: APIClient, claim: dict[str, Any]) -> None:
        ok(step(hq, claim, "notify", on=str(today())))

        found = problem(step(hq, claim, "demand", **demanded(today())), 422, "too_early")

        assert found["article"] == "art. 11(3)"
        assert found["earliest"] > str(today())

    def test_has_proceedings_that_move_its_last_day(self, hq: APIClient, claim: dict[str, Any]) -> None:
        ok(step(hq, claim, "notify", on=str(today() - 40 * DAY)))

        found = ok(step(hq, claim, "proceedings", began_on=str(today() - 10 * DAY)))

        demand = next(clock for clock in found["clocks"] if clock["step"] == "demand")
        assert demand["latest"] is None
        assert found["events"][-1]["verb"] == "proceedings"

    def test_is_opened_by_the_member_of_the_union_where_the_irregularity_is_established(
        self, world: World, person: Person, carnet: Carnet
    ) -> None:
        """Entered through Kazakhstan, gone in Bishkek: customs there claim, and their association is liable."""
        add_kyrgyzstan(world)
        body = {"carnet": carnet.number, "operation": 2, "reason": "Unloaded in Bishkek."}
        here, elsewhere = (person(Role.CUSTOMS_HQ, country=country) for country in ("KG", "UZ"))

        problem(elsewhere.post(f"{API}/claims/", body), 403, "forbidden")
        found = ok(here.post(f"{API}/claims/", body), 201)

        assert (found["country"], found["association"]) == ("KG", "086")
        assert carnet.operations.get(sequence=2).guarantor == world.associations["KG"]

    def test_takes_the_day_of_receipt_that_the_association_states(
        self, hq: APIClient, guarantor: APIClient, claim: dict[str, Any]
    ) -> None:
        problem(step(guarantor, claim, "acknowledge"), 409, "claim_step_not_allowed")
        ok(step(hq, claim, "notify", on=str(today() - 3 * DAY)))
        problem(step(hq, claim, "acknowledge", on=str(today())), 403, "forbidden")

        found = ok(step(guarantor, claim, "acknowledge", on=str(today() - 2 * DAY)))

        assert (found["notified_on"], found["received_on"]) == (
            str(today() - 3 * DAY),
            str(today() - 2 * DAY),
        )
        assert "receipt_disputed" in unmet(found)

    def test_is_notified_to_the_holder_on_its_own(self, hq: APIClient, claim: dict[str, Any]) -> None:
        found = ok(step(hq, claim, "notify-holder", on=str(today())))

        assert (found["status"], found["holder_notified_on"]) == ("opened", str(today()))
        assert "holder_not_notified" not in unmet(found)

    def test_costs_as_many_statements_for_three_as_for_one(
        self, world: World, hq: APIClient, claim: dict[str, Any], issue: Issue
    ) -> None:
        def counted() -> int:
            with CaptureQueriesContext(connection) as spent:
                ok(hq.get(f"{API}/claims/"))
            return len(spent)

        hq.get(f"{API}/claims/")
        one = counted()
        for _number in range(2):
            other = issue(days=80)
            for page, days in ((1, 79), (2, 78), (3, 77)):
                world.stamp(other, page, ago(days=days))
            ok(
                hq.post(f"{API}/claims/", {"carnet": other.number, "operation": 2, "reason": "No trace."}),
                201,
            )

        assert counted() == one


class TestALetter:
    def test_that_is_premature_is_recorded_and_contested_with_the_finding(
        self, hq: APIClient, guarantor: APIClient, claim: dict[str, Any]
    ) -> None:
        ok(step(hq, claim, "notify", on=str(today() - 20 * DAY), holder_notified_on=str(today() - 20 * DAY)))
        on = today() - 5 * DAY
        received = ok(step(guarantor, claim, "letters", kind="demand", **demanded(on)))
        assert (received["status"], unmet(received)) == ("claimed", {"claim_premature"})

        found = ok(step(guarantor, claim, "contest", grounds=["claim_premature"]))

        event = found["events"][-1]
        assert (found["status"], event["verb"]) == ("contested", "contest")
        assert event["facts"]["grounds"] == ["claim_premature"]
        assert event["remark"].startswith("Premature: the first day for a claim is ")
        assert event["remark"].endswith("(art. 11(3))")

    def test_may_be_a_late_notification(self, guarantor: APIClient, claim: dict[str, Any]) -> None:
        found = ok(step(guarantor, claim, "letters", kind="notification", on=str(today())))

        assert (found["status"], found["notified_on"]) == ("notified", str(today()))

    def test_is_recorded_by_who_received_it(
        self, hq: APIClient, association: APIClient, guarantor: APIClient, claim: dict[str, Any]
    ) -> None:
        received = {"kind": "notification", "on": str(today())}
        problem(step(hq, claim, "letters", **received), 403, "forbidden")
        problem(step(association, claim, "letters", **received), 403, "forbidden")

        ok(step(guarantor, claim, "letters", **received))

    def test_needs_the_sum_it_claims(self, guarantor: APIClient, claim: dict[str, Any]) -> None:
        assert refused_fields(step(guarantor, claim, "letters", kind="demand")) == {"amount": "required"}
        answer = step(guarantor, claim, "letters", kind="demand", amount="1.00")
        assert refused_fields(answer) == {"currency": "required"}


class TestContesting:
    @pytest.fixture
    def notified(self, hq: APIClient, claim: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = ok(step(hq, claim, "notify", on=str(today() - 20 * DAY)))
        return found

    def test_needs_a_word_or_a_ground(self, guarantor: APIClient, notified: dict[str, Any]) -> None:
        assert refused_fields(step(guarantor, notified, "contest")) == {"remark": "required"}

    def test_on_a_ground_that_holds_is_refused(self, guarantor: APIClient, notified: dict[str, Any]) -> None:
        found = problem(step(guarantor, notified, "contest", grounds=["claim_lapsed"]), 422, "ground_holds")

        assert "holder_not_notified" in found["possible"]

    def test_keeps_the_associations_own_words(self, guarantor: APIClient, notified: dict[str, Any]) -> None:
        found = ok(
            step(guarantor, notified, "contest", grounds=["holder_not_notified"], remark="No letter came.")
        )

        assert found["events"][-1]["remark"] == "No letter came."


class TestDocuments:
    def attach(self, client: APIClient, claim: dict[str, Any], **changes: Any) -> Any:
        said = {"kind": "notice", "name": "Notice.pdf", "content_type": "application/pdf"}
        return step(client, claim, "documents", content=b64encode(PDF).decode(), **{**said, **changes})

    def test_are_added_by_either_side_and_read_by_both(
        self, hq: APIClient, guarantor: APIClient, association: APIClient, claim: dict[str, Any]
    ) -> None:
        added = ok(self.attach(hq, claim), 201)
        listed = ok(guarantor.get(f"{API}/claims/{claim['id']}/"))["documents"]

        assert [row["sha256"] for row in listed] == [added["sha256"]]
        answer = association.get(f"{API}/claims/{claim['id']}/documents/{added['id']}/")
        assert (answer.status_code, answer.content) == (200, PDF)
        assert answer["Content-Type"] == "application/pdf"
        assert answer["X-Content-Type-Options"] == "nosniff"

    def test_are_no_business_of_others(
        self, client_of: Client, world: World, hq: APIClient, person: Person, claim: dict[str, Any]
    ) -> None:
        added = ok(self.attach(hq, claim), 201)
        address = f"{API}/claims/{claim['id']}/documents/{added['id']}/"
        assert hq.get(address).content == PDF
        for other in (client_of(world.staff["UZ"]), person(Role.CUSTOMS_HQ, country="UZ")):
            problem(other.get(address), 404, "not_found")
            problem(self.attach(other, claim), 404, "not_found")

    def test_of_another_claim_are_not_found_here(
        self, guarantor: APIClient, person: Person, world: World, carnet: Carnet, claim: dict[str, Any]
    ) -> None:
        """The association of Kazakhstan answers one claim about this carnet, and that of Uzbekistan another."""
        world.stamp(carnet, 5, ago(days=70), is_offline=True)
        uzbek = person(Role.CUSTOMS_HQ, country="UZ")
        body = {"carnet": carnet.number, "operation": 3, "reason": "No trace."}
        theirs = ok(uzbek.post(f"{API}/claims/", body), 201)
        paper = ok(self.attach(uzbek, theirs), 201)
        own = ok(self.attach(guarantor, claim), 201)

        assert uzbek.get(f"{API}/claims/{theirs['id']}/documents/{paper['id']}/").status_code == 200
        assert guarantor.get(f"{API}/claims/{claim['id']}/documents/{own['id']}/").status_code == 200
        problem(guarantor.get(f"{API}/claims/{claim['id']}/documents/{paper['id']}/"), 404, "not_found")
        problem(guarantor.get(f"{API}/claims/{theirs['id']}/documents/{paper['id']}/"), 404, "not_found")

    def test_are_base64(self, hq: APIClient, claim: dict[str, Any]) -> None:
        problem(step(hq, claim, "documents", kind="notice", name="x", content_type="application/pdf",
                     content="§"), 400, "document_unreadable")  # fmt: skip
        ok(step(hq, claim, "documents", kind="notice", name="x", content_type="application/pdf",
                content=b64encode(PDF).decode()), 201)  # fmt: skip

    def test_are_what_they_say(self, hq: APIClient, claim: dict[str, Any]) -> None:
        problem(self.attach(hq, claim, content_type="image/png"), 422, "document_refused")
        ok(self.attach(hq, claim, content_type="application/pdf"), 201)

    def test_are_taken_once(self, hq: APIClient, claim: dict[str, Any]) -> None:
        ok(self.attach(hq, claim), 201)

        problem(self.attach(hq, claim, name="Other.pdf"), 409, "document_exists")
