"""A country pack on pages: taken away, looked at, applied; each country its own, nothing over what people entered."""

import io
import re
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from checkpoints.models import CustomsOffice
from checkpoints.packs import SHIPPED
from checkpoints.packs.files import FILES
from guarantees.models import Association, CustomsTerritory, Guarantee
from tests.api.consoles.conftest import Reader
from tests.world import World
from tir.accounts.models import Role, User
from tir.approvals.models import Approval
from tir.registers.models import AppliedPack

PACK, APPLY, DOWNLOAD = "/console/setup/pack/", "/console/setup/pack/apply/", "/console/setup/pack/download/"


@pytest.fixture
def root(reader: Reader, db: None) -> Client:
    return reader(User.objects.create_user("root", roles=[Role.ADMINISTRATOR]))


@pytest.fixture
def kazakhstan(reader: Reader, world: World) -> Client:
    return reader(User.objects.create_user("aida", roles=[Role.CUSTOMS_HQ], country="KZ"))


def zipped(files: dict[str, bytes], folder: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(folder + name, content)
    return out.getvalue()


def fictional(**changes: tuple[str, str]) -> dict[str, bytes]:
    """The shipped fictional country, with something else in some of its files."""
    files = {name: (SHIPPED / "fictional" / name).read_bytes() for name in FILES}
    for name, (old, new) in changes.items():
        assert old.encode() in files[f"{name}.csv"]
        files[f"{name}.csv"] = files[f"{name}.csv"].replace(old.encode(), new.encode())
    return files


def look(client: Client, content: bytes) -> Any:
    return client.post(PACK, {"pack": SimpleUploadedFile("pack.zip", content)})


def apply(client: Client, looked_at: Any, **said: str) -> Any:
    """Press the button of a page that shows what a pack would change."""
    held = re.findall(r'name="held" value="([^"]+)"', looked_at.content.decode())
    return client.post(APPLY, {"held": held[0], "reason": "Order 1", **said}, follow=True)


def files_of(answer: Any) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class TestLookingAt:
    def test_shows_what_would_be_done_and_does_nothing(self, root: Client) -> None:
        answer = look(root, zipped(fictional(), folder="velland/"))

        page = answer.content.decode()
        assert answer.status_code == 200
        assert "Would be entered" in page
        assert "offices.csv:5: XVVEL001" in page
        assert "Would be proposed" in page
        assert not CustomsOffice.objects.exists()
        assert not AppliedPack.objects.exists()

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"not a file", "no ZIP file"),
            (zipped({}), "This file is missing"),
            (b"0" * 1_000_001, "too large"),
        ],
    )
    def test_says_what_is_wrong_with_a_file(self, root: Client, content: bytes, says: str) -> None:
        assert says in look(root, content).content.decode()

        assert "Would be entered" in look(root, zipped(fictional())).content.decode()

    def test_unpacks_no_bomb(self, root: Client) -> None:
        bomb = {**fictional(), "offices.csv": b"0" * 200_000_000}

        page = look(root, zipped(bomb)).content.decode()

        assert "offices.csv:0: This file is too large." in page

    def test_names_every_fault_and_offers_no_applying(self, root: Client) -> None:
        page = look(root, zipped(fictional(offices=("XVVEL001", "xx")))).content.decode()

        assert "Wrong, so that nothing can be applied" in page
        assert 'name="held"' not in page


