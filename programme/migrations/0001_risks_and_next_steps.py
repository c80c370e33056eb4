import django.db.models.deletion
import django.db.models.functions.datetime
import integration_hub.core.migration_operations
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('governance', '0001_boards_and_meetings'),
        ('partners', '0001_people_and_partners'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        integration_hub.core.migration_operations.Together(
            operations=[
                migrations.CreateModel(
                    name='NextStep',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('text', models.TextField()),
                        ('held_by', models.CharField(blank=True, max_length=200)),
                        ('due_on', models.DateField(null=True)),
                        ('done_on', models.DateField(null=True)),
                        ('illustrative', models.BooleanField(default=False)),
                        ('at', models.DateField()),
                        ('board', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='next_steps', to='governance.board')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='next_step_has_text')],
                    },
                ),
                migrations.CreateModel(
                    name='Risk',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('text', models.TextField()),
                        ('response', models.TextField(blank=True)),
                        ('held_by', models.CharField(blank=True, max_length=200)),
                        ('status', models.CharField(default='open', max_length=10)),
                        ('illustrative', models.BooleanField(default=False)),
                        ('at', models.DateField()),
                        ('board', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='risks', to='governance.board')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['open', 'closed'])), name='risk_status'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='risk_has_text')],
                    },
                ),
                migrations.CreateModel(
                    name='NextStepEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('text', models.TextField()),
                        ('held_by', models.CharField(blank=True, max_length=200)),
                        ('due_on', models.DateField(null=True)),
                        ('done_on', models.DateField(null=True)),
                        ('illustrative', models.BooleanField(default=False)),
                        ('at', models.DateField()),
                        ('board', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='governance.board')),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='programme.nextstep')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='RiskEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('text', models.TextField()),
                        ('response', models.TextField(blank=True)),
                        ('held_by', models.CharField(blank=True, max_length=200)),
                        ('status', models.CharField(default='open', max_length=10)),
                        ('illustrative', models.BooleanField(default=False)),
                        ('at', models.DateField()),
                        ('board', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='governance.board')),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='programme.risk')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                integration_hub.core.migration_operations.AddTriggers(
                    triggers=[pgtrigger.migrations.AddTrigger(
                        model_name='nextstep',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programme_nextstepevent" ("at", "board_id", "done_on", "due_on", "held_by", "id", "illustrative", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at", "text") VALUES (NEW."at", NEW."board_id", NEW."done_on", NEW."due_on", NEW."held_by", NEW."id", NEW."illustrative", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."released_at", NEW."text"); RETURN NULL;', hash='97bc4d6c5aab8a48b06e4f5834b071d6049e51dc', operation='INSERT', pgid='pgtrigger_insert_insert_a3c14', table='programme_nextstep', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='nextstep',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "programme_nextstepevent" ("at", "board_id", "done_on", "due_on", "held_by", "id", "illustrative", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at", "text") VALUES (NEW."at", NEW."board_id", NEW."done_on", NEW."due_on", NEW."held_by", NEW."id", NEW."illustrative", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."released_at", NEW."text"); RETURN NULL;', hash='53a5ad23e23c1eca045d522338901ce2ce628886', operation='UPDATE', pgid='pgtrigger_update_update_f4296', table='programme_nextstep', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='nextstep',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programme_nextstepevent" ("at", "board_id", "done_on", "due_on", "held_by", "id", "illustrative", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at", "text") VALUES (OLD."at", OLD."board_id", OLD."done_on", OLD."due_on", OLD."held_by", OLD."id", OLD."illustrative", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."released_at", OLD."text"); RETURN NULL;', hash='928bfc9670d860c4ac1f77185fbe5fd2aebfb06e', operation='DELETE', pgid='pgtrigger_delete_delete_5f62c', table='programme_nextstep', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='nextstepevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c813d7bbb0693de0de12a2b807d604b8fa48d2ea', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_54068', table='programme_nextstepevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='risk',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programme_riskevent" ("at", "board_id", "held_by", "id", "illustrative", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at", "response", "status", "text") VALUES (NEW."at", NEW."board_id", NEW."held_by", NEW."id", NEW."illustrative", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."released_at", NEW."response", NEW."status", NEW."text"); RETURN NULL;', hash='422dad72904deb762547886da080a3b5b89983f0', operation='INSERT', pgid='pgtrigger_insert_insert_4e20f', table='programme_risk', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='risk',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "programme_riskevent" ("at", "board_id", "held_by", "id", "illustrative", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at", "response", "status", "text") VALUES (NEW."at", NEW."board_id", NEW."held_by", NEW."id", NEW."illustrative", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."released_at", NEW."response", NEW."status", NEW."text"); RETURN NULL;', hash='d3da55ebedfab42813d03be433c0dd39b3785f8a', operation='UPDATE', pgid='pgtrigger_update_update_109df', table='programme_risk', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='risk',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programme_riskevent" ("at", "board_id", "held_by", "id", "illustrative", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at", "response", "status", "text") VALUES (OLD."at", OLD."board_id", OLD."held_by", OLD."id", OLD."illustrative", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."released_at", OLD."response", OLD."status", OLD."text"); RETURN NULL;', hash='42f312b6a51bda37ff92e761ebb377fc86fb5def', operation='DELETE', pgid='pgtrigger_delete_delete_c7b16', table='programme_risk', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='riskevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e87c6e92dd2297e58b6c2e22bcf8cfa977d9fad5', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6d58c', table='programme_riskevent', when='BEFORE')),
                    )],
                ),
            ]
        ),
    ]
