"""What is dated is found without reading every carnet there ever was: those still to be accepted, and those suspended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("carnets", "0006_index_open_carnets_and_plates")]
    operations = [
        migrations.AddIndex(
            model_name="carnet",
            index=models.Index(
                condition=models.Q(("status", "issued")),
                fields=["association", "acceptance_until"],
                name="carnet_to_accept",
            ),
        ),
        migrations.AddIndex(
            model_name="tiroperation",
            index=models.Index(
                condition=models.Q(("is_suspended", True)), fields=["carnet"], name="operation_suspended"
            ),
        ),
    ]
