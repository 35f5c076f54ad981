"""The SQL functions of this room, and the trigger by which the liability periods follow the ledger."""

from django.db import migrations

from tir.kernel.sql_functions import LoadFunction

FOLLOWED = """
CREATE TRIGGER followed AFTER INSERT ON guarantees_liabilityentry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guarantees_follow_ledger()
"""


class Migration(migrations.Migration):
    dependencies = [("guarantees", "0002_clock_rules")]
    operations = [
        LoadFunction("guarantees_clock_end"),
        LoadFunction("guarantees_converted"),
        LoadFunction("guarantees_cover_in"),
        LoadFunction("guarantees_excluded"),
        LoadFunction("guarantees_liability_ends"),
        LoadFunction("guarantees_follow_ledger"),
        LoadFunction("guarantees_rebuild_liability"),
        migrations.RunSQL(FOLLOWED, "DROP TRIGGER followed ON guarantees_liabilityentry"),
    ]
