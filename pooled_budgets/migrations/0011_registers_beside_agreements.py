import django.db.models.deletion
import django.db.models.functions.datetime
import integration_hub.core.states
import integration_hub.core.migration_operations
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0010_agreement_permissions'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('pooled_budgets', '0010_variances_and_balances'),
    ]

    operations = [
        integration_hub.core.migration_operations.Together(
            operations=[
                migrations.CreateModel(
                    name='AlignedBudget',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('service', models.CharField(max_length=200)),
                        ('financial_year', models.PositiveSmallIntegerField()),
                        ('amount', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ('state', models.CharField(default=integration_hub.core.states.AmountState['STATED'], max_length=20)),
                        ('review_on', models.DateField(null=True)),
                        ('candidate', models.BooleanField(default=False)),
                        ('note', models.CharField(blank=True, max_length=300)),
                        ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='aligned_budgets', to='pooled_budgets.agreement')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                    ],
                ),
                migrations.CreateModel(
                    name='AlignedBudgetEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('service', models.CharField(max_length=200)),
                        ('financial_year', models.PositiveSmallIntegerField()),
                        ('amount', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ('state', models.CharField(default=integration_hub.core.states.AmountState['STATED'], max_length=20)),
                        ('review_on', models.DateField(null=True)),
                        ('candidate', models.BooleanField(default=False)),
                        ('note', models.CharField(blank=True, max_length=300)),
                        ('agreement', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.agreement')),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='pooled_budgets.alignedbudget')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='JointContract',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('provider', models.CharField(max_length=200)),
                        ('service', models.CharField(max_length=200)),
                        ('amount', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ('state', models.CharField(default=integration_hub.core.states.AmountState['STATED'], max_length=20)),
                        ('starts_on', models.DateField(null=True)),
                        ('ends_on', models.DateField(null=True)),
                        ('route', models.CharField(default='not_stated', max_length=30)),
                        ('note', models.CharField(blank=True, max_length=300)),
                        ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='joint_contracts', to='pooled_budgets.agreement')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                        ('scheme', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='joint_contracts', to='pooled_budgets.scheme')),
                    ],
                ),
                migrations.CreateModel(
                    name='JointContractEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('provider', models.CharField(max_length=200)),
                        ('service', models.CharField(max_length=200)),
                        ('amount', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ('state', models.CharField(default=integration_hub.core.states.AmountState['STATED'], max_length=20)),
                        ('starts_on', models.DateField(null=True)),
                        ('ends_on', models.DateField(null=True)),
                        ('route', models.CharField(default='not_stated', max_length=30)),
                        ('note', models.CharField(blank=True, max_length=300)),
                        ('agreement', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.agreement')),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='pooled_budgets.jointcontract')),
                        ('scheme', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.scheme')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.AddConstraint(
                    model_name='alignedbudget',
                    constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('amount__isnull', True), _connector='OR'), name='aligned_budget_not_negative'),
                ),
                migrations.AddConstraint(
                    model_name='alignedbudget',
                    constraint=models.CheckConstraint(condition=models.Q(('state__in', ['stated', 'to_be_confirmed', 'not_stated'])), name='aligned_budget_state'),
                ),
                migrations.AddConstraint(
                    model_name='alignedbudget',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__isnull', False), ('state', 'stated')), models.Q(('amount__isnull', True), models.Q(('state', 'stated'), _negated=True)), _connector='OR'), name='aligned_budget_has_reason'),
                ),
                migrations.AddConstraint(
                    model_name='jointcontract',
                    constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('amount__isnull', True), _connector='OR'), name='joint_contract_not_negative'),
                ),
                migrations.AddConstraint(
                    model_name='jointcontract',
                    constraint=models.CheckConstraint(condition=models.Q(('state__in', ['stated', 'to_be_confirmed', 'not_stated'])), name='joint_contract_state'),
                ),
                migrations.AddConstraint(
                    model_name='jointcontract',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__isnull', False), ('state', 'stated')), models.Q(('amount__isnull', True), models.Q(('state', 'stated'), _negated=True)), _connector='OR'), name='joint_contract_has_reason'),
                ),
                migrations.AddConstraint(
                    model_name='jointcontract',
                    constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on')), ('ends_on__isnull', True), _connector='OR'), name='joint_contract_dates_in_order'),
                ),
                migrations.AddConstraint(
                    model_name='jointcontract',
                    constraint=models.CheckConstraint(condition=models.Q(('route__in', ['not_stated', 'open', 'restricted', 'framework', 'competitive', 'most_suitable', 'direct_award', 'extension'])), name='joint_contract_route'),
                ),
                integration_hub.core.migration_operations.AddTriggers(
                    triggers=[pgtrigger.migrations.AddTrigger(
                            model_name='alignedbudget',
                            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_alignedbudgetevent" ("agreement_id", "amount", "candidate", "financial_year", "id", "note", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at", "review_on", "service", "state") VALUES (NEW."agreement_id", NEW."amount", NEW."candidate", NEW."financial_year", NEW."id", NEW."note", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."released_at", NEW."review_on", NEW."service", NEW."state"); RETURN NULL;', hash='883491ec3bd000b351a1ace3ba2a4f039d132b83', operation='INSERT', pgid='pgtrigger_insert_insert_c8408', table='pooled_budgets_alignedbudget', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                            model_name='alignedbudget',
                            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_alignedbudgetevent" ("agreement_id", "amount", "candidate", "financial_year", "id", "note", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at", "review_on", "service", "state") VALUES (NEW."agreement_id", NEW."amount", NEW."candidate", NEW."financial_year", NEW."id", NEW."note", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."released_at", NEW."review_on", NEW."service", NEW."state"); RETURN NULL;', hash='d08db5134aba1d830ebf223b6153c7de9f5f391a', operation='UPDATE', pgid='pgtrigger_update_update_af6f3', table='pooled_budgets_alignedbudget', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                            model_name='alignedbudget',
                            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_alignedbudgetevent" ("agreement_id", "amount", "candidate", "financial_year", "id", "note", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at", "review_on", "service", "state") VALUES (OLD."agreement_id", OLD."amount", OLD."candidate", OLD."financial_year", OLD."id", OLD."note", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."released_at", OLD."review_on", OLD."service", OLD."state"); RETURN NULL;', hash='29c7310f3c2863a9da49bc3d35d9465d04c5d3a8', operation='DELETE', pgid='pgtrigger_delete_delete_ae53a', table='pooled_budgets_alignedbudget', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                            model_name='alignedbudgetevent',
                            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8914c2ad445788b2c709f4041d66b320f7513b73', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_226e4', table='pooled_budgets_alignedbudgetevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                            model_name='jointcontract',
                            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_jointcontractevent" ("agreement_id", "amount", "ends_on", "id", "note", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provider", "recorded_at", "released_at", "route", "scheme_id", "service", "starts_on", "state") VALUES (NEW."agreement_id", NEW."amount", NEW."ends_on", NEW."id", NEW."note", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."provider", NEW."recorded_at", NEW."released_at", NEW."route", NEW."scheme_id", NEW."service", NEW."starts_on", NEW."state"); RETURN NULL;', hash='0f766005ab06b0861df0e8d4888fda90cb28fcc7', operation='INSERT', pgid='pgtrigger_insert_insert_8b59b', table='pooled_budgets_jointcontract', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                            model_name='jointcontract',
                            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_jointcontractevent" ("agreement_id", "amount", "ends_on", "id", "note", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provider", "recorded_at", "released_at", "route", "scheme_id", "service", "starts_on", "state") VALUES (NEW."agreement_id", NEW."amount", NEW."ends_on", NEW."id", NEW."note", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."provider", NEW."recorded_at", NEW."released_at", NEW."route", NEW."scheme_id", NEW."service", NEW."starts_on", NEW."state"); RETURN NULL;', hash='9a80e36e4132db96f3b464dc6611ee6b6146ddc4', operation='UPDATE', pgid='pgtrigger_update_update_bf398', table='pooled_budgets_jointcontract', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                            model_name='jointcontract',
                            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_jointcontractevent" ("agreement_id", "amount", "ends_on", "id", "note", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provider", "recorded_at", "released_at", "route", "scheme_id", "service", "starts_on", "state") VALUES (OLD."agreement_id", OLD."amount", OLD."ends_on", OLD."id", OLD."note", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."provider", OLD."recorded_at", OLD."released_at", OLD."route", OLD."scheme_id", OLD."service", OLD."starts_on", OLD."state"); RETURN NULL;', hash='db5f9e2fc6ee63981d4727eca0470f7689480674', operation='DELETE', pgid='pgtrigger_delete_delete_a066e', table='pooled_budgets_jointcontract', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                            model_name='jointcontractevent',
                            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8a09804b3babb5410aa6e096e07f26076502dc22', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3883e', table='pooled_budgets_jointcontractevent', when='BEFORE')),
                    )],
                ),
            ]
        ),
    ]
