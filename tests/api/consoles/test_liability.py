"""The liability pages: the same figures as the API's, each with its rows, for whom they are."""

import csv
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from html.parser import HTMLParser
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client
from rest_framework.test import APIClient

from carnets.models import Carnet
from guarantees.claims import steps as claims
from tests.api.calls import ago, ok
from tests.api.consoles.conftest import Reader
from tests.api.test_liability import claim_in_kazakhstan
from tests.traffic import some_traffic
from tests.world import World
from tir.accounts.models import User

pytestmark = pytest.mark.usefixtures("as_worker")  # it folds

PAGE = "/console/liability/"
ROWS_ASKED = (
    "side=under_way",
    "side=under_way&country=KZ",
    "side=under_way&country=KZ&holder=CHN/071/1002",
    "side=issued&age=30-90",
)


@pytest.fixture
def traffic(world: World) -> list[Carnet]:
    return some_traffic(world)


@pytest.fixture
def issuer(world: World, reader: Reader) -> Client:
    return reader(world.staff["CN"])


@pytest.fixture
def guarantor(world: World, reader: Reader) -> Client:
    return reader(world.staff["KZ"])


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [str(value) for name, value in attrs if name == "href" and value]


def links(page: str) -> Iterator[str]:
    parser = Links()
    parser.feed(page)
    return (link for link in dict.fromkeys(parser.found) if link.startswith(PAGE))


def cards(page: str) -> dict[str, str]:
    """Return the figures of a page by their labels."""
    found = re.findall(r'"figure-label">([^<]*)</span>\s*<span class="figure-value">([^<]*)</span>', page)
    return dict(found)


def euro(amount: object) -> str:
    return f"EUR\xa0{Decimal(str(amount)):,.2f}"


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.content[:500])
    return answer.content.decode()


class TestTheLiabilityPage:
    @pytest.mark.parametrize("tab", ["issuer", "guarantor"])
    def test_leads_only_to_pages_that_open(self, issuer: Client, traffic: list[Carnet], tab: str) -> None:
        addresses = list(links(text(issuer, f"{PAGE}?tab={tab}")))

        assert len(addresses) > 20
        for address in addresses:
            text(issuer, address)

    def test_shows_each_side_its_own_figures(
        self, issuer: Client, guarantor: Client, traffic: list[Carnet]
    ) -> None:
        as_issuer, as_guarantor = text(issuer, PAGE), text(guarantor, f"{PAGE}?tab=guarantor")

        assert "EUR\xa0350,000.00" in as_issuer  # three carnets of 100,000 and one of 50,000
        assert "CN-2026-0001" in as_issuer
        assert "EUR\xa0110,000.00" in as_guarantor  # 60,000 and 50,000 in Kazakhstan
        assert "CN-2026-0001" not in as_guarantor

    def test_goes_back_to_any_day(self, issuer: Client, traffic: list[Carnet]) -> None:
        page = text(issuer, f"{PAGE}?as_of={traffic[1].issued_at:%Y-%m-%d}")

        assert "EUR\xa0200,000.00" in page  # two carnets were issued fifty days ago, and none before

    @pytest.mark.parametrize("path", ["", "rows/", "parts/?by=holder&side=issued", "claims/?stage=paid"])
    def test_of_another_association_is_not_there(
        self, issuer: Client, guarantor: Client, traffic: list[Carnet], path: str
    ) -> None:
        address = f"{PAGE}{path}{'&' if '?' in path else '?'}association=071"

        assert "CN-2026-0001" not in text(guarantor, address, 404)
        assert issuer.get(address).status_code == 200, "the same, to whose it is"

    def test_lets_the_secretariat_choose(
        self, people: dict[str, User], reader: Reader, traffic: list[Carnet]
    ) -> None:
        page = text(reader(people["secretariat"]), f"{PAGE}?association=085&tab=guarantor")

        assert "EUR\xa0110,000.00" in page
        assert '<option value="071">' in page


