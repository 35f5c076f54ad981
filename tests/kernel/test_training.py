"""Training is like real work and kept apart from it: in the database, on pages and papers, in codes, by commands."""

import subprocess
import sys
from collections.abc import Iterator

import pypdfium2
import pytest
from django.conf import settings as installed
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from carnets import tokens
from carnets.documents.building import page_token
from tests import databases
from tests.conftest import declared_anew
from tests.world import World
from tir.kernel.sandbox import Kind, check_kind, kind

WORDS = ("TRAINING", "УЧЕБНЫЙ", "培训")


@pytest.fixture
def empty(django_db_setup: None) -> Iterator[str]:
    """The name of a database in which nothing was made yet."""
    name = f"{connection.settings_dict['NAME']}_empty"
    with databases.empty_one(name):
        yield name


def run(database: str, *command: str, role: str = "", **changes: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *command], cwd=installed.BASE_DIR, text=True, check=False, capture_output=True,
        env={**databases.environment_of(database, role), "SANDBOX": "", "INSTALLATION": "", **changes},
    )  # fmt: skip


def test_the_database_keeps_what_it_was_made_for(empty: str) -> None:
    migrate = ("manage.py", "migrate", "kernel", "--verbosity", "0")
    assert run(empty, *migrate, role="OWNER", INSTALLATION="training").returncode == 0
    assert run(empty, *migrate, role="OWNER").returncode == 0
    with databases.connected(databases.address_of(empty, "ADMIN")) as cursor:
        cursor.execute("SELECT is_training, is_sandbox FROM kernel_installation")
        assert cursor.fetchall() == [(True, False)]

    for other in ("real", "demo"):
        refused = run(empty, *migrate, role="OWNER", INSTALLATION=other)
        assert refused.returncode == 1
        assert f"INSTALLATION asks for {other}, but this database was made for training" in refused.stderr
    serve = ("-c", "import tir.wsgi")
    address = databases.address_of(empty, "OWNER")  # nothing was granted yet
    assert run(empty, *serve, INSTALLATION="training", DATABASE_URL=address).returncode == 0
    refused = run(empty, *serve, INSTALLATION="real", DATABASE_URL=address)
    assert refused.returncode == 1
    assert "made for training and never becomes another" in refused.stderr


def test_a_word_that_is_none_of_the_three_is_refused(empty: str) -> None:
    for changes in ({"INSTALLATION": "sandbox"}, {"INSTALLATION": "real", "SANDBOX": "1"}):
        refused = run(empty, "manage.py", "check", **changes)
        assert refused.returncode == 1
        assert "INSTALLATION is real, training or demo" in refused.stderr


def test_a_process_that_is_told_another_word_says_so(training: None, settings: Settings) -> None:
    settings.INSTALLATION = "training"
    assert check_kind(None) == []
    settings.INSTALLATION = "real"
    assert [found.id for found in check_kind(None)] == ["tir.E002"]


def test_what_makes_things_up_runs_in_no_real_installation(db: None) -> None:
    for command in (["seed"], ["simulate", "--carnets=1", "--truth=/nowhere/truth.json"], ["aftermath"]):
        with pytest.raises(CommandError, match="made for real work: nothing was written"):
            call_command(*command)


@pytest.mark.usefixtures("training")
def test_the_same_command_runs_in_training(db: None, tmp_path: object) -> None:
    call_command("seed", card=tmp_path / "demo.json")  # type: ignore[operator]
    assert (tmp_path / "demo.json").exists()  # type: ignore[operator]


class TestCodes:
    def test_a_paper_of_training_is_refused_in_real_work_and_taken_in_training(self, world: World) -> None:
        carnet = world.issue()
        declared_anew(Kind.TRAINING)
        try:
            drill = page_token(carnet, 1)
            assert drill.startswith("TIR-TRAINING1:")
            assert scanned(world, drill) != "token_other_installation"
        finally:
            declared_anew(Kind.REAL)
        assert scanned(world, drill) == "token_other_installation"
        assert scanned(world, page_token(carnet, 1)) != "token_other_installation"

    def test_a_real_paper_is_refused_in_training(self, world: World) -> None:
        real = page_token(world.issue(), 1)
        assert scanned(world, real) != "token_other_installation"
        declared_anew(Kind.TRAINING)
        try:
            assert scanned(world, real) == "token_other_installation"
        finally:
            declared_anew(Kind.REAL)

    @pytest.mark.parametrize("of", [Kind.TRAINING, Kind.DEMO])
    def test_a_prefix_cut_off_or_put_on_makes_the_signature_a_wrong_one(self, world: World, of: Kind) -> None:
        """With the same key on both sides, which nobody should have."""
        carnet, keys = world.issue(), tokens.verification_keys()
        real = page_token(carnet, 1)
        claims = tokens.verify(real, keys)
        marked = tokens.sign(claims, tokens.signing_key(), of)
        assert tokens.verify(marked, keys, of) == claims
        with pytest.raises(tokens.TokenSignatureInvalid):
            tokens.verify("TIR1:" + marked.removeprefix(tokens.PREFIXES[of]), keys)
        with pytest.raises(tokens.TokenSignatureInvalid):
            tokens.verify(tokens.PREFIXES[of] + real.removeprefix("TIR1:"), keys, of)

    def test_the_public_page_says_it_in_three_languages(self, world: World, training: None) -> None:
        drill = page_token(world.issue(), 1)
        declared_anew(Kind.REAL)
        said = {
            language: Client(headers={"Accept-Language": language})
            .post("/check/", {"text": drill})
            .content.decode()
            for language in ("en", "ru", "zh-hans")
        }
        assert "printed for training" in said["en"]
        assert "учебн" in said["ru"]
        assert "培训" in said["zh-hans"]


def scanned(world: World, qr: str) -> str:
    """Return the first reason that a post hears."""
    client = APIClient()
    client.force_authenticate(world.officers["CNURC001"])
    answer = client.post("/api/v1/scans/", {"qr": qr})
    assert answer.status_code == 200, answer.json()
    return next((reason["code"] for reason in answer.json()["reasons"]), "")


class TestIsSaid:
    def test_on_every_page_of_a_paper(self, world: World, training: None) -> None:
        for page in printed(world):
            assert all(word in page for word in WORDS)

    def test_on_no_page_of_a_real_paper(self, world: World) -> None:
        for page in printed(world):
            assert not any(word in page for word in WORDS)

    def test_on_every_page_of_the_console_and_by_the_answer_about_health(
        self, training: None, world: World, client: Client
    ) -> None:
        assert client.get("/healthz/ready").json()["installation"] == "training"
        said = "TRAINING: nothing here is real"
        assert said in client.get("/console/sign-in/").content.decode()
        declared_anew(Kind.REAL)
        assert client.get("/healthz/ready").json()["installation"] == "real"
        assert said not in client.get("/console/sign-in/").content.decode()

    def test_to_the_phone(self, training: None, world: World) -> None:
        client = APIClient()
        client.force_authenticate(world.officers["CNURC001"])
        assert client.get("/api/v1/post/bundle/").json()["installation"] == "training"


def printed(world: World) -> list[str]:
    carnet = world.issue()
    client = APIClient()
    client.force_authenticate(world.staff["CN"])
    answer = client.get(f"/api/v1/carnets/{carnet.number}/document.pdf")
    assert answer.status_code == 200
    document = pypdfium2.PdfDocument(answer.content)
    assert len(document) > 10
    assert kind() in (Kind.REAL, Kind.TRAINING)
    return [page.get_textpage().get_text_range() for page in document]
