import django.db.models.deletion
import integration_hub.core.migration_operations
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_always_an_actor'),
        ('partners', '0008_areas_of_tokens'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('pooled_budgets', '0003_fund_of_the_year'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        integration_hub.core.migration_operations.Together(
            operations=[
                migrations.CreateModel(
                    name='Commitment',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('supplier', models.CharField(max_length=200)),
                        ('description', models.CharField(blank=True, max_length=300)),
                        ('open_value', models.DecimalField(decimal_places=2, max_digits=14)),
                        ('entered_at', models.DateTimeField()),
                        ('closed_at', models.DateTimeField(null=True)),
                        ('closed_by_name', models.CharField(max_length=200, null=True)),
                        ('closed_because', models.CharField(blank=True, max_length=300)),
                    ],
                ),
                migrations.CreateModel(
                    name='CommitmentEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('supplier', models.CharField(max_length=200)),
                        ('description', models.CharField(blank=True, max_length=300)),
                        ('open_value', models.DecimalField(decimal_places=2, max_digits=14)),
                        ('entered_at', models.DateTimeField()),
                        ('closed_at', models.DateTimeField(null=True)),
                        ('closed_by_name', models.CharField(max_length=200, null=True)),
                        ('closed_because', models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='ParkedRow',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('batch', models.UUIDField(db_index=True)),
                        ('row', models.PositiveIntegerField()),
                        ('code', models.CharField(max_length=60)),
                        ('at', models.DateField()),
                        ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                        ('description', models.CharField(max_length=300)),
                        ('reference', models.CharField(blank=True, max_length=60)),
                        ('taken_back_at', models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='ParkedRowEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, serialize=False)),
                        ('batch', models.UUIDField()),
                        ('row', models.PositiveIntegerField()),
                        ('code', models.CharField(max_length=60)),
                        ('at', models.DateField()),
                        ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                        ('description', models.CharField(max_length=300)),
                        ('reference', models.CharField(blank=True, max_length=60)),
                        ('taken_back_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Transaction',
                    fields=[
                        ('released_at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ('kind', models.CharField(default='actual', max_length=10)),
                        ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                        ('description', models.CharField(max_length=300)),
                        ('reference', models.CharField(blank=True, max_length=60)),
                        ('at', models.DateField()),
                        ('reason', models.CharField(blank=True, max_length=300)),
                        ('batch', models.UUIDField(null=True)),
                        ('entered_at', models.DateTimeField()),
                    ],
                ),
                migrations.RemoveConstraint(
                    model_name='ledgercode',
                    name='ledger_code_unique',
                ),
                migrations.AddConstraint(
                    model_name='ledgercode',
                    constraint=models.UniqueConstraint(fields=('line', 'organisation', 'code'), name='ledger_code_unique'),
                ),
                migrations.AddField(
                    model_name='commitment',
                    name='due',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.period'),
                ),
                migrations.AddField(
                    model_name='commitment',
                    name='entered_by',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AddField(
                    model_name='commitment',
                    name='line',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='pooled_budgets.schemeline'),
                ),
                migrations.AddField(
                    model_name='commitment',
                    name='owner',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation'),
                ),
                migrations.AddField(
                    model_name='commitmentevent',
                    name='due',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.period'),
                ),
                migrations.AddField(
                    model_name='commitmentevent',
                    name='entered_by',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AddField(
                    model_name='commitmentevent',
                    name='line',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.schemeline'),
                ),
                migrations.AddField(
                    model_name='commitmentevent',
                    name='owner',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation'),
                ),
                migrations.AddField(
                    model_name='commitmentevent',
                    name='pgh_context',
                    field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
                ),
                migrations.AddField(
                    model_name='commitmentevent',
                    name='pgh_obj',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='pooled_budgets.commitment'),
                ),
                migrations.AddField(
                    model_name='parkedrow',
                    name='fund',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parked_rows', to='pooled_budgets.fund'),
                ),
                migrations.AddField(
                    model_name='parkedrow',
                    name='owner',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation'),
                ),
                migrations.AddField(
                    model_name='parkedrow',
                    name='period',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.period'),
                ),
                migrations.AddField(
                    model_name='parkedrowevent',
                    name='fund',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.fund'),
                ),
                migrations.AddField(
                    model_name='parkedrowevent',
                    name='owner',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation'),
                ),
                migrations.AddField(
                    model_name='parkedrowevent',
                    name='period',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.period'),
                ),
                migrations.AddField(
                    model_name='parkedrowevent',
                    name='pgh_context',
                    field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
                ),
                migrations.AddField(
                    model_name='parkedrowevent',
                    name='pgh_obj',
                    field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='pooled_budgets.parkedrow'),
                ),
                migrations.AddField(
                    model_name='transaction',
                    name='entered_by',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AddField(
                    model_name='transaction',
                    name='fund',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='transactions', to='pooled_budgets.fund'),
                ),
                migrations.AddField(
                    model_name='transaction',
                    name='line',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transactions', to='pooled_budgets.schemeline'),
                ),
                migrations.AddField(
                    model_name='transaction',
                    name='owner',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation'),
                ),
                migrations.AddField(
                    model_name='transaction',
                    name='period',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.period'),
                ),
                migrations.AddField(
                    model_name='transaction',
                    name='reverses',
                    field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='pooled_budgets.transaction'),
                ),
                migrations.AddField(
                    model_name='parkedrowevent',
                    name='posted',
                    field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pooled_budgets.transaction'),
                ),
                migrations.AddField(
                    model_name='parkedrow',
                    name='posted',
                    field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parked', to='pooled_budgets.transaction'),
                ),
                migrations.AddConstraint(
                    model_name='commitment',
                    constraint=models.CheckConstraint(condition=models.Q(('open_value__gt', 0)), name='commitment_above_nil'),
                ),
                migrations.AddConstraint(
                    model_name='commitment',
                    constraint=models.CheckConstraint(condition=models.Q(('supplier', ''), _negated=True), name='commitment_has_supplier'),
                ),
                migrations.AddConstraint(
                    model_name='commitment',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('closed_by_name__isnull', False)), models.Q(('closed_at__isnull', True), ('closed_by_name__isnull', True)), _connector='OR'), name='commitment_closed'),
                ),
                migrations.AddConstraint(
                    model_name='commitment',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_because', '')), models.Q(('closed_at__isnull', False), models.Q(('closed_because', ''), _negated=True)), _connector='OR'), name='commitment_closed_has_reason'),
                ),
                migrations.AddIndex(
                    model_name='transaction',
                    index=models.Index(fields=['fund', '-entered_at', '-id'], name='transaction_of_fund'),
                ),
                migrations.AddIndex(
                    model_name='transaction',
                    index=models.Index(fields=['fund', 'line', 'period'], include=('amount',), name='transaction_by_month'),
                ),
                migrations.AddIndex(
                    model_name='transaction',
                    index=models.Index(condition=models.Q(('batch__isnull', False)), fields=['batch'], name='transaction_of_batch'),
                ),
                migrations.AddConstraint(
                    model_name='transaction',
                    constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['actual', 'accrual'])), name='transaction_kind'),
                ),
                migrations.AddConstraint(
                    model_name='transaction',
                    constraint=models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='transaction_not_nought'),
                ),
                migrations.AddConstraint(
                    model_name='transaction',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('reverses__isnull', True)), models.Q(('reverses__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='transaction_reversal_has_reason'),
                ),
                migrations.AddConstraint(
                    model_name='transaction',
                    constraint=models.CheckConstraint(condition=models.Q(('reverses__isnull', True), models.Q(('reverses', models.F('id')), _negated=True), _connector='OR'), name='transaction_not_of_itself'),
                ),
                migrations.AddConstraint(
                    model_name='parkedrow',
                    constraint=models.UniqueConstraint(fields=('batch', 'row'), name='parked_row_unique'),
                ),
                migrations.AddConstraint(
                    model_name='parkedrow',
                    constraint=models.CheckConstraint(condition=models.Q(('code', ''), _negated=True), name='parked_row_has_code'),
                ),
                migrations.AddConstraint(
                    model_name='parkedrow',
                    constraint=models.CheckConstraint(condition=models.Q(('posted__isnull', True), ('taken_back_at__isnull', True), _connector='OR'), name='parked_row_one_fate'),
                ),
                integration_hub.core.migration_operations.AddTriggers(
                    triggers=[
                        pgtrigger.migrations.AddTrigger(
                            model_name='commitment',
                            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_commitmentevent" ("closed_at", "closed_because", "closed_by_name", "description", "due_id", "entered_at", "entered_by_id", "id", "line_id", "open_value", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at", "supplier") VALUES (NEW."closed_at", NEW."closed_because", NEW."closed_by_name", NEW."description", NEW."due_id", NEW."entered_at", NEW."entered_by_id", NEW."id", NEW."line_id", NEW."open_value", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."released_at", NEW."supplier"); RETURN NULL;', hash='9d35536fa3cce5a6f5f316123886c7448bc34fd7', operation='INSERT', pgid='pgtrigger_insert_insert_bc247', table='pooled_budgets_commitment', when='AFTER')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='commitment',
                            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_commitmentevent" ("closed_at", "closed_because", "closed_by_name", "description", "due_id", "entered_at", "entered_by_id", "id", "line_id", "open_value", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at", "supplier") VALUES (NEW."closed_at", NEW."closed_because", NEW."closed_by_name", NEW."description", NEW."due_id", NEW."entered_at", NEW."entered_by_id", NEW."id", NEW."line_id", NEW."open_value", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."released_at", NEW."supplier"); RETURN NULL;', hash='e526c3114ebd76f6d6a16a148b7045a15cbe6e3b', operation='UPDATE', pgid='pgtrigger_update_update_64b72', table='pooled_budgets_commitment', when='AFTER')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='commitment',
                            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_commitmentevent" ("closed_at", "closed_because", "closed_by_name", "description", "due_id", "entered_at", "entered_by_id", "id", "line_id", "open_value", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at", "supplier") VALUES (OLD."closed_at", OLD."closed_because", OLD."closed_by_name", OLD."description", OLD."due_id", OLD."entered_at", OLD."entered_by_id", OLD."id", OLD."line_id", OLD."open_value", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."released_at", OLD."supplier"); RETURN NULL;', hash='bec6760020d72655ba4878c1ea1e991c74b78644', operation='DELETE', pgid='pgtrigger_delete_delete_e7469', table='pooled_budgets_commitment', when='AFTER')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='commitmentevent',
                            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9e9a1e010218bedf5e347cc35b996997ca5b913b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_89bdb', table='pooled_budgets_commitmentevent', when='BEFORE')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='transaction',
                            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='db0b662af92b1512ae35a678223babd0e7c7b82a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4337c', table='pooled_budgets_transaction', when='BEFORE')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='transaction',
                            trigger=pgtrigger.compiler.Trigger(name='in_its_place', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (\n        SELECT 1 FROM posted AS p\n        JOIN pooled_budgets_schemeline AS l ON l.id = p.line_id\n        JOIN pooled_budgets_scheme AS s ON s.id = l.scheme_id\n        JOIN pooled_budgets_fund AS f ON f.id = p.fund_id\n        JOIN core_period AS m ON m.id = p.period_id\n        WHERE s.fund_id <> p.fund_id OR m.kind <> 'month' OR m.financial_year <> f.financial_year\n    ) THEN\n        RAISE EXCEPTION 'a posting stands in a line of its fund and in a month of its year';\n    END IF;\n    IF EXISTS (\n        SELECT 1 FROM posted AS p\n        JOIN pooled_budgets_transaction AS o ON o.id = p.reverses_id\n        WHERE o.line_id <> p.line_id OR o.amount <> -p.amount OR o.kind <> p.kind OR o.reverses_id IS NOT NULL\n    ) THEN\n        RAISE EXCEPTION 'a reversal takes back exactly one posting, and no reversal';\n    END IF;\n    RETURN NULL;\n", hash='c394f71fda835e0504bdc15f594b8f4778a5b5a9', level='STATEMENT', operation='INSERT', pgid='pgtrigger_in_its_place_5690a', referencing='REFERENCING NEW TABLE AS posted ', table='pooled_budgets_transaction', when='AFTER')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='parkedrowevent',
                            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='fc23308c73c59eff6883eddec27c4c4f92561d7f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_53dc5', table='pooled_budgets_parkedrowevent', when='BEFORE')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='parkedrow',
                            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_parkedrowevent" ("amount", "at", "batch", "code", "description", "fund_id", "id", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "posted_id", "recorded_at", "reference", "released_at", "row", "taken_back_at") VALUES (NEW."amount", NEW."at", NEW."batch", NEW."code", NEW."description", NEW."fund_id", NEW."id", NEW."owner_id", NEW."period_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."posted_id", NEW."recorded_at", NEW."reference", NEW."released_at", NEW."row", NEW."taken_back_at"); RETURN NULL;', hash='1f3461926d6359fde8205df06cd3be661e506d45', operation='INSERT', pgid='pgtrigger_insert_insert_85f06', table='pooled_budgets_parkedrow', when='AFTER')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='parkedrow',
                            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pooled_budgets_parkedrowevent" ("amount", "at", "batch", "code", "description", "fund_id", "id", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "posted_id", "recorded_at", "reference", "released_at", "row", "taken_back_at") VALUES (NEW."amount", NEW."at", NEW."batch", NEW."code", NEW."description", NEW."fund_id", NEW."id", NEW."owner_id", NEW."period_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."posted_id", NEW."recorded_at", NEW."reference", NEW."released_at", NEW."row", NEW."taken_back_at"); RETURN NULL;', hash='930c37c74cad4ba74757bf8afc7930242879f5c3', operation='UPDATE', pgid='pgtrigger_update_update_1aa6a', table='pooled_budgets_parkedrow', when='AFTER')),
                        ),
                        pgtrigger.migrations.AddTrigger(
                            model_name='parkedrow',
                            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pooled_budgets_parkedrowevent" ("amount", "at", "batch", "code", "description", "fund_id", "id", "owner_id", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "posted_id", "recorded_at", "reference", "released_at", "row", "taken_back_at") VALUES (OLD."amount", OLD."at", OLD."batch", OLD."code", OLD."description", OLD."fund_id", OLD."id", OLD."owner_id", OLD."period_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."posted_id", OLD."recorded_at", OLD."reference", OLD."released_at", OLD."row", OLD."taken_back_at"); RETURN NULL;', hash='661c882c6d5c4790272f6640c662204840de838a', operation='DELETE', pgid='pgtrigger_delete_delete_6dc4c', table='pooled_budgets_parkedrow', when='AFTER')),
                        ),
                    ],
                ),
            ]
        ),
    ]
