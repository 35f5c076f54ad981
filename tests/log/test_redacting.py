"""Forgetting what a row says: nothing of it is left, that it was logged stays, and only an act excuses it."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from carnets.models import Carnet
from checkpoints.models import IncidentPhoto
from tests.clones import insider
from tests.logs import ORIGIN, faults, is_named, put_rows, verified_alone
from tests.pictures import JPEG, PNG
from tests.world import HOUR, START, World
from tir.log import exporting, growing, redacting, running
from tir.log.errors import LogStopped
from tir.log.models import AdministrativeAct, Entry, Log

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("heads")]


@pytest.fixture
def carnet(world: World) -> Carnet:
    carnet = world.issue()
    at = world.travel(carnet, upto=4)
    world.report(carnet, "KZHOR001", at, photos=[JPEG, PNG])
    running.catch_up()
    return carnet


def photo() -> IncidentPhoto:
    return IncidentPhoto.objects.get(content=JPEG[1])


def everything_in(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in directory.rglob("*") if path.is_file())


class TestRedact:
    def test_leaves_nothing_of_a_photo_and_everything_verifies(self, carnet: Carnet, tmp_path: Path) -> None:
        gone = photo()
        hash_in_words = bytes(gone.sha256).hex()
        exporting.export(str(tmp_path / "before"))
        redacting.redact(kind="report_photo", ref=str(gone.pk), reason="A face.", at=START)
        running.catch_up()
        exporting.export(str(tmp_path / "after"))

        before, after = everything_in(tmp_path / "before"), everything_in(tmp_path / "after")
        assert JPEG[1] in before
        assert JPEG[1] not in after
        assert before.count(hash_in_words.encode()) == 2
        assert after.count(hash_in_words.encode()) == 1, "in the report, whose receipt is over it"
        assert not IncidentPhoto.objects.filter(pk=gone.pk).exists()
        entry = Entry.objects.get(kind="report_photo", ref=str(gone.pk))
        assert entry.salt is None
        assert bytes(entry.hash)
        act = AdministrativeAct.objects.get(verb="redact")
        assert act.content == {"reason": "A face.", "log": entry.log.origin, "index": entry.index}
        assert faults() == []
        assert verified_alone(tmp_path / "after") == (0, [])

    def test_of_a_row_in_a_log_that_was_ended_verifies(self, carnet: Carnet, tmp_path: Path) -> None:
        growing.end(log=Log.objects.get(), head=running.head_of(ORIGIN), reason="a drill", at=START)
        running.catch_up()
        redacting.redact(kind="report_photo", ref=str(photo().pk), reason="A face.", at=START)
        running.catch_up()
        exporting.export(str(tmp_path / "export"))

        assert faults() == []
        assert verified_alone(tmp_path / "export") == (0, [])

    def test_leaves_the_ledger_closed(self, carnet: Carnet) -> None:
        redacting.redact(kind="report_photo", ref=str(photo().pk), reason="A face.", at=START)

        with insider(fires_triggers=True) as run, pytest.raises(Exception, match="Cannot update or delete"):
            run("DELETE FROM checkpoints_incidentphoto")

    def test_does_not_excuse_another_row(self, carnet: Carnet, tmp_path: Path) -> None:
        redacting.redact(kind="report_photo", ref=str(photo().pk), reason="A face.", at=START)
        running.catch_up()
        assert faults() == []
        with insider() as run:
            run("UPDATE log_entry SET salt = NULL WHERE kind = 'report'")
            run("DELETE FROM checkpoints_incident")

        assert is_named("its salt is gone, and nobody redacted it", faults())
        exporting.export(str(tmp_path / "export"))
        status, found = verified_alone(tmp_path / "export")
        assert status == 1
        assert is_named("nobody redacted it", found)


class TestRefuses:
    @pytest.mark.parametrize(
        ("kind", "why"),
        [
            ("stamp", "chained"),
            ("carnet_event", "issued"),
            ("liability_entry", "sum"),
            ("key", "verified"),
            ("administrative_act", "the log itself"),
        ],
    )
    def test_what_must_stay_and_says_why(self, carnet: Carnet, kind: str, why: str) -> None:
        refs = Entry.objects.filter(kind=kind)
        if kind == "administrative_act":
            refs = refs.filter(ref=str(AdministrativeAct.objects.get(noun="log").pk))
        ref = refs.earliest("index").ref
        with pytest.raises(CommandError, match=f"is never forgotten: .*{why}"):
            call_command("log", "redact", kind, ref, reason="Asked for.")

        assert Entry.objects.get(kind=kind, ref=ref).salt is not None
        assert not AdministrativeAct.objects.filter(verb="redact").exists()
        assert faults() == []

    def test_to_forget_why_something_was_forgotten(self, carnet: Carnet) -> None:
        redacting.redact(kind="report_photo", ref=str(photo().pk), reason="A face.", at=START)
        running.catch_up()
        acts = {
            each.verb: str(each.pk)
            for each in AdministrativeAct.objects.filter(noun__in=["report_photo", "office"])
        }

        with pytest.raises(LogStopped, match="is never forgotten"):
            redacting.redact(kind="administrative_act", ref=acts["redact"], reason="Asked for.", at=START)
        redacting.redact(kind="administrative_act", ref=acts["insert"], reason="Asked for.", at=START)
        assert faults() == []

    def test_what_others_refer_to(self, carnet: Carnet) -> None:
        report = photo().incident_id
        with pytest.raises(LogStopped, match="Other records refer"):
            redacting.redact(kind="report", ref=str(report), reason="Asked for.", at=START)

        for each in IncidentPhoto.objects.all():
            redacting.redact(kind="report_photo", ref=str(each.pk), reason="Asked for.", at=START)
        redacting.redact(kind="report", ref=str(report), reason="Asked for.", at=START)
        assert faults() == []

    @pytest.mark.parametrize(
        ("kind", "ref"), [("rumour", "1"), ("report_photo", "999999"), ("report_photo", "x")]
    )
    def test_what_is_not_there(self, carnet: Carnet, kind: str, ref: str) -> None:
        with pytest.raises(LogStopped, match="has a place in the log"):
            redacting.redact(kind=kind, ref=ref, reason="Asked for.", at=START)

    def test_what_has_no_place_yet_and_what_is_forgotten(self, carnet: Carnet, world: World) -> None:
        world.report(carnet, "KZHOR001", START + 60 * HOUR, photos=[("image/jpeg", JPEG[1] + b"2")])
        ref = str(IncidentPhoto.objects.latest("pk").pk)
        with pytest.raises(LogStopped, match="has a place in the log"):
            redacting.redact(kind="report_photo", ref=ref, reason="Asked for.", at=START)
        running.catch_up()
        redacting.redact(kind="report_photo", ref=ref, reason="Asked for.", at=START)
        put_rows(1)
        with pytest.raises(LogStopped, match="has a place in the log"):
            redacting.redact(kind="report_photo", ref=ref, reason="Asked for.", at=START)
