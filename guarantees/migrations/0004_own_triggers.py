"""The laws of this room as triggers of our own, in place of those of release 2.0, which a setting of the session switched off;
and rebuilding liability with the rights of the owner, because it locks the ledger."""

from django.db import migrations

from tir.kernel.sql_functions import LoadFunction
from tir.kernel.triggers import APPEND_ONLY, NO_TRUNCATE, Trigger, add, drop, never_deleted, stays

RELEASED = {
    "guarantees_association": ("pgtrigger_association_stays_4c1dc",),
    "guarantees_claim": ("pgtrigger_claim_stays_680b1",),
    "guarantees_claimdocument": ("pgtrigger_append_only_bedcc", "pgtrigger_no_truncate_1d384"),
    "guarantees_claimevent": ("pgtrigger_append_only_830e8", "pgtrigger_no_truncate_5a1b8"),
    "guarantees_guarantee": ("pgtrigger_guarantee_has_a_ceiling_506cf", "pgtrigger_guarantee_stays_fdb8d"),
    "guarantees_guaranteedcarnet": ("pgtrigger_append_only_f23c3", "pgtrigger_no_truncate_94b4e"),
    "guarantees_holderevent": ("pgtrigger_append_only_9b51d", "pgtrigger_no_truncate_87b26"),
    "guarantees_liabilityentry": ("pgtrigger_append_only_c6da6", "pgtrigger_no_truncate_a5cde"),
    "guarantees_notice": ("pgtrigger_append_only_14a0c", "pgtrigger_no_truncate_df5f7"),
    "guarantees_noticemail": ("pgtrigger_append_only_48ad6", "pgtrigger_no_truncate_93b65"),
    "guarantees_noticereading": ("pgtrigger_append_only_739c4", "pgtrigger_no_truncate_5adf4"),
}
LEDGERS = [
    "guarantees_claimdocument",
    "guarantees_claimevent",
    "guarantees_guaranteedcarnet",
    "guarantees_holderevent",
    "guarantees_liabilityentry",
    "guarantees_notice",
    "guarantees_noticemail",
    "guarantees_noticereading",
]


class Migration(migrations.Migration):
    dependencies = [("guarantees", "0003_functions"), ("kernel", "0003_refuse_change")]
    operations = [
        LoadFunction("guarantees_first_ceiling"),
        LoadFunction("guarantees_rebuild_liability"),
        *(drop(table, *names) for table, names in RELEASED.items()),
        *(add(table, APPEND_ONLY, NO_TRUNCATE) for table in LEDGERS),
        add("guarantees_association", stays("association_stays")),
        add("guarantees_claim", never_deleted("claim_stays")),
        add("guarantees_guarantee", stays("guarantee_stays"),
            Trigger("guarantee_has_a_ceiling", "AFTER INSERT", "guarantees_first_ceiling")),
    ]
