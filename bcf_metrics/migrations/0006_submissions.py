
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bcf_metrics', '0005_official_workbooks'),
        ('governance', '0004_capacity_of_board_chair'),
        ('partners', '0013_submission_permission'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('how', models.CharField(max_length=300)),
                ('late_reason', models.CharField(blank=True, max_length=1000)),
                ('differences', models.JSONField(default=list)),
                ('submitted_by_name', models.CharField(max_length=200)),
                ('submitted_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                ('quarterly_return', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='bcf_metrics.quarterlyreturn')),
                ('submitted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='submission', to='bcf_metrics.returnversion')),
            ],
        ),
        migrations.CreateModel(
            name='Ratification',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('linked_by_name', models.CharField(max_length=200)),
                ('linked_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='governance.decision')),
                ('submission', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='ratification', to='bcf_metrics.submission')),
            ],
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(fields=('quarterly_return', 'number'), name='submission_unique'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='submission_from_one'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(('how', ''), _negated=True), name='submission_says_how'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='submission',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='464cf7bfb4ee8741aaf554a5e062e170ac9f06eb', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_13f8d', table='bcf_metrics_submission', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ratification',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c08f6b89c8ad1b219ba6ac79585de7ed4d023400', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9fe18', table='bcf_metrics_ratification', when='BEFORE')),
        ),
    ]
