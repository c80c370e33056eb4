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
        ('partners', '0010_agreement_permissions'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('pooled_budgets', '0009_months'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        integration_hub.core.migration_operations.Together(
            operations=[
                migrations.CreateModel(
                    name='VarianceThresholdEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pounds', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ('percent', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='BalanceDifference',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                        ('kind', models.CharField(max_length=10)),
                        ('person', models.CharField(max_length=200)),
                        ('note', models.CharField(blank=True, max_length=500)),
                        ('typed_at', models.DateTimeField()),
                        ('settled_at', models.DateTimeField(null=True)),
                        ('settled_by_name', models.CharField(max_length=200, null=True)),
                        ('settled_because', models.CharField(blank=True, max_length=500)),
                        ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='balance_differences', to='pooled_budgets.schemeline')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                        ('period', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.period')),
                        ('typed_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='BalanceDifferenceEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                        ('kind', models.CharField(max_length=10)),
                        ('person', models.CharField(max_length=200)),
                        ('note', models.CharField(blank=True, max_length=500)),
                        ('typed_at', models.DateTimeField()),
                        ('settled_at', models.DateTimeField(null=True)),
                        ('settled_by_name', models.CharField(max_length=200, null=True)),
                        ('settled_because', models.CharField(blank=True, max_length=500)),
                        ('line', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.schemeline')),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('period', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.period')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='pooled_budgets.balancedifference')),
                        ('typed_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='BalanceStatement',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                        ('entered_at', models.DateTimeField()),
                        ('entered_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='balance_statements', to='pooled_budgets.schemeline')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                        ('period', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.period')),
                    ],
                ),
                migrations.CreateModel(
                    name='BalanceStatementEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                        ('entered_at', models.DateTimeField()),
                        ('entered_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('line', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.schemeline')),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('period', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.period')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='pooled_budgets.balancestatement')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='VarianceExplanation',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('variance', models.DecimalField(decimal_places=2, max_digits=14)),
                        ('text', models.TextField()),
                        ('at', models.DateTimeField()),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('author', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('forecast', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='explanations', to='pooled_budgets.forecast')),
                    ],
                ),
                migrations.CreateModel(
                    name='VarianceThreshold',
                    fields=[
                        ('fund', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='threshold', serialize=False, to='pooled_budgets.fund')),
                        ('pounds', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ('percent', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('pounds__gte', 0), ('pounds__isnull', True), _connector='OR'), name='threshold_pounds'), models.CheckConstraint(condition=models.Q(('percent__gte', 0), ('percent__isnull', True), _connector='OR'), name='threshold_percent'), models.CheckConstraint(condition=models.Q(('pounds__isnull', False), ('percent__isnull', False), _connector='OR'), name='threshold_says_something')],
                    },
                ),
                migrations.AddField(
                    model_name='variancethresholdevent',
                    name='fund',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', serialize=False, to='pooled_budgets.fund'),
                ),
                migrations.AddField(
                    model_name='variancethresholdevent',
                    name='pgh_context',
                    field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
                ),
                migrations.AddField(
                    model_name='variancethresholdevent',
                    name='pgh_obj',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='pooled_budgets.variancethreshold'),
                ),
                migrations.AddConstraint(
                    model_name='balancedifference',
                    constraint=models.UniqueConstraint(fields=('line', 'period'), name='balance_difference_unique'),
                ),
                migrations.AddConstraint(
                    model_name='balancedifference',
                    constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['timing', 'error', 'dispute'])), name='balance_difference_kind'),
                ),
                migrations.AddConstraint(
                    model_name='balancedifference',
                    constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), models.Q(('person', ''), _negated=True)), name='balance_difference_has_person'),
                ),
                migrations.AddConstraint(
                    model_name='balancedifference',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', False), ('settled_by_name__isnull', False)), models.Q(('settled_at__isnull', True), ('settled_by_name__isnull', True)), _connector='OR'), name='balance_difference_settled'),
                ),
                migrations.AddConstraint(
                    model_name='balancedifference',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('settled_because', '')), models.Q(('settled_at__isnull', False), models.Q(('settled_because', ''), _negated=True)), _connector='OR'), name='balance_difference_has_reason'),
                ),
                migrations.AddConstraint(
                    model_name='balancestatement',
                    constraint=models.UniqueConstraint(fields=('line', 'period', 'owner'), name='balance_statement_unique'),
                ),
                migrations.AddConstraint(
                    model_name='varianceexplanation',
                    constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='explanation_has_text'),
                ),
                integration_hub.core.migration_operations.AddTriggers(
                    triggers=[
                        pgtrigger.migrations.AddTrigger(
                            model_name='variancethreshold',
                            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_variancethresholdevent" ("fund_id", "percent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pounds", "recorded_at") VALUES (NEW."fund_id", NEW."percent", _pgh_attach_context(), NOW(), \'insert\', NEW."fund_id", NEW."pounds", NEW."recorded_at"); RETURN NULL;', hash='5db1339e5edf8c6c5daed0d3c3f0f3d77b4a2220', operation='INSERT', pgid='pgtrigger_insert_insert_95b08', table='pooled_budgets_variancethreshold', when='AFTER')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='variancethreshold',
                            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_variancethresholdevent" ("fund_id", "percent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pounds", "recorded_at") VALUES (NEW."fund_id", NEW."percent", _pgh_attach_context(), NOW(), \'update\', NEW."fund_id", NEW."pounds", NEW."recorded_at"); RETURN NULL;', hash='6c5ac0bbd8d702ccc8717e98c5b330952f794172', operation='UPDATE', pgid='pgtrigger_update_update_93266', table='pooled_budgets_variancethreshold', when='AFTER')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='variancethreshold',
                            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_variancethresholdevent" ("fund_id", "percent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pounds", "recorded_at") VALUES (OLD."fund_id", OLD."percent", _pgh_attach_context(), NOW(), \'delete\', OLD."fund_id", OLD."pounds", OLD."recorded_at"); RETURN NULL;', hash='8ff301784222e79da2f5e769a8004c4eb71491d3', operation='DELETE', pgid='pgtrigger_delete_delete_6f3d3', table='pooled_budgets_variancethreshold', when='AFTER')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='balancedifference',
                            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_balancedifferenceevent" ("amount", "id", "kind", "line_id", "note", "owner_id", "period_id", "person", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at", "settled_at", "settled_because", "settled_by_name", "typed_at", "typed_by_id") VALUES (NEW."amount", NEW."id", NEW."kind", NEW."line_id", NEW."note", NEW."owner_id", NEW."period_id", NEW."person", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."released_at", NEW."settled_at", NEW."settled_because", NEW."settled_by_name", NEW."typed_at", NEW."typed_by_id"); RETURN NULL;', hash='31cebfc601643874bafd68a72c22edb65942f324', operation='INSERT', pgid='pgtrigger_insert_insert_21d6a', table='pooled_budgets_balancedifference', when='AFTER')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='balancedifference',
                            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_balancedifferenceevent" ("amount", "id", "kind", "line_id", "note", "owner_id", "period_id", "person", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at", "settled_at", "settled_because", "settled_by_name", "typed_at", "typed_by_id") VALUES (NEW."amount", NEW."id", NEW."kind", NEW."line_id", NEW."note", NEW."owner_id", NEW."period_id", NEW."person", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."released_at", NEW."settled_at", NEW."settled_because", NEW."settled_by_name", NEW."typed_at", NEW."typed_by_id"); RETURN NULL;', hash='f25e71eecceabec0f3f88830a3849799ddd72cfe', operation='UPDATE', pgid='pgtrigger_update_update_95615', table='pooled_budgets_balancedifference', when='AFTER')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='balancedifference',
                            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_balancedifferenceevent" ("amount", "id", "kind", "line_id", "note", "owner_id", "period_id", "person", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at", "settled_at", "settled_because", "settled_by_name", "typed_at", "typed_by_id") VALUES (OLD."amount", OLD."id", OLD."kind", OLD."line_id", OLD."note", OLD."owner_id", OLD."period_id", OLD."person", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."released_at", OLD."settled_at", OLD."settled_because", OLD."settled_by_name", OLD."typed_at", OLD."typed_by_id"); RETURN NULL;', hash='0428c3623efe852a1443097f484e3d82872e1446', operation='DELETE', pgid='pgtrigger_delete_delete_4d434', table='pooled_budgets_balancedifference', when='AFTER')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='balancedifferenceevent',
                            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='31ef5ea887ec067bdb9631530a00415d1ad3c3a1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4643f', table='pooled_budgets_balancedifferenceevent', when='BEFORE')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='balancestatement',
                            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_balancestatementevent" ("amount", "entered_at", "entered_by_id", "id", "line_id", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at") VALUES (NEW."amount", NEW."entered_at", NEW."entered_by_id", NEW."id", NEW."line_id", NEW."owner_id", NEW."period_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."released_at"); RETURN NULL;', hash='468f5a80573b583ca33cb92ec04095007a516ab6', operation='INSERT', pgid='pgtrigger_insert_insert_fe884', table='pooled_budgets_balancestatement', when='AFTER')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='balancestatement',
                            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_balancestatementevent" ("amount", "entered_at", "entered_by_id", "id", "line_id", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at") VALUES (NEW."amount", NEW."entered_at", NEW."entered_by_id", NEW."id", NEW."line_id", NEW."owner_id", NEW."period_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."released_at"); RETURN NULL;', hash='1930804e3e0157781269adfb18a426156afc2213', operation='UPDATE', pgid='pgtrigger_update_update_8f07e', table='pooled_budgets_balancestatement', when='AFTER')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='balancestatement',
                            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_balancestatementevent" ("amount", "entered_at", "entered_by_id", "id", "line_id", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at") VALUES (OLD."amount", OLD."entered_at", OLD."entered_by_id", OLD."id", OLD."line_id", OLD."owner_id", OLD."period_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."released_at"); RETURN NULL;', hash='8c712b73445058e02c121593bc6c09354d9d6942', operation='DELETE', pgid='pgtrigger_delete_delete_a54f5', table='pooled_budgets_balancestatement', when='AFTER')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='balancestatementevent',
                            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b2242d8da22a43b0f4a93934efa7992fa54c2c18', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2c69d', table='pooled_budgets_balancestatementevent', when='BEFORE')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='varianceexplanation',
                            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8364185a75fbcbce9f7f0a4091ddbee7163cd03a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_28704', table='pooled_budgets_varianceexplanation', when='BEFORE')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='variancethresholdevent',
                            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7a7634aa87cb437a5de84050aeae0f739260e678', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c044c', table='pooled_budgets_variancethresholdevent', when='BEFORE')),
                        ),
                    ],
                ),
            ]
        ),
    ]
