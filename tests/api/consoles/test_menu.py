"""The menu: every page that has a label, for whom it is."""

import re

from api.consoles.menu import ORDER
from tests.api.consoles.conftest import Reader
from tests.api.endpoints import pages
from tests.world import World
from tir.accounts.models import User


class TestMenu:
    def test_has_every_page_with_a_label_once_and_no_other(self) -> None:
        """In one place, so that the order can be read."""
        labelled = [page.name for page in pages() if getattr(page.view, "menu", "")]

        assert sorted(labelled) == sorted(ORDER)

    def test_shows_what_the_role_may_open(self, world: World, reader: Reader) -> None:
        officer = reader(world.officers["CNURC001"]).get("/console/carnets/").content.decode()
        association = reader(world.staff["CN"]).get("/console/carnets/").content.decode()

        assert 'href="/console/irregularities/"' not in officer
        assert 'href="/console/irregularities/"' in association
        assert re.search(r'href="/console/carnets/" aria-current="page"', association)

    def test_leads_a_role_without_pages_nowhere(self, db: None, reader: Reader) -> None:
        answer = reader(User.objects.create_user("nobody")).get("/console/")

        assert answer.status_code == 403
        assert "forbidden" in answer.content.decode()
