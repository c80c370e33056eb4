import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bcf_metrics', '0009_commentary_in_three_fields'),
        ('partners', '0013_submission_permission'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MetricWaiver',
            fields=[
                ('released_at', models.DateTimeField(null=True)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=10)),
                ('reason', models.TextField()),
                ('until', models.DateField()),
                ('given_on', models.DateField()),
                ('given_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_reason', models.TextField(blank=True)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waivers', to='bcf_metrics.metricplan')),
            ],
        ),
        migrations.CreateModel(
            name='MetricWaiverEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('released_at', models.DateTimeField(null=True)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                ('code', models.CharField(max_length=10)),
                ('reason', models.TextField()),
                ('until', models.DateField()),
                ('given_on', models.DateField()),
                ('given_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_reason', models.TextField(blank=True)),
                ('ended_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('given_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='bcf_metrics.metricwaiver')),
                ('plan', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bcf_metrics.metricplan')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='metricwaiver',
            constraint=models.CheckConstraint(condition=models.Q(('code__in', ['M1', 'M2', 'M3', 'M4', 'V7', 'V6'])), name='metric_waiver_check'),
        ),
        migrations.AddConstraint(
            model_name='metricwaiver',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='metric_waiver_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='metricwaiver',
            constraint=models.CheckConstraint(condition=models.Q(('until__gte', models.F('given_on'))), name='metric_waiver_until_after_given'),
        ),
        migrations.AddConstraint(
            model_name='metricwaiver',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True), ('ended_reason', '')), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), models.Q(('ended_reason', ''), _negated=True)), _connector='OR'), name='metric_waiver_ending_whole'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='metricwaiver',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bcf_metrics_metricwaiverevent" ("code", "ended_at", "ended_by_id", "ended_reason", "given_at", "given_by_id", "given_on", "id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "reason", "recorded_at", "released_at", "until") VALUES (NEW."code", NEW."ended_at", NEW."ended_by_id", NEW."ended_reason", NEW."given_at", NEW."given_by_id", NEW."given_on", NEW."id", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_id", NEW."reason", NEW."recorded_at", NEW."released_at", NEW."until"); RETURN NULL;', hash='6e853838da0fc0e1c4373fedf22582c1b52db6db', operation='INSERT', pgid='pgtrigger_insert_insert_2d39a', table='bcf_metrics_metricwaiver', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='metricwaiver',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "bcf_metrics_metricwaiverevent" ("code", "ended_at", "ended_by_id", "ended_reason", "given_at", "given_by_id", "given_on", "id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "reason", "recorded_at", "released_at", "until") VALUES (NEW."code", NEW."ended_at", NEW."ended_by_id", NEW."ended_reason", NEW."given_at", NEW."given_by_id", NEW."given_on", NEW."id", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_id", NEW."reason", NEW."recorded_at", NEW."released_at", NEW."until"); RETURN NULL;', hash='772162346e6d516183d1d9a4d0193d784bbb348f', operation='UPDATE', pgid='pgtrigger_update_update_80d4f', table='bcf_metrics_metricwaiver', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='metricwaiver',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bcf_metrics_metricwaiverevent" ("code", "ended_at", "ended_by_id", "ended_reason", "given_at", "given_by_id", "given_on", "id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "reason", "recorded_at", "released_at", "until") VALUES (OLD."code", OLD."ended_at", OLD."ended_by_id", OLD."ended_reason", OLD."given_at", OLD."given_by_id", OLD."given_on", OLD."id", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan_id", OLD."reason", OLD."recorded_at", OLD."released_at", OLD."until"); RETURN NULL;', hash='aca89023601038b138ba0caa0229883c0b70d020', operation='DELETE', pgid='pgtrigger_delete_delete_46684', table='bcf_metrics_metricwaiver', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='metricwaiverevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='dd68577151bd5f5df4e3174adfacb9d935d29e72', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f2ef7', table='bcf_metrics_metricwaiverevent', when='BEFORE')),
        ),
    ]
