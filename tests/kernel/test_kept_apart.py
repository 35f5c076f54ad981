"""What training or a demonstration brought forth never enters a real installation, nor the other way about: each door
refuses it with a sentence, and opens for the same thing in an installation of its own kind."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from carnets import tokens
from checkpoints.evidence.reading import StampRow, stamp_rows
from checkpoints.evidence.receipts import is_signed, receipt_text
from checkpoints.models import CustomsOffice, Posting, Stamp
from checkpoints.packs.files import read_pack, write_pack
from tests.api.calls import ago, stamp_body
from tests.conftest import declared_anew
from tests.logs import private_key
from tests.world import HOUR, START, World
from tir import keys
from tir.accounts.models import Role, User
from tir.kernel.clock import now
from tir.kernel.sandbox import Kind, OtherInstallation, check_keys, ensure_kind
from tir.log.models import WatchedLog
from tir.log.notes import Signer
from tir.log.witnessing import watch

NOT_REAL = [Kind.TRAINING, Kind.DEMO]
APART = "kept apart"


@pytest.fixture(autouse=True)
def real_again(db: None) -> Any:
    yield
    declared_anew(Kind.REAL)


@pytest.fixture
def colleague(world: World) -> User:
    user = User.objects.create_user("colleague", roles=[Role.OFFICER], country="CN")
    office = CustomsOffice.objects.get(code="CNURC001")
    Posting.objects.create(user=user, office=office, valid_from=ago(days=2).date())
    return user


def receipt_of(world: World, of: Kind) -> tuple[StampRow, str]:
    """Stamp a page in an installation of that kind; return the row and the receipt that the server gave."""
    declared_anew(of)
    row = world.stamp(world.issue(), 1, START + HOUR).row
    assert row is not None
    text = receipt_text(row)
    assert text is not None
    return stamp_rows([row["id"]])[row["id"]], text


def page_about(receipt: str) -> str:
    return Client().post("/check/", {"text": receipt}).content.decode()


class TestAReceipt:
    @pytest.mark.parametrize(
        ("of", "first"),
        [
            (Kind.REAL, "TIR receipt 1"),
            (Kind.TRAINING, "TIR receipt 1 TRAINING"),
            (Kind.DEMO, "TIR receipt 1 DEMO"),
        ],
    )
    def test_says_in_its_signed_text_what_it_was_given_in(self, world: World, of: Kind, first: str) -> None:
        row, text = receipt_of(world, of)
        assert text.splitlines()[0] == first
        assert is_signed(row, tokens.verification_keys())

        kept = {**row["receipt"]["promise"]}
        kept["installation"] = "demo" if of == Kind.TRAINING else "training"
        assert not is_signed({**row, "receipt": {"promise": kept}}, tokens.verification_keys())

    @pytest.mark.parametrize("of", NOT_REAL)
    def test_of_another_installation_is_refused_even_where_they_have_one_key(
        self, world: World, of: Kind
    ) -> None:
        row, text = receipt_of(world, of)
        assert "On record" in page_about(text)

        declared_anew(Kind.REAL)
        page = page_about(text)
        assert APART in page
        assert "On record" not in page
        assert not is_signed(row, tokens.verification_keys())

    def test_without_its_mark_is_nobodys(self, world: World) -> None:
        _row, text = receipt_of(world, Kind.TRAINING)
        declared_anew(Kind.REAL)
        assert "No key of this system signed this receipt" in page_about(text.replace(" TRAINING", ""))

    def test_of_real_work_proves_nothing_in_training(
        self, world: World, settings: Settings, tmp_path: Path
    ) -> None:
        _row, text = receipt_of(world, Kind.REAL)
        assert "On record" in page_about(text)

        keys.make_signing_key(tmp_path)  # training has its own
        settings.TIR_SIGNING_KEYS = keys.read_signing_keys(str(tmp_path), Path("/"))
        declared_anew(Kind.TRAINING)
        assert APART in page_about(text)

    def test_of_before_the_mark_stays_good_in_a_demonstration(self, world: World) -> None:
        _row, text = receipt_of(world, Kind.REAL)  # as a sandbox of 2.0 gave it
        declared_anew(Kind.DEMO)
        assert "On record" in page_about(text)


class TestAPack:
    @pytest.mark.parametrize("of", NOT_REAL)
    def test_that_was_exported_elsewhere_is_refused(self, of: Kind, tmp_path: Path, world: World) -> None:
        declared_anew(of)
        write_pack(tmp_path, "Drill")
        assert read_pack(tmp_path).faults == []

        declared_anew(Kind.REAL)
        with pytest.raises(OtherInstallation):
            read_pack(tmp_path)
        for verb in (["check"], ["apply", "--by", "hq"]):
            with pytest.raises(CommandError, match=APART):
                call_command("pack", verb[0], str(tmp_path), *verb[1:])

    def test_of_real_work_may_be_learned_by(self, tmp_path: Path, world: World) -> None:
        write_pack(tmp_path, "Country")
        assert "installation" not in (tmp_path / "pack.toml").read_text()
        declared_anew(Kind.TRAINING)
        assert read_pack(tmp_path).faults == []

    def test_that_says_another_word_has_a_fault(self, tmp_path: Path, world: World) -> None:
        write_pack(tmp_path, "Country")
        with (tmp_path / "pack.toml").open("a") as file:
            file.write('installation = "play"\n')
        (fault,) = read_pack(tmp_path).faults
        assert (fault.file, fault.field) == ("pack.toml", "installation")


class TestWhatAPhoneLeftUnsent:
    @pytest.mark.parametrize("theirs", list(Kind))
    @pytest.mark.parametrize("ours", list(Kind))
    def test_is_handed_in_where_it_was_made_alone(
        self, world: World, colleague: User, theirs: Kind, ours: Kind
    ) -> None:
        carnet = world.issue(at=ago(days=3), acceptance_until=ago(days=-30).date())
        stamp = stamp_body(carnet.number, 1, offline=True, occurred_at=ago(hours=1).isoformat())
        file = {
            "format": "tir-unsent-1", "officer": "colleague", "exported_at": now().isoformat(),
            "installation": theirs.value, "stamps": [stamp],
        }  # fmt: skip
        declared_anew(ours)
        client = APIClient()
        client.force_authenticate(world.officers["CNURC001"])
        answer = client.post("/api/v1/unsent/", file, format="json")
        if theirs == ours:
            assert [each["outcome"] for each in answer.json()["results"]] == ["recorded"]
            assert Stamp.objects.filter(pk=stamp["id"]).exists()
        else:
            assert (answer.status_code, answer.json()["code"]) == (422, "other_installation")
            assert (
                "kept apart" in answer.json()["detail"]
                or "Bring it to the real one" in answer.json()["detail"]
            )
            assert not Stamp.objects.filter(pk=stamp["id"]).exists()


@pytest.mark.usefixtures("log_grows")
class TestAWatchedLog:
    @pytest.mark.parametrize(
        ("of", "origin"),
        [
            (Kind.REAL, "node.example/log"),
            (Kind.TRAINING, "node.example/log/training"),
            (Kind.DEMO, "node.example/demo"),
        ],
    )
    def test_is_of_its_own_kind(self, of: Kind, origin: str) -> None:
        key = str(Signer(origin, private_key("node")).verifier())
        for ours in set(Kind) - {of}:
            declared_anew(ours)
            with pytest.raises(OtherInstallation):
                watch(key)
            with pytest.raises(CommandError, match=r"kept apart|Bring it to the real one"):
                call_command("log", "watch", "add", key)
        assert not WatchedLog.objects.exists()

        declared_anew(of)
        assert watch(key).origin == origin


class TestKeys:
    @pytest.mark.parametrize("made_for", ["training", "demo", "real", ""])
    def test_made_for_training_start_no_real_installation(
        self, made_for: str, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("INSTALLATION", made_for)
        path = keys.make_signing_key(tmp_path)
        (pem,) = keys.read_signing_keys(str(tmp_path), Path("/"))
        assert pem.startswith(keys.BEGIN)
        found = keys.made_for(str(tmp_path), Path("/"))
        assert found == keys.made_for(path.read_text(), Path("/")) == keys.made_for(str(path), Path("/"))

        settings.INSTALLATION, settings.TIR_SIGNING_KEYS_MADE_FOR = "", found
        for ours in Kind:
            declared_anew(ours)
            is_another = made_for in ("training", "demo") and made_for != ours
            assert [each.id for each in check_keys(None)] == (["tir.E003"] if is_another else [])
            if is_another:
                with pytest.raises(
                    ImproperlyConfigured, match=r"a key that was made for (training|a demonstration)"
                ):
                    ensure_kind()
            else:
                ensure_kind()
