import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.functions.datetime
import integration_hub.core.migration_operations
import integration_hub.core.models.calendar
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0001_extensions'),
    ]

    operations = [
        migrations.CreateModel(
            name='BankHoliday',
            fields=[
                ('date', models.DateField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80)),
                ('known_on', models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=100)),
                ('target_type', models.CharField(blank=True, max_length=100)),
                ('target_id', models.CharField(blank=True, max_length=64)),
                ('arguments', models.JSONField(blank=True, default=dict)),
                ('status', models.CharField(choices=[('queued', 'Queued'), ('running', 'Running'), ('ready', 'Ready'), ('failed', 'Failed')], default='queued', max_length=10)),
                ('progress', models.PositiveSmallIntegerField(default=0)),
                ('progress_words', models.CharField(blank=True, max_length=200)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('attempt_token', models.UUIDField(blank=True, null=True)),
                ('heartbeat_at', models.DateTimeField(blank=True, null=True)),
                ('next_send_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('queued_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('failure_code', models.CharField(blank=True, max_length=100)),
                ('failure_words', models.TextField(blank=True)),
                ('asked_by_id', models.CharField(blank=True, max_length=64)),
                ('asked_by_name', models.CharField(blank=True, max_length=200)),
                ('owner_id', models.CharField(blank=True, max_length=64)),
                ('request_id', models.CharField(blank=True, max_length=64)),
                ('dedupe_key', models.CharField(blank=True, max_length=200)),
                ('period', models.CharField(blank=True, max_length=40)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('status', 'queued')), fields=['next_send_at'], name='job_to_send'), models.Index(condition=models.Q(('status', 'running')), fields=['heartbeat_at'], name='job_heartbeat'), models.Index(fields=['target_type', 'target_id', '-queued_at'], name='job_of_target'), models.Index(fields=['owner_id', '-queued_at'], name='job_of_owner')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['queued', 'running', 'ready', 'failed'])), name='job_status_known'), models.CheckConstraint(condition=models.Q(('progress__lte', 100)), name='job_progress_at_most_100'), models.CheckConstraint(condition=models.Q(models.Q(('attempt_token__isnull', False), ('attempts__gte', 1), ('heartbeat_at__isnull', False), ('started_at__isnull', False), ('status', 'running')), models.Q(models.Q(('status', 'running'), _negated=True), ('attempt_token__isnull', True)), _connector='OR'), name='job_running_has_attempt'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', False), ('status__in', ['ready', 'failed'])), models.Q(('finished_at__isnull', True), ('status__in', ['queued', 'running'])), _connector='OR'), name='job_finished_has_moment'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'failed'), models.Q(('failure_code', ''), _negated=True), models.Q(('failure_words', ''), _negated=True)), models.Q(models.Q(('status', 'failed'), _negated=True), ('failure_code', ''), ('failure_words', '')), _connector='OR'), name='job_failed_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'ready'), _negated=True), ('progress', 100), _connector='OR'), name='job_ready_is_complete'), models.UniqueConstraint(condition=models.Q(('status__in', ['queued', 'running']), models.Q(('dedupe_key', ''), _negated=True)), fields=('kind', 'dedupe_key'), name='job_unfinished_once_for_key'), models.UniqueConstraint(condition=models.Q(models.Q(('status', 'failed'), _negated=True), models.Q(('period', ''), _negated=True)), fields=('kind', 'period'), name='job_once_for_period')],
            },
        ),
        migrations.CreateModel(
            name='Period',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=10)),
                ('financial_year', models.PositiveSmallIntegerField()),
                ('number', models.PositiveSmallIntegerField()),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('label', models.CharField(max_length=40)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('financial_year', 'kind', 'number'), name='period_unique'), models.CheckConstraint(condition=models.Q(('kind__in', ['month', 'quarter', 'year'])), name='period_kind'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on')), ('ends_on__isnull', True), _connector='OR'), name='period_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'month'), ('number__range', (1, 13))), models.Q(('kind', 'quarter'), ('number__range', (1, 4))), models.Q(('kind', 'year'), ('number', 1)), _connector='OR'), name='period_number'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('kind', 'month'), ('number', 13), _negated=True), expressions=[('kind', '='), (integration_hub.core.models.calendar.DateRange(models.F('starts_on'), models.F('ends_on'), django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_upper=True)), '&&')], name='period_no_overlap')],
            },
        ),
        migrations.CreateModel(
            name='StagedImport',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=60)),
                ('target_type', models.CharField(max_length=80)),
                ('target_id', models.CharField(max_length=36)),
                ('owner_id', models.CharField(db_index=True, max_length=36)),
                ('status', models.CharField(default='staged', max_length=12)),
                ('filename', models.CharField(max_length=200)),
                ('content', models.BinaryField()),
                ('content_sha256', models.CharField(max_length=64)),
                ('rows', models.JSONField(default=list)),
                ('changes', models.JSONField(default=list)),
                ('problems', models.JSONField(default=list)),
                ('fingerprint', models.CharField(max_length=64)),
                ('before', models.JSONField(default=dict)),
                ('uploaded_by_id', models.CharField(max_length=36)),
                ('uploaded_by_name', models.CharField(max_length=200)),
                ('uploaded_at', models.DateTimeField()),
                ('confirmed_by_name', models.CharField(max_length=200, null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('undone_by_name', models.CharField(max_length=200, null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['refused', 'staged', 'confirmed', 'undone', 'discarded'])), name='staged_import_status'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', False), ('confirmed_by_name__isnull', False)), models.Q(('confirmed_at__isnull', True), ('confirmed_by_name__isnull', True)), _connector='OR'), name='staged_import_confirmed'), models.CheckConstraint(condition=models.Q(models.Q(('undone_at__isnull', False), ('undone_by_name__isnull', False)), models.Q(('undone_at__isnull', True), ('undone_by_name__isnull', True)), _connector='OR'), name='staged_import_undone'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['confirmed', 'undone']), _negated=True), ('confirmed_at__isnull', False), _connector='OR'), name='staged_import_confirmed_has_when')],
            },
        ),
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('actor_id', models.CharField(blank=True, db_index=True, max_length=36)),
                ('actor_name', models.CharField(blank=True, max_length=200)),
                ('system', models.CharField(blank=True, max_length=60)),
                ('partner_id', models.CharField(blank=True, db_index=True, max_length=36)),
                ('partner_name', models.CharField(blank=True, max_length=200)),
                ('target_type', models.CharField(max_length=80)),
                ('target_id', models.CharField(max_length=36)),
                ('target_name', models.CharField(max_length=300)),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
                ('reason', models.TextField(blank=True)),
                ('request_id', models.CharField(blank=True, max_length=64)),
                ('context_id', models.UUIDField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['target_type', 'target_id', 'at'], name='audit_event_target')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(models.Q(('actor_id', ''), _negated=True), ('system', '')), models.Q(('actor_id', ''), models.Q(('system', ''), _negated=True)), _connector='OR'), name='audit_event_one_actor')],
            },
        ),
        integration_hub.core.migration_operations.AddTriggers(
            triggers=[pgtrigger.migrations.AddTrigger(
                model_name='auditevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a9043e623706cd6457f6ad43abcff01319f851a7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6d6e0', table='core_auditevent', when='BEFORE')),
            )],
        ),
    ]
