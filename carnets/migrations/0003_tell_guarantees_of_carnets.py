"""Tell the liability side of every carnet issued so far: its holder and its corridor, which new carnets tell at issue.
Then the liability periods are made from the ledger, which is left as it is."""

from django.db import migrations

TELL = """
INSERT INTO guarantees_guaranteedcarnet (carnet_number, holder_id, corridor, issued_at)
SELECT c.number, c.holder_id,
       left(first.planned_start, 2) || '-' || left(last.planned_end, 2), c.issued_at
  FROM carnets_carnet c
  JOIN carnets_tiroperation first ON first.carnet_id = c.id AND first.sequence = 1
  JOIN carnets_tiroperation last ON last.carnet_id = c.id AND last.sequence = cardinality(c.territories)
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("carnets", "0002_alter_carnet_issued_by_alter_carnet_number_and_more"),
        ("guarantees", "0005_follow_the_ledger"),
    ]
    operations = [
        migrations.RunSQL(TELL, migrations.RunSQL.noop),
        migrations.RunSQL("SELECT guarantees_rebuild_liability()", migrations.RunSQL.noop),
    ]
