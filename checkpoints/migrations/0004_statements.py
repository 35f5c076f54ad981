"""Who handed in a refusal or a report for whom, and its signed receipt; nothing of it for those of before, whose entries of
the log stay as they are."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('checkpoints', '0003_device_events'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='incident',
            name='certified_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='incident',
            name='device',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='checkpoints.device'),
        ),
        migrations.AddField(
            model_name='incident',
            name='receipt',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='refusal',
            name='certified_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='refusal',
            name='device',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='checkpoints.device'),
        ),
        migrations.AddField(
            model_name='refusal',
            name='receipt',
            field=models.JSONField(null=True),
        ),
    ]
