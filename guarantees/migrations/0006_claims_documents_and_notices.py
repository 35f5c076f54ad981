"""Both notifications and proceedings on a claim, its papers, and notices."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('guarantees', '0005_follow_the_ledger'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='claim',
            name='holder_notified_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='claim',
            name='proceedings_began_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='claimevent',
            name='facts',
            field=models.JSONField(default=dict),
        ),
        migrations.AlterField(
            model_name='claimevent',
            name='verb',
            field=models.CharField(max_length=20),
        ),
        migrations.AlterField(
            model_name='clockrule',
            name='clock',
            field=models.CharField(choices=[('overdue_to_enquiry', 'from the passed time limit to the enquiry'), ('enquiry_to_holder', 'from the enquiry to the request to the holder'), ('pre_notification', 'from acceptance to the pre-notification review'), ('notification', 'from acceptance to the last day for notification'), ('notification_fraud', 'from acceptance to the last day for notification, fraud'), ('claim_earliest', 'from notification to the first day for a claim'), ('claim_latest', 'from notification to the last day for a claim'), ('claim_after_decision', 'from an enforceable decision to the last day for a claim'), ('payment', 'from the claim to the last day for payment'), ('reimbursement', 'from the claim to the last day for reimbursement'), ('suspension', 'longest suspension of a TIR transport'), ('acceptance', 'from the issue to the latest last day for acceptance'), ('expiry', 'from the last day for acceptance to the expiry of an unused carnet'), ('exclusion_notice', 'from an exclusion to the last day for notifying it')], max_length=24),
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('deadline', 'a deadline nears'), ('ceiling', 'a ceiling fills'), ('claim', 'a claim moved'), ('exclusion', 'a holder was excluded')], max_length=24)),
                ('subject', models.CharField(max_length=80)),
                ('threshold', models.CharField(max_length=16)),
                ('facts', models.JSONField()),
                ('at', models.DateTimeField()),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='NoticeMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sent_at', models.DateTimeField()),
                ('notice', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='mail', to='guarantees.notice')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='NoticeReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('read_at', models.DateTimeField()),
                ('notice', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reading', to='guarantees.notice')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ClaimDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('notice', 'notification to the association'), ('notice_holder', 'notification to the holder'), ('demand_debtor', 'payment required of the debtor'), ('demand', 'claim for payment'), ('decision', 'decision of a court or an authority'), ('termination', 'proof of termination'), ('contest', 'grounds of the contest'), ('payment', 'proof of payment'), ('other', 'other')], max_length=16)),
                ('name', models.CharField(max_length=120)),
                ('content_type', models.CharField(max_length=20)),
                ('content', models.BinaryField()),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.BinaryField(max_length=32)),
                ('recorded_at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='guarantees.claim')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('claim', 'sha256'), name='claim_document_once')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claimdocument',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='dcdc0193bd3ddffc14e4debca542f737d9bb6757', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_bedcc', table='guarantees_claimdocument', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claimdocument',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='6b295935533a97283fc3faf0eae97b9595f7a8ce', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_1d384', table='guarantees_claimdocument', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('recipient', 'kind', 'subject', 'threshold'), name='notice_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='notice',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d5c2b10b34bccee759265ee694cc4bc1b0136724', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_14a0c', table='guarantees_notice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='notice',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='dced2c0ee9d8f1a1218a387585b9a1d653761eb2', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_df5f7', table='guarantees_notice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='noticemail',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d983d6e12d14026bf3aae32b623f9c5368367a21', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_48ad6', table='guarantees_noticemail', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='noticemail',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='edb19342587e417344f3691eacdffd261e9ba609', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_93b65', table='guarantees_noticemail', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='noticereading',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e9cb2d95c5129192956a8af31b3872ae2c386e41', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_739c4', table='guarantees_noticereading', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='noticereading',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='8963bf451d7583e9d1c6854bde0a2ae35e2a982d', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_5adf4', table='guarantees_noticereading', when='BEFORE')),
        ),
    ]
