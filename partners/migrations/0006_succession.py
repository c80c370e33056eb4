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
        ('partners', '0005_seal_second_factors'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        integration_hub.core.migration_operations.Together(
            operations=[
                migrations.AlterModelOptions(
                    name='organisation',
                    options={'default_permissions': (), 'permissions': [('plan_import', 'Import a scheme plan'), ('forecast_record', 'Enter and release projected outturns'), ('figure_record', 'Enter and release metric figures'), ('return_prepare', 'Prepare a return and send it for sign-off'), ('return_sign', 'Sign off a return or send it back'), ('return_export', 'Export a return as a workbook'), ('report_request', 'Ask for the quarterly report, issue it and attach it to a meeting'), ('meeting_edit', 'Add and change meetings'), ('risk_record', 'Add and change risks and next steps'), ('membership_grant', 'Grant and end roles in the partner'), ('audit_read', "Read the partner's audit log"), ('organisation_correct', "Correct the partner's note and official codes"), ('register_maintain', 'Maintain the register of organisations and areas'), ('succession_prepare', 'Prepare and confirm the succession of organisations'), ('succession_agree', 'Agree to a succession of the partner, and confirm it')]},
                ),
                migrations.CreateModel(
                    name='Succession',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('kind', models.CharField(max_length=20)),
                        ('effective_on', models.DateField()),
                        ('legal_reference', models.CharField(max_length=300)),
                        ('reason', models.TextField(blank=True)),
                        ('new_name', models.CharField(blank=True, max_length=200)),
                        ('state', models.CharField(default='draft', max_length=12)),
                        ('prepared_by_name', models.CharField(max_length=200)),
                        ('prepared_at', models.DateTimeField()),
                        ('confirmed_by_name', models.CharField(blank=True, max_length=200)),
                        ('confirmed_at', models.DateTimeField(null=True)),
                        ('preview_sha256', models.CharField(blank=True, max_length=64)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('prepared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('renamed', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                    ],
                ),
                migrations.CreateModel(
                    name='OrganisationEnding',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ended_on', models.DateField()),
                        ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='ending', to='partners.organisation')),
                        ('succession', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='endings', to='partners.succession')),
                    ],
                ),
                migrations.CreateModel(
                    name='Inheritance',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('area', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.area')),
                        ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inherited', to='partners.organisation')),
                        ('predecessor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inheritances', to='partners.organisation')),
                        ('succession', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.succession')),
                    ],
                ),
                migrations.CreateModel(
                    name='SuccessionConsent',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('person_name', models.CharField(max_length=200)),
                        ('at', models.DateTimeField()),
                        ('sha256', models.CharField(max_length=64)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('succession', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='partners.succession')),
                    ],
                ),
                migrations.CreateModel(
                    name='SuccessionEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('kind', models.CharField(max_length=20)),
                        ('effective_on', models.DateField()),
                        ('legal_reference', models.CharField(max_length=300)),
                        ('reason', models.TextField(blank=True)),
                        ('new_name', models.CharField(blank=True, max_length=200)),
                        ('state', models.CharField(default='draft', max_length=12)),
                        ('prepared_by_name', models.CharField(max_length=200)),
                        ('prepared_at', models.DateTimeField()),
                        ('confirmed_by_name', models.CharField(blank=True, max_length=200)),
                        ('confirmed_at', models.DateTimeField(null=True)),
                        ('preview_sha256', models.CharField(blank=True, max_length=64)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('confirmed_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='partners.succession')),
                        ('prepared_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('renamed', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='SuccessionLine',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('numerator', models.PositiveIntegerField(default=1)),
                        ('denominator', models.PositiveIntegerField(default=1)),
                        ('keeps', models.BooleanField(default=True)),
                        ('copy_people', models.BooleanField(default=False)),
                        ('area', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.area')),
                        ('predecessor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successor_lines', to='partners.organisation')),
                        ('succession', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='partners.succession')),
                        ('successor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='predecessor_lines', to='partners.organisation')),
                    ],
                ),
                migrations.CreateModel(
                    name='SuccessionLineEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('numerator', models.PositiveIntegerField(default=1)),
                        ('denominator', models.PositiveIntegerField(default=1)),
                        ('keeps', models.BooleanField(default=True)),
                        ('copy_people', models.BooleanField(default=False)),
                        ('area', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.area')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='partners.successionline')),
                        ('predecessor', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('succession', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.succession')),
                        ('successor', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='SuccessionMove',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('position', models.PositiveIntegerField()),
                        ('kind', models.CharField(max_length=60)),
                        ('key', models.CharField(max_length=36)),
                        ('label', models.CharField(max_length=400)),
                        ('period', models.CharField(blank=True, max_length=40)),
                        ('predecessor_name', models.CharField(max_length=200)),
                        ('successor_name', models.CharField(blank=True, max_length=200)),
                        ('whole', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ('amount', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('predecessor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                        ('succession', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='partners.succession')),
                        ('successor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                    ],
                ),
                migrations.AddConstraint(
                    model_name='succession',
                    constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['merger', 'split', 'boundary_change', 'rename'])), name='succession_kind'),
                ),
                migrations.AddConstraint(
                    model_name='succession',
                    constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'confirmed', 'withdrawn'])), name='succession_state'),
                ),
                migrations.AddConstraint(
                    model_name='succession',
                    constraint=models.CheckConstraint(condition=models.Q(('legal_reference', ''), _negated=True), name='succession_has_legal_reference'),
                ),
                migrations.AddConstraint(
                    model_name='succession',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'rename'), ('renamed__isnull', False), models.Q(('new_name', ''), _negated=True)), models.Q(models.Q(('kind', 'rename'), _negated=True), ('new_name', ''), ('renamed__isnull', True)), _connector='OR'), name='succession_rename_has_name'),
                ),
                migrations.AddConstraint(
                    model_name='succession',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), _connector='OR'), name='succession_confirmed_by'),
                ),
                migrations.AddConstraint(
                    model_name='succession',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', False), ('state', 'confirmed'), models.Q(('preview_sha256', ''), _negated=True)), models.Q(models.Q(('state', 'confirmed'), _negated=True), ('confirmed_at__isnull', True), ('preview_sha256', '')), _connector='OR'), name='succession_confirmed_has_moment'),
                ),
                migrations.AddConstraint(
                    model_name='succession',
                    constraint=models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('prepared_by')), _negated=True), _connector='OR'), name='succession_confirmed_by_another'),
                ),
                migrations.AddConstraint(
                    model_name='inheritance',
                    constraint=models.UniqueConstraint(fields=('holder', 'predecessor', 'area'), name='inheritance_unique', nulls_distinct=False),
                ),
                migrations.AddConstraint(
                    model_name='successionconsent',
                    constraint=models.UniqueConstraint(fields=('succession', 'organisation', 'sha256'), name='succession_consent_one_for_each_partner'),
                ),
                migrations.AddConstraint(
                    model_name='successionline',
                    constraint=models.UniqueConstraint(fields=('succession', 'predecessor', 'successor', 'area'), name='succession_line_unique', nulls_distinct=False),
                ),
                migrations.AddConstraint(
                    model_name='successionline',
                    constraint=models.UniqueConstraint(condition=models.Q(('keeps', True)), fields=('succession', 'predecessor', 'area'), name='succession_line_one_keeps', nulls_distinct=False),
                ),
                migrations.AddConstraint(
                    model_name='successionline',
                    constraint=models.CheckConstraint(condition=models.Q(('predecessor', models.F('successor')), _negated=True), name='succession_line_two_organisations'),
                ),
                migrations.AddConstraint(
                    model_name='successionline',
                    constraint=models.CheckConstraint(condition=models.Q(('numerator__gt', 0), ('numerator__lte', models.F('denominator'))), name='succession_line_share'),
                ),
                migrations.AddConstraint(
                    model_name='successionmove',
                    constraint=models.UniqueConstraint(fields=('succession', 'position', 'successor'), name='succession_move_unique', nulls_distinct=False),
                ),
                migrations.AddConstraint(
                    model_name='successionmove',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__isnull', False), ('whole__isnull', False)), models.Q(('amount__isnull', True), ('whole__isnull', True)), _connector='OR'), name='succession_move_amounts'),
                ),
                integration_hub.core.migration_operations.AddTriggers(
                    triggers=[pgtrigger.migrations.AddTrigger(
                        model_name='succession',
                        trigger=pgtrigger.compiler.Trigger(name='confirmed_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.state = 'confirmed')", func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b42d614ee48d1232d5a5ca26458d6a56bbc36c8b', operation='UPDATE OR DELETE', pgid='pgtrigger_confirmed_stays_89745', table='partners_succession', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='succession',
                        trigger=pgtrigger.compiler.Trigger(name='lines_fit', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.state = 'confirmed' AND OLD.state <> 'confirmed' AND NEW.kind <> 'rename' THEN\n        IF NOT EXISTS (SELECT 1 FROM partners_successionline WHERE succession_id = NEW.id) THEN\n            RAISE EXCEPTION 'succession %: nothing says who succeeds whom', NEW.id USING ERRCODE = 'check_violation';\n        END IF;\n        IF EXISTS (\n            SELECT 1 FROM partners_successionline WHERE succession_id = NEW.id\n            GROUP BY predecessor_id, area_id\n            HAVING COUNT(DISTINCT denominator) <> 1 OR SUM(numerator) <> MAX(denominator)\n                OR COUNT(*) FILTER (WHERE keeps) <> 1\n        ) THEN\n            RAISE EXCEPTION 'succession %: shares do not add up to the whole', NEW.id USING ERRCODE = 'check_violation';\n        END IF;\n        IF EXISTS (\n            SELECT 1 FROM partners_successionline line\n            JOIN partners_organisationending ending ON ending.organisation_id = line.successor_id\n            WHERE line.succession_id = NEW.id AND ending.ended_on < NEW.effective_on\n        ) OR EXISTS (\n            SELECT 1 FROM partners_successionline line\n            JOIN partners_successionline earlier ON earlier.successor_id = line.predecessor_id\n            JOIN partners_succession other ON other.id = earlier.succession_id AND other.state = 'confirmed'\n            WHERE line.succession_id = NEW.id AND NEW.kind <> 'boundary_change'\n                AND other.effective_on >= NEW.effective_on\n        ) OR EXISTS (\n            SELECT 1 FROM partners_successionline line\n            JOIN partners_successionline other\n                ON other.succession_id = line.succession_id AND other.predecessor_id = line.successor_id\n            WHERE line.succession_id = NEW.id\n        ) THEN\n            RAISE EXCEPTION 'succession %: out of the order of time', NEW.id USING ERRCODE = 'check_violation';\n        END IF;\n    END IF;\n    RETURN NEW;\n", hash='23eedfe63810dc1eda11d20d46bfebe0b54de5db', operation='UPDATE', pgid='pgtrigger_lines_fit_37ea9', table='partners_succession', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='succession',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_successionevent" ("confirmed_at", "confirmed_by_id", "confirmed_by_name", "effective_on", "id", "kind", "legal_reference", "new_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prepared_at", "prepared_by_id", "prepared_by_name", "preview_sha256", "reason", "recorded_at", "renamed_id", "state") VALUES (NEW."confirmed_at", NEW."confirmed_by_id", NEW."confirmed_by_name", NEW."effective_on", NEW."id", NEW."kind", NEW."legal_reference", NEW."new_name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."prepared_at", NEW."prepared_by_id", NEW."prepared_by_name", NEW."preview_sha256", NEW."reason", NEW."recorded_at", NEW."renamed_id", NEW."state"); RETURN NULL;', hash='6a4eaab8c4b6f51e862c12a3626477061286f1e5', operation='INSERT', pgid='pgtrigger_insert_insert_34ea0', table='partners_succession', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='succession',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "partners_successionevent" ("confirmed_at", "confirmed_by_id", "confirmed_by_name", "effective_on", "id", "kind", "legal_reference", "new_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prepared_at", "prepared_by_id", "prepared_by_name", "preview_sha256", "reason", "recorded_at", "renamed_id", "state") VALUES (NEW."confirmed_at", NEW."confirmed_by_id", NEW."confirmed_by_name", NEW."effective_on", NEW."id", NEW."kind", NEW."legal_reference", NEW."new_name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."prepared_at", NEW."prepared_by_id", NEW."prepared_by_name", NEW."preview_sha256", NEW."reason", NEW."recorded_at", NEW."renamed_id", NEW."state"); RETURN NULL;', hash='15dcf23ce9e639f5a57793a1173c924189f1e62e', operation='UPDATE', pgid='pgtrigger_update_update_1ca67', table='partners_succession', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='succession',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_successionevent" ("confirmed_at", "confirmed_by_id", "confirmed_by_name", "effective_on", "id", "kind", "legal_reference", "new_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prepared_at", "prepared_by_id", "prepared_by_name", "preview_sha256", "reason", "recorded_at", "renamed_id", "state") VALUES (OLD."confirmed_at", OLD."confirmed_by_id", OLD."confirmed_by_name", OLD."effective_on", OLD."id", OLD."kind", OLD."legal_reference", OLD."new_name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."prepared_at", OLD."prepared_by_id", OLD."prepared_by_name", OLD."preview_sha256", OLD."reason", OLD."recorded_at", OLD."renamed_id", OLD."state"); RETURN NULL;', hash='8e1f2ab1c8ff2aae5dfb21bad2ada42cc0a24684', operation='DELETE', pgid='pgtrigger_delete_delete_3ba57', table='partners_succession', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='organisationending',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b2ba935a1c85c3c003887e2bced58b22f2a8be26', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_879ec', table='partners_organisationending', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='inheritance',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='47082c16db4a360bfbfeb217bbd51c7d23ba1b69', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_07d93', table='partners_inheritance', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='successionconsent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2f2db9565a2c9c662fb47830fbe6f8416b1941d2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7ea48', table='partners_successionconsent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='successionevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5418624e68f6089af9dd5112388ce61cc6f4e0d7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_23682', table='partners_successionevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='successionline',
                        trigger=pgtrigger.compiler.Trigger(name='confirmed_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (\n        SELECT 1 FROM partners_succession\n        WHERE id = COALESCE(NEW.succession_id, OLD.succession_id) AND state = 'confirmed'\n    ) THEN\n        RAISE EXCEPTION 'pgtrigger: a confirmed succession never changes' USING ERRCODE = 'check_violation';\n    END IF;\n    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n    RETURN NEW;\n", hash='0ca18321a79bf500e49bfa955633e906dc203a4e', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_confirmed_stays_bd258', table='partners_successionline', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='successionline',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_successionlineevent" ("area_id", "copy_people", "denominator", "id", "keeps", "numerator", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "predecessor_id", "succession_id", "successor_id") VALUES (NEW."area_id", NEW."copy_people", NEW."denominator", NEW."id", NEW."keeps", NEW."numerator", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."predecessor_id", NEW."succession_id", NEW."successor_id"); RETURN NULL;', hash='da80899faadbe674c8a9ed46acce519697fb8591', operation='INSERT', pgid='pgtrigger_insert_insert_34a5c', table='partners_successionline', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='successionline',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "partners_successionlineevent" ("area_id", "copy_people", "denominator", "id", "keeps", "numerator", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "predecessor_id", "succession_id", "successor_id") VALUES (NEW."area_id", NEW."copy_people", NEW."denominator", NEW."id", NEW."keeps", NEW."numerator", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."predecessor_id", NEW."succession_id", NEW."successor_id"); RETURN NULL;', hash='827d545fd6d2fdb222948f0c4c1458d2c8a2d4da', operation='UPDATE', pgid='pgtrigger_update_update_0e2be', table='partners_successionline', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='successionline',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_successionlineevent" ("area_id", "copy_people", "denominator", "id", "keeps", "numerator", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "predecessor_id", "succession_id", "successor_id") VALUES (OLD."area_id", OLD."copy_people", OLD."denominator", OLD."id", OLD."keeps", OLD."numerator", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."predecessor_id", OLD."succession_id", OLD."successor_id"); RETURN NULL;', hash='802707af2da28fac7f21fd9e0c03bd360af04934', operation='DELETE', pgid='pgtrigger_delete_delete_ac364', table='partners_successionline', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='successionlineevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='63dc8b7eecdda37ee036fdbd1396488178838cf5', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4f24e', table='partners_successionlineevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='successionmove',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='31552a9863f7b53a58b3c71f5e1c451615176372', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a8012', table='partners_successionmove', when='BEFORE')),
                    )],
                ),
            ]
        ),
    ]
