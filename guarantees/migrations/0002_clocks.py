"""The legal clocks as dated rows, and the SQL twin of `clocks.Period.after`, so that set-based statements and
Python answer alike (a test compares them day by day)."""

from datetime import date

from django.db import migrations

CONVENTION_IN_FORCE = date(1978, 3, 20)
CLAIM_AFTER_ONE_MONTH = date(2018, 7, 1)  # first consolidation known to us with one month; see docs/law.md

RULES = [
    # clock, valid_from, valid_to, years, months, days, article
    ("overdue_to_enquiry", CONVENTION_IN_FORCE, None, 0, 0, 7, "practice (EU transit manual IX.6.2)"),
    ("enquiry_to_holder", CONVENTION_IN_FORCE, None, 0, 0, 28, "practice (EU transit manual IX.6.2)"),
    ("pre_notification", CONVENTION_IN_FORCE, None, 0, 0, 180, "practice"),
    ("suspension", CONVENTION_IN_FORCE, None, 0, 0, 30, "practice (art. 26 sets no number)"),
    ("notification", CONVENTION_IN_FORCE, None, 1, 0, 0, "art. 11(1)"),
    ("notification_fraud", CONVENTION_IN_FORCE, None, 2, 0, 0, "art. 11(1)"),
    ("claim_earliest", CONVENTION_IN_FORCE, CLAIM_AFTER_ONE_MONTH, 0, 3, 0, "art. 11(3)"),
    ("claim_earliest", CLAIM_AFTER_ONE_MONTH, None, 0, 1, 0, "art. 11(3)"),
    ("claim_latest", CONVENTION_IN_FORCE, None, 2, 0, 0, "art. 11(3)"),
    ("claim_after_decision", CONVENTION_IN_FORCE, None, 1, 0, 0, "art. 11(3)"),
    ("payment", CONVENTION_IN_FORCE, None, 0, 3, 0, "art. 11(4)"),
    ("reimbursement", CONVENTION_IN_FORCE, None, 2, 0, 0, "art. 11(5)"),
]

# make_interval adds calendar months in the session's time zone, which Django sets to UTC.
CLOCK_END = """
CREATE FUNCTION guarantees_clock_end(clock_name text, territory bigint, start timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT start + make_interval(years => r.years, months => r.months, days => r.days)
      FROM guarantees_clockrule r
     WHERE r.clock = clock_name AND (r.territory_id = territory OR r.territory_id IS NULL)
       AND daterange(r.valid_from, r.valid_to) @> start::date
     ORDER BY r.territory_id NULLS LAST, r.valid_from DESC
     LIMIT 1
$$
"""


def add_rules(apps, schema_editor):
    rule = apps.get_model("guarantees", "ClockRule")
    rule.objects.bulk_create(
        rule(
            clock=clock, valid_from=start, valid_to=end, years=years, months=months, days=days, article=article
        )
        for clock, start, end, years, months, days, article in RULES
    )


class Migration(migrations.Migration):
    dependencies = [("guarantees", "0001_initial")]
    operations = [
        migrations.RunPython(add_rules, migrations.RunPython.noop),
        migrations.RunSQL(CLOCK_END, "DROP FUNCTION guarantees_clock_end(text, bigint, timestamptz)"),
    ]
