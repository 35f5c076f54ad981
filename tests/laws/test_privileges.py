"""What each role may do in the database (invariant 4): every refusal stands beside the same statement by the role that
may. What is tried is taken back at once."""

import psycopg2
import pytest
from django.apps import apps
from django.db import connection

from tests.databases import trying
from tests.laws.test_append_only import LEDGERS
from tests.world import World
from tir import roles
from tir.kernel import privileges

pytestmark = pytest.mark.django_db
Refused = psycopg2.errors.InsufficientPrivilege
THE_LOGS_OWN = {"log_publickey", "log_administrativeact"}
GROWING = ("log", "pending", "entry", "tile", "checkpoint")
WHO_SERVE = ["", "WORKER"]  # web is whoever nobody names


def may(role: str, *statements: str) -> None:
    with trying(role) as cursor:
        for statement in statements:
            cursor.execute(statement)


def may_not(role: str, statement: str) -> None:
    with trying(role) as cursor, pytest.raises(Refused):
        cursor.execute(statement)


def column_of(table: str) -> str:
    (column,) = [
        model._meta.pk.column
        for model in apps.get_models()
        if model._meta.db_table == table and model._meta.pk
    ]
    return column


@pytest.mark.parametrize("table", LEDGERS)
class TestALedger:
    """Statements that find no row, so that no trigger answers before the privilege does."""

    @pytest.mark.parametrize("role", [*WHO_SERVE, "LOG", "READ"])
    def test_is_never_changed_by_who_serves(self, table: str, role: str) -> None:
        column = column_of(table)
        for statement in (
            f"UPDATE {table} SET {column} = {column} WHERE false",
            f"DELETE FROM {table} WHERE false",
        ):
            may("OWNER", statement)
            may_not(role, statement)

    @pytest.mark.parametrize("role", WHO_SERVE)
    def test_is_never_emptied_by_who_serves(self, table: str, role: str) -> None:
        may("ADMIN", "SET LOCAL session_replication_role = replica", f"TRUNCATE {table} CASCADE")
        may_not(role, f"TRUNCATE {table} CASCADE")

    @pytest.mark.parametrize("role", WHO_SERVE)
    def test_is_read_and_added_to(self, table: str, role: str) -> None:
        statement = f"INSERT INTO {table} SELECT * FROM {table} WHERE false"

        may("OWNER", statement)
        may_not("READ", statement)
        if table in THE_LOGS_OWN:
            may(role, f"SELECT FROM {table}")
            may_not(role, statement)
        else:
            may(role, statement)
            may_not("LOG", statement)


# A statement on the schema, and who may it.
OF_OTHERS = [
    ("ALTER TABLE checkpoints_stamp DISABLE TRIGGER append_only", "OWNER"),
    ("ALTER TABLE checkpoints_stamp ADD COLUMN weighed_by text", "OWNER"),
    ("DROP TRIGGER append_only ON checkpoints_stamp", "OWNER"),
    (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "OWNER",
    ),
    ("DROP TABLE checkpoints_scan", "OWNER"),
    ("CREATE TABLE public.mine (id integer)", "OWNER"),
    ("CREATE FUNCTION public.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'", "OWNER"),
    ("CREATE SCHEMA mine", "OWNER"),
    ("SET ROLE tir_owner", "ADMIN"),
    ("SET session_replication_role = replica", "ADMIN"),
    ("CREATE ROLE tir_another", "ADMIN"),
    ("LOCK TABLE checkpoints_stamp IN ACCESS EXCLUSIVE MODE", "OWNER"),
    ("DELETE FROM carnets_carnet WHERE false", "OWNER"),
    ("INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now())", "OWNER"),
]


@pytest.mark.parametrize("role", WHO_SERVE)
@pytest.mark.parametrize(("statement", "whose"), OF_OTHERS)
def test_who_serves_changes_nothing_but_rows(statement: str, whose: str, role: str) -> None:
    may(whose, statement)
    may_not(role, statement)


class TestASecret:
    @pytest.mark.parametrize(
        ("table", "column", "beside"),
        [
            ("accounts_user", "password", "username"),
            ("knox_authtoken", "digest", "created"),
            ("knox_authtoken", "token_key", "expiry"),
            ("checkpoints_device", "token_digest", "name"),
            ("django_session", "session_key", "expire_date"),
            ("django_session", "session_data", "expire_date"),
            ("signin_session", "session_key", "last_seen_at"),
            ("signin_tokenuse", "token_id", "last_used_at"),
            ("signin_onetimelink", "digest", "purpose"),
            ("signin_authenticator", "secret", "added_at"),
            ("signin_recoverycode", "digest", "used_at"),
            ("signin_clientsecret", "digest", "made_at"),
            ("oauth2_provider_accesstoken", "token_checksum", "expires"),
        ],
    )
    @pytest.mark.parametrize("role", ["READ", "LOG"])
    def test_is_seen_by_who_signs_people_in_alone(
        self, table: str, column: str, beside: str, role: str
    ) -> None:
        may(role, f"SELECT {beside} FROM {table}")
        may_not(role, f"SELECT {column} FROM {table}")
        may_not(role, f"SELECT * FROM {table}")
        may("", f"SELECT {column} FROM {table}")

    @pytest.mark.parametrize(
        ("table", "column", "beside"),
        [("knox_authtoken", "digest", "created"), ("django_session", "session_key", "expire_date")],
    )
    def test_is_not_seen_while_something_is_read_for_somebody(
        self, table: str, column: str, beside: str
    ) -> None:
        become = f"SET LOCAL ROLE {roles.BOUND}"

        may("", f"{become}; SELECT {beside} FROM {table}")
        may_not("", f"{become}; SELECT {column} FROM {table}")

    def test_is_every_column_of_which_somebody_can_sign_in(self) -> None:
        """A column named like one is either listed or known to be none."""
        none = {
            ("axes_accesslog", "session_hash"),
            ("oauth2_provider_application", "hash_client_secret"),  # whether it is hashed
            ("oauth2_provider_accesstoken", "source_refresh_token_id"),
            ("oauth2_provider_accesstoken", "id_token_id"),
            ("oauth2_provider_refreshtoken", "access_token_id"),
            ("oauth2_provider_refreshtoken", "token_family"),
        }
        named = {
            (model._meta.db_table, field.column)
            for model in apps.get_models()
            for field in model._meta.concrete_fields
            if any(word in field.column for word in ("password", "secret", "token", "digest", "session"))
        }
        listed = {(table, column) for table, columns in privileges.SECRETS.items() for column in columns}

        assert named - none - listed == set()


