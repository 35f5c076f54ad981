"""The roles by which processes connect to PostgreSQL. A cluster's administrator makes them, and gives a database to its
owner; what each may do there is written in `tir.kernel.privileges`.

`python -m tir.roles` makes them from the environment (ADMIN_DATABASE_URL, TIR_OWNER_PASSWORD, TIR_WEB_PASSWORD, …).
It may run again at any time: a role that is there gets the password that the environment says, a database that somebody
else owned goes to the owner with all that is in it. Roles belong to the cluster, so every database of it knows the same
five, and the one that nobody signs in as.
"""

import os
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg2
from psycopg2 import sql

OWNER = "tir_owner"  # owns database and tables, and migrates; no process that serves connects as it
WEB = "tir_web"
WORKER = "tir_worker"  # and commands by hand
LOG = "tir_log"  # puts in order what the log of everything on record takes in
READ = "tir_read"  # looks, and sees no secret
ROLES = (OWNER, WEB, WORKER, LOG, READ)
BOUND = "tir_bound"  # nobody signs in as it: the web server becomes it while a page or a list is read
BECOMES = {
    WEB: BOUND,
    WORKER: BOUND,
}  # beside the web server what works in its place: tests, a command by hand

ONE_AT_A_TIME = 8_301_973  # an advisory lock of the server: two checkouts may make roles side by side
UNPRIVILEGED = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"

# What stands in the schema and belongs to no extension and to no other thing that is handed over.
NOT_THE_OWNERS = """
SELECT CASE WHEN c.relkind = 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.oid::regclass::text
  FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
   AND c.relowner <> %(owner)s::regrole
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                      AND d.deptype IN ('e', 'a', 'i'))
UNION ALL
SELECT 'ROUTINE', p.oid::regprocedure::text
  FROM pg_proc p
 WHERE p.pronamespace = 'public'::regnamespace AND p.proowner <> %(owner)s::regrole
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                      AND d.deptype = 'e')
"""


def password_variable(role: str) -> str:
    """Return the name of the variable that holds a role's password."""
    return f"{role.upper()}_PASSWORD"


def said_of(name: str) -> str:
    """Return a variable's text, or that of the file which NAME_FILE names; nothing where neither is there."""
    file = os.environ.get(f"{name}_FILE", "")
    return Path(file).read_text().strip() if file else os.environ.get(name, "")


def are_made(cursor: "psycopg2.extensions.cursor") -> bool:
    """Whether the cluster has every role."""
    cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = ANY (%s)", [[*ROLES, BOUND]])
    return bool(cursor.fetchone()[0] == len(ROLES) + 1)


def make(cursor: "psycopg2.extensions.cursor", passwords: Mapping[str, str]) -> None:
    """Make every role as its administrator, or give it its password anew. What somebody granted it beside the list of
    privileges, a membership or a right over the cluster, is taken away."""
    cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
    cursor.execute("SELECT rolname FROM pg_roles")
    known = {name for (name,) in cursor.fetchall()}
    for role in ROLES:
        verb = "ALTER" if role in known else "CREATE"
        statement = sql.SQL(f"{verb} ROLE {{}} LOGIN {UNPRIVILEGED} PASSWORD {{}}")
        cursor.execute(statement.format(sql.Identifier(role), sql.Literal(passwords[role])))
    cursor.execute(f"{'ALTER' if BOUND in known else 'CREATE'} ROLE {BOUND} NOLOGIN {UNPRIVILEGED}")
    cursor.execute(
        "SELECT roleid::regrole::text, member::regrole::text FROM pg_auth_members"
        " WHERE member = ANY (%s::regrole[])",
        [[*ROLES, BOUND]],
    )
    for granted, member in cursor.fetchall():
        if BECOMES.get(member) != granted:
            cursor.execute(f"REVOKE {granted} FROM {member}")
    for member, granted in BECOMES.items():
        cursor.execute(f"GRANT {granted} TO {member}")
    cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])


def hand_over(cursor: "psycopg2.extensions.cursor", database: str) -> None:
    """Give the connected database to the owner, with its schema and what is in it: one made before there were roles
    belonged to the administrator."""
    cursor.execute(
        sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(database), sql.Identifier(OWNER))
    )
    cursor.execute("ALTER SCHEMA public OWNER TO pg_database_owner")
    cursor.execute(NOT_THE_OWNERS, {"owner": OWNER})
    for kind, name in cursor.fetchall():
        cursor.execute(f"ALTER {kind} {name} OWNER TO {OWNER}")


def main() -> None:
    """Do both for the database that ADMIN_DATABASE_URL names; end with status 1 and a sentence where a variable is
    missing."""
    variables = {role: password_variable(role) for role in ROLES}
    said = {name: said_of(name) for name in ("ADMIN_DATABASE_URL", *variables.values())}
    missing = [name for name, text in said.items() if not text]
    if missing:
        sys.exit(f"tir.roles: {', '.join(missing)} is not set: see docs/operations.md, 8.")
    to = urlsplit(said["ADMIN_DATABASE_URL"])
    database = unquote(to.path.lstrip("/"))
    with closing(psycopg2.connect(said["ADMIN_DATABASE_URL"])) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        make(cursor, {role: said[variable] for role, variable in variables.items()})
        hand_over(cursor, database)


if __name__ == "__main__":
    main()
