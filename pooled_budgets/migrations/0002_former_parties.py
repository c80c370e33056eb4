import django.db.models.deletion
import integration_hub.core.migration_operations
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0006_succession'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('pooled_budgets', '0001_agreements_funds_forecasts'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerParty',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('organisation_name', models.CharField(max_length=200)),
                ('ended_at', models.DateTimeField()),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_links', to='pooled_budgets.agreement')),
                ('followed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_agreement_links', to='partners.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='FormerPartyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                ('organisation_name', models.CharField(max_length=200)),
                ('ended_at', models.DateTimeField()),
                ('agreement', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.agreement')),
                ('followed_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='pooled_budgets.formerparty')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='formerparty',
            constraint=models.UniqueConstraint(fields=('agreement', 'organisation', 'followed_by'), name='former_party_unique'),
        ),
        integration_hub.core.migration_operations.AddTriggers(
            triggers=[pgtrigger.migrations.AddTrigger(
                model_name='formerparty',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_formerpartyevent" ("agreement_id", "ended_at", "followed_by_id", "id", "organisation_id", "organisation_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."agreement_id", NEW."ended_at", NEW."followed_by_id", NEW."id", NEW."organisation_id", NEW."organisation_name", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='8f96fd5fba3da36be9e3508a847ece758ba8e9ef', operation='INSERT', pgid='pgtrigger_insert_insert_fac01', table='pooled_budgets_formerparty', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='formerparty',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_formerpartyevent" ("agreement_id", "ended_at", "followed_by_id", "id", "organisation_id", "organisation_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."agreement_id", NEW."ended_at", NEW."followed_by_id", NEW."id", NEW."organisation_id", NEW."organisation_name", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='83d2fec1b58568f5ed93ff5d031b9784c32277c1', operation='UPDATE', pgid='pgtrigger_update_update_2a5d4', table='pooled_budgets_formerparty', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='formerparty',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_formerpartyevent" ("agreement_id", "ended_at", "followed_by_id", "id", "organisation_id", "organisation_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."agreement_id", OLD."ended_at", OLD."followed_by_id", OLD."id", OLD."organisation_id", OLD."organisation_name", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='2fff5b1b5068630fe01dd9930db9e25b6024964c', operation='DELETE', pgid='pgtrigger_delete_delete_03b77', table='pooled_budgets_formerparty', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='formerpartyevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='44825fd716dc8c393a16a870497b9f73f59fd092', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a96ac', table='pooled_budgets_formerpartyevent', when='BEFORE')),
            )],
        ),
    ]
