"""Who may do what in the database, in one table. Whatever is not named here is refused.

`apply` makes it so after every migration: it takes everything away and grants what stands here, so a table of a later
migration is covered by what it is, and a grant by hand does not last. The roles themselves: `tir.roles`.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.apps import apps as installed
from django.core.management import CommandError
from django.db import connections, transaction
from django.db.models import Model

from tir.kernel.models import AppendOnly
from tir.roles import BOUND, LOG, OWNER, READ, ROLES, WEB, WORKER

LOG_APP = "log"
MIGRATIONS = "django_migrations"  # a table without a model

# By what a table is. TRUNCATE, REFERENCES and TRIGGER are nobody's but the owner's.
LEDGER = {WEB: "SELECT, INSERT", WORKER: "SELECT, INSERT"}
REGISTER = {WEB: "SELECT, INSERT, UPDATE", WORKER: "SELECT, INSERT, UPDATE"}
TOLD = {WEB: "SELECT", WORKER: "SELECT"}

# Tables of the log, beside what everybody may read of them: only its own process lets it grow. What is pending came by
# the tables' own triggers. Who witnesses whom a person says, as the worker; a witness's answer comes by the web.
OF_THE_LOG = {
    "log_log": {LOG: "INSERT, UPDATE"},
    "log_pending": {LOG: "UPDATE, DELETE"},
    "log_entry": {LOG: "INSERT"},
    "log_tile": {LOG: "INSERT, UPDATE"},
    "log_checkpoint": {LOG: "INSERT, UPDATE"},
    "log_fault": {LOG: "INSERT"},
    "log_publickey": {LOG: "INSERT"},
    "log_witness": {LOG: "UPDATE", WEB: "UPDATE", WORKER: "INSERT, UPDATE"},
    "log_cosignature": {LOG: "INSERT", WEB: "INSERT"},
    "log_watchedlog": {WEB: "UPDATE", WORKER: "INSERT, UPDATE"},
}

# Where the code deletes; everywhere else a row stays, ledger or not.
DELETES = {
    "knox_authtoken": (WEB, WORKER),  # signing out, revoking a device, a user's oldest token
    "django_session": (WEB, WORKER),  # signing out of a page; sessions that have run out
    "oauth2_provider_accesstoken": (WEB, WORKER),  # of a service account that ended; those that have run out
    "signin_session": (WEB, WORKER),  # signing out of a page; those that have run out
    "signin_tokenuse": (WEB, WORKER),  # with its token
    "signin_authenticator": (WEB, WORKER),  # removed by its person; the act is in the log
    "signin_passkey": (WEB, WORKER),
    "signin_recoverycode": (WEB, WORKER),
    "signin_linkrequest": (WORKER,),
    "signin_failedattempt": (WORKER,),
    "signin_knownaddress": (WORKER,),
    "axes_accessattempt": (WEB, WORKER),  # the right password forgets the wrong ones
    "axes_accessattemptexpiration": (WEB, WORKER),  # with it
    "audit_refusalcount": (WORKER,),  # what a minute counted, once it is on record
    "guarantees_unfoldedentry": (WORKER,),  # what was added to the totals leaves the queue
}

# LOG and READ see everything but these columns: who has one of them can sign in.
SECRETS = {
    "accounts_user": {"password"},
    "knox_authtoken": {"digest", "token_key"},
    "checkpoints_device": {"token_digest"},
    "django_session": {"session_key", "session_data"},
    "signin_session": {"session_key", "session_data"},
    "signin_onetimelink": {"digest"},
    "signin_authenticator": {"secret", "last_step"},
    "signin_recoverycode": {"digest"},
    "signin_clientsecret": {"digest"},
    "oauth2_provider_application": {"client_secret"},
    "oauth2_provider_accesstoken": {"token", "token_checksum"},
    "oauth2_provider_refreshtoken": {"token", "token_checksum"},
    "signin_tokenuse": {"token_id"},
}
SEEING = (LOG, READ)
# BOUND, whom the web server becomes while it reads for somebody, sees what web sees but for the secrets of these.
HALF_SEEN = {"knox_authtoken", "django_session"}

# Functions beside those that both may call.
ONLY_FOR = {"guarantees_rebuild_liability": (WORKER,)}

ROLES_MISSING = "The roles {roles} are not there: the administrator makes them by python -m tir.roles."
NOT_THE_OWNER = (
    "A migration changes the schema, and this process is connected as {role}: set DATABASE_URL to the address of "
    f"{OWNER}. On a laptop script/manage migrate does that."
)

OWN_FUNCTIONS = """
SELECT p.proname, p.oid::regprocedure::text, p.prorettype = 'trigger'::regtype FROM pg_proc p
 WHERE p.pronamespace = 'public'::regnamespace AND p.proowner = current_user::regrole
   AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
"""
SEQUENCES = """
SELECT s.oid::regclass::text, d.refobjid::regclass::text FROM pg_class s
  JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.deptype IN ('a', 'i')
 WHERE s.relkind = 'S' AND s.relnamespace = 'public'::regnamespace
"""
COLUMNS = """
SELECT attrelid::regclass::text, attname FROM pg_attribute
 WHERE attrelid = ANY (%s::regclass[]) AND attnum > 0 AND NOT attisdropped ORDER BY attrelid, attnum
