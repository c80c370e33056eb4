import django.db.models.deletion
import integration_hub.core.migration_operations
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_always_an_actor'),
        ('partners', '0009_authority'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('pooled_budgets', '0008_scheme_starts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        integration_hub.core.migration_operations.Together(
            operations=[
                migrations.CreateModel(
                    name='ClosedMonth',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('number', models.PositiveSmallIntegerField()),
                        ('content', models.JSONField()),
                        ('sha256', models.CharField(max_length=64)),
                        ('closed_at', models.DateTimeField()),
                        ('closed_by_name', models.CharField(max_length=200)),
                    ],
                ),
                migrations.CreateModel(
                    name='MonthForecast',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                        ('entered_at', models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name='MonthForecastEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                        ('entered_at', models.DateTimeField()),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name='periodlock',
                    name='insert_insert',
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name='periodlock',
                    name='update_update',
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name='periodlock',
                    name='delete_delete',
                ),
                migrations.AddField(
                    model_name='periodlock',
                    name='kind',
                    field=models.CharField(default='return', max_length=10),
                ),
                migrations.AddField(
                    model_name='periodlock',
                    name='may_edit',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AddField(
                    model_name='periodlock',
                    name='until',
                    field=models.DateField(null=True),
                ),
                migrations.AddField(
                    model_name='periodlockevent',
                    name='kind',
                    field=models.CharField(default='return', max_length=10),
                ),
                migrations.AddField(
                    model_name='periodlockevent',
                    name='may_edit',
                    field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AddField(
                    model_name='periodlockevent',
                    name='until',
                    field=models.DateField(null=True),
                ),
                migrations.AddConstraint(
                    model_name='periodlock',
                    constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['return', 'soft', 'hard'])), name='period_lock_kind'),
                ),
                migrations.AddConstraint(
                    model_name='periodlock',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'soft'), ('may_edit__isnull', False), ('until__isnull', False)), models.Q(models.Q(('kind', 'soft'), _negated=True), ('may_edit__isnull', True), ('until__isnull', True)), _connector='OR'), name='period_lock_soft_names_who'),
                ),
                migrations.AddField(
                    model_name='closedmonth',
                    name='fund',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closed_months', to='pooled_budgets.fund'),
                ),
                migrations.AddField(
                    model_name='closedmonth',
                    name='owner',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation'),
                ),
                migrations.AddField(
                    model_name='closedmonth',
                    name='period',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.period'),
                ),
                migrations.AddField(
                    model_name='monthforecast',
                    name='entered_by',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AddField(
                    model_name='monthforecast',
                    name='line',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='month_forecasts', to='pooled_budgets.schemeline'),
                ),
                migrations.AddField(
                    model_name='monthforecast',
                    name='owner',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation'),
                ),
                migrations.AddField(
                    model_name='monthforecast',
                    name='period',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.period'),
                ),
                migrations.AddField(
                    model_name='monthforecastevent',
                    name='entered_by',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AddField(
                    model_name='monthforecastevent',
                    name='line',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.schemeline'),
                ),
                migrations.AddField(
                    model_name='monthforecastevent',
                    name='owner',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation'),
                ),
                migrations.AddField(
                    model_name='monthforecastevent',
                    name='period',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.period'),
                ),
                migrations.AddField(
                    model_name='monthforecastevent',
                    name='pgh_context',
                    field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
                ),
                migrations.AddField(
                    model_name='monthforecastevent',
                    name='pgh_obj',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='pooled_budgets.monthforecast'),
                ),
                migrations.AddConstraint(
                    model_name='closedmonth',
                    constraint=models.UniqueConstraint(fields=('fund', 'period', 'number'), name='closed_month_unique'),
                ),
                migrations.AddConstraint(
                    model_name='monthforecast',
                    constraint=models.UniqueConstraint(fields=('line', 'period'), name='month_forecast_unique'),
                ),
                integration_hub.core.migration_operations.AddTriggers(
                    triggers=[
                        pgtrigger.migrations.AddTrigger(
                            model_name='periodlock',
                            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_periodlockevent" ("fund_id", "id", "kind", "lifted_at", "lifted_by_name", "locked_at", "locked_by_name", "may_edit_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "until", "who_can_lift") VALUES (NEW."fund_id", NEW."id", NEW."kind", NEW."lifted_at", NEW."lifted_by_name", NEW."locked_at", NEW."locked_by_name", NEW."may_edit_id", NEW."period_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."until", NEW."who_can_lift"); RETURN NULL;', hash='fe95faedbb758905315f69d8a6809c31c8123ea5', operation='INSERT', pgid='pgtrigger_insert_insert_e00de', table='pooled_budgets_periodlock', when='AFTER')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='periodlock',
                            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_periodlockevent" ("fund_id", "id", "kind", "lifted_at", "lifted_by_name", "locked_at", "locked_by_name", "may_edit_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "until", "who_can_lift") VALUES (NEW."fund_id", NEW."id", NEW."kind", NEW."lifted_at", NEW."lifted_by_name", NEW."locked_at", NEW."locked_by_name", NEW."may_edit_id", NEW."period_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."until", NEW."who_can_lift"); RETURN NULL;', hash='b9a5d6992ede4b0d4f8a37dad97c4873032ddc3a', operation='UPDATE', pgid='pgtrigger_update_update_68a02', table='pooled_budgets_periodlock', when='AFTER')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='periodlock',
                            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_periodlockevent" ("fund_id", "id", "kind", "lifted_at", "lifted_by_name", "locked_at", "locked_by_name", "may_edit_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "until", "who_can_lift") VALUES (OLD."fund_id", OLD."id", OLD."kind", OLD."lifted_at", OLD."lifted_by_name", OLD."locked_at", OLD."locked_by_name", OLD."may_edit_id", OLD."period_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."until", OLD."who_can_lift"); RETURN NULL;', hash='a3518cb1a2c3238e082c91914538d126906be8e2', operation='DELETE', pgid='pgtrigger_delete_delete_fd5bc', table='pooled_budgets_periodlock', when='AFTER')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='closedmonth',
                            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a7eaabd4a3a26c31806c643af4c023f65c321f1f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4346f', table='pooled_budgets_closedmonth', when='BEFORE')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='monthforecast',
                            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_monthforecastevent" ("amount", "entered_at", "entered_by_id", "id", "line_id", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at") VALUES (NEW."amount", NEW."entered_at", NEW."entered_by_id", NEW."id", NEW."line_id", NEW."owner_id", NEW."period_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."released_at"); RETURN NULL;', hash='1db14a6fcce5d76953c2d13e6f16eb549983d4c6', operation='INSERT', pgid='pgtrigger_insert_insert_3ccd1', table='pooled_budgets_monthforecast', when='AFTER')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='monthforecast',
                            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_monthforecastevent" ("amount", "entered_at", "entered_by_id", "id", "line_id", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at") VALUES (NEW."amount", NEW."entered_at", NEW."entered_by_id", NEW."id", NEW."line_id", NEW."owner_id", NEW."period_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."released_at"); RETURN NULL;', hash='4188a451da2d021ce38b1438f69f0e6f01f67f49', operation='UPDATE', pgid='pgtrigger_update_update_ecdc5', table='pooled_budgets_monthforecast', when='AFTER')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='monthforecast',
                            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_monthforecastevent" ("amount", "entered_at", "entered_by_id", "id", "line_id", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at") VALUES (OLD."amount", OLD."entered_at", OLD."entered_by_id", OLD."id", OLD."line_id", OLD."owner_id", OLD."period_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."released_at"); RETURN NULL;', hash='8c49815974e2b028d31734cb64b7ba8218f6865e', operation='DELETE', pgid='pgtrigger_delete_delete_c8b19', table='pooled_budgets_monthforecast', when='AFTER')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='monthforecastevent',
                            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0fd09c6484575c258bf55f42b216cbf0a0a56be3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_37d08', table='pooled_budgets_monthforecastevent', when='BEFORE')),
                        ),
                    ],
                ),
            ]
        ),
    ]
