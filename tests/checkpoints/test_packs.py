"""Country packs: every fault at once, all or nothing, a second run that changes nothing, equal bytes after all."""

import shutil
import tomllib
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from checkpoints.models import BorderCrossing, CustomsOffice
from checkpoints.packs import SHIPPED
from checkpoints.packs.applying import Report, apply_pack
from checkpoints.packs.files import FILES, SOFTWARE, PackTooNew, read_pack, write_pack
from checkpoints.posts.registers import BY_NOUN, REGISTERS
from checkpoints.reference.loading import load_reference_data
from guarantees.models import Association, Guarantee, GuaranteeCeiling, LiabilityMaximum
from tests.conftest import empty_database
from tir.accounts.models import Role, User
from tir.approvals.models import Approval, ApprovalStatus
from tir.registers.entering import Act, approve, enter
from tir.registers.models import AppliedPack, Change

AT = datetime(2026, 11, 2, 8, tzinfo=UTC)


@pytest.fixture
def act(db: None) -> Act:
    return Act(User.objects.create_user("amal", roles=[Role.SECRETARIAT]), AT, "Set up")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pack of one's own to spoil: the fictional country's."""
    return Path(shutil.copytree(SHIPPED / "fictional", tmp_path / "velland"))


def applied(folder: Path, act: Act, **how: bool) -> Report:
    return apply_pack(read_pack(folder), act, **how)


def approve_all() -> None:
    second, _made = User.objects.get_or_create(username="bela")
    for approval in Approval.objects.filter(status=ApprovalStatus.OPEN).order_by("pk"):
        approve(BY_NOUN[approval.kind], approval.pk, by=second, at=AT)


def settled(folder: Path, act: Act) -> None:
    """Apply until nothing waits: maxima follow one another, and ceilings their guarantee."""
    for _time in range(3):
        assert applied(folder, act).faults == []
        approve_all()


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


class TestApplying:
    def test_puts_everything_on_record_but_what_needs_four_eyes(self, folder: Path, act: Act) -> None:
        report = applied(folder, act)

        assert (report.faults, report.by_hand) == ([], [])
        assert (CustomsOffice.objects.count(), BorderCrossing.objects.count()) == (4, 1)
        assert not Guarantee.objects.exists()
        assert not LiabilityMaximum.objects.exists()
        assert len(report.proposed) == 5
        assert report.waiting == ["ceilings.csv:2: XV-POOL-1/2026-07-01"]

    def test_counts_what_was_proposed_once_a_second_person_approves(self, folder: Path, act: Act) -> None:
        settled(folder, act)

        assert Guarantee.objects.count() == 2
        terms = GuaranteeCeiling.objects.filter(guarantee__reference="XV-POOL-1").order_by("valid_from")
        assert [int(each.ceiling) for each in terms] == [3_000_000, 5_000_000]

    def test_again_changes_nothing(self, folder: Path, act: Act) -> None:
        settled(folder, act)
        before = (Change.objects.count(), AppliedPack.objects.count())

        again = applied(folder, act)

        assert (again.changes, again.waiting, again.unchanged) == (0, [], 21)
        assert (Change.objects.count(), AppliedPack.objects.count()) == before

    def test_proposes_nothing_twice(self, folder: Path, act: Act) -> None:
        first = applied(folder, act)

        assert applied(folder, act).proposed == []
        assert Approval.objects.count() == len(first.proposed)

    def test_ends_what_left_the_pack_and_deletes_nothing(self, folder: Path, act: Act) -> None:
        applied(folder, act)
        spoil(folder / "crossings.csv", (folder / "crossings.csv").read_text().splitlines()[1] + "\n", "")

        report = applied(folder, act)

        assert report.ended == ["crossing XD-XV-BRIDGE"]
        assert BorderCrossing.objects.get().valid_to == date(2026, 11, 3)

    def test_leaves_alone_what_people_entered_otherwise_unless_told(self, folder: Path, act: Act) -> None:
        applied(folder, act)
        office = REGISTERS["offices"].read(CustomsOffice.objects.get(code="XVVEL001"))
        enter(REGISTERS["offices"], type(office)(**{**_said(office), "name_en": "Vel Old Town"}), act)

        report = applied(folder, act)
        assert report.by_hand == ["offices.csv:5: XVVEL001: name_en is Vel Old Town, the pack says Vel City"]
        assert CustomsOffice.objects.get(code="XVVEL001").name_en == "Vel Old Town"

        applied(folder, act, over=True)
        assert CustomsOffice.objects.get(code="XVVEL001").name_en == "Vel City"

    def test_is_all_or_nothing(self, folder: Path, act: Act) -> None:
        spoil(folder / "number_ranges.csv", "982,98200001", "983,98200001")

        report = applied(folder, act)

        assert [(fault.file, fault.line, fault.field) for fault in report.faults] == [
            ("number_ranges.csv", 3, "association")
        ]
        assert not Association.objects.exists()
        assert not Change.objects.exists()


def _said(entry: object) -> dict[str, object]:
    return {name: getattr(entry, name) for name in entry.__dataclass_fields__}  # type: ignore[attr-defined]


class TestChecking:
    def test_names_every_fault_of_every_row_at_once(self, folder: Path, act: Act) -> None:
        spoil(folder / "offices.csv", "XVVEL001,XV,Vel City,41.1", "xv,XV,,north")
        spoil(folder / "offices.csv", "entry;exit,2020-01-01,Фельдгейт", "guard,2020-01-01,Фельдгейт")
        spoil(folder / "associations.csv", "Asia/Tashkent", "Velland/Vel")
        spoil(folder / "guarantees.csv", "100000.00,4000000.00", "lots,4000000.00")
        spoil(folder / "ceilings.csv", ",60", "")

        report = applied(folder, act, is_trial=True)

        found = {(fault.file, fault.line, fault.field) for fault in report.faults}
        assert {
            ("offices.csv", 5, "latitude"),
            ("offices.csv", 5, "code"),
            ("offices.csv", 5, "name_en"),
            ("offices.csv", 2, "roles"),
            ("associations.csv", 2, "time_zone"),
            ("guarantees.csv", 2, "amount_per_carnet"),
            ("ceilings.csv", 2, ""),
        } <= found

    def test_writes_nothing(self, folder: Path, act: Act) -> None:
        report = applied(folder, act, is_trial=True)

        assert report.entered
        assert (CustomsOffice.objects.count(), Approval.objects.count(), Change.objects.count()) == (0, 0, 0)

    def test_refuses_a_pack_made_by_newer_software(self, folder: Path) -> None:
        read_pack(folder)
        spoil(folder / "pack.toml", f'"{SOFTWARE}"', '"99.0.0"')

        with pytest.raises(PackTooNew):
            read_pack(folder)

    def test_says_what_cannot_be_read(self, folder: Path) -> None:
        (folder / "clocks.csv").unlink()
        (folder / "offices.csv").write_bytes("code,Алматы\n".encode("cp1251"))
        spoil(folder / "crossings.csv", "office_a,", "")
        spoil(folder / "number_ranges.csv", "982,98200001", "981,98100001")

        found = {(fault.file, fault.line) for fault in read_pack(folder).faults}

        assert found == {
            ("clocks.csv", 0),
            ("offices.csv", 1),
            ("crossings.csv", 1),
            ("number_ranges.csv", 3),
        }


@pytest.mark.django_db(transaction=True)
def test_export_to_an_empty_database_and_back_gives_equal_bytes(folder: Path, tmp_path: Path) -> None:
    settled(folder, Act(User.objects.create_user("amal"), AT, "Set up"))
    first, second = tmp_path / "first", tmp_path / "second"
    write_pack(first, "Velland")
    empty_database()

    settled(first, Act(User.objects.create_user("amal"), AT, "Moved"))
    write_pack(second, "Velland")

    assert {name: (first / name).read_bytes() for name in FILES} == {
        name: (second / name).read_bytes() for name in FILES
    }
    assert len((second / "offices.csv").read_text().splitlines()) == 5


class TestShippedPacks:
    @pytest.mark.parametrize("name", ["carec", "empty", "fictional"])
    def test_can_be_applied(self, name: str, act: Act) -> None:
        assert applied(SHIPPED / name, act, is_trial=True).faults == []

    def test_that_of_carec_says_what_the_reference_data_says(self, db: None, tmp_path: Path) -> None:
        load_reference_data(at=AT)
        write_pack(tmp_path, "CAREC reference")

        for name in FILES:
            assert (tmp_path / name).read_bytes() == (SHIPPED / "carec" / name).read_bytes(), name

    def test_the_release_is_that_of_the_project(self) -> None:
        project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())

        assert project["project"]["version"] == SOFTWARE


class TestTheCommand:
    def test_checks_with_a_status_and_applies_by_a_named_user(self, folder: Path, act: Act) -> None:
        out = StringIO()
        call_command("pack", "check", str(folder), stdout=out)
        assert "15 entered, 5 proposed, 1 waiting for approval" in out.getvalue()
        assert not CustomsOffice.objects.exists()

        call_command("pack", "apply", str(folder), "--by", "amal", stdout=out)
        assert CustomsOffice.objects.count() == 4

        spoil(folder / "offices.csv", "entry;exit", "guard")
        with pytest.raises(CommandError):
            call_command("pack", "check", str(folder), stdout=out)
        with pytest.raises(CommandError):
            call_command("pack", "apply", str(folder), "--by", "nobody", stdout=out)
