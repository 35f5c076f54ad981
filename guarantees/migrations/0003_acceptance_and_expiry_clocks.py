"""Two periods that stood in code become dated rows like every other clock."""

from datetime import date

from django.db import migrations, models

CONVENTION_IN_FORCE = date(1978, 3, 20)

RULES = [
    # clock, valid_from, valid_to, years, months, days, article
    ("acceptance", CONVENTION_IN_FORCE, None, 0, 0, 60, "art. 9(1), practice (IRU)"),
    ("expiry", CONVENTION_IN_FORCE, None, 0, 0, 10, "practice (art. 9(1) sets no number)"),
]

CLOCKS = [
    ("overdue_to_enquiry", "from the passed time limit to the enquiry"),
    ("enquiry_to_holder", "from the enquiry to the request to the holder"),
    ("pre_notification", "from acceptance to the pre-notification review"),
    ("notification", "from acceptance to the last day for notification"),
    ("notification_fraud", "from acceptance to the last day for notification, fraud"),
    ("claim_earliest", "from notification to the first day for a claim"),
    ("claim_latest", "from notification to the last day for a claim"),
    ("claim_after_decision", "from an enforceable decision to the last day for a claim"),
    ("payment", "from the claim to the last day for payment"),
    ("reimbursement", "from the claim to the last day for reimbursement"),
    ("suspension", "longest suspension of a TIR transport"),
    ("acceptance", "from the issue to the latest last day for acceptance"),
    ("expiry", "from the last day for acceptance to the expiry of an unused carnet"),
]


def add_rules(apps, schema_editor):
    rule = apps.get_model("guarantees", "ClockRule")
    rule.objects.bulk_create(
        rule(
            clock=clock, valid_from=start, valid_to=end, years=years, months=months, days=days, article=article
        )
        for clock, start, end, years, months, days, article in RULES
    )


def remove_rules(apps, schema_editor):
    apps.get_model("guarantees", "ClockRule").objects.filter(clock__in=[rule[0] for rule in RULES]).delete()


class Migration(migrations.Migration):
    dependencies = [("guarantees", "0002_clocks")]
    operations = [
        migrations.AlterField(
            model_name="clockrule", name="clock", field=models.CharField(choices=CLOCKS, max_length=24)
        ),
        migrations.RunPython(add_rules, remove_rules),
    ]
