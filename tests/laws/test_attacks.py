"""An insider with every right, against those who need not believe him: each change of the record is found, by name.

Each attack is tried on a clone of one world; that the untouched world verifies clean stands beside them all.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

from carnets.models import Carnet
from checkpoints.evidence.chain import GENESIS, stamp_hash
from checkpoints.evidence.columns import STAMP_COLUMNS
from checkpoints.models import Stamp
from checkpoints.posts.postings import officer_of
from checkpoints.recording import controls
from guarantees.claims import documents
from tests import databases
from tests.clones import clone, insider, within
from tests.guarantees.claiming import headquarters, notify, open_claim
from tests.laws.attacks import ATTACKS, Attack
from tests.logs import ORIGIN, faults, is_named, log_in, newest, private_key, put_rows, verified_alone
from tests.pictures import JPEG, PNG
from tests.world import HOUR, START, World, build, reconcile
from tir.log import exporting, running
from tir.log.errors import LogStopped, RestoredFromBackup
from tir.log.ledgers import ledgers
from tir.log.models import Pending
from tir.log.notes import Signer

pytestmark = pytest.mark.usefixtures("as_administrator")

DAY = timedelta(days=1)
PDF = b"%PDF-1.7 a scan of the letter %%EOF"


@dataclass(frozen=True)
class Site:
    """Databases of one node: as it was yesterday and as it is, and what somebody kept of each day's log."""

    yesterday: str
    today: str
    kept_yesterday: Path
    kept_today: Path
    heads: Path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    directory = tmp_path_factory.mktemp("site")
    kept = directory / "yesterday", directory / "today"
    with django_db_blocker.unblock(), log_in(directory) as heads, clone(databases.template()) as yesterday:
        with within(yesterday):
            world = put_yesterday()
            running.catch_up()
            kept[0].write_text(newest().note)
        with clone(yesterday) as today:
            with within(today):
                world.travel(world.issue(), upto=2)
                running.catch_up()
                kept[1].write_text(newest().note)
            yield Site(yesterday, today, *kept, heads)


def put_yesterday() -> World:
    """Carnet A has travelled, with everything that may happen on the way; B is claimed; C was refused."""
    world = build()
    travelled = world.issue()
    at = world.travel(travelled)
    world.report(travelled, "KZHOR001", START + 40 * HOUR, now=at, photos=[JPEG, PNG])
    controls.record_control(
        request=controls.ControlRequest(
            number=travelled.number, occurred_at=START + 40 * HOUR, id=uuid4(), kind="seals",
            result="satisfactory",
        ),
        photos=[JPEG], officer=officer_of(world.officers["KZHOR001"].pk), at=at,
    )  # fmt: skip
    claimed = world.issue()
    world.travel(claimed, upto=3)
    reconcile(START + 40 * DAY)
    claim = open_claim(world, claimed)
    notify(claim, (START + 46 * DAY).date())
    documents.attach(
        claim=claim, kind="notice", name="Letter.pdf", content_type="application/pdf", content=PDF,
        by=headquarters(), at=START + 46 * DAY,
    )  # fmt: skip
    world.refuse(world.issue(), 1, at)
    return world


