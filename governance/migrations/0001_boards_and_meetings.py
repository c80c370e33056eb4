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
        ('partners', '0001_people_and_partners'),
        ('partners', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        integration_hub.core.migration_operations.Together(
            operations=[
                migrations.CreateModel(
                    name='Board',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('key', models.SlugField(max_length=80)),
                        ('name', models.CharField(max_length=200)),
                        ('kind', models.CharField(max_length=30)),
                        ('status', models.CharField(default='formal', max_length=12)),
                        ('since', models.CharField(blank=True, max_length=60)),
                        ('note', models.TextField(blank=True)),
                        ('illustrative', models.BooleanField(default=False)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='boards', to='partners.area')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('key',), name='board_key_unique'), models.CheckConstraint(condition=models.Q(('kind__in', ['hwb', 'joint_committee', 'integration_board', 'partnership_board', 'executive', 'provider_board', 'provider_alliance', 'workstream', 'enabler_workstream', 'locality_committee', 'working_group', 'steering_group', 'scrutiny', 'council_committee', 'full_council', 'cabinet'])), name='board_kind'), models.CheckConstraint(condition=models.Q(('status__in', ['proposed', 'shadow', 'formal', 'ending', 'dissolved'])), name='board_status')],
                    },
                ),
                migrations.CreateModel(
                    name='BoardEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('key', models.SlugField(db_index=False, max_length=80)),
                        ('name', models.CharField(max_length=200)),
                        ('kind', models.CharField(max_length=30)),
                        ('status', models.CharField(default='formal', max_length=12)),
                        ('since', models.CharField(blank=True, max_length=60)),
                        ('note', models.TextField(blank=True)),
                        ('illustrative', models.BooleanField(default=False)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.area')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='governance.board')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='BoardLink',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(default='accountable_to', max_length=20)),
                        ('note', models.CharField(blank=True, max_length=200)),
                        ('child', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parent_links', to='governance.board')),
                        ('parent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='child_links', to='governance.board')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('parent', 'child', 'kind'), name='board_link_unique'), models.CheckConstraint(condition=models.Q(('parent', models.F('child')), _negated=True), name='board_link_not_to_itself'), models.CheckConstraint(condition=models.Q(('kind__in', ['accountable_to', 'functions_moved_to'])), name='board_link_kind')],
                    },
                ),
                migrations.CreateModel(
                    name='BoardParty',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('note', models.CharField(blank=True, max_length=200)),
                        ('board', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='party_links', to='governance.board')),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='board_links', to='partners.organisation')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('board', 'organisation'), name='board_party_unique')],
                    },
                ),
                migrations.CreateModel(
                    name='Meeting',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('held_on', models.DateField()),
                        ('title', models.CharField(blank=True, max_length=200)),
                        ('purpose', models.CharField(blank=True, max_length=200)),
                        ('outcome', models.TextField(blank=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('board', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='governance.board')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('board', 'held_on'), name='meeting_unique')],
                    },
                ),
                migrations.CreateModel(
                    name='Seat',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('title', models.CharField(max_length=120)),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField(null=True)),
                        ('appointed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='partners.organisation')),
                        ('board', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='governance.board')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('board', 'person', 'starts_on'), name='seat_unique'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on')), ('ends_on__isnull', True), _connector='OR'), name='seat_in_order')],
                    },
                ),
                migrations.CreateModel(
                    name='BoardLinkEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('kind', models.CharField(default='accountable_to', max_length=20)),
                        ('note', models.CharField(blank=True, max_length=200)),
                        ('child', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='governance.board')),
                        ('parent', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='governance.board')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='governance.boardlink')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='BoardPartyEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('note', models.CharField(blank=True, max_length=200)),
                        ('board', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='governance.board')),
                        ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='governance.boardparty')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='MeetingEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('held_on', models.DateField()),
                        ('title', models.CharField(blank=True, max_length=200)),
                        ('purpose', models.CharField(blank=True, max_length=200)),
                        ('outcome', models.TextField(blank=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('board', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='governance.board')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='governance.meeting')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='SeatEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('title', models.CharField(max_length=120)),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField(null=True)),
                        ('appointed_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('board', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='governance.board')),
                        ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='governance.seat')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.AddField(
                    model_name='board',
                    name='parties',
                    field=models.ManyToManyField(related_name='boards', through='governance.BoardParty', to='partners.organisation'),
                ),
                integration_hub.core.migration_operations.AddTriggers(
                    triggers=[pgtrigger.migrations.AddTrigger(
                        model_name='boardevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8826d63cd91a47e86c5636f642da746b8f2ee0c5', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_155e1', table='governance_boardevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='boardlink',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "governance_boardlinkevent" ("child_id", "id", "kind", "note", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."child_id", NEW."id", NEW."kind", NEW."note", NEW."parent_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='106fcd40ad585aa73de008ebe0355778d16a0c83', operation='INSERT', pgid='pgtrigger_insert_insert_20034', table='governance_boardlink', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='boardlink',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "governance_boardlinkevent" ("child_id", "id", "kind", "note", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."child_id", NEW."id", NEW."kind", NEW."note", NEW."parent_id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='9d9d18a3d49df9297917ee2d7f28e08c9a452f89', operation='UPDATE', pgid='pgtrigger_update_update_5617d', table='governance_boardlink', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='boardlink',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "governance_boardlinkevent" ("child_id", "id", "kind", "note", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."child_id", OLD."id", OLD."kind", OLD."note", OLD."parent_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='af6203666a067d75ade09b0ef836b5f9a8c2b7cb', operation='DELETE', pgid='pgtrigger_delete_delete_78f30', table='governance_boardlink', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='boardlinkevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='243869eee364bc09b42eb40797f71065a5575a7b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0290e', table='governance_boardlinkevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='boardparty',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "governance_boardpartyevent" ("board_id", "id", "note", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."board_id", NEW."id", NEW."note", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='db95475abec9922bedc7139644b9ebf8eb864bb0', operation='INSERT', pgid='pgtrigger_insert_insert_9d874', table='governance_boardparty', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='boardparty',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "governance_boardpartyevent" ("board_id", "id", "note", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."board_id", NEW."id", NEW."note", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='f785e114f3cff075c8376fd8671f3e0dd96f99e4', operation='UPDATE', pgid='pgtrigger_update_update_f5d00', table='governance_boardparty', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='boardparty',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "governance_boardpartyevent" ("board_id", "id", "note", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."board_id", OLD."id", OLD."note", OLD."organisation_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='ad621ec93599a73ee73eb1088562aaf43666ebc6', operation='DELETE', pgid='pgtrigger_delete_delete_d6f9c', table='governance_boardparty', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='board',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "governance_boardevent" ("area_id", "id", "illustrative", "key", "kind", "name", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "since", "status") VALUES (NEW."area_id", NEW."id", NEW."illustrative", NEW."key", NEW."kind", NEW."name", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."since", NEW."status"); RETURN NULL;', hash='9de05505e93f96786eabfd22a3ff8772585b7993', operation='INSERT', pgid='pgtrigger_insert_insert_3dfbb', table='governance_board', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='board',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "governance_boardevent" ("area_id", "id", "illustrative", "key", "kind", "name", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "since", "status") VALUES (NEW."area_id", NEW."id", NEW."illustrative", NEW."key", NEW."kind", NEW."name", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."since", NEW."status"); RETURN NULL;', hash='63b26fef5247c7fec9b88d7cad47f1889de7aed8', operation='UPDATE', pgid='pgtrigger_update_update_aa600', table='governance_board', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='board',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "governance_boardevent" ("area_id", "id", "illustrative", "key", "kind", "name", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "since", "status") VALUES (OLD."area_id", OLD."id", OLD."illustrative", OLD."key", OLD."kind", OLD."name", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."since", OLD."status"); RETURN NULL;', hash='60d18f9327a102246927ad4c1c602505dd85f185', operation='DELETE', pgid='pgtrigger_delete_delete_67fa7', table='governance_board', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='boardpartyevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9adb27feebc023e16a44ceda5d691cc63b1ad0bb', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_5c481', table='governance_boardpartyevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='meeting',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "governance_meetingevent" ("board_id", "held_on", "id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "recorded_at", "title") VALUES (NEW."board_id", NEW."held_on", NEW."id", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."purpose", NEW."recorded_at", NEW."title"); RETURN NULL;', hash='9ac699cd820b86d9c8a27e949fc2fcce5e4dfbc8', operation='INSERT', pgid='pgtrigger_insert_insert_15f15', table='governance_meeting', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='meeting',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "governance_meetingevent" ("board_id", "held_on", "id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "recorded_at", "title") VALUES (NEW."board_id", NEW."held_on", NEW."id", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."purpose", NEW."recorded_at", NEW."title"); RETURN NULL;', hash='9080e5fd6b68a54c25325c7f22c84b5451de2347', operation='UPDATE', pgid='pgtrigger_update_update_5da00', table='governance_meeting', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='meeting',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "governance_meetingevent" ("board_id", "held_on", "id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "recorded_at", "title") VALUES (OLD."board_id", OLD."held_on", OLD."id", OLD."outcome", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."purpose", OLD."recorded_at", OLD."title"); RETURN NULL;', hash='0152267b5f5b845a1dd1c80a5629085aa61f7f26', operation='DELETE', pgid='pgtrigger_delete_delete_5b83d', table='governance_meeting', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='meetingevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5f267e8401045e9f28a52a1c63931049e0d455ff', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ec2a1', table='governance_meetingevent', when='BEFORE')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='seat',
                        trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "governance_seatevent" ("appointed_by_id", "board_id", "ends_on", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "title") VALUES (NEW."appointed_by_id", NEW."board_id", NEW."ends_on", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."starts_on", NEW."title"); RETURN NULL;', hash='34defdc20bcd39fab1351593d5f3a285aaaed8d5', operation='INSERT', pgid='pgtrigger_insert_insert_368bc', table='governance_seat', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='seat',
                        trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "governance_seatevent" ("appointed_by_id", "board_id", "ends_on", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "title") VALUES (NEW."appointed_by_id", NEW."board_id", NEW."ends_on", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."starts_on", NEW."title"); RETURN NULL;', hash='9e74900b245907e7d71ec9ff644484681f828c84', operation='UPDATE', pgid='pgtrigger_update_update_75929', table='governance_seat', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='seat',
                        trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "governance_seatevent" ("appointed_by_id", "board_id", "ends_on", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "title") VALUES (OLD."appointed_by_id", OLD."board_id", OLD."ends_on", OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."starts_on", OLD."title"); RETURN NULL;', hash='bb48ec4270275d9665d9c5c451e6c7fb7799d9e0', operation='DELETE', pgid='pgtrigger_delete_delete_5ba65', table='governance_seat', when='AFTER')),
                    ), pgtrigger.migrations.AddTrigger(
                        model_name='seatevent',
                        trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='21577a2577f1237d18c45c11e3b87b67386c7a54', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b4212', table='governance_seatevent', when='BEFORE')),
                    )],
                ),
            ]
        ),
    ]
