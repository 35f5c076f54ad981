"""A database as release 2.0 left it, upgraded while posts send stamps: what they hear, and that nothing is lost."""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha512
from pathlib import Path
from secrets import token_hex
from time import monotonic, sleep

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from tests import databases
from tests.upgrade.clients import AWAY, Site, application, receipt_of, working
from tir.laptop import processes, upgrading
from tir.laptop.addresses import OF_OTHERS, variable
from tir.laptop.places import State
from tir.laptop.postgres import wheel_binaries
from tir.laptop.processes import LaptopError
from tir.laptop.serving import Serving
from tir.roles import hand_over

# Made by the code of 2.0: `seed`, a superuser, `simulate --carnets 30 --seed 20`, `reconcile`, `pg_dump --no-owner`.
RELEASED = Path(__file__).with_name("released.sql.gz")
CORRIDOR = Path(__file__).with_name("corridor.json")  # of the same installation's card, without its passwords
SUPERUSERS = "SELECT count(*) FROM accounts_user WHERE is_superuser"
STAMPS = "SELECT id::text, carnet_id, sequence, recorded_at, hash, previous_hash FROM checkpoints_stamp ORDER BY id"

# Everything that a migration makes or grants, in words of PostgreSQL's own.
DESCRIPTIONS = (
    "SELECT pg_get_triggerdef(oid), tgenabled::text FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT pg_get_functiondef(p.oid), pg_get_userbyid(proowner), proacl::text FROM pg_proc p"
    " WHERE pronamespace = 'public'::regnamespace AND NOT EXISTS"
    " (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')",
    "SELECT relname, relkind::text, pg_get_userbyid(relowner), relacl::text FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace",
    "SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull, attacl::text"
    "  FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped"
    "   AND attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)",
    # without casts and brackets: restoring a dump writes them in other places
    "SELECT conrelid::regclass::text, conname,"
    " regexp_replace(pg_get_constraintdef(oid), '::[a-z ]+(\\[\\])?|[() ]', '', 'g') FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace AND contype <> 't'",
)


