"""Who sees a run of the reconciliation: the administration that asked for it, and nobody else."""

from collections.abc import Callable
from datetime import timedelta

from rest_framework.test import APIClient

from carnets.models import ReconciliationRun
from tests.api.calls import API, ok, problem
from tests.api.conftest import Person
from tir.accounts.models import Role, User
from tir.kernel.clock import now


class TestAReconciliationRun:
    """Its figures tell of every country's carnets, so only the administration that asked reads them."""

    def test_is_visible_to_the_administration_that_asked(
        self, hq: APIClient, client_of: Callable[[User], APIClient]
    ) -> None:
        address = hq.post(f"{API}/reconciliation/runs/")["Location"]
        colleague = User.objects.create_user("colleague", roles=[Role.CUSTOMS_HQ], country="KZ")

        assert ok(hq.get(address))["status"] == "queued"
        assert ok(client_of(colleague).get(address))["status"] == "queued"

    def test_is_hidden_from_every_other(self, hq: APIClient, person: Person) -> None:
        address = hq.post(f"{API}/reconciliation/runs/")["Location"]

        problem(person(Role.CUSTOMS_HQ, country="UZ").get(address), 404, "not_found")
        problem(person(Role.CUSTOMS_HQ).get(address), 404, "not_found")
        ok(hq.get(address))

    def test_that_has_not_begun_is_the_same_for_who_asks_again(
        self, hq: APIClient, client_of: Callable[[User], APIClient], person: Person
    ) -> None:
        """However often somebody asks, one row and one task wait for each administration."""
        colleague = client_of(User.objects.create_user("colleague", roles=[Role.CUSTOMS_HQ], country="KZ"))
        asking = [hq, hq, colleague, person(Role.CUSTOMS_HQ, country="UZ")]
        first, again, theirs, another = (
            each.post(f"{API}/reconciliation/runs/").json()["id"] for each in asking
        )

        assert first == again == theirs != another
        ReconciliationRun.objects.filter(pk=first).update(status="running", started_at=now())
        assert hq.post(f"{API}/reconciliation/runs/").json()["id"] not in (first, another)

    def test_of_the_clock_is_nobodys(self, hq: APIClient) -> None:
        run = ReconciliationRun.objects.create(requested_at=now() - timedelta(minutes=1))
        address = f"{API}/reconciliation/runs/{run.pk}/"

        problem(hq.get(address), 404, "not_found")
        ReconciliationRun.objects.update(requested_by=User.objects.get(roles=[Role.CUSTOMS_HQ], country="KZ"))
        ok(hq.get(address))

    def test_that_failed_does_not_quote_what_it_stumbled_on(self, hq: APIClient) -> None:
        answer = hq.post(f"{API}/reconciliation/runs/")
        ReconciliationRun.objects.update(status="failed", failure="DataError('… CHN/071/1001 …')")

        found = ok(hq.get(answer["Location"]))

        assert found["status"] == "failed"
        assert "CHN" not in found["failure"]
        assert found["failure"]
