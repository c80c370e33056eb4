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
        ('governance', '0001_boards_and_meetings'),
        ('partners', '0010_agreement_permissions'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('pooled_budgets', '0005_virements'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        integration_hub.core.migration_operations.Together(
            operations=[
                migrations.CreateModel(
                    name='AgreementAct',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('number', models.PositiveSmallIntegerField()),
                        ('kind', models.CharField(max_length=12)),
                        ('at', models.DateTimeField()),
                        ('by_name', models.CharField(max_length=200)),
                        ('subject', models.CharField(blank=True, max_length=60)),
                        ('reason', models.TextField(blank=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                ),
                migrations.CreateModel(
                    name='AgreementAttachment',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('filename', models.CharField(max_length=120)),
                        ('content_type', models.CharField(max_length=100)),
                        ('content', models.BinaryField()),
                        ('size', models.PositiveIntegerField()),
                        ('sha256', models.CharField(max_length=64)),
                        ('added_by_name', models.CharField(max_length=200)),
                        ('added_at', models.DateTimeField()),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                ),
                migrations.CreateModel(
                    name='AgreementDraft',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('content', models.JSONField()),
                        ('revision', models.PositiveIntegerField(default=1)),
                        ('effective_from', models.DateField(null=True)),
                        ('reason', models.TextField(blank=True)),
                        ('status', models.CharField(default='open', max_length=14)),
                        ('prepared_by_name', models.CharField(max_length=200)),
                        ('prepared_at', models.DateTimeField()),
                        ('preparers', models.JSONField(default=list)),
                    ],
                ),
                migrations.CreateModel(
                    name='AgreementDraftEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('content', models.JSONField()),
                        ('revision', models.PositiveIntegerField(default=1)),
                        ('effective_from', models.DateField(null=True)),
                        ('reason', models.TextField(blank=True)),
                        ('status', models.CharField(default='open', max_length=14)),
                        ('prepared_by_name', models.CharField(max_length=200)),
                        ('prepared_at', models.DateTimeField()),
                        ('preparers', models.JSONField(default=list)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='AgreementSignature',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('organisation_name', models.CharField(max_length=200)),
                        ('person_name', models.CharField(max_length=200)),
                        ('capacity', models.CharField(max_length=120)),
                        ('signed_at', models.DateTimeField()),
                        ('sha256', models.CharField(max_length=64)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                ),
                migrations.CreateModel(
                    name='AgreementVersion',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('number', models.PositiveSmallIntegerField()),
                        ('content', models.JSONField()),
                        ('sha256', models.CharField(max_length=64)),
                        ('effective_from', models.DateField()),
                        ('reason', models.TextField(blank=True)),
                        ('is_paper', models.BooleanField(default=False)),
                        ('prepared_by_name', models.CharField(max_length=200)),
                        ('preparers', models.JSONField(default=list)),
                        ('prepared_at', models.DateTimeField()),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name='agreement',
                    name='insert_insert',
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name='agreement',
                    name='update_update',
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name='agreement',
                    name='delete_delete',
                ),
                migrations.RemoveConstraint(
                    model_name='agreement',
                    name='agreement_kind',
                ),
                migrations.RemoveConstraint(
                    model_name='agreement',
                    name='agreement_status',
                ),
                migrations.AddField(
                    model_name='agreement',
                    name='commences_on',
                    field=models.DateField(null=True),
                ),
                migrations.AddField(
                    model_name='agreement',
                    name='expires_on',
                    field=models.DateField(null=True),
                ),
                migrations.AddField(
                    model_name='agreement',
                    name='owner',
                    field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation'),
                ),
                migrations.AddField(
                    model_name='agreement',
                    name='terminated_on',
                    field=models.DateField(null=True),
                ),
                migrations.AddField(
                    model_name='agreement',
                    name='termination_reason',
                    field=models.TextField(blank=True),
                ),
                migrations.AddField(
                    model_name='agreementevent',
                    name='commences_on',
                    field=models.DateField(null=True),
                ),
                migrations.AddField(
                    model_name='agreementevent',
                    name='expires_on',
                    field=models.DateField(null=True),
                ),
                migrations.AddField(
                    model_name='agreementevent',
                    name='owner',
                    field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation'),
                ),
                migrations.AddField(
                    model_name='agreementevent',
                    name='terminated_on',
                    field=models.DateField(null=True),
                ),
                migrations.AddField(
                    model_name='agreementevent',
                    name='termination_reason',
                    field=models.TextField(blank=True),
                ),
                migrations.AlterField(
                    model_name='agreement',
                    name='status',
                    field=models.CharField(max_length=14),
                ),
                migrations.AlterField(
                    model_name='agreementevent',
                    name='status',
                    field=models.CharField(max_length=14),
                ),
                migrations.AddField(
                    model_name='agreementact',
                    name='agreement',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='pooled_budgets.agreement'),
                ),
                migrations.AddField(
                    model_name='agreementact',
                    name='organisation',
                    field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation'),
                ),
                migrations.AddField(
                    model_name='agreementdraft',
                    name='agreement',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='pooled_budgets.agreement'),
                ),
                migrations.AddField(
                    model_name='agreementdraft',
                    name='owner',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation'),
                ),
                migrations.AddField(
                    model_name='agreementdraft',
                    name='prepared_by',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AddField(
                    model_name='agreementattachment',
                    name='draft',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='pooled_budgets.agreementdraft'),
                ),
                migrations.AddField(
                    model_name='agreementdraftevent',
                    name='agreement',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.agreement'),
                ),
                migrations.AddField(
                    model_name='agreementdraftevent',
                    name='owner',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation'),
                ),
                migrations.AddField(
                    model_name='agreementdraftevent',
                    name='pgh_context',
                    field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
                ),
                migrations.AddField(
                    model_name='agreementdraftevent',
                    name='pgh_obj',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='pooled_budgets.agreementdraft'),
                ),
                migrations.AddField(
                    model_name='agreementdraftevent',
                    name='prepared_by',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AddField(
                    model_name='agreementsignature',
                    name='organisation',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation'),
                ),
                migrations.AddField(
                    model_name='agreementsignature',
                    name='person',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AddField(
                    model_name='agreementversion',
                    name='agreement',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='pooled_budgets.agreement'),
                ),
                migrations.AddField(
                    model_name='agreementversion',
                    name='based_on',
                    field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pooled_budgets.agreementversion'),
                ),
                migrations.AddField(
                    model_name='agreementversion',
                    name='prepared_by',
                    field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AddField(
                    model_name='agreementsignature',
                    name='version',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='pooled_budgets.agreementversion'),
                ),
                migrations.AddField(
                    model_name='agreementdraftevent',
                    name='based_on',
                    field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.agreementversion'),
                ),
                migrations.AddField(
                    model_name='agreementdraftevent',
                    name='version',
                    field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.agreementversion'),
                ),
                migrations.AddField(
                    model_name='agreementdraft',
                    name='based_on',
                    field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pooled_budgets.agreementversion'),
                ),
                migrations.AddField(
                    model_name='agreementdraft',
                    name='version',
                    field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='pooled_budgets.agreementversion'),
                ),
                migrations.AddField(
                    model_name='agreementact',
                    name='version',
                    field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='pooled_budgets.agreementversion'),
                ),
                migrations.AddField(
                    model_name='agreement',
                    name='current_version',
                    field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pooled_budgets.agreementversion'),
                ),
                migrations.AddField(
                    model_name='agreementevent',
                    name='current_version',
                    field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.agreementversion'),
                ),
                migrations.AddConstraint(
                    model_name='agreement',
                    constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['section_75', 'lead_commissioning', 'integrated_provision', 'section_256', 'section_76', 'memorandum_of_understanding', 'aligned_budgets', 'preparatory'])), name='agreement_kind'),
                ),
                migrations.AddConstraint(
                    model_name='agreement',
                    constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'with_partners', 'signed', 'proposed', 'in_force', 'ended'])), name='agreement_status'),
                ),
                migrations.AddConstraint(
                    model_name='agreement',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['draft', 'with_partners']), _negated=True), ('owner__isnull', False), _connector='OR'), name='agreement_draft_has_owner'),
                ),
                migrations.AddConstraint(
                    model_name='agreement',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('current_version__isnull', False), ('status', 'signed')), models.Q(models.Q(('status', 'signed'), _negated=True), ('current_version__isnull', True)), _connector='OR'), name='agreement_signed_has_version'),
                ),
                migrations.AddConstraint(
                    model_name='agreement',
                    constraint=models.CheckConstraint(condition=models.Q(('expires_on__gte', models.F('commences_on')), ('expires_on__isnull', True), _connector='OR'), name='agreement_dates_in_order'),
                ),
                migrations.AddConstraint(
                    model_name='agreement',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('terminated_on__isnull', True), ('termination_reason', '')), models.Q(('terminated_on__isnull', False), models.Q(('termination_reason', ''), _negated=True)), _connector='OR'), name='agreement_termination_has_reason'),
                ),
                migrations.AddConstraint(
                    model_name='agreementattachment',
                    constraint=models.UniqueConstraint(fields=('draft', 'sha256'), name='agreement_attachment_once'),
                ),
                migrations.AddConstraint(
                    model_name='agreementattachment',
                    constraint=models.CheckConstraint(condition=models.Q(('size__gte', 1)), name='agreement_attachment_not_empty'),
                ),
                migrations.AddConstraint(
                    model_name='agreementversion',
                    constraint=models.UniqueConstraint(fields=('agreement', 'number'), name='agreement_version_unique'),
                ),
                migrations.AddConstraint(
                    model_name='agreementversion',
                    constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='agreement_version_from_one'),
                ),
                migrations.AddConstraint(
                    model_name='agreementversion',
                    constraint=models.CheckConstraint(condition=models.Q(('number', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='agreement_version_says_why_it_varies'),
                ),
                migrations.AddConstraint(
                    model_name='agreementsignature',
                    constraint=models.UniqueConstraint(fields=('version', 'organisation'), name='agreement_signature_one_a_partner'),
                ),
                migrations.AddConstraint(
                    model_name='agreementsignature',
                    constraint=models.UniqueConstraint(fields=('version', 'person'), name='agreement_signature_one_a_person'),
                ),
                migrations.AddConstraint(
                    model_name='agreementsignature',
                    constraint=models.CheckConstraint(condition=models.Q(('capacity', ''), _negated=True), name='agreement_signature_capacity'),
                ),
                migrations.AddConstraint(
                    model_name='agreementdraft',
                    constraint=models.CheckConstraint(condition=models.Q(('status__in', ['open', 'for_signature', 'agreed', 'withdrawn'])), name='agreement_draft_status'),
                ),
                migrations.AddConstraint(
                    model_name='agreementdraft',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['for_signature', 'agreed']), _negated=True), models.Q(('released_at__isnull', False), ('version__isnull', False)), _connector='OR'), name='agreement_draft_frozen_as_version'),
                ),
                migrations.AddConstraint(
                    model_name='agreementdraft',
                    constraint=models.UniqueConstraint(condition=models.Q(('status', 'for_signature')), fields=('agreement',), name='agreement_one_draft_for_signature'),
                ),
                migrations.AddConstraint(
                    model_name='agreementact',
                    constraint=models.UniqueConstraint(fields=('agreement', 'number'), name='agreement_act_order'),
                ),
                migrations.AddConstraint(
                    model_name='agreementact',
                    constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['begun', 'shared', 'sent', 'signed', 'sent_back', 'agreed', 'withdrawn', 'terminated', 'duty_done'])), name='agreement_act_kind'),
                ),
                migrations.AddConstraint(
                    model_name='agreementact',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['sent_back', 'withdrawn', 'terminated']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='agreement_act_reason'),
                ),
                migrations.AddConstraint(
                    model_name='agreementact',
                    constraint=models.UniqueConstraint(condition=models.Q(('kind', 'duty_done')), fields=('agreement', 'subject'), name='agreement_duty_done_once'),
                ),
                migrations.AddConstraint(
                    model_name='agreementact',
                    constraint=models.UniqueConstraint(condition=models.Q(('kind', 'agreed')), fields=('version',), name='agreement_agreed_once'),
                ),
                integration_hub.core.migration_operations.AddTriggers(
                    triggers=[pgtrigger.migrations.AddTrigger(
                            model_name='agreement',
                            trigger=pgtrigger.compiler.Trigger(name='signed_stands', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF TG_OP = 'INSERT' THEN\n        IF NEW.current_version_id IS NOT NULL THEN\n            RAISE EXCEPTION 'agreement_signed_stands: a new agreement has no signed version yet';\n        END IF;\n        RETURN NEW;\n    END IF;\n    IF NEW.current_version_id IS DISTINCT FROM OLD.current_version_id THEN\n        IF NOT EXISTS (\n            SELECT 1 FROM pooled_budgets_agreementversion AS version\n            WHERE version.id = NEW.current_version_id AND version.agreement_id = NEW.id\n            AND (version.is_paper OR (\n                SELECT count(*) FROM pooled_budgets_agreementsignature AS signature\n                WHERE signature.version_id = version.id\n            ) = jsonb_array_length(version.content -> 'parties'))\n        ) THEN\n            RAISE EXCEPTION 'agreement_signed_stands: not every party has signed that version of this agreement';\n        END IF;\n    ELSIF OLD.current_version_id IS NOT NULL AND (\n        OLD.title, OLD.kind, OLD.area_id, OLD.statutory_basis, OLD.commences_on, OLD.expires_on, OLD.status,\n        OLD.owner_id\n    ) IS DISTINCT FROM (\n        NEW.title, NEW.kind, NEW.area_id, NEW.statutory_basis, NEW.commences_on, NEW.expires_on, NEW.status,\n        NEW.owner_id\n    ) THEN\n        RAISE EXCEPTION 'agreement_signed_stands: a signed agreement changes only by a variation that is signed';\n    ELSIF OLD.current_version_id IS NOT NULL AND OLD.host_id IS DISTINCT FROM NEW.host_id AND NOT EXISTS (\n        SELECT 1 FROM pooled_budgets_formerparty AS former WHERE former.agreement_id = NEW.id\n        AND former.organisation_id = OLD.host_id AND former.followed_by_id = NEW.host_id\n    ) THEN\n        RAISE EXCEPTION 'agreement_signed_stands: the host changes by a variation, or by its legal successor';\n    END IF;\n    IF OLD.terminated_on IS NOT NULL AND (OLD.terminated_on, OLD.termination_reason)\n        IS DISTINCT FROM (NEW.terminated_on, NEW.termination_reason)\n    THEN\n        RAISE EXCEPTION 'agreement_signed_stands: a termination is not taken back';\n    END IF;\n    RETURN NEW;\n", hash='f21fc8f1daa239eaf2936dd0471eb30405c8983d', operation='INSERT OR UPDATE', pgid='pgtrigger_signed_stands_2b24e', table='pooled_budgets_agreement', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                            model_name='agreement',
                            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_agreementevent" ("area_id", "board_id", "commences_on", "current_version_id", "expires_on", "host_id", "id", "key", "kind", "note", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "status", "statutory_basis", "terminated_on", "termination_reason", "title") VALUES (NEW."area_id", NEW."board_id", NEW."commences_on", NEW."current_version_id", NEW."expires_on", NEW."host_id", NEW."id", NEW."key", NEW."kind", NEW."note", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."status", NEW."statutory_basis", NEW."terminated_on", NEW."termination_reason", NEW."title"); RETURN NULL;', hash='f770be8e068145496662d980c4a26ac4b445f0d6', operation='INSERT', pgid='pgtrigger_insert_insert_80874', table='pooled_budgets_agreement', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                            model_name='agreement',
                            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_agreementevent" ("area_id", "board_id", "commences_on", "current_version_id", "expires_on", "host_id", "id", "key", "kind", "note", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "status", "statutory_basis", "terminated_on", "termination_reason", "title") VALUES (NEW."area_id", NEW."board_id", NEW."commences_on", NEW."current_version_id", NEW."expires_on", NEW."host_id", NEW."id", NEW."key", NEW."kind", NEW."note", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."status", NEW."statutory_basis", NEW."terminated_on", NEW."termination_reason", NEW."title"); RETURN NULL;', hash='fa15232cf280bfc7497763c49c56b756f956b21d', operation='UPDATE', pgid='pgtrigger_update_update_da2b1', table='pooled_budgets_agreement', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                            model_name='agreement',
                            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_agreementevent" ("area_id", "board_id", "commences_on", "current_version_id", "expires_on", "host_id", "id", "key", "kind", "note", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "status", "statutory_basis", "terminated_on", "termination_reason", "title") VALUES (OLD."area_id", OLD."board_id", OLD."commences_on", OLD."current_version_id", OLD."expires_on", OLD."host_id", OLD."id", OLD."key", OLD."kind", OLD."note", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."status", OLD."statutory_basis", OLD."terminated_on", OLD."termination_reason", OLD."title"); RETURN NULL;', hash='b48f5273043ca6df835ebc9942ff0b508a7f8509', operation='DELETE', pgid='pgtrigger_delete_delete_7efce', table='pooled_budgets_agreement', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                            model_name='agreementparty',
                            trigger=pgtrigger.compiler.Trigger(name='parties_as_signed', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func="\n    IF TG_OP = 'DELETE' THEN\n        IF EXISTS (\n            SELECT 1 FROM pooled_budgets_agreement AS agreement\n            JOIN pooled_budgets_agreementversion AS version ON version.id = agreement.current_version_id\n            WHERE agreement.id = OLD.agreement_id\n            AND version.content -> 'parties' @> jsonb_build_array(jsonb_build_object('id', OLD.organisation_id))\n        ) AND NOT EXISTS (\n            SELECT 1 FROM pooled_budgets_formerparty AS former\n            WHERE former.agreement_id = OLD.agreement_id AND former.organisation_id = OLD.organisation_id\n        ) THEN\n            RAISE EXCEPTION 'agreement_parties_as_signed: that partner is a party by the signed agreement';\n        END IF;\n        RETURN NULL;\n    END IF;\n    IF EXISTS (\n        SELECT 1 FROM pooled_budgets_agreement AS agreement\n        JOIN pooled_budgets_agreementversion AS version ON version.id = agreement.current_version_id\n        WHERE agreement.id = NEW.agreement_id\n        AND NOT version.content -> 'parties' @> jsonb_build_array(jsonb_build_object('id', NEW.organisation_id))\n    ) AND NOT EXISTS (\n        SELECT 1 FROM pooled_budgets_formerparty AS former\n        WHERE former.agreement_id = NEW.agreement_id AND former.followed_by_id = NEW.organisation_id\n    ) THEN\n        RAISE EXCEPTION 'agreement_parties_as_signed: that partner is no party by the signed agreement';\n    END IF;\n    RETURN NULL;\n", hash='616432ddd595466e2a4ff9d51e379003a080a9ae', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_parties_as_signed_14bc9', table='pooled_budgets_agreementparty', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                            model_name='agreementattachment',
                            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='93075d56a9ccd33d6c5a826dda60b1f7b24c5fdc', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1671e', table='pooled_budgets_agreementattachment', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                            model_name='agreementversion',
                            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3031096a0c8ba330596060c079d01902fdda49db', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_79345', table='pooled_budgets_agreementversion', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                            model_name='agreementsignature',
                            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2ffde699e353b2398f533ee3b16c1f815032c191', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_753b0', table='pooled_budgets_agreementsignature', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                            model_name='agreementdraftevent',
                            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='aeb486602972a17ea1e83a59fdab488058f8f417', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_87a52', table='pooled_budgets_agreementdraftevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                            model_name='agreementdraft',
                            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_agreementdraftevent" ("agreement_id", "based_on_id", "content", "effective_from", "id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prepared_at", "prepared_by_id", "prepared_by_name", "preparers", "reason", "recorded_at", "released_at", "revision", "status", "version_id") VALUES (NEW."agreement_id", NEW."based_on_id", NEW."content", NEW."effective_from", NEW."id", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."prepared_at", NEW."prepared_by_id", NEW."prepared_by_name", NEW."preparers", NEW."reason", NEW."recorded_at", NEW."released_at", NEW."revision", NEW."status", NEW."version_id"); RETURN NULL;', hash='3e4d1b9675ef2e70564bf63b5b9b26e6750c68ce', operation='INSERT', pgid='pgtrigger_insert_insert_c6cd7', table='pooled_budgets_agreementdraft', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                            model_name='agreementdraft',
                            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_agreementdraftevent" ("agreement_id", "based_on_id", "content", "effective_from", "id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prepared_at", "prepared_by_id", "prepared_by_name", "preparers", "reason", "recorded_at", "released_at", "revision", "status", "version_id") VALUES (NEW."agreement_id", NEW."based_on_id", NEW."content", NEW."effective_from", NEW."id", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."prepared_at", NEW."prepared_by_id", NEW."prepared_by_name", NEW."preparers", NEW."reason", NEW."recorded_at", NEW."released_at", NEW."revision", NEW."status", NEW."version_id"); RETURN NULL;', hash='881e81d5ead5403552fd3594fac6943bd68d84a3', operation='UPDATE', pgid='pgtrigger_update_update_4c482', table='pooled_budgets_agreementdraft', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                            model_name='agreementdraft',
                            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_agreementdraftevent" ("agreement_id", "based_on_id", "content", "effective_from", "id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prepared_at", "prepared_by_id", "prepared_by_name", "preparers", "reason", "recorded_at", "released_at", "revision", "status", "version_id") VALUES (OLD."agreement_id", OLD."based_on_id", OLD."content", OLD."effective_from", OLD."id", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."prepared_at", OLD."prepared_by_id", OLD."prepared_by_name", OLD."preparers", OLD."reason", OLD."recorded_at", OLD."released_at", OLD."revision", OLD."status", OLD."version_id"); RETURN NULL;', hash='4f3b0e854f10c91f5bd323a8b38f0aa30f3f7875', operation='DELETE', pgid='pgtrigger_delete_delete_b6ef7', table='pooled_budgets_agreementdraft', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                            model_name='agreementact',
                            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7599fceedb7a824066ccc0185cd74f5079ffeac2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d8770', table='pooled_budgets_agreementact', when='BEFORE')),
                    )],
                ),
            ]
        ),
    ]
