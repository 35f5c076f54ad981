"""The laws of this room as triggers of our own, in place of those of release 2.0, which a setting of the session switched off;
scans are append-only from here on."""

from django.db import migrations

from tir.kernel.triggers import APPEND_ONLY, NO_TRUNCATE, add, drop

RELEASED = {
    "checkpoints_controlphoto": ("pgtrigger_append_only_cddc1", "pgtrigger_no_truncate_80882"),
    "checkpoints_controlrecord": ("pgtrigger_append_only_e6a90", "pgtrigger_no_truncate_017fc"),
    "checkpoints_incident": ("pgtrigger_append_only_faf52", "pgtrigger_no_truncate_65066"),
    "checkpoints_incidentphoto": ("pgtrigger_append_only_1e8a7", "pgtrigger_no_truncate_674d9"),
    "checkpoints_proof": ("pgtrigger_append_only_becfe", "pgtrigger_no_truncate_952b1"),
    "checkpoints_proofacceptance": ("pgtrigger_append_only_a73a4", "pgtrigger_no_truncate_56d28"),
    "checkpoints_refusal": ("pgtrigger_append_only_a1aac", "pgtrigger_no_truncate_6c915"),
    "checkpoints_safetirfile": ("pgtrigger_append_only_e30ee", "pgtrigger_no_truncate_d54ed"),
    "checkpoints_safetirrecord": ("pgtrigger_append_only_f2a52", "pgtrigger_no_truncate_90dfc"),
    "checkpoints_stamp": ("pgtrigger_append_only_4693f", "pgtrigger_no_truncate_29092"),
    "checkpoints_stamporigin": ("pgtrigger_append_only_e4027", "pgtrigger_no_truncate_3c842"),
}
LEDGERS = [
    "checkpoints_controlphoto",
    "checkpoints_controlrecord",
    "checkpoints_incident",
    "checkpoints_incidentphoto",
    "checkpoints_proof",
    "checkpoints_proofacceptance",
    "checkpoints_refusal",
    "checkpoints_safetirfile",
    "checkpoints_safetirrecord",
    "checkpoints_stamp",
    "checkpoints_stamporigin",
    "checkpoints_scan",
]


class Migration(migrations.Migration):
    dependencies = [("checkpoints", "0001_initial"), ("carnets", "0003_own_triggers"), ("guarantees", "0004_own_triggers"), ("kernel", "0003_refuse_change")]
    operations = [
        *(drop(table, *names) for table, names in RELEASED.items()),
        *(add(table, APPEND_ONLY, NO_TRUNCATE) for table in LEDGERS),
        # The last room: nobody calls it any more.
        migrations.RunSQL("DROP FUNCTION IF EXISTS _pgtrigger_should_ignore(name)", migrations.RunSQL.noop),
    ]
