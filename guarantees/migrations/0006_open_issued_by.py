"""The index of what is issued and open has the issuer too: a reader bounded by the wall is answered from it alone."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # made beside whoever stamps: neither step locks the table

    dependencies = [("guarantees", "0005_words_of_checks")]

    operations = [
        AddIndexConcurrently(
            model_name="liabilityperiod",
            index=models.Index(
                name="open_issued_by",
                fields=["association", "since", "id"],
                include=["currency", "amount", "holder", "guarantee", "corridor", "begins_at", "issuer"],
                condition=models.Q(ends_at__isnull=True, page=0),
            ),
        ),
        RemoveIndexConcurrently(model_name="liabilityperiod", name="open_issued"),
    ]
