import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import integration_hub.core.migration_operations
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0001_boards_and_meetings'),
        ('partners', '0009_authority'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        integration_hub.core.migration_operations.Together(
            operations=[
                migrations.CreateModel(
                    name='Decision',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('ended_on', models.DateField(null=True)),
                        ('ended_reason', models.CharField(max_length=500, null=True)),
                        ('ended_by_name', models.CharField(max_length=200, null=True)),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('reference', models.CharField(max_length=60)),
                        ('made_on', models.DateField()),
                        ('title', models.CharField(max_length=200)),
                        ('text', models.TextField()),
                        ('matters', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                        ('amount_limit', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ('source', models.CharField(blank=True, max_length=300)),
                        ('illustrative', models.BooleanField(default=False)),
                        ('recorded_by_name', models.CharField(max_length=200)),
                        ('board', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='governance.board')),
                        ('meeting', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='governance.meeting')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('board', 'reference'), name='decision_reference_unique'), models.CheckConstraint(condition=models.Q(models.Q(('reference', ''), _negated=True), models.Q(('title', ''), _negated=True), models.Q(('text', ''), _negated=True)), name='decision_says_what_was_resolved'), models.CheckConstraint(condition=models.Q(('matters__contained_by', ['contribution_change', 'virement', 'scheme_start', 'settlement', 'carry_forward']), ('matters__len__gt', 0), ('matters__len__isnull', False)), name='decision_matters'), models.CheckConstraint(condition=models.Q(('amount_limit__gte', 0), ('amount_limit__isnull', True), _connector='OR'), name='decision_limit_not_negative'), models.CheckConstraint(condition=models.Q(models.Q(('ended_on__isnull', False), ('ended_reason__isnull', False)), models.Q(('ended_on__isnull', True), ('ended_reason__isnull', True)), _connector='OR'), name='decision_rescinded_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('ended_by_name__isnull', False), ('ended_on__isnull', False)), models.Q(('ended_by_name__isnull', True), ('ended_on__isnull', True)), _connector='OR'), name='decision_rescinded_by_somebody'), models.CheckConstraint(condition=models.Q(('ended_on__gte', models.F('made_on')), ('ended_on__isnull', True), _connector='OR'), name='decision_in_order')],
                    },
                ),
                migrations.CreateModel(
                    name='DecisionEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('ended_on', models.DateField(null=True)),
                        ('ended_reason', models.CharField(max_length=500, null=True)),
                        ('ended_by_name', models.CharField(max_length=200, null=True)),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('reference', models.CharField(max_length=60)),
                        ('made_on', models.DateField()),
                        ('title', models.CharField(max_length=200)),
                        ('text', models.TextField()),
                        ('matters', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                        ('amount_limit', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ('source', models.CharField(blank=True, max_length=300)),
                        ('illustrative', models.BooleanField(default=False)),
                        ('recorded_by_name', models.CharField(max_length=200)),
                        ('board', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='governance.board')),
                        ('meeting', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='governance.meeting')),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='governance.decision')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Delegation',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('ended_on', models.DateField(null=True)),
                        ('ended_reason', models.CharField(max_length=500, null=True)),
                        ('ended_by_name', models.CharField(max_length=200, null=True)),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('reference', models.CharField(max_length=60)),
                        ('scheme_text', models.CharField(blank=True, max_length=300)),
                        ('to_role', models.CharField(blank=True, max_length=20)),
                        ('to_capacity', models.CharField(blank=True, max_length=40)),
                        ('matters', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                        ('limit', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ('year_total', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField(null=True)),
                        ('note', models.CharField(blank=True, max_length=300)),
                        ('illustrative', models.BooleanField(default=False)),
                        ('recorded_by_name', models.CharField(max_length=200)),
                        ('board', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='governance.board')),
                        ('granted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='governance.decision')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                        ('to_board', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='delegations_held', to='governance.board')),
                        ('to_organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='delegations_held', to='partners.organisation')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('owner', 'reference'), name='delegation_reference_unique'), models.CheckConstraint(condition=models.Q(('reference', ''), _negated=True), name='delegation_has_reference'), models.CheckConstraint(condition=models.Q(('granted_by__isnull', False), models.Q(('scheme_text', ''), _negated=True), _connector='OR'), name='delegation_rests_on_something'), models.CheckConstraint(condition=models.Q(models.Q(('to_board__isnull', False), ('to_capacity', ''), ('to_organisation__isnull', True), ('to_role', '')), models.Q(('to_board__isnull', True), ('to_organisation__isnull', False), models.Q(models.Q(('to_role', ''), models.Q(('to_capacity', ''), _negated=True)), models.Q(models.Q(('to_role', ''), _negated=True), ('to_capacity', '')), _connector='OR')), _connector='OR'), name='delegation_to_one'), models.CheckConstraint(condition=models.Q(('to_role__in', ['', 'admin', 'finance', 'metrics', 'governance', 'approver', 'programme', 'member', 'auditor', 'operator'])), name='delegation_role'), models.CheckConstraint(condition=models.Q(('to_capacity__in', ['', 'section_151_officer', 'chief_finance_officer', 'accountable_officer', 'chief_executive', 'chief_officer', 'director'])), name='delegation_capacity'), models.CheckConstraint(condition=models.Q(('matters__contained_by', ['contribution_change', 'virement', 'scheme_start', 'settlement', 'carry_forward']), ('matters__len__gt', 0), ('matters__len__isnull', False)), name='delegation_matters'), models.CheckConstraint(condition=models.Q(('limit__gte', 0), ('limit__isnull', True), _connector='OR'), name='delegation_limit_not_negative'), models.CheckConstraint(condition=models.Q(('year_total__gte', 0), ('year_total__isnull', True), _connector='OR'), name='delegation_total_not_negative'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on')), ('ends_on__isnull', True), _connector='OR'), name='delegation_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('ended_on__isnull', False), ('ended_reason__isnull', False)), models.Q(('ended_on__isnull', True), ('ended_reason__isnull', True)), _connector='OR'), name='delegation_revoked_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('ended_by_name__isnull', False), ('ended_on__isnull', False)), models.Q(('ended_by_name__isnull', True), ('ended_on__isnull', True)), _connector='OR'), name='delegation_revoked_by_somebody')],
                    },
                ),
                migrations.CreateModel(
                    name='DelegationEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('ended_on', models.DateField(null=True)),
                        ('ended_reason', models.CharField(max_length=500, null=True)),
                        ('ended_by_name', models.CharField(max_length=200, null=True)),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('reference', models.CharField(max_length=60)),
                        ('scheme_text', models.CharField(blank=True, max_length=300)),
                        ('to_role', models.CharField(blank=True, max_length=20)),
                        ('to_capacity', models.CharField(blank=True, max_length=40)),
                        ('matters', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                        ('limit', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ('year_total', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField(null=True)),
                        ('note', models.CharField(blank=True, max_length=300)),
                        ('illustrative', models.BooleanField(default=False)),
                        ('recorded_by_name', models.CharField(max_length=200)),
                        ('board', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='governance.board')),
                        ('granted_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='governance.decision')),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='governance.delegation')),
                        ('to_board', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='governance.board')),
                        ('to_organisation', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                integration_hub.core.migration_operations.AddTriggers(
                    triggers=[pgtrigger.migrations.AddTrigger(
                        model_name='decision',
                        trigger=pgtrigger.compiler.Trigger(name='frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.board_id IS DISTINCT FROM NEW.board_id OR OLD.meeting_id IS DISTINCT FROM NEW.meeting_id OR OLD.reference IS DISTINCT FROM NEW.reference OR OLD.made_on IS DISTINCT FROM NEW.made_on OR OLD.title IS DISTINCT FROM NEW.title OR OLD.text IS DISTINCT FROM NEW.text OR OLD.matters IS DISTINCT FROM NEW.matters OR OLD.amount_limit IS DISTINCT FROM NEW.amount_limit)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='d98b60ee4bddb13325d3907b620e12d384d80cd8', operation='UPDATE', pgid='pgtrigger_frozen_0e77b', table='governance_decision', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='decision',
                        trigger=pgtrigger.compiler.Trigger(name='ends_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.ended_on IS NOT NULL AND (OLD.ended_on, OLD.ended_reason, OLD.ended_by_name) IS DISTINCT FROM (NEW.ended_on, NEW.ended_reason, NEW.ended_by_name))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='51d5ed5417fe65d6b3126153bdb0ecab62405b48', operation='UPDATE', pgid='pgtrigger_ends_once_086ff', table='governance_decision', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='decision',
                        trigger=pgtrigger.compiler.Trigger(name='stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='9ea654f2e6be7e447dbe8f80f9eb5af27d5f0f6c', operation='DELETE', pgid='pgtrigger_stays_0783e', table='governance_decision', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='decision',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "governance_decisionevent" ("amount_limit", "board_id", "ended_by_name", "ended_on", "ended_reason", "id", "illustrative", "made_on", "matters", "meeting_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_name", "reference", "released_at", "source", "text", "title") VALUES (NEW."amount_limit", NEW."board_id", NEW."ended_by_name", NEW."ended_on", NEW."ended_reason", NEW."id", NEW."illustrative", NEW."made_on", NEW."matters", NEW."meeting_id", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."recorded_by_name", NEW."reference", NEW."released_at", NEW."source", NEW."text", NEW."title"); RETURN NULL;', hash='50dc6585d67ec0846a9d6dfece4d389fc89ee78a', operation='INSERT', pgid='pgtrigger_insert_insert_917a4', table='governance_decision', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='decision',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "governance_decisionevent" ("amount_limit", "board_id", "ended_by_name", "ended_on", "ended_reason", "id", "illustrative", "made_on", "matters", "meeting_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_name", "reference", "released_at", "source", "text", "title") VALUES (NEW."amount_limit", NEW."board_id", NEW."ended_by_name", NEW."ended_on", NEW."ended_reason", NEW."id", NEW."illustrative", NEW."made_on", NEW."matters", NEW."meeting_id", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_name", NEW."reference", NEW."released_at", NEW."source", NEW."text", NEW."title"); RETURN NULL;', hash='7deb3707a57bfa99b4d2ab0c59f780a771600767', operation='UPDATE', pgid='pgtrigger_update_update_1fcd6', table='governance_decision', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='decision',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "governance_decisionevent" ("amount_limit", "board_id", "ended_by_name", "ended_on", "ended_reason", "id", "illustrative", "made_on", "matters", "meeting_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_name", "reference", "released_at", "source", "text", "title") VALUES (OLD."amount_limit", OLD."board_id", OLD."ended_by_name", OLD."ended_on", OLD."ended_reason", OLD."id", OLD."illustrative", OLD."made_on", OLD."matters", OLD."meeting_id", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."recorded_by_name", OLD."reference", OLD."released_at", OLD."source", OLD."text", OLD."title"); RETURN NULL;', hash='a144f4e22460075131885474d9d6241636689574', operation='DELETE', pgid='pgtrigger_delete_delete_f8e0c', table='governance_decision', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='decisionevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='77b578deeb91a08c84bcf7fccb53077d3060264a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c4e9f', table='governance_decisionevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='delegation',
                        trigger=pgtrigger.compiler.Trigger(name='frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.board_id IS DISTINCT FROM NEW.board_id OR OLD.reference IS DISTINCT FROM NEW.reference OR OLD.granted_by_id IS DISTINCT FROM NEW.granted_by_id OR OLD.scheme_text IS DISTINCT FROM NEW.scheme_text OR OLD.to_organisation_id IS DISTINCT FROM NEW.to_organisation_id OR OLD.to_role IS DISTINCT FROM NEW.to_role OR OLD.to_capacity IS DISTINCT FROM NEW.to_capacity OR OLD.to_board_id IS DISTINCT FROM NEW.to_board_id OR OLD.matters IS DISTINCT FROM NEW.matters OR OLD."limit" IS DISTINCT FROM NEW."limit" OR OLD.year_total IS DISTINCT FROM NEW.year_total OR OLD.starts_on IS DISTINCT FROM NEW.starts_on OR OLD.ends_on IS DISTINCT FROM NEW.ends_on)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='0c98e40caf679a8d350226cf17d86a183abab3da', operation='UPDATE', pgid='pgtrigger_frozen_9f438', table='governance_delegation', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='delegation',
                        trigger=pgtrigger.compiler.Trigger(name='ends_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.ended_on IS NOT NULL AND (OLD.ended_on, OLD.ended_reason, OLD.ended_by_name) IS DISTINCT FROM (NEW.ended_on, NEW.ended_reason, NEW.ended_by_name))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='39af390706807bb13f80d83b0cd5e7a7e420b306', operation='UPDATE', pgid='pgtrigger_ends_once_728d8', table='governance_delegation', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='delegation',
                        trigger=pgtrigger.compiler.Trigger(name='stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='18da5987be0a91fe71800c48078a7db6ac7701e6', operation='DELETE', pgid='pgtrigger_stays_0dcbd', table='governance_delegation', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='delegation',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "governance_delegationevent" ("board_id", "ended_by_name", "ended_on", "ended_reason", "ends_on", "granted_by_id", "id", "illustrative", "limit", "matters", "note", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_name", "reference", "released_at", "scheme_text", "starts_on", "to_board_id", "to_capacity", "to_organisation_id", "to_role", "year_total") VALUES (NEW."board_id", NEW."ended_by_name", NEW."ended_on", NEW."ended_reason", NEW."ends_on", NEW."granted_by_id", NEW."id", NEW."illustrative", NEW."limit", NEW."matters", NEW."note", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."recorded_by_name", NEW."reference", NEW."released_at", NEW."scheme_text", NEW."starts_on", NEW."to_board_id", NEW."to_capacity", NEW."to_organisation_id", NEW."to_role", NEW."year_total"); RETURN NULL;', hash='3777c0320ceb6194b7b7dbbfde83a08303c4ea96', operation='INSERT', pgid='pgtrigger_insert_insert_d3956', table='governance_delegation', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='delegation',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "governance_delegationevent" ("board_id", "ended_by_name", "ended_on", "ended_reason", "ends_on", "granted_by_id", "id", "illustrative", "limit", "matters", "note", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_name", "reference", "released_at", "scheme_text", "starts_on", "to_board_id", "to_capacity", "to_organisation_id", "to_role", "year_total") VALUES (NEW."board_id", NEW."ended_by_name", NEW."ended_on", NEW."ended_reason", NEW."ends_on", NEW."granted_by_id", NEW."id", NEW."illustrative", NEW."limit", NEW."matters", NEW."note", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_name", NEW."reference", NEW."released_at", NEW."scheme_text", NEW."starts_on", NEW."to_board_id", NEW."to_capacity", NEW."to_organisation_id", NEW."to_role", NEW."year_total"); RETURN NULL;', hash='41f50097bde0d3952325ddd258de99db2875256e', operation='UPDATE', pgid='pgtrigger_update_update_87715', table='governance_delegation', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='delegation',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "governance_delegationevent" ("board_id", "ended_by_name", "ended_on", "ended_reason", "ends_on", "granted_by_id", "id", "illustrative", "limit", "matters", "note", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_name", "reference", "released_at", "scheme_text", "starts_on", "to_board_id", "to_capacity", "to_organisation_id", "to_role", "year_total") VALUES (OLD."board_id", OLD."ended_by_name", OLD."ended_on", OLD."ended_reason", OLD."ends_on", OLD."granted_by_id", OLD."id", OLD."illustrative", OLD."limit", OLD."matters", OLD."note", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."recorded_by_name", OLD."reference", OLD."released_at", OLD."scheme_text", OLD."starts_on", OLD."to_board_id", OLD."to_capacity", OLD."to_organisation_id", OLD."to_role", OLD."year_total"); RETURN NULL;', hash='41dc5c68cacddc212f833d47e8ef11c73423dfc3', operation='DELETE', pgid='pgtrigger_delete_delete_d2d3e', table='governance_delegation', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='delegationevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='870d5a45b0e00c5ec26402a270489036158f88b1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1c63c', table='governance_delegationevent', when='BEFORE')),
                    )],
                ),
            ]
        ),
    ]
