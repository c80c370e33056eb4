import django.db.models.deletion
import django.db.models.functions.datetime
import integration_hub.core.migration_operations
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0002_authority'),
        ('partners', '0009_authority'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('pooled_budgets', '0004_ledger'),
    ]

    operations = [
        integration_hub.core.migration_operations.Together(
            operations=[
                migrations.CreateModel(
                    name='Virement',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('number', models.PositiveIntegerField()),
                        ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                        ('recurrent', models.BooleanField(default=False)),
                        ('reason', models.CharField(max_length=1000)),
                        ('effective_on', models.DateField()),
                        ('status', models.CharField(default='prepared', max_length=12)),
                        ('prepared_at', models.DateTimeField()),
                        ('decided_at', models.DateTimeField(null=True)),
                        ('decided_on', models.DateField(null=True)),
                        ('rejected_because', models.CharField(blank=True, max_length=500)),
                        ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('decision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='governance.decision')),
                        ('delegation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='governance.delegation')),
                        ('from_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='virements_out', to='pooled_budgets.schemeline')),
                        ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='virements', to='pooled_budgets.fund')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                        ('prepared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('to_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='virements_in', to='pooled_budgets.schemeline')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('fund', 'number'), name='virement_number_unique'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='virement_moves_something'), models.CheckConstraint(condition=models.Q(('from_line', models.F('to_line')), _negated=True), name='virement_between_two_lines'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='virement_has_reason'), models.CheckConstraint(condition=models.Q(('status__in', ['prepared', 'approved', 'rejected'])), name='virement_status'), models.CheckConstraint(condition=models.Q(('decision__isnull', True), ('delegation__isnull', True), _connector='OR'), name='virement_one_authority'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), models.Q(('decided_at__isnull', True), ('decided_by__isnull', True)), _connector='OR'), name='virement_decided_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', False), ('decided_on__isnull', False)), models.Q(('decided_by__isnull', True), ('decided_on__isnull', True)), _connector='OR'), name='virement_decided_on_a_day'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('prepared_by')), _negated=True), _connector='OR'), name='virement_decided_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', True), ('rejected_because', ''), ('status', 'prepared')), models.Q(('decided_by__isnull', False), ('status', 'rejected'), models.Q(('rejected_because', ''), _negated=True)), models.Q(('decided_by__isnull', False), ('rejected_because', ''), ('status', 'approved'), models.Q(('decision__isnull', False), ('delegation__isnull', False), _connector='OR')), _connector='OR'), name='virement_decided_as_status_says')],
                    },
                ),
                migrations.CreateModel(
                    name='VirementEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('number', models.PositiveIntegerField()),
                        ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                        ('recurrent', models.BooleanField(default=False)),
                        ('reason', models.CharField(max_length=1000)),
                        ('effective_on', models.DateField()),
                        ('status', models.CharField(default='prepared', max_length=12)),
                        ('prepared_at', models.DateTimeField()),
                        ('decided_at', models.DateTimeField(null=True)),
                        ('decided_on', models.DateField(null=True)),
                        ('rejected_because', models.CharField(blank=True, max_length=500)),
                        ('decided_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('decision', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='governance.decision')),
                        ('delegation', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='governance.delegation')),
                        ('from_line', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.schemeline')),
                        ('fund', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.fund')),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='pooled_budgets.virement')),
                        ('prepared_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('to_line', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.schemeline')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='VirementSide',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='virement_sides', to='pooled_budgets.schemeline')),
                        ('virement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sides', to='pooled_budgets.virement')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('virement', 'line'), name='virement_side_unique'), models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='virement_side_moves_something')],
                    },
                ),
                integration_hub.core.migration_operations.AddTriggers(
                    triggers=[pgtrigger.migrations.AddTrigger(
                        model_name='virement',
                        trigger=pgtrigger.compiler.Trigger(name='decided_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status <> 'prepared')", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='73d2612a4667abe070435c84a59f6474613ed070', operation='UPDATE', pgid='pgtrigger_decided_stays_b091d', table='pooled_budgets_virement', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='virement',
                        trigger=pgtrigger.compiler.Trigger(name='frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (ROW(OLD.fund_id, OLD.number, OLD.from_line_id, OLD.to_line_id, OLD.amount, OLD.prepared_by_id) IS DISTINCT FROM ROW(NEW.fund_id, NEW.number, NEW.from_line_id, NEW.to_line_id, NEW.amount, NEW.prepared_by_id))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='c13b4f39f987157360d48527fa78bfb291731507', operation='UPDATE', pgid='pgtrigger_frozen_24533', table='pooled_budgets_virement', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='virement',
                        trigger=pgtrigger.compiler.Trigger(name='stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='9425ef6d45ca5d4ff3abed22ef36c88bd91f050d', operation='DELETE', pgid='pgtrigger_stays_f6e27', table='pooled_budgets_virement', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='virement',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_virementevent" ("amount", "decided_at", "decided_by_id", "decided_on", "decision_id", "delegation_id", "effective_on", "from_line_id", "fund_id", "id", "number", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prepared_at", "prepared_by_id", "reason", "recorded_at", "recurrent", "rejected_because", "released_at", "status", "to_line_id") VALUES (NEW."amount", NEW."decided_at", NEW."decided_by_id", NEW."decided_on", NEW."decision_id", NEW."delegation_id", NEW."effective_on", NEW."from_line_id", NEW."fund_id", NEW."id", NEW."number", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."prepared_at", NEW."prepared_by_id", NEW."reason", NEW."recorded_at", NEW."recurrent", NEW."rejected_because", NEW."released_at", NEW."status", NEW."to_line_id"); RETURN NULL;', hash='be7d0b281ee353e97beab0ca690d914a1d54ab69', operation='INSERT', pgid='pgtrigger_insert_insert_fc3e4', table='pooled_budgets_virement', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='virement',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_virementevent" ("amount", "decided_at", "decided_by_id", "decided_on", "decision_id", "delegation_id", "effective_on", "from_line_id", "fund_id", "id", "number", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prepared_at", "prepared_by_id", "reason", "recorded_at", "recurrent", "rejected_because", "released_at", "status", "to_line_id") VALUES (NEW."amount", NEW."decided_at", NEW."decided_by_id", NEW."decided_on", NEW."decision_id", NEW."delegation_id", NEW."effective_on", NEW."from_line_id", NEW."fund_id", NEW."id", NEW."number", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."prepared_at", NEW."prepared_by_id", NEW."reason", NEW."recorded_at", NEW."recurrent", NEW."rejected_because", NEW."released_at", NEW."status", NEW."to_line_id"); RETURN NULL;', hash='e71cc41f0bcc5566fe8286bd1a40eaa61193b7d6', operation='UPDATE', pgid='pgtrigger_update_update_ae821', table='pooled_budgets_virement', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='virement',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_virementevent" ("amount", "decided_at", "decided_by_id", "decided_on", "decision_id", "delegation_id", "effective_on", "from_line_id", "fund_id", "id", "number", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prepared_at", "prepared_by_id", "reason", "recorded_at", "recurrent", "rejected_because", "released_at", "status", "to_line_id") VALUES (OLD."amount", OLD."decided_at", OLD."decided_by_id", OLD."decided_on", OLD."decision_id", OLD."delegation_id", OLD."effective_on", OLD."from_line_id", OLD."fund_id", OLD."id", OLD."number", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."prepared_at", OLD."prepared_by_id", OLD."reason", OLD."recorded_at", OLD."recurrent", OLD."rejected_because", OLD."released_at", OLD."status", OLD."to_line_id"); RETURN NULL;', hash='db15631c58d31c5cd4ef0bf494e3da20a8cf22fd', operation='DELETE', pgid='pgtrigger_delete_delete_a58f4', table='pooled_budgets_virement', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='virementevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2ed7194fbb58120713dfab637eeb7730319dff90', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b160a', table='pooled_budgets_virementevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='virementside',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='fc17fbf2f45cdae103da2d82462f571337e50fae', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b1cf7', table='pooled_budgets_virementside', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='virementside',
                        trigger=pgtrigger.compiler.Trigger(name='sums_to_nil', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func="\n    IF NOT EXISTS (\n        SELECT 1 FROM pooled_budgets_virement v\n        WHERE v.id = NEW.virement_id AND v.status = 'approved'\n        AND (SELECT count(*) FROM pooled_budgets_virementside s WHERE s.virement_id = v.id) = 2\n        AND (SELECT sum(s.amount) FROM pooled_budgets_virementside s\n             WHERE s.virement_id = v.id AND s.line_id = v.from_line_id) = -v.amount\n        AND (SELECT sum(s.amount) FROM pooled_budgets_virementside s\n             WHERE s.virement_id = v.id AND s.line_id = v.to_line_id) = v.amount\n    ) THEN\n        RAISE EXCEPTION 'the two sides of a virement sum to nil' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NULL;\n", hash='7f44c733a611319d909b41eb8a7a1386a04fd3a0', operation='INSERT', pgid='pgtrigger_sums_to_nil_8bdd8', table='pooled_budgets_virementside', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
                    )],
                ),
            ]
        ),
    ]
