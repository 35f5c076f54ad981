"""Two more legal clocks as dated rows: the notice of an exclusion, and the reminder of a reconciliation request."""

from datetime import date

from django.db import migrations

CONVENTION_IN_FORCE = date(1978, 3, 20)

RULES = [
    # clock, valid_from, valid_to, years, months, days, article
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
    dependencies = [("guarantees", "0007_holder_management")]
    operations = [migrations.RunPython(add_rules, migrations.RunPython.noop)]
