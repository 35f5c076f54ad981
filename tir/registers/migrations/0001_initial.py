"""The versions of every entry of a register, and the packs that were applied."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tir.kernel.triggers import APPEND_ONLY, NO_TRUNCATE, add
from tir.log.migrating import LogRows


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('kernel', '0003_refuse_change'),
        ('log', '0002_entries'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AppliedPack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('software', models.CharField(max_length=20)),
                ('files', models.JSONField()),
                ('at', models.DateTimeField()),
                ('is_over', models.BooleanField(default=False)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('noun', models.CharField(max_length=24)),
                ('key', models.CharField(max_length=120)),
                ('version', models.PositiveIntegerField()),
                ('content', models.JSONField()),
                ('at', models.DateTimeField()),
                ('reason', models.CharField(max_length=500)),
                ('source', models.CharField(blank=True, max_length=60)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('noun', 'key', 'version'), name='change_version_once')],
            },
        ),
        add('registers_change', APPEND_ONLY, NO_TRUNCATE),
        LogRows('registers_change', 'register_change'),
        add('registers_appliedpack', APPEND_ONLY, NO_TRUNCATE),
        LogRows('registers_appliedpack', 'applied_pack'),
    ]
