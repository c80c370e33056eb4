import django.db.models.deletion
import django.db.models.functions.datetime
import integration_hub.core.migration_operations
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0002_audit_jobs_periods_imports'),
        ('governance', '0001_boards_and_meetings'),
        ('partners', '0001_people_and_partners'),
        ('partners', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('pooled_budgets', '0001_agreements_funds_forecasts'),
    ]

    operations = [
        integration_hub.core.migration_operations.Together(
            operations=[
                migrations.CreateModel(
                    name='Report',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('version', models.PositiveSmallIntegerField()),
                        ('asked_at', models.DateTimeField()),
                        ('snapshot', models.JSONField(null=True)),
                        ('sha256', models.CharField(blank=True, max_length=64)),
                        ('ready_at', models.DateTimeField(null=True)),
                        ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('board', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='governance.board')),
                        ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='pooled_budgets.fund')),
                        ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.job')),
                        ('meeting', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='governance.meeting')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                        ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.period')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('board', 'fund', 'period', 'owner', 'version'), name='report_version_unique'), models.CheckConstraint(condition=models.Q(models.Q(('ready_at__isnull', False), ('snapshot__isnull', False)), models.Q(('ready_at__isnull', True), ('snapshot__isnull', True)), _connector='OR'), name='report_ready_has_snapshot'), models.CheckConstraint(condition=models.Q(models.Q(('ready_at__isnull', True), ('sha256', '')), models.Q(('ready_at__isnull', False), models.Q(('sha256', ''), _negated=True)), _connector='OR'), name='report_ready_has_hash'), models.CheckConstraint(condition=models.Q(('released_at__isnull', True), ('ready_at__isnull', False), _connector='OR'), name='report_issued_is_ready')],
                    },
                ),
                migrations.CreateModel(
                    name='ReportBrief',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('content', models.JSONField(default=dict)),
                        ('entered_at', models.DateTimeField()),
                        ('board', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='report_briefs', to='governance.board')),
                        ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='report_briefs', to='pooled_budgets.fund')),
                        ('meeting', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='governance.meeting')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                        ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.period')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('board', 'fund', 'period', 'owner'), name='report_brief_unique')],
                    },
                ),
                migrations.CreateModel(
                    name='ReportBriefEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('content', models.JSONField(default=dict)),
                        ('entered_at', models.DateTimeField()),
                        ('board', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='governance.board')),
                        ('entered_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('fund', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.fund')),
                        ('meeting', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='governance.meeting')),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('period', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.period')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='reports.reportbrief')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='ReportDocument',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('format', models.CharField(max_length=5)),
                        ('content', models.BinaryField()),
                        ('sha256', models.CharField(max_length=64)),
                        ('made_at', models.DateTimeField()),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='reports.report')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('report', 'format'), name='report_document_unique'), models.CheckConstraint(condition=models.Q(('format__in', ['docx', 'pdf', 'html'])), name='report_document_format')],
                    },
                ),
                migrations.CreateModel(
                    name='ReportEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('version', models.PositiveSmallIntegerField()),
                        ('asked_at', models.DateTimeField()),
                        ('sha256', models.CharField(blank=True, max_length=64)),
                        ('ready_at', models.DateTimeField(null=True)),
                        ('asked_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('board', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='governance.board')),
                        ('fund', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.fund')),
                        ('job', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.job')),
                        ('meeting', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='governance.meeting')),
                        ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('period', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.period')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='reports.report')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                integration_hub.core.migration_operations.AddTriggers(
                    triggers=[pgtrigger.migrations.AddTrigger(
                        model_name='report',
                        trigger=pgtrigger.compiler.Trigger(name='snapshot_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.sha256 <> '' AND (NEW.snapshot IS DISTINCT FROM OLD.snapshot OR NEW.sha256 <> OLD.sha256))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='275a8b45c09a8b7f987701f9d30dc9f4a7dcb292', operation='UPDATE', pgid='pgtrigger_snapshot_frozen_9c804', table='reports_report', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='report',
                        trigger=pgtrigger.compiler.Trigger(name='made_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='36a7d658ab4531741d9097fa8feeb08865e29411', operation='DELETE', pgid='pgtrigger_made_stays_1e98d', table='reports_report', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='report',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reports_reportevent" ("asked_at", "asked_by_id", "board_id", "fund_id", "id", "job_id", "meeting_id", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ready_at", "recorded_at", "released_at", "sha256", "version") VALUES (NEW."asked_at", NEW."asked_by_id", NEW."board_id", NEW."fund_id", NEW."id", NEW."job_id", NEW."meeting_id", NEW."owner_id", NEW."period_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."ready_at", NEW."recorded_at", NEW."released_at", NEW."sha256", NEW."version"); RETURN NULL;', hash='064cf488380024519bc84fffd1f56a29414eb2b2', operation='INSERT', pgid='pgtrigger_insert_insert_84ceb', table='reports_report', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='report',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."asked_by_id" IS DISTINCT FROM (NEW."asked_by_id") OR OLD."board_id" IS DISTINCT FROM (NEW."board_id") OR OLD."fund_id" IS DISTINCT FROM (NEW."fund_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."job_id" IS DISTINCT FROM (NEW."job_id") OR OLD."meeting_id" IS DISTINCT FROM (NEW."meeting_id") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."period_id" IS DISTINCT FROM (NEW."period_id") OR OLD."ready_at" IS DISTINCT FROM (NEW."ready_at") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at") OR OLD."released_at" IS DISTINCT FROM (NEW."released_at") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func='INSERT INTO "reports_reportevent" ("asked_at", "asked_by_id", "board_id", "fund_id", "id", "job_id", "meeting_id", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ready_at", "recorded_at", "released_at", "sha256", "version") VALUES (NEW."asked_at", NEW."asked_by_id", NEW."board_id", NEW."fund_id", NEW."id", NEW."job_id", NEW."meeting_id", NEW."owner_id", NEW."period_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."ready_at", NEW."recorded_at", NEW."released_at", NEW."sha256", NEW."version"); RETURN NULL;', hash='cb79b2b07e5f59a7a8cfe2e8e4129fbeb8f8abd2', operation='UPDATE', pgid='pgtrigger_update_update_234a9', table='reports_report', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='report',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reports_reportevent" ("asked_at", "asked_by_id", "board_id", "fund_id", "id", "job_id", "meeting_id", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ready_at", "recorded_at", "released_at", "sha256", "version") VALUES (OLD."asked_at", OLD."asked_by_id", OLD."board_id", OLD."fund_id", OLD."id", OLD."job_id", OLD."meeting_id", OLD."owner_id", OLD."period_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."ready_at", OLD."recorded_at", OLD."released_at", OLD."sha256", OLD."version"); RETURN NULL;', hash='abd36aa6c30ce8333912eabe6953d0b2df1f444e', operation='DELETE', pgid='pgtrigger_delete_delete_6acd6', table='reports_report', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='reportbrief',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reports_reportbriefevent" ("board_id", "content", "entered_at", "entered_by_id", "fund_id", "id", "meeting_id", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at") VALUES (NEW."board_id", NEW."content", NEW."entered_at", NEW."entered_by_id", NEW."fund_id", NEW."id", NEW."meeting_id", NEW."owner_id", NEW."period_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."released_at"); RETURN NULL;', hash='77b378b318e3dc450030f17a16c8d7bc2675c92d', operation='INSERT', pgid='pgtrigger_insert_insert_b557c', table='reports_reportbrief', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='reportbrief',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "reports_reportbriefevent" ("board_id", "content", "entered_at", "entered_by_id", "fund_id", "id", "meeting_id", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at") VALUES (NEW."board_id", NEW."content", NEW."entered_at", NEW."entered_by_id", NEW."fund_id", NEW."id", NEW."meeting_id", NEW."owner_id", NEW."period_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."released_at"); RETURN NULL;', hash='7e643115e281c58a791ea8837b415de7fa455170', operation='UPDATE', pgid='pgtrigger_update_update_b9457', table='reports_reportbrief', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='reportbrief',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reports_reportbriefevent" ("board_id", "content", "entered_at", "entered_by_id", "fund_id", "id", "meeting_id", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at") VALUES (OLD."board_id", OLD."content", OLD."entered_at", OLD."entered_by_id", OLD."fund_id", OLD."id", OLD."meeting_id", OLD."owner_id", OLD."period_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."released_at"); RETURN NULL;', hash='20ba63a9c6c29d7e4f062a9f41d5b06bf118bfe2', operation='DELETE', pgid='pgtrigger_delete_delete_23d03', table='reports_reportbrief', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='reportbriefevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2e2cf9e8490234e6242e663273a4b86869c745f0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d2095', table='reports_reportbriefevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='reportdocument',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='aabadd732e83886c94c6e7cc8e5eb8ba38c7518e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0c3dc', table='reports_reportdocument', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='reportevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='79709c12d5a2ece868c72f81bcfe3e43e6ab1222', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_eac1b', table='reports_reportevent', when='BEFORE')),
                    )],
                ),
            ]
        ),
    ]