@pytest.fixture
def released(django_db_setup: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a database of release 2.0 with thirty carnets, which is this process's from now on."""
    name = f"{connection.settings_dict['NAME']}_released"
    with databases.empty_one(name):
        subprocess.run(
            [str(wheel_binaries() / "psql"), "--quiet", "--set=ON_ERROR_STOP=1", databases.address_of(name, "ADMIN")],
            input=gzip.decompress(RELEASED.read_bytes()), check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        with databases.connected(databases.address_of(name, "ADMIN")) as cursor:
            hand_over(cursor, name)
        for role in OF_OTHERS:
            monkeypatch.setenv(variable(role), databases.address_of(name, role))
        monkeypatch.setenv("DATABASE_URL", databases.address_of(name))
        yield name


@pytest.fixture
def serving(released: str, state: State) -> Iterator[Serving]:
    server = Serving(state, processes.free_port(None))
    yield server
    server.stop()


def test_posts_hear_503_for_a_while_nothing_is_lost_and_it_ends_like_one_made_today(
    released: str, serving: Serving
) -> None:
    stamps_before = rows(released, STAMPS)
    assert len(stamps_before) > 200
    assert rows(released, SUPERUSERS) == [(1,)]
    assert "pgtrigger" in str(described(released))
    site = site_of(released, serving.port)
    serving.proxy.prepare()
    serving.spawn("proxy")
    processes.wait_until(lambda: not processes.is_free(serving.port), seconds=10)

    with working(site, clients=2) as heard:
        sleep(0.5)
        away = upgrading.upgrade(serving)
        processes.wait_until(lambda: len(heard.receipts) > 20 or bool(heard.wrong), seconds=60)

    assert away is not None
    assert heard.wrong == []
    assert set(heard.statuses) == {AWAY, 201}, "nobody was refused a connection or left without an answer"
    stamps = {stamp[0]: stamp for stamp in rows(released, STAMPS)}
    assert [stamps[before[0]] for before in stamps_before] == stamps_before
    for id, receipt in heard.receipts.items():
        read = receipt_of(site, receipt["carnet"], id, site.officers[receipt["page"] - 1])
        assert (read["hash"], read["sequence"]) == (receipt["hash"], receipt["sequence"])
    assert set(heard.issued) <= {number for (number,) in rows(released, "SELECT number FROM carnets_carnet")}
    verified = manage(released, "verify")
    assert verified.returncode == 0, verified.stdout
    assert "It holds." in verified.stdout
    everybody_can_do_what_he_could_and_no_account_is_above_others(released)
    it_is_like_one_made_today(released)


def everybody_can_do_what_he_could_and_no_account_is_above_others(name: str) -> None:
    assert rows(name, SUPERUSERS) == [(0,)]
    role_by_role = "SELECT unnest(roles), count(*) FROM accounts_user GROUP BY 1 ORDER BY 1"
    assigned = "SELECT role, count(*) FROM accounts_assignment GROUP BY 1 ORDER BY 1"
    assert rows(name, role_by_role) == rows(name, assigned)


def it_is_like_one_made_today(name: str) -> None:
    upgraded, made_today = described(name), described(str(connection.settings_dict["NAME"]))
    for ours, todays in zip(upgraded, made_today, strict=True):
        assert ours, "each description finds something"
        assert ours == todays
    assert "pgtrigger" not in str(upgraded)


def test_nothing_is_touched_while_somebody_reads_for_long(released: str, serving: Serving) -> None:
    with (
        closing(psycopg2.connect(databases.address_of(released, "ADMIN"))) as reader,
        reader.cursor() as cursor,
    ):
        cursor.execute("SELECT count(*) FROM checkpoints_stamp")
        sleep(5.2)
        with pytest.raises(LaptopError, match="has had a transaction open for 5 s.*Nothing was changed"):
            upgrading.upgrade(serving)
    assert rows(released, "SELECT to_regclass('log_entry')") == [(None,)]


def test_a_migration_waits_for_a_table_and_lets_others_by(released: str) -> None:
    with (
        closing(psycopg2.connect(databases.address_of(released, "ADMIN"))) as reader,
        reader.cursor() as cursor,
    ):
        cursor.execute("SELECT count(*) FROM kernel_installation")
        migrating = subprocess.Popen(
            [sys.executable, "manage.py", "migrate", "kernel", "--verbosity", "0"], cwd=settings.BASE_DIR,
            env=databases.environment_of(released, "OWNER"), text=True, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert migrating.stderr is not None
        said = next(line for line in migrating.stderr if "holds a table" in line)
        began = monotonic()
        assert rows(released, "SELECT count(*) FROM kernel_installation") == [(1,)], (
            "who comes later is not held up"
        )
        assert monotonic() - began < 5
    assert "migrating again in 2 s (1)" in said
    assert migrating.wait(60) == 0, migrating.stderr.read()
    assert rows(released, "SELECT is_sandbox, is_training FROM kernel_installation") == [(True, False)]


def described(name: str) -> list[list[tuple[object, ...]]]:
    return [rows(name, f"{description} ORDER BY 1, 2") for description in DESCRIPTIONS]


def rows(name: str, statement: str) -> list[tuple[object, ...]]:
    with databases.connected(databases.address_of(name, "ADMIN")) as cursor:
        cursor.execute(statement)
        found: list[tuple[object, ...]] = [
            tuple(bytes(each) if isinstance(each, memoryview) else each for each in row)
            for row in cursor.fetchall()
        ]
    return found


def manage(name: str, *command: str, role: str = "WORKER") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", *command], cwd=settings.BASE_DIR, env=databases.environment_of(name, role),
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip


def site_of(name: str, port: int) -> Site:
    """Give the demo's association and the first four officers of its corridor a token each, as 2.0 would."""
    corridor = json.loads(CORRIDOR.read_text())
    offices = [office for leg in corridor["itinerary"] for office in (leg["start"], leg["end"])][:4]
    officers = tuple(token_for(name, corridor["officers"][office]) for office in offices)
    return Site(port, token_for(name, corridor["association_user"]), officers, application(corridor))


def token_for(name: str, username: str) -> str:
    token, at = token_hex(32), datetime.now(UTC)
    with databases.connected(databases.address_of(name, "ADMIN")) as cursor:
        cursor.execute(
            "INSERT INTO knox_authtoken (digest, token_key, created, expiry, user_id)"
            " SELECT %s, %s, %s, %s, id FROM accounts_user WHERE username = %s RETURNING 1",
            [sha512(token.encode()).hexdigest(), token[:15], at, at + timedelta(days=1), username],
        )
        assert cursor.fetchone(), username
    return token
