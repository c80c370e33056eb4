import django.db.models.deletion
import django.db.models.functions.datetime
import integration_hub.core.migration_operations
import integration_hub.core.states
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_always_an_actor'),
        ('partners', '0011_risk_share_permissions'),
        ('partners', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('pooled_budgets', '0011_registers_beside_agreements'),
    ]

    operations = [
        integration_hub.core.migration_operations.Together(
            operations=[
                migrations.CreateModel(
                    name='RiskShareFigures',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('contingency', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ('contingency_state', models.CharField(default=integration_hub.core.states.AmountState['NOT_STATED'], max_length=20)),
                        ('illustrative', models.BooleanField(default=False)),
                        ('at', models.DateField()),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('fund', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='risk_share_figures', to='pooled_budgets.fund')),
                    ],
                ),
                migrations.CreateModel(
                    name='RiskShareFiguresEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('contingency', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ('contingency_state', models.CharField(default=integration_hub.core.states.AmountState['NOT_STATED'], max_length=20)),
                        ('illustrative', models.BooleanField(default=False)),
                        ('at', models.DateField()),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('fund', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.fund')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='pooled_budgets.risksharefigures')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='RiskShareRules',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('number', models.PositiveSmallIntegerField(null=True)),
                        ('groups', models.JSONField()),
                        ('clause', models.CharField(blank=True, max_length=200)),
                        ('note', models.TextField(blank=True)),
                        ('illustrative', models.BooleanField(default=False)),
                        ('effective_from', models.DateField(null=True)),
                        ('prepared_by_name', models.CharField(max_length=200)),
                        ('prepared_at', models.DateTimeField()),
                        ('approved_by_name', models.CharField(blank=True, max_length=200)),
                        ('approved_at', models.DateTimeField(null=True)),
                        ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='risk_share_rules', to='pooled_budgets.agreement')),
                        ('agreement_version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='risk_share_rules', to='pooled_budgets.agreementversion')),
                        ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('approved_for', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                        ('prepared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='RiskShareRulesEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('number', models.PositiveSmallIntegerField(null=True)),
                        ('groups', models.JSONField()),
                        ('clause', models.CharField(blank=True, max_length=200)),
                        ('note', models.TextField(blank=True)),
                        ('illustrative', models.BooleanField(default=False)),
                        ('effective_from', models.DateField(null=True)),
                        ('prepared_by_name', models.CharField(max_length=200)),
                        ('prepared_at', models.DateTimeField()),
                        ('approved_by_name', models.CharField(blank=True, max_length=200)),
                        ('approved_at', models.DateTimeField(null=True)),
                        ('agreement', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.agreement')),
                        ('agreement_version', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.agreementversion')),
                        ('approved_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('approved_for', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='pooled_budgets.risksharerules')),
                        ('prepared_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='RiskShareScenario',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('name', models.CharField(max_length=100)),
                        ('outturns', models.JSONField(default=dict)),
                        ('saved_by_name', models.CharField(max_length=200)),
                        ('at', models.DateTimeField()),
                        ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='risk_share_scenarios', to='pooled_budgets.fund')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                        ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.period')),
                        ('saved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='RiskShareScenarioEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('name', models.CharField(max_length=100)),
                        ('outturns', models.JSONField(default=dict)),
                        ('saved_by_name', models.CharField(max_length=200)),
                        ('at', models.DateTimeField()),
                        ('fund', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.fund')),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('period', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.period')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='pooled_budgets.risksharescenario')),
                        ('saved_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='SchemeLead',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('at', models.DateField()),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                        ('scheme', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='risk_share_lead', to='pooled_budgets.scheme')),
                    ],
                ),
                migrations.CreateModel(
                    name='SchemeLeadEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('at', models.DateField()),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('lead', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='pooled_budgets.schemelead')),
                        ('scheme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.scheme')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.AddConstraint(
                    model_name='risksharefigures',
                    constraint=models.CheckConstraint(condition=models.Q(('contingency__gte', 0), ('contingency__isnull', True), _connector='OR'), name='risk_share_contingency_not_negative'),
                ),
                migrations.AddConstraint(
                    model_name='risksharefigures',
                    constraint=models.CheckConstraint(condition=models.Q(('contingency_state__in', ['stated', 'to_be_confirmed', 'not_stated'])), name='risk_share_contingency_state'),
                ),
                migrations.AddConstraint(
                    model_name='risksharefigures',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('contingency__isnull', False), ('contingency_state', 'stated')), models.Q(('contingency__isnull', True), models.Q(('contingency_state', 'stated'), _negated=True)), _connector='OR'), name='risk_share_contingency_has_reason'),
                ),
                migrations.AddConstraint(
                    model_name='risksharerules',
                    constraint=models.UniqueConstraint(fields=('agreement', 'number'), name='risk_share_rules_number_unique'),
                ),
                migrations.AddConstraint(
                    model_name='risksharerules',
                    constraint=models.UniqueConstraint(condition=models.Q(('approved_at__isnull', True)), fields=('agreement', 'owner'), name='risk_share_rules_one_draft'),
                ),
                migrations.AddConstraint(
                    model_name='risksharerules',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), models.Q(('approved_at__isnull', True), ('approved_by__isnull', True)), _connector='OR'), name='risk_share_rules_approved_by'),
                ),
                migrations.AddConstraint(
                    model_name='risksharerules',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', False), ('approved_for__isnull', False)), models.Q(('approved_at__isnull', True), ('approved_for__isnull', True)), _connector='OR'), name='risk_share_rules_approved_for'),
                ),
                migrations.AddConstraint(
                    model_name='risksharerules',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', False), ('number__isnull', False)), models.Q(('approved_at__isnull', True), ('number__isnull', True)), _connector='OR'), name='risk_share_rules_numbered'),
                ),
                migrations.AddConstraint(
                    model_name='risksharerules',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', False), ('effective_from__isnull', False)), models.Q(('approved_at__isnull', True), ('effective_from__isnull', True)), _connector='OR'), name='risk_share_rules_from'),
                ),
                migrations.AddConstraint(
                    model_name='risksharerules',
                    constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('prepared_by')), _negated=True), _connector='OR'), name='risk_share_rules_two_people'),
                ),
                migrations.AddConstraint(
                    model_name='risksharerules',
                    constraint=models.CheckConstraint(condition=models.Q(('approved_at__isnull', True), ('released_at__isnull', False), _connector='OR'), name='risk_share_rules_released'),
                ),
                migrations.AddConstraint(
                    model_name='risksharerules',
                    constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1), ('number__isnull', True), _connector='OR'), name='risk_share_rules_from_1'),
                ),
                migrations.AddConstraint(
                    model_name='risksharerules',
                    constraint=models.CheckConstraint(condition=models.Q(('groups', models.Value([], models.JSONField())), _negated=True), name='risk_share_rules_say_something'),
                ),
                migrations.AddConstraint(
                    model_name='risksharescenario',
                    constraint=models.UniqueConstraint(fields=('fund', 'owner', 'name'), name='risk_share_scenario_name_unique'),
                ),
                migrations.AddConstraint(
                    model_name='risksharescenario',
                    constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='risk_share_scenario_has_name'),
                ),
                integration_hub.core.migration_operations.AddTriggers(
                    triggers=[pgtrigger.migrations.AddTrigger(
                        model_name='risksharefigures',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_risksharefiguresevent" ("at", "contingency", "contingency_state", "fund_id", "id", "illustrative", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at") VALUES (NEW."at", NEW."contingency", NEW."contingency_state", NEW."fund_id", NEW."id", NEW."illustrative", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at"); RETURN NULL;', hash='579c3b7d075b03eb14aabf691567084129ba41ab', operation='INSERT', pgid='pgtrigger_insert_insert_455d8', table='pooled_budgets_risksharefigures', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='risksharefigures',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_risksharefiguresevent" ("at", "contingency", "contingency_state", "fund_id", "id", "illustrative", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at") VALUES (NEW."at", NEW."contingency", NEW."contingency_state", NEW."fund_id", NEW."id", NEW."illustrative", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at"); RETURN NULL;', hash='697ae71e7585fdc0bb4579e60348945f2e6673c0', operation='UPDATE', pgid='pgtrigger_update_update_9180c', table='pooled_budgets_risksharefigures', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='risksharefigures',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_risksharefiguresevent" ("at", "contingency", "contingency_state", "fund_id", "id", "illustrative", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at") VALUES (OLD."at", OLD."contingency", OLD."contingency_state", OLD."fund_id", OLD."id", OLD."illustrative", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at"); RETURN NULL;', hash='3766c8784c1c51953e11e4ed7b5f055c5726535f', operation='DELETE', pgid='pgtrigger_delete_delete_c580f', table='pooled_budgets_risksharefigures', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='risksharefiguresevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f03b000072f6eda8a215bfd0eeedafc5b610b697', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ba7ba', table='pooled_budgets_risksharefiguresevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='risksharerules',
                        trigger=pgtrigger.compiler.Trigger(name='approved_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.approved_at IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3cf47d0bf114a1fb2b548785406fdb5fd30e481a', operation='UPDATE OR DELETE', pgid='pgtrigger_approved_stays_aebfb', table='pooled_budgets_risksharerules', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='risksharerules',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_risksharerulesevent" ("agreement_id", "agreement_version_id", "approved_at", "approved_by_id", "approved_by_name", "approved_for_id", "clause", "effective_from", "groups", "id", "illustrative", "note", "number", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prepared_at", "prepared_by_id", "prepared_by_name", "recorded_at", "released_at") VALUES (NEW."agreement_id", NEW."agreement_version_id", NEW."approved_at", NEW."approved_by_id", NEW."approved_by_name", NEW."approved_for_id", NEW."clause", NEW."effective_from", NEW."groups", NEW."id", NEW."illustrative", NEW."note", NEW."number", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."prepared_at", NEW."prepared_by_id", NEW."prepared_by_name", NEW."recorded_at", NEW."released_at"); RETURN NULL;', hash='9669fba2c87c134b4b863d6df1997015e714a001', operation='INSERT', pgid='pgtrigger_insert_insert_b7e10', table='pooled_budgets_risksharerules', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='risksharerules',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_risksharerulesevent" ("agreement_id", "agreement_version_id", "approved_at", "approved_by_id", "approved_by_name", "approved_for_id", "clause", "effective_from", "groups", "id", "illustrative", "note", "number", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prepared_at", "prepared_by_id", "prepared_by_name", "recorded_at", "released_at") VALUES (NEW."agreement_id", NEW."agreement_version_id", NEW."approved_at", NEW."approved_by_id", NEW."approved_by_name", NEW."approved_for_id", NEW."clause", NEW."effective_from", NEW."groups", NEW."id", NEW."illustrative", NEW."note", NEW."number", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."prepared_at", NEW."prepared_by_id", NEW."prepared_by_name", NEW."recorded_at", NEW."released_at"); RETURN NULL;', hash='c71c88cef007e0e83861bfb10dcbd85a1c725655', operation='UPDATE', pgid='pgtrigger_update_update_2cce4', table='pooled_budgets_risksharerules', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='risksharerules',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_risksharerulesevent" ("agreement_id", "agreement_version_id", "approved_at", "approved_by_id", "approved_by_name", "approved_for_id", "clause", "effective_from", "groups", "id", "illustrative", "note", "number", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prepared_at", "prepared_by_id", "prepared_by_name", "recorded_at", "released_at") VALUES (OLD."agreement_id", OLD."agreement_version_id", OLD."approved_at", OLD."approved_by_id", OLD."approved_by_name", OLD."approved_for_id", OLD."clause", OLD."effective_from", OLD."groups", OLD."id", OLD."illustrative", OLD."note", OLD."number", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."prepared_at", OLD."prepared_by_id", OLD."prepared_by_name", OLD."recorded_at", OLD."released_at"); RETURN NULL;', hash='c57df456e4a54b7910eae891294700e20a719fb2', operation='DELETE', pgid='pgtrigger_delete_delete_7aa0b', table='pooled_budgets_risksharerules', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='risksharerulesevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='cd610ae9d8cf8daddfad510562f6fea75dfbf32d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2b45f', table='pooled_budgets_risksharerulesevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='risksharescenario',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_risksharescenarioevent" ("at", "fund_id", "id", "name", "outturns", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at", "saved_by_id", "saved_by_name") VALUES (NEW."at", NEW."fund_id", NEW."id", NEW."name", NEW."outturns", NEW."owner_id", NEW."period_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."released_at", NEW."saved_by_id", NEW."saved_by_name"); RETURN NULL;', hash='1c10358de263a22d272c2c5b0434fbe31fa35775', operation='INSERT', pgid='pgtrigger_insert_insert_a7c39', table='pooled_budgets_risksharescenario', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='risksharescenario',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_risksharescenarioevent" ("at", "fund_id", "id", "name", "outturns", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at", "saved_by_id", "saved_by_name") VALUES (NEW."at", NEW."fund_id", NEW."id", NEW."name", NEW."outturns", NEW."owner_id", NEW."period_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."released_at", NEW."saved_by_id", NEW."saved_by_name"); RETURN NULL;', hash='3553dd1f897be5edf16a3b1574c7191be75479e8', operation='UPDATE', pgid='pgtrigger_update_update_c38ec', table='pooled_budgets_risksharescenario', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='risksharescenario',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_risksharescenarioevent" ("at", "fund_id", "id", "name", "outturns", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at", "saved_by_id", "saved_by_name") VALUES (OLD."at", OLD."fund_id", OLD."id", OLD."name", OLD."outturns", OLD."owner_id", OLD."period_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."released_at", OLD."saved_by_id", OLD."saved_by_name"); RETURN NULL;', hash='9634fd8ad0cba0710294450c0394727466455aa7', operation='DELETE', pgid='pgtrigger_delete_delete_1133b', table='pooled_budgets_risksharescenario', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='risksharescenarioevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9fd413c291f4756a7f32ba7f024f8755d193da33', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_89866', table='pooled_budgets_risksharescenarioevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='schemelead',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_schemeleadevent" ("at", "id", "lead_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "scheme_id") VALUES (NEW."at", NEW."id", NEW."lead_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."scheme_id"); RETURN NULL;', hash='20d1326a2413a3ef31af2d8611eb2b22be2b4744', operation='INSERT', pgid='pgtrigger_insert_insert_a29ee', table='pooled_budgets_schemelead', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='schemelead',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_schemeleadevent" ("at", "id", "lead_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "scheme_id") VALUES (NEW."at", NEW."id", NEW."lead_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."scheme_id"); RETURN NULL;', hash='ce23d7cb1027f842277cae95de5d8cdd69f4c974', operation='UPDATE', pgid='pgtrigger_update_update_5911c', table='pooled_budgets_schemelead', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='schemelead',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_schemeleadevent" ("at", "id", "lead_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "scheme_id") VALUES (OLD."at", OLD."id", OLD."lead_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."scheme_id"); RETURN NULL;', hash='0ab55991cb6fbbf16739e632211cc2558874821d', operation='DELETE', pgid='pgtrigger_delete_delete_cede7', table='pooled_budgets_schemelead', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='schemeleadevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='028a114a01a19675e9f2f96dd5b42fb19a28c97c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2c980', table='pooled_budgets_schemeleadevent', when='BEFORE')),
                    )],
                ),
            ]
        ),
    ]
