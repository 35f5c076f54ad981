"""What became of each device, as a ledger; what its queue and storage are like; and the offset of its clock beside a stamp."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tir.kernel.triggers import APPEND_ONLY, NO_TRUNCATE, add
from tir.log.migrating import LogRows

# What is known of the devices of before.
ENROLLED_BEFORE = """
    INSERT INTO checkpoints_deviceevent (device_id, kind, at, by_id, reason)
    SELECT id, 'enrolled', enrolled_at, officer_id, '' FROM checkpoints_device
     UNION ALL
    SELECT id, 'revoked', revoked_at, revoked_by_id, revoke_reason FROM checkpoints_device WHERE revoked_at IS NOT NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('checkpoints', '0002_own_triggers'),
        ('log', '0002_entries'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DeviceEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('enrolled', 'enrolled'), ('revoked', 'revoked'), ('storage_lost', 'emptied: what it had not sent is lost'), ('loss_settled', 'the loss is settled')], max_length=12)),
                ('at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=1000)),
                ('unsent', models.PositiveIntegerField(null=True)),
                ('oldest_unsent_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['at', 'id'],
                'abstract': False,
            },
        ),
        migrations.RemoveConstraint(
            model_name='stamporigin',
            name='stamp_origin_says_something',
        ),
        migrations.AddField(
            model_name='device',
            name='free_bytes',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='device',
            name='is_persisted',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='device',
            name='queue_hash',
            field=models.BinaryField(max_length=32, null=True),
        ),
        migrations.AddField(
            model_name='stamporigin',
            name='clock_offset',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name='stamporigin',
            constraint=models.CheckConstraint(condition=models.Q(('device__isnull', False), ('certified_by__isnull', False), ('clock_offset__isnull', False), _connector='OR'), name='stamp_origin_says_something'),
        ),
        migrations.AddField(
            model_name='deviceevent',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='deviceevent',
            name='device',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='checkpoints.device'),
        ),
        migrations.AddField(
            model_name='deviceevent',
            name='settles',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='settlement', to='checkpoints.deviceevent'),
        ),
        migrations.AddConstraint(
            model_name='deviceevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['enrolled', 'revoked', 'storage_lost', 'loss_settled'])), name='device_event_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='deviceevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'storage_lost'), ('unsent__isnull', False)), models.Q(models.Q(('kind', 'storage_lost'), _negated=True), ('unsent__isnull', True)), _connector='OR'), name='device_loss_says_how_much'),
        ),
        migrations.AddConstraint(
            model_name='deviceevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'loss_settled'), ('settles__isnull', False), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('kind', 'loss_settled'), _negated=True), ('settles__isnull', True)), _connector='OR'), name='device_loss_settled_with_reason'),
        ),
        migrations.RunSQL(ENROLLED_BEFORE, migrations.RunSQL.noop),
        add('checkpoints_deviceevent', APPEND_ONLY, NO_TRUNCATE),
        LogRows('checkpoints_deviceevent', 'device_event'),
    ]
