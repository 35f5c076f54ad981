"""The legal clocks as dated rows: by the Convention, or by practice where it sets no number."""

from datetime import date

from django.db import migrations

CONVENTION_IN_FORCE = date(1978, 3, 20)
CLAIM_AFTER_ONE_MONTH = date(2018, 7, 1)  # first consolidation known to us with one month; see docs/law.md

RULES = [
    # clock, valid_from, valid_to, years, months, days, article
    ("acceptance", CONVENTION_IN_FORCE, None, 0, 0, 60, "art. 9(1), practice (IRU)"),
    ("expiry", CONVENTION_IN_FORCE, None, 0, 0, 10, "practice (art. 9(1) sets no number)"),
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
    ("longest_offline", CONVENTION_IN_FORCE, None, 0, 0, 3, "practice"),
    ("longest_time_limit", CONVENTION_IN_FORCE, None, 0, 0, 90, "practice (art. 20 sets no number)"),
    ("quiet_time", CONVENTION_IN_FORCE, None, 0, 0, 1, "practice"),
    ("hand_in", CONVENTION_IN_FORCE, None, 0, 0, 7, "practice"),
    ("exclusion_notice", CONVENTION_IN_FORCE, None, 0, 0, 7, "art. 38(2)"),
    ("reconciliation_reminder", CONVENTION_IN_FORCE, None, 0, 0, 28, "practice (Annex 10 par. 2 sets no number)"),
]


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
    operations = [migrations.RunPython(add_rules, migrations.RunPython.noop)]
