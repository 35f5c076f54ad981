"""How grave an irregularity is by a territory's own practice, as dated rows."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('carnets', '0001_initial'),
        ('guarantees', '0003_functions'),
    ]

    operations = [
        migrations.CreateModel(
            name='SeverityRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('code', models.CharField(max_length=40)),
                ('severity', models.CharField(choices=[('info', 'for information'), ('flag', 'flagged'), ('high', 'high'), ('block', 'blocking')], max_length=5)),
                ('article', models.CharField(max_length=60)),
                ('territory', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guarantees.customsterritory')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('code', 'territory', 'valid_from'), name='severity_rule_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('severity__in', ['info', 'flag', 'high', 'block'])), name='severity_rule_severity_known'), models.CheckConstraint(condition=models.Q(('code', 'late'), ('severity__in', ('high', 'block')), _negated=True), name='severity_rule_late_is_never_grave')],
            },
        ),
    ]
