"""What an association owes, over the API: every figure opens to its rows, nobody sees more than art. 8 and 11 need."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from carnets.models import Carnet
from guarantees.claims import steps as claims
from guarantees.claims.opening import open_claim
from guarantees.models import Claim
from tests.api.calls import API, ago, ok, problem, refused_fields
from tests.guarantees.claiming import to_claim
from tests.traffic import some_traffic
from tests.world import World

pytestmark = pytest.mark.usefixtures("as_worker")  # it folds

ISSUER, GUARANTOR = f"{API}/associations/071/liability/", f"{API}/associations/085/liability/"
FILTER_OF = {
    "holders": "holder", "guarantees": "guarantee", "issuers": "issuer", "territories": "country",
    "corridors": "corridor",
}  # fmt: skip


@pytest.fixture
def traffic(world: World) -> list[Carnet]:
    return some_traffic(world)


def rows(client: APIClient, address: str, **asked: Any) -> dict[str, Any]:
    """Read every page of a list and return the first answer with all results."""
    answer = ok(client.get(f"{address}operations/", {"page_size": 2, **asked}))
    after = answer["next"]
    while after:
        page = ok(client.get(after))
        answer["results"] += page["results"]
        after = page["next"]
    return answer  # type: ignore[no-any-return]


def adds_up(listed: dict[str, Any], amount: str, count: int) -> None:
    """The rows, and what the list says of them, are the figure they stand behind."""
    assert listed["total"] == {"amount": amount, "count": count}
    assert sum(Decimal(row["amount"]) for row in listed["results"]) == Decimal(amount)
    assert len(listed["results"]) == count


class TestLiability:
    @pytest.mark.parametrize("as_of", [{}, {"as_of": "past"}], ids=["now", "past"])
    def test_opens_every_figure_to_rows_that_add_up_to_it(
        self, association: APIClient, traffic: list[Carnet], as_of: dict[str, str]
    ) -> None:
        asked = {"as_of": ago(days=12).isoformat()} if as_of else {}
        page = ok(association.get(ISSUER, {"largest": 1, **asked}))

        for side, figures in page["by"].items():
            total = page[side]
            count = total.get("open_carnets", total.get("open_operations"))
            adds_up(rows(association, ISSUER, side=side, **asked), total["exposure"], count)
            for name, breakdown in figures.items():
                if name == "ageing":
                    for band in breakdown:
                        found = rows(association, ISSUER, side=side, age=band["age"], **asked)
                        adds_up(found, band["amount"], band["operations"])
                    continue
                rest = breakdown["rest"]
                parts = [Decimal(part["amount"]) for part in breakdown["parts"]]
                assert sum(parts) + Decimal(rest["amount"]) == Decimal(total["exposure"])
                for part in breakdown["parts"]:
                    found = rows(association, ISSUER, side=side, **{FILTER_OF[name]: part["key"]}, **asked)
                    adds_up(found, part["amount"], part["count"])

    def test_says_what_share_of_each_ceiling_is_used(
        self, association: APIClient, traffic: list[Carnet]
    ) -> None:
        page = ok(association.get(ISSUER))

        shares = {part["key"]: part["share"] for part in page["by"]["issued"]["guarantees"]["parts"]}
        assert shares["CN-2026-0002"] == "0.2500"
        assert Decimal(page["issued"]["share"]) == round(
            Decimal(page["issued"]["exposure"]) / Decimal(page["issued"]["ceiling"]), 4
        )

    def test_ends_its_history_with_the_figure_itself(
        self, association: APIClient, traffic: list[Carnet]
    ) -> None:
        page = ok(association.get(ISSUER))

        assert [len(points) for points in page["history"].values()] == [25, 25, 25]
        for side, points in page["history"].items():
            assert points[-1]["amount"] == page[side]["exposure"]
            earlier = points[-3]
            then = ok(association.get(ISSUER, {"as_of": earlier["on"]}))
            assert earlier["amount"] == then[side]["exposure"]

    def test_follows_a_claim_from_notification_to_money(
        self, guarantor: APIClient, world: World, traffic: list[Carnet]
    ) -> None:
        before = ok(guarantor.get(GUARANTOR))
        claim = claim_in_kazakhstan(traffic[1], world)
        claims.notify(
            claim_id=claim.pk, received_on=ago(days=40).date(), by=world.staff["KZ"], at=ago(days=40)
        )
        claims.demand(
            claim_id=claim.pk, amount=Decimal("41234.56"), currency="EUR", debtor="Silk Road Haulage",
            debtor_pursued_on=ago(days=30).date(), on=ago(days=3).date(), by=world.staff["KZ"], at=ago(days=3),
        )  # fmt: skip

        now, then = (
            ok(guarantor.get(GUARANTOR)),
            ok(guarantor.get(GUARANTOR, {"as_of": ago(days=9).isoformat()})),
        )

        assert now["territory"] == before["territory"], "a claim moves nothing in the ledger"
        assert now["stages"]["territory"]["claimed"] == {
            "exposure": "60000.00", "operations": 1, "claimed": "41234.56", "claims": 1,
        }  # fmt: skip
        assert then["stages"]["territory"]["notified"]["exposure"] == "60000.00"
        assert (then["claims"]["notified"]["count"], now["claims"]["claimed"]["amount"]) == (1, "41234.56")
        assert Decimal(before["worst_case"]["territory"]) - Decimal(
            now["worst_case"]["territory"]
        ) == Decimal("18765.44")
        for stage, at_stage in now["stages"]["territory"].items():
            listed = rows(guarantor, GUARANTOR, side="territory", stage=stage)
            adds_up(listed, at_stage["exposure"], at_stage["operations"])
            assert (listed["claimed"], {row["stage"] for row in listed["results"]} - {stage}) == (
                at_stage["claimed"], set(),
            )  # fmt: skip

    def test_does_not_read_more_for_more_carnets(self, association: APIClient, traffic: list[Carnet]) -> None:
        with CaptureQueriesContext(connection) as page:
            ok(association.get(ISSUER))
        with CaptureQueriesContext(connection) as listed:
            ok(association.get(f"{ISSUER}operations/?side=under_way"))

        assert (len(page), len(listed)) == (18, 12)  # four of each: a transaction, and in whose name it reads


def claim_in_kazakhstan(carnet: Carnet, world: World) -> Claim:
    return open_claim(
        operation=to_claim(carnet, 2),
        reason="No termination anywhere.",
        is_fraud=False,
        by=world.officers["KZHOR001"],
        at=ago(days=45),
    )


class TestAGuarantor:
    def test_sees_of_foreign_carnets_what_art_8_and_11_need_and_no_more(
        self, guarantor: APIClient, traffic: list[Carnet]
    ) -> None:
        listed = rows(guarantor, GUARANTOR, side="territory")

        assert {row["territory"] for row in listed["results"]} == {"KZ"}
        assert listed["results"][0]["holder"] == {
            "id": "CHN/071/1001", "name": "Silk Road Haulage", "address": "1 Beijing Rd, Urumqi",
        }  # fmt: skip
        assert {(row["guarantee"], row["corridor"]) for row in listed["results"]} == {(None, None)}
        page = json.dumps([listed, ok(guarantor.get(GUARANTOR))])
        for secret in ("CN-2026-0001", "CN-2026-0002", "Cotton", "01KZ123ABC"):
            assert secret not in page

    def test_sees_no_operation_elsewhere_and_nothing_issued_by_others(
        self, guarantor: APIClient, traffic: list[Carnet]
    ) -> None:
        for side in ("issued", "under_way"):
            adds_up(rows(guarantor, GUARANTOR, side=side), "0.00", 0)

    def test_may_not_ask_by_a_foreign_guarantee(self, guarantor: APIClient, traffic: list[Carnet]) -> None:
        answer = guarantor.get(f"{GUARANTOR}operations/?side=territory&guarantee=CN-2026-0001")

        assert refused_fields(answer) == {"guarantee": "not_of_side"}

    def test_agrees_with_the_issuer_on_every_operation(
        self, association: APIClient, guarantor: APIClient, traffic: list[Carnet]
    ) -> None:
        def seen(client: APIClient, address: str, **asked: str) -> set[tuple[Any, ...]]:
            shown = ("carnet", "page", "amount", "currency", "since", "stage", "claimed")
            return {tuple(row[name] for name in shown) for row in rows(client, address, **asked)["results"]}

        by_issuer = seen(association, ISSUER, side="under_way", country="KZ")
        assert by_issuer
        assert by_issuer == seen(guarantor, GUARANTOR, side="territory")

    @pytest.mark.parametrize("path", ["", "operations/", "operations/?side=territory"])
    def test_never_reads_the_others_liability(
        self, association: APIClient, guarantor: APIClient, traffic: list[Carnet], path: str
    ) -> None:
        problem(guarantor.get(f"{ISSUER}{path}"), 404, "not_found")
        problem(association.get(f"{GUARANTOR}{path}"), 404, "not_found")


class TestAList:
    def test_of_unknown_names_is_empty(self, association: APIClient, traffic: list[Carnet]) -> None:
        for asked in ({"holder": "CHN/071/9"}, {"corridor": "CN-AQ"}, {"currency": "XAF"}):
            adds_up(rows(association, ISSUER, side="issued", **asked), "0.00", 0)

    @pytest.mark.parametrize(
        ("asked", "at_fault"),
        [
            ({"side": "both"}, {"side": "unknown_choice"}),
            ({"age": "0-31"}, {"age": "unknown_choice"}),
            ({"as_of": "yesterday"}, {"as_of": "not_a_time"}),
            ({"side": "issued", "stage": "claimed"}, {"stage": "not_of_side"}),
            ({"stage": "claimed", "holder": "CHN/071/1001"}, {"stage": "not_with_others"}),
        ],
    )
    def test_refuses_what_nobody_can_mean(
        self, association: APIClient, traffic: list[Carnet], asked: dict[str, str], at_fault: dict[str, str]
    ) -> None:
        assert refused_fields(association.get(f"{ISSUER}operations/", asked)) == at_fault