class TestApplying:
    def test_puts_it_on_record_and_proposes_what_needs_four_eyes(self, root: Client) -> None:
        done = apply(root, look(root, zipped(fictional())))

        assert done.redirect_chain[-1][0] == "/console/setup/"
        assert CustomsOffice.objects.count() == 4
        assert not Guarantee.objects.exists()
        assert Approval.objects.filter(status="open").count() == 5
        assert AppliedPack.objects.get().by.username == "root"
        again = look(root, zipped(fictional())).content.decode()
        assert "Would be entered" not in again

    def test_goes_over_peoples_entries_with_a_tick_alone(self, root: Client) -> None:
        apply(root, look(root, zipped(fictional())))
        office = CustomsOffice.objects.get(code="XVVEL001")
        root.post(f"/console/setup/offices/{office.pk}/", {
            "territory": "XV", "name_en": "Vel Old Town", "latitude": office.latitude, "longitude": office.longitude,
            "time_zone": office.time_zone, "roles": office.roles, "valid_from": str(office.valid_from), "reason": "New",
        })  # fmt: skip
        assert CustomsOffice.objects.get(code="XVVEL001").name_en == "Vel Old Town"

        looked_at = look(root, zipped(fictional()))
        assert "name_en is Vel Old Town, the pack says Vel City" in looked_at.content.decode()
        refused = apply(root, looked_at)
        assert (refused.status_code, "Nothing was applied" in refused.content.decode()) == (422, True)
        assert CustomsOffice.objects.get(code="XVVEL001").name_en == "Vel Old Town"

        apply(root, look(root, zipped(fictional())), over="on")
        assert CustomsOffice.objects.get(code="XVVEL001").name_en == "Vel City"

    def test_needs_a_reason(self, root: Client) -> None:
        looked_at = look(root, zipped(fictional()))

        assert apply(root, looked_at, reason="").status_code == 400
        assert not CustomsOffice.objects.exists()
        assert apply(root, looked_at).status_code == 200
        assert CustomsOffice.objects.exists()

    @pytest.mark.parametrize("held", ["", "no letters of that kind!", "bm90IGEgcGFjaw=="])
    def test_of_something_else_is_refused(self, root: Client, held: str) -> None:
        assert root.post(APPLY, {"held": held, "reason": "Order 1"}).status_code == 422

    def test_keeps_to_ones_own_country(self, kazakhstan: Client, root: Client) -> None:
        foreign = look(kazakhstan, zipped(fictional()))
        assert "not your country" in foreign.content.decode()
        assert 'name="held"' not in foreign.content.decode()

        own = files_of(kazakhstan.get(DOWNLOAD))
        office = CustomsOffice.objects.filter(country="KZ").order_by("code")[0]
        row = f"{office.code},{office.territory.code},{office.name_en},".encode()
        assert row in own["offices.csv"]
        renamed = own["offices.csv"].replace(row, f"{office.code},{office.territory.code},Alma-Ata,".encode())
        apply(kazakhstan, look(kazakhstan, zipped({**own, "offices.csv": renamed})), over="on")
        office.refresh_from_db()
        assert office.name_en == "Alma-Ata"

    def test_ends_nothing_of_another_country(self, root: Client, kazakhstan: Client) -> None:
        """A pack of the same name that has no row would end all that the first one entered."""
        apply(root, look(root, zipped(fictional())))
        name = fictional()["pack.toml"]
        emptied = {**{file: content.splitlines(keepends=True)[0] for file, content in fictional().items()}}
        emptied |= {"pack.toml": name, "territory.toml": b""}

        page = look(kazakhstan, zipped(emptied)).content.decode()
        assert "crossing XD-XV-BRIDGE" in page
        assert 'name="held"' not in page
        assert 'name="held"' in look(root, zipped(emptied)).content.decode()


class TestDownloading:
    def test_gives_ones_country_and_the_same_bytes_each_time(
        self, kazakhstan: Client, root: Client, world: World
    ) -> None:
        first = kazakhstan.get(DOWNLOAD)

        assert (first.status_code, first.headers["Content-Type"]) == (200, "application/zip")
        assert kazakhstan.get(DOWNLOAD).content == first.content
        files = files_of(first)
        assert set(files) == set(FILES)
        codes = {line.split(b",")[0][:2] for line in files["offices.csv"].splitlines()[1:]}
        assert codes == {b"KZ"}
        assert world.guarantee.reference.encode() not in files["guarantees.csv"]
        assert (
            len(files_of(root.get(DOWNLOAD))["associations.csv"].splitlines())
            == 1 + Association.objects.count()
        )

    def test_is_applied_again_without_any_change(self, root: Client, world: World) -> None:
        taken = root.get(DOWNLOAD).content

        page = look(root, taken).content.decode()

        assert "Everything is on record as the pack says." in page
        CustomsTerritory.objects.filter(code="CN").update(grace_hours=5)
        assert "grace_hours is 5" in look(root, taken).content.decode()


class TestApprovalRules:
    RULE = b"holder_exclusion,2,2026-01-01,,0.00,,\n"

    def test_are_proposed_by_a_pack_and_written_into_one(self, root: Client, reader: Reader) -> None:
        files = fictional()
        files["approval_rules.csv"] += self.RULE
        apply(root, look(root, zipped(files)))
        (proposed,) = Approval.objects.filter(kind="approval_rule")
        assert self.RULE not in files_of(root.get(DOWNLOAD))["approval_rules.csv"]

        second = reader(User.objects.create_user("bela", roles=[Role.ADMINISTRATOR]))
        second.post(f"/console/setup/approvals/{proposed.pk}/approve/", {"word": "approve", "reason": ""})

        assert self.RULE in files_of(root.get(DOWNLOAD))["approval_rules.csv"]
        older = {name: content for name, content in files.items() if name != "approval_rules.csv"}
        page = look(root, zipped(older)).content.decode()
        assert "approval_rule" not in page
        without = {**files, "approval_rules.csv": fictional()["approval_rules.csv"]}
        assert "Would be proposed" in look(root, zipped(without)).content.decode()