"""


def ensure_owner(*, using: str, **_signal: Any) -> None:
    """Before a migration: raise CommandError unless the roles are there and the owner is connected."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(rolname::text) FROM pg_roles WHERE rolname = ANY (%s)", [[*ROLES, BOUND]]
        )
        missing = {*ROLES, BOUND} - set(cursor.fetchone()[0] or ())
        cursor.execute("SELECT current_user")
        (role,) = cursor.fetchone()
    if missing:
        raise CommandError(ROLES_MISSING.format(roles=", ".join(sorted(missing))))
    if role != OWNER:
        raise CommandError(NOT_THE_OWNER.format(role=role))


def apply(*, using: str, **_signal: Any) -> None:
    """After a migration: grant what stands above, in one transaction, so that nobody who serves meanwhile lacks it."""
    with transaction.atomic(using), connections[using].cursor() as cursor:
        for statement in (*for_database(connections[using].settings_dict["NAME"]), *for_tables(cursor)):
            cursor.execute(statement)


def for_database(name: str) -> Iterator[str]:
    """Yield what a database needs besides its schema: a clone of one does not inherit it."""
    yield f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC, {_all(ROLES, but=OWNER)}'
    yield f'GRANT CONNECT ON DATABASE "{name}" TO {_all(ROLES, but=OWNER)}'
    yield f'GRANT TEMPORARY ON DATABASE "{name}" TO {WEB}, {WORKER}'  # a reconciliation works on tables of its own
    yield f"REVOKE ALL ON SCHEMA public FROM PUBLIC, {BOUND}, {_all(ROLES, but=OWNER)}"
    yield f"GRANT USAGE ON SCHEMA public TO {BOUND}, {_all(ROLES, but=OWNER)}"


def rights(table: str, model: type[Model] | None) -> dict[str, str]:
    """Return what each role may do with a whole table; LOG and READ besides see it but for its secrets."""
    granted = dict(_rule(table, model))
    for role in DELETES.get(table, ()):
        granted[role] += ", DELETE"
    return granted


def _rule(table: str, model: type[Model] | None) -> dict[str, str]:
    if model is None:
        return TOLD if table == MIGRATIONS else {}
    if model._meta.app_label == LOG_APP:
        more = OF_THE_LOG.get(table, {})
        return {role: f"SELECT, {more[role]}" if role in more else "SELECT" for role in (WEB, WORKER, LOG)}
    return LEDGER if issubclass(model, AppendOnly) else REGISTER


def for_tables(cursor: Any) -> Iterator[str]:
    """Yield the statements for every table, sequence and function that the connected database has."""
    everybody = f"PUBLIC, {BOUND}, {_all(ROLES, but=OWNER)}"
    models = {model._meta.db_table: model for model in installed.get_models(include_auto_created=True)}
    cursor.execute("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    tables = [table for (table,) in cursor.fetchall()]
    granted = {table: rights(table, models.get(table)) for table in tables}
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {everybody}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {everybody}"
    for (role, privileges), among in _grouped(granted).items():
        yield f"GRANT {privileges} ON {', '.join(among)} TO {role}"
    seen = ", ".join(table for table in tables if granted[table] and table not in HALF_SEEN)
    yield f"GRANT SELECT ON {seen} TO {BOUND}"
    for table, columns in _open_columns(cursor, [table for table in tables if table in HALF_SEEN]):
        yield f"GRANT SELECT ({columns}) ON {table} TO {BOUND}"
    yield from _seen(cursor, [table for table in tables if granted[table]])
    yield from _sequences(cursor, granted)
    yield from _functions(cursor)


def _grouped(granted: dict[str, dict[str, str]]) -> dict[tuple[str, str], list[str]]:
    found = defaultdict(list)
    for table, by_role in granted.items():
        for role, privileges in by_role.items():
            found[role, privileges].append(table)
    return found


def _seen(cursor: Any, tables: list[str]) -> Iterator[str]:
    """What LOG and READ see: whole tables, and of those with secrets the other columns."""
    seeing = ", ".join(SEEING)
    yield f"GRANT SELECT ON {', '.join(table for table in tables if table not in SECRETS)} TO {seeing}"
    for table, columns in _open_columns(cursor, [table for table in tables if table in SECRETS]):
        yield f"GRANT SELECT ({columns}) ON {table} TO {seeing}"


def _open_columns(cursor: Any, tables: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each table with its columns that are no secret."""
    cursor.execute(COLUMNS, [tables])
    found = defaultdict(list)
    for table, column in cursor.fetchall():
        if column not in SECRETS[table]:
            found[table].append(column)
    for table, columns in found.items():
        yield table, ", ".join(columns)


def _sequences(cursor: Any, granted: dict[str, dict[str, str]]) -> Iterator[str]:
    """Who may add to a table may take its next number."""
    cursor.execute(SEQUENCES)
    for sequence, table in cursor.fetchall():
        adding = [role for role, privileges in granted.get(table, {}).items() if "INSERT" in privileges]
        if adding:
            yield f"GRANT USAGE ON SEQUENCE {sequence} TO {', '.join(adding)}"


def _functions(cursor: Any) -> Iterator[str]:
    """Functions are called by web and worker alone. Those of triggers need no right: the table's trigger calls them."""
    cursor.execute(OWN_FUNCTIONS)
    for name, signature, is_of_triggers in cursor.fetchall():
        yield f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC, {BOUND}, {_all(ROLES, but=OWNER)}"
        if not is_of_triggers:
            yield f"GRANT EXECUTE ON FUNCTION {signature} TO {', '.join(ONLY_FOR.get(name, (WEB, WORKER, BOUND)))}"


def _all(roles: tuple[str, ...], *, but: str) -> str:
    return ", ".join(role for role in roles if role != but)
