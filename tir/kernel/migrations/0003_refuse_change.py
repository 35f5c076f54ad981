"""The function by which ledgers refuse a change, and its triggers here: from this release on the laws are our own, without a
setting that switches them off."""

from django.db import migrations

from tir.kernel.sql_functions import LoadFunction
from tir.kernel.triggers import APPEND_ONLY, NO_TRUNCATE, add, drop

RELEASED = {
    "kernel_installation": ("pgtrigger_append_only_6a6b0", "pgtrigger_no_truncate_1a5b2"),
}


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_installation")]
    operations = [
        LoadFunction("refuse_change"),
        *(drop(table, *names) for table, names in RELEASED.items()),
        add("kernel_installation", APPEND_ONLY, NO_TRUNCATE),
    ]
