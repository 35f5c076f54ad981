"""Setting a country up on pages: what is missing, the forms, and a second person's approval."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from checkpoints.models import CustomsOffice
from checkpoints.posts.missing import missing
from checkpoints.staff.programs import NewProgram, open_program
from guarantees.models import Association, CustomsTerritory, Guarantee, TerritoryMember
from tests.api.consoles.conftest import Reader
from tests.world import World
from tir.accounts.models import Role, User
from tir.approvals.models import Approval
from tir.kernel.clock import now
from tir.registers.models import Change
from tir.signin import inviting


@pytest.fixture
def hq(reader: Reader, db: None) -> Client:
    return reader(User.objects.create_user("aida", roles=[Role.CUSTOMS_HQ], country="GE"))


@pytest.fixture
def second(reader: Reader, db: None) -> Client:
    return reader(User.objects.create_user("beka", roles=[Role.CUSTOMS_HQ], country="GE"))


def fill(client: Client, register: str, **said: object) -> str:
    """Send a form and return the page it leads to."""
    answer = client.post(f"/console/setup/{register}/new/", {"reason": "Order 1", **said}, follow=True)
    assert answer.redirect_chain, re.findall(r"invalid-feedback[^>]*>(.*?)</div>", answer.content.decode())
    return answer.content.decode()


class TestAnEmptyInstallation:
    def test_leads_to_what_is_missing(self, hq: Client) -> None:
        assert hq.get("/").headers["Location"] == "/console/"
        assert hq.get("/console/").headers["Location"] == "/console/setup/"

    def test_that_is_not_empty_leads_to_work(self, world: World, reader: Reader) -> None:
        staff = reader(User.objects.create_user("c", roles=[Role.CUSTOMS_HQ], country="CN"))

        assert staff.get("/console/").headers["Location"] == "/console/post/"

    def test_is_set_up_step_by_step_and_each_step_is_ticked(self, hq: Client, second: Client) -> None:
        before = hq.get("/console/setup/").content.decode()
        assert before.count('status-unknown">missing') == 11
        fill(hq, "territories", code="GE", name_en="Georgia", default_transit_days=8, grace_hours=24,
             mass_tolerance=20, reports="on")  # fmt: skip
        fill(hq, "members", territory="GE", country="GE", valid_from="2026-01-01")
        fill(hq, "associations", code="033", country="GE", name="GIRCA", time_zone="Asia/Tbilisi",
             quota_penalty=5, quota_blocked_from=3, stock_alarm=500)  # fmt: skip
        for code in ("GETBS001", "GEBAT001"):
            fill(hq, "offices", code=code, territory="GE", name_en=code, latitude="41.7", longitude="44.8",
                 time_zone="Asia/Tbilisi", roles=["departure", "destination"], valid_from="2026-01-01")  # fmt: skip
        page = fill(hq, "guarantees", reference="GE-POOL", association="033", amount_per_carnet="60000",
                    ceiling="900000.00", currency="EUR", valid_from="2026-01-01")  # fmt: skip

        assert "another person approves it" in page
        assert not Guarantee.objects.exists()
        waiting = second.get("/console/setup/approvals/").content.decode()
        address = re.findall(r'href="(/console/setup/approvals/[0-9]+/approve/)"', waiting)
        assert len(address) == 1
        assert address[0] not in hq.get("/console/setup/approvals/").content.decode()
        second.post(address[0], {"reason": ""}, follow=True)

        assert Guarantee.objects.get().reference == "GE-POOL"
        after = hq.get("/console/setup/").content.decode()
        assert after.count('status-unknown">missing') == 6
        assert (CustomsOffice.objects.count(), TerritoryMember.objects.count()) == (2, 1)
        assert Association.objects.get().name == "GIRCA"


class TestTheNextStep:
    def test_is_the_first_that_the_reader_can_do(self, hq: Client) -> None:
        """Headquarters invite nobody and give no numbers: they are not led where they may not go."""
        page = hq.get("/console/setup/").content.decode()
        assert page.count('aria-current="step"') == 1
        assert 'btn-primary" href="/console/setup/territories/new/"' in page
        assert "/console/people/" not in page
        assert "/console/setup/number-ranges/new/" not in page

    def test_leads_an_administrator_to_people(self, reader: Reader, db: None) -> None:
        page = reader(User.objects.create_user("root", roles=[Role.ADMINISTRATOR])).get("/console/setup/")
        assert 'btn-primary" href="/console/people/invite/?role=customs_hq"' in page.content.decode()

    def test_waits_for_who_was_invited_and_goes_on(self, reader: Reader, db: None) -> None:
        invited = User(username="dana", roles=[Role.CUSTOMS_HQ], country="GE", is_active=False)
        invited.set_unusable_password()
        invited.save()
        inviting.invite(person=invited, by=None, reason="Order 1", at=now())
        root = User.objects.create_user("root", roles=[Role.ADMINISTRATOR])
        said = reader(root).get("/console/setup/").content.decode()
        assert 'status-look">invited' in said
        assert 'btn-primary" href="/console/setup/territories/new/"' in said

        inviting.revoke(person=invited, by=root, reason="Another came.", at=now())
        said = reader(root).get("/console/setup/").content.decode()
        assert 'status-look">invited' not in said
        assert 'btn-primary" href="/console/people/invite/?role=customs_hq"' in said

    def test_counts_people_and_no_programs(self, world: World, db: None) -> None:
        def staff() -> tuple[int, int, bool]:
            (step,) = [each for each in missing("CN") if each.name == "staff"]
            return step.found, step.waiting, step.is_done

        person = world.staff["CN"]
        open_program(new=NewProgram("desk", "Issues", (Role.ASSOCIATION,)), by=person, at=now())
        assert staff() == (1, 0, True)

        person.is_active = False
        person.save()
        assert staff() == (0, 0, False)


class TestAForm:
    def test_says_every_error_at_once_beside_its_field(self, hq: Client) -> None:
        answer = hq.post("/console/setup/associations/new/", {
            "code": "33", "country": "Georgia", "name": "", "time_zone": "", "quota_penalty": 5,
            "quota_blocked_from": 3, "stock_alarm": 500, "reason": "",
        })  # fmt: skip

        page = answer.content.decode()
        assert answer.status_code == 422
        assert not Association.objects.exists()
        assert {
            "id_code_error",
            "id_country_error",
            "id_name_error",
            "id_time_zone_error",
            "id_reason_error",
        } <= set(re.findall(r'id="(id_\w+_error)"', page))

    def test_says_it_also_beside_what_cannot_be_read(self, hq: Client) -> None:
        answer = hq.post("/console/setup/maxima/new/", {
            "association": "", "amount": "much", "currency": "", "valid_from": "", "reason": "",
        })  # fmt: skip

        assert answer.status_code == 422
        found = set(re.findall(r'id="id_(\w+)_error"', answer.content.decode()))
        assert found == {"association", "amount", "currency", "valid_from", "reason"}

    def test_takes_codes_in_small_letters_for_what_they_are(self, hq: Client) -> None:
        fill(hq, "territories", code="ge", name_en="Georgia", default_transit_days=8, grace_hours=24,
             mass_tolerance=20, reports="on")  # fmt: skip
        assert CustomsTerritory.objects.get().code == "GE"

    def test_changes_an_entry_and_shows_its_versions(self, hq: Client) -> None:
        fill(hq, "territories", code="GE", name_en="Georgia", default_transit_days=8, grace_hours=24,
             mass_tolerance=20, reports="on")  # fmt: skip
        fill(hq, "members", territory="GE", country="GE", valid_from=str(date(2026, 1, 1)))
        address = f"/console/setup/territories/{CustomsTerritory.objects.get().pk}/"

        hq.post(address, {"name_en": "Sakartvelo", "default_transit_days": 8, "grace_hours": 24, "code": "XX",
                          "mass_tolerance": 20, "reports": "on", "reason": "Renamed"})  # fmt: skip

        row = CustomsTerritory.objects.get()
        assert (row.code, row.name_en) == ("GE", "Sakartvelo")
        assert "Renamed" in hq.get(address).content.decode()
        assert Change.objects.filter(noun="territory").count() == 2

    def test_of_another_country_is_refused(self, hq: Client, world: World) -> None:
        office = CustomsOffice.objects.get(code="CNURC001")

        assert hq.get(f"/console/setup/offices/{office.pk}/").status_code == 403

    def test_of_numbers_is_the_organizations(self, hq: Client, reader: Reader, world: World) -> None:
        organization = reader(User.objects.create_user("s", roles=[Role.SECRETARIAT]))

        assert hq.get("/console/setup/number-ranges/new/").status_code == 403
        page = fill(organization, "number-ranges", association="085", first="77000001", last="77000100")
        assert "77000001" in page


OFFICE_COLUMNS = (
    "code,territory,name_en,latitude,longitude,time_zone,roles,valid_from,name_ru,name_zh,valid_to"
)


def rows_of_offices(*rows: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("offices.csv", "\n".join([OFFICE_COLUMNS, *rows]).encode(), "text/csv")


class TestAFile:
    TBILISI = "GETBS001,GE,Tbilisi,41.7,44.8,Asia/Tbilisi,departure;destination,2026-01-01,,,"
    BATUMI = "GEBAT001,GE,Batumi,-41.6,41.6,Asia/Tbilisi,entry;exit,2026-01-01,,,"

    @pytest.fixture(autouse=True)
    def country(self, hq: Client) -> None:
        fill(hq, "territories", code="GE", name_en="Georgia", default_transit_days=8, grace_hours=24,
             mass_tolerance=20, reports="on")  # fmt: skip
        fill(hq, "members", territory="GE", country="GE", valid_from="2026-01-01")

    def send(self, client: Client, *rows: str, **said: str) -> Any:
        body = {"content": rows_of_offices(*rows), "reason": "Order 2", **said}
        return client.post("/console/setup/offices/import/", body)

    def test_is_entered_whole(self, hq: Client) -> None:
        assert self.send(hq, self.TBILISI, self.BATUMI).headers["Location"] == "/console/setup/offices/"
        assert set(CustomsOffice.objects.values_list("code", flat=True)) == {"GETBS001", "GEBAT001"}

    def test_downloaded_is_one_that_changes_nothing(self, hq: Client) -> None:
        self.send(hq, self.TBILISI, self.BATUMI)
        answer: Any = hq.get("/console/setup/offices/?export=csv")
        content = b"".join(answer.streaming_content)
        changes = Change.objects.count()

        again = {"content": SimpleUploadedFile("again.csv", content), "reason": "Again"}
        page = hq.post("/console/setup/offices/import/", again, follow=True).content.decode()
        assert "0 entered, 0 proposed, 2 unchanged, 0 faults." in page
        assert Change.objects.count() == changes

    def test_says_every_fault_and_enters_nothing(self, hq: Client) -> None:
        answer = self.send(
            hq, self.TBILISI, "GE1,GE,,91,44.8,Tbilisi,entry,2026-01-01,,,", "KZALA001" + self.BATUMI[8:]
        )
        page = answer.content.decode()
        assert answer.status_code == 422
        faults = ("csv:3: code", "csv:3: name_en", "csv:3: latitude", "csv:3: time_zone", "csv:4:")
        assert [each for each in faults if each not in page] == []
        assert not CustomsOffice.objects.exists()
        self.send(hq, self.TBILISI)
        assert CustomsOffice.objects.get().code == "GETBS001"

    def test_that_says_otherwise_changes_only_when_it_is_told_to(self, hq: Client) -> None:
        self.send(hq, self.TBILISI)
        renamed = self.TBILISI.replace("Tbilisi,41", "Tiflis,41")
        assert self.send(hq, renamed).status_code == 422
        assert CustomsOffice.objects.get().name_en == "Tbilisi"
        self.send(hq, renamed, over="on")
        assert CustomsOffice.objects.get().name_en == "Tiflis"

    def test_that_is_checked_enters_nothing(self, hq: Client) -> None:
        page = self.send(hq, self.TBILISI, check="on").content.decode()
        assert "1 entered, 0 proposed" in page
        assert not CustomsOffice.objects.exists()

    def test_of_another_country_is_refused_row_by_row(self, hq: Client, reader: Reader, world: World) -> None:
        row = "KZALA009,EAEU,Almaty,43.2,76.9,Asia/Almaty,departure,2026-01-01,,,"
        before = CustomsOffice.objects.count()
        answer = self.send(hq, row)
        assert answer.status_code == 422
        assert "not your country" in answer.content.decode()
        assert CustomsOffice.objects.count() == before
        root = reader(User.objects.create_user("root", roles=[Role.ADMINISTRATOR]))
        assert self.send(root, row).status_code == 302

    def test_that_is_no_list_is_refused_in_words(self, hq: Client) -> None:
        for content, words in (
            (b"\xff\xfe\x00", "not UTF-8"),
            (b"", "header"),
            (b"a" * 1_000_001, "too large"),
        ):
            body = {"content": SimpleUploadedFile("x.csv", content), "reason": "Order 2"}
            answer = hq.post("/console/setup/offices/import/", body)
            assert answer.status_code == 422
            assert words in answer.content.decode()


class TestAProposal:
    def proposed(self, hq: Client, world: World) -> str:
        """Propose to exclude the holder on their page, and return where a second person decides it."""
        form = {
            "decided_on": "2026-03-02",
            "valid_from": "2026-03-02",
            "valid_to": "",
            "reason": "False wall.",
        }
        page = hq.post("/console/holders/CHN-071-1001/exclude/", form, follow=True).content.decode()
        assert "1 proposal waits" in page
        return f"/console/setup/approvals/{Approval.objects.latest('pk').pk}/approve/"

    def test_is_shown_with_both_ways_and_refused_there(
        self, hq: Client, second: Client, world: World
    ) -> None:
        address = self.proposed(hq, world)

        page = second.get(address).content.decode()
        assert re.findall(r'name="word" value="(\w+)"', page) == ["approve", "refuse"]
        assert "Exclusion of a holder" in page
        assert "False wall." in page
        unsaid = second.post(address, {"word": "refuse", "reason": " "})
        assert (unsaid.status_code, "Say why you refuse." in unsaid.content.decode()) == (400, True)
        assert Approval.objects.get().status == "open"

        assert second.post(address, {"word": "refuse", "reason": "Another holder."}).status_code == 302
        assert Approval.objects.get().status == "refused"
        assert not world.holder.exclusions.exists()

        second.post(self.proposed(hq, world), {"word": "approve", "reason": ""})
        assert world.holder.exclusions.get().country == "GE"

    def test_of_ones_own_is_only_taken_back(self, hq: Client, world: World) -> None:
        address = self.proposed(hq, world)

        assert 'name="word"' not in hq.get(address).content.decode()
        assert hq.post(address, {"word": "approve", "reason": ""}).status_code == 403
        refuse = address.replace("approve/", "refuse/")
        assert "Take it back" in hq.get(refuse).content.decode()
        assert hq.post(refuse, {"reason": "Typed wrong."}).status_code == 302
        assert Approval.objects.get().status == "refused"

    def test_that_others_decide_has_no_buttons(self, hq: Client, reader: Reader, world: World) -> None:
        address = self.proposed(hq, world)
        organization = reader(User.objects.create_user("s", roles=[Role.SECRETARIAT]))

        assert "Others decide this" in organization.get("/console/setup/approvals/").content.decode()
        assert 'name="word"' not in organization.get(address).content.decode()
        assert organization.post(address, {"word": "approve"}).status_code == 403
