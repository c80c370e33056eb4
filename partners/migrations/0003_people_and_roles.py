import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import integration_hub.core.migration_operations
import integration_hub.core.models.calendar
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('partners', '0002_organisation_register'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        integration_hub.core.migration_operations.Together(
            operations=[
                pgtrigger.migrations.RemoveTrigger(
                    model_name='membership',
                    name='insert_insert',
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name='membership',
                    name='update_update',
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name='membership',
                    name='delete_delete',
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name='user',
                    name='insert_insert',
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name='user',
                    name='update_update',
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name='user',
                    name='delete_delete',
                ),
                migrations.RemoveConstraint(
                    model_name='membership',
                    name='membership_no_overlap',
                ),
                migrations.AddField(
                    model_name='membership',
                    name='capacity',
                    field=models.CharField(blank=True, max_length=40),
                ),
                migrations.AddField(
                    model_name='membership',
                    name='ended_at',
                    field=models.DateTimeField(null=True),
                ),
                migrations.AddField(
                    model_name='membershipevent',
                    name='capacity',
                    field=models.CharField(blank=True, max_length=40),
                ),
                migrations.AddField(
                    model_name='membershipevent',
                    name='ended_at',
                    field=models.DateTimeField(null=True),
                ),
                migrations.AddField(
                    model_name='user',
                    name='reopened_at',
                    field=models.DateTimeField(null=True),
                ),
                migrations.AddField(
                    model_name='userevent',
                    name='reopened_at',
                    field=models.DateTimeField(null=True),
                ),
                migrations.AddConstraint(
                    model_name='membership',
                    constraint=models.CheckConstraint(condition=models.Q(('capacity__in', ['', 'section_151_officer', 'chief_finance_officer', 'accountable_officer', 'chief_executive', 'chief_officer', 'director'])), name='membership_capacity'),
                ),
                migrations.AddConstraint(
                    model_name='membership',
                    constraint=models.CheckConstraint(condition=models.Q(('capacity', ''), ('role', 'approver'), _connector='OR'), name='membership_capacity_of_approver'),
                ),
                migrations.AddConstraint(
                    model_name='membership',
                    constraint=models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('ends_on__isnull', False), _connector='OR'), name='membership_ended_has_last_day'),
                ),
                migrations.AddConstraint(
                    model_name='membership',
                    constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('ended_at__isnull', True)), expressions=[('person', '='), ('organisation', '='), ('role', '='), (integration_hub.core.models.calendar.DateRange(models.F('starts_on'), models.F('ends_on'), django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_upper=True)), '&&')], name='membership_no_overlap'),
                ),
                migrations.CreateModel(
                    name='Confirmation',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('due_on', models.DateField()),
                        ('by_name', models.CharField(max_length=200)),
                        ('at', models.DateTimeField()),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to='partners.membership')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('membership', 'due_on'), name='confirmation_once_a_year'), models.CheckConstraint(condition=models.Q(('by_name', ''), _negated=True), name='confirmation_by_somebody')],
                    },
                ),
                migrations.CreateModel(
                    name='Deputy',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('permissions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField()),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('appointed_by_name', models.CharField(max_length=200)),
                        ('appointed_at', models.DateTimeField()),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deputies', to='partners.membership')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deputy_for', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on')), ('ends_on__isnull', True), _connector='OR'), name='deputy_in_order'), models.CheckConstraint(condition=models.Q(('permissions__contained_by', ['figure_record', 'forecast_record', 'meeting_edit', 'plan_import', 'report_request', 'return_export', 'return_prepare', 'return_sign', 'risk_record']), ('permissions__len__gt', 0)), name='deputy_permissions'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('ended_at__isnull', True)), expressions=[('membership', '='), ('person', '='), (integration_hub.core.models.calendar.DateRange(models.F('starts_on'), models.F('ends_on'), django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_upper=True)), '&&')], name='deputy_no_overlap')],
                    },
                ),
                migrations.CreateModel(
                    name='IdleNotice',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('idle_since', models.DateField()),
                        ('days_before', models.PositiveSmallIntegerField()),
                        ('closes_on', models.DateField()),
                        ('at', models.DateTimeField()),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='idle_notices', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('person', 'idle_since', 'days_before'), name='idle_notice_once'), models.CheckConstraint(condition=models.Q(('days_before__in', [10, 3, 1])), name='idle_notice_days')],
                    },
                ),
                migrations.CreateModel(
                    name='Invitation',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('email', models.EmailField(max_length=254)),
                        ('name', models.CharField(max_length=200)),
                        ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None)),
                        ('capacity', models.CharField(blank=True, max_length=40)),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField(null=True)),
                        ('invited_by_name', models.CharField(max_length=200)),
                        ('invited_at', models.DateTimeField()),
                        ('expires_at', models.DateTimeField()),
                        ('digest', models.CharField(max_length=64, null=True)),
                        ('sent_at', models.DateTimeField(null=True)),
                        ('accepted_at', models.DateTimeField(null=True)),
                        ('withdrawn_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='partners.organisation')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='invitation_email_lower_case'), models.CheckConstraint(condition=models.Q(('roles__contained_by', ['admin', 'approver', 'auditor', 'finance', 'governance', 'member', 'metrics', 'programme']), ('roles__len__gt', 0)), name='invitation_roles'), models.CheckConstraint(condition=models.Q(('capacity__in', ['', 'section_151_officer', 'chief_finance_officer', 'accountable_officer', 'chief_executive', 'chief_officer', 'director'])), name='invitation_capacity'), models.CheckConstraint(condition=models.Q(('capacity', ''), ('roles__contains', ['approver']), _connector='OR'), name='invitation_capacity_of_approver'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on')), ('ends_on__isnull', True), _connector='OR'), name='invitation_in_order'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('invited_at'))), name='invitation_expires'), models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False)), models.Q(('accepted_at__isnull', True), ('accepted_by__isnull', True)), _connector='OR'), name='invitation_accepted_by_somebody'), models.CheckConstraint(condition=models.Q(('accepted_at__isnull', True), ('withdrawn_at__isnull', True), _connector='OR'), name='invitation_one_outcome'), models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', True), ('withdrawn_at__isnull', True)), ('digest__isnull', True), _connector='OR'), name='invitation_link_used_once'), models.UniqueConstraint(fields=('digest',), name='invitation_digest_unique'), models.UniqueConstraint(condition=models.Q(('accepted_at__isnull', True), ('withdrawn_at__isnull', True)), fields=('organisation', 'email'), name='invitation_one_pending')],
                    },
                ),
                migrations.CreateModel(
                    name='ConfirmationEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('due_on', models.DateField()),
                        ('by_name', models.CharField(max_length=200)),
                        ('at', models.DateTimeField()),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('membership', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.membership')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='partners.confirmation')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='DeputyEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('permissions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField()),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('appointed_by_name', models.CharField(max_length=200)),
                        ('appointed_at', models.DateTimeField()),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('membership', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.membership')),
                        ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='partners.deputy')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='IdleNoticeEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('idle_since', models.DateField()),
                        ('days_before', models.PositiveSmallIntegerField()),
                        ('closes_on', models.DateField()),
                        ('at', models.DateTimeField()),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='partners.idlenotice')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='InvitationEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('email', models.EmailField(max_length=254)),
                        ('name', models.CharField(max_length=200)),
                        ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None)),
                        ('capacity', models.CharField(blank=True, max_length=40)),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField(null=True)),
                        ('invited_by_name', models.CharField(max_length=200)),
                        ('invited_at', models.DateTimeField()),
                        ('expires_at', models.DateTimeField()),
                        ('sent_at', models.DateTimeField(null=True)),
                        ('accepted_at', models.DateTimeField(null=True)),
                        ('withdrawn_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('accepted_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('invited_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='partners.invitation')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                integration_hub.core.migration_operations.AddTriggers(
                    triggers=[pgtrigger.migrations.AddTrigger(
                        model_name='membership',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_membershipevent" ("capacity", "ended_at", "ends_on", "group_id", "id", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "role", "starts_on") VALUES (NEW."capacity", NEW."ended_at", NEW."ends_on", NEW."group_id", NEW."id", NEW."organisation_id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."role", NEW."starts_on"); RETURN NULL;', hash='b673a17aa9b1f59ac32d8c9fedb1875da76fceb5', operation='INSERT', pgid='pgtrigger_insert_insert_81abf', table='partners_membership', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='membership',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "partners_membershipevent" ("capacity", "ended_at", "ends_on", "group_id", "id", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "role", "starts_on") VALUES (NEW."capacity", NEW."ended_at", NEW."ends_on", NEW."group_id", NEW."id", NEW."organisation_id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."role", NEW."starts_on"); RETURN NULL;', hash='2d36a64ea40fbd12aa284664aaf015260bda54d6', operation='UPDATE', pgid='pgtrigger_update_update_668ed', table='partners_membership', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='membership',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_membershipevent" ("capacity", "ended_at", "ends_on", "group_id", "id", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "role", "starts_on") VALUES (OLD."capacity", OLD."ended_at", OLD."ends_on", OLD."group_id", OLD."id", OLD."organisation_id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."role", OLD."starts_on"); RETURN NULL;', hash='f88d031a072265bade9937772a74564bebba8175', operation='DELETE', pgid='pgtrigger_delete_delete_25b49', table='partners_membership', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='user',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_userevent" ("date_joined", "email", "id", "is_active", "is_demonstration", "is_superuser", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reopened_at") VALUES (NEW."date_joined", NEW."email", NEW."id", NEW."is_active", NEW."is_demonstration", NEW."is_superuser", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reopened_at"); RETURN NULL;', hash='b5277291d988e991d1f0067468118e135777faf0', operation='INSERT', pgid='pgtrigger_insert_insert_4fa34', table='partners_user', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='user',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."date_joined" IS DISTINCT FROM (NEW."date_joined") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_demonstration" IS DISTINCT FROM (NEW."is_demonstration") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."reopened_at" IS DISTINCT FROM (NEW."reopened_at"))', func='INSERT INTO "partners_userevent" ("date_joined", "email", "id", "is_active", "is_demonstration", "is_superuser", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reopened_at") VALUES (NEW."date_joined", NEW."email", NEW."id", NEW."is_active", NEW."is_demonstration", NEW."is_superuser", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reopened_at"); RETURN NULL;', hash='5bd148070dc6d1fbd5f0ec643ea4c4d263eb86b2', operation='UPDATE', pgid='pgtrigger_update_update_f552c', table='partners_user', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='user',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_userevent" ("date_joined", "email", "id", "is_active", "is_demonstration", "is_superuser", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reopened_at") VALUES (OLD."date_joined", OLD."email", OLD."id", OLD."is_active", OLD."is_demonstration", OLD."is_superuser", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reopened_at"); RETURN NULL;', hash='099747c0ff21dfe33d938c24721f2c5e791cbf65', operation='DELETE', pgid='pgtrigger_delete_delete_fb2b2', table='partners_user', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='confirmation',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_confirmationevent" ("at", "by_name", "due_on", "id", "membership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at") VALUES (NEW."at", NEW."by_name", NEW."due_on", NEW."id", NEW."membership_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at"); RETURN NULL;', hash='658605bb772fe719e7a983c9ff85014d456d8f7e', operation='INSERT', pgid='pgtrigger_insert_insert_2647b', table='partners_confirmation', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='confirmation',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "partners_confirmationevent" ("at", "by_name", "due_on", "id", "membership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at") VALUES (NEW."at", NEW."by_name", NEW."due_on", NEW."id", NEW."membership_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at"); RETURN NULL;', hash='1a2ce491e5f4dec56932c9dbf622fbcd978e0da2', operation='UPDATE', pgid='pgtrigger_update_update_bbb1c', table='partners_confirmation', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='confirmation',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_confirmationevent" ("at", "by_name", "due_on", "id", "membership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at") VALUES (OLD."at", OLD."by_name", OLD."due_on", OLD."id", OLD."membership_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at"); RETURN NULL;', hash='dda7987eb8682a02d83e6f9fcf0a70e2b2eec43b', operation='DELETE', pgid='pgtrigger_delete_delete_5909d', table='partners_confirmation', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='confirmationevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='419d9da73f8563101e67448ad693d64bc3f9283d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_bfa4e', table='partners_confirmationevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='deputy',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_deputyevent" ("appointed_at", "appointed_by_name", "ended_at", "ends_on", "id", "membership_id", "permissions", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "starts_on") VALUES (NEW."appointed_at", NEW."appointed_by_name", NEW."ended_at", NEW."ends_on", NEW."id", NEW."membership_id", NEW."permissions", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."starts_on"); RETURN NULL;', hash='abdad152b7dcd6a538c735d876eda830c119c9fa', operation='INSERT', pgid='pgtrigger_insert_insert_65245', table='partners_deputy', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='deputy',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "partners_deputyevent" ("appointed_at", "appointed_by_name", "ended_at", "ends_on", "id", "membership_id", "permissions", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "starts_on") VALUES (NEW."appointed_at", NEW."appointed_by_name", NEW."ended_at", NEW."ends_on", NEW."id", NEW."membership_id", NEW."permissions", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."starts_on"); RETURN NULL;', hash='8d80b38e1cf2e91f46caad190ae2408d0e7e11c5', operation='UPDATE', pgid='pgtrigger_update_update_f41e4', table='partners_deputy', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='deputy',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_deputyevent" ("appointed_at", "appointed_by_name", "ended_at", "ends_on", "id", "membership_id", "permissions", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "starts_on") VALUES (OLD."appointed_at", OLD."appointed_by_name", OLD."ended_at", OLD."ends_on", OLD."id", OLD."membership_id", OLD."permissions", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."starts_on"); RETURN NULL;', hash='faeddf9e839d230c25ded71d98f74c42fff995f3', operation='DELETE', pgid='pgtrigger_delete_delete_80356', table='partners_deputy', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='deputyevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6f720f83a1a528f3a285c08cb1d6750a57a2a2a2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_93d88', table='partners_deputyevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='idlenotice',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_idlenoticeevent" ("at", "closes_on", "days_before", "id", "idle_since", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at") VALUES (NEW."at", NEW."closes_on", NEW."days_before", NEW."id", NEW."idle_since", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at"); RETURN NULL;', hash='afb2023efbc4260099509c46d66243e7b4a1fbe1', operation='INSERT', pgid='pgtrigger_insert_insert_7b9d0', table='partners_idlenotice', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='idlenotice',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "partners_idlenoticeevent" ("at", "closes_on", "days_before", "id", "idle_since", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at") VALUES (NEW."at", NEW."closes_on", NEW."days_before", NEW."id", NEW."idle_since", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at"); RETURN NULL;', hash='9f331932c8cb2dc41e76c13c09d4933bf7e5a7b2', operation='UPDATE', pgid='pgtrigger_update_update_6ff66', table='partners_idlenotice', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='idlenotice',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_idlenoticeevent" ("at", "closes_on", "days_before", "id", "idle_since", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at") VALUES (OLD."at", OLD."closes_on", OLD."days_before", OLD."id", OLD."idle_since", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at"); RETURN NULL;', hash='965e6fba40e1bce3e0fca03a65ba3e8331cabd4e', operation='DELETE', pgid='pgtrigger_delete_delete_df3be', table='partners_idlenotice', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='idlenoticeevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='be0ad84aecae09bbee5bef9c04ae0737e8fab1dd', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e0071', table='partners_idlenoticeevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='invitation',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_invitationevent" ("accepted_at", "accepted_by_id", "capacity", "email", "ends_on", "expires_at", "id", "invited_at", "invited_by_id", "invited_by_name", "name", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "roles", "sent_at", "starts_on", "withdrawn_at") VALUES (NEW."accepted_at", NEW."accepted_by_id", NEW."capacity", NEW."email", NEW."ends_on", NEW."expires_at", NEW."id", NEW."invited_at", NEW."invited_by_id", NEW."invited_by_name", NEW."name", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."roles", NEW."sent_at", NEW."starts_on", NEW."withdrawn_at"); RETURN NULL;', hash='4fd90e54d65f4fa88b4aa8b84de1d2305102e7cd', operation='INSERT', pgid='pgtrigger_insert_insert_21287', table='partners_invitation', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='invitation',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."accepted_at" IS DISTINCT FROM (NEW."accepted_at") OR OLD."accepted_by_id" IS DISTINCT FROM (NEW."accepted_by_id") OR OLD."capacity" IS DISTINCT FROM (NEW."capacity") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."invited_at" IS DISTINCT FROM (NEW."invited_at") OR OLD."invited_by_id" IS DISTINCT FROM (NEW."invited_by_id") OR OLD."invited_by_name" IS DISTINCT FROM (NEW."invited_by_name") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at") OR OLD."roles" IS DISTINCT FROM (NEW."roles") OR OLD."sent_at" IS DISTINCT FROM (NEW."sent_at") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at"))', func='INSERT INTO "partners_invitationevent" ("accepted_at", "accepted_by_id", "capacity", "email", "ends_on", "expires_at", "id", "invited_at", "invited_by_id", "invited_by_name", "name", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "roles", "sent_at", "starts_on", "withdrawn_at") VALUES (NEW."accepted_at", NEW."accepted_by_id", NEW."capacity", NEW."email", NEW."ends_on", NEW."expires_at", NEW."id", NEW."invited_at", NEW."invited_by_id", NEW."invited_by_name", NEW."name", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."roles", NEW."sent_at", NEW."starts_on", NEW."withdrawn_at"); RETURN NULL;', hash='d9e089599fe725604bae744abd1eb78f633829e7', operation='UPDATE', pgid='pgtrigger_update_update_daf67', table='partners_invitation', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='invitation',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_invitationevent" ("accepted_at", "accepted_by_id", "capacity", "email", "ends_on", "expires_at", "id", "invited_at", "invited_by_id", "invited_by_name", "name", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "roles", "sent_at", "starts_on", "withdrawn_at") VALUES (OLD."accepted_at", OLD."accepted_by_id", OLD."capacity", OLD."email", OLD."ends_on", OLD."expires_at", OLD."id", OLD."invited_at", OLD."invited_by_id", OLD."invited_by_name", OLD."name", OLD."organisation_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."roles", OLD."sent_at", OLD."starts_on", OLD."withdrawn_at"); RETURN NULL;', hash='3830bdd8580b87a326805f35217bbae6ae042c02', operation='DELETE', pgid='pgtrigger_delete_delete_45e62', table='partners_invitation', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='invitationevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a6f850a04af03a78fdb580791c77fd2d32e2f49b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9be22', table='partners_invitationevent', when='BEFORE')),
                    )],
                ),
            ]
        ),
    ]
