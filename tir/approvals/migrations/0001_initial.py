"""What was proposed, who said what to it, and how many must approve."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tir.kernel.triggers import APPEND_ONLY, NO_TRUNCATE, add, never_deleted
from tir.log.migrating import LogActs, LogRows


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('kernel', '0003_refuse_change'),
        ('log', '0002_entries'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=24)),
                ('subject', models.CharField(max_length=120)),
                ('content', models.JSONField()),
                ('stands_on', models.CharField(max_length=64)),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('needed', models.PositiveSmallIntegerField()),
                ('status', models.CharField(choices=[('open', 'waits for approval'), ('done', 'approved and carried out'), ('refused', 'refused'), ('dead', 'void: what it was about has changed')], db_index=True, default='open', max_length=8)),
                ('proposed_at', models.DateTimeField()),
                ('reason', models.CharField(max_length=500)),
                ('source', models.CharField(blank=True, max_length=60)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ApprovalRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('kind', models.CharField(max_length=24)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('amount_from', models.DecimalField(decimal_places=2, default=0, max_digits=16)),
                ('amount_to', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('needed', models.PositiveSmallIntegerField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('needed__gte', 1)), name='approval_rule_needs_one'), models.CheckConstraint(condition=models.Q(('amount_to__isnull', True), ('amount_to__gt', models.F('amount_from')), _connector='OR'), name='approval_rule_range')],
            },
        ),
        migrations.CreateModel(
            name='ApprovalWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(choices=[('approve', 'approved'), ('refuse', 'refused')], max_length=8)),
                ('at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('approval', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='words', to='approvals.approval')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('kind', 'subject'), name='approval_open_once'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(('needed__gte', 1)), name='approval_by_one_at_least'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('status', 'open')), models.Q(models.Q(('status', 'open'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='approval_ends_with_its_status'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Func('status', output_field=models.BooleanField(), template="%(expressions)s = ANY ('{open,done,refused,dead}'::text[])"), name='approval_status_known'),
        ),
        migrations.AddConstraint(
            model_name='approvalword',
            constraint=models.UniqueConstraint(fields=('approval', 'by'), name='approval_word_once'),
        ),
        migrations.AddConstraint(
            model_name='approvalword',
            constraint=models.CheckConstraint(condition=models.Func('word', output_field=models.BooleanField(), template="%(expressions)s = ANY ('{approve,refuse}'::text[])"), name='approval_word_known'),
        ),
        add('approvals_approval', never_deleted("approval_stays")),
        LogActs('approvals_approval', 'approval'),
        add('approvals_approvalword', APPEND_ONLY, NO_TRUNCATE),
        LogRows('approvals_approvalword', 'approval_word'),
        LogActs('approvals_approvalrule', 'approval_rule'),
    ]
