
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bcf_metrics', '0006_submissions'),
    ]

    operations = [
        migrations.CreateModel(
            name='Restatement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('what', models.CharField(max_length=1000)),
                ('why', models.CharField(max_length=1000)),
                ('told', models.CharField(max_length=1000)),
                ('restated_by_name', models.CharField(max_length=200)),
                ('restated_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('submission', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='restatement', to='bcf_metrics.submission')),
            ],
        ),
        migrations.CreateModel(
            name='Acceptance',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('accepted_by', models.CharField(max_length=200)),
                ('accepted_on', models.DateField()),
                ('reference', models.CharField(blank=True, max_length=100)),
                ('entered_by_name', models.CharField(max_length=200)),
                ('entered_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('submission', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='acceptance', to='bcf_metrics.submission')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('accepted_by', ''), _negated=True), name='acceptance_says_by_whom')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='acceptance',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9e0e861599e4ba421c0a4f5b702ae2f96b0a2945', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2ca45', table='bcf_metrics_acceptance', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='restatement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('what', ''), _negated=True), models.Q(('why', ''), _negated=True), models.Q(('told', ''), _negated=True)), name='restatement_says_what_why_and_who_was_told'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='restatement',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2f90f954d3d05cb71eab2f2412d7b2d1e881fbad', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a1b8f', table='bcf_metrics_restatement', when='BEFORE')),
        ),
    ]
