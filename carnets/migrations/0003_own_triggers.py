"""The laws of this room as triggers of our own, in place of those of release 2.0, which a setting of the session switched off."""

from django.db import migrations

from tir.kernel.triggers import APPEND_ONLY, NO_TRUNCATE, add, drop

RELEASED = {
    "carnets_carnetevent": ("pgtrigger_append_only_a9a05", "pgtrigger_no_truncate_9c890"),
    "carnets_guaranteeconfirmation": ("pgtrigger_append_only_93709", "pgtrigger_no_truncate_60333"),
    "carnets_guaranteequery": ("pgtrigger_append_only_7f056", "pgtrigger_no_truncate_eb47f"),
    "carnets_reconciliationrequestevent": ("pgtrigger_append_only_bd05b", "pgtrigger_no_truncate_0ceb3"),
    "carnets_reopeneddischarge": ("pgtrigger_append_only_e083d", "pgtrigger_no_truncate_2b239"),
}
LEDGERS = [
    "carnets_carnetevent",
    "carnets_guaranteeconfirmation",
    "carnets_guaranteequery",
    "carnets_reconciliationrequestevent",
    "carnets_reopeneddischarge",
]


class Migration(migrations.Migration):
    dependencies = [("carnets", "0002_severity_rule"), ("kernel", "0003_refuse_change")]
    operations = [
        *(drop(table, *names) for table, names in RELEASED.items()),
        *(add(table, APPEND_ONLY, NO_TRUNCATE) for table in LEDGERS),
    ]