@pytest.fixture
def attacked(site: Site, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """A clone of today's database to do harm in, with a copy outside of its own."""
    heads = tmp_path / "heads"
    shutil.copytree(site.heads, heads)
    with (
        django_db_blocker.unblock(),
        log_in(tmp_path) as heads,
        clone(site.today) as name,
        within(name),
    ):
        yield Site(site.yesterday, name, site.kept_yesterday, site.kept_today, heads)


def found_alone(directory: Path, *kept: Path) -> list[str]:
    """Return what `docs/verify.py` names in an export; that there can be none is a finding too."""
    try:
        exporting.export(str(directory))
    except LogStopped as error:
        return [f"cannot be exported: {error}"]
    status, found = verified_alone(directory, *kept)
    assert status == int(bool(found))
    return found


class TestTheUntouchedWorld:
    def test_verifies_clean(self, attacked: Site, tmp_path: Path) -> None:
        kept = attacked.kept_yesterday, attacked.kept_today
        assert faults(*kept) == []
        assert found_alone(tmp_path / "export", *kept) == []

    def test_has_something_in_every_ledger_that_is_attacked(self, attacked: Site) -> None:
        attacked_tables = {
            ledger.table
            for ledger in ledgers().values()
            if any(ledger.table in each for one in ATTACKS for each in one.statements)
        }
        assert len(attacked_tables) >= 12
        with insider() as run:
            assert all(run(f"SELECT 1 FROM {table} LIMIT 1") for table in attacked_tables)

    def test_goes_on(self, attacked: Site) -> None:
        reconcile(START + 60 * DAY)
        running.catch_up()
        assert faults(attacked.kept_today) == []


@pytest.mark.parametrize("each", ATTACKS, ids=lambda each: each.name)
def test_is_found(each: Attack, attacked: Site, tmp_path: Path) -> None:
    with insider() as run:
        for statement in each.statements:
            run(statement)

    assert_found(each.verify, faults(attacked.kept_today))
    assert_found(each.alone, found_alone(tmp_path / "export", attacked.kept_today))


def assert_found(named: str, found: list[str]) -> None:
    """A finding has the words; where nothing can be found, nothing is."""
    if named:
        assert is_named(named, found), found
    else:
        assert found == []


def chain(carnet: Carnet) -> list[dict[str, Any]]:
    return [
        dict(row) for row in Stamp.objects.filter(carnet=carnet).order_by("sequence").values(*STAMP_COLUMNS)
    ]


def chained(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the rows hashes as the system would."""
    previous = GENESIS
    for row in rows:
        row["previous_hash"], row["hash"] = previous, stamp_hash(row, previous)
        previous = row["hash"]
    return rows


class TestForgedChains:
    def test_written_anew_from_one_stamp_on(self, attacked: Site, tmp_path: Path) -> None:
        """Every hash of the chain fits, so `verify_ledger` is content; the log is not."""
        carnet = Carnet.objects.earliest("pk")
        rows = chain(carnet)
        rows[4]["seals_found"] = ["Z-1"]
        with insider() as run:
            for row in chained(rows)[4:]:
                run(
                    "UPDATE checkpoints_stamp SET seals_found = %s, previous_hash = %s, hash = %s WHERE id = %s",
                    row["seals_found"], row["previous_hash"], row["hash"], row["id"],
                )  # fmt: skip
            run("UPDATE carnets_carnet SET latest_hash = %s WHERE id = %s", rows[-1]["hash"], carnet.pk)

        found = faults()
        assert sum("does not say what was logged" in fault for fault in found) == 4
        assert sum("its receipt is not one that this system signed" in fault for fault in found) == 4
        assert_found("does not say what was logged", found_alone(tmp_path / "export"))

    @pytest.mark.parametrize("receipt", ["none", "of another stamp"])
    def test_lengthened_by_a_plain_insert(self, attacked: Site, tmp_path: Path, receipt: str) -> None:
        """No trigger is passed, the log takes it in, and every hash fits: its receipt alone is wrong."""
        carnet = Carnet.objects.latest("pk")
        rows = chain(carnet)
        forged = {
            **rows[-1],
            "id": "00000000-0000-0000-0000-00000000dead",
            "sequence": len(rows) + 1,
            "page": 3,
        }
        if receipt == "none":
            forged["receipt"] = {}
        hash_ = chained([*rows, forged])[-1]["hash"]
        with insider(fires_triggers=True) as run:
            run(
                "INSERT INTO checkpoints_stamp SELECT (jsonb_populate_record(kept, jsonb_build_object('id', %s::text,"
                " 'sequence', %s, 'page', 3, 'receipt', CASE WHEN %s = 'none' THEN '{}' ELSE receipt END,"
                " 'previous_hash', kept.hash, 'hash', %s::bytea))).*"
                " FROM checkpoints_stamp AS kept WHERE id = %s",
                forged["id"], forged["sequence"], receipt, hash_, rows[-1]["id"],
            )  # fmt: skip
            run(
                "UPDATE carnets_carnet SET latest_sequence = %s, latest_hash = %s WHERE id = %s",
                forged["sequence"], hash_, carnet.pk,
            )  # fmt: skip
        assert running.catch_up().entries == 1

        assert faults(attacked.kept_today) == [
            f"stamp {forged['id']}, carnet {carnet.number}: its receipt is not one that this system signed"
        ]
        (found,) = found_alone(tmp_path / "export", attacked.kept_today)
        assert forged["id"] in found
        assert "its receipt was not signed" in found


class TestForgedStatements:
    @pytest.mark.parametrize(
        "receipt", ["NULL", "receipt", "jsonb_set(receipt, '{hash}', to_jsonb(repeat('0', 64)))"]
    )
    def test_added_by_a_plain_insert(self, attacked: Site, tmp_path: Path, receipt: str) -> None:
        """The log takes a refusal in that nobody made: it has no receipt, or that of another."""
        forged = "00000000-0000-0000-0000-00000000dead"
        with insider(fires_triggers=True) as run:
            run(
                "INSERT INTO checkpoints_refusal SELECT (jsonb_populate_record(kept,"
                f" jsonb_build_object('id', %s::text, 'receipt', {receipt}))).* FROM checkpoints_refusal AS kept",
                forged,
            )
        assert running.catch_up().entries == 1

        assert faults(attacked.kept_today) == [
            f"refusal {forged}: its receipt is not one that this system signed"
        ]
        (found,) = found_alone(tmp_path / "export", attacked.kept_today)
        assert f"refusal {forged}: its receipt was not signed" in found


class TestWholeLogs:
    def test_restored_from_yesterday_goes_no_further(
        self, site: Site, attacked: Site, tmp_path: Path
    ) -> None:
        with clone(site.yesterday) as restored, within(restored):
            assert faults(attacked.kept_yesterday) == []
            with pytest.raises(RestoredFromBackup):
                running.catch_up()
            assert_found("not so many are here", faults(attacked.kept_today))
            assert_found("was kept, and", found_alone(tmp_path / "export", attacked.kept_today))

    def test_restored_from_yesterday_with_its_copy_outside_is_found_by_who_kept_more(
        self, site: Site, attacked: Site, tmp_path: Path
    ) -> None:
        """The insider brings the copy outside back too, and another day is lived: only others remember."""
        with clone(site.yesterday) as restored, within(restored):
            running.head_of(ORIGIN).path.write_text(newest().note)
            put_rows(200, "another day")
            running.catch_up()
            assert faults() == []
            assert faults(attacked.kept_yesterday) == []
            assert_found("are not those that were signed", faults(attacked.kept_today))
            alone = found_alone(tmp_path / "export", attacked.kept_today)
            assert_found("are not those that were signed", alone)

    def test_another_tree_for_one_association_is_found_by_what_it_kept(
        self, site: Site, attacked: Site, tmp_path: Path
    ) -> None:
        """Two databases, one key: each verifies for itself, and neither against what was kept of the other."""
        with clone(site.yesterday) as other, within(other):
            running.head_of(ORIGIN).path.write_text(newest().note)
            put_rows(3, "for others")
            running.catch_up()
            shown = tmp_path / "shown"
            shown.write_text(newest().note)
            assert faults(shown) == []
        assert faults(attacked.kept_today) == []
        assert len(faults(shown)) == 1
        assert len(found_alone(tmp_path / "export", shown)) == 1

    def test_written_anew_with_the_stolen_key_is_found_by_what_was_kept_alone(
        self, attacked: Site, tmp_path: Path
    ) -> None:
        """Rows, entries, tiles, signatures and the copy outside agree with each other: nobody inside can tell."""
        with insider() as run:
            run("DELETE FROM checkpoints_refusal")
            for table in ("cosignature", "checkpoint", "tile", "entry", "log"):
                run(f"DELETE FROM log_{table}")
            run("DELETE FROM log_administrativeact WHERE noun = 'log'")
            run("SET timezone = 'UTC'")
            for ledger in ledgers().values():
                run(
                    "INSERT INTO log_pending (kind, ref, hash, since)"
                    f" SELECT '{ledger.kind}', {ledger.key}::text,"
                    f" sha256(convert_to('{ledger.kind}' || E'\\n' || {ledger.content}, 'UTF8')), now()"
                    f" FROM {ledger.table} AS row"
                )
        connection.close()
        running.head_of(ORIGIN).path.unlink()
        running.catch_up()
        assert not Pending.objects.exists()

        assert faults() == []
        assert found_alone(tmp_path / "unkept") == []
        for number, kept in enumerate([attacked.kept_yesterday, attacked.kept_today]):
            assert is_named(ORIGIN, faults(kept))
            assert found_alone(tmp_path / f"kept-{number}", kept) != []

    def test_signed_with_a_key_of_ones_own_is_found_by_what_was_kept(self, attacked: Site) -> None:
        with insider() as run:
            run("UPDATE log_log SET key = %s", str(Signer(ORIGIN, private_key("the insider")).verifier()))

        assert is_named("is not signed by the key of this log", faults(attacked.kept_today))
        assert faults(), "and by the signature of the newest checkpoint"

    def test_what_never_had_a_place_is_missed_by_who_has_its_receipt_alone(
        self, attacked: Site, tmp_path: Path
    ) -> None:
        """The limit: a row that goes within the second before it gets its place. A phone has its receipt."""
        put_rows(2, "soon gone")
        with insider() as run:
            run("DELETE FROM log_publickey WHERE text LIKE 'soon gone%%'")
            run("DELETE FROM log_pending")

        assert faults(attacked.kept_today) == []
        assert found_alone(tmp_path / "export", attacked.kept_today) == []


def test_the_documents_say_who_finds_what() -> None:
    text = (Path(settings.BASE_DIR) / "docs" / "operations.md").read_text()
    said = [f"| {each.name} | {verdict(each.verify)} | {verdict(each.alone)} |" for each in ATTACKS]

    assert [line for line in text.splitlines() if line.endswith(("finds it |", "see it |"))] == said


def verdict(named: str) -> str:
    return "finds it" if named else "cannot see it"
