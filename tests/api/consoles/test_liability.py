"""The liability pages: the same figures as the API's, each with its rows, for whom they are."""

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client

from carnets.models import Carnet
from tests.api.consoles.conftest import Reader
from tests.traffic import some_traffic
from tests.world import World
from tir.accounts.models import User

PAGE = "/console/liability/"


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
        self, guarantor: Client, traffic: list[Carnet], path: str
    ) -> None:
        text(guarantor, f"{PAGE}{path}{'&' if '?' in path else '?'}association=071", 404)

    def test_lets_the_secretariat_choose(
        self, people: dict[str, User], reader: Reader, traffic: list[Carnet]
    ) -> None:
        page = text(reader(people["secretariat"]), f"{PAGE}?association=085&tab=guarantor")

        assert "EUR\xa0110,000.00" in page
        assert '<option value="071">' in page


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

    @pytest.mark.parametrize("asked", ["side=both", "side=territory&guarantee=CN-2026-0001", "as_of=someday"])
    def test_refuse_what_nobody_can_mean(self, issuer: Client, traffic: list[Carnet], asked: str) -> None:
        text(issuer, f"{PAGE}rows/?{asked}", 400)


class TestParts:
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_are_exported(self, issuer: Client, traffic: list[Carnet], kind: str) -> None:
        answer = issuer.get(f"{PAGE}parts/?side=issued&by=guarantee&export={kind}")

        assert f'.{kind}"' in answer["Content-Disposition"]
