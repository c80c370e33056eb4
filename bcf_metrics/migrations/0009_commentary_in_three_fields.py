import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bcf_metrics', '0008_addenda'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='metricfigure',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='metricfigure',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='metricfigure',
            name='delete_delete',
        ),
        # What was said before stays, as the challenges: with its history.
        migrations.RenameField(
            model_name='metricfigure',
            old_name='commentary',
            new_name='challenges',
        ),
        migrations.RenameField(
            model_name='metricfigureevent',
            old_name='commentary',
            new_name='challenges',
        ),
        migrations.AddField(
            model_name='metricfigure',
            name='achievements',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='metricfigure',
            name='support_needs',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='metricfigureevent',
            name='achievements',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='metricfigureevent',
            name='support_needs',
            field=models.TextField(blank=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='metricfigure',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bcf_metrics_metricfigureevent" ("achievements", "action", "at", "available_on", "challenges", "denominator", "entered_at", "entered_by_id", "id", "lagged", "numerator", "override_reason", "override_status", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "provisional", "recorded_at", "released_at", "source", "state", "support_needs", "value", "value_period") VALUES (NEW."achievements", NEW."action", NEW."at", NEW."available_on", NEW."challenges", NEW."denominator", NEW."entered_at", NEW."entered_by_id", NEW."id", NEW."lagged", NEW."numerator", NEW."override_reason", NEW."override_status", NEW."owner_id", NEW."period_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_id", NEW."provisional", NEW."recorded_at", NEW."released_at", NEW."source", NEW."state", NEW."support_needs", NEW."value", NEW."value_period"); RETURN NULL;', hash='9921c5666a716353fc66896c48fb0085e235613b', operation='INSERT', pgid='pgtrigger_insert_insert_159fe', table='bcf_metrics_metricfigure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='metricfigure',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "bcf_metrics_metricfigureevent" ("achievements", "action", "at", "available_on", "challenges", "denominator", "entered_at", "entered_by_id", "id", "lagged", "numerator", "override_reason", "override_status", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "provisional", "recorded_at", "released_at", "source", "state", "support_needs", "value", "value_period") VALUES (NEW."achievements", NEW."action", NEW."at", NEW."available_on", NEW."challenges", NEW."denominator", NEW."entered_at", NEW."entered_by_id", NEW."id", NEW."lagged", NEW."numerator", NEW."override_reason", NEW."override_status", NEW."owner_id", NEW."period_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_id", NEW."provisional", NEW."recorded_at", NEW."released_at", NEW."source", NEW."state", NEW."support_needs", NEW."value", NEW."value_period"); RETURN NULL;', hash='49755aac4a4121df03bd8e3dd16c368c4f25fd40', operation='UPDATE', pgid='pgtrigger_update_update_91083', table='bcf_metrics_metricfigure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='metricfigure',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bcf_metrics_metricfigureevent" ("achievements", "action", "at", "available_on", "challenges", "denominator", "entered_at", "entered_by_id", "id", "lagged", "numerator", "override_reason", "override_status", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "provisional", "recorded_at", "released_at", "source", "state", "support_needs", "value", "value_period") VALUES (OLD."achievements", OLD."action", OLD."at", OLD."available_on", OLD."challenges", OLD."denominator", OLD."entered_at", OLD."entered_by_id", OLD."id", OLD."lagged", OLD."numerator", OLD."override_reason", OLD."override_status", OLD."owner_id", OLD."period_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan_id", OLD."provisional", OLD."recorded_at", OLD."released_at", OLD."source", OLD."state", OLD."support_needs", OLD."value", OLD."value_period"); RETURN NULL;', hash='f9b26110d379b451b1c4f1f0bda731c05df5bdd8', operation='DELETE', pgid='pgtrigger_delete_delete_03399', table='bcf_metrics_metricfigure', when='AFTER')),
        ),
    ]