class TestFigures:
    """Page, API and export say one thing, on data where no two figures are alike."""

    @pytest.fixture
    def claimed(self, world: World, traffic: list[Carnet]) -> None:
        claim = claim_in_kazakhstan(traffic[1], world)
        by = world.staff["KZ"]
        claims.notify(claim_id=claim.pk, received_on=ago(days=40).date(), by=by, at=ago(days=40))
        claims.demand(
            claim_id=claim.pk, amount=Decimal("41234.56"), currency="EUR", debtor="Silk Road Haulage",
            debtor_pursued_on=ago(days=30).date(), on=ago(days=3).date(), by=by, at=ago(days=3),
        )  # fmt: skip

    @pytest.mark.usefixtures("claimed")
    def test_of_a_guarantor_are_those_of_the_api(
        self, guarantor: Client, client_of: Callable[[User], APIClient], world: World
    ) -> None:
        said = ok(client_of(world.staff["KZ"]).get("/api/v1/associations/085/liability/"))
        over_30 = sum(Decimal(band["amount"]) for band in said["ageing"][1:])

        shown = cards(text(guarantor, f"{PAGE}?tab=guarantor"))
        shown.pop("Deadlines in 30 days")  # found after the page stands

        assert shown == {
            "Exposure now": euro(said["territory"]["exposure"]),
            "Claimed, not yet paid": "EUR\xa041,234.56",
            "Open over 30 days": euro(over_30),
            "Worst case": euro(said["worst_case"]["territory"]),
        }
        assert said["worst_case"]["territory"] == "91234.56"  # 41,234.56 claimed, and 50,000 that may yet be
        assert len(set(shown.values())) == 4

    @pytest.mark.usefixtures("claimed")
    def test_of_an_issuer_are_those_of_the_api(
        self, issuer: Client, client_of: Callable[[User], APIClient], world: World
    ) -> None:
        said = ok(client_of(world.staff["CN"]).get("/api/v1/associations/071/liability/"))
        over_30 = sum(Decimal(band["amount"]) for band in said["by"]["under_way"]["ageing"][1:])

        shown = cards(text(issuer, PAGE))

        assert shown["Exposure now"] == euro(said["issued"]["exposure"]) == "EUR\xa0350,000.00"
        assert shown["Ceilings used"] == f"{Decimal(said['issued']['share']) * 100:.1f} %"
        assert shown["Open over 30 days"] == euro(over_30)
        assert shown["Worst case"] == euro(said["worst_case"]["under_way"])

    @pytest.mark.parametrize(
        "asked",
        [
            "side=under_way",
            "side=under_way&country=KZ",
            "side=under_way&country=KZ&holder=CHN/071/1002",
            "side=issued&age=30-90",
        ],
    )
    def test_of_rows_are_those_of_page_api_and_export(
        self,
        issuer: Client,
        client_of: Callable[[User], APIClient],
        world: World,
        traffic: list[Carnet],
        asked: str,
    ) -> None:
        said = ok(client_of(world.staff["CN"]).get(f"/api/v1/associations/071/liability/operations/?{asked}"))
        page = text(issuer, f"{PAGE}rows/?{asked}")
        answer = issuer.get(f"{PAGE}rows/?{asked}&export=csv")
        exported = list(csv.DictReader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))  # type: ignore[attr-defined]

        assert (
            said["total"]["count"]
            == len(said["results"])
            == page.count('data-label="Carnet"')
            == len(exported)
            > 0
        )
        assert euro(said["total"]["amount"]) in page
        assert sum(Decimal(row["Exposure"]) for row in exported) == Decimal(said["total"]["amount"])
        assert {row["Carnet"] for row in exported} == {row["carnet"] for row in said["results"]}

    def test_of_those_rows_differ_by_what_is_asked(self, issuer: Client, traffic: list[Carnet]) -> None:
        counts = [
            text(issuer, f"{PAGE}rows/?side=under_way{more}").count('data-label="Carnet"')
            for more in ("", "&country=KZ", "&country=KZ&holder=CHN/071/1002")
        ]

        assert counts == sorted(set(counts), reverse=True)


class TestDeadlinesSoon:
    def test_counts_what_its_own_page_lists(self, guarantor: Client, traffic: list[Carnet]) -> None:
        card = text(guarantor, f"{PAGE}soon/")
        listed = guarantor.get("/console/deadlines/?days=30&export=csv")

        lines = b"".join(listed.streaming_content).decode().strip().splitlines()  # type: ignore[attr-defined]
        assert f'<span class="figure-value">{len(lines) - 1}</span>' in card


class TestRows:
    def test_say_what_they_add_up_to(self, guarantor: Client, traffic: list[Carnet]) -> None:
        page = text(guarantor, f"{PAGE}rows/?side=territory")

        assert "EUR\xa0110,000.00" in page
        assert page.count('data-label="Carnet"') == 2
        assert "CN-2026-0001" not in page

    def test_are_exported_with_the_address_for_the_notification(
        self, guarantor: Client, traffic: list[Carnet]
    ) -> None:
        answer = guarantor.get(f"{PAGE}rows/?side=territory&export=csv")
        lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]

        assert len(lines) == 3
        assert "1 Beijing Rd, Urumqi" in lines[1]

    def test_are_narrowed(self, issuer: Client, traffic: list[Carnet]) -> None:
        page = text(issuer, f"{PAGE}rows/?side=under_way&country=KZ&holder=CHN/071/1002")

        assert page.count('data-label="Carnet"') == 1

    @pytest.mark.parametrize(
        ("wrong", "right"),
        [
            ("side=both", "side=issued"),
            ("side=territory&guarantee=CN-2026-0001", "side=issued&guarantee=CN-2026-0001"),
            ("side=issued&as_of=someday", "side=issued&as_of={yesterday}"),
        ],
    )
    def test_refuse_what_nobody_can_mean(
        self, issuer: Client, traffic: list[Carnet], wrong: str, right: str
    ) -> None:
        assert 'data-label="Carnet"' not in text(issuer, f"{PAGE}rows/?{wrong}", 400)
        assert 'data-label="Carnet"' in text(
            issuer, f"{PAGE}rows/?{right.format(yesterday=ago(days=1).date())}"
        )


class TestParts:
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_are_exported(self, issuer: Client, traffic: list[Carnet], kind: str) -> None:
        answer = issuer.get(f"{PAGE}parts/?side=issued&by=guarantee&export={kind}")

        assert f'.{kind}"' in answer["Content-Disposition"]
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        if kind == "xlsx":
            with ZipFile(BytesIO(content)) as book:
                content = b"".join(book.read(name) for name in book.namelist())
        assert b"CN-2026-0001" in content
