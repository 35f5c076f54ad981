"""Whatever is sent to whichever page by whomever: no fault of ours, and no refusal of more than a megabyte.

Each role walks from its menu on through links and forms. The night (CRAWL_VALUES) sends values at random besides.
"""

import os

import pytest
from django.test import Client

from tests.api.consoles.conftest import Reader
from tests.api.consoles.crawling import ODD, Crawl, Page, kind_of, sampled
from tests.api.consoles.test_matrix import arguments  # noqa: F401  (a fixture: something of everything)
from tir.accounts.models import User

CALLERS = ("officer", "association", "customs_hq", "secretariat", "auditor", "system", "administrator")
AT_NIGHT = int(os.environ.get("CRAWL_VALUES", "0"))
SEED = int(os.environ.get("SEED", "1"))
# By day each role sends two or three of the values, others than its neighbour.
VALUES = list(ODD.values())


@pytest.mark.usefixtures("arguments")
@pytest.mark.parametrize("caller", CALLERS)
def test_every_page_answers_whatever_is_sent(caller: str, reader: Reader, people: dict[str, User]) -> None:
    crawl = Crawl(reader(people[caller]), most_pages=300 if AT_NIGHT else 50)
    crawl.walk()
    found, place = len(crawl.pages), CALLERS.index(caller)
    crawl.fuzz(VALUES[place :: len(CALLERS)] if not AT_NIGHT else [*VALUES, *sampled(SEED, AT_NIGHT)])

    assert crawl.faults == []
    assert found > 5, "the menu leads nowhere"
    assert crawl.asked > 50


def test_the_pages_without_sign_in_answer_whatever_is_sent(db: None) -> None:
    crawl = Crawl(Client())
    for begin in ("/console/sign-in/", "/check/"):
        crawl.walk(begin)
    crawl.fuzz(VALUES)

    assert crawl.faults == []
    assert {form.action for page in crawl.pages.values() for form in page.forms} >= {
        "/console/sign-in/",
        "/check/",
    }


class TestTheCrawler:
    def test_finds_links_forms_and_what_stands_in_fields(self) -> None:
        page = Page(
            "/console/a/",
            '<a href="../b/?x=1">b</a><form method="post"><input name="t" value="v"><select name="s"><option value="">'
            '</option><option value="2"></option></select><textarea name="w"></textarea><input type="file" name="f">',
        )

        assert page.links == {"/console/b/?x=1"}
        (form,) = page.forms
        assert (form.action, form.method) == ("/console/a/", "post")
        assert (form.fields, form.files) == ({"t": "v", "s": "2", "w": ""}, {"f"})

    def test_notes_a_fault_and_a_vast_refusal_and_nothing_else(self) -> None:
        from django.http import HttpResponse  # noqa: PLC0415

        crawl = Crawl(Client())
        for answer in (
            HttpResponse(status=500),
            HttpResponse(b"x" * 1_000_001, status=404),
            HttpResponse(b"x" * 1_000_001),
            HttpResponse(status=404),
        ):
            crawl._judge("asked", answer)

        assert crawl.faults == ["asked: 500", "asked: a refusal of 1000001 bytes"]

    def test_takes_addresses_alike_for_one_kind(self) -> None:
        assert kind_of("/console/carnets/XZ99000001/") == kind_of("/console/carnets/XZ99000002/")
        assert kind_of("/console/carnets/?status=a") != kind_of("/console/carnets/?holder=a")
