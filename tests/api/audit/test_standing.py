"""What a monitoring sees: figures for who has the token, and a readiness that knows what keeps stamps out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project_settings
from django.db import OperationalError, connection
from django.test import Client

from api import metrics, readiness
from tests import databases
from tests.api.calls import problem
from tests.world import World
from tir.audit.figures import BUCKETS, MOST_ROWS, Figures, as_histogram
from tir.kernel.kept import Kept

READY = "/healthz/ready"


class TestMetrics:
    @pytest.fixture
    def asked(self, db: None, client: Client, settings: Any) -> Callable[[str], Any]:
        settings.METRICS_TOKEN = "long and random"
        return lambda token: client.get(
            "/metrics", headers={"Authorization": f"Bearer {token}"} if token else {}
        )

    def test_are_for_who_has_the_token(self, asked: Callable[[str], Any]) -> None:
        assert asked("long and random").status_code == 200
        for other in ("", "long and random2", "long and rando", "\xff"):
            problem(asked(other), 404, "no_such_address")

    def test_are_nobodys_where_there_is_no_token(self, asked: Callable[[str], Any], settings: Any) -> None:
        settings.METRICS_TOKEN = ""

        for said in ("", "long and random"):
            assert asked(said).status_code == 404

    def test_count_requests_by_address_and_outcome(self, asked: Callable[[str], Any], client: Client) -> None:
        def counted() -> int:
            wanted = 'tir_request_duration_seconds_count{route="live",method="GET",code="200"} '
            lines = asked("long and random").content.decode().splitlines()
            return next((int(line.removeprefix(wanted)) for line in lines if line.startswith(wanted)), 0)

        before = counted()
        for query in ("", "?a", "?b"):
            client.get(f"/healthz/live{query}")

        assert counted() == before + 3

    def test_count_methods_that_nobody_serves_as_one(
        self, asked: Callable[[str], Any], client: Client
    ) -> None:
        for method in ("FOO", "BAR"):
            client.generic(method, "/healthz/live")

        said = asked("long and random").content.decode()
        assert 'route="live",method="other",code="405"' in said
        assert "FOO" not in said

    def test_say_what_waits(self, world: World, asked: Callable[[str], Any]) -> None:
        said = asked("long and random").content.decode()

        for name in (
            'tir_rows{table="checkpoints_stamp"} ', 'tir_waiting{what="log"} ', 'tir_waiting{what="phones"} ',
            'tir_waiting_oldest_seconds{what="log"} ', "tir_log_checkpoint_age_seconds ", "tir_broker_up ",
            'tir_database_connections{role="tir_web"} ', "tir_database_connections_most ",
        ):  # fmt: skip
            assert f"\n{name}" in said, name


class TestFigures:
    def test_of_all_processes_add_up(self, tmp_path: Path) -> None:
        one, other = Figures(str(tmp_path)), Figures(str(tmp_path))
        for seconds in (0.001, 0.005, 0.0051):
            one.observe(("stamps", "POST", "201"), seconds)
        other.observe(("scans", "POST", "200"), 0.2)
        other.observe(("stamps", "POST", "201"), 99.0)

        found = one.all()
        assert found == other.all()
        assert found["stamps", "POST", "201"][:3] == [2, 1, 0], "a bound belongs to its bucket"
        assert found["stamps", "POST", "201"][len(BUCKETS)] == 1, "slower than every bound"
        assert sum(found["scans", "POST", "200"][:-1]) == 1

    def test_stay_bounded_whatever_is_asked(self) -> None:
        figures = Figures("")
        for number in range(MOST_ROWS + 10):
            figures.observe((str(number), "GET", "200"), 0.1)

        assert len(figures.all()) == MOST_ROWS

    def test_are_written_as_prometheus_reads_them(self) -> None:
        figures = Figures("")
        figures.observe(('odd "name"', "GET", "200"), 0.3)

        lines = as_histogram("seconds", ("route", "method", "code"), figures.all()).splitlines()
        assert lines[0] == "# TYPE seconds histogram"
        assert lines[1] == r'seconds_bucket{route="odd \"name\"",method="GET",code="200",le="0.005"} 0'
        assert lines[-3].endswith('le="+Inf"} 1')
        assert lines[-2].endswith("} 0.300000")
        assert lines[-1].endswith("} 1")


@pytest.mark.django_db
class TestReadiness:
    @pytest.fixture(autouse=True)
    def fresh(self) -> None:
        Kept.forget_all()

    def said(self, client: Client) -> tuple[int, str, list[str]]:
        answer = client.get(READY)
        return answer.status_code, answer.json()["status"], answer.json().get("concerns", [])

    def test_is_given_while_all_is_well(self, client: Client) -> None:
        status, said, _concerns = self.said(client)

        assert (status, said) == (200, "ready")

    def test_names_a_broker_that_does_not_answer_and_serves(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answering = self.said(client)
        Kept.forget_all()
        monkeypatch.setattr("tir.celery.app.conf.broker_url", "redis://127.0.0.1:1/0")
        monkeypatch.setattr("tir.celery.app.conf.broker_read_url", "redis://127.0.0.1:1/0")
        monkeypatch.setattr("tir.celery.app.conf.broker_write_url", "redis://127.0.0.1:1/0")

        assert "broker" not in answering[2]
        assert self.said(client) == (200, "ready", ["broker", *answering[2]])

    def test_is_refused_while_migrations_are_missing(self, client: Client) -> None:
        """Taken out of the list of those that ran, as a database is that an older release migrated."""
        assert self.said(client)[0] == 200
        Kept.forget_all()
        with databases.connected(databases.address_of(connection.settings_dict["NAME"], "OWNER")) as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'audit' RETURNING app, name, applied")
            gone = cursor.fetchall()
        try:
            assert self.said(client) == (503, "not migrated", [])
        finally:
            with databases.connected(
                databases.address_of(connection.settings_dict["NAME"], "OWNER")
            ) as cursor:
                cursor.executemany(
                    "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", gone
                )


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_is_known_by_its_own_code() -> None:
    """PostgreSQL raises it by the code of its own table, as it does where a file cannot grow."""
    for code, is_full in (("53100", True), ("53300", False)):
        with pytest.raises(OperationalError) as raised, connection.cursor() as cursor:
            cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '{code}'; END $$")
        assert readiness.is_disk_full(raised.value) is is_full


def test_the_probe_asks_for_room_each_time(db: None) -> None:
    with connection.cursor() as cursor:
        for _again in range(2):
            assert readiness.has_room()
            Kept.forget_all()
        cursor.execute("SELECT count(*) FROM tir_probe")
        (rows,) = cursor.fetchone()

    assert rows >= 2 * readiness.ROOM // readiness.A_ROW - 1


def test_a_server_counts_in_one_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    assert metrics.figures.directory == project_settings.METRICS_DIRECTORY
