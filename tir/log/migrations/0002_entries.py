"""Every ledger of version 2.0 is in the log from here on, with all its rows; and what administrations change is written
down. A ledger that comes later brings its own `LogRows`."""

from django.db import migrations

from tir.kernel.sql_functions import LoadFunction
from tir.log.migrating import LogActs, LogRows


class Migration(migrations.Migration):
    dependencies = [
        ("log", "0001_tables"),
        ("accounts", "0001_initial"),
        ("guarantees", "0003_functions"),
        ("carnets", "0002_severity_rule"),
        ("checkpoints", "0001_initial"),
    ]
    operations = [
        LoadFunction("log_take"),
        LoadFunction("log_act"),
        LogRows("log_publickey", "key"),
        LogRows("log_administrativeact", "administrative_act"),
        LogRows("guarantees_guaranteedcarnet", "guaranteed_carnet", key="carnet_number"),
        LogRows("carnets_carnetevent", "carnet_event"),
        LogRows("guarantees_liabilityentry", "liability_entry"),
        LogRows("checkpoints_stamp", "stamp"),
        LogRows("checkpoints_stamporigin", "stamp_origin", key="stamp_id"),
        LogRows("checkpoints_refusal", "refusal"),
        LogRows("checkpoints_incident", "report"),
        LogRows("checkpoints_incidentphoto", "report_photo", long=["content"]),
        LogRows("checkpoints_controlrecord", "control"),
        LogRows("checkpoints_controlphoto", "control_photo", long=["content"]),
        LogRows("checkpoints_proof", "proof", long=["file"]),
        LogRows("checkpoints_proofacceptance", "proof_acceptance", key="proof_id"),
        LogRows("checkpoints_safetirfile", "safetir_file"),
        LogRows("checkpoints_safetirrecord", "safetir_record"),
        LogRows("carnets_guaranteequery", "guarantee_query"),
        LogRows("carnets_guaranteeconfirmation", "guarantee_confirmation"),
        LogRows("carnets_reconciliationrequestevent", "request_step"),
        LogRows("carnets_reopeneddischarge", "reopened_discharge"),
        LogRows("guarantees_holderevent", "holder_event"),
        LogRows("guarantees_notice", "notice"),
        LogRows("guarantees_claimevent", "claim_step"),
        LogRows("guarantees_claimdocument", "claim_document", long=["content"]),
        LogActs("log_log", "log", unsaid=["size"]),
        LogActs("accounts_user", "user", unsaid=["password", "last_login", "language"]),
        LogActs("guarantees_association", "association"),
        LogActs("guarantees_membership", "membership"),
        LogActs("guarantees_customsterritory", "territory"),
        LogActs("guarantees_territorymember", "territory_member"),
        LogActs("guarantees_liabilitymaximum", "liability_maximum"),
        LogActs("guarantees_exchangerate", "exchange_rate"),
        LogActs("guarantees_clockrule", "clock_rule"),
        LogActs("guarantees_holder", "holder"),
        LogActs("guarantees_holderexclusion", "holder_exclusion"),
        LogActs("guarantees_guarantee", "guarantee", unsaid=["exposure", "open_carnets"]),
        LogActs("guarantees_guaranteeceiling", "guarantee_ceiling"),
        LogActs("carnets_numberrange", "number_range", unsaid=["next", "issued"]),
        LogActs("carnets_severityrule", "severity_rule"),
        LogActs("carnets_carnetreturn", "carnet_return"),
        LogActs("carnets_irregularity", "irregularity", by="closed_by_id"),
        LogActs("checkpoints_riskprofile", "risk_profile"),
        LogActs("checkpoints_customsoffice", "office"),
        LogActs("checkpoints_bordercrossing", "crossing"),
        LogActs("checkpoints_posting", "posting"),
        LogActs(
            "checkpoints_device",
            "device",
            unsaid=[
                "token_digest",
                *("app_version", "last_seen_at", "unsent", "oldest_unsent_at"),  # what it says of itself, all day
                *("queue_hash", "is_persisted", "free_bytes"),  # and, from the next release on, these
            ],
        ),
    ]
