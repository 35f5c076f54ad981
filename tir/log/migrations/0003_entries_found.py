import django.contrib.postgres.indexes
import tir.log.models
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("log", "0002_entries")]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                models.F("log"), models.F("kind"), models.F("index"), name="entry_by_kind"
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=django.contrib.postgres.indexes.HashIndex(tir.log.models.LeafHash("hash"), name="entry_by_leaf"),
        ),
    ]
