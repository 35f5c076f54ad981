"""The laws about people: roles and assignments stay one truth, nothing is deleted, and every change is written down."""

from django.db import migrations

from tir.kernel.sql_functions import LoadFunction
from tir.kernel.triggers import APPEND_ONLY, NO_TRUNCATE, Trigger, add, never_deleted
from tir.log.migrating import LogActs, LogRows

# What stood in accounts before assignments were kept, as a change of its column would write it.
WRITE_DOWN = """
INSERT INTO accounts_assignment (person_id, role, reach, gives, valid_from, given_at, reason, end_reason)
SELECT id, role, CASE role WHEN 'officer' THEN 'office' WHEN 'association' THEN 'association' WHEN 'secretariat' THEN 'all'
                 ELSE CASE country WHEN '' THEN 'all' ELSE 'territory' END END,
       '{}', (date_joined AT TIME ZONE 'UTC')::date, now(), 'in the account before assignments were kept', ''
  FROM (SELECT DISTINCT id, country, date_joined, unnest(roles) AS role FROM accounts_user) AS said ORDER BY id, role
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_people"), ("kernel", "0003_refuse_change"), ("log", "0005_who_acted")]
    operations = [
        LoadFunction("accounts_roles_on_record"),
        add("accounts_assignment", never_deleted("assignment_stays")),
        add("accounts_personevent", APPEND_ONLY, NO_TRUNCATE),
        add(
            "accounts_user",
            Trigger("roles_on_record", "AFTER INSERT OR UPDATE OF roles", "accounts_roles_on_record"),
        ),
        LogActs("accounts_assignment", "assignment"),
        LogRows("accounts_personevent", "person_event"),
        migrations.RunSQL(WRITE_DOWN, migrations.RunSQL.noop),
    ]