class TestRebuildingLiability:
    CALL = "SELECT guarantees_rebuild_liability()"

    def test_is_for_the_worker(self) -> None:
        may("WORKER", self.CALL)
        may_not("", self.CALL)

    def test_is_the_only_way_to_empty_what_it_makes(self) -> None:
        may("OWNER", "DELETE FROM guarantees_liabilityperiod")
        may_not("WORKER", "DELETE FROM guarantees_liabilityperiod")


class TestRoles:
    @pytest.mark.parametrize("role", roles.ROLES)
    def test_have_no_right_over_the_cluster(self, role: str) -> None:
        with trying("ADMIN") as cursor:
            cursor.execute(
                "SELECT rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls"
                "  FROM pg_roles WHERE rolname = %s",
                [role],
            )
            assert cursor.fetchone() == (True, False, False, False, False, False)
            cursor.execute(
                "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = %s::regrole", [role]
            )
            becomes = [roles.BOUND] if role in (roles.WEB, roles.WORKER) else []
            assert [granted for (granted,) in cursor.fetchall()] == becomes

    def test_the_tests_themselves_are_web(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, session_user")
            assert cursor.fetchone() == ("tir_web", "tir_web")

    def test_the_owner_alone_owns(self) -> None:
        with trying("ADMIN") as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner <> %s::regrole",
                [roles.OWNER],
            )
            assert cursor.fetchall() == []


class TestEverybody:
    """PUBLIC, whom each role is part of, is granted nothing."""

    @pytest.mark.parametrize(
        "granted",
        [
            "SELECT relname FROM pg_class, aclexplode(relacl) a WHERE a.grantee = 0"
            " AND relnamespace = 'public'::regnamespace",
            "SELECT nspname FROM pg_namespace, aclexplode(nspacl) a WHERE a.grantee = 0 AND nspname = 'public'",
            "SELECT proname FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner))) a"
            " WHERE a.grantee = 0 AND proowner = 'tir_owner'::regrole",
            "SELECT datname FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) a"
            " WHERE a.grantee = 0 AND datname = current_database()",
        ],
        ids=["tables", "schema", "functions", "database"],
    )
    def test_is_granted_nothing(self, granted: str) -> None:
        with trying("ADMIN") as cursor:
            cursor.execute(granted)
            assert cursor.fetchall() == []


class TestTheLog:
    @pytest.mark.parametrize(
        ("table", "role", "rights"),
        [
            ("log_entry", "LOG", {"SELECT", "INSERT"}),
            ("log_tile", "LOG", {"SELECT", "INSERT", "UPDATE"}),
            ("log_checkpoint", "LOG", {"SELECT", "INSERT", "UPDATE"}),
            ("log_log", "LOG", {"SELECT", "INSERT", "UPDATE"}),
            ("log_pending", "LOG", {"SELECT", "UPDATE", "DELETE"}),
            ("log_publickey", "LOG", {"SELECT", "INSERT"}),
            ("log_administrativeact", "LOG", {"SELECT"}),
            *((f"log_{table}", role, {"SELECT"}) for table in GROWING for role in ("WEB", "WORKER", "READ")),
            ("log_watchedlog", "WEB", {"SELECT", "UPDATE"}),
            ("log_cosignature", "WEB", {"SELECT", "INSERT"}),
        ],
    )
    def test_grows_by_its_own_process_alone(self, table: str, role: str, rights: set[str]) -> None:
        every = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
        asked = ", ".join(f"has_table_privilege('tir_{role.lower()}', '{table}', '{each}')" for each in every)
        with trying("ADMIN") as cursor:
            cursor.execute(f"SELECT {asked}")
            assert {each for each, has in zip(every, cursor.fetchone(), strict=True) if has} == rights

    def test_takes_in_what_web_records_without_web_writing_to_it(self, world: World) -> None:
        world.issue()

        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM log_pending WHERE kind = 'carnet_event'")
            assert cursor.fetchone() == (1,)
        for statement in ("DELETE FROM log_pending", "UPDATE log_pending SET hash = hash"):
            may("LOG", statement)
            may_not("", statement)
        insert = "INSERT INTO log_pending (kind, ref, hash, since) VALUES ('a', 'b', '', now())"
        may("OWNER", insert)
        may_not("", insert)
